//! Walks two trees of one kind and names the fields that differ.

use crate::defaults::same;
use crate::derived::same_quantity;
use crate::shapes::{Below, Shape, ShapeTable};
use manifest::{FieldPath, item_identities, item_names, merge_keys};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use yaml::{Entry, Map, Value};

/// One field that differs, as found; `None` is a field that is not there.
#[derive(Debug, Clone)]
pub(crate) struct Difference<'a> {
    pub(crate) path: FieldPath,
    pub(crate) before: Option<Side<'a>>,
    pub(crate) after: Option<Side<'a>>,
}

/// A value, and where it stands.
#[derive(Debug, Clone)]
pub(crate) enum Side<'a> {
    Entry(&'a Entry),
    /// The order of a list's items, by their names.
    Order(String),
}

/// Fields of `metadata` that the server keeps.
const SERVER_METADATA: &[&str] = &[
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
    "name",
    "namespace",
    "generateName",
];

/// Labels and annotations that controllers and clients put on stored objects.
const SERVER_KEYS: &[&str] = &[
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
    "deployment.kubernetes.io/revision",
    "deprecated.daemonset.template.generation",
    "kubectl.kubernetes.io/last-applied-configuration",
    "meta.helm.sh/release-",
    "pv.kubernetes.io/",
    "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/",
];

/// Compares trees with defaults filled in.
pub(crate) struct Comparison<'t> {
    pub(crate) table: &'t ShapeTable,
    pub(crate) group: &'t str,
    pub(crate) kind: &'t str,
    /// Nothing is known about the kind: empty maps and lists count.
    pub(crate) custom: bool,
    /// List keys that a CRD gives, by path of map keys.
    pub(crate) list_keys: BTreeMap<Vec<String>, Vec<String>>,
}

