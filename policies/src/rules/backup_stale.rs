//! A layer whose newest usable backup is older than its recovery point objective.

use super::RuleEntry;
use crate::evidence::{Backup, Evidence, LAYERS};
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Report, Rule, RuleMeta};
use crate::settings::Settings;
use crate::time::duration_text;
use manifest::PlaceKind;
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) const ENTRY: RuleEntry = RuleEntry { meta: &META, make };

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("backup-stale"),
    summary: "the newest usable backup of a layer is too old",
    severity: Severity::Error,
    inputs: &[Input::Evidence],
    docs: DOCS,
    settings: &[(
        "layers",
        "how old the newest backup of each layer may be, such as {platform: 15m, persistent-data: 1h}",
    )],
};

const DOCS: &str = "\
## What it checks
The age of the newest backup of each layer that has evidence, against the layer's recovery point objective: under-cluster
1h, platform 15m, tenant-control-plane 5m, persistent-data 1h. Only Completed backups count that cover the release's
namespace; age is counted from Velero's `completionTimestamp`, else from `takenAt`. A time that lies in the future, or no
time at all, is no proof. PartiallyFailed backups that came after are named as a warning, unless a fresh Completed one
exists. A layer without any backup is `backup-missing`.

With `layers` set, evidence that stands for several layers is judged only for those that are named there.

## Why it matters
What was written since the last backup is lost when the upgrade has to be undone.

## What to do
Make a backup right before the upgrade, and give its print with `--evidence`.

## Flagged
```yaml
# now 12:00, platform 15m
kind: Backup
status: {phase: Completed, completionTimestamp: \"2026-11-24T11:30:00Z\"}
```

## Accepted
```yaml
# now 12:00, platform 15m
kind: Backup
status: {phase: Completed, completionTimestamp: \"2026-11-24T11:50:00Z\"}
```
";

struct BackupStale {
    /// As set; None: the defaults of all layers.
    layers: Option<BTreeMap<String, i64>>,
}

fn make(settings: &Settings<'_>) -> Result<Box<dyn Rule>, String> {
    Ok(Box::new(BackupStale {
        layers: settings.durations("layers")?,
    }))
}

/// A backup with where its evidence stands.
type Shown<'a> = (&'a Evidence, &'a Backup);

impl Rule for BackupStale {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let Some(evidence) = facts.evidence else {
            return found.unchecked("no evidence was given (--evidence FILE)");
        };
        let layers = self.by_layer(evidence);
        // A record or an empty list without backups has spoken: that is backup-missing.
        let spoken = evidence.iter().any(|evidence| {
            LAYERS
                .iter()
                .any(|(layer, _)| evidence.speaks_of_backups(layer))
        });
        if layers.is_empty() && !spoken {
            return found.unchecked("no evidence speaks of backups (--evidence FILE)");
        }
        for (layer, backups) in layers {
            let Some(allowed) = self.allowed(layer) else {
                continue;
            };
            Judge {
                layer,
                allowed,
                now: facts.now,
                namespace: &facts.release.namespace,
            }
            .check(&backups, found);
        }
    }
}

impl BackupStale {
    fn by_layer<'a>(&self, evidence: &'a [Evidence]) -> BTreeMap<&'a str, Vec<Shown<'a>>> {
        let mut layers: BTreeMap<&str, Vec<Shown<'_>>> = BTreeMap::new();
        for shown in evidence {
            let Some(backup) = shown.backup() else {
                continue;
            };
            let named = |layer: &str| {
                self.layers
                    .as_ref()
                    .is_none_or(|layers| layers.contains_key(layer))
            };
            for layer in shown
                .layers
                .iter()
                .filter(|layer| shown.layers.len() == 1 || named(layer))
            {
                layers.entry(layer).or_default().push((shown, backup));
            }
        }
        layers
    }

    /// Seconds; None for a layer of the user's own that has no objective.
    fn allowed(&self, layer: &str) -> Option<i64> {
        let set = self
            .layers
            .as_ref()
            .and_then(|layers| layers.get(layer))
            .copied();
        set.or_else(|| {
            LAYERS
                .iter()
                .find(|(known, _)| *known == layer)
                .map(|(_, allowed)| *allowed)
        })
    }
}

