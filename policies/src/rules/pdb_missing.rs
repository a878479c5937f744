//! Workloads of several replicas that no budget selects.

use super::RuleEntry;
use crate::budget::{Budget, PodGroup, Scaling, pod_groups};
use crate::facts::Facts;
use crate::finding::{Finding, Label, Severity};
use crate::rule::{Findings, Input, Rule, RuleMeta};
use crate::settings::Settings;
use crate::switched_off::{SwitchedOff, switched_off};
use manifest::{FieldAt, FieldPath, Object};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: PdbMissing::from_settings,
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("pdb-missing"),
    summary: "no PodDisruptionBudget selects a workload of several replicas",
    severity: Severity::Warning,
    inputs: &[Input::Rendered, Input::Capture],
    docs: DOCS,
    settings: &[(
        "critical",
        "names of workloads for which a missing budget is an error, as it is for StatefulSets",
    )],
};

const DOCS: &str = "\
## What it checks
Whether some budget, rendered or captured, selects the pods of every Deployment and StatefulSet that has at least two
replicas, or an autoscaler with a minimum of at least two. Where the chart has a budget in a branch that these values do
not take, the help says which value decides it.

## Why it matters
Without a budget a drain evicts all replicas of a node at once, and an upgrade that drains several nodes can take a
workload down although it has replicas enough. For StatefulSets this can cost quorum, hence it is an error there.

## What to do
Add a budget with `maxUnavailable: 1`, or switch on the one that the chart has.

## Flagged
```yaml
kind: Deployment
spec: {replicas: 3}
```

## Accepted
```yaml
kind: Deployment
spec: {replicas: 3, template: {metadata: {labels: {app: web}}}}
---
kind: PodDisruptionBudget
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
```
";

struct PdbMissing {
    critical: Vec<String>,
}

impl PdbMissing {
    fn from_settings(settings: &Settings<'_>) -> Result<Box<dyn Rule>, String> {
        Ok(Box::new(Self {
            critical: settings.strings("critical")?,
        }))
    }

    fn is_critical(&self, object: &Object) -> bool {
        object.kind() == "StatefulSet" || self.critical.iter().any(|name| name == object.name())
    }
}

impl Rule for PdbMissing {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let budgets = Budget::after_upgrade(facts);
        for group in pod_groups(facts).iter().filter(|group| group.is_rendered) {
            let labels = group.labels.first().copied().flatten();
            let is_guarded = budgets
                .iter()
                .any(|budget| budget.selects(group.id.namespace.as_deref(), labels));
            if let (Some(object), Some((count, field)), false) =
                (group.object, several_replicas(group), is_guarded)
            {
                let message = format!(
                    "no PodDisruptionBudget selects {} with {count} replicas",
                    group.text()
                );
                let finding = found.on(object, &[field], message);
                // A severity that the configuration chose stays.
                if self.is_critical(object) && finding.severity == META.severity {
                    finding.severity(Severity::Error);
                }
                advise(finding, &switched_off("PodDisruptionBudget", object, facts));
            }
        }
    }
}

/// The number of replicas of a Deployment or StatefulSet that has several, and the field that says so.
fn several_replicas<'a>(group: &PodGroup<'a>) -> Option<(i64, FieldAt<'a>)> {
    let object = group
        .object
        .filter(|object| matches!(object.kind(), "Deployment" | "StatefulSet"))?;
    let Scaling::Replicas(replicas) = group.scaling else {
        return None;
    };
    if replicas >= 2 {
        return Some((
            replicas,
            FieldAt::new(object, FieldPath::keys(["spec", "replicas"])),
        ));
    }
    let autoscaler = group
        .autoscaler
        .as_ref()
        .filter(|autoscaler| autoscaler.minimum >= 2)?;
    Some((autoscaler.minimum, autoscaler.minimum_field()))
}

fn advise(finding: &mut Finding, off: &[SwitchedOff]) {
    if off.is_empty() {
        finding.help("add a PodDisruptionBudget with maxUnavailable: 1 that selects its pods");
        return;
    }
    let texts: Vec<String> = off.iter().map(SwitchedOff::text).collect();
    finding.help(format!(
        "the chart has a budget that these values leave out: {}",
        texts.join("; ")
    ));
    for reason in off {
        for (value, place, kind) in &reason.values {
            let message = format!("`{value}` decides {}", reason.template);
            let (place, kind) = (place.clone(), *kind);
            if place != finding.primary.place
                && finding.related.iter().all(|label| label.place != place)
            {
                finding.related(Label {
                    place,
                    kind,
                    message,
                    value: Some(value.clone()),
                });
            }
        }
    }
}
