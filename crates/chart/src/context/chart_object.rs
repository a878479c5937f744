//! `.Chart`, in the shapes of Helm 4 and Helm 3.

use super::FactOrigins;
use crate::instance::Instance;
use crate::metadata::{Dependency, Maintainer, Metadata};
use gotemplate::{ChartObject, HelmLine};
use source::Place;
use std::collections::BTreeMap;
use std::sync::Arc;
use yaml::{Entry, Map, Value};

pub(super) fn chart_object(
    chart: &Instance<'_>,
    is_root: bool,
    helm: HelmLine,
    origins: &mut FactOrigins<'_>,
) -> ChartObject {
    let metadata = &chart.node.metadata;
    let dependencies = chart.dependencies.as_deref().unwrap_or_default();
    let fields = Fields {
        metadata,
        origins,
        map: Map::new(),
    }
    .all(&chart.name, dependencies, is_root);
    let json = match helm {
        HelmLine::V3 => json(metadata, &chart.name, dependencies, is_root),
        HelmLine::V4 => Value::Null,
    };
    ChartObject { fields, json }
}

/// Go's field names.
struct Fields<'a, 'b> {
    metadata: &'a Metadata,
    origins: &'a mut FactOrigins<'b>,
    map: Map,
}

impl Fields<'_, '_> {
    fn all(mut self, name: &str, dependencies: &[Dependency], is_root: bool) -> Value {
        let metadata = self.metadata;
        let texts = [
            ("Name", "name", name),
            ("Home", "home", &metadata.home),
            ("Version", "version", &metadata.version),
            ("Description", "description", &metadata.description),
            ("Icon", "icon", &metadata.icon),
            ("APIVersion", "apiVersion", &metadata.api_version),
            ("Condition", "condition", &metadata.condition),
            ("Tags", "tags", &metadata.tags),
            ("AppVersion", "appVersion", &metadata.app_version),
            ("KubeVersion", "kubeVersion", &metadata.kube_version),
            ("Type", "type", &metadata.chart_type),
        ];
        for (field, key, text) in texts {
            self.insert(field, key, Value::string(text));
        }
        let maintainers = metadata
            .maintainers
            .iter()
            .flatten()
            .map(maintainer_fields)
            .collect();
        self.insert("Sources", "sources", strings(&metadata.sources));
        self.insert("Keywords", "keywords", strings(&metadata.keywords));
        self.insert("Maintainers", "maintainers", list(maintainers));
        self.insert("Deprecated", "deprecated", Value::Bool(metadata.deprecated));
        self.insert(
            "Annotations",
            "annotations",
            annotations(metadata.annotations.as_ref()),
        );
        let dependencies = dependencies.iter().map(dependency_fields).collect();
        self.insert("Dependencies", "dependencies", list(dependencies));
        self.insert("IsRoot", "", Value::Bool(is_root));
        Value::map(self.map)
    }

    fn insert(&mut self, field: &'static str, key: &str, value: Value) {
        let place = self.metadata.places.get(key).map(|span| Place::File(*span));
        let mark = self.origins.add(&["Chart", field], place);
        self.map.insert(field.into(), Entry { value, mark });
    }
}

fn maintainer_fields(maintainer: &Maintainer) -> Value {
    let Maintainer { name, email, url } = maintainer;
    map([
        ("Name", Value::string(name)),
        ("Email", Value::string(email)),
        ("URL", Value::string(url)),
    ])
}

fn dependency_fields(dependency: &Dependency) -> Value {
    map([
        ("Name", Value::string(&dependency.name)),
        ("Version", Value::string(&dependency.version)),
        ("Repository", Value::string(&dependency.repository)),
        ("Condition", Value::string(&dependency.condition)),
        ("Tags", strings(&dependency.tags)),
        ("Enabled", Value::Bool(dependency.enabled)),
        ("ImportValues", list(dependency.import_values.clone())),
        ("Alias", Value::string(&dependency.alias)),
    ])
}

/// JSON names; what is empty is left out.
fn json(metadata: &Metadata, name: &str, dependencies: &[Dependency], is_root: bool) -> Value {
    let texts = [
        ("name", name),
        ("home", metadata.home.as_str()),
        ("version", &metadata.version),
        ("description", &metadata.description),
        ("icon", &metadata.icon),
        ("apiVersion", &metadata.api_version),
        ("condition", &metadata.condition),
        ("tags", &metadata.tags),
        ("appVersion", &metadata.app_version),
        ("kubeVersion", &metadata.kube_version),
        ("type", &metadata.chart_type),
    ];
    let maintainers = metadata
        .maintainers
        .iter()
        .flatten()
        .map(maintainer_json)
        .collect();
    let others = [
        ("sources", strings(&metadata.sources)),
        ("keywords", strings(&metadata.keywords)),
        ("maintainers", list(maintainers)),
        ("deprecated", Value::Bool(metadata.deprecated)),
        ("annotations", annotations(metadata.annotations.as_ref())),
        (
            "dependencies",
            list(dependencies.iter().map(dependency_json).collect()),
        ),
    ];
    let texts = texts.map(|(key, text)| (key, Value::string(text)));
    let fields = texts
        .into_iter()
        .chain(others)
        .filter(|(_, value)| !is_empty(value));
    map(fields.chain([("IsRoot", Value::Bool(is_root))]))
}

fn maintainer_json(maintainer: &Maintainer) -> Value {
    let fields = [
        ("name", &maintainer.name),
        ("email", &maintainer.email),
        ("url", &maintainer.url),
    ];
    map(fields
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(key, text)| (key, Value::string(text))))
}

fn dependency_json(dependency: &Dependency) -> Value {
    let optional = [
        ("version", Value::string(&dependency.version)),
        ("condition", Value::string(&dependency.condition)),
        ("tags", strings(&dependency.tags)),
        ("enabled", Value::Bool(dependency.enabled)),
        ("import-values", list(dependency.import_values.clone())),
        ("alias", Value::string(&dependency.alias)),
    ];
    let required = [
        ("name", Value::string(&dependency.name)),
        ("repository", Value::string(&dependency.repository)),
    ];
    map(required
        .into_iter()
        .chain(optional.into_iter().filter(|(_, value)| !is_empty(value))))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

fn annotations(annotations: Option<&BTreeMap<String, String>>) -> Value {
    annotations.map_or(Value::Null, |annotations| {
        map(annotations
            .iter()
            .map(|(key, text)| (key.as_str(), Value::string(text))))
    })
}

fn strings(texts: &[String]) -> Value {
    list(texts.iter().map(Value::string).collect())
}

fn list(values: Vec<Value>) -> Value {
    Value::list(values.into_iter().map(Entry::unmarked).collect())
}

fn map<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let entries = fields
        .into_iter()
        .map(|(key, value)| (Arc::from(key), Entry::unmarked(value)));
    Value::map(entries.collect())
}