impl Comparison<'_> {
    /// All differences of two objects, in the order of the keys; status and the server's own metadata left aside.
    pub(crate) fn objects<'a>(
        &self,
        before: &'a Map,
        after: &'a Map,
        shape: Option<&Shape>,
    ) -> Vec<Difference<'a>> {
        let mut found = Vec::new();
        let keys: BTreeSet<&Arc<str>> = before.keys().chain(after.keys()).collect();
        for key in keys
            .into_iter()
            .filter(|key| !matches!(&***key, "status" | "kind"))
        {
            self.field(
                key,
                before.get(key),
                after.get(key),
                shape,
                &FieldPath::default(),
                &mut found,
            );
        }
        found.retain(|difference| !is_server_metadata(difference));
        // The server stores one version of a group, whichever was sent.
        if found
            .iter()
            .all(|difference| difference.path.last_key() == Some("apiVersion"))
        {
            found.clear();
        }
        found
    }

    fn maps<'a>(
        &self,
        before: &'a Map,
        after: &'a Map,
        shape: Option<&Shape>,
        path: &FieldPath,
        found: &mut Vec<Difference<'a>>,
    ) {
        let keys: BTreeSet<&Arc<str>> = before.keys().chain(after.keys()).collect();
        for key in keys {
            self.field(key, before.get(key), after.get(key), shape, path, found);
        }
    }

    fn field<'a>(
        &self,
        key: &str,
        before: Option<&'a Entry>,
        after: Option<&'a Entry>,
        shape: Option<&Shape>,
        path: &FieldPath,
        found: &mut Vec<Difference<'a>>,
    ) {
        let before = before.filter(|entry| !self.is_blank(shape, key, &entry.value));
        let after = after.filter(|entry| !self.is_blank(shape, key, &entry.value));
        if after.is_none() && shape.is_some_and(|shape| shape.is_sticky(key)) {
            return;
        }
        let usual = |entry: &Entry| shape.is_some_and(|shape| shape.is_usual(key, &entry.value));
        if before.is_none() && after.is_some_and(usual) {
            return;
        }
        let below = shape
            .map(|shape| self.table.below(shape, key))
            .unwrap_or_default();
        self.sides(before, after, below, &path.clone().key(key), found);
    }

    fn is_blank(&self, shape: Option<&Shape>, key: &str, value: &Value) -> bool {
        match shape {
            Some(shape) => shape.is_blank(key, value),
            None if self.custom => value.is_null(),
            None => match value {
                Value::Map(map) => map.is_empty(),
                Value::List(items) => items.is_empty(),
                other => other.is_null(),
            },
        }
    }

    fn sides<'a>(
        &self,
        before: Option<&'a Entry>,
        after: Option<&'a Entry>,
        below: Below<'_>,
        path: &FieldPath,
        found: &mut Vec<Difference<'a>>,
    ) {
        let (Some(old), Some(new)) = (before, after) else {
            if before.is_some() || after.is_some() {
                let side = |entry: Option<&'a Entry>| entry.map(Side::Entry);
                found.push(Difference {
                    path: path.clone(),
                    before: side(before),
                    after: side(after),
                });
            }
            return;
        };
        match (&old.value, &new.value) {
            (Value::Map(left), Value::Map(right)) => match below {
                Below::One(shape) => self.maps(left, right, Some(shape), path, found),
                Below::Quantities => self.quantities(left, right, path, found),
                _ => self.maps(left, right, None, path, found),
            },
            (Value::List(left), Value::List(right)) => {
                let shape = if let Below::List(shape) = below {
                    Some(shape)
                } else {
                    None
                };
                self.lists(left, right, shape, path, found);
            }
            (left, right) => {
                let equal = matches!(below, Below::Quantity) && same_quantity(left, right)
                    || same(left, right);
                if !equal {
                    found.push(Difference {
                        path: path.clone(),
                        before: Some(Side::Entry(old)),
                        after: Some(Side::Entry(new)),
                    });
                }
            }
        }
    }

    fn quantities<'a>(
        &self,
        before: &'a Map,
        after: &'a Map,
        path: &FieldPath,
        found: &mut Vec<Difference<'a>>,
    ) {
        let keys: BTreeSet<&Arc<str>> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let (left, right) = (before.get(key), after.get(key));
            self.sides(left, right, Below::Quantity, &path.clone().key(key), found);
        }
    }

    fn lists<'a>(
        &self,
        before: &'a [Entry],
        after: &'a [Entry],
        shape: Option<&Shape>,
        path: &FieldPath,
        found: &mut Vec<Difference<'a>>,
    ) {
        let map_keys = path.map_keys();
        let custom_keys: Option<Vec<&str>> = self
            .list_keys
            .get(
                &map_keys
                    .iter()
                    .map(|key| (*key).to_owned())
                    .collect::<Vec<_>>(),
            )
            .map(|keys| keys.iter().map(String::as_str).collect());
        let keys = custom_keys
            .as_deref()
            .unwrap_or_else(|| merge_keys(self.group, self.kind, &map_keys));
        let below = shape.map_or(Below::Unknown, Below::One);
        match (Named::of(keys, before), Named::of(keys, after)) {
            (Some(old), Some(new)) if !keys.is_empty() => {
                self.named_items(&old, &new, below, path, found);
            }
            _ => {
                for index in 0..before.len().max(after.len()) {
                    self.sides(
                        before.get(index),
                        after.get(index),
                        below,
                        &path.clone().index(index),
                        found,
                    );
                }
            }
        }
    }

    /// Items by their merge keys; the order of those on both sides is a difference of the list itself.
    fn named_items<'a>(
        &self,
        old: &Named<'a>,
        new: &Named<'a>,
        below: Below<'_>,
        path: &FieldPath,
        found: &mut Vec<Difference<'a>>,
    ) {
        let added = new
            .items
            .iter()
            .filter(|item| old.counterpart(item, new).is_none());
        for item in &old.items {
            let other = new.counterpart(item, old);
            let name = other.map_or(&item.name, |other| &other.name);
            self.sides(
                Some(item.entry),
                other.map(|other| other.entry),
                below,
                &path.clone().item(name),
                found,
            );
        }
        for item in added {
            self.sides(
                None,
                Some(item.entry),
                below,
                &path.clone().item(&item.name),
                found,
            );
        }
        let (old_order, new_order) = (old.shared_with(new), new.shared_with(old));
        let identities = |items: &[&NamedItem<'_>]| {
            items
                .iter()
                .map(|item| item.identity.clone())
                .collect::<Vec<_>>()
        };
        if identities(&old_order) != identities(&new_order) {
            let names = |items: &[&NamedItem<'_>]| {
                Side::Order(
                    items
                        .iter()
                        .map(|item| item.name.as_str())
                        .collect::<Vec<_>>()
                        .join(", "),
                )
            };
            let (before, after) = (Some(names(&old_order)), Some(names(&new_order)));
            found.push(Difference {
                path: path.clone(),
                before,
                after,
            });
        }
    }
}

