//! Pods that more than one budget selects.

use super::RuleEntry;
use crate::budget::{Budget, PodGroup, pod_groups};
use crate::facts::Facts;
use crate::finding::{Label, Severity};
use crate::rule::{Findings, Input, Rule, RuleMeta};
use manifest::{FieldPath, primary_place};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(PdbOverlap)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("pdb-overlap"),
    summary: "more than one PodDisruptionBudget selects the same pod",
    severity: Severity::Error,
    inputs: &[Input::Rendered, Input::Capture],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Whether a pod template is selected by a rendered budget and by another one, rendered or captured. Budgets of the previous
revision of the release do not count: the upgrade replaces them.

## Why it matters
The eviction API supports one budget a pod. For two it answers 500 whatever they allow, and no drain gets past the pod.

## What to do
Keep one budget for the workload; narrow the selector of the other one, or remove it.

## Flagged
```yaml
kind: PodDisruptionBudget
metadata: {name: web}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
---
kind: PodDisruptionBudget
metadata: {name: all}
spec: {maxUnavailable: 1, selector: {}}
```

## Accepted
```yaml
kind: PodDisruptionBudget
metadata: {name: web}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
---
kind: PodDisruptionBudget
metadata: {name: db}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: db}}}
```
";

struct PdbOverlap;

impl Rule for PdbOverlap {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let groups = pod_groups(facts);
        let budgets = Budget::after_upgrade(facts);
        for budget in Budget::rendered(facts) {
            for other in budgets
                .iter()
                .filter(|other| other.object.id != budget.object.id)
            {
                if let Some(group) = shared(&budget, other, &groups) {
                    report(&budget, other, group, facts, found);
                }
            }
        }
    }
}

/// The first group with a pod that both select.
fn shared<'g, 'a>(
    left: &Budget<'a>,
    right: &Budget<'a>,
    groups: &'g [PodGroup<'a>],
) -> Option<&'g PodGroup<'a>> {
    groups.iter().find(|group| {
        let namespace = group.id.namespace.as_deref();
        group
            .labels
            .iter()
            .any(|labels| left.selects(namespace, *labels) && right.selects(namespace, *labels))
    })
}

fn report(
    budget: &Budget<'_>,
    other: &Budget<'_>,
    group: &PodGroup<'_>,
    facts: &Facts<'_>,
    found: &mut Findings<'_>,
) {
    let message = format!(
        "pods of {} are also selected by PodDisruptionBudget {}: evicting them answers 500",
        group.text(),
        other.object.name()
    );
    let finding = found.at(budget.object, &["spec", "selector"], message);
    finding
        .help("keep one budget for the workload: narrow one of the selectors, or remove a budget");
    let selector = FieldPath::keys(["spec", "selector"]);
    if let Some(blamed) = primary_place(other.object, &selector, &facts.provenance)
        && blamed.place != finding.primary.place
    {
        let message = format!("the other budget, {}", other.object.name());
        finding.related(Label {
            place: blamed.place,
            kind: blamed.kind,
            message,
            value: blamed.value,
        });
    }
}
