//! What results rest on, for functions that choose and look up values instead of making text.

use super::Cx;
use crate::value::{Item, Str, Val};
use source::{Prov, Segment};

/// An entry as it was found in a container: its text rests on itself or, if nothing is known of it, on the
/// container; the keys decided that it is this one.
pub(crate) fn entry(cx: &mut Cx<'_>, container: &Item, mut found: Item, keys: &[Item]) -> Item {
    if cx.here.is_none() {
        return found;
    }
    if found.prov.is_none() && !has_map(&found.val) {
        found.prov = container.prov;
    }
    decided(cx, found, keys)
}

/// What stands for an entry that a container lacks: container and keys decided so.
pub(crate) fn missing(cx: &mut Cx<'_>, stand_in: Val, container: &Item, keys: &[Item]) -> Item {
    let item = decided(cx, stand_in.into(), keys);
    decided(cx, item, std::slice::from_ref(container))
}

/// A value that was chosen by looking at others.
pub(crate) fn decided(cx: &mut Cx<'_>, mut item: Item, deciders: &[Item]) -> Item {
    let decider = cx.prov_of(deciders);
    if decider.is_none() {
        return item;
    }
    item.prov = cx.tables.decide(item.prov, decider);
    if let Val::Str(text) = &item.val
        && !text.segments().is_empty()
    {
        let decide = |segment: &Segment| Segment {
            prov: cx.tables.decide(segment.prov, decider),
            ..*segment
        };
        let segments = text.segments().iter().map(decide).collect();
        item.val = Val::Str(Str::with_map(text.shared(), segments));
    }
    item
}

/// A value under a key that was computed: the line which will show both rests on both.
pub(crate) fn keyed(cx: &mut Cx<'_>, key: &Item, mut value: Item) -> Item {
    let key = cx.prov_of(std::slice::from_ref(key));
    if key.is_none() {
        return value;
    }
    let whole = cx.prov_of(std::slice::from_ref(&value));
    value.prov = cx.tables.join(whole, key);
    value
}

/// What one item rests on as a whole, the inner map of a string included.
pub(crate) fn whole(cx: &mut Cx<'_>, item: &Item) -> Prov {
    cx.prov_of(std::slice::from_ref(item))
}

fn has_map(val: &Val) -> bool {
    val.as_str().is_some_and(|text| !text.segments().is_empty())
}
