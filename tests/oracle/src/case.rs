//! The cases of a corpus folder.

use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

/// One entry of `cases.yaml`: a `helm template` command.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) chart: String,
    pub(crate) release: String,
    pub(crate) namespace: String,
    #[serde(default)]
    pub(crate) values: Vec<String>,
    #[serde(default)]
    pub(crate) set: Vec<String>,
    #[serde(default)]
    pub(crate) kube_version: Option<String>,
    #[serde(default)]
    pub(crate) api_versions: Vec<String>,
    #[serde(default)]
    pub(crate) include_crds: bool,
    #[serde(default)]
    pub(crate) skip_schema_validation: bool,
}

/// One line of `expected.jsonl`: what Helm answered.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Expected {
    pub(crate) id: String,
    pub(crate) exit: i32,
    #[serde(default)]
    pub(crate) stderr: String,
    /// 1-based numbers of lines that differ between runs of Helm itself.
    #[serde(default)]
    pub(crate) volatile_lines: Vec<usize>,
    #[serde(default)]
    pub(crate) stderr_varies: bool,
}

impl Case {
    /// The arguments of `helm template`, to be run in the corpus folder.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let mut args = vec![
            self.release.clone(),
            self.chart.clone(),
            "-n".to_owned(),
            self.namespace.clone(),
        ];
        let mut push = |flag: &str, value: &str| args.extend([flag.to_owned(), value.to_owned()]);
        if let Some(version) = &self.kube_version {
            push("--kube-version", version);
        }
        for file in &self.values {
            push("-f", file);
        }
        for set in &self.set {
            push("--set", set);
        }
        for version in &self.api_versions {
            push("--api-versions", version);
        }
        if self.include_crds {
            args.push("--include-crds".to_owned());
        }
        if self.skip_schema_validation {
            args.push("--skip-schema-validation".to_owned());
        }
        args
    }
}

/// Reads the cases of a folder.
pub(crate) fn read_cases(dir: &Path) -> Result<Vec<Case>, String> {
    let text = read_text(&dir.join("cases.yaml"))?;
    serde_yaml::from_str(&text).map_err(|error| format!("cases.yaml: {error}"))
}

/// Reads the answers by case.
pub(crate) fn read_expected(dir: &Path, name: &str) -> Result<HashMap<String, Expected>, String> {
    let text = read_text(&dir.join(name))?;
    let answers: Result<Vec<Expected>, _> = text
        .split('\n')
        .filter(|line| !line.trim().is_empty())
        .map(serde_json::from_str)
        .collect();
    let answers = answers.map_err(|error| format!("{name}: {error}"))?;
    Ok(answers
        .into_iter()
        .map(|answer| (answer.id.clone(), answer))
        .collect())
}

/// Reads a text file, with its name in the error.
pub(crate) fn read_text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
