//! Regular expressions: Go's `regexp` on the `regex` crate. Both take linear time.

mod atom;
mod class;
mod compiled;
mod groups;
mod syntax;
mod template;
#[cfg(test)]
mod tests;

use super::format::{can_backquote, go_quote};
use super::text::{Rewrite, bytes, cut, cut_all, decided_by, int, string, string_list};
use super::{CallError, Cx, Flow, Function, Outcome, Param};
use crate::value::{ElementType, Item, List, TextBuilder, Val};
use compiled::{Compiled, Refusal, Subject};
use std::ops::Range;
use std::rc::Rc;
use template::Piece;

const TWO: &[Param] = &[Param::Str, Param::Str];
const THREE: &[Param] = &[Param::Str, Param::Str, Param::Str];
const COUNTED: &[Param] = &[Param::Str, Param::Str, Param::Int];

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("regexMatch", TWO, Flow::Decided, regex_match),
    Function::new("mustRegexMatch", TWO, Flow::Decided, must_regex_match),
    Function::new("regexFind", TWO, Flow::Own, |cx, args| {
        find(cx, args, compile(args)?)
    }),
    Function::new("mustRegexFind", TWO, Flow::Own, |cx, args| {
        find(cx, args, must_compile(args)?)
    }),
    Function::new("regexFindAll", COUNTED, Flow::Own, |cx, args| {
        find_all(cx, args, compile(args)?)
    }),
    Function::new("mustRegexFindAll", COUNTED, Flow::Own, |cx, args| {
        find_all(cx, args, must_compile(args)?)
    }),
    Function::new("regexReplaceAll", THREE, Flow::Own, |cx, args| {
        replace(cx, args, compile(args)?, true)
    }),
    Function::new("mustRegexReplaceAll", THREE, Flow::Own, |cx, args| {
        replace(cx, args, must_compile(args)?, true)
    }),
    Function::new("regexReplaceAllLiteral", THREE, Flow::Own, |cx, args| {
        replace(cx, args, compile(args)?, false)
    }),
    Function::new(
        "mustRegexReplaceAllLiteral",
        THREE,
        Flow::Own,
        |cx, args| replace(cx, args, must_compile(args)?, false),
    ),
    Function::new("regexSplit", COUNTED, Flow::Own, |cx, args| {
        split(cx, args, compile(args)?)
    }),
    Function::new("mustRegexSplit", COUNTED, Flow::Own, |cx, args| {
        split(cx, args, must_compile(args)?)
    }),
    Function::new("regexQuoteMeta", &[Param::Str], Flow::Own, quote_meta),
];

/// The expression in the first argument; a wrong one makes Go panic.
fn compile(args: &[Item]) -> Result<Rc<Compiled>, CallError> {
    let expression = bytes(args, 0)?;
    Compiled::of(expression).map_err(|refusal| match refusal {
        Refusal::Invalid(text) => {
            let shown = if can_backquote(expression) {
                [b"`", expression, b"`"].concat()
            } else {
                go_quote(expression)
            };
            let shown = String::from_utf8_lossy(&shown);
            CallError::Message(format!("regexp: Compile({shown}): {text}"))
        }
        too_large => too_large.into(),
    })
}

/// The expression in the first argument; a wrong one is an ordinary error.
fn must_compile(args: &[Item]) -> Result<Rc<Compiled>, CallError> {
    Ok(Compiled::of(bytes(args, 0)?)?)
}

/// `regexMatch regex s`: whether it matches anywhere. A wrong expression matches nothing.
fn regex_match(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let subject = Subject::new(bytes(args, 1)?);
    let found = match Compiled::of(bytes(args, 0)?) {
        Ok(compiled) => compiled.is_match(&subject),
        Err(Refusal::Invalid(_)) => false,
        Err(too_large) => return Err(too_large.into()),
    };
    Ok(Val::Bool(found).into())
}

/// `mustRegexMatch regex s`
fn must_regex_match(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let compiled = must_compile(args)?;
    Ok(Val::Bool(compiled.is_match(&Subject::new(bytes(args, 1)?))).into())
}

/// `regexFind regex s`: the first match, or an empty string.
fn find(cx: &mut Cx<'_>, args: &[Item], compiled: Rc<Compiled>) -> Outcome {
    let found = compiled.first(&Subject::new(bytes(args, 1)?));
    cut(cx, args, 1, found.unwrap_or(0..0))
}

