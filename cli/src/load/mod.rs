//! The outer rim: everything that is read from disk or standard input.

mod chart_folder;
mod input;
mod revision;

pub(crate) use input::Inputs;
pub(crate) use revision::Revision;

use chart::{Chart, ChartFile, HelmLine};
use source::{Problem, SourceFiles};
use std::path::Path;

/// Where a chart's and the overlays' bytes come from.
pub(crate) enum Origin<'a> {
    /// The work tree.
    Disk,
    /// A git revision, as the baseline.
    Revision(&'a Revision),
}

/// A file's name as reports print it: with `/`, no `./` in front, never made absolute.
pub(crate) fn printed(path: &str) -> String {
    let mut name = path.replace('\\', "/");
    while let Some(rest) = name.strip_prefix("./") {
        name = rest.trim_start_matches('/').to_owned();
    }
    if name.len() > 1 {
        name = name.trim_end_matches('/').to_owned();
    }
    if name.is_empty() {
        ".".to_owned()
    } else {
        name
    }
}

/// Reads a chart folder or archive.
///
/// # Errors
/// Helm's texts where Helm has them; for references that need the network, what to run first.
pub(crate) fn chart(
    argument: &str,
    origin: &Origin<'_>,
    files: &SourceFiles,
    helm: HelmLine,
) -> Result<Chart, Problem> {
    let (chart_files, from_archive) = chart_files(argument, origin, helm)?;
    Chart::load(&printed(argument), chart_files, from_archive, files, helm)
}

/// Helm 4 looks for Chart.yaml before anything else, and names it by its absolute path.
fn without_chart_yaml(path: &Path, argument: &str) -> Problem {
    let full = std::fs::canonicalize(path)
        .unwrap_or_else(|_| path.to_owned())
        .join("Chart.yaml");
    let full = full.display();
    Problem::new(format!(
        "unable to detect chart at {full}: open {full}: no such file or directory"
    ))
    .with_help(format!("{argument} is a folder without Chart.yaml"))
}

fn chart_files(
    argument: &str,
    origin: &Origin<'_>,
    helm: HelmLine,
) -> Result<(Vec<ChartFile>, bool), Problem> {
    if let Origin::Revision(revision) = origin {
        return revision.chart_files(argument);
    }
    let path = Path::new(argument.trim());
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(_) => return Err(missing_chart(argument)),
    };
    if metadata.is_dir() {
        if helm == HelmLine::V4 && !path.join("Chart.yaml").exists() {
            return Err(without_chart_yaml(path, argument));
        }
        return Ok((chart_folder::read(path, argument)?, false));
    }
    if !metadata.is_file() {
        return Err(Problem::new(format!(
            "{argument}: a chart is a folder or a .tgz file"
        )));
    }
    let bytes =
        input::read_file(path).map_err(|error| Problem::new(format!("{argument}: {error}")))?;
    let base = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok((chart::archive::unpack(&bytes, &base)?, true))
}

fn missing_chart(argument: &str) -> Problem {
    if argument.starts_with("oci://") || argument.contains("://") {
        return Problem::new(format!(
            "{argument} is not on this machine, and keelcheck works offline"
        ))
        .with_help(format!(
            "run `helm pull {argument} --untar` first, and give the folder"
        ));
    }
    if Path::new(argument).is_absolute() || argument.starts_with('.') {
        return Problem::new(format!("path {argument:?} not found"));
    }
    let problem = Problem::new(format!("path {argument:?} not found"));
    if argument.matches('/').count() == 1 {
        return problem.with_help(format!(
            "if it is a chart of a repository, run `helm pull {argument} --untar` first, and give the folder"
        ));
    }
    problem
}
