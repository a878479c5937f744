//! A chart that does not allow a Kubernetes version of the upgrade path.

use super::RuleEntry;
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Report, Rule, RuleMeta};
use manifest::{KubeVersion, PlaceKind};
use source::Place;
use std::borrow::Cow;
use version::{Constraint, Version};

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(ChartKubeVersion)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("chart-kube-version"),
    summary: "the chart's kubeVersion excludes a version of the upgrade path",
    severity: Severity::Error,
    inputs: &[Input::Chart, Input::Versions],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
`kubeVersion` of Chart.yaml, read as Helm reads it, against the current version, the target, and every minor between (which
is excluded only if no patch of it fits).

## Why it matters
Helm refuses to install or upgrade a chart on a version that its constraint excludes: the release is stuck on the day that
the cluster moves.

## What to do
Take a version of the chart that supports the target, before the cluster is upgraded; or widen the constraint if it is your
chart and it works.

## Flagged
```yaml
# target 1.34.0
kubeVersion: \">=1.28.0 <1.34.0\"
```

## Accepted
```yaml
# target 1.34.0
kubeVersion: \">=1.28.0-0\"
```
";

struct ChartKubeVersion;

impl Rule for ChartKubeVersion {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let Some((text, place)) = &facts.chart.kube_version else {
            return;
        };
        let Ok(constraint) = Constraint::parse(text) else {
            let message = format!(
                "chart {}: kubeVersion `{text}` is no constraint",
                facts.chart.name
            );
            return report(message, place.as_ref(), found);
        };
        if facts.current.is_none() && facts.target.is_none() {
            return found.unchecked("no target version was given (--target-version VERSION)");
        }
        let excluded = excluded_versions(&constraint, facts);
        if !excluded.is_empty() {
            let message = format!(
                "chart {}: kubeVersion `{text}` excludes {}",
                facts.chart.name,
                excluded.join(", ")
            );
            report(message, place.as_ref(), found);
        }
    }
}

/// The versions of the path that the constraint excludes, each with what it is.
fn excluded_versions(constraint: &Constraint, facts: &Facts<'_>) -> Vec<String> {
    let mut excluded = Vec::new();
    if let Some(current) = facts
        .current
        .filter(|current| !allows(constraint, *current))
    {
        excluded.push(format!("{current} (current)"));
    }
    let hops = facts
        .hops()
        .into_iter()
        .filter(|hop| Some(*hop) != facts.target);
    for hop in hops.filter(|hop| !allows_minor(constraint, *hop)) {
        excluded.push(format!("{} (on the way)", hop.minor_text()));
    }
    let target = facts.target.filter(|target| Some(*target) != facts.current);
    if let Some(target) = target.filter(|target| !allows(constraint, *target)) {
        excluded.push(format!("{target} (target)"));
    }
    excluded
}

fn allows(constraint: &Constraint, version: KubeVersion) -> bool {
    Version::parse(&version.to_string()).is_ok_and(|version| constraint.check(&version))
}

/// Whether some patch of a minor is allowed: which one the way leads through is not known.
fn allows_minor(constraint: &Constraint, minor: KubeVersion) -> bool {
    (0..=MOST_PATCHES).any(|patch| allows(constraint, KubeVersion { patch, ..minor }))
}

/// No Kubernetes minor has had more patches.
const MOST_PATCHES: u32 = 40;

fn report(message: String, place: Option<&Place>, found: &mut Findings<'_>) {
    let report = Report {
        resource: None,
        field: "kubeVersion".to_owned(),
        message,
        help: Some(
            "take a chart version that supports these versions before the cluster is upgraded"
                .to_owned(),
        ),
        severity: None,
    };
    let place = place.cloned().unwrap_or_else(|| Place::Flag {
        text: "CHART".into(),
    });
    found.at_place(report, place, PlaceKind::Chart);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minor_on_the_way_is_allowed_if_any_patch_is() {
        let constraint = Constraint::parse(">=1.31.4 <1.33.0").expect("a constraint");
        let version = |text| KubeVersion::parse(text).expect("a version");
        assert!(allows_minor(&constraint, version("1.31")));
        assert!(!allows(&constraint, version("1.31.0")));
        assert!(!allows_minor(&constraint, version("1.33")));
    }
}
