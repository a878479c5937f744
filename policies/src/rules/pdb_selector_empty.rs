//! Budgets that select every pod of their namespace.

use super::RuleEntry;
use crate::budget::Budget;
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(PdbSelectorEmpty)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("pdb-selector-empty"),
    summary: "a PodDisruptionBudget selects every pod of its namespace",
    severity: Severity::Warning,
    inputs: &[Input::Rendered],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Rendered budgets of `policy/v1` with an empty selector.

## Why it matters
In v1 `{}` selects all pods of the namespace, those of other releases too; in v1beta1 it selected none. The budget is
then one for everything together, and every other budget of the namespace overlaps with it.

## What to do
Name the labels of the workload that the budget is for.

## Flagged
```yaml
apiVersion: policy/v1
kind: PodDisruptionBudget
spec: {maxUnavailable: 1, selector: {}}
```

## Accepted
```yaml
apiVersion: policy/v1
kind: PodDisruptionBudget
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
```
";

struct PdbSelectorEmpty;

impl Rule for PdbSelectorEmpty {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        for budget in Budget::rendered(facts) {
            let is_empty = budget
                .object
                .selector()
                .is_some_and(|selector| selector.is_empty());
            if is_empty && budget.object.version() == "v1" {
                let namespace = budget.object.namespace().unwrap_or_default();
                let message =
                    format!("an empty selector selects every pod in namespace {namespace}");
                found
                    .at(budget.object, &["spec", "selector"], message)
                    .help("name the labels of the workload that the budget is for");
            }
        }
    }
}
