//! sprig's lists. Slices of any element type are taken; results are new lists that hold the same entries.
//!
//! The functions whose names begin with `must` differ from the others only inside Go (an error instead of a panic).

use super::cast::to_int64;
use super::types::deep_equal;
use super::{CallError, Cx, Flow, Function, Outcome, Param, format, origins};
use crate::value::{ElementType, Item, List, Val};
use Param::{Any, Int};
use std::borrow::Cow;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::variadic("list", &[], Any, Flow::Own, list),
    Function::variadic("tuple", &[], Any, Flow::Own, list),
    Function::new("first", &[Any], Flow::Own, first),
    Function::new("mustFirst", &[Any], Flow::Own, first),
    Function::new("last", &[Any], Flow::Own, last),
    Function::new("mustLast", &[Any], Flow::Own, last),
    Function::new("rest", &[Any], Flow::Own, rest),
    Function::new("mustRest", &[Any], Flow::Own, rest),
    Function::new("initial", &[Any], Flow::Own, initial),
    Function::new("mustInitial", &[Any], Flow::Own, initial),
    Function::new("append", &[Any, Any], Flow::Own, append),
    Function::new("mustAppend", &[Any, Any], Flow::Own, append),
    Function::new("push", &[Any, Any], Flow::Own, append),
    Function::new("mustPush", &[Any, Any], Flow::Own, append),
    Function::new("prepend", &[Any, Any], Flow::Own, prepend),
    Function::new("mustPrepend", &[Any, Any], Flow::Own, prepend),
    Function::variadic("concat", &[], Any, Flow::Own, concat),
    Function::new("reverse", &[Any], Flow::Own, reverse),
    Function::new("mustReverse", &[Any], Flow::Own, reverse),
    Function::new("compact", &[Any], Flow::Own, compact),
    Function::new("mustCompact", &[Any], Flow::Own, compact),
    Function::new("uniq", &[Any], Flow::Own, uniq),
    Function::new("mustUniq", &[Any], Flow::Own, uniq),
    Function::variadic("without", &[Any], Any, Flow::Own, without),
    Function::variadic("mustWithout", &[Any], Any, Flow::Own, without),
    Function::new("has", &[Any, Any], Flow::Own, has),
    Function::new("mustHas", &[Any, Any], Flow::Own, has),
    Function::variadic("slice", &[Any], Any, Flow::Own, slice),
    Function::variadic("mustSlice", &[Any], Any, Flow::Own, slice),
    Function::new("chunk", &[Int, Any], Flow::Own, chunk),
    Function::new("mustChunk", &[Int, Any], Flow::Own, chunk),
    Function::new("sortAlpha", &[Any], Flow::Own, sort_alpha),
];

/// What Go says where a function looks at the type of nil.
const NIL: &str = "runtime error: invalid memory address or nil pointer dereference";

/// `list a b …`
fn list(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::list(args.to_vec()).into())
}

/// `first l`: nil for an empty list.
fn first(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "Cannot find first on type")?;
    picked(cx, source, items.first())
}

/// `last l`: nil for an empty list.
fn last(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "Cannot find last on type")?;
    picked(cx, source, items.last())
}

fn picked(cx: &mut Cx<'_>, source: &Item, found: Option<&Item>) -> Outcome {
    Ok(match found {
        Some(item) => origins::entry(cx, source, item.clone(), &[]),
        None => origins::missing(cx, Val::Nil, source, &[]),
    })
}

/// `rest l`: all but the first; a nil list for an empty one.
fn rest(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "Cannot find rest on type")?;
    part(cx, source, items.get(1..))
}

/// `initial l`: all but the last; a nil list for an empty one.
fn initial(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "Cannot find initial on type")?;
    part(cx, source, items.split_last().map(|(_, initial)| initial))
}

fn part(cx: &mut Cx<'_>, source: &Item, items: Option<&[Item]>) -> Outcome {
    match items {
        Some(items) => made(cx, items.to_vec(), source),
        None => Ok(Item {
            val: Val::List(List::nil(ElementType::Interface)),
            prov: source.prov,
        }),
    }
}