/// Judges the backups of one layer.
struct Judge<'a> {
    layer: &'a str,
    allowed: i64,
    now: i64,
    namespace: &'a str,
}

impl Judge<'_> {
    fn check(&self, backups: &[Shown<'_>], found: &mut Findings<'_>) {
        let dated: Vec<Shown<'_>> = backups
            .iter()
            .filter(|(_, backup)| !backup.timeless)
            .copied()
            .collect();
        if dated.is_empty() {
            return found.unchecked(format!(
                "the evidence of layer {} has no time (--evidence FILE with kind: Evidence and takenAt)",
                self.layer
            ));
        }
        let counts = |backup: &Backup| backup.is_complete() && backup.covers(self.namespace);
        let counted: Vec<Shown<'_>> = dated
            .iter()
            .filter(|(_, backup)| counts(backup))
            .copied()
            .collect();
        if counted.iter().any(|(_, backup)| self.is_fresh(backup)) {
            return;
        }
        match newest(&counted) {
            Some(shown) => self.report(shown, &self.reason(shown.1), None, found),
            None => self.report_uncounted(&dated, found),
        }
        let reached = newest(&counted).and_then(|(_, backup)| backup.time);
        let partial: Vec<Shown<'_>> = dated
            .iter()
            .filter(|(_, backup)| is_partial(backup) && backup.time > reached)
            .copied()
            .collect();
        if let Some(shown) = newest(&partial) {
            let reason = format!(
                "backup {} is only PartiallyFailed and does not count",
                shown.1.name
            );
            self.report(shown, &reason, Some(Severity::Warning), found);
        }
    }

    fn is_fresh(&self, backup: &Backup) -> bool {
        backup
            .time
            .is_some_and(|time| time <= self.now && self.now - time <= self.allowed)
    }

    /// Why the newest backup that counts is not enough.
    fn reason(&self, backup: &Backup) -> String {
        let (name, written) = (&backup.name, backup.written_time.as_deref());
        match (backup.time, written) {
            (Some(time), _) if time <= self.now => format!(
                "the newest usable backup {name} is {} old, allowed are {}",
                duration_text(self.now - time),
                duration_text(self.allowed)
            ),
            (Some(_), Some(written)) => format!("backup {name} is dated in the future ({written})"),
            (None, Some(written)) => {
                format!("the time of backup {name} is no RFC 3339 time ({written})")
            }
            _ => format!("backup {name} has no completion time"),
        }
    }

    fn report_uncounted(&self, dated: &[Shown<'_>], found: &mut Findings<'_>) {
        let complete: Vec<Shown<'_>> = dated
            .iter()
            .filter(|(_, backup)| backup.is_complete())
            .copied()
            .collect();
        if let Some(shown) = newest(&complete) {
            let reason = format!("no Completed backup covers namespace {}", self.namespace);
            return self.report(shown, &reason, None, found);
        }
        if let Some(shown) = newest(dated) {
            let phase = shown.1.phase.as_deref().unwrap_or_default();
            let reason = format!(
                "no backup is Completed, the newest, {}, is {phase}",
                shown.1.name
            );
            self.report(shown, &reason, None, found);
        }
    }

    fn report(
        &self,
        shown: Shown<'_>,
        reason: &str,
        severity: Option<Severity>,
        found: &mut Findings<'_>,
    ) {
        let report = Report {
            resource: None,
            field: String::new(),
            message: format!("layer {}: {reason}", self.layer),
            help: Some(
                "make a backup right before the upgrade, and give its print with --evidence"
                    .to_owned(),
            ),
            severity,
        };
        found.at_place(report, shown.0.place.clone(), PlaceKind::Evidence);
    }
}

fn is_partial(backup: &Backup) -> bool {
    backup.phase.as_deref() == Some("PartiallyFailed")
}

/// By time, not by place in the list; those without a time are the oldest.
fn newest<'a>(backups: &[Shown<'a>]) -> Option<Shown<'a>> {
    backups
        .iter()
        .max_by_key(|(_, backup)| backup.time)
        .copied()
}
