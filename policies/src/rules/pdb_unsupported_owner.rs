//! Budgets that need a scale which the owners of their pods do not have.

use super::RuleEntry;
use crate::budget::{Budget, Scaling, pod_groups};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(PdbUnsupportedOwner)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("pdb-unsupported-owner"),
    summary: "a PodDisruptionBudget with a percentage or maxUnavailable selects pods whose owner has no scale",
    severity: Severity::Error,
    inputs: &[Input::Rendered, Input::Capture],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Rendered budgets with a percentage or `maxUnavailable` whose selector finds pods of a DaemonSet or Job, or pods without a
controller.

## Why it matters
For both forms the disruption controller needs to know how many pods there should be, and asks the owner's scale. A
DaemonSet or Job has none: the controller gives up and allows no eviction at all, of the other selected pods neither.
Pods without a controller are simply not counted.

## What to do
Set `minAvailable` to a number, or narrow the selector. Drains leave the pods of DaemonSets alone anyway.

## Flagged
```yaml
kind: DaemonSet
---
kind: PodDisruptionBudget
spec: {maxUnavailable: 1}
```

## Accepted
```yaml
kind: DaemonSet
---
kind: PodDisruptionBudget
spec: {minAvailable: 1}
```
";

struct PdbUnsupportedOwner;

impl Rule for PdbUnsupportedOwner {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let groups = pod_groups(facts);
        for budget in Budget::rendered(facts)
            .into_iter()
            .filter(|budget| budget.demand.needs_scale())
        {
            let mut selection = budget.selection(&groups);
            selection
                .groups
                .retain(|group| !matches!(group.scaling, Scaling::Replicas(_)));
            if selection.is_empty() {
                continue;
            }
            let effect = if selection
                .groups
                .iter()
                .any(|group| group.scaling == Scaling::Unsupported)
            {
                "an owner without a scale, so that no eviction is allowed"
            } else {
                "pods without a controller, which are not counted"
            };
            let message = format!(
                "{} selects {}: {effect}",
                budget.demand_text(),
                selection.text()
            );
            found
                .on(budget.object, &[budget.demand_field()], message)
                .help("set minAvailable to a number of pods, or narrow the selector");
        }
    }
}
