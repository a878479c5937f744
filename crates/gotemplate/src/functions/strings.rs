//! Strings: trimming, cutting, searching, repeating, indenting, splitting and joining.

use super::format::strval_item;
use super::letters::decode_last;
use super::search::{boundaries, find_all, pieces};
use super::text::{bytes, cut, cut_all, decided_by, finish, int, string_list};
use super::{CallError, Cx, Flow, Function, Outcome, Param};
use crate::syntax::unicode::decode;
use crate::value::{ElementType, Item, List, MapRef, MapType, Val};
use std::ops::Range;
use std::sync::Arc;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("hello", &[], Flow::Own, hello),
    Function::new("trim", &[Param::Str], Flow::Own, trim),
    Function::new("trimAll", &[Param::Str, Param::Str], Flow::Own, trim_all),
    Function::new("trimall", &[Param::Str, Param::Str], Flow::Own, trim_all),
    Function::new(
        "trimPrefix",
        &[Param::Str, Param::Str],
        Flow::Own,
        trim_prefix,
    ),
    Function::new(
        "trimSuffix",
        &[Param::Str, Param::Str],
        Flow::Own,
        trim_suffix,
    ),
    Function::new("trunc", &[Param::Int, Param::Str], Flow::Own, trunc),
    Function::new(
        "substr",
        &[Param::Int, Param::Int, Param::Str],
        Flow::Own,
        substr,
    ),
    Function::new(
        "contains",
        &[Param::Str, Param::Str],
        Flow::Decided,
        contains,
    ),
    Function::new(
        "hasPrefix",
        &[Param::Str, Param::Str],
        Flow::Decided,
        has_prefix,
    ),
    Function::new(
        "hasSuffix",
        &[Param::Str, Param::Str],
        Flow::Decided,
        has_suffix,
    ),
    Function::new(
        "replace",
        &[Param::Str, Param::Str, Param::Str],
        Flow::Own,
        replace,
    ),
    Function::new("repeat", &[Param::Int, Param::Str], Flow::Own, repeat),
    Function::new("indent", &[Param::Int, Param::Str], Flow::Own, indent),
    Function::new("nindent", &[Param::Int, Param::Str], Flow::Own, nindent),
    Function::new(
        "splitList",
        &[Param::Str, Param::Str],
        Flow::Own,
        split_list,
    ),
    Function::new("split", &[Param::Str, Param::Str], Flow::Own, split),
    Function::new(
        "splitn",
        &[Param::Str, Param::Int, Param::Str],
        Flow::Own,
        splitn,
    ),
    Function::new("join", &[Param::Str, Param::Any], Flow::Own, join),
    Function::new("toStrings", &[Param::Any], Flow::Own, to_strings),
];

/// `hello`: a greeting, for trying templates out.
fn hello(_: &mut Cx<'_>, _: &[Item]) -> Outcome {
    Ok(Val::string("Hello!").into())
}

/// `trim s`: without Unicode white space at both ends.
fn trim(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let range = trimmed(bytes(args, 0)?, char::is_whitespace);
    cut(cx, args, 0, range)
}

/// `trimAll set s`: without the characters of the set at both ends.
fn trim_all(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut set = Vec::new();
    let mut at = 0;
    while let Some((c, width)) = decode(bytes(args, 0)?, at) {
        set.push(c);
        at += width;
    }
    let range = trimmed(bytes(args, 1)?, |c| set.contains(&c));
    cut(cx, args, 1, range)
}

/// `trimPrefix prefix s`: without one occurrence of the prefix.
fn trim_prefix(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (prefix, text) = (bytes(args, 0)?, bytes(args, 1)?);
    let start = if text.starts_with(prefix) {
        prefix.len()
    } else {
        0
    };
    cut(cx, args, 1, start..text.len())
}

/// `trimSuffix suffix s`: without one occurrence of the suffix.
fn trim_suffix(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (suffix, text) = (bytes(args, 0)?, bytes(args, 1)?);
    let end = if text.ends_with(suffix) {
        text.len() - suffix.len()
    } else {
        text.len()
    };
    cut(cx, args, 1, 0..end)
}

/// `trunc n s`: the first `n` bytes, or the last `-n`.
fn trunc(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let length = bytes(args, 1)?.len();
    let count = int(args, 0)?;
    let wanted = usize::try_from(count.unsigned_abs())
        .unwrap_or(usize::MAX)
        .min(length);
    let range = if count < 0 {
        length - wanted..length
    } else {
        0..wanted
    };
    cut(cx, args, 1, range)
}

