//! Budgets over a workload of one replica.

use super::RuleEntry;
use crate::budget::{Budget, Size, pod_groups};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(PdbSingleReplica)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("pdb-single-replica"),
    summary: "a PodDisruptionBudget guards a single replica",
    severity: Severity::Warning,
    inputs: &[Input::Rendered, Input::Capture],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Rendered budgets whose pods come from one replica in all: `spec.replicas`, or the minimum of the autoscaler that targets
the workload.

## Why it matters
With one replica a budget can only choose between two evils: it lets the only pod go, and is of no use, or it blocks
every drain.

## What to do
Run two replicas, or leave the budget out and accept the interruption.

## Flagged
```yaml
kind: StatefulSet
spec: {replicas: 1}
---
kind: PodDisruptionBudget
spec: {maxUnavailable: 1}
```

## Accepted
```yaml
kind: StatefulSet
spec: {replicas: 2}
---
kind: PodDisruptionBudget
spec: {maxUnavailable: 1}
```
";

struct PdbSingleReplica;

impl Rule for PdbSingleReplica {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let groups = pod_groups(facts);
        for budget in Budget::rendered(facts) {
            let selection = budget.selection(&groups);
            if selection.scale(Size::Smallest) == Some(1) {
                let mut fields = vec![budget.demand_field()];
                fields.extend(selection.size_fields());
                let message = format!(
                    "{} guards the only replica of {}",
                    budget.demand_text(),
                    selection.text()
                );
                found
                    .on(budget.object, &fields, message)
                    .help("run at least 2 replicas, or leave the budget out");
            }
        }
    }
}
