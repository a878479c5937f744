//! Defaults of Jobs and ReplicationControllers.

use super::{inner, present, set_default};
use yaml::{Map, Value};

/// The selector and the labels that the server makes up for a Job are nobody's.
pub(super) fn job_selector(job: &mut Map) {
    const MADE_UP: &[&str] = &[
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-name",
        "controller-uid",
        "job-name",
    ];
    let made_up = |key: &str| MADE_UP.contains(&key);
    let Some(spec) = inner(job, "spec") else {
        return;
    };
    let selector = spec
        .get("selector")
        .and_then(|selector| selector.value.at(&["matchLabels"]));
    if selector
        .and_then(Value::as_map)
        .is_some_and(|labels| labels.keys().all(|key| made_up(key)))
    {
        spec.remove("selector");
    }
    let Some(template) = inner(spec, "template") else {
        return;
    };
    let Some(metadata) = inner(template, "metadata") else {
        return;
    };
    if let Some(labels) = inner(metadata, "labels") {
        labels.retain(|key, _| !made_up(key));
        if labels.is_empty() {
            metadata.remove("labels");
        }
    }
}

/// A Job without numbers runs one pod; a work queue (parallelism alone) has no completions.
pub(super) fn job_counts(spec: &mut Map) {
    let (completions, parallelism) = (present(spec, "completions"), present(spec, "parallelism"));
    if completions.is_none() && parallelism.is_none() {
        set_default(spec, "completions", Value::Int(1));
    }
    set_default(spec, "parallelism", Value::Int(1));
    let per_index = present(spec, "backoffLimitPerIndex").is_some();
    set_default(
        spec,
        "backoffLimit",
        Value::Int(if per_index { i64::from(i32::MAX) } else { 6 }),
    );
    let by_policy = present(spec, "podFailurePolicy").is_some();
    let replacement = if by_policy {
        "Failed"
    } else {
        "TerminatingOrFailed"
    };
    set_default(spec, "podReplacementPolicy", Value::from(replacement));
}

/// A ReplicationController takes its selector and its own labels from the template.
pub(super) fn controller_labels(controller: &mut Map) {
    let labels = controller
        .get("spec")
        .and_then(|spec| spec.value.at(&["template", "metadata", "labels"]))
        .cloned();
    let Some(labels) = labels else { return };
    if let Some(spec) = inner(controller, "spec") {
        set_default(spec, "selector", labels.clone());
    }
    if let Some(metadata) = inner(controller, "metadata") {
        set_default(metadata, "labels", labels);
    }
}
