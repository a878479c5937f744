//! Charts below `charts/`: folders and archives.

use super::node::{self, ChartNode};
use super::{Loading, strip_byte_order_marks};
use crate::ChartFile;
use crate::archive;
use source::Problem;
use std::collections::BTreeMap;

/// Files by the first component of their path below `charts/`. Helm's own order is random; ours is by name.
pub(super) type SubchartFiles = BTreeMap<String, Vec<ChartFile>>;

/// How deep charts may hold charts: beyond anything real, within the stack.
const MAX_DEPTH: usize = 64;

pub(super) fn load_all(
    loading: &mut Loading<'_>,
    parent_path: &str,
    parent_name: &str,
    subcharts: SubchartFiles,
) -> Result<Vec<ChartNode>, Problem> {
    let mut nodes = Vec::new();
    for (name, files) in subcharts {
        if name.starts_with(['_', '.']) {
            continue;
        }
        let path = format!("{parent_path}/charts/{name}");
        let loaded = load_one(loading, &path, &name, parent_name, files);
        nodes.push(loaded?);
    }
    Ok(nodes)
}

fn load_one(
    loading: &mut Loading<'_>,
    path: &str,
    name: &str,
    parent_name: &str,
    files: Vec<ChartFile>,
) -> Result<ChartNode, Problem> {
    let wrap = |mut problem: Problem| {
        problem.message = format!(
            "error unpacking subchart {name} in {parent_name}: {}",
            problem.message
        );
        problem
    };
    if path.matches("/charts/").count() > MAX_DEPTH {
        return Err(wrap(Problem::new(format!(
            "sub-charts are nested deeper than {MAX_DEPTH} levels"
        ))));
    }
    let files = if name.ends_with(".tgz") {
        match files.first() {
            Some(file) if file.path == name => archive_files(file).map_err(wrap)?,
            first => {
                let found = first.map_or("", |file| &file.path);
                return Err(Problem::new(format!(
                    "error unpacking subchart tar in {parent_name}: expected {name}, got {found}"
                )));
            }
        }
    } else {
        folder_files(files)
    };
    node::load(loading, path, files).map_err(wrap)
}

fn archive_files(file: &ChartFile) -> Result<Vec<ChartFile>, Problem> {
    let mut files = archive::read_files(&file.bytes).map_err(Problem::new)?;
    strip_byte_order_marks(&mut files);
    Ok(files)
}

/// A stray file directly below `charts/` leaves nothing here, so that its Chart.yaml is found missing.
fn folder_files(files: Vec<ChartFile>) -> Vec<ChartFile> {
    let inside = |file: ChartFile| {
        let (_, path) = file.path.split_once('/')?;
        Some(ChartFile {
            path: path.to_owned(),
            bytes: file.bytes,
        })
    };
    files.into_iter().filter_map(inside).collect()
}
