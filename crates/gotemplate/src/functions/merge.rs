//! Merging maps as the Go library mergo 1.0.1 does it for `map[string]interface{}`.

use super::{CallError, Cx, origins};
use crate::value::{Item, MapRef, Object, Val};

/// How deep merged and copied values may nest. Go overflows its stack on maps that hold themselves.
pub(crate) const MAX_DEPTH: usize = 1_000;

/// Merges `source` into `target`, entry by entry.
///
/// A source's nil counts only where `overwrite` is set. Maps merge with maps; any other value is taken where the
/// target's is empty or missing, or else where `overwrite` is set. What is taken is shared, not copied.
///
/// # Errors
/// `src and dst must be of same type` where a pointer meets a map; a limit for maps that hold themselves.
pub(crate) fn merge_into(
    cx: &mut Cx<'_>,
    target: &MapRef,
    source: &MapRef,
    overwrite: bool,
    depth: usize,
) -> Result<(), CallError> {
    if depth > MAX_DEPTH {
        return Err(too_deep());
    }
    for (key, new) in source.snapshot() {
        cx.charge(64)?;
        let old = target.get(&key);
        if new.val.is_nil() {
            if overwrite {
                target.insert(key, new);
            }
            continue;
        }
        merge_contents(cx, old.as_ref(), &new, overwrite, depth)?;
        // Asked only now: an empty map has perhaps been filled.
        let filled = old.as_ref().is_some_and(|old| !is_empty(&old.val));
        let both_maps = matches!(
            (old.as_ref().map(|old| &old.val), &new.val),
            (Some(Val::Map(_)), Val::Map(_))
        );
        if filled && (!overwrite || both_maps) {
            continue;
        }
        let new = match &old {
            Some(old) if !overwrite => origins::decided(cx, new, std::slice::from_ref(old)),
            _ => new,
        };
        target.insert(key, new);
    }
    Ok(())
}

/// What happens inside of two values before the outer map decides which of them stays.
fn merge_contents(
    cx: &mut Cx<'_>,
    old: Option<&Item>,
    new: &Item,
    overwrite: bool,
    depth: usize,
) -> Result<(), CallError> {
    match (old.map(|old| &old.val), &new.val) {
        (Some(Val::Map(old)), Val::Map(new)) if !old.is_nil() || new.is_nil() => {
            merge_into(cx, old, new, overwrite, depth + 1)
        }
        (Some(Val::Object(old)), Val::Map(_)) if !overwrite && old.kind() == "ptr" => {
            Err("src and dst must be of same type".into())
        }
        (Some(Val::Object(old)), Val::Object(new))
            if !overwrite && old.kind() == "ptr" && new.kind() == "struct" =>
        {
            Err("src and dst must be of same type".into())
        }
        _ => Ok(()),
    }
}

/// mergo's emptiness: as the template's truth, but structs and complex numbers never are.
fn is_empty(val: &Val) -> bool {
    match val {
        Val::Complex(..) => false,
        Val::Object(object) => matches!(&**object, Object::Files(files) if files.files.is_empty()),
        other => !other.is_true(),
    }
}

/// The limit that maps which hold themselves run into.
pub(crate) fn too_deep() -> CallError {
    CallError::Limit(format!(
        "a value nests deeper than {MAX_DEPTH} levels, or holds itself"
    ))
}
