//! sprig's dictionaries. They are references: `set` is seen by everybody who holds the map.

use super::merge::{self, MAX_DEPTH, merge_into};
use super::{CallError, Cx, Flow, Function, Outcome, Param, format, origins};
use crate::value::{ElementType, Item, List, MapRef, MapType, Val};
use Param::{Any, Map, Str};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::variadic("dict", &[], Any, Flow::Own, dict),
    Function::new("get", &[Map, Str], Flow::Own, get),
    Function::new("set", &[Map, Str, Any], Flow::Own, set),
    Function::new("unset", &[Map, Str], Flow::Own, unset),
    Function::new("hasKey", &[Map, Str], Flow::Own, has_key),
    Function::variadic("pluck", &[Str], Map, Flow::Own, pluck),
    Function::variadic("keys", &[], Map, Flow::Own, keys),
    Function::new("values", &[Map], Flow::Own, values),
    Function::variadic("pick", &[Map], Str, Flow::Own, pick),
    Function::variadic("omit", &[Map], Str, Flow::Own, omit),
    Function::variadic("merge", &[Map], Map, Flow::Own, merge_maps),
    Function::variadic("mustMerge", &[Map], Map, Flow::Own, must_merge),
    Function::variadic("mergeOverwrite", &[Map], Map, Flow::Own, merge_overwrite),
    Function::variadic(
        "mustMergeOverwrite",
        &[Map],
        Map,
        Flow::Own,
        must_merge_overwrite,
    ),
    Function::new("deepCopy", &[Any], Flow::Own, deep_copy),
    Function::new("mustDeepCopy", &[Any], Flow::Own, deep_copy),
    Function::variadic("dig", &[], Any, Flow::Own, dig),
];

/// `dict k v …`: keys are the texts of any values; a last key without a value gets `""`.
fn dict(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut entries = BTreeMap::new();
    for pair in args.chunks(2) {
        let key = format::strval(&pair[0].val, cx.helm);
        let value = pair
            .get(1)
            .cloned()
            .unwrap_or_else(|| Val::string("").into());
        let value = origins::keyed(cx, &pair[0], value);
        entries.insert(Arc::from(String::from_utf8_lossy(&key)), value);
    }
    Ok(Val::Map(MapRef::new(MapType::Plain, entries)).into())
}

/// `get m k`: `""` for a missing key.
fn get(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let map = map_at(args, 0)?;
    Ok(match map.get(&key_at(args, 1)) {
        Some(found) => origins::entry(cx, &args[0], found, &args[1..2]),
        None => origins::missing(cx, Val::string(""), &args[0], &args[1..2]),
    })
}

/// `set m k v`: changes `m` and returns it.
fn set(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let map = map_at(args, 0)?;
    if map.is_nil() {
        return Err("assignment to entry in nil map".into());
    }
    let key = key_at(args, 1);
    let value = origins::keyed(cx, &args[1], args.get(2).cloned().unwrap_or_default());
    cx.charge(key.len() as u64 + 64)?;
    map.insert(Arc::from(key), value);
    Ok(plain(&args[0], map))
}

/// `unset m k`: changes `m` and returns it.
fn unset(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let map = map_at(args, 0)?;
    drop(map.remove(&key_at(args, 1)));
    Ok(plain(&args[0], map))
}

/// `hasKey m k`
fn has_key(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let found = map_at(args, 0)?.get(&key_at(args, 1));
    let answer = origins::decided(cx, Val::Bool(found.is_some()).into(), args);
    Ok(match found {
        Some(found) => origins::decided(cx, answer, &[found]),
        None => answer,
    })
}

/// `pluck k m …`: the entries under `k` of the maps that have it.
fn pluck(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let key = key_at(args, 0);
    let mut found = Vec::new();
    for (index, source) in args.iter().enumerate().skip(1) {
        if let Some(item) = map_at(args, index)?.get(&key) {
            found.push(origins::entry(cx, source, item, &args[..1]));
        }
    }
    Ok(Item {
        val: Val::list(found),
        prov: cx.prov_of(args),
    })
}

/// `keys m …`: in Go in random order, here sorted.
fn keys(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut all = Vec::new();
    for (index, source) in args.iter().enumerate() {
        for (key, item) in map_at(args, index)?.snapshot() {
            cx.charge(key.len() as u64 + 16)?;
            let prov = origins::whole(cx, &item);
            let prov = if prov.is_none() { source.prov } else { prov };
            all.push(Item {
                val: Val::string(&*key),
                prov,
            });
        }
    }
    Ok(Item {
        val: Val::List(List::new(ElementType::String, all)),
        prov: cx.prov_of(args),
    })
}

/// `values m`: in Go in random order, here sorted by key.
fn values(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let map = map_at(args, 0)?;
    cx.charge(map.len() as u64 * 16)?;
    let items = map.snapshot().into_iter().map(|(_, item)| item).collect();
    Ok(Item {
        val: Val::list(items),
        prov: args[0].prov,
    })
}

/// `pick m k …`: a new map with these keys, as far as `m` has them.
fn pick(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let map = map_at(args, 0)?;
    let wanted = (1..args.len()).map(|index| key_at(args, index));
    let entries: BTreeMap<_, _> = wanted
        .filter_map(|key| Some((Arc::from(&*key), map.get(&key)?)))
        .collect();
    fresh(cx, entries, &args[0])
}

