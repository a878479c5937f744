//! A release whose last revision is not deployed.

use super::RuleEntry;
use crate::evidence::EvidenceItem;
use crate::facts::{Facts, ReleaseFacts};
use crate::finding::Severity;
use crate::rule::{Findings, Input, Report, Rule, RuleMeta};
use manifest::{Object, PlaceKind};
use source::Place;
use std::borrow::Cow;

pub(super) const ENTRY: RuleEntry = RuleEntry {
    meta: &META,
    make: |_| Ok(Box::new(ReleaseNotDeployed)),
};

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("release-not-deployed"),
    summary: "the release's last revision failed or is pending",
    severity: Severity::Error,
    inputs: &[Input::Live, Input::Evidence],
    docs: DOCS,
    settings: &[],
};

const DOCS: &str = "\
## What it checks
The status of the release's last revision: in the stored release (`--live` with the Secret), in `helm history` (which names
no release and is taken as this one's), or in `helm list`, by release and namespace. `failed` and `pending-…` are flagged.

## Why it matters
The manifest of a failed revision is not what runs, so a comparison with it is worth nothing. A pending revision makes the
next `helm upgrade` fail with `another operation is in progress`.

## What to do
Find out what failed, then `helm rollback` to the last deployed revision, or upgrade again, before this change goes out.

## Flagged
```yaml
# helm history -o yaml
- {revision: 7, status: pending-upgrade, chart: web-1.4.0}
```

## Accepted
```yaml
# helm history -o yaml
- {revision: 6, status: failed, chart: web-1.4.0}
- {revision: 7, status: deployed, chart: web-1.4.0}
```
";

struct ReleaseNotDeployed;

/// A status of this release.
struct Status {
    revision: i64,
    status: String,
    place: Place,
    kind: PlaceKind,
}

impl Rule for ReleaseNotDeployed {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let stored = stored_status(facts);
        let listed = listed_statuses(facts)
            .into_iter()
            .max_by_key(|status| status.revision);
        if stored.is_none() && listed.is_none() {
            return found.unchecked(
                "no status of the release was given (--live with the stored release, or --evidence with `helm history -o json`)",
            );
        }
        for status in stored
            .into_iter()
            .chain(listed)
            .filter(|status| is_unfinished(&status.status))
            .take(1)
        {
            let report = Report {
                resource: None,
                field: String::new(),
                message: format!(
                    "release {} is {}: its manifest is not what runs",
                    facts.release.name, status.status
                ),
                help: Some(
                    "roll back or finish that revision before this change goes out".to_owned(),
                ),
                severity: None,
            };
            found.at_place(report, status.place, status.kind);
        }
    }
}

fn is_unfinished(status: &str) -> bool {
    status == "failed" || status.starts_with("pending-")
}

fn stored_status(facts: &Facts<'_>) -> Option<Status> {
    let live = facts.live.as_ref()?;
    let place = live.status_place.clone().unwrap_or_else(|| Place::Flag {
        text: "--live".into(),
    });
    Some(Status {
        revision: i64::MAX,
        status: live.status.clone()?,
        place,
        kind: PlaceKind::Live,
    })
}

/// What evidence says about the revisions of this release.
fn listed_statuses(facts: &Facts<'_>) -> Vec<Status> {
    let status = |evidence: &crate::evidence::Evidence| {
        let (revision, status) = match &evidence.item {
            EvidenceItem::Release(record) => {
                let other = |given: &Option<String>, own: &str| {
                    given.as_ref().is_some_and(|given| given != own)
                };
                let elsewhere = other(&record.name, &facts.release.name)
                    || other(&record.namespace, &facts.release.namespace);
                (!elsewhere).then(|| (record.revision, record.status.clone()))?
            }
            EvidenceItem::Object(object) => stored_release(object, &facts.release)?,
            _ => return None,
        };
        Some(Status {
            revision,
            status,
            place: evidence.place.clone(),
            kind: PlaceKind::Evidence,
        })
    };
    facts
        .evidence
        .unwrap_or_default()
        .iter()
        .filter_map(status)
        .collect()
}

/// Revision and status of Helm's own Secret, by its labels.
fn stored_release(object: &Object, release: &ReleaseFacts) -> Option<(i64, String)> {
    let is_stored =
        object.is("", "Secret") && object.str_at(&["type"]) == Some("helm.sh/release.v1");
    let is_own = object.label("name") == Some(&release.name)
        && object
            .namespace()
            .is_none_or(|namespace| namespace == release.namespace);
    let revision = object.label("version")?.parse().ok()?;
    (is_stored && is_own).then(|| Some((revision, object.label("status")?.to_owned())))?
}
