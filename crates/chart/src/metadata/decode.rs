//! Chart.yaml and requirements.yaml into [`Metadata`].

use super::{Dependency, Maintainer, Metadata};
use crate::gojson::{Decoding, Field, same_name};
use gotemplate::HelmLine;
use source::Span;
use std::collections::BTreeMap;
use yaml::{Map, Value};

/// Go's package of the chart structs.
fn package(helm: HelmLine) -> &'static str {
    match helm {
        HelmLine::V4 => "v2",
        HelmLine::V3 => "chart",
    }
}

/// Sets the fields that a document has; the others stay. `spans` holds the places of the document's marks.
///
/// # Errors
/// Go's text for the first field, in the order of the keys, that has the wrong type.
pub(crate) fn decode_into(
    metadata: &mut Metadata,
    document: &Value,
    spans: &[Span],
    helm: HelmLine,
) -> Result<(), String> {
    let mut decoding = Decoding::default();
    let map = decoding.document(document, &format!("{}.Metadata", package(helm)));
    for (key, entry) in map.into_iter().flatten() {
        let Some(name) = NAMES.into_iter().find(|name| same_name(key, name)) else {
            continue;
        };
        if let Some(span) = (entry.mark as usize)
            .checked_sub(1)
            .and_then(|index| spans.get(index))
        {
            metadata.places.insert(name, *span);
        }
        decode_field(metadata, name, &entry.value, &mut decoding, package(helm));
    }
    decoding.finish()
}

/// The JSON names of the fields.
const NAMES: [&str; 17] = [
    "name",
    "home",
    "sources",
    "version",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
];

fn decode_field(
    metadata: &mut Metadata,
    name: &'static str,
    value: &Value,
    decoding: &mut Decoding,
    package: &str,
) {
    let field = Field {
        structure: "Metadata",
        path: name,
    };
    match name {
        "name" => decoding.string(value, field, &mut metadata.name),
        "home" => decoding.string(value, field, &mut metadata.home),
        "version" => decoding.string(value, field, &mut metadata.version),
        "description" => decoding.string(value, field, &mut metadata.description),
        "icon" => decoding.string(value, field, &mut metadata.icon),
        "apiVersion" => decoding.string(value, field, &mut metadata.api_version),
        "condition" => decoding.string(value, field, &mut metadata.condition),
        "tags" => decoding.string(value, field, &mut metadata.tags),
        "appVersion" => decoding.string(value, field, &mut metadata.app_version),
        "kubeVersion" => decoding.string(value, field, &mut metadata.kube_version),
        "type" => decoding.string(value, field, &mut metadata.chart_type),
        "deprecated" => decoding.boolean(value, field, &mut metadata.deprecated),
        "sources" => decoding.strings(value, field, &mut metadata.sources),
        "keywords" => decoding.strings(value, field, &mut metadata.keywords),
        "annotations" => decode_annotations(value, field, &mut metadata.annotations, decoding),
        "maintainers" => decode_maintainers(value, &mut metadata.maintainers, decoding, package),
        "dependencies" => decode_dependencies(value, &mut metadata.dependencies, decoding, package),
        _ => {}
    }
}

fn decode_annotations(
    value: &Value,
    field: Field<'_>,
    target: &mut Option<BTreeMap<String, String>>,
    decoding: &mut Decoding,
) {
    if value.is_null() {
        *target = None;
    }
    let Some(map) = decoding.map(value, field, "map[string]string") else {
        return;
    };
    let annotations = target.get_or_insert_default();
    for (key, entry) in map {
        decoding.string(
            &entry.value,
            field,
            annotations.entry(key.to_string()).or_default(),
        );
    }
}

fn decode_maintainers(
    value: &Value,
    target: &mut Vec<Option<Maintainer>>,
    decoding: &mut Decoding,
    package: &str,
) {
    let field = Field {
        structure: "Metadata",
        path: "maintainers",
    };
    let Some(items) = decoding.list(value, field, &format!("[]*{package}.Maintainer")) else {
        return;
    };
    target.clear();
    for item in items {
        let map = decoding.map(&item.value, field, &format!("{package}.Maintainer"));
        target.push((!item.value.is_null()).then(|| decode_maintainer(map, decoding)));
    }
}

