//! Nodes that were upgraded before the control plane.

use super::RuleEntry;
use crate::cluster::{Cluster, is_control_plane, kubelet_version};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use crate::version_window::unchecked_api_version;
use manifest::{KubeVersion, Object};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(UpgradeOrder)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("upgrade-order"),
    summary: "a node is ahead of its control plane",
    severity: Severity::Error,
    inputs: &[Input::Capture, Input::Versions],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
Whether the order was kept so far: first control plane node, other control plane nodes, workers. A control plane node must
not be a minor ahead of its own API server, and a worker not ahead of any API server or control plane node.

## Why it matters
A worker that is ahead asks an older API server for what it does not know. And an upgrade that stands half done in the
wrong order is usually one that nobody is watching any more.

## What to do
Upgrade the control plane that is named, then go on with the workers.

## Flagged
```yaml
# a control plane node is at 1.33
kind: Node
metadata: {name: worker-1}
status: {nodeInfo: {kubeletVersion: v1.34.0}}
```

## Accepted
```yaml
# the control plane is at 1.34
kind: Node
metadata: {name: worker-1}
status: {nodeInfo: {kubeletVersion: v1.34.0}}
```
";

struct UpgradeOrder;

/// Something that has to be upgraded before a node.
struct Ahead {
    name: String,
    version: KubeVersion,
}

impl Rule for UpgradeOrder {
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
        let servers = api_servers(cluster, facts);
        if servers.is_empty() {
            return unchecked_api_version(found);
        }
        for node in cluster.nodes() {
            let Some(kubelet) = kubelet_version(node) else {
                continue;
            };
            let first = if is_control_plane(node) {
                own_server(cluster, node)
            } else {
                slowest(cluster, &servers)
            };
            let Some(first) = first.filter(|first| kubelet.to_minor() > first.version.to_minor())
            else {
                continue;
            };
            let (shown, before) = (kubelet.minor_text(), first.version.minor_text());
            let message = format!(
                "node {} is at {shown}, ahead of {} at {before}",
                node.name(),
                first.name
            );
            found
                .at(node, &["status", "nodeInfo", "kubeletVersion"], message)
                .help("the order is first control plane node, other control plane nodes, workers");
        }
    }
}

fn api_servers(cluster: &Cluster, facts: &Facts<'_>) -> Vec<Ahead> {
    let pods = cluster.api_servers();
    if pods.is_empty() {
        let versions = facts.api_server_versions().into_iter();
        return versions
            .map(|version| Ahead {
                name: "the control plane".to_owned(),
                version,
            })
            .collect();
    }
    pods.iter()
        .map(|pod| Ahead {
            name: format!("control plane {}", pod.pod.name()),
            version: pod.version,
        })
        .collect()
}

/// The API server on a control plane node; where it is not known, nothing is said of the node.
fn own_server(cluster: &Cluster, node: &Object) -> Option<Ahead> {
    let servers = cluster.api_servers();
    let own = servers
        .iter()
        .find(|server| server.pod.str_at(&["spec", "nodeName"]) == Some(node.name()));
    match own {
        Some(own) => Some(Ahead {
            name: format!("its API server {}", own.pod.name()),
            version: own.version,
        }),
        // One version for all: what `kubectl version` says.
        None => Some(Ahead {
            name: "the control plane".to_owned(),
            version: cluster.server_version?,
        }),
    }
}

/// What of the control plane is furthest behind.
fn slowest(cluster: &Cluster, servers: &[Ahead]) -> Option<Ahead> {
    let nodes = cluster.nodes().filter(|node| is_control_plane(node));
    let nodes = nodes.filter_map(|node| {
        Some(Ahead {
            name: format!("control plane node {}", node.name()),
            version: kubelet_version(node)?,
        })
    });
    let servers = servers.iter().map(|server| Ahead {
        name: server.name.clone(),
        version: server.version,
    });
    servers
        .chain(nodes)
        .min_by_key(|ahead| ahead.version.to_minor())
}
