//! Budgets whose selector finds no pod.

use super::RuleEntry;
use crate::budget::{Budget, pod_groups};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use manifest::{Object, SelectorOperator};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(PdbMatchesNothing)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("pdb-matches-nothing"),
    summary: "a PodDisruptionBudget selects no pod template",
    severity: Severity::Warning,
    inputs: &[Input::Rendered, Input::Capture],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
The selector of every rendered budget against the labels of all pod templates in its namespace: those that the chart
renders and, with a capture, those of the cluster.

## Why it matters
A budget that selects nothing looks like protection and is none: a drain takes all replicas at once.

## What to do
Write the labels of the pod template into the selector, usually with the same named template that the workload uses. A
missing selector selects nothing either.

## Flagged
```yaml
kind: Deployment
spec: {template: {metadata: {labels: {app: web}}}}
---
kind: PodDisruptionBudget
spec: {maxUnavailable: 1, selector: {matchLabels: {app: wbe}}}
```

## Accepted
```yaml
kind: Deployment
spec: {template: {metadata: {labels: {app: web}}}}
---
kind: PodDisruptionBudget
spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
```
";

struct PdbMatchesNothing;

impl Rule for PdbMatchesNothing {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let groups = pod_groups(facts);
        for budget in Budget::rendered(facts) {
            if budget.selection(&groups).is_empty() {
                let selector = selector_text(budget.object);
                let namespace = budget.object.namespace().unwrap_or_default();
                let message =
                    format!("selector {selector} matches no pod template in namespace {namespace}");
                found
                    .at(budget.object, &["spec", "selector"], message)
                    .help("write the labels of the pod template that the budget is for into its selector");
            }
        }
    }
}

/// As `kubectl` writes selectors: `app=web,tier in (a, b)`.
fn selector_text(budget: &Object) -> String {
    let Some(selector) = budget.selector() else {
        let is_written = budget
            .at(&["spec", "selector"])
            .is_some_and(|value| !value.is_null());
        return if is_written { "(invalid)" } else { "(none)" }.to_owned();
    };
    let labels = selector
        .match_labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"));
    let expressions = selector.expressions.iter().map(|expression| {
        let (key, values) = (&expression.key, expression.values.join(", "));
        match expression.operator {
            SelectorOperator::In => format!("{key} in ({values})"),
            SelectorOperator::NotIn => format!("{key} notin ({values})"),
            SelectorOperator::Exists => key.clone(),
            SelectorOperator::DoesNotExist => format!("!{key}"),
        }
    });
    let parts: Vec<String> = labels.chain(expressions).collect();
    if parts.is_empty() {
        "{}".to_owned()
    } else {
        format!("`{}`", parts.join(","))
    }
}
