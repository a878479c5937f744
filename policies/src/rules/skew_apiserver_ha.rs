//! API servers of one cluster that are more than a minor apart.

use super::RuleEntry;
use super::skew_control_plane::image_path;
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(SkewApiserverHa)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("skew-apiserver-ha"),
    summary: "API servers of one cluster are more than one minor apart",
    severity: Severity::Error,
    inputs: &[Input::Capture],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
The API servers of a cluster with several control plane nodes: the newest is at most one minor ahead of the oldest.

## Why it matters
Clients reach any of them. Two minors apart they serve different APIs and store objects that the other cannot read.

## What to do
Upgrade the API server that is named until all are at one minor, before anything else is changed.

## Flagged
```yaml
# beside an API server 1.34
kind: Pod
metadata: {name: kube-apiserver-b, namespace: kube-system, labels: {component: kube-apiserver}}
spec: {containers: [{name: kube-apiserver, image: \"registry.k8s.io/kube-apiserver:v1.32.9\"}]}
```

## Accepted
```yaml
# beside an API server 1.34
kind: Pod
metadata: {name: kube-apiserver-b, namespace: kube-system, labels: {component: kube-apiserver}}
spec: {containers: [{name: kube-apiserver, image: \"registry.k8s.io/kube-apiserver:v1.33.5\"}]}
```
";

struct SkewApiserverHa;

impl Rule for SkewApiserverHa {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let Some(cluster) = facts.cluster else {
            return found.unchecked("no cluster capture was given (--capture FILE)");
        };
        let servers = cluster.api_servers();
        let Some(newest) = servers.iter().max_by_key(|server| server.version) else {
            return found.unchecked(
                "no capture shows the API servers' pods (--capture FILE with `kubectl get pods -n kube-system -o json`)",
            );
        };
        for server in &servers {
            let behind = newest
                .version
                .minors_ahead_of(server.version)
                .unwrap_or_default();
            if behind <= 1 {
                continue;
            }
            let message = format!(
                "API server {} ({}) is {behind} minors behind API server {} ({}), at most 1 is allowed",
                server.version.minor_text(),
                server.pod.name(),
                newest.version.minor_text(),
                newest.pod.name()
            );
            found
                .at(server.pod, &[], message)
                .help("bring all API servers to one minor before anything else is changed")
                .field = image_path(server.pod, server.component);
        }
    }
}
