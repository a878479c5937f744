//! Argo CD Applications whose chart lies in the repository.
//! Fields: <https://argo-cd.readthedocs.io/en/stable/user-guide/helm/>.

use super::repository::{self, Repository};
use super::{Candidate, SetValue, list_at, names, text_at, texts_at, value_at};
use serde_yaml::Value;

pub(super) const GROUP: &str = "argoproj.io";

/// The candidate of an Application; None where no source is a chart of the repository.
pub(super) fn application(
    path: &str,
    object: &Value,
    repository: &Repository,
) -> Option<Candidate> {
    let sources = sources(object);
    let (source, chart) = sources.iter().find_map(|source| {
        // A `chart` comes from a Helm registry, whatever `path` says.
        let folder =
            text_at(source, &["path"]).filter(|_| text_at(source, &["chart"]).is_none())?;
        let folder = repository::normal(folder);
        repository.has_chart(&folder).then_some((*source, folder))
    })?;
    let name = text_at(object, &["metadata", "name"])?;
    let release = text_at(source, &["helm", "releaseName"]).unwrap_or(name);
    let namespace = text_at(source, &["helm", "namespace"])
        .or_else(|| text_at(object, &["spec", "destination", "namespace"]));
    let mut candidate = Candidate {
        name: names::kebab(name),
        release: release.to_owned(),
        namespace: namespace.unwrap_or(super::DEFAULT_NAMESPACE).to_owned(),
        declared_in: Some(path.to_owned()),
        ..Candidate::default()
    };
    add_values_files(&mut candidate, source, &chart, &sources, repository);
    add_parameters(&mut candidate, source);
    add_remarks(&mut candidate, source);
    candidate.chart = chart;
    Some(candidate)
}

fn sources(object: &Value) -> Vec<&Value> {
    let several = list_at(object, &["spec", "sources"]);
    match several.is_empty() {
        true => value_at(object, &["spec", "source"]).into_iter().collect(),
        false => several.iter().collect(),
    }
}

/// `valueFiles` are relative to the chart, to the repository with `/` in front, or to another source with `$name`.
fn add_values_files(
    candidate: &mut Candidate,
    source: &Value,
    chart: &str,
    sources: &[&Value],
    repository: &Repository,
) {
    let may_be_missing = value_at(source, &["helm", "ignoreMissingValueFiles"])
        .and_then(Value::as_bool)
        == Some(true);
    for file in texts_at(source, &["helm", "valueFiles"]) {
        let local = if file.contains("://") {
            None
        } else if let Some((reference, rest)) =
            file.strip_prefix('$').and_then(|file| file.split_once('/'))
        {
            let known = sources
                .iter()
                .any(|source| text_at(source, &["ref"]) == Some(reference));
            known.then(|| repository::normal(rest))
        } else if file.starts_with('/') {
            Some(repository::normal(&file))
        } else {
            Some(repository::join(chart, &file))
        };
        match local {
            Some(local) if may_be_missing && !repository.has_file(&local) => {}
            Some(local) => candidate.values.push(local),
            None => candidate.remarks.push(format!(
                "values file {file} is not in the repository and was left out"
            )),
        }
    }
}

/// `parameters` are `--set`, with `forceString` `--set-string`.
fn add_parameters(candidate: &mut Candidate, source: &Value) {
    for parameter in list_at(source, &["helm", "parameters"]) {
        let Some(path) = text_at(parameter, &["name"]) else {
            continue;
        };
        let value = value_at(parameter, &["value"])
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let is_string =
            value_at(parameter, &["forceString"]).and_then(Value::as_bool) == Some(true);
        let value = if is_string {
            SetValue::Text(value)
        } else {
            SetValue::Typed(value)
        };
        candidate.set.push((path.to_owned(), value));
    }
}

fn add_remarks(candidate: &mut Candidate, source: &Value) {
    for key in ["values", "valuesObject", "fileParameters"] {
        if value_at(source, &["helm", key]).is_some() {
            candidate.remarks.push(format!(
                "`helm.{key}` of the Application is not taken over: move it into a values file, else the check does not see it"
            ));
        }
    }
}
