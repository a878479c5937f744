//! Defaults of pods and their containers.

use super::{each, inner, keep, present, set_default, text};
use manifest::ImageRef;
use yaml::{Entry, Map, Value};

/// `Always` for `latest` (also where no tag is written), else `IfNotPresent`.
pub(super) fn image_pull_policy(container: &mut Map) {
    let image = text(container, "image").and_then(ImageRef::parse);
    let latest = image
        .is_some_and(|image| image.effective_tag() == Some("latest") && image.digest.is_none());
    set_default(
        container,
        "imagePullPolicy",
        Value::from(if latest { "Always" } else { "IfNotPresent" }),
    );
}

/// `serviceAccount` is the old name of `serviceAccountName`.
pub(super) fn service_account_twin(spec: &mut Map) {
    if let Some(entry) = spec.remove("serviceAccount")
        && let Some(name) = entry.value.as_str().filter(|name| !name.is_empty())
    {
        set_default(spec, "serviceAccountName", Value::from(name));
    }
}

/// A volume without a source is an emptyDir.
pub(super) fn volume_source(volume: &mut Map) {
    if volume
        .iter()
        .all(|(key, entry)| &**key == "name" || entry.value.is_null())
    {
        volume.insert("emptyDir".into(), Entry::unmarked(Value::map(Map::new())));
    }
}

/// What admission adds to Pods (not to templates) is filled in where it is a plain value, and left out where it has
/// a place in a list: tolerations for lost nodes, and the service account's token.
pub(super) fn pod_admission(pod: &mut Map) {
    let Some(spec) = inner(pod, "spec") else {
        return;
    };
    set_default(spec, "enableServiceLinks", Value::Bool(true));
    set_default(
        spec,
        "preemptionPolicy",
        Value::from("PreemptLowerPriority"),
    );
    set_default(spec, "priority", Value::Int(0));
    keep(spec, "tolerations", &|item| {
        let text = |field: &str| {
            item.at(&[field])
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let lost = matches!(
            text("key"),
            "node.kubernetes.io/not-ready" | "node.kubernetes.io/unreachable"
        );
        let seconds = item.at(&["tolerationSeconds"]).and_then(Value::as_i64);
        !(lost
            && text("operator") == "Exists"
            && text("effect") == "NoExecute"
            && seconds == Some(300))
    });
    let by_hand = |item: &Value| {
        !item
            .at(&["name"])
            .and_then(Value::as_str)
            .is_some_and(|name| name.starts_with("kube-api-access-"))
    };
    keep(spec, "volumes", &by_hand);
    for list in ["containers", "initContainers"] {
        each(spec, list, &mut |container| {
            keep(container, "volumeMounts", &by_hand);
        });
    }
}

/// In Pods (not in templates) requests that are missing are the limits.
pub(super) fn pod_requests(pod: &mut Map) {
    let Some(spec) = inner(pod, "spec") else {
        return;
    };
    for list in ["containers", "initContainers"] {
        each(spec, list, &mut |container| {
            let Some(resources) = inner(container, "resources") else {
                return;
            };
            let Some(limits) = present(resources, "limits")
                .and_then(Value::as_map)
                .cloned()
            else {
                return;
            };
            set_default(resources, "requests", Value::map(Map::new()));
            let Some(requests) = inner(resources, "requests") else {
                return;
            };
            for (name, limit) in limits {
                set_default(requests, &name, limit.value);
            }
        });
    }
}

/// On the host's network a Pod's container ports are host ports.
pub(super) fn pod_host_ports(pod: &mut Map) {
    let Some(spec) = inner(pod, "spec") else {
        return;
    };
    if present(spec, "hostNetwork").and_then(Value::as_bool) != Some(true) {
        return;
    }
    for list in ["containers", "initContainers"] {
        each(spec, list, &mut |container| {
            each(container, "ports", &mut |port| {
                if let Some(number) = present(port, "containerPort").cloned() {
                    set_default(port, "hostPort", number);
                }
            });
        });
    }
}
