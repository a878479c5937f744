//! Generic data as goyaml decodes it into an empty interface: keys are values too, and kinds count.

use crate::node::Bytes;
use std::collections::HashMap;
use std::sync::Arc;

/// What goyaml makes of a node. Keys are values too.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    String(Arc<str>),
    List(Vec<RawItem>),
    /// In the order of the keys' first appearance.
    Map(Vec<RawEntry>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawItem {
    pub(super) value: Raw,
    pub(super) span: Bytes,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawEntry {
    pub(super) key: Raw,
    pub(super) key_span: Bytes,
    pub(super) value: Raw,
    pub(super) span: Bytes,
}

/// A key by Go's equality: the kind counts, `1` and `"1"` differ.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum RawKey {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    /// Its bits.
    Float(u64),
    String(Arc<str>),
}

/// Up to here a map is searched from end to end.
const SMALL_MAP: usize = 16;

/// A map in the making: a key that comes again replaces its entry.
#[derive(Default)]
pub(super) struct MapBuilder {
    entries: Vec<RawEntry>,
    /// Made when there are many entries.
    positions: HashMap<RawKey, usize>,
}

impl MapBuilder {
    pub(super) fn insert(&mut self, entry: RawEntry) {
        match self.position(&entry.key) {
            Some(position) => self.entries[position] = entry,
            None => {
                if !self.positions.is_empty() {
                    self.positions
                        .insert(RawKey::of(&entry.key), self.entries.len());
                }
                self.entries.push(entry);
            }
        }
    }

    pub(super) fn finish(self) -> Vec<RawEntry> {
        self.entries
    }

    fn position(&mut self, key: &Raw) -> Option<usize> {
        if self.entries.len() <= SMALL_MAP {
            return self.entries.iter().position(|entry| entry.key == *key);
        }
        if self.positions.is_empty() {
            let keys = self.entries.iter().enumerate();
            self.positions = keys
                .map(|(position, entry)| (RawKey::of(&entry.key), position))
                .collect();
        }
        self.positions.get(&RawKey::of(key)).copied()
    }
}

impl RawKey {
    fn of(key: &Raw) -> Self {
        match key {
            Raw::Bool(value) => Self::Bool(*value),
            Raw::Int(value) => Self::Int(*value),
            Raw::Uint(value) => Self::Uint(*value),
            // Adding zero makes one zero of two.
            Raw::Float(value) => Self::Float((value + 0.0).to_bits()),
            Raw::String(text) => Self::String(Arc::clone(text)),
            Raw::Null | Raw::List(_) | Raw::Map(_) => Self::Null,
        }
    }
}
