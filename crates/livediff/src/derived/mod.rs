//! Defaults that depend on other fields: what no table can say. Named in `data/shapes.yaml`.

mod controllers;
mod pods;

use crate::defaults::same;
use manifest::Quantity;
use std::sync::Arc;
use yaml::{Entry, Map, Value};

/// Completes the map of one shape, after its children.
pub(crate) type Derived = fn(&mut Map);

/// The function of a name in the table.
pub(crate) fn derived(name: &str) -> Option<Derived> {
    Some(match name {
        "image-pull-policy" => pods::image_pull_policy,
        "service-account-twin" => pods::service_account_twin,
        "volume-source" => pods::volume_source,
        "controller-labels" => controllers::controller_labels,
        "pod-admission" => pods::pod_admission,
        "pod-requests" => pods::pod_requests,
        "pod-host-ports" => pods::pod_host_ports,
        "job-selector" => controllers::job_selector,
        "job-counts" => controllers::job_counts,
        "target-ports" => target_ports,
        "policy-types" => policy_types,
        "string-data" => string_data,
        "namespace-label" => namespace_label,
        "data-source-twin" => data_source_twin,
        "limit-defaults" => limit_defaults,
        "autoscaler-metrics" => autoscaler_metrics,
        "definition-names" => definition_names,
        _ => return None,
    })
}

fn present<'a>(map: &'a Map, key: &str) -> Option<&'a Value> {
    map.get(key)
        .map(|entry| &entry.value)
        .filter(|value| !value.is_null())
}

fn text<'a>(map: &'a Map, key: &str) -> Option<&'a str> {
    present(map, key)?.as_str()
}

fn set_default(map: &mut Map, key: &str, value: Value) {
    if present(map, key).is_none() {
        map.insert(key.into(), Entry::unmarked(value));
    }
}

/// The map under a key, if it is one, for changes.
fn inner<'a>(map: &'a mut Map, key: &str) -> Option<&'a mut Map> {
    match &mut map.get_mut(key)?.value {
        Value::Map(inner) => Some(Arc::make_mut(inner)),
        _ => None,
    }
}

/// Applies a change to every map in the list under a key.
fn each(map: &mut Map, key: &str, change: &mut dyn FnMut(&mut Map)) {
    let Some(Entry {
        value: Value::List(items),
        ..
    }) = map.get_mut(key)
    else {
        return;
    };
    for item in Arc::make_mut(items) {
        if let Value::Map(item) = &mut item.value {
            change(Arc::make_mut(item));
        }
    }
}

/// Keeps the items of the list under a key that pass.
fn keep(map: &mut Map, key: &str, passes: &dyn Fn(&Value) -> bool) {
    if let Some(Entry {
        value: Value::List(items),
        ..
    }) = map.get_mut(key)
        && !items.iter().all(|item| passes(&item.value))
    {
        Arc::make_mut(items).retain(|item| passes(&item.value));
    }
}

/// A Service's port goes to the same number, unless the Service is headless by name only.
fn target_ports(service: &mut Map) {
    let Some(spec) = inner(service, "spec") else {
        return;
    };
    each(spec, "ports", &mut |port| {
        if let Some(number) = present(port, "port").cloned() {
            set_default(port, "targetPort", number);
        }
    });
}

fn policy_types(spec: &mut Map) {
    let mut types = vec![Entry::unmarked(Value::from("Ingress"))];
    if present(spec, "egress")
        .and_then(Value::as_list)
        .is_some_and(|rules| !rules.is_empty())
    {
        types.push(Entry::unmarked(Value::from("Egress")));
    }
    set_default(spec, "policyTypes", Value::list(types));
}