fn decode_maintainer(map: Option<&Map>, decoding: &mut Decoding) -> Maintainer {
    let mut maintainer = Maintainer::default();
    for (key, entry) in map.into_iter().flatten() {
        let (path, target) = match key.to_ascii_lowercase().as_str() {
            "name" => ("maintainers.name", &mut maintainer.name),
            "email" => ("maintainers.email", &mut maintainer.email),
            "url" => ("maintainers.url", &mut maintainer.url),
            _ => continue,
        };
        decoding.string(
            &entry.value,
            Field {
                structure: "Maintainer",
                path,
            },
            target,
        );
    }
    maintainer
}

fn decode_dependencies(
    value: &Value,
    target: &mut Option<Vec<Option<Dependency>>>,
    decoding: &mut Decoding,
    package: &str,
) {
    let field = Field {
        structure: "Metadata",
        path: "dependencies",
    };
    if value.is_null() {
        *target = None;
    }
    let Some(items) = decoding.list(value, field, &format!("[]*{package}.Dependency")) else {
        return;
    };
    let mut dependencies = Vec::with_capacity(items.len());
    for item in items {
        let map = decoding.map(&item.value, field, &format!("{package}.Dependency"));
        dependencies.push((!item.value.is_null()).then(|| decode_dependency(map, decoding)));
    }
    *target = Some(dependencies);
}

fn decode_dependency(map: Option<&Map>, decoding: &mut Decoding) -> Dependency {
    let mut dependency = Dependency::default();
    let field = |path| Field {
        structure: "Dependency",
        path,
    };
    for (key, entry) in map.into_iter().flatten() {
        let value = &entry.value;
        match key.to_ascii_lowercase().as_str() {
            "name" => decoding.string(value, field("dependencies.name"), &mut dependency.name),
            "version" => decoding.string(
                value,
                field("dependencies.version"),
                &mut dependency.version,
            ),
            "repository" => decoding.string(
                value,
                field("dependencies.repository"),
                &mut dependency.repository,
            ),
            "condition" => decoding.string(
                value,
                field("dependencies.condition"),
                &mut dependency.condition,
            ),
            "tags" => decoding.strings(value, field("dependencies.tags"), &mut dependency.tags),
            "enabled" => decoding.boolean(
                value,
                field("dependencies.enabled"),
                &mut dependency.enabled,
            ),
            "alias" => decoding.string(value, field("dependencies.alias"), &mut dependency.alias),
            "import-values" => {
                let items =
                    decoding.list(value, field("dependencies.import-values"), "[]interface {}");
                dependency.import_values = items
                    .into_iter()
                    .flatten()
                    .map(|item| item.value.clone())
                    .collect();
            }
            _ => {}
        }
    }
    dependency
}

/// Helm 4 looks at `apiVersion` before anything else of a top-level chart.
///
/// # Errors
/// `unsupported chart version`, or `invalid chart apiVersion` for the experimental `v3`.
pub(crate) fn check_api_version(document: &Value) -> Result<(), String> {
    let mut decoding = Decoding::default();
    let mut api_version = String::new();
    let map = decoding.document(document, "loader.chartBase");
    for (_, entry) in map
        .into_iter()
        .flatten()
        .filter(|(key, _)| same_name(key, "apiVersion"))
    {
        let field = Field {
            structure: "chartBase",
            path: "apiVersion",
        };
        decoding.string(&entry.value, field, &mut api_version);
    }
    decoding
        .finish()
        .map_err(|error| format!("cannot load Chart.yaml: {error}"))?;
    match api_version.as_str() {
        "" | "v1" | "v2" => Ok(()),
        "v3" => Err("invalid chart apiVersion".to_owned()),
        _ => Err("unsupported chart version".to_owned()),
    }
}
