//! kube-proxy outside the window that API servers and the node's kubelet allow.

use super::RuleEntry;
use crate::cluster::{KubeProxy, kube_proxy, kubelet_version, selects_node};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use crate::version_window::{Window, allowed_minors_behind, unchecked_api_version};
use manifest::{FieldAt, KubeVersion, Object};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(SkewKubeProxy)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("skew-kube-proxy"),
    summary: "kube-proxy on a node does not fit the API servers or the node's kubelet",
    severity: Severity::Error,
    inputs: &[Input::Capture, Input::Rendered, Input::Versions],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
kube-proxy of every captured node: never newer than the oldest API server, at most three minors older than the newest,
and at most three minors from the kubelet of its node (two if kube-proxy is older than 1.25). The version is the image's
tag, of the pod on the node or of the DaemonSet: `nodeInfo.kubeProxyVersion` is deprecated and often wrong. A DaemonSet
that the chart renders counts instead of the captured one.

## Why it matters
kube-proxy programs the Services of its node. Outside the window its view of EndpointSlices may be wrong, and traffic
goes nowhere while everything looks ready.

## What to do
Set the image of the kube-proxy DaemonSet to the version of the control plane, right after the control plane's upgrade.

## Flagged
```yaml
# API server 1.34, kubelet 1.34
kind: DaemonSet
metadata: {name: kube-proxy, namespace: kube-system}
spec: {template: {spec: {containers: [{name: kube-proxy, image: \"registry.k8s.io/kube-proxy:v1.30.4\"}]}}}
```

## Accepted
```yaml
# API server 1.34, kubelet 1.34
kind: DaemonSet
metadata: {name: kube-proxy, namespace: kube-system}
spec: {template: {spec: {containers: [{name: kube-proxy, image: \"registry.k8s.io/kube-proxy:v1.34.1\"}]}}}
```
";

struct SkewKubeProxy;

/// kube-proxy of a node, and whether the chart renders it.
type Found<'a> = (KubeProxy<'a>, bool);

impl Rule for SkewKubeProxy {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let Some(cluster) = facts.cluster else {
            return found.unchecked("no cluster capture was given (--capture FILE)");
        };
        let proxies: Vec<(&Object, Found<'_>)> = cluster
            .nodes()
            .filter_map(|node| Some((node, proxy_of(node, facts)?)))
            .collect();
        if proxies.is_empty() {
            return found
                .unchecked("no capture shows nodes with kube-proxy (--capture FILE with `kubectl get nodes,pods,ds -A -o json`)");
        }
        let Some(window) = Window::of(&facts.api_server_versions()) else {
            return unchecked_api_version(found);
        };
        for (node, proxy) in proxies {
            let version = proxy.0.version;
            let windows =
                std::iter::once(window).chain(facts.hops().into_iter().map(Window::after));
            let against_server = windows
                .into_iter()
                .find_map(|window| window.refuses("kube-proxy", version));
            let kubelet = kubelet_version(node);
            let against_kubelet = kubelet.and_then(|kubelet| refused_by_kubelet(version, kubelet));
            for message in against_server.into_iter().chain(against_kubelet) {
                report(
                    node,
                    &proxy,
                    format!("{message} (node {})", node.name()),
                    found,
                );
            }
        }
    }
}

/// The node has the defect; where a rendered DaemonSet causes it, the finding stands on its image.
fn report(node: &Object, (proxy, rendered): &Found<'_>, message: String, found: &mut Findings<'_>) {
    let finding = if *rendered {
        found.on(
            proxy.source,
            &[FieldAt::new(proxy.source, proxy.image.clone())],
            message,
        )
    } else {
        found.at(node, &[], message)
    };
    finding.resource = Some(node.id.clone());
    finding.field = String::new();
    let source = &proxy.source.id;
    finding.help(format!(
        "the version is the tag of the image in {source}: set it to the control plane's version"
    ));
}

/// A rendered DaemonSet comes before what runs now.
fn proxy_of<'a>(node: &Object, facts: &Facts<'a>) -> Option<Found<'a>> {
    let rendered = facts
        .of_kind("apps", "DaemonSet")
        .filter(|set| selects_node(set, node))
        .find_map(kube_proxy);
    let rendered = rendered.map(|proxy| (proxy, true));
    rendered.or_else(|| Some((facts.cluster?.kube_proxy_of(node)?, false)))
}

fn refused_by_kubelet(proxy: KubeVersion, kubelet: KubeVersion) -> Option<String> {
    let apart = proxy.minors_ahead_of(kubelet)?;
    let allowed = allowed_minors_behind(proxy);
    (apart.abs() > allowed).then(|| {
        let (proxy, kubelet, apart) = (proxy.minor_text(), kubelet.minor_text(), apart.abs());
        format!("kube-proxy {proxy} is {apart} minors from kubelet {kubelet}, at most {allowed} are allowed")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kubelet_and_proxy_may_be_three_minors_apart_both_ways() {
        let version = |text| KubeVersion::parse(text).expect("a version");
        let cases = [
            ("1.34.0", "1.31.0", true),
            ("1.31.0", "1.34.0", true),
            ("1.34.0", "1.30.0", false),
            ("1.24.0", "1.27.0", false),
        ];
        for (proxy, kubelet, fits) in cases {
            assert_eq!(
                refused_by_kubelet(version(proxy), version(kubelet)).is_none(),
                fits,
                "{proxy} {kubelet}"
            );
        }
    }
}
