//! Bookkeeping of where values come from while layers are merged.

use source::{Layer, Origin, OriginId, OriginTable, Place, Span, ValuePath};
use std::sync::Arc;
use yaml::{Entry, Map, Value};

/// Notes which entries override which; does nothing where nobody wants to know.
pub(crate) struct Recorder<'a> {
    table: Option<&'a mut OriginTable>,
    /// Nulls that deleted an entry, in the order of deletion.
    deleted: Vec<OriginId>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn off() -> Self {
        Self {
            table: None,
            deleted: Vec::new(),
        }
    }

    pub(crate) fn on(table: &'a mut OriginTable) -> Self {
        Self {
            table: Some(table),
            deleted: Vec::new(),
        }
    }

    /// The stronger entry hides the weaker one, and whatever that one hid.
    pub(crate) fn overrides(&mut self, stronger: u32, weaker: u32) {
        let Some(table) = &mut self.table else { return };
        if stronger == 0 || stronger == weaker {
            return;
        }
        let Some(hidden) = table
            .get(OriginId(weaker))
            .map(|origin| origin.overrode.clone())
        else {
            return;
        };
        let Some(origin) = table.get_mut(OriginId(stronger)) else {
            return;
        };
        for id in std::iter::once(OriginId(weaker)).chain(hidden) {
            if id.0 != stronger && !origin.overrode.contains(&id) {
                origin.overrode.push(id);
            }
        }
    }

    /// A null takes an entry away.
    pub(crate) fn deletes(&mut self, null: u32, weaker: u32) {
        self.overrides(null, weaker);
        if null != 0 && self.table.is_some() && !self.deleted.contains(&OriginId(null)) {
            self.deleted.push(OriginId(null));
        }
    }

    /// The nulls that deleted something.
    pub(crate) fn into_deleted(self) -> Vec<OriginId> {
        self.deleted
    }
}

/// Makes an origin for each entry of a tree whose marks are indices into `spans` plus one.
pub(crate) struct Adoption<'a> {
    pub(crate) spans: &'a [Span],
    pub(crate) layer: Layer,
    pub(crate) table: &'a mut OriginTable,
}

impl Adoption<'_> {
    /// The same map, marked with origins. `path` leads to the map.
    pub(crate) fn map(&mut self, map: &Map, path: &ValuePath) -> Map {
        map.iter()
            .map(|(key, entry)| (Arc::clone(key), self.entry(entry, &path.clone().key(key))))
            .collect()
    }

    fn entry(&mut self, entry: &Entry, path: &ValuePath) -> Entry {
        let span = (entry.mark as usize)
            .checked_sub(1)
            .and_then(|index| self.spans.get(index));
        let mark = span.map_or(OriginId::NONE, |span| {
            let place = Place::File(*span);
            self.table.add(Origin {
                path: path.clone(),
                layer: self.layer,
                place,
                overrode: Vec::new(),
            })
        });
        let value = match &entry.value {
            Value::Map(map) => Value::map(self.map(map, path)),
            Value::List(items) => {
                let item =
                    |(index, item): (usize, &Entry)| self.entry(item, &path.clone().index(index));
                Value::list(items.iter().enumerate().map(item).collect())
            }
            scalar => scalar.clone(),
        };
        Entry {
            value,
            mark: mark.0,
        }
    }
}

/// The same map with all marks taken off.
pub(crate) fn without_marks(map: &Map) -> Map {
    map.iter()
        .map(|(key, entry)| (Arc::clone(key), entry_without_marks(entry)))
        .collect()
}

fn entry_without_marks(entry: &Entry) -> Entry {
    Entry::unmarked(match &entry.value {
        Value::Map(map) => Value::map(without_marks(map)),
        Value::List(items) => Value::list(items.iter().map(entry_without_marks).collect()),
        scalar => scalar.clone(),
    })
}
