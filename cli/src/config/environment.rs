//! `defaults` and `environments`.

use super::reader::{Fields, Item, Reader, kind_of};
use super::{EnvironmentConfig, KubernetesConfig, SetConfig};
use crate::suggest;
use yaml::Value;

/// What an environment has where it says nothing.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    pub(super) kubernetes: KubernetesConfig,
    helm_version: Option<String>,
}

const DEFAULTS_KEYS: &[&str] = &["kubernetes", "helmVersion"];

const KEYS: &[&str] = &[
    "chart",
    "release",
    "namespace",
    "values",
    "set",
    "apiVersions",
    "kubernetes",
    "live",
    "liveHooks",
    "capture",
    "evidence",
    "includeCrds",
    "isUpgrade",
    "skipSchemaValidation",
    "helmVersion",
];

const KUBERNETES_KEYS: &[&str] = &["current", "target"];

/// The lines of Helm whose output can be reproduced.
const HELM_VERSIONS: &[&str] = &["4", "3"];

pub(super) fn read_defaults(reader: &mut Reader<'_>, item: Option<Item<'_>>) -> Defaults {
    let Some(item) = item else {
        return Defaults::default();
    };
    let fields = reader.fields(item, "defaults", DEFAULTS_KEYS);
    Defaults {
        kubernetes: read_kubernetes(reader, &fields, "defaults"),
        helm_version: read_helm_version(reader, &fields, "defaults"),
    }
}

pub(super) fn read_all(
    reader: &mut Reader<'_>,
    item: Option<Item<'_>>,
    defaults: &Defaults,
) -> Vec<EnvironmentConfig> {
    let Some(item) = item else { return Vec::new() };
    let entries = reader.entries(item, "`environments`");
    entries
        .into_iter()
        .filter_map(|(name, item)| read_one(reader, &name, item, defaults))
        .collect()
}

/// None where the environment has no chart, which is an error.
fn read_one(
    reader: &mut Reader<'_>,
    name: &str,
    item: Item<'_>,
    defaults: &Defaults,
) -> Option<EnvironmentConfig> {
    let owner = format!("environment `{name}`");
    if name.trim().is_empty() {
        reader.error(item, "an environment has no name".to_owned());
    }
    let fields = reader.fields(item, &owner, KEYS);
    let is_mapping = matches!(item.value, Value::Map(_) | Value::Null);
    if is_mapping && fields.get("chart").is_none() {
        let help = "add `chart: PATH`, a folder or a .tgz file".to_owned();
        reader.error_with_help(item, format!("{owner} has no `chart`"), help);
    }
    let kubernetes = read_kubernetes(reader, &fields, &owner);
    let environment = EnvironmentConfig {
        name: name.to_owned(),
        chart: String::new(),
        release: reader.string_of(&fields, "release", &owner),
        namespace: reader.string_of(&fields, "namespace", &owner),
        values: reader.strings_of(&fields, "values", &owner),
        set: read_set(reader, &fields, &owner),
        api_versions: reader.strings_of(&fields, "apiVersions", &owner),
        kubernetes: KubernetesConfig {
            current: kubernetes
                .current
                .or_else(|| defaults.kubernetes.current.clone()),
            target: kubernetes
                .target
                .or_else(|| defaults.kubernetes.target.clone()),
        },
        live: reader.string_of(&fields, "live", &owner),
        live_hooks: reader.string_of(&fields, "liveHooks", &owner),
        capture: reader.strings_of(&fields, "capture", &owner),
        evidence: reader.strings_of(&fields, "evidence", &owner),
        include_crds: reader.bool_of(&fields, "includeCrds", &owner),
        is_upgrade: reader.bool_of(&fields, "isUpgrade", &owner),
        skip_schema_validation: reader.bool_of(&fields, "skipSchemaValidation", &owner),
        helm_version: read_helm_version(reader, &fields, &owner)
            .or_else(|| defaults.helm_version.clone()),
    };
    let chart = reader.string_of(&fields, "chart", &owner)?;
    Some(EnvironmentConfig {
        chart,
        ..environment
    })
}

fn read_kubernetes(reader: &mut Reader<'_>, fields: &Fields<'_>, owner: &str) -> KubernetesConfig {
    let Some(item) = fields.get("kubernetes") else {
        return KubernetesConfig::default();
    };
    let owner = format!("{owner}: `kubernetes`");
    let fields = reader.fields(item, &owner, KUBERNETES_KEYS);
    KubernetesConfig {
        current: reader.version_of(&fields, "current", &owner),
        target: reader.version_of(&fields, "target", &owner),
    }
}

fn read_helm_version(reader: &mut Reader<'_>, fields: &Fields<'_>, owner: &str) -> Option<String> {
    let item = fields.get("helmVersion")?;
    let text = reader.string_of(fields, "helmVersion", owner)?;
    if HELM_VERSIONS.contains(&text.as_str()) {
        return Some(text);
    }
    let hint = suggest::hint(&text, HELM_VERSIONS.iter().copied());
    reader.error(
        item,
        format!("{owner}: `helmVersion` is `{text}`: 4 or 3{hint}"),
    );
    None
}

fn read_set(reader: &mut Reader<'_>, fields: &Fields<'_>, owner: &str) -> Vec<SetConfig> {
    let Some(item) = fields.get("set") else {
        return Vec::new();
    };
    let owner = format!("{owner}: `set`");
    let entries = reader.entries(item, &owner);
    let mut set = Vec::new();
    for (path, entry) in entries {
        if matches!(entry.value, Value::List(_) | Value::Map(_)) {
            let message = format!(
                "{owner}: `{path}` must be a scalar, not {}",
                kind_of(entry.value)
            );
            let help = "give each value a path of its own, or use a file in `values`".to_owned();
            reader.error_with_help(entry, message, help);
            continue;
        }
        set.push(SetConfig {
            path: path.to_string(),
            value: entry.value.clone(),
            place: entry.place(),
        });
    }
    set
}
