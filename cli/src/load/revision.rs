//! Files of a git revision, read with git's plumbing: no work tree is touched.

use chart::ChartFile;
use chart::ignore::IgnoreRules;
use source::Problem;
use std::process::{Command, Stdio};

/// A revision of the repository that the current folder lies in.
#[derive(Debug)]
pub(crate) struct Revision {
    /// As typed.
    pub(crate) name: String,
    commit: String,
}

impl Revision {
    /// Finds the commit.
    ///
    /// # Errors
    /// Git's own words.
    pub(crate) fn resolve(name: &str) -> Result<Self, String> {
        let spec = format!("{name}^{{commit}}");
        let output = git(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &spec,
        ])?;
        let commit = String::from_utf8_lossy(&output).trim().to_owned();
        if commit.is_empty() {
            return Err(format!(
                "--base {name}: no such revision in this repository"
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            commit,
        })
    }

    /// A file of the revision, by its path from the current folder; None where it is not there.
    pub(crate) fn file(&self, path: &str) -> Option<Vec<u8>> {
        let path = super::printed(path);
        git(&["cat-file", "blob", &format!("{}:./{path}", self.commit)]).ok()
    }

    /// The files of a chart folder or archive at the revision.
    pub(super) fn chart_files(&self, argument: &str) -> Result<(Vec<ChartFile>, bool), Problem> {
        let name = &self.name;
        let path = super::printed(argument);
        if let Some(bytes) = self.file(&path) {
            let base = path.rsplit('/').next().unwrap_or(&path);
            return Ok((chart::archive::unpack(&bytes, base)?, true));
        }
        let listing = git(&[
            "ls-tree",
            "-r",
            "-z",
            "--name-only",
            &self.commit,
            "--",
            &format!("{path}/"),
        ])
        .map_err(|error| Problem::new(format!("--base {name}: {error}")))?;
        let names: Vec<String> = listing
            .split(|byte| *byte == 0)
            .filter(|name| !name.is_empty())
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect();
        if names.is_empty() {
            return Err(Problem::new(format!(
                "--base {name}: {argument} is not there at that revision"
            )));
        }
        let prefix = format!("{path}/");
        let ignore = self
            .file(&format!("{prefix}.helmignore"))
            .unwrap_or_default();
        let rules = IgnoreRules::parse(&ignore)?;
        let mut files = Vec::new();
        for full in names {
            let Some(relative) = full.strip_prefix(&prefix) else {
                continue;
            };
            let folders = relative.match_indices('/').map(|(at, _)| &relative[..at]);
            if folders
                .into_iter()
                .any(|folder| rules.ignores(folder, true))
                || rules.ignores(relative, false)
            {
                continue;
            }
            let Some(bytes) = self.file(&full) else {
                continue;
            };
            files.push(ChartFile {
                path: relative.to_owned(),
                bytes: bytes.into(),
            });
        }
        Ok((files, false))
    }
}

fn git(args: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .args(args)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("git cannot be run: {error}"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}
