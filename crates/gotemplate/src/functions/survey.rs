//! A look at a value before it is written out as a whole: maps that hold one map many times are small in memory
//! and can be endless on paper.

use super::{CallError, Cx};
use crate::value::{Item, List, MapRef, Str, Val};
use source::Prov;

/// How deep values may nest that become text. Go's JSON encoder looks for cycles from here on.
pub(crate) const MAX_DEPTH: usize = 1_000;

/// Go's error for a value that holds itself.
pub(crate) fn cycle(val: &Val, helm: crate::HelmLine) -> String {
    format!(
        "json: unsupported value: encountered a cycle via {}",
        val.type_name(helm)
    )
}

/// Charges what the text of a value takes, and gives the value with the maps inside its strings moved to the
/// entries that hold the strings: writers of text see only what an entry rests on.
///
/// # Errors
/// A limit of ours; or Go's text for a value that holds itself.
pub(crate) fn for_text(cx: &mut Cx<'_>, item: &Item) -> Result<Item, CallError> {
    let mut has_maps = false;
    count(cx, &item.val, 0, &mut has_maps)?;
    Ok(if has_maps && cx.here.is_some() {
        flattened(cx, item)
    } else {
        item.clone()
    })
}

fn count(cx: &mut Cx<'_>, val: &Val, depth: usize, has_maps: &mut bool) -> Result<(), CallError> {
    if depth >= MAX_DEPTH && matches!(val, Val::List(_) | Val::Map(_)) {
        return Err(cycle(val, cx.helm).into());
    }
    match val {
        Val::Str(text) => {
            *has_maps |= !text.segments().is_empty();
            cx.charge(text.len() as u64 + 8)
        }
        Val::Bytes(bytes) => cx.charge(bytes.len() as u64 * 2 + 8),
        Val::List(list) => list
            .values()
            .try_for_each(|val| count(cx, val, depth + 1, has_maps)),
        Val::Map(map) => map.entries().iter().try_for_each(|(key, item)| {
            cx.charge(key.len() as u64 + 8)?;
            count(cx, &item.val, depth + 1, has_maps)
        }),
        _ => cx.charge(16),
    }
}

/// The depth was checked by [`count`].
fn flattened(cx: &mut Cx<'_>, item: &Item) -> Item {
    match &item.val {
        Val::Str(text) if !text.segments().is_empty() => {
            let prov = text
                .segments()
                .iter()
                .fold(Prov::NONE, |all, segment| cx.tables.join(all, segment.prov));
            let prov = cx.tables.join(prov, item.prov);
            Item {
                val: Val::Str(Str::with_map(text.shared(), Vec::new())),
                prov,
            }
        }
        Val::List(list) if !list.is_nil() => {
            let items = list
                .items()
                .iter()
                .map(|item| flattened(cx, item))
                .collect();
            Item {
                val: Val::List(List::new(list.element_type(), items)),
                prov: item.prov,
            }
        }
        Val::Map(map) if !map.is_nil() => {
            let entries = map
                .snapshot()
                .into_iter()
                .map(|(key, item)| (key, flattened(cx, &item)));
            Item {
                val: Val::Map(MapRef::new(map.map_type(), entries.collect())),
                prov: item.prov,
            }
        }
        _ => item.clone(),
    }
}