/// `substr start end s`: bytes; a negative start means from the beginning, a negative or too large end to the end.
fn substr(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (start, end) = (int(args, 0)?, int(args, 1)?);
    let length = bytes(args, 2)?.len();
    let size = length as i64;
    let (from, to) = match (start, end) {
        (..0, ..0) => return Err(out_of_range(format!("[:{end}]"))),
        (..0, _) if end > size => return Err(out_of_range(format!("[:{end}] with length {size}"))),
        (..0, _) => (0, end),
        _ if end < 0 || end > size => (start, size),
        _ => (start, end),
    };
    if from > to {
        return Err(out_of_range(format!("[{from}:{to}]")));
    }
    cut(cx, args, 2, from as usize..to as usize)
}

fn out_of_range(what: String) -> CallError {
    CallError::Message(format!("runtime error: slice bounds out of range {what}"))
}

/// `contains part s`
fn contains(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (part, text) = (bytes(args, 0)?, bytes(args, 1)?);
    Ok(Val::Bool(part.is_empty() || find_all(text, part, 1).next().is_some()).into())
}

/// `hasPrefix prefix s`
fn has_prefix(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Bool(bytes(args, 1)?.starts_with(bytes(args, 0)?)).into())
}

/// `hasSuffix suffix s`
fn has_suffix(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Bool(bytes(args, 1)?.ends_with(bytes(args, 0)?)).into())
}

/// `replace old new s`: all occurrences. An empty `old` stands before each character and at the end.
fn replace(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (old, new, text) = (bytes(args, 0)?, bytes(args, 1)?, bytes(args, 2)?);
    let places: Vec<usize> = if old.is_empty() {
        boundaries(text)
    } else {
        find_all(text, old, usize::MAX).collect()
    };
    if places.is_empty() {
        return cut(cx, args, 2, 0..text.len());
    }
    cx.charge((text.len() as u64).saturating_add(places.len() as u64 * new.len() as u64))?;
    let mut out = cx.text();
    let mut from = 0;
    for place in places {
        out.push_part(&args[2], from..place);
        out.push_item(&args[1]);
        from = place + old.len();
    }
    out.push_part(&args[2], from..text.len());
    let item = Item {
        val: Val::Str(out.finish()),
        prov: cx.prov_of(&args[1..]),
    };
    Ok(decided_by(cx, item, &args[..1]))
}

/// `repeat n s`
fn repeat(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let count = repeat_count(args)?;
    let length = bytes(args, 1)?.len() as u64;
    if i64::try_from(u128::from(length) * u128::from(count)).is_err() {
        return Err("strings: Repeat output length overflow".into());
    }
    let mut out = cx.text();
    if length > 0 {
        cx.charge(length * count)?;
        for _ in 0..count {
            out.push_item(&args[1]);
        }
    }
    let item = Item {
        val: Val::Str(out.finish()),
        prov: args[1].prov,
    };
    Ok(decided_by(cx, item, &args[..1]))
}

fn repeat_count(args: &[Item]) -> Result<u64, CallError> {
    u64::try_from(int(args, 0)?).map_err(|_| "strings: negative Repeat count".into())
}

/// `indent n s`: blanks in front of each line, empty ones and the one after a final newline included.
fn indent(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    indented(cx, args, b"")
}

/// `nindent n s`: a newline, then as `indent`.
fn nindent(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    indented(cx, args, b"\n")
}

fn indented(cx: &mut Cx<'_>, args: &[Item], before: &[u8]) -> Outcome {
    let width = repeat_count(args)?;
    let text = bytes(args, 1)?;
    let lines = text.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    cx.charge(
        width
            .saturating_mul(lines)
            .saturating_add(text.len() as u64),
    )?;
    let pad = vec![b' '; width as usize];
    let width_prov = args[0].prov;
    let mut out = cx.text();
    out.push(before, width_prov);
    let mut from = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        out.push(&pad, width_prov);
        out.push_part(&args[1], from..from + line.len());
        from += line.len();
    }
    if text.is_empty() || text.ends_with(b"\n") {
        out.push(&pad, width_prov);
    }
    Ok(finish(cx, out, args))
}

