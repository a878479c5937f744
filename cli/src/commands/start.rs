//! `keelcheck demo` and `keelcheck init`: the first minute with the tool.

use super::{check, demo, init};
use crate::args::{CheckArgs, Cli, Command, DemoArgs, InitArgs};
use crate::load::{Inputs, Origin};
use crate::output;
use crate::plan::EnvironmentPlan;
use crate::render::{Charts, Purpose, render};
use clap::Parser as _;
use source::SourceFiles;
use std::path::Path;
use std::process::ExitCode;
use walkdir::WalkDir;

/// Folders that hold no project files.
const SKIPPED: &[&str] = &[".git", "target", "node_modules", "vendor"];
/// Files larger than this are no manifests of a repository.
const MAX_FILE_BYTES: u64 = 2 << 20;

/// Writes the demo project and checks it.
pub(crate) fn demo(args: &DemoArgs, colour: bool) -> ExitCode {
    let written = match demo::write(&args.dir) {
        Ok(written) => written,
        Err(error) => {
            output::error_line(&format!("error: {}: {error}", args.dir.display()));
            return ExitCode::from(2);
        }
    };
    let dir = args.dir.display();
    output::error_line(&format!("wrote {} files into {dir}", written.created.len()));
    for kept in &written.kept {
        output::error_line(&format!("kept {kept}, which was there already"));
    }
    let config = args
        .dir
        .join("keelcheck.yaml")
        .to_string_lossy()
        .into_owned();
    let line = [
        "keelcheck",
        "check",
        "--config",
        &config,
        "--now",
        demo::NOW,
    ];
    match Cli::try_parse_from(line).map(|cli| cli.command) {
        Ok(Command::Check(check_args)) => {
            let check_args: &CheckArgs = &check_args;
            check::run(check_args, colour)
        }
        _ => ExitCode::from(2),
    }
}

/// Writes keelcheck.yaml for the charts and GitOps objects of a repository.
pub(crate) fn init(args: &InitArgs) -> ExitCode {
    let target = args.dir.join("keelcheck.yaml");
    if target.exists() {
        output::error_line(&format!(
            "error: {} is there already and stays as it is",
            target.display()
        ));
        return ExitCode::from(2);
    }
    let files = listing(&args.dir);
    let plan = init::plan(&files, &|candidate| renders(&args.dir, candidate));
    if let Err(error) = std::fs::write(&target, &plan.yaml) {
        output::error_line(&format!("error: {}: {error}", target.display()));
        return ExitCode::from(2);
    }
    for note in &plan.notes {
        output::error_line(note);
    }
    let line = format!("wrote {}\n", target.display());
    match output::stdout(line.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(2),
    }
}

/// Whether an environment's chart renders with its values.
fn renders(root: &Path, candidate: &init::Candidate) -> Result<(), String> {
    let path = |name: &String| root.join(name).to_string_lossy().into_owned();
    let mut line = vec![
        "keelcheck".to_owned(),
        "render".to_owned(),
        candidate.release.clone(),
        path(&candidate.chart),
    ];
    for file in &candidate.values {
        line.extend(["-f".to_owned(), path(file)]);
    }
    line.extend(["-n".to_owned(), candidate.namespace.clone()]);
    let cli = Cli::try_parse_from(line).map_err(|error| error.to_string())?;
    let Command::Render(args) = cli.command else {
        return Err("no rendering".to_owned());
    };
    let chart = crate::args::ChartArgs::new(&args.release.args).ok_or("no chart")?;
    let plan = EnvironmentPlan::from_args(&chart, &args.release.values)?;
    let files = SourceFiles::new();
    render(
        &plan,
        Purpose::Print,
        &Origin::Disk,
        &Charts::default(),
        &Inputs::default(),
        &files,
    )
    .map(|_| ())
    .map_err(|error| error.message)
}

/// The YAML files of a repository, by name.
fn listing(root: &Path) -> Vec<(String, Vec<u8>)> {
    let walk = WalkDir::new(root).sort_by_file_name().into_iter();
    let entries = walk.filter_entry(|entry| {
        entry.depth() == 0
            || !SKIPPED
                .iter()
                .any(|name| entry.file_name().to_str() == Some(*name))
    });
    let mut files = Vec::new();
    for entry in entries.filter_map(Result::ok) {
        let is_yaml = entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml");
        let is_small = entry
            .metadata()
            .is_ok_and(|metadata| metadata.len() <= MAX_FILE_BYTES);
        if !entry.file_type().is_file() || !is_yaml || !is_small {
            continue;
        }
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
        if let Ok(bytes) = std::fs::read(entry.path()) {
            files.push((relative.to_string_lossy().replace('\\', "/"), bytes));
        }
    }
    files
}
