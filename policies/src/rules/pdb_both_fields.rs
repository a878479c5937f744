//! Budgets with both `minAvailable` and `maxUnavailable`.

use super::RuleEntry;
use crate::budget::Budget;
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use manifest::{FieldAt, FieldPath};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(PdbBothFields)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("pdb-both-fields"),
    summary: "a PodDisruptionBudget sets both minAvailable and maxUnavailable",
    severity: Severity::Error,
    inputs: &[Input::Rendered],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Whether a rendered budget sets `minAvailable` and `maxUnavailable` together.

## Why it matters
The API server refuses such a budget, and with it the upgrade. It happens when an overlay sets one field and the chart's
default sets the other.

## What to do
Keep one of them. To take a default away in an overlay, set it to `null` there.

## Flagged
```yaml
kind: PodDisruptionBudget
spec: {minAvailable: 1, maxUnavailable: 1}
```

## Accepted
```yaml
kind: PodDisruptionBudget
spec: {maxUnavailable: 1}
```
";

struct PdbBothFields;

impl Rule for PdbBothFields {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        for budget in Budget::rendered(facts) {
            let object = budget.object;
            let is_set = |key| {
                object
                    .at(&["spec", key])
                    .is_some_and(|value| !value.is_null())
            };
            if is_set("minAvailable") && is_set("maxUnavailable") {
                let field = |key| FieldAt::new(object, FieldPath::keys(["spec", key]));
                found
                    .on(
                        object,
                        &[field("minAvailable"), field("maxUnavailable")],
                        "minAvailable and maxUnavailable are both set: the API server refuses the budget",
                    )
                    .help("keep one of them; an overlay takes a default away with null");
            }
        }
    }
}