/// `omit m k …`: a new map without these keys.
fn omit(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let map = map_at(args, 0)?;
    let mut entries: BTreeMap<_, _> = map.snapshot().into_iter().collect();
    for index in 1..args.len() {
        entries.remove(&*key_at(args, index));
    }
    fresh(cx, entries, &args[0])
}

fn fresh(cx: &mut Cx<'_>, entries: BTreeMap<Arc<str>, Item>, source: &Item) -> Outcome {
    cx.charge(entries.len() as u64 * 64)?;
    Ok(Item {
        val: Val::Map(MapRef::new(MapType::Plain, entries)),
        prov: source.prov,
    })
}

/// `merge dst src …`: changes `dst` and returns it; errors become an empty string.
fn merge_maps(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    silent(merged(cx, args, false))
}

/// `mustMerge dst src …`
fn must_merge(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    merged(cx, args, false)
}

/// `mergeOverwrite dst src …`: as `merge`, but the sources win, also with empty values and nil.
fn merge_overwrite(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    silent(merged(cx, args, true))
}

/// `mustMergeOverwrite dst src …`
fn must_merge_overwrite(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    merged(cx, args, true)
}

fn silent(outcome: Outcome) -> Outcome {
    match outcome {
        Err(CallError::Message(_)) => Ok(Val::string("").into()),
        other => other,
    }
}

fn merged(cx: &mut Cx<'_>, args: &[Item], overwrite: bool) -> Outcome {
    let mut target = map_at(args, 0)?.clone();
    for index in 1..args.len() {
        let source = map_at(args, index)?;
        if target.is_nil() && !source.is_nil() {
            target = MapRef::new(MapType::Plain, BTreeMap::new());
        }
        merge_into(cx, &target, source, overwrite, 0)?;
    }
    Ok(plain(&args[0], &target))
}

/// `deepCopy v`: a copy that shares no map or list with `v`.
fn deep_copy(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    match args {
        [item] if !item.val.is_nil() => Ok(Item {
            val: copy(cx, &item.val, 0)?,
            prov: item.prov,
        }),
        _ => Err("reflect: call of reflect.Value.Type on zero Value".into()),
    }
}

fn copy(cx: &mut Cx<'_>, val: &Val, depth: usize) -> Result<Val, CallError> {
    if depth > MAX_DEPTH {
        return Err(merge::too_deep());
    }
    cx.charge(64)?;
    Ok(match val {
        Val::List(list) if !list.is_nil() => {
            let items = list
                .items()
                .iter()
                .map(|item| copy_item(cx, item, depth + 1));
            Val::List(List::new(
                list.element_type(),
                items.collect::<Result<_, _>>()?,
            ))
        }
        Val::Map(map) if !map.is_nil() => {
            let entries = map.snapshot().into_iter();
            let entries = entries.map(|(key, item)| Ok((key, copy_item(cx, &item, depth + 1)?)));
            Val::Map(MapRef::new(
                map.map_type(),
                entries.collect::<Result<_, CallError>>()?,
            ))
        }
        other => other.clone(),
    })
}

fn copy_item(cx: &mut Cx<'_>, item: &Item, depth: usize) -> Outcome {
    Ok(Item {
        val: copy(cx, &item.val, depth)?,
        prov: item.prov,
    })
}

/// `dig k … default m`: the value under a chain of keys, or the default where one is missing.
fn dig(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let [keys @ .., default, map] = args else {
        return Err("dig needs at least three arguments".into());
    };
    if keys.is_empty() {
        return Err("dig needs at least three arguments".into());
    }
    plain_map(cx, &map.val)?;
    for key in keys {
        if key.val.as_str().is_none() {
            return Err(conversion(cx, &key.val, "string"));
        }
    }
    let mut at = map.clone();
    for (index, key) in keys.iter().enumerate() {
        let walked = std::slice::from_ref(key);
        let Some(found) = plain_map(cx, &at.val)?.get(&key_at(keys, index)) else {
            let missed = origins::decided(cx, default.clone(), walked);
            return Ok(origins::decided(cx, missed, std::slice::from_ref(&at)));
        };
        at = origins::entry(cx, &at, found, walked);
    }
    Ok(at)
}

/// Go's type assertion, which named map types do not pass.
fn plain_map<'a>(cx: &Cx<'_>, val: &'a Val) -> Result<&'a MapRef, CallError> {
    match val {
        Val::Map(map) if map.map_type() == MapType::Plain => Ok(map),
        other => Err(conversion(cx, other, MapType::Plain.type_name(cx.helm))),
    }
}

fn conversion(cx: &Cx<'_>, val: &Val, wanted: &str) -> CallError {
    let found = if val.is_nil() {
        "nil".to_owned()
    } else {
        val.type_name(cx.helm)
    };
    format!("interface conversion: interface {{}} is {found}, not {wanted}").into()
}

/// The map of an argument, as the plain type that the parameter has.
fn plain(source: &Item, map: &MapRef) -> Item {
    Item {
        val: Val::Map(map.retyped(MapType::Plain)),
        prov: source.prov,
    }
}

fn map_at(args: &[Item], index: usize) -> Result<&MapRef, CallError> {
    match args.get(index).map(|item| &item.val) {
        Some(Val::Map(map)) => Ok(map),
        _ => Err("wrong type for value; expected map[string]interface {}".into()),
    }
}

fn key_at(args: &[Item], index: usize) -> Cow<'_, str> {
    args.get(index)
        .and_then(|item| item.val.as_str())
        .map(|text| text.lossy())
        .unwrap_or_default()
}
