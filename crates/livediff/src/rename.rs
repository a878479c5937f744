//! Renames: one object goes and an equal one comes.

use crate::change::{Action, Change};
use crate::defaults::same;
use manifest::Object;
use std::collections::BTreeMap;
use yaml::Value;

/// Group, kind, namespace.
type KindKey = (String, String, Option<String>);

/// Indices of changes that may be two sides of one object.
#[derive(Default)]
struct Candidates {
    created: Vec<usize>,
    deleted: Vec<usize>,
}

/// Joins a deletion and a creation of one kind and namespace into a rename, if all but the metadata is equal and
/// no other object could be meant.
pub(crate) fn join_renames(changes: &mut Vec<Change>, desired: &[Object], live: &[Object]) {
    let mut groups: BTreeMap<KindKey, Candidates> = BTreeMap::new();
    for (index, change) in changes.iter().enumerate() {
        let id = &change.resource;
        let group = groups
            .entry((id.group.clone(), id.kind.clone(), id.namespace.clone()))
            .or_default();
        match change.action {
            Action::Create => group.created.push(index),
            Action::Delete => group.deleted.push(index),
            _ => {}
        }
    }
    let mut gone = Vec::new();
    for Candidates { created, deleted } in groups.into_values() {
        for (new, old) in certain_pairs(&created, &deleted, changes, desired, live) {
            let from = changes[old].resource.clone();
            let live_index = changes[old].live;
            let change = &mut changes[new];
            (change.action, change.from, change.live) = (Action::Rename, Some(from), live_index);
            gone.push(old);
        }
    }
    gone.sort_unstable();
    for index in gone.into_iter().rev() {
        changes.remove(index);
    }
}

/// Pairs whose content is equal to no other's. Groups beyond this size are not searched.
fn certain_pairs(
    created: &[usize],
    deleted: &[usize],
    changes: &[Change],
    desired: &[Object],
    live: &[Object],
) -> Vec<(usize, usize)> {
    const MOST: usize = 64;
    if created.is_empty() || deleted.is_empty() || created.len() > MOST || deleted.len() > MOST {
        return Vec::new();
    }
    let new = |index: usize| changes[index].desired.map(|at| &desired[at]);
    let old = |index: usize| changes[index].live.map(|at| &live[at]);
    let equal = |left: usize, right: usize| match (new(left), old(right)) {
        (Some(left), Some(right)) => {
            has_content(&left.root) && same_content(&left.root, &right.root)
        }
        _ => false,
    };
    let mut pairs = Vec::new();
    for left in created {
        let fits: Vec<usize> = deleted
            .iter()
            .copied()
            .filter(|right| equal(*left, *right))
            .collect();
        if let [right] = fits.as_slice()
            && created
                .iter()
                .filter(|other| equal(**other, *right))
                .count()
                == 1
        {
            pairs.push((*left, *right));
        }
    }
    pairs
}

fn has_content(root: &Value) -> bool {
    root.as_map().is_some_and(|map| {
        map.iter()
            .any(|(key, entry)| is_content(key) && !entry.value.is_null())
    })
}

fn is_content(key: &str) -> bool {
    !matches!(key, "apiVersion" | "kind" | "metadata" | "status")
}

fn same_content(left: &Value, right: &Value) -> bool {
    let (Some(left), Some(right)) = (left.as_map(), right.as_map()) else {
        return false;
    };
    let content = |map: &'_ yaml::Map| {
        map.keys()
            .filter(|key| is_content(key))
            .cloned()
            .collect::<Vec<_>>()
    };
    content(left) == content(right)
        && content(left)
            .iter()
            .all(|key| match (left.get(key), right.get(key)) {
                (Some(left), Some(right)) => same(&left.value, &right.value),
                _ => false,
            })
}
