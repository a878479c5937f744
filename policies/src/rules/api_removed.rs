//! Rendered objects whose API version the target does not serve.

use super::RuleEntry;
use crate::api_lifecycle::{ApiLife, Stage, version_text};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use manifest::Object;
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(ApiRemoved)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("api-removed"),
    summary: "a rendered object has an API version that the target does not serve",
    severity: Severity::Error,
    inputs: &[Input::Rendered, Input::Versions],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Group, version and kind of every rendered object, hooks included, against the Kubernetes version of the target. Custom
resources of well-known components are judged by the component's own version, as the tag of its image tells it. Removals
that are only scheduled are warnings, since their release may still move.

## Why it matters
The API server answers `no matches for kind`, and the upgrade of the release fails as a whole.

## What to do
Write the object for the API version that the message names. Mind what changes with it: the help says so where fields or
defaults are others.

## Flagged
```yaml
# target 1.25
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
```

## Accepted
```yaml
# target 1.25
apiVersion: policy/v1
kind: PodDisruptionBudget
```
";

struct ApiRemoved;

impl Rule for ApiRemoved {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        if facts.target.is_none() {
            unchecked_target(found);
        }
        for object in facts.rendered {
            if let Some((life, removed)) = removal(object, facts) {
                let message = format!("{} {} {removed}", object.api_version, object.kind());
                let finding = found
                    .at(object, &["apiVersion"], message)
                    .help(life.advice());
                if life.is_scheduled {
                    finding.severity(Severity::Warning);
                }
            }
        }
    }
}

/// Says which flag would give the version to judge by.
pub(super) fn unchecked_target(found: &mut Findings<'_>) {
    found.unchecked("the target Kubernetes version is not known (--target-version VERSION, or --current-version VERSION)");
}

/// What the table says about an object whose API version is gone after the upgrade, and that as the predicate of a
/// sentence: `is not served from Kubernetes 1.25 on (target 1.25); use policy/v1`.
pub(super) fn removal(object: &Object, facts: &Facts<'_>) -> Option<(ApiLife, String)> {
    let life = ApiLife::of(object)?;
    let version = life.version_after_upgrade(facts)?;
    if life.stage_in(version) != Stage::Removed {
        return None;
    }
    let of_component = life.component.is_some();
    let (owner, removed) = (life.owner(), version_text(life.removed_in?, of_component));
    let when = version_text(version, of_component);
    let when = if of_component {
        format!("{owner} {when} runs")
    } else {
        format!("target {when}")
    };
    let text = match life.is_scheduled {
        true => format!("is to be removed in {owner} {removed} ({when})"),
        false => format!("is not served from {owner} {removed} on ({when})"),
    };
    let text = text + &life.replacement_text();
    Some((life, text))
}
