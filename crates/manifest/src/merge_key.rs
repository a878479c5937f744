//! By which keys the API tells list items apart, and what items are called in paths.
//!
//! The source of the table is the API's own OpenAPI document (`x-kubernetes-patch-merge-key` and
//! `x-kubernetes-list-map-keys`). Lists that are not here are atomic or sets: their items go by index.

use crate::workload::pod_spec_keys;
use std::collections::{BTreeMap, BTreeSet};
use yaml::{Entry, Value};

/// Lists in a pod's spec.
const POD_SPEC: &[(&[&str], &[&str])] = &[
    (&["containers"], &["name"]),
    (&["initContainers"], &["name"]),
    (&["ephemeralContainers"], &["name"]),
    (&["volumes"], &["name"]),
    (&["imagePullSecrets"], &["name"]),
    (&["hostAliases"], &["ip"]),
    (
        &["topologySpreadConstraints"],
        &["topologyKey", "whenUnsatisfiable"],
    ),
    (&["resourceClaims"], &["name"]),
    (&["schedulingGates"], &["name"]),
];

/// Lists in a container.
const CONTAINER: &[(&[&str], &[&str])] = &[
    (&["ports"], &["containerPort", "protocol"]),
    (&["env"], &["name"]),
    (&["volumeMounts"], &["mountPath"]),
    (&["volumeDevices"], &["devicePath"]),
    (&["resources", "claims"], &["name"]),
];

/// Lists of other kinds; the kind `*` is any kind, custom ones included.
const KINDS: &[(&str, &str, &[&str], &[&str])] = &[
    ("*", "*", &["metadata", "ownerReferences"], &["uid"]),
    ("*", "*", &["status", "conditions"], &["type"]),
    ("", "Service", &["spec", "ports"], &["port", "protocol"]),
    ("", "ServiceAccount", &["secrets"], &["name"]),
    ("", "Node", &["status", "addresses"], &["type"]),
    (
        "admissionregistration.k8s.io",
        "MutatingWebhookConfiguration",
        &["webhooks"],
        &["name"],
    ),
    (
        "admissionregistration.k8s.io",
        "MutatingWebhookConfiguration",
        &["webhooks", "matchConditions"],
        &["name"],
    ),
    (
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
        &["webhooks"],
        &["name"],
    ),
    (
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
        &["webhooks", "matchConditions"],
        &["name"],
    ),
    (
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicy",
        &["spec", "matchConditions"],
        &["name"],
    ),
    (
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicy",
        &["spec", "variables"],
        &["name"],
    ),
    (
        "admissionregistration.k8s.io",
        "MutatingAdmissionPolicy",
        &["spec", "matchConditions"],
        &["name"],
    ),
];

/// The merge keys of the list at a path of map keys (`["spec", "template", "spec", "containers"]`, list steps left
/// out); empty for lists that have none (their items go by index).
pub fn merge_keys(group: &str, kind: &str, path: &[&str]) -> &'static [&'static str] {
    let in_pod = pod_spec_keys(group, kind)
        .and_then(|spec| path.strip_prefix(spec))
        .and_then(pod_merge_keys);
    in_pod
        .or_else(|| kind_merge_keys(group, kind, path))
        .unwrap_or_default()
}

fn pod_merge_keys(path: &[&str]) -> Option<&'static [&'static str]> {
    let direct = POD_SPEC.iter().find(|(list, _)| *list == path);
    let in_container = || {
        let (first, rest) = path.split_first()?;
        let containers = matches!(
            *first,
            "containers" | "initContainers" | "ephemeralContainers"
        );
        CONTAINER
            .iter()
            .find(|(list, _)| containers && *list == rest)
    };
    direct.or_else(in_container).map(|(_, keys)| *keys)
}

fn kind_merge_keys(group: &str, kind: &str, path: &[&str]) -> Option<&'static [&'static str]> {
    let fits = |wanted: &str, found: &str| wanted == "*" || wanted == found;
    let row = KINDS.iter().find(|(of_group, of_kind, list, _)| {
        *list == path && fits(of_group, group) && fits(of_kind, kind)
    });
    row.map(|(_, _, _, keys)| *keys)
}

