//! What values rest on that were read from a string (`fromYaml`, `fromJson`, `fromToml`): the parts of the string
//! that spell them.

use super::Cx;
use crate::value::{Item, MapRef, MapType, Str, Val};
use source::{PathSegment, Prov, Segment};
use std::ops::Range;
use std::sync::Arc;
use yaml::{Entry, Marker, Value};

/// A string that is being read, and where its entries stand in it.
pub(crate) struct Reading<'a> {
    text: &'a [u8],
    segments: &'a [Segment],
    /// What the string rests on as a whole.
    pub(crate) whole: Prov,
    entries: Vec<Spelling>,
}

/// Where an entry is spelled.
#[derive(Debug, Clone)]
struct Spelling {
    /// None for list items.
    key: Option<Range<u32>>,
    value: Range<u32>,
}

impl<'a> Reading<'a> {
    /// `text` is the string of `item`.
    pub(crate) fn new(cx: &mut Cx<'_>, item: &Item, text: &'a Str) -> Self {
        let whole = cx.prov_of(std::slice::from_ref(item));
        let segments = if cx.here.is_some() {
            text.segments()
        } else {
            &[]
        };
        Self {
            text: text.bytes(),
            segments,
            whole,
            entries: Vec::new(),
        }
    }

    pub(crate) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// Whether parts of the string rest on different things, so that places matter.
    pub(crate) fn has_parts(&self) -> bool {
        !self.segments.is_empty()
    }

    /// The value of a tree whose marks this reading chose.
    pub(crate) fn value(&self, cx: &mut Cx<'_>, tree: &Value) -> Item {
        let val = Val::from_value(tree, &mut |entry| self.of_entry(cx, entry));
        Item {
            val,
            prov: self.whole,
        }
    }

    /// The map that Helm's readers return instead of an error.
    pub(crate) fn error_map(&self, message: &str) -> Item {
        let message = Item {
            val: Val::string(message),
            prov: self.whole,
        };
        Item {
            val: Val::map([(Arc::from("Error"), message)]),
            prov: self.whole,
        }
    }

    /// The list that Helm's readers of lists return instead of an error.
    pub(crate) fn error_list(&self, message: &str) -> Item {
        let message = Item {
            val: Val::string(message),
            prov: self.whole,
        };
        Item {
            val: Val::list(vec![message]),
            prov: self.whole,
        }
    }

    pub(crate) fn empty_map(&self) -> Item {
        Item {
            val: Val::map([]),
            prov: self.whole,
        }
    }

    pub(crate) fn nil_map(&self) -> Item {
        Item {
            val: Val::Map(MapRef::nil(MapType::Plain)),
            prov: self.whole,
        }
    }

    /// What the bytes of a range rest on.
    pub(crate) fn of_range(&self, cx: &mut Cx<'_>, range: Range<usize>) -> Prov {
        if self.segments.is_empty() {
            return self.whole;
        }
        let after = |segment: &Segment| segment.start as usize <= range.start;
        let first = self.segments.partition_point(after).saturating_sub(1);
        let inside = self.segments[first..]
            .iter()
            .take_while(|segment| (segment.start as usize) < range.end);
        inside.fold(Prov::NONE, |all, segment| cx.tables.join(all, segment.prov))
    }

    fn of_entry(&self, cx: &mut Cx<'_>, entry: &Entry) -> Prov {
        let Some(spelling) = (entry.mark as usize)
            .checked_sub(1)
            .and_then(|at| self.entries.get(at))
        else {
            return self.whole;
        };
        let bytes = |range: &Range<u32>| range.start as usize..range.end as usize;
        let value = bytes(&spelling.value);
        let is_container = match &entry.value {
            Value::Map(map) => !map.is_empty(),
            Value::List(items) => !items.is_empty(),
            _ => false,
        };
        // What is in a container has places of its own.
        let value = if is_container {
            value.start..value.start + 1
        } else {
            value
        };
        match &spelling.key {
            Some(key) if is_container => self.of_range(cx, bytes(key)),
            Some(key) => {
                let key = self.of_range(cx, bytes(key));
                let value = self.of_range(cx, value);
                cx.tables.join(key, value)
            }
            None => self.of_range(cx, value),
        }
    }
}

impl Marker for Reading<'_> {
    fn mark(&mut self, _: &[PathSegment], key: Option<Range<u32>>, value: Range<u32>) -> u32 {
        if !self.has_parts() {
            return 0;
        }
        self.entries.push(Spelling { key, value });
        self.entries.len() as u32
    }
}
