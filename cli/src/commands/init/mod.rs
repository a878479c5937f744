//! What `init` proposes: environments for the charts of a repository, from its files alone. Pure; the caller walks the
//! disk, drops what fails to render, and writes.

mod argo;
mod flux;
mod names;
mod repository;
#[cfg(test)]
mod tests;
mod write;

use repository::Repository;
use serde::Deserialize;
use serde_yaml::Value;
use std::collections::BTreeSet;

/// Helm's own, where nothing names another.
const DEFAULT_NAMESPACE: &str = "default";

/// What to write and what to say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InitPlan {
    /// The text of keelcheck.yaml.
    pub(crate) yaml: String,
    /// What could not be taken over, one line each.
    pub(crate) notes: Vec<String>,
}

/// One entry of `environments` in keelcheck.yaml. Paths are relative to the project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) chart: String,
    pub(crate) release: String,
    pub(crate) namespace: String,
    /// In order, the later wins.
    pub(crate) values: Vec<String>,
    /// `--set` paths and values.
    pub(crate) set: Vec<(String, SetValue)>,
    /// The file that declares it; None for a chart that no file names.
    pub(crate) declared_in: Option<String>,
    /// What the declaration says and keelcheck.yaml cannot.
    pub(crate) remarks: Vec<String>,
}

/// A value of `set`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SetValue {
    /// Stays a string, whatever it looks like.
    Text(String),
    /// Becomes a number, boolean or null where it looks like one, as after `--set`.
    Typed(String),
}

/// Makes a plan from the YAML files of a repository: paths relative to the project with `/`, and contents. A folder
/// with a `Chart.yaml` is a chart. `renders` says whether a candidate's chart renders with its values, and if not, why.
pub(crate) fn plan(
    files: &[(String, Vec<u8>)],
    renders: &dyn Fn(&Candidate) -> Result<(), String>,
) -> InitPlan {
    let Found {
        candidates,
        mut notes,
    } = find(files);
    let mut kept = Vec::new();
    for candidate in candidates {
        match renders(&candidate) {
            Ok(()) => kept.push(candidate),
            Err(reason) => {
                let reason = write::one_line(&reason);
                notes.push(format!(
                    "{} is left out, it does not render: {reason}",
                    candidate.name
                ));
            }
        }
    }
    InitPlan {
        yaml: write::yaml(&kept),
        notes,
    }
}

/// What was found, rendered or not.
#[derive(Debug, Default)]
struct Found {
    /// Ordered by the files that led to them, charts that no file names last; the names are unique.
    candidates: Vec<Candidate>,
    notes: Vec<String>,
}

fn find(files: &[(String, Vec<u8>)]) -> Found {
    let repository = Repository::new(files);
    let mut sorted: Vec<&(String, Vec<u8>)> = files.iter().collect();
    sorted.sort_by(|one, other| one.0.cmp(&other.0));
    let mut found = Found::default();
    for (path, text) in sorted {
        if !repository.is_inside_a_chart(path) {
            found.read(path, text, &repository);
        }
    }
    found.add_bare_charts(&repository);
    found.add_remarks();
    found.add_unused_overlays(&repository);
    names::make_unique(&mut found.candidates);
    found
}

impl Found {
    /// Charts that no file names, with their defaults only.
    fn add_bare_charts(&mut self, repository: &Repository) {
        let named: BTreeSet<String> = self
            .candidates
            .iter()
            .map(|found| found.chart.clone())
            .collect();
        let bare = repository
            .installable()
            .filter(|chart| !named.contains(*chart));
        self.candidates.extend(bare.map(bare_candidate));
    }

    fn add_remarks(&mut self) {
        for candidate in &self.candidates {
            let place = candidate.declared_in.as_ref().unwrap_or(&candidate.chart);
            let remarks = candidate.remarks.iter();
            self.notes
                .extend(remarks.map(|remark| format!("{place}: {remark}")));
        }
    }

    fn add_unused_overlays(&mut self, repository: &Repository) {
        let values = self.candidates.iter().flat_map(|found| &found.values);
        let used: BTreeSet<&str> = values.map(String::as_str).collect();
        let unused = repository
            .likely_overlays()
            .filter(|path| !used.contains(path));
        let notes =
            unused.map(|path| format!("{path}: looks like an overlay, but no environment uses it"));
        self.notes.extend(notes);
    }

    /// Takes over what one file declares.
    fn read(&mut self, path: &str, text: &[u8], repository: &Repository) {
        let text = String::from_utf8_lossy(text);
        if !text.contains(argo::GROUP) && !text.contains(flux::GROUP) {
            return;
        }
        for document in serde_yaml::Deserializer::from_str(&text) {
            match Value::deserialize(document) {
                Ok(value) => self.read_object(path, &value, repository),
                Err(error) => {
                    self.notes.push(format!("{path}: not read: {error}"));
                    // What follows a syntax error has no reliable beginning.
                    return;
                }
            }
        }
    }

    fn read_object(&mut self, path: &str, object: &Value, repository: &Repository) {
        if text_at(object, &["kind"]) == Some("List") {
            for item in list_at(object, &["items"]) {
                self.read_object(path, item, repository);
            }
            return;
        }
        let group = text_at(object, &["apiVersion"]).and_then(|version| version.split('/').next());
        let found = match (group, text_at(object, &["kind"])) {
            (Some(argo::GROUP), Some("Application")) => argo::application(path, object, repository),
            (Some(argo::GROUP), Some("ApplicationSet")) => {
                self.notes.push(format!("{path}: an ApplicationSet makes its Applications in the cluster: add them by hand"));
                None
            }
            (Some(flux::GROUP), Some("HelmRelease")) => {
                flux::helm_release(path, object, repository)
            }
            _ => None,
        };
        self.candidates.extend(found);
    }
}

/// An environment with the chart's defaults only.
fn bare_candidate(chart: &str) -> Candidate {
    let name = names::kebab(
        chart
            .rsplit('/')
            .find(|part| *part != ".")
            .unwrap_or("project"),
    );
    Candidate {
        release: name.clone(),
        name,
        chart: chart.to_owned(),
        namespace: DEFAULT_NAMESPACE.to_owned(),
        remarks: vec![
            "no Argo CD or Flux object names this chart: add its namespace and overlays by hand"
                .to_owned(),
        ],
        ..Candidate::default()
    }
}

/// The value behind a chain of keys.
fn value_at<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    keys.iter()
        .try_fold(value, |value, key| value.get(*key))
        .filter(|value| !value.is_null())
}

/// A string that is not empty.
fn text_at<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v str> {
    value_at(value, keys)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// A list; nothing else has items.
fn list_at<'v>(value: &'v Value, keys: &[&str]) -> &'v [Value] {
    value_at(value, keys)
        .and_then(Value::as_sequence)
        .map_or(&[], Vec::as_slice)
}

/// The strings of a list.
fn texts_at(value: &Value, keys: &[&str]) -> Vec<String> {
    list_at(value, keys)
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
