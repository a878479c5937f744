//! Rendered objects whose API version is deprecated in the target.

use super::RuleEntry;
use super::api_removed::unchecked_target;
use crate::api_lifecycle::{ApiLife, Stage, version_text};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use manifest::Object;
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(ApiDeprecated)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("api-deprecated"),
    summary: "a rendered object has an API version that is deprecated in the target",
    severity: Severity::Warning,
    inputs: &[Input::Rendered, Input::Versions],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Group, version and kind of every rendered object, hooks included: whether the target Kubernetes version still serves it,
but marks it as deprecated. Custom resources of well-known components are judged by the component's own version; where
no image tells it, everything that some release of the component deprecated or removed is said.

## Why it matters
A deprecated version goes with a later release, and the chart has to be changed before that upgrade. Done now, it can
be tried without haste.

## What to do
Write the object for the API version that the message names, as soon as all clusters serve it.

## Flagged
```yaml
# target 1.33
apiVersion: v1
kind: Endpoints
```

## Accepted
```yaml
# target 1.33
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
```
";

struct ApiDeprecated;

impl Rule for ApiDeprecated {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        if facts.target.is_none() {
            unchecked_target(found);
        }
        for object in facts.rendered {
            let Some(life) = ApiLife::of(object) else {
                continue;
            };
            if let Some(message) = complaint(object, &life, facts) {
                found
                    .at(object, &["apiVersion"], message)
                    .help(life.advice());
            }
        }
    }
}

fn complaint(object: &Object, life: &ApiLife, facts: &Facts<'_>) -> Option<String> {
    let of_component = life.component.is_some();
    let version = life.version_after_upgrade(facts);
    match version {
        None if !of_component => return None,
        Some(version) if life.stage_in(version) != Stage::Deprecated => return None,
        _ => {}
    }
    let since = |verb: &str, version| {
        Some(format!(
            "{verb} {} {}",
            life.owner(),
            version_text(version?, of_component)
        ))
    };
    let facts = [
        since("deprecated since", life.deprecated_in),
        since("not served from", life.removed_in),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    (!facts.is_empty()).then(|| {
        let unknown = if version.is_none() {
            format!(" ({}'s version is not known)", life.owner())
        } else {
            String::new()
        };
        format!(
            "{} {} is {}{unknown}{}",
            object.api_version,
            object.kind(),
            facts.join(", "),
            life.replacement_text()
        )
    })
}