/// `regexFindAll regex s n`: the first `n` matches, all if `n` is negative. A nil list if there are none.
fn find_all(cx: &mut Cx<'_>, args: &[Item], compiled: Rc<Compiled>) -> Outcome {
    let limit = int(args, 2)?;
    let found = compiled.all(&Subject::new(bytes(args, 1)?), limit);
    if found.is_empty() {
        return nil_list(cx, args);
    }
    list_of(cx, args, found)
}

/// `regexSplit regex s n`: what stands between the matches, at most `n` parts, all if `n` is negative.
fn split(cx: &mut Cx<'_>, args: &[Item], compiled: Rc<Compiled>) -> Outcome {
    let (text, limit) = (bytes(args, 1)?, int(args, 2)?);
    if limit == 0 {
        return nil_list(cx, args);
    }
    if text.is_empty() && !bytes(args, 0)?.is_empty() {
        let whole = 0..text.len();
        return list_of(cx, args, vec![whole]);
    }
    let mut parts = Vec::new();
    let (mut from, mut end) = (0, 0);
    for found in compiled.all(&Subject::new(text), limit) {
        if limit > 0 && parts.len() as i64 == limit - 1 {
            break;
        }
        end = found.start;
        // An empty match at the very beginning separates nothing.
        if found.end != 0 {
            parts.push(from..end);
        }
        from = found.end;
    }
    if end != text.len() {
        parts.push(from..text.len());
    }
    list_of(cx, args, parts)
}

fn list_of(cx: &mut Cx<'_>, args: &[Item], ranges: Vec<Range<usize>>) -> Outcome {
    let items = cut_all(cx, args, 1, ranges)?;
    Ok(Item {
        val: string_list(items),
        prov: cx.prov_of(args),
    })
}

fn nil_list(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Item {
        val: Val::List(List::nil(ElementType::String)),
        prov: cx.prov_of(args),
    })
}

/// `regexReplaceAll regex s replacement`: all matches replaced; `$1` and `${name}` in the replacement stand for
/// groups, unless it is taken literally.
fn replace(cx: &mut Cx<'_>, args: &[Item], compiled: Rc<Compiled>, expand: bool) -> Outcome {
    let (text, replacement) = (bytes(args, 1)?, bytes(args, 2)?);
    let matches = compiled.replaced(&Subject::new(text));
    if matches.is_empty() {
        return cut(cx, args, 1, 0..text.len());
    }
    let pieces = if expand {
        template::parse(replacement, &compiled.names)
    } else {
        vec![Piece::Text(0..replacement.len())]
    };
    let mut out = cx.text();
    let mut from = 0;
    for found in matches {
        push(cx, &mut out, &args[1], from..found.range.start)?;
        for piece in &pieces {
            match piece {
                Piece::Text(range) => push(cx, &mut out, &args[2], range.clone())?,
                Piece::Group(candidates) => {
                    if let Some(range) = template::group(&found, candidates) {
                        push(cx, &mut out, &args[1], range)?;
                    }
                }
            }
        }
        from = found.range.end;
    }
    push(cx, &mut out, &args[1], from..text.len())?;
    let item = Item {
        val: Val::Str(out.finish()),
        prov: cx.prov_of(&args[1..]),
    };
    Ok(decided_by(cx, item, &args[..1]))
}

fn push(
    cx: &mut Cx<'_>,
    out: &mut TextBuilder,
    item: &Item,
    range: Range<usize>,
) -> Result<(), CallError> {
    cx.charge(range.len() as u64)?;
    out.push_part(item, range);
    Ok(())
}

/// `regexQuoteMeta s`: with backslashes in front of everything that is special in expressions.
fn quote_meta(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = string(args, 0)?;
    cx.charge(text.len() as u64 * 2)?;
    let mut rewrite = Rewrite::new(text);
    for (at, byte) in text.bytes().iter().enumerate() {
        rewrite.seek(at);
        if b"\\.+*?()|[]{}^$".contains(byte) {
            rewrite.bytes().push(b'\\');
        }
        rewrite.bytes().push(*byte);
    }
    Ok(rewrite.into_item(&args[0]))
}
