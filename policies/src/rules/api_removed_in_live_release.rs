//! A stored release that holds API versions which the target does not serve.

use super::RuleEntry;
use super::api_removed::{removal, unchecked_target};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(ApiRemovedInLiveRelease)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("api-removed-in-live-release"),
    summary: "the stored release holds an API version that the target does not serve",
    severity: Severity::Error,
    inputs: &[Input::Live, Input::Versions],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
The objects of the live manifest, which is what Helm stored with the last revision, against the target Kubernetes
version.

## Why it matters
`helm upgrade` builds the objects of the stored revision before it compares. Once the cluster no longer serves one of
their versions, every upgrade and rollback fails, whatever the new chart renders.

## What to do
Upgrade the release with the replacing version while the cluster still serves the old one, or rewrite the stored
release with the plugin `helm mapkubeapis`.

## Flagged
```yaml
# live manifest, target 1.25
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
```

## Accepted
```yaml
# live manifest, target 1.25
apiVersion: policy/v1
kind: PodDisruptionBudget
```
";

struct ApiRemovedInLiveRelease;

impl Rule for ApiRemovedInLiveRelease {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let Some(live) = facts.live.as_ref().filter(|live| !live.from_revision) else {
            return found.unchecked("no live manifest was given (--live FILE)");
        };
        if facts.target.is_none() {
            unchecked_target(found);
        }
        for object in live.objects {
            if let Some((life, removed)) = removal(object, facts) {
                let what = format!("{} {}", object.api_version, object.kind());
                let message = format!("the stored release holds {what}, which {removed}");
                let finding = found.at(object, &["apiVersion"], message);
                finding.help(
                    "upgrade the release before the cluster, while the old version is still served, \
                     or rewrite the stored release with `helm mapkubeapis`",
                );
                if life.is_scheduled {
                    finding.severity(Severity::Warning);
                }
            }
        }
    }
}
