//! Our own form: `kind: Evidence` with cluster, collectedAt and items.

use super::printed::etcd_status;
use super::{Backup, BackupKind, Evidence, EvidenceItem, Exercise, ExerciseKind};
use crate::document::{InputFile, PlacedTree, tree_of};
use crate::nearest::nearest;
use crate::time::parse_rfc3339;
use source::Problem;
use yaml::{Entry, Value};

const KIND: &str = "Evidence";

/// Whether a tree is one.
pub(super) fn is_wrapper(root: &Value) -> bool {
    root.at(&["kind"]).and_then(Value::as_str) == Some(KIND)
}

enum ItemType {
    Backup(BackupKind),
    Exercise(ExerciseKind),
}

const TYPES: [(&str, ItemType); 7] = [
    ("velero-backup", ItemType::Backup(BackupKind::VeleroBackup)),
    (
        "volume-snapshot",
        ItemType::Backup(BackupKind::VolumeSnapshot),
    ),
    ("etcd-snapshot", ItemType::Backup(BackupKind::EtcdSnapshot)),
    ("dr-drill", ItemType::Exercise(ExerciseKind::DrDrill)),
    (
        "runbook-review",
        ItemType::Exercise(ExerciseKind::RunbookReview),
    ),
    ("rehearsal", ItemType::Exercise(ExerciseKind::Rehearsal)),
    (
        "restore-test",
        ItemType::Exercise(ExerciseKind::RestoreTest),
    ),
];

/// Reads a wrapper: the record itself, then its items in order.
pub(super) fn read(
    tree: &PlacedTree,
    file: &InputFile<'_>,
    found: &mut Vec<Evidence>,
    problems: &mut Vec<Problem>,
) {
    let text = |key: &str| tree.root.at(&[key]).and_then(Value::as_str);
    let record = EvidenceItem::Record {
        cluster: text("cluster").map(str::to_owned),
        collected_at: text("collectedAt").and_then(parse_rfc3339),
    };
    let whole = file.place(&tree.text);
    found.push(Evidence {
        layers: Vec::new(),
        item: record,
        place: whole,
        from_wrapper: true,
    });
    match tree.root.at(&["items"]) {
        None | Some(Value::Null) => {}
        Some(Value::List(items)) => {
            for item in items.iter() {
                match read_item(item, tree, file) {
                    Ok(mut items) => found.append(&mut items),
                    Err(message) => problems.push(file.problem(tree.range(item).start, &message)),
                }
            }
        }
        Some(_) => {
            problems.push(file.problem(tree.text.start, "`items` of kind Evidence is no list"));
        }
    }
}

fn read_item(
    item: &Entry,
    tree: &PlacedTree,
    file: &InputFile<'_>,
) -> Result<Vec<Evidence>, String> {
    let text = |key: &str| item.value.at(&[key]).and_then(Value::as_str);
    let name = text("type").ok_or("the item has no `type`")?;
    let Some((_, kind)) = TYPES.iter().find(|(known, _)| *known == name) else {
        let known = nearest(name, TYPES.iter().map(|(known, _)| *known));
        let hint = known
            .map(|known| format!("; did you mean `{known}`?"))
            .unwrap_or_default();
        return Err(format!("evidence has no type `{name}`{hint}"));
    };
    let data = item.value.at(&["data"]).cloned().unwrap_or_default();
    let items = match kind {
        ItemType::Backup(kind) => prints(&data)
            .iter()
            .map(|print| {
                EvidenceItem::Backup(Backup::new(*kind, print, text("takenAt"), text("source")))
            })
            .collect(),
        ItemType::Exercise(kind) => {
            vec![EvidenceItem::Exercise(Exercise {
                kind: *kind,
                taken_at: text("takenAt").and_then(parse_rfc3339),
                data,
            })]
        }
    };
    let layers = layers(&item.value, kind);
    let place = file.place(&tree.range(item));
    let evidence = |item| Evidence {
        layers: layers.clone(),
        item,
        place: place.clone(),
        from_wrapper: true,
    };
    Ok(items.into_iter().map(evidence).collect())
}

/// `layer` as written (one, or several); else what the type stands for.
fn layers(item: &Value, kind: &ItemType) -> Vec<String> {
    match (item.at(&["layer"]), kind) {
        (Some(Value::String(layer)), _) => vec![layer.to_string()],
        (Some(Value::List(layers)), _) => layers
            .iter()
            .filter_map(|layer| layer.value.as_str())
            .map(str::to_owned)
            .collect(),
        (_, ItemType::Backup(kind)) => kind.layers(),
        (_, ItemType::Exercise(_)) => Vec::new(),
    }
}

/// The prints in `data`: of a list each item, of an embedded text what it holds, of nothing one null.
fn prints(data: &Value) -> Vec<Value> {
    if let Value::String(text) = data {
        let read = etcd_status(text).or_else(|| tree_of(text.as_bytes()));
        return match read {
            Some(tree @ (Value::Map(_) | Value::List(_))) => prints(&tree),
            _ => vec![Value::Null],
        };
    }
    let is_list = data
        .at(&["kind"])
        .and_then(Value::as_str)
        .is_some_and(|kind| kind.ends_with("List"));
    let items = if is_list {
        Some(
            data.at(&["items"])
                .and_then(Value::as_list)
                .unwrap_or_default(),
        )
    } else {
        data.as_list()
    };
    match items {
        Some(items) => items.iter().map(|item| item.value.clone()).collect(),
        None => vec![data.clone()],
    }
}
