//! Budgets that leave it to the default whether unhealthy pods may be evicted.

use super::RuleEntry;
use crate::budget::Budget;
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(PdbUnhealthyPolicy)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("pdb-unhealthy-policy"),
    summary: "a PodDisruptionBudget does not say whether unhealthy pods may be evicted",
    severity: Severity::Info,
    inputs: &[Input::Rendered],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Rendered budgets without `unhealthyPodEvictionPolicy`. A policy that is written, whichever it is, was chosen.

## Why it matters
By default (`IfHealthyBudget`) a pod that is not ready may go only while the others satisfy the budget. A workload that
crashes on all nodes can then not be evicted, and blocks the drain that would bring its fix.

## What to do
Set `unhealthyPodEvictionPolicy: AlwaysAllow`, unless pods that are not ready hold data which must not be lost.

## Flagged
```yaml
kind: PodDisruptionBudget
spec: {maxUnavailable: 1}
```

## Accepted
```yaml
kind: PodDisruptionBudget
spec: {maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow}
```
";

struct PdbUnhealthyPolicy;

impl Rule for PdbUnhealthyPolicy {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        for budget in Budget::rendered(facts) {
            if budget
                .object
                .str_at(&["spec", "unhealthyPodEvictionPolicy"])
                .is_none()
            {
                found
                    .at(
                        budget.object,
                        &["spec", "unhealthyPodEvictionPolicy"],
                        "unhealthy pods can block drains: the default policy is IfHealthyBudget",
                    )
                    .help("set unhealthyPodEvictionPolicy: AlwaysAllow");
            }
        }
    }
}