/// `stringData` is merged into `data`. Marks stay, so that places do.
fn string_data(secret: &mut Map) {
    let Some(Entry {
        value: Value::Map(plain),
        ..
    }) = secret.remove("stringData")
    else {
        return;
    };
    set_default(secret, "data", Value::map(Map::new()));
    let Some(data) = inner(secret, "data") else {
        return;
    };
    for (key, entry) in plain.iter() {
        let text = entry.value.as_str().unwrap_or_default();
        let encoded = Value::from(manifest::base64_encode(text.as_bytes()).as_str());
        data.insert(
            Arc::clone(key),
            Entry {
                value: encoded,
                mark: entry.mark,
            },
        );
    }
}

/// The server sets this label, whatever the manifest says.
fn namespace_label(namespace: &mut Map) {
    let name =
        inner(namespace, "metadata").and_then(|metadata| text(metadata, "name").map(str::to_owned));
    let Some(metadata) = inner(namespace, "metadata") else {
        return;
    };
    set_default(metadata, "labels", Value::map(Map::new()));
    if let (Some(labels), Some(name)) = (inner(metadata, "labels"), name) {
        labels.insert(
            "kubernetes.io/metadata.name".into(),
            Entry::unmarked(Value::from(&*name)),
        );
    }
}

/// `dataSource` and `dataSourceRef` stand for each other in one namespace.
fn data_source_twin(spec: &mut Map) {
    for (from, to) in [
        ("dataSource", "dataSourceRef"),
        ("dataSourceRef", "dataSource"),
    ] {
        let other = present(spec, from)
            .filter(|source| source.at(&["namespace"]).is_none())
            .cloned();
        if let Some(source) = other {
            set_default(spec, to, source);
        }
    }
}

/// For containers: limits default to the maximum, requests to the limits, else to the minimum.
fn limit_defaults(item: &mut Map) {
    if text(item, "type") != Some("Container") {
        return;
    }
    for (from, to) in [
        ("max", "default"),
        ("default", "defaultRequest"),
        ("min", "defaultRequest"),
    ] {
        let Some(amounts) = present(item, from).and_then(Value::as_map).cloned() else {
            continue;
        };
        set_default(item, to, Value::map(Map::new()));
        let Some(target) = inner(item, to) else {
            continue;
        };
        for (name, amount) in amounts {
            set_default(target, &name, amount.value);
        }
    }
}

/// `autoscaling/v1` has one number for what `v2` has a metric for; without metrics it is 80 % cpu.
fn autoscaler_metrics(spec: &mut Map) {
    let old = spec
        .remove("targetCPUUtilizationPercentage")
        .and_then(|entry| entry.value.as_i64());
    let missing = present(spec, "metrics")
        .and_then(Value::as_list)
        .is_none_or(<[Entry]>::is_empty);
    if !missing {
        return;
    }
    let entry = |key: &str, value: Value| (Arc::from(key), Entry::unmarked(value));
    let target = Value::map(Map::from([
        entry("type", Value::from("Utilization")),
        entry("averageUtilization", Value::Int(old.unwrap_or(80))),
    ]));
    let resource = Value::map(Map::from([
        entry("name", Value::from("cpu")),
        entry("target", target),
    ]));
    let metric = Value::map(Map::from([
        entry("type", Value::from("Resource")),
        entry("resource", resource),
    ]));
    spec.insert(
        "metrics".into(),
        Entry::unmarked(Value::list(vec![Entry::unmarked(metric)])),
    );
}

fn definition_names(spec: &mut Map) {
    let Some(names) = inner(spec, "names") else {
        return;
    };
    let Some(kind) = text(names, "kind").map(str::to_owned) else {
        return;
    };
    set_default(names, "singular", Value::from(&*kind.to_lowercase()));
    set_default(names, "listKind", Value::from(&*format!("{kind}List")));
}

/// Whether two texts or numbers are the same amount.
pub(crate) fn same_quantity(left: &Value, right: &Value) -> bool {
    match (Quantity::from_value(left), Quantity::from_value(right)) {
        (Some(left), Some(right)) => left == right,
        _ => same(left, right),
    }
}
