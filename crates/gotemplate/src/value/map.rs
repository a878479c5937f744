//! Maps with reference semantics.

use super::{Item, Val};
use crate::HelmLine;
use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// The static type of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MapType {
    /// `map[string]interface {}`
    Plain,
    /// `common.Values` (Helm 4) or `chartutil.Values` (Helm 3): `.Values` and the root dot; has methods.
    Values,
    /// `map[string]string`: `split`, `.Chart.Annotations`. A missing key is `""`.
    Strings,
}

impl MapType {
    pub(crate) fn type_name(self, helm: HelmLine) -> &'static str {
        match (self, helm) {
            (Self::Plain, _) => "map[string]interface {}",
            (Self::Values, HelmLine::V4) => "common.Values",
            (Self::Values, HelmLine::V3) => "chartutil.Values",
            (Self::Strings, _) => "map[string]string",
        }
    }
}

/// Entries in Go's print and iteration order (bytewise by key).
pub(crate) type Entries = BTreeMap<Arc<str>, Item>;

#[derive(Debug)]
struct MapData {
    nil: bool,
    entries: RefCell<Entries>,
}

/// A shared, mutable map. The type belongs to the reference: `merge` gives a plain map for `.Values`, and both
/// are the same map underneath.
#[derive(Debug, Clone)]
pub(crate) struct MapRef {
    map_type: MapType,
    data: Rc<MapData>,
}

impl MapRef {
    pub(crate) fn new(map_type: MapType, entries: Entries) -> Self {
        Self {
            map_type,
            data: Rc::new(MapData {
                nil: false,
                entries: RefCell::new(entries),
            }),
        }
    }

    /// A nil map: empty, and `null` in JSON.
    pub(crate) fn nil(map_type: MapType) -> Self {
        Self {
            map_type,
            data: Rc::new(MapData {
                nil: true,
                entries: RefCell::default(),
            }),
        }
    }

    pub(crate) fn map_type(&self) -> MapType {
        self.map_type
    }

    /// The same map under another type.
    pub(crate) fn retyped(&self, map_type: MapType) -> Self {
        Self {
            map_type,
            data: Rc::clone(&self.data),
        }
    }

    pub(crate) fn is_nil(&self) -> bool {
        self.data.nil
    }

    pub(crate) fn len(&self) -> usize {
        self.data.entries.borrow().len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Read access. Never hold it across a call that may run templates or write to a map.
    pub(crate) fn entries(&self) -> Ref<'_, Entries> {
        self.data.entries.borrow()
    }

    pub(crate) fn get(&self, key: &str) -> Option<Item> {
        self.data.entries.borrow().get(key).cloned()
    }

    pub(crate) fn insert(&self, key: Arc<str>, item: Item) {
        let replaced = self.data.entries.borrow_mut().insert(key, item);
        // Dropped outside of the borrow: the old value may hold this very map.
        drop(replaced);
    }

    pub(crate) fn remove(&self, key: &str) -> Option<Item> {
        self.data.entries.borrow_mut().remove(key)
    }

    /// A copy of the entries (shallow), safe to iterate while the map is written to.
    pub(crate) fn snapshot(&self) -> Vec<(Arc<str>, Item)> {
        self.data
            .entries
            .borrow()
            .iter()
            .map(|(key, item)| (Arc::clone(key), item.clone()))
            .collect()
    }

    /// Whether both are the same map in memory.
    pub(crate) fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.data, &other.data)
    }

    fn into_sole_entries(self) -> Option<Entries> {
        Rc::into_inner(self.data).map(|data| data.entries.take())
    }
}

impl Drop for MapData {
    fn drop(&mut self) {
        drop_flat(
            self.entries
                .take()
                .into_values()
                .map(|item| item.val)
                .collect(),
        );
    }
}

/// Drops values whose containers may be nested deeply, with a worklist instead of recursion.
pub(super) fn drop_flat(mut pending: Vec<Val>) {
    while let Some(val) = pending.pop() {
        match val {
            Val::Map(map) => {
                if let Some(entries) = map.into_sole_entries() {
                    pending.extend(entries.into_values().map(|item| item.val));
                }
            }
            Val::List(list) => {
                if let Some(items) = list.into_sole_items() {
                    pending.extend(items.into_iter().map(|item| item.val));
                }
            }
            _ => {}
        }
    }
}
