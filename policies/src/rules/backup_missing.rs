//! A layer that policy wants backed up, and of which no backup is shown.

use super::RuleEntry;
use crate::evidence::Evidence;
use crate::facts::Facts;
use crate::finding::Severity;
use crate::rule::{Findings, Input, Report, Rule, RuleMeta};
use crate::settings::Settings;
use manifest::PlaceKind;
use std::borrow::Cow;
use yaml::Value;

pub(super) const ENTRY: RuleEntry = RuleEntry { meta: &META, make };

static META: RuleMeta = RuleMeta {
    id: Cow::Borrowed("backup-missing"),
    summary: "a layer that policy wants backed up has no backup",
    severity: Severity::Error,
    inputs: &[Input::Evidence],
    docs: DOCS,
    settings: &[(
        "layers",
        "the layers that must have a backup (a list, or a map as backup-stale has it); default: those of backup-stale's settings, else platform",
    )],
};

const DOCS: &str = "\
## What it checks
Whether evidence shows a backup of each layer that policy requires: under-cluster, platform, tenant-control-plane,
persistent-data, or names of your own. A Velero Backup stands for platform and persistent-data, a VolumeSnapshot for
persistent-data, an etcd snapshot for under-cluster; in a `kind: Evidence` record the item's `layer` decides. A record is
the whole record of its cluster, and an empty list is an answer. Other prints speak only for their own kind: for layers that
nothing speaks of, the rule is unchecked.

## Why it matters
An upgrade that goes wrong is undone from a backup or not at all.

## What to do
Make a backup of the layer now, and give its print with `--evidence`.

## Flagged
```yaml
# required: platform
{apiVersion: velero.io/v1, kind: BackupList, items: []}
```

## Accepted
```yaml
# required: platform
kind: Evidence
items: [{layer: platform, type: velero-backup, takenAt: 2026-11-24T11:50:00Z}]
```
";

struct BackupMissing {
    required: Vec<String>,
}

fn make(settings: &Settings<'_>) -> Result<Box<dyn Rule>, String> {
    let required = match settings.get("layers") {
        None => vec!["platform".to_owned()],
        Some(Value::Map(_)) => settings
            .durations("layers")?
            .unwrap_or_default()
            .into_keys()
            .collect(),
        Some(_) => settings.strings("layers")?,
    };
    Ok(Box::new(BackupMissing { required }))
}

impl Rule for BackupMissing {
    fn meta(&self) -> &RuleMeta {
        &META
    }

    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>) {
        let Some(evidence) = facts.evidence else {
            return found.unchecked("no evidence was given (--evidence FILE)");
        };
        for layer in &self.required {
            let is_backed_up = |evidence: &Evidence| {
                evidence.backup().is_some() && evidence.layers.contains(layer)
            };
            if evidence.iter().any(is_backed_up) {
                continue;
            }
            match evidence
                .iter()
                .find(|evidence| evidence.speaks_of_backups(layer))
            {
                Some(answer) => report(layer, answer, found),
                None => found.unchecked(format!(
                    "no evidence speaks of layer {layer} (--evidence FILE)"
                )),
            }
        }
    }
}

fn report(layer: &str, answer: &Evidence, found: &mut Findings<'_>) {
    let report = Report {
        resource: None,
        field: String::new(),
        message: format!("layer {layer} has no backup"),
        help: Some("make a backup now, and give its print with --evidence".to_owned()),
        severity: None,
    };
    found.at_place(report, answer.place.clone(), PlaceKind::Evidence);
}