/// `append l v`, also called `push`.
fn append(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "Cannot push on type")?;
    let added = args.get(1).cloned().unwrap_or_default();
    made(cx, items.iter().cloned().chain([added]).collect(), source)
}

/// `prepend l v`
fn prepend(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "Cannot prepend on type")?;
    let added = args.get(1).cloned().unwrap_or_default();
    made(
        cx,
        std::iter::once(added)
            .chain(items.iter().cloned())
            .collect(),
        source,
    )
}

/// `concat l …`: a nil list where there is nothing to hold.
fn concat(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut all = Vec::new();
    for item in args {
        let items = match elements(&item.val) {
            Some(items) => items,
            None if item.val.is_nil() => return Err(NIL.into()),
            None => return Err(format!("Cannot concat type {} as list", item.val.kind()).into()),
        };
        charge_items(cx, items.len())?;
        all.extend(items.iter().cloned());
    }
    let prov = cx.prov_of(args);
    let list = if all.is_empty() {
        List::nil(ElementType::Interface)
    } else {
        List::new(ElementType::Interface, all)
    };
    Ok(Item {
        val: Val::List(list),
        prov,
    })
}

/// `reverse l`
fn reverse(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "Cannot find reverse on type")?;
    made(cx, items.iter().rev().cloned().collect(), source)
}

/// `compact l`: without the empty entries.
fn compact(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "Cannot compact on type")?;
    made(
        cx,
        items
            .iter()
            .filter(|item| item.val.is_true())
            .cloned()
            .collect(),
        source,
    )
}

/// `uniq l`: the first of each group of deeply equal entries.
fn uniq(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "Cannot find uniq on type")?;
    let mut unique: Vec<Item> = Vec::new();
    for item in items.iter() {
        // Quadratic as in Go: the budget for memory stands in for one of time.
        cx.charge(unique.len() as u64)?;
        if !holds(&unique, &item.val) {
            unique.push(item.clone());
        }
    }
    made(cx, unique, source)
}

/// `without l v …`: without what deeply equals one of the values.
fn without(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "Cannot find without on type")?;
    let unwanted = &args[1..];
    let kept = items
        .iter()
        .filter(|item| !holds(unwanted, &item.val))
        .cloned()
        .collect();
    made(cx, kept, source)
}

/// `has v l`: whether an entry deeply equals `v`, types included.
fn has(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let [needle, haystack] = args else {
        return Err("has needs two arguments".into());
    };
    let found = if haystack.val.is_nil() {
        None
    } else {
        let (_, items) = subject(args, 1, "Cannot find has on type")?;
        items
            .iter()
            .find(|item| deep_equal(&needle.val, &item.val))
            .cloned()
    };
    let mut answer = origins::decided(cx, Val::Bool(found.is_some()).into(), args);
    if let Some(found) = found {
        answer = origins::decided(cx, answer, &[found]);
    }
    Ok(answer)
}

/// `slice l [from [to]]`: nil for an empty list.
fn slice(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 0, "list should be type of slice or array but")?;
    if items.is_empty() {
        return Ok(origins::missing(cx, Val::Nil, source, &[]));
    }
    let bound = |index: usize, otherwise: usize| match args.get(index) {
        Some(item) => usize::try_from(to_int64(&item.val)).ok(),
        None => Some(otherwise),
    };
    let range = bound(1, 0)
        .zip(bound(2, items.len()))
        .and_then(|(from, to)| items.get(from..to));
    let Some(part) = range else {
        return Err("reflect.Value.Slice: slice index out of bounds".into());
    };
    let val = match &source.val {
        Val::List(list) => Val::List(List::new(list.element_type(), part.to_vec())),
        _ => Val::Bytes(part.iter().map(|item| to_int64(&item.val) as u8).collect()),
    };
    let item = Item {
        val,
        prov: source.prov,
    };
    Ok(origins::decided(
        cx,
        item,
        args.get(1..).unwrap_or_default(),
    ))
}

