//! A chart folder as Helm walks it: by name, through symbolic links, without what `.helmignore` leaves out.

use super::input::read_file;
use chart::ChartFile;
use chart::ignore::IgnoreRules;
use source::Problem;
use std::path::Path;
use walkdir::WalkDir;

/// Helm's limit for one file of a chart.
const MAX_FILE_BYTES: u64 = 5_242_880;
/// More files than this in one chart are refused: no chart has a tenth of it.
const MAX_FILES: usize = 100_000;

/// Reads all files of a chart folder, in the order of their names.
pub(super) fn read(root: &Path, printed: &str) -> Result<Vec<ChartFile>, Problem> {
    let rules = match std::fs::read(root.join(".helmignore")) {
        Ok(text) => IgnoreRules::parse(&text)?,
        Err(_) => IgnoreRules::default(),
    };
    let mut files = Vec::new();
    let walk = WalkDir::new(root).follow_links(true).sort_by_file_name();
    let mut walk = walk.into_iter();
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(|error| Problem::new(format!("{printed}: {error}")))?;
        let relative = relative(root, entry.path());
        if relative.is_empty() {
            continue;
        }
        let is_folder = entry.file_type().is_dir();
        if rules.ignores(&relative, is_folder) {
            if is_folder {
                walk.skip_current_dir();
            }
            continue;
        }
        if is_folder {
            continue;
        }
        files.push(chart_file(entry.path(), relative)?);
        if files.len() > MAX_FILES {
            return Err(Problem::new(format!(
                "{printed}: the chart has more than {MAX_FILES} files"
            )));
        }
    }
    Ok(files)
}

fn relative(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    relative.to_string_lossy().replace('\\', "/")
}

fn chart_file(path: &Path, relative: String) -> Result<ChartFile, Problem> {
    let shown = path.display();
    let metadata =
        std::fs::metadata(path).map_err(|error| Problem::new(format!("{shown}: {error}")))?;
    if !metadata.is_file() {
        return Err(Problem::new(format!(
            "cannot load irregular file {shown} as it has file mode type bits set"
        )));
    }
    if metadata.len() > MAX_FILE_BYTES {
        let base = relative.rsplit('/').next().unwrap_or(&relative);
        return Err(Problem::new(format!(
            "chart file {base:?} is larger than the maximum file size {MAX_FILE_BYTES}"
        )));
    }
    let bytes = read_file(path).map_err(|error| Problem::new(format!("{shown}: {error}")))?;
    Ok(ChartFile {
        path: relative,
        bytes: bytes.into(),
    })
}
