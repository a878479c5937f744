//! The demo project: its files are part of the program, and are written without touching what is there.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// The time at which the demo is set; its evidence is judged by this and not by the clock, so that everybody sees the
/// same report.
pub(crate) const NOW: &str = "2026-11-24T09:00:00Z";

/// What `write` did, as paths relative to the project, in the order of `files`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) created: Vec<String>,
    /// Files that were there before, with whatever content: they stay as they are.
    pub(crate) kept: Vec<String>,
}

macro_rules! file {
    ($path:literal) => {
        (
            $path,
            include_bytes!(concat!("../../demo/", $path)).as_slice(),
        )
    };
}

const FILES: &[(&str, &[u8])] = &[
    file!("README.md"),
    file!("keelcheck.yaml"),
    file!("charts/kmetal/Chart.yaml"),
    file!("charts/kmetal/charts/gateway/Chart.yaml"),
    file!("charts/kmetal/charts/gateway/templates/autoscaler.yaml"),
    file!("charts/kmetal/charts/gateway/templates/deployment.yaml"),
    file!("charts/kmetal/charts/gateway/templates/pdb.yaml"),
    file!("charts/kmetal/charts/gateway/templates/service.yaml"),
    file!("charts/kmetal/charts/gateway/values.yaml"),
    file!("charts/kmetal/charts/kamaji/Chart.yaml"),
    file!("charts/kmetal/charts/kamaji/templates/access.yaml"),
    file!("charts/kmetal/charts/kamaji/templates/datastore.yaml"),
    file!("charts/kmetal/charts/kamaji/templates/deployment.yaml"),
    file!("charts/kmetal/charts/kamaji/templates/pdb.yaml"),
    file!("charts/kmetal/charts/kamaji/templates/tenants.yaml"),
    file!("charts/kmetal/charts/kamaji/values.yaml"),
    file!("charts/kmetal/charts/metallb/Chart.yaml"),
    file!("charts/kmetal/charts/metallb/templates/pools.yaml"),
    file!("charts/kmetal/charts/metallb/templates/speaker.yaml"),
    file!("charts/kmetal/charts/metallb/values.yaml"),
    file!("charts/kmetal/charts/postgres/Chart.yaml"),
    file!("charts/kmetal/charts/postgres/templates/pdb.yaml"),
    file!("charts/kmetal/charts/postgres/templates/service.yaml"),
    file!("charts/kmetal/charts/postgres/templates/statefulset.yaml"),
    file!("charts/kmetal/charts/postgres/values.yaml"),
    file!("charts/kmetal/charts/ui/Chart.yaml"),
    file!("charts/kmetal/charts/ui/templates/deployment.yaml"),
    file!("charts/kmetal/charts/ui/templates/ingress.yaml"),
    file!("charts/kmetal/charts/ui/templates/pdb.yaml"),
    file!("charts/kmetal/charts/ui/templates/service.yaml"),
    file!("charts/kmetal/charts/ui/values.yaml"),
    file!("charts/kmetal/templates/NOTES.txt"),
    file!("charts/kmetal/templates/_helpers.tpl"),
    file!("charts/kmetal/templates/cluster-info.yaml"),
    file!("charts/kmetal/values.yaml"),
    file!("evidence/prod-eu/velero.json"),
    file!("evidence/prod-eu/volume-snapshots.json"),
    file!("evidence/staging/velero.json"),
    file!("evidence/staging/volume-snapshots.json"),
    file!("live/prod-eu/cluster.json"),
    file!("live/prod-eu/manifest.yaml"),
    file!("live/staging/cluster.json"),
    file!("live/staging/manifest.yaml"),
    file!("values/common.yaml"),
    file!("values/prod-eu.yaml"),
    file!("values/staging.yaml"),
];

/// The project's files: paths with `/`, relative to the project, and contents.
pub(crate) fn files() -> &'static [(&'static str, &'static [u8])] {
    FILES
}

/// Writes the project into `dir`, making folders as needed. A file that exists is never changed, be it a link to
/// nowhere; the first error ends the work.
pub(crate) fn write(dir: &Path) -> io::Result<Written> {
    let mut written = Written::default();
    for (path, content) in files() {
        let target = dir.join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|error| naming(folder, &error))?;
        }
        // `create_new` asks and opens in one step, so that nothing can appear in between.
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&target)
        {
            Ok(mut file) => {
                file.write_all(content)
                    .map_err(|error| naming(&target, &error))?;
                written.created.push((*path).to_owned());
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                written.kept.push((*path).to_owned());
            }
            Err(error) => return Err(naming(&target, &error)),
        }
    }
    Ok(written)
}

/// The standard library's errors do not say which file they are about.
fn naming(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{Written, files, write};
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    #[test]
    fn every_file_of_the_demo_folder_is_part_of_the_program() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
        let mut on_disk = BTreeSet::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let inside = path.strip_prefix(&root).unwrap().display().to_string();
                    on_disk.insert(inside.replace('\\', "/"));
                }
            }
        }
        let embedded: BTreeSet<String> =
            files().iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(embedded, on_disk);
        assert_eq!(embedded.len(), files().len());
    }

    #[test]
    fn writes_the_whole_project_into_a_folder_that_is_not_there() {
        let folder = Scratch::new("whole");
        let written = write(&folder.0.join("deep/er")).unwrap();
        assert_eq!(written.created.len(), files().len());
        assert_eq!(written.kept, Vec::<String>::new());
        for (path, content) in files() {
            assert_eq!(
                fs::read(folder.0.join("deep/er").join(path)).unwrap(),
                *content
            );
        }
    }

    #[test]
    fn never_changes_a_file_that_exists() {
        let folder = Scratch::new("kept");
        fs::create_dir_all(folder.0.join("values")).unwrap();
        fs::write(folder.0.join("values/prod-eu.yaml"), "mine: true\n").unwrap();
        let written = write(&folder.0).unwrap();
        assert_eq!(written.kept, ["values/prod-eu.yaml"]);
        assert_eq!(written.created.len(), files().len() - 1);
        assert_eq!(
            fs::read_to_string(folder.0.join("values/prod-eu.yaml")).unwrap(),
            "mine: true\n"
        );
        let again = write(&folder.0).unwrap();
        assert_eq!(
            again,
            Written {
                created: Vec::new(),
                kept: files().iter().map(|(path, _)| (*path).to_owned()).collect()
            }
        );
    }

    #[test]
    fn an_error_names_the_path() {
        let folder = Scratch::new("error");
        fs::create_dir_all(&folder.0).unwrap();
        fs::write(folder.0.join("charts"), "a file where a folder has to be").unwrap();
        let error = write(&folder.0).unwrap_err().to_string();
        assert!(error.contains("charts"), "{error}");
    }

    /// A folder that goes away with its test.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder =
                std::env::temp_dir().join(format!("keelcheck-demo-{}-{name}", std::process::id()));
            let _ = fs::remove_dir_all(&folder);
            Self(folder)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}
