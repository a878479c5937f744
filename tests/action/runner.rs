//! A runner: a workspace, environment files, and a clean environment for each script.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// One job's folders; they go away with it.
pub(crate) struct Runner {
    pub(crate) folder: PathBuf,
    variables: Vec<(String, String)>,
}

/// What a script left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    /// Standard output and error, as the log shows them.
    pub(crate) log: String,
    /// The file behind GITHUB_OUTPUT.
    pub(crate) outputs: String,
    /// The file behind GITHUB_STEP_SUMMARY.
    pub(crate) summary: String,
}

impl Run {
    pub(crate) fn output(&self, name: &str) -> &str {
        let line = self
            .outputs
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.unwrap_or_else(|| panic!("no output {name} in {self:?}"))
    }
}

impl Runner {
    /// None, with a line that says so, where a program is missing that every hosted runner has.
    #[expect(clippy::print_stdout, reason = "a skipped test says so")]
    pub(crate) fn new() -> Option<Self> {
        for program in ["bash", "curl", "jq"] {
            if Command::new(program).arg("--version").output().is_err() {
                println!("skipped: {program} is not on this machine");
                return None;
            }
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("keelcheck-action-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        for inside in ["workspace", "temp"] {
            fs::create_dir_all(folder.join(inside)).expect("the temporary folder is usable");
        }
        Some(Self {
            folder,
            variables: Vec::new(),
        })
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes a file below the job's folder and gives its path.
    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        let target = self.folder.join(path);
        fs::create_dir_all(target.parent().expect("a path with a folder"))
            .expect("the temporary folder is usable");
        fs::write(&target, text).expect("the temporary folder is usable");
        target
    }

    /// Writes a bash program into the workspace; its path is absolute.
    pub(crate) fn write_program(&self, path: &str, text: &str) -> String {
        let target = self.write(path, &format!("#!/usr/bin/env bash\n{text}"));
        let status = Command::new("chmod")
            .arg("+x")
            .arg(&target)
            .status()
            .expect("chmod runs");
        assert!(status.success());
        target.display().to_string()
    }

    /// Runs a script of the action with nothing in its environment but what a runner gives and what `set` gave.
    pub(crate) fn run(&self, script: &str) -> Run {
        let outputs = self.write("outputs", "");
        let summary = self.write("summary", "");
        let child = Command::new("bash")
            .arg(scripts().join(script))
            .current_dir(self.folder.join("workspace"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("GITHUB_WORKSPACE", self.folder.join("workspace"))
            .env("RUNNER_TEMP", self.folder.join("temp"))
            .env("GITHUB_OUTPUT", &outputs)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .expect("bash runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Run {
            code: child.status.code().expect("no signal ended the script"),
            log: text(&child.stdout) + &text(&child.stderr),
            outputs: fs::read_to_string(outputs).expect("the temporary folder is usable"),
            summary: fs::read_to_string(summary).expect("the temporary folder is usable"),
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder `github-action`.
pub(crate) fn action() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../github-action")
}

fn scripts() -> PathBuf {
    action().join("scripts")
}