/// `chunk n l`: lists of `n` entries each, the last one perhaps shorter.
fn chunk(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (source, items) = subject(args, 1, "Cannot chunk type")?;
    let size = args.first().map_or(0, |item| to_int64(&item.val));
    let step = if size > 0 {
        usize::try_from(size).unwrap_or(usize::MAX)
    } else if size < 0 && whole_or_none(items.len(), size.unsigned_abs()) {
        usize::MAX
    } else {
        return Err("runtime error: makeslice: len out of range".into());
    };
    charge_items(cx, items.len() * 2)?;
    // By the same count of Go's, a list of several entries has no chunks of a negative size.
    let kept = if size < 0 && items.len() > 1 {
        &[]
    } else {
        &items[..]
    };
    let chunks = kept.chunks(step).map(|chunk| Item {
        val: Val::list(chunk.to_vec()),
        prov: source.prov,
    });
    Ok(Item {
        val: Val::List(List::new(ElementType::List, chunks.collect())),
        prov: source.prov,
    })
}

/// Whether Go gets through with a negative size. It counts chunks as the floor of `(length - 1) / size`, plus one:
/// that is none for a few entries, and one for a single entry, which then is the rest of a division.
fn whole_or_none(length: usize, size: u64) -> bool {
    match length {
        0 => false,
        1 => size > 1,
        length => length as u64 - 1 <= size,
    }
}

/// `sortAlpha l`: the texts of the entries that are not nil, bytewise; what is no list counts as its only entry.
fn sort_alpha(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let Some(source) = args.first() else {
        return Err("sortAlpha needs an argument".into());
    };
    let items: Vec<Item> = match elements(&source.val) {
        Some(items) => items
            .iter()
            .filter(|item| !item.val.is_nil())
            .cloned()
            .collect(),
        None => vec![source.clone()],
    };
    charge_items(cx, items.len())?;
    let mut texts = Vec::with_capacity(items.len());
    for item in &items {
        texts.push(format::strval_item(cx, item)?);
    }
    texts.sort_by(|left, right| text_bytes(left).cmp(text_bytes(right)));
    Ok(Item {
        val: Val::List(List::new(ElementType::String, texts)),
        prov: source.prov,
    })
}

fn text_bytes(item: &Item) -> &[u8] {
    item.val.as_str().map_or(&[], |text| text.bytes())
}

/// The items of what Go calls a slice.
pub(crate) fn elements(val: &Val) -> Option<Cow<'_, [Item]>> {
    match val {
        Val::List(list) => Some(Cow::Borrowed(list.items())),
        Val::Bytes(bytes) => Some(Cow::Owned(
            bytes.iter().map(|byte| Val::Uint8(*byte).into()).collect(),
        )),
        _ => None,
    }
}

/// The list that a function works on; `complaint` is how its error for another type begins.
fn subject<'a>(
    args: &'a [Item],
    index: usize,
    complaint: &str,
) -> Result<(&'a Item, Cow<'a, [Item]>), CallError> {
    let Some(item) = args.get(index) else {
        return Err("missing argument".into());
    };
    match elements(&item.val) {
        Some(items) => Ok((item, items)),
        None if item.val.is_nil() => Err(NIL.into()),
        None => Err(format!("{complaint} {}", item.val.kind()).into()),
    }
}

/// A new `[]interface{}` made from the entries of `source`.
fn made(cx: &mut Cx<'_>, items: Vec<Item>, source: &Item) -> Outcome {
    charge_items(cx, items.len())?;
    Ok(Item {
        val: Val::list(items),
        prov: source.prov,
    })
}

/// Less than a list takes, for most lists that templates build step by step are dropped with the next step.
fn charge_items(cx: &mut Cx<'_>, count: usize) -> Result<(), CallError> {
    cx.charge((count as u64).saturating_mul(16))
}

fn holds(items: &[Item], needle: &Val) -> bool {
    items.iter().any(|item| deep_equal(needle, &item.val))
}
