//! Go's `fmt`: the text of any value, and `print`, `println` and `printf`.
//!
//! [`display`] is what an action prints, [`strval`] what sprig's string functions make of an argument. Both give
//! plain bytes; [`push_display`] and [`push_strval`] write into a builder, keep what each element of a list or map
//! rests on, and are charged to the rendering's memory.

mod containers;
mod directives;
mod float;
mod objects;
mod printer;
mod quoting;
mod scalars;
mod spec;
#[cfg(test)]
mod tests;

pub(crate) use quoting::{can_backquote, go_quote, push_quoted};

use super::text::{bytes, finish};
use super::{CallError, Cx, Flow, Function, Outcome, Param};
use crate::HelmLine;
use crate::value::{Item, Object, Str, TextBuilder, Val};
use printer::Printer;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::variadic("print", &[], Param::Any, Flow::Own, print),
    Function::variadic("println", &[], Param::Any, Flow::Own, println),
    Function::variadic("printf", &[Param::Str], Param::Any, Flow::Own, printf),
];

/// The most bytes that one value's text may have where no budget is at hand. More than a rendering may print, so
/// that a text which was cut here cannot get through unnoticed.
const LONGEST_TEXT: u64 = 300 << 20;

/// What an action prints for a value: `fmt.Sprint`, after following a pointer. Nil is `<nil>` here; the evaluator
/// knows where Go says `<no value>`. A text of more than 300 MiB (a map that holds itself) is cut.
pub(crate) fn display(val: &Val, helm: HelmLine) -> Vec<u8> {
    let mut printer = Printer::new(TextBuilder::new(None), helm, LONGEST_TEXT);
    printer.action(&val.clone().into());
    printer.into_text().into_parts().0
}

/// sprig's `strval`: strings and bytes as they are, `String()` where a type has it, else `%v`. A text of more than
/// 300 MiB is cut.
pub(crate) fn strval(val: &Val, helm: HelmLine) -> Vec<u8> {
    match val {
        Val::Str(text) => text.bytes().to_vec(),
        Val::Bytes(bytes) => bytes.to_vec(),
        other => {
            let mut printer = Printer::new(TextBuilder::new(None), helm, LONGEST_TEXT);
            printer.plain(&other.clone().into());
            printer.into_text().into_parts().0
        }
    }
}

/// Adds the [`strval`] of an item to a builder, charged to the rendering's memory.
///
/// # Errors
/// If the memory limit is reached.
pub(crate) fn push_strval(
    cx: &mut Cx<'_>,
    out: TextBuilder,
    item: &Item,
) -> Result<TextBuilder, CallError> {
    let mut out = out;
    match &item.val {
        Val::Str(text) => {
            cx.charge(text.len() as u64)?;
            out.push_item(item);
            Ok(out)
        }
        Val::Bytes(bytes) => {
            cx.charge(bytes.len() as u64)?;
            out.push(bytes, item.prov);
            Ok(out)
        }
        _ => with_printer(cx, out, |printer| printer.plain(item)),
    }
}

/// Adds the `%v` text of an item to a builder: as [`push_strval`], but bytes are a list of numbers.
///
/// # Errors
/// If the memory limit is reached.
pub(crate) fn push_display(
    cx: &mut Cx<'_>,
    out: TextBuilder,
    item: &Item,
) -> Result<TextBuilder, CallError> {
    with_printer(cx, out, |printer| printer.plain(item))
}

/// The [`strval`] of an item as an item of its own. A string is handed through.
///
/// # Errors
/// If the memory limit is reached.
pub(crate) fn strval_item(cx: &mut Cx<'_>, item: &Item) -> Outcome {
    if matches!(item.val, Val::Str(_)) {
        return Ok(item.clone());
    }
    let out = cx.text();
    let text = push_strval(cx, out, item)?.finish();
    Ok(Item {
        val: Val::Str(text),
        prov: item.prov,
    })
}

/// Go's `Sprint` of several operands: a blank between two that are no strings.
///
/// # Errors
/// If the memory limit is reached.
pub(crate) fn sprint(cx: &mut Cx<'_>, args: &[Item]) -> Result<Str, CallError> {
    let out = cx.text();
    let text = with_printer(cx, out, |printer| {
        let mut last_was_string = true;
        for (index, item) in args.iter().enumerate() {
            let is_string = matches!(item.val, Val::Str(_));
            if index > 0 && !is_string && !last_was_string {
                printer.literal(b" ");
            }
            printer.plain(item);
            last_was_string = is_string;
        }
    })?;
    Ok(text.finish())
}

/// `print`: the operands' texts, with a blank between two that are no strings.
fn print(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = sprint(cx, args)?;
    Ok(Item {
        val: Val::Str(text),
        prov: cx.prov_of(args),
    })
}

/// `println`: the operands' texts with blanks between, and a newline.
fn println(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let out = cx.text();
    let out = with_printer(cx, out, |printer| {
        for (index, item) in args.iter().enumerate() {
            if index > 0 {
                printer.literal(b" ");
            }
            printer.plain(item);
        }
        printer.literal(b"\n");
    })?;
    Ok(finish(cx, out, args))
}

/// `printf`: Go's `Sprintf`.
fn printf(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let Some((format, operands)) = args.split_first() else {
        return Err("printf needs a format".into());
    };
    bytes(args, 0)?;
    let out = cx.text();
    let out = with_printer(cx, out, |printer| {
        directives::run(printer, format, operands);
    })?;
    Ok(finish(cx, out, args))
}

/// Runs a printer within what is left of the rendering's memory, and charges what it wrote.
fn with_printer(
    cx: &mut Cx<'_>,
    out: TextBuilder,
    write: impl FnOnce(&mut Printer),
) -> Result<TextBuilder, CallError> {
    let before = out.len() as u64;
    let mut printer = Printer::new(out, cx.helm, before.saturating_add(*cx.memory_left));
    write(&mut printer);
    let out = printer.finish()?;
    cx.charge(out.len() as u64 - before)?;
    Ok(out)
}

/// Whether an action follows the value's pointer before it prints: then the `&` is missing.
fn is_pointer(val: &Val) -> bool {
    matches!(val, Val::Object(object) if matches!(**object, Object::Capabilities(_)))
}
