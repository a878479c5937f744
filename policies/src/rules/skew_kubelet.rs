//! Kubelets outside the window that the API servers allow, now and after each hop of the upgrade.

use super::RuleEntry;
use crate::cluster::kubelet_version;
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use crate::version_window::{Window, unchecked_api_version};
use manifest::KubeVersion;
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(SkewKubelet)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("skew-kubelet"),
    summary: "a node's kubelet is newer than an API server, or too old for one",
    severity: Severity::Error,
    inputs: &[Input::Capture, Input::Versions],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
The kubelet of every captured node against the API servers: never newer than the oldest, and at most three minors older
than the newest (two if the kubelet is older than 1.25). It looks at the cluster as it is, and at the API servers after
each hop to the target version with the kubelets that run now.

## Why it matters
Outside this window Kubernetes promises nothing: nodes may not register, and pods may not start or be reported wrongly.
The control plane cannot be taken back, so the time to find out is before.

## What to do
Upgrade the nodes that are named, minor by minor, before the control plane goes further. A kubelet that is newer than
the API server waits for the control plane.

## Flagged
```yaml
# API server 1.34
kind: Node
status: {nodeInfo: {kubeletVersion: v1.35.0}}
```

## Accepted
```yaml
# API server 1.34
kind: Node
status: {nodeInfo: {kubeletVersion: v1.31.9}}
```
";

struct SkewKubelet;

impl Rule for SkewKubelet {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let Some(cluster) = facts.cluster else {
            return found.unchecked("no cluster capture was given (--capture FILE)");
        };
        if cluster.nodes().next().is_none() {
            return found.unchecked(
                "no capture shows nodes (--capture FILE with `kubectl get nodes -o json`)",
            );
        }
        let Some(window) = Window::of(&facts.api_server_versions()) else {
            return unchecked_api_version(found);
        };
        let windows: Vec<Window> = std::iter::once(window)
            .chain(facts.hops().into_iter().map(Window::after))
            .collect();
        for node in cluster.nodes() {
            let Some(kubelet) = kubelet_version(node) else {
                continue;
            };
            if let Some(message) = windows
                .iter()
                .find_map(|window| window.refuses("kubelet", kubelet))
            {
                found
                    .at(
                        node,
                        &["status", "nodeInfo", "kubeletVersion"],
                        format!("{message} (node {})", node.name()),
                    )
                    .help(advice(kubelet, window));
            }
        }
    }
}

fn advice(kubelet: KubeVersion, now: Window) -> &'static str {
    if now.is_older_than(kubelet) {
        "upgrade the control plane first"
    } else {
        "upgrade the node's kubelet, minor by minor, before the control plane goes on"
    }
}