/// What the items of a list are called in paths: by the first merge key, with the others where that alone does not
/// tell (`53/UDP`); None for an item that has none, or shares its name with an earlier one.
pub fn item_names(keys: &[&str], items: &[Entry]) -> Vec<Option<String>> {
    let Some(first) = keys.first() else {
        return vec![None; items.len()];
    };
    let short: Vec<Option<String>> = items
        .iter()
        .map(|item| key_text(&item.value, first))
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in short.iter().flatten() {
        *counts.entry(name).or_default() += 1;
    }
    let mut long_names = BTreeSet::new();
    let name = |(item, short): (&Entry, &Option<String>)| {
        let short = short.as_ref()?;
        if counts.get(short.as_str()) == Some(&1) {
            return Some(short.clone());
        }
        long_name(keys, &item.value).filter(|name| long_names.insert(name.clone()))
    };
    items.iter().zip(&short).map(name).collect()
}

/// The whole merge key of each item, by which items of two lists are told to be the same; None where an item has
/// none, or two have the same.
pub fn item_identities(keys: &[&str], items: &[Entry]) -> Option<Vec<String>> {
    let identities: Vec<String> = items
        .iter()
        .map(|item| long_name(keys, &item.value))
        .collect::<Option<_>>()?;
    let different: BTreeSet<&String> = identities.iter().collect();
    (different.len() == identities.len()).then_some(identities)
}

fn long_name(keys: &[&str], item: &Value) -> Option<String> {
    let mut name = key_text(item, keys.first()?)?;
    for key in &keys[1..] {
        if let Some(text) = key_text(item, key).or_else(|| default_key_text(key)) {
            name.push('/');
            name.push_str(&text);
        }
    }
    Some(name)
}

/// Ports without a protocol are TCP.
fn default_key_text(key: &str) -> Option<String> {
    (key == "protocol").then(|| "TCP".to_owned())
}

fn key_text(item: &Value, key: &str) -> Option<String> {
    match &item.get(key)?.value {
        Value::String(text) => Some(text.as_ref().to_owned()),
        number => number.as_i64().map(|number| number.to_string()),
    }
}

/// The index of the item that a path calls `name`: by merge key, else a plain index.
pub(crate) fn item_index(keys: &[&str], items: &[Entry], name: &str) -> Option<usize> {
    let by_name = (!keys.is_empty())
        .then(|| {
            let short = |entry: &Entry| key_text(&entry.value, keys[0]).as_deref() == Some(name);
            let long = |entry: &Entry| long_name(keys, &entry.value).as_deref() == Some(name);
            items
                .iter()
                .position(short)
                .or_else(|| items.iter().position(long))
        })
        .flatten();
    by_name.or_else(|| name.parse().ok().filter(|index| *index < items.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_pod_specs_are_known_in_every_workload() {
        let cases: &[(&str, &str, &[&str], &[&str])] = &[
            (
                "apps",
                "Deployment",
                &["spec", "template", "spec", "containers"],
                &["name"],
            ),
            (
                "",
                "Pod",
                &["spec", "containers", "ports"],
                &["containerPort", "protocol"],
            ),
            (
                "batch",
                "CronJob",
                &[
                    "spec",
                    "jobTemplate",
                    "spec",
                    "template",
                    "spec",
                    "initContainers",
                    "env",
                ],
                &["name"],
            ),
            ("", "Service", &["spec", "ports"], &["port", "protocol"]),
            (
                "apps",
                "Deployment",
                &["spec", "template", "spec", "tolerations"],
                &[],
            ),
            (
                "apps",
                "StatefulSet",
                &["spec", "volumeClaimTemplates"],
                &[],
            ),
            ("serving.knative.dev", "Service", &["spec", "ports"], &[]),
            (
                "example.com",
                "Widget",
                &["status", "conditions"],
                &["type"],
            ),
        ];
        for (group, kind, path, expected) in cases {
            assert_eq!(merge_keys(group, kind, path), *expected, "{kind} {path:?}");
        }
    }
}
