//! Controllers of the control plane that are newer than an API server, or more than a minor older.

use super::RuleEntry;
use crate::cluster::{API_SERVER, oldest_and_newest};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Rule, RuleMeta};
use crate::version_window::unchecked_api_version;
use manifest::{FieldPath, KubeVersion};
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(SkewControlPlane)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("skew-control-plane"),
    summary: "a controller of the control plane does not fit the API servers",
    severity: Severity::Error,
    inputs: &[Input::Capture, Input::Versions],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
kube-controller-manager, kube-scheduler and cloud-controller-manager in kube-system: not newer than the oldest API server,
and at most one minor older than the newest. The version is the tag of the static pod's image.

## Why it matters
A controller that is newer than an API server asks it for what it does not know; one that is two minors older works with
APIs that may be gone. Either way controllers stop, and nothing is scheduled or repaired any more.

## What to do
Upgrade API servers first, then the controllers, on every control plane node; finish one minor before the next.

## Flagged
```yaml
# API servers 1.33 and 1.34
kind: Pod
metadata: {name: kube-scheduler-a, namespace: kube-system, labels: {component: kube-scheduler}}
spec: {containers: [{name: kube-scheduler, image: \"registry.k8s.io/kube-scheduler:v1.34.1\"}]}
```

## Accepted
```yaml
# API servers 1.33 and 1.34
kind: Pod
metadata: {name: kube-scheduler-a, namespace: kube-system, labels: {component: kube-scheduler}}
spec: {containers: [{name: kube-scheduler, image: \"registry.k8s.io/kube-scheduler:v1.33.5\"}]}
```
";

struct SkewControlPlane;

impl Rule for SkewControlPlane {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let Some(cluster) = facts.cluster else {
            return found.unchecked("no cluster capture was given (--capture FILE)");
        };
        let mut controllers = cluster.control_plane_versions();
        controllers.retain(|pod| pod.component != API_SERVER);
        if controllers.is_empty() {
            return found.unchecked(
                "no capture shows the control plane's pods (--capture FILE with `kubectl get pods -n kube-system -o json`)",
            );
        }
        let Some((oldest, newest)) = oldest_and_newest(&facts.api_server_versions()) else {
            return unchecked_api_version(found);
        };
        for controller in controllers {
            let Some(message) = refusal(controller.component, controller.version, oldest, newest)
            else {
                continue;
            };
            found
                .at(controller.pod, &[], message)
                .help("API servers go first, then the controllers, one minor at a time")
                .field = image_path(controller.pod, controller.component);
        }
    }
}

fn refusal(
    component: &str,
    version: KubeVersion,
    oldest: KubeVersion,
    newest: KubeVersion,
) -> Option<String> {
    let shown = version.minor_text();
    if version.to_minor() > oldest.to_minor() {
        return Some(format!(
            "{component} {shown} is newer than API server {}",
            oldest.minor_text()
        ));
    }
    let behind = newest.minors_ahead_of(version)?;
    (behind > 1).then(|| {
        format!(
            "{component} {shown} is {behind} minors behind API server {}, at most 1 is allowed",
            newest.minor_text()
        )
    })
}

/// The image that named the version, as a path in the pod.
pub(super) fn image_path(pod: &manifest::Object, component: &str) -> String {
    let containers = pod.containers();
    let container = containers
        .iter()
        .find(|container| container.name == component)
        .or(containers.first());
    container
        .map_or_else(FieldPath::default, |container| container.field("image"))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controllers_may_be_one_minor_behind_and_none_ahead() {
        let version = |text| KubeVersion::parse(text).expect("a version");
        let (oldest, newest) = (version("1.33.4"), version("1.34.0"));
        let refused = |text| refusal("kube-scheduler", version(text), oldest, newest);
        assert_eq!(refused("1.33.9"), None);
        assert_eq!(
            refused("1.34.0").as_deref(),
            Some("kube-scheduler 1.34 is newer than API server 1.33")
        );
        let expected =
            "kube-scheduler 1.32 is 2 minors behind API server 1.34, at most 1 is allowed";
        assert_eq!(refused("1.32.0").as_deref(), Some(expected));
    }
}