/// `splitList separator s`: the parts between the separators; an empty separator gives single characters.
fn split_list(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let ranges = pieces(bytes(args, 1)?, bytes(args, 0)?, usize::MAX);
    let items = cut_all(cx, args, 1, ranges)?;
    Ok(Item {
        val: string_list(items),
        prov: cx.prov_of(args),
    })
}

/// `split separator s`: as `splitList`, as a map with the keys `_0`, `_1`, …
fn split(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let ranges = pieces(bytes(args, 1)?, bytes(args, 0)?, usize::MAX);
    numbered(cx, args, 1, ranges)
}

/// `splitn separator n s`: as `split`, with at most `n` parts (all if `n` is negative).
fn splitn(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let limit = usize::try_from(int(args, 1)?).unwrap_or(usize::MAX);
    let ranges = pieces(bytes(args, 2)?, bytes(args, 0)?, limit);
    numbered(cx, args, 2, ranges)
}

fn numbered(cx: &mut Cx<'_>, args: &[Item], index: usize, ranges: Vec<Range<usize>>) -> Outcome {
    let items = cut_all(cx, args, index, ranges)?;
    let entries = items
        .into_iter()
        .enumerate()
        .map(|(number, item)| (Arc::from(format!("_{number}")), item))
        .collect();
    Ok(Item {
        val: Val::Map(MapRef::new(MapType::Strings, entries)),
        prov: cx.prov_of(args),
    })
}

/// `join separator list`: the elements' texts with the separator between; nil elements are left out. Anything else
/// than a list is a single element.
fn join(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    bytes(args, 0)?;
    let Some(list) = args.get(1) else {
        return Err("join needs a list".into());
    };
    let items = elements(cx, list)?;
    let separator = args[0].val.as_str().map_or(0, |text| text.len());
    let total: usize = items
        .iter()
        .filter_map(|item| item.val.as_str())
        .map(|text| text.len())
        .sum();
    cx.charge((total as u64).saturating_add(separator as u64 * items.len() as u64))?;
    let mut out = cx.text();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_item(&args[0]);
        }
        out.push_item(item);
    }
    let prov = cx.prov_of(args);
    let prov = items
        .iter()
        .fold(prov, |all, item| cx.tables.join(all, item.prov));
    Ok(Item {
        val: Val::Str(out.finish()),
        prov,
    })
}

/// `toStrings list`: the elements' texts as a list.
fn to_strings(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let Some(list) = args.first() else {
        return Err("toStrings needs a list".into());
    };
    let items = elements(cx, list)?;
    Ok(Item {
        val: string_list(items),
        prov: list.prov,
    })
}

/// sprig's `strslice`: the texts of a list's elements without nils; anything else is one element, nil none.
/// `join`, `toStrings` and `sortAlpha` start with it.
///
/// # Errors
/// If the memory limit is reached.
pub(crate) fn elements(cx: &mut Cx<'_>, list: &Item) -> Result<Vec<Item>, CallError> {
    let inherit = |item: &Item| {
        let prov = if item.prov.is_none() {
            list.prov
        } else {
            item.prov
        };
        Item {
            val: item.val.clone(),
            prov,
        }
    };
    let items: Vec<Item> = match &list.val {
        Val::Nil => Vec::new(),
        Val::List(items) => present(items).map(inherit).collect(),
        Val::Bytes(bytes) => bytes
            .iter()
            .map(|byte| inherit(&Val::Uint8(*byte).into()))
            .collect(),
        _ => vec![list.clone()],
    };
    cx.charge(items.len() as u64 * 64)?;
    items.iter().map(|item| strval_item(cx, item)).collect()
}

fn present(list: &List) -> impl Iterator<Item = &Item> {
    let holds_nil = matches!(list.element_type(), ElementType::Interface);
    list.items()
        .iter()
        .filter(move |item| !(holds_nil && item.val.is_nil()))
}

/// What is left without characters that `is_cut` accepts at both ends.
fn trimmed(text: &[u8], is_cut: impl Fn(char) -> bool) -> Range<usize> {
    let mut start = 0;
    while let Some((_, width)) = decode(text, start).filter(|(c, _)| is_cut(*c)) {
        start += width;
    }
    let mut end = text.len();
    while let Some((_, width)) = decode_last(&text[start..end]).filter(|(c, _)| is_cut(*c)) {
        end -= width;
    }
    start..end
}
