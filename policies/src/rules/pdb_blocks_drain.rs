//! Budgets that allow no eviction even when all their pods are healthy.

use super::RuleEntry;
use crate::budget::{Budget, BudgetStatus, Demand, Scaling, Selection, Size, pod_groups};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(PdbBlocksDrain)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("pdb-blocks-drain"),
    summary: "a PodDisruptionBudget allows no eviction even when all its pods are healthy",
    severity: Severity::Error,
    inputs: &[Input::Rendered, Input::Capture],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Every rendered budget with the arithmetic of the disruption controller: the healthy pods that it demands against the
pods that it selects. Percentages round up in both fields, so `minAvailable: 67%` of three pods demands all three. Where
an autoscaler targets the workload, its minimum counts.

## Why it matters
A drain asks again and again and never gets an answer other than 429, so that the upgrade of a node hangs until somebody
deletes the budget or the pod by hand.

## What to do
Let at least one pod go: `maxUnavailable: 1`, which stays right when the replicas change, or more replicas than
`minAvailable` demands.

## Flagged
```yaml
kind: Deployment
spec: {replicas: 2}
---
kind: PodDisruptionBudget
spec: {minAvailable: 2}
```

## Accepted
```yaml
kind: Deployment
spec: {replicas: 2}
---
kind: PodDisruptionBudget
spec: {maxUnavailable: 1}
```
";

struct PdbBlocksDrain;

impl Rule for PdbBlocksDrain {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let groups = pod_groups(facts);
        for budget in Budget::rendered(facts) {
            let selection = budget.selection(&groups);
            let Some(status) = blocking_status(&budget, &selection, Size::Smallest) else {
                continue;
            };
            if is_only_at_minimum(&budget, &selection) {
                continue;
            }
            let mut fields = vec![budget.demand_field()];
            fields.extend(selection.size_fields());
            found
                .on(budget.object, &fields, message(&budget, &selection, status))
                .help(advice(&budget, &selection));
        }
    }
}

/// The status of a budget that selects pods which drains evict and lets none of them go.
pub(super) fn blocking_status<'a>(
    budget: &Budget<'a>,
    selection: &Selection<'_, 'a>,
    size: Size,
) -> Option<BudgetStatus> {
    let status = budget
        .status_of(selection, size)
        .filter(|status| status.allowed == 0)?;
    (selection.is_evicted_by_drains() && selection.pods(size) != Some(0)).then_some(status)
}

/// Whether the budget blocks at an autoscaler's minimum, but not at the replicas that are written.
pub(super) fn is_only_at_minimum<'a>(budget: &Budget<'a>, selection: &Selection<'_, 'a>) -> bool {
    let mut scaled = selection
        .groups
        .iter()
        .filter(|group| group.autoscaler.is_some());
    let is_written = scaled.any(|group| {
        group
            .object
            .is_some_and(|object| object.at(&["spec", "replicas"]).is_some())
    });
    let blocks = |size| blocking_status(budget, selection, size).is_some();
    is_written && blocks(Size::Smallest) && !blocks(Size::Written)
}

fn message<'a>(budget: &Budget<'a>, selection: &Selection<'_, 'a>, status: BudgetStatus) -> String {
    let (demand, pods) = (budget.demand_text(), selection.text());
    match (budget.demand, selection.pods(Size::Smallest)) {
        (Demand::Nothing, _) => {
            format!("{demand} is set, so that no pod of {pods} may ever be evicted")
        }
        (_, Some(count)) if status != BudgetStatus::SYNC_FAILED => {
            let plural = if count == 1 { "" } else { "s" };
            let desired = status.desired;
            format!(
                "{demand} demands {desired} healthy of {count} pod{plural} ({pods}): none may be evicted, drains hang"
            )
        }
        _ => {
            let mut unscaled = selection.clone();
            unscaled.groups.retain(|group| {
                group.scaling != Scaling::Bare && group.replicas(Size::Written).is_none()
            });
            let owners = if unscaled.is_empty() {
                pods
            } else {
                unscaled.text()
            };
            format!(
                "{demand} needs the scale of {owners}, which has none: no pod may be evicted, drains hang"
            )
        }
    }
}

fn advice<'a>(budget: &Budget<'a>, selection: &Selection<'_, 'a>) -> &'static str {
    let is_scaled = selection
        .scale(Size::Smallest)
        .is_some_and(|scale| scale > 0);
    match budget.demand {
        demand if demand.needs_scale() && !is_scaled => {
            "set minAvailable to a number: neither percentages nor maxUnavailable work here"
        }
        _ if selection.pods(Size::Smallest) == Some(1) => {
            "run at least 2 replicas, or accept the interruption with maxUnavailable: 1"
        }
        Demand::MinAvailable(_) if !is_scaled => "lower minAvailable, or run more pods",
        Demand::MinAvailable(_) => {
            "set maxUnavailable: 1 instead of minAvailable, or run more replicas"
        }
        _ => "set maxUnavailable: 1",
    }
}