struct NamedItem<'a> {
    /// The whole merge key.
    identity: String,
    /// What the item is called in paths.
    name: String,
    entry: &'a Entry,
}

/// The items of a list that its keys tell apart.
struct Named<'a> {
    items: Vec<NamedItem<'a>>,
    by_identity: BTreeMap<String, usize>,
    by_name: BTreeMap<String, usize>,
}

impl<'a> Named<'a> {
    /// None where an item has no key or shares it, so that items go by index.
    fn of(keys: &[&str], items: &'a [Entry]) -> Option<Self> {
        let identities = item_identities(keys, items)?;
        let by_identity = identities
            .iter()
            .cloned()
            .enumerate()
            .map(|(index, identity)| (identity, index))
            .collect();
        let named = identities
            .into_iter()
            .zip(item_names(keys, items))
            .zip(items);
        let item = |((identity, name), entry): ((String, Option<String>), &'a Entry)| {
            let name = name.unwrap_or_else(|| identity.clone());
            NamedItem {
                identity,
                name,
                entry,
            }
        };
        let items: Vec<NamedItem<'a>> = named.map(item).collect();
        let by_name = items
            .iter()
            .enumerate()
            .map(|(index, item)| (item.name.clone(), index))
            .collect();
        Some(Self {
            items,
            by_identity,
            by_name,
        })
    }

    /// This list's item that is the same as one of the `other` list: by its whole key, else by its name where both
    /// are left over (a port whose protocol changed).
    fn counterpart(&self, item: &NamedItem<'_>, other: &Self) -> Option<&NamedItem<'a>> {
        let left_over = || {
            let candidate = &self.items[*self.by_name.get(&item.name)?];
            other
                .get(&candidate.identity)
                .is_none()
                .then_some(candidate)
        };
        self.get(&item.identity).or_else(left_over)
    }

    fn get(&self, identity: &str) -> Option<&NamedItem<'a>> {
        self.by_identity
            .get(identity)
            .map(|index| &self.items[*index])
    }

    /// The items that the other list has too, in this list's order.
    fn shared_with(&self, other: &Self) -> Vec<&NamedItem<'a>> {
        self.items
            .iter()
            .filter(|item| other.get(&item.identity).is_some())
            .collect()
    }
}

/// What the server or its controllers wrote into a stored object, and no manifest takes away.
fn is_server_metadata(difference: &Difference<'_>) -> bool {
    let keys = difference.path.map_keys();
    let ["metadata", rest @ ..] = keys.as_slice() else {
        return false;
    };
    let server_key = |key: &str| SERVER_KEYS.iter().any(|known| key.starts_with(known));
    let gone = || match (&difference.before, &difference.after) {
        (Some(Side::Entry(before)), None) => Some(&before.value),
        _ => None,
    };
    match rest {
        ["labels" | "annotations", key] => server_key(key) && difference.after.is_none(),
        ["labels" | "annotations"] => gone()
            .and_then(Value::as_map)
            .is_some_and(|map| map.keys().all(|key| server_key(key))),
        ["finalizers"] => gone().and_then(Value::as_list).is_some_and(|items| {
            items.iter().all(|item| {
                item.value
                    .as_str()
                    .is_some_and(|name| name.starts_with("kubernetes.io/"))
            })
        }),
        [field, ..] => SERVER_METADATA.contains(field),
        [] => false,
    }
}
