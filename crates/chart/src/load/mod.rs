//! Files to a chart tree.

mod classify;
mod node;
mod subcharts;

#[cfg(test)]
mod tests;

pub(crate) use node::ChartNode;

use crate::ChartFile;
use crate::archive::MAX_FILE_BYTES;
use crate::metadata::check_api_version;
use gotemplate::HelmLine;
use source::{Place, Problem, SourceFiles, Span};
use yaml::{DecodeOptions, NoMarks, decode_text};

/// What loading a tree shares.
pub(crate) struct Loading<'a> {
    pub(crate) registry: &'a SourceFiles,
    pub(crate) helm: HelmLine,
    pub(crate) warnings: Vec<String>,
}

/// Loads a top-level chart.
pub(crate) fn load_root(
    loading: &mut Loading<'_>,
    root_name: &str,
    mut files: Vec<ChartFile>,
    from_archive: bool,
) -> Result<ChartNode, Problem> {
    if !from_archive {
        // Folders are walked entry by entry, so that `crds/a/b.yaml` comes before `crds/a.yaml`.
        files.sort_by(|left, right| left.path.split('/').cmp(right.path.split('/')));
        check_sizes(&files)?;
    }
    strip_byte_order_marks(&mut files);
    if loading.helm == HelmLine::V4 {
        detect_version(&files, from_archive, root_name, loading.registry)?;
    }
    node::load(loading, root_name, files)
}

fn check_sizes(files: &[ChartFile]) -> Result<(), Problem> {
    let Some(large) = files
        .iter()
        .find(|file| file.bytes.len() as u64 > MAX_FILE_BYTES)
    else {
        return Ok(());
    };
    let base = large.path.rsplit('/').next().unwrap_or_default();
    Err(Problem::new(format!(
        "chart file \"{base}\" is larger than the maximum file size {MAX_FILE_BYTES}"
    )))
}

pub(crate) fn strip_byte_order_marks(files: &mut [ChartFile]) {
    for file in files {
        if let Some(rest) = file.bytes.strip_prefix(b"\xef\xbb\xbf") {
            file.bytes = rest.into();
        }
    }
}

/// Helm 4 looks at `apiVersion` before it loads anything.
fn detect_version(
    files: &[ChartFile],
    from_archive: bool,
    root_name: &str,
    registry: &SourceFiles,
) -> Result<(), Problem> {
    let Some(file) = files.iter().find(|file| file.path == "Chart.yaml") else {
        let message = match from_archive {
            true => "unable to detect chart version, no Chart.yaml found",
            false => "Chart.yaml file is missing",
        };
        return Err(Problem::new(message));
    };
    let failed = |message: String, offset: usize| {
        let name = format!("{root_name}/Chart.yaml");
        let id = registry.add(
            name,
            source::FileKind::Chart,
            std::sync::Arc::clone(&file.bytes),
        );
        Err(Problem::new(message).at(Place::File(Span::new(id, offset, offset))))
    };
    let document = match decode_text(&file.bytes, DecodeOptions::MANIFEST, &mut NoMarks) {
        Ok(document) => document,
        Err(error) => {
            return failed(
                format!("cannot load Chart.yaml: {}", error.message),
                error.offset as usize,
            );
        }
    };
    check_api_version(&document).or_else(|message| failed(message, 0))
}
