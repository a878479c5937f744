//! Flux HelmReleases whose chart lies in the repository.
//! Fields: <https://fluxcd.io/flux/components/helm/helmreleases/>.

use super::repository::{self, Repository};
use super::{Candidate, list_at, names, text_at, texts_at, value_at};
use serde_yaml::Value;

pub(super) const GROUP: &str = "helm.toolkit.fluxcd.io";

/// The candidate of a HelmRelease; None where its chart is not in the repository.
pub(super) fn helm_release(
    path: &str,
    object: &Value,
    repository: &Repository,
) -> Option<Candidate> {
    let template = value_at(object, &["spec", "chart", "spec"])?;
    // From a Helm repository, `chart` is a name and no path, even where a folder is called the same.
    if text_at(template, &["sourceRef", "kind"]).is_some_and(|kind| kind != "GitRepository") {
        return None;
    }
    let chart = repository::normal(text_at(template, &["chart"])?);
    if !repository.has_chart(&chart) {
        return None;
    }
    let name = text_at(object, &["metadata", "name"])?;
    let target = text_at(object, &["spec", "targetNamespace"]);
    let namespace = target.or_else(|| text_at(object, &["metadata", "namespace"]));
    let release = match (text_at(object, &["spec", "releaseName"]), target) {
        (Some(release), _) => release.to_owned(),
        (None, Some(target)) => format!("{target}-{name}"),
        (None, None) => name.to_owned(),
    };
    let mut values = texts_at(template, &["valuesFiles"]);
    values.extend(text_at(template, &["valuesFile"]).map(str::to_owned));
    Some(Candidate {
        name: names::kebab(name),
        chart,
        release,
        namespace: namespace.unwrap_or(super::DEFAULT_NAMESPACE).to_owned(),
        // Relative to the source, which is the repository.
        values: values.iter().map(|file| repository::normal(file)).collect(),
        declared_in: Some(path.to_owned()),
        remarks: remarks(object),
        ..Candidate::default()
    })
}

fn remarks(object: &Value) -> Vec<String> {
    let mut remarks = Vec::new();
    if value_at(object, &["spec", "values"]).is_some() {
        remarks.push(
            "`spec.values` of the HelmRelease is not taken over: move it into a values file, else the check does not see it"
                .to_owned(),
        );
    }
    for reference in list_at(object, &["spec", "valuesFrom"]) {
        let kind = text_at(reference, &["kind"]).unwrap_or("object");
        let name = text_at(reference, &["name"]).unwrap_or_default();
        remarks.push(format!("values from {kind} {name} are not taken over"));
    }
    remarks
}
