//! Budgets that allow no eviction once the autoscaler has gone down to its minimum.

use super::RuleEntry;
use super::pdb_blocks_drain::is_only_at_minimum;
use crate::budget::{Budget, PodGroup, Selection, Size, pod_groups};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use manifest::FieldAt;
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(PdbBlocksAtHpaMinimum)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("pdb-blocks-at-hpa-minimum"),
    summary: "a PodDisruptionBudget allows no eviction at the autoscaler's minimum",
    severity: Severity::Error,
    inputs: &[Input::Rendered, Input::Capture],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Rendered budgets over workloads that a HorizontalPodAutoscaler or a ScaledObject of KEDA targets: whether they let a pod
go at `spec.replicas`, but none at the autoscaler's minimum.

## Why it matters
The budget works while there is load. At night, when nodes are upgraded, the autoscaler is at its minimum, and every
drain hangs.

## What to do
Raise the autoscaler's minimum above what the budget demands, or set `maxUnavailable: 1`, which is right at every size.

## Flagged
```yaml
kind: HorizontalPodAutoscaler
spec: {minReplicas: 2}   # the Deployment has replicas: 4
---
kind: PodDisruptionBudget
spec: {minAvailable: 2}
```

## Accepted
```yaml
kind: HorizontalPodAutoscaler
spec: {minReplicas: 3}
---
kind: PodDisruptionBudget
spec: {minAvailable: 2}
```
";

struct PdbBlocksAtHpaMinimum;

impl Rule for PdbBlocksAtHpaMinimum {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let groups = pod_groups(facts);
        for budget in Budget::rendered(facts) {
            let selection = budget.selection(&groups);
            if is_only_at_minimum(&budget, &selection) {
                found
                    .on(budget.object, &fields(&budget, &selection), message(&budget, &selection))
                    .help("raise the autoscaler's minimum above what the budget demands, or set maxUnavailable: 1");
            }
        }
    }
}

/// The budget's field, then the minimums: the written replicas are not what blocks.
fn fields<'a>(budget: &Budget<'a>, selection: &Selection<'_, 'a>) -> Vec<FieldAt<'a>> {
    let scalers = selection
        .groups
        .iter()
        .filter_map(|group| group.autoscaler.as_ref());
    std::iter::once(budget.demand_field())
        .chain(scalers.map(|scaler| scaler.minimum_field()))
        .collect()
}

fn message<'a>(budget: &Budget<'a>, selection: &Selection<'_, 'a>) -> String {
    let minimum = |group: &&PodGroup<'a>| {
        let scaler = group.autoscaler.as_ref()?;
        Some(format!(
            "{} {} at its minimum of {}",
            scaler.object.kind(),
            scaler.object.name(),
            scaler.minimum
        ))
    };
    let minimums: Vec<String> = selection.groups.iter().filter_map(minimum).collect();
    let written = selection.pods(Size::Written).unwrap_or_default();
    format!(
        "{} allows no eviction of {} with {}, though it does at {written} pods",
        budget.demand_text(),
        selection.text(),
        minimums.join(", ")
    )
}
