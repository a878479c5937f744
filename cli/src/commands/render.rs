//! `keelcheck render`: what `helm template` prints, with its exit status and errors.

use crate::args::{ChartArgs, RenderArgs};
use crate::load::{Inputs, Origin};
use crate::output;
use crate::plan::EnvironmentPlan;
use crate::render::{Charts, Purpose, render};
use chart::{HelmError, PrintOptions, Release};
use source::SourceFiles;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

const HINT: &str = "\n\nUse --debug flag to render out invalid YAML";

pub(crate) fn run(args: &RenderArgs) -> ExitCode {
    match print(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            output::error_line(&format!("Error: {message}"));
            ExitCode::FAILURE
        }
    }
}

fn print(args: &RenderArgs) -> Result<(), String> {
    let given = &args.release.args;
    let Some(chart) = ChartArgs::new(given) else {
        return Err(r#""keelcheck render" requires at least 1 argument

Usage:  keelcheck render [NAME] CHART [flags]"#
            .to_owned());
    };
    super::check::refuse_reuse(&args.release.values, false)?;
    let plan = EnvironmentPlan::from_args(&chart, &args.release.values)?;
    chart::validate_release_name(&plan.release, plan.helm)?;
    let files = SourceFiles::new();
    let rendered = render(
        &plan,
        Purpose::Print,
        &Origin::Disk,
        &Charts::default(),
        &Inputs::default(),
        &files,
    );
    let (_, release) = rendered.map_err(|error| explain(&error, &files))?;
    for warning in &release.warnings {
        output::error_line(warning);
    }
    let values = &args.release.values;
    let options = PrintOptions {
        include_crds: values.include_crds,
        no_hooks: values.no_hooks,
        skip_tests: values.skip_tests,
        show_only: args.print.show_only.clone(),
    };
    match &args.print.output_dir {
        Some(dir) => {
            let folder = args.print.release_name.then_some(plan.release.as_str());
            write_files(&release, &options, dir, folder)
        }
        None => {
            let text = release.print(&options)?;
            output::stdout(&text).map_err(|error| error.to_string())
        }
    }
}

/// Helm's text, and below it our own excerpt of the place.
fn explain(error: &HelmError, files: &SourceFiles) -> String {
    let mut text = error.message.clone();
    if error.debug_hint {
        text.push_str(HINT);
    }
    let excerpt = output::excerpt(&error.problem, files);
    if !excerpt.is_empty() {
        text.push_str("\n\n");
        text.push_str(&excerpt);
    }
    text
}

fn write_files(
    release: &Release,
    options: &PrintOptions,
    dir: &Path,
    folder: Option<&str>,
) -> Result<(), String> {
    let written = release.output_files(options, folder);
    for file in written.files {
        let path = dir.join(&file.path);
        let fail = |error: std::io::Error| format!("{}: {error}", path.display());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(fail)?;
        }
        let mut open = std::fs::OpenOptions::new();
        open.create(true)
            .write(true)
            .append(file.append)
            .truncate(!file.append);
        let mut target = open.open(&path).map_err(fail)?;
        target.write_all(&file.bytes).map_err(fail)?;
        let line = format!("wrote {}\n", path.display());
        output::stdout(line.as_bytes()).map_err(|error| error.to_string())?;
    }
    output::stdout(&written.rest).map_err(|error| error.to_string())
}
