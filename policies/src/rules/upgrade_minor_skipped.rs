//! An upgrade that leaves out minors, or goes back by one: of the cluster, or of a Kamaji tenant.

use super::RuleEntry;
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Report, Rule, RuleMeta};
use manifest::{KubeVersion, Object, PlaceKind};
use source::Place;
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(UpgradeMinorSkipped)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("upgrade-minor-skipped"),
    summary: "the upgrade leaves out a Kubernetes minor, or goes back by one",
    severity: Severity::Error,
    inputs: &[
        Input::Versions,
        Input::Capture,
        Input::Rendered,
        Input::Live,
    ],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
The step from the current to the target version of the cluster, and from the live to the rendered
`spec.kubernetes.version` of every Kamaji TenantControlPlane: at most one minor up, none down. Another patch of the same
minor is allowed in both directions.

## Why it matters
A control plane upgrades stored objects and etcd minor by minor. A skipped minor or a downgrade is refused by kubeadm and
Kamaji at best, and leaves objects that nothing can read at worst.

## What to do
Go through the hops that the message lists, each with its own pull request and its own checks.

## Flagged
```yaml
# live: v1.31.4
kind: TenantControlPlane
spec: {kubernetes: {version: v1.33.0}}
```

## Accepted
```yaml
# live: v1.31.4
kind: TenantControlPlane
spec: {kubernetes: {version: v1.32.9}}
```
";

struct UpgradeMinorSkipped;

impl Rule for UpgradeMinorSkipped {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let tenants: Vec<&Object> = facts
            .of_kind("kamaji.clastix.io", "TenantControlPlane")
            .collect();
        check_tenants(&tenants, facts, found);
        let missing = match (facts.current, facts.target) {
            (Some(current), Some(target)) => return check_cluster(current, target, facts, found),
            (None, Some(_)) => {
                "no current version was given (--current-version VERSION, or --capture FILE)"
            }
            (_, None) => "no target version was given (--target-version VERSION)",
        };
        // With tenants compared, the rule had something to look at.
        if tenants.is_empty() || facts.live.is_none() {
            found.unchecked(missing);
        }
    }
}

fn check_cluster(
    current: KubeVersion,
    target: KubeVersion,
    facts: &Facts<'_>,
    found: &mut Findings<'_>,
) {
    let Some((message, help)) = illegal_step(current, target) else {
        return;
    };
    let report = Report {
        resource: None,
        field: String::new(),
        message: format!("cluster: {message}"),
        help: Some(help),
        severity: None,
    };
    let flag = || {
        (
            Place::Flag {
                text: format!("--target-version {target}").into(),
            },
            PlaceKind::Set,
        )
    };
    let (place, kind) = facts.target_place.clone().unwrap_or_else(flag);
    found.at_place(report, place, kind);
}

fn check_tenants(tenants: &[&Object], facts: &Facts<'_>, found: &mut Findings<'_>) {
    let live = facts.live.as_ref().map(|live| live.objects);
    if !tenants.is_empty() && live.is_none() && facts.cluster.is_none() {
        found.unchecked(
            "no live manifest was given to compare tenant control planes with (--live FILE)",
        );
    }
    let captured = facts.cluster.map_or(&[][..], |cluster| &cluster.objects);
    let before = |tenant: &Object| {
        let objects = live.unwrap_or_default().iter().chain(captured);
        objects
            .into_iter()
            .find(|object| object.id == tenant.id)
            .and_then(tenant_version)
    };
    for tenant in tenants {
        let (Some(before), Some(after)) = (before(tenant), tenant_version(tenant)) else {
            continue;
        };
        if let Some((message, help)) = illegal_step(before, after) {
            let message = format!("tenant control plane {}: {message}", tenant.name());
            found.at(tenant, &TENANT_VERSION, message).help(help);
        }
    }
}

const TENANT_VERSION: [&str; 3] = ["spec", "kubernetes", "version"];

fn tenant_version(tenant: &Object) -> Option<KubeVersion> {
    KubeVersion::parse(tenant.str_at(&TENANT_VERSION)?)
}

/// What is wrong with a step, and what to do; None for a legal one.
fn illegal_step(current: KubeVersion, target: KubeVersion) -> Option<(String, String)> {
    let (from, to) = (current.minor_text(), target.minor_text());
    if target.to_minor() < current.to_minor() {
        let help = format!("stay at {from}, or restore a backup of {to} into a new control plane");
        return Some((format!("minor downgrade from {from} to {to}"), help));
    }
    let ahead = target.minors_ahead_of(current);
    if ahead.is_some_and(|ahead| ahead <= 1) {
        return None;
    }
    if ahead.is_none() {
        return Some((
            format!("no upgrade path from {from} to {to} is known"),
            "check both versions".to_owned(),
        ));
    }
    let minors: Vec<String> = (current.minor..=target.minor)
        .map(|minor| KubeVersion { minor, ..target }.minor_text())
        .collect();
    let skipped = minors[1..minors.len() - 1].join(", ");
    let message = format!(
        "upgrade from {from} to {to} skips {skipped}; the hops are {}",
        minors.join(" -> ")
    );
    Some((
        message,
        format!("go to {} first, then hop by hop", minors[1]),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skips_and_downgrades_are_illegal_and_patches_are_not() {
        let version = |text| KubeVersion::parse(text).expect("a version");
        let cases = [
            ("1.33.4", "1.34.0", None),
            ("1.33.4", "1.33.1", None),
            ("1.33.4", "1.33.9", None),
            (
                "1.31.2",
                "1.34.0",
                Some(
                    "upgrade from 1.31 to 1.34 skips 1.32, 1.33; the hops are 1.31 -> 1.32 -> 1.33 -> 1.34",
                ),
            ),
            (
                "1.34.0",
                "1.33.9",
                Some("minor downgrade from 1.34 to 1.33"),
            ),
            (
                "1.37.0",
                "2.0.0",
                Some("no upgrade path from 1.37 to 2.0 is known"),
            ),
        ];
        for (from, to, expected) in cases {
            let step = illegal_step(version(from), version(to)).map(|(message, _)| message);
            assert_eq!(step.as_deref(), expected, "{from} {to}");
        }
    }
}
