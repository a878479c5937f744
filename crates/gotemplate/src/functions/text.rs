//! What all functions on strings share: their arguments, results that keep origins, and rewriting character by
//! character.

use super::{CallError, Cx, Outcome};
use crate::value::{Item, List, MapRef, Str, TextBuilder, Val};
use source::{Prov, Segment};
use std::ops::Range;

/// The string argument at an index. The evaluator checked its type before the call.
pub(crate) fn string(args: &[Item], index: usize) -> Result<&Str, CallError> {
    match args.get(index) {
        Some(Item {
            val: Val::Str(text),
            ..
        }) => Ok(text),
        _ => Err(wrong_type(index, "string")),
    }
}

/// The bytes of the string argument at an index.
pub(crate) fn bytes(args: &[Item], index: usize) -> Result<&[u8], CallError> {
    string(args, index).map(Str::bytes)
}

/// The `int` argument at an index.
pub(crate) fn int(args: &[Item], index: usize) -> Result<i64, CallError> {
    match args.get(index) {
        Some(Item {
            val: Val::Int(value),
            ..
        }) => Ok(*value),
        _ => Err(wrong_type(index, "int")),
    }
}

/// The map argument at an index.
pub(crate) fn map(args: &[Item], index: usize) -> Result<&MapRef, CallError> {
    match args.get(index) {
        Some(Item {
            val: Val::Map(map), ..
        }) => Ok(map),
        _ => Err(wrong_type(index, "map")),
    }
}

fn wrong_type(index: usize, expected: &str) -> CallError {
    CallError::Message(format!("argument {} is no {expected}", index + 1))
}

/// A part of the string argument at an index, decided by the other arguments.
pub(crate) fn cut(cx: &mut Cx<'_>, args: &[Item], index: usize, range: Range<usize>) -> Outcome {
    let decider = others(cx, args, index);
    if range == (0..string(args, index)?.len()) {
        return Ok(decided(cx, args[index].clone(), decider));
    }
    let mut out = cx.text();
    out.push_part(&args[index], range);
    let item = Item {
        val: Val::Str(out.finish()),
        prov: args[index].prov,
    };
    Ok(decided(cx, item, decider))
}

/// What all arguments but one rest on.
pub(crate) fn others(cx: &mut Cx<'_>, args: &[Item], index: usize) -> Prov {
    let before = cx.prov_of(args.get(..index).unwrap_or(&[]));
    let after = cx.prov_of(args.get(index + 1..).unwrap_or(&[]));
    cx.tables.join(before, after)
}

/// Parts of the string argument at an index, as items of their own.
pub(crate) fn cut_all(
    cx: &mut Cx<'_>,
    args: &[Item],
    index: usize,
    ranges: Vec<Range<usize>>,
) -> Result<Vec<Item>, CallError> {
    // An item costs more than the bytes of a short part.
    cx.charge(ranges.len() as u64 * 64 + string(args, index)?.len() as u64)?;
    ranges
        .into_iter()
        .map(|range| cut(cx, args, index, range))
        .collect()
}

/// The finished text as a result that rests on all arguments.
pub(crate) fn finish(cx: &mut Cx<'_>, out: TextBuilder, args: &[Item]) -> Item {
    Item {
        val: Val::Str(out.finish()),
        prov: cx.prov_of(args),
    }
}

/// A `[]string` of items that keep their own origins.
pub(crate) fn string_list(items: Vec<Item>) -> Val {
    Val::List(List::new(crate::value::ElementType::String, items))
}

/// The item, with everything that `deciders` rest on noted as what decided it.
pub(crate) fn decided_by(cx: &mut Cx<'_>, item: Item, deciders: &[Item]) -> Item {
    let decider = cx.prov_of(deciders);
    decided(cx, item, decider)
}

/// The item, with `decider` noted as what decided it, each part of its text included.
pub(crate) fn decided(cx: &mut Cx<'_>, item: Item, decider: Prov) -> Item {
    if decider.is_none() {
        return item;
    }
    let prov = cx.tables.decide(item.prov, decider);
    let val = match item.val {
        Val::Str(text) if !text.segments().is_empty() => {
            let segments = text
                .segments()
                .iter()
                .map(|segment| Segment {
                    prov: cx.tables.decide(segment.prov, decider),
                    ..*segment
                })
                .collect();
            Val::Str(Str::with_map(text.shared(), segments))
        }
        other => other,
    };
    Item { val, prov }
}

/// A string argument rewritten piece by piece: each piece keeps what the place it came from rests on.
pub(crate) struct Rewrite<'a> {
    segments: &'a [Segment],
    out: Vec<u8>,
    kept: Vec<Segment>,
}

impl<'a> Rewrite<'a> {
    pub(crate) fn new(text: &'a Str) -> Self {
        Self {
            segments: text.segments(),
            out: Vec::with_capacity(text.len()),
            kept: Vec::new(),
        }
    }

    /// What is written from now on comes from the byte `at` of the original. Places only go forward.
    pub(crate) fn seek(&mut self, at: usize) {
        while let Some((segment, rest)) = self.segments.split_first() {
            if segment.start as usize > at {
                break;
            }
            let start = self.out.len() as u32;
            if self.kept.last().is_some_and(|last| last.start == start) {
                self.kept.pop();
            }
            self.kept.push(Segment { start, ..*segment });
            self.segments = rest;
        }
    }

    /// Writes bytes that come from the byte `at` of the original.
    pub(crate) fn push(&mut self, at: usize, bytes: &[u8]) {
        self.seek(at);
        self.out.extend_from_slice(bytes);
    }

    /// The text so far, to write to.
    pub(crate) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    pub(crate) fn finish(mut self) -> Str {
        let length = self.out.len();
        self.kept
            .retain(|segment| (segment.start as usize) < length);
        Str::with_map(self.out, self.kept)
    }

    /// The rewritten string as a result; `original` is the argument it was.
    pub(crate) fn into_item(self, original: &Item) -> Item {
        Item {
            val: Val::Str(self.finish()),
            prov: original.prov,
        }
    }
}

/// A result whose text came from the arguments as a whole.
pub(crate) fn opaque(cx: &mut Cx<'_>, text: impl Into<Str>, args: &[Item]) -> Outcome {
    let text = text.into();
    cx.charge(text.len() as u64)?;
    let prov = if cx.here.is_some() {
        cx.prov_of(args)
    } else {
        Prov::NONE
    };
    Ok(Item {
        val: Val::Str(text),
        prov,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::testing::{Setup, prov, provs};

    /// A function, the arguments in front of the text, and the runs of the result.
    type Case = (&'static str, Vec<Item>, Vec<(&'static str, Vec<u32>)>);

    /// ` aB` from origin 1 and a line `cd` from origin 2 in one text.
    fn two_origins(setup: &mut Setup) -> Item {
        let first = Item {
            val: Val::string(" aB"),
            prov: prov(setup, 1),
        };
        let second = Item {
            val: Val::string("\ncd"),
            prov: prov(setup, 2),
        };
        setup.call("print", &[first, second]).expect("no error")
    }

    #[test]
    fn functions_keep_what_each_part_of_a_text_rests_on() {
        let int = |value| Item::from(Val::Int(value));
        let text = |text: &str| Item::from(Val::string(text));
        let cases: Vec<Case> = vec![
            ("trim", vec![], vec![("aB", vec![1]), ("\ncd", vec![2])]),
            ("upper", vec![], vec![(" AB", vec![1]), ("\nCD", vec![2])]),
            (
                "trunc",
                vec![int(-4)],
                vec![("B", vec![1]), ("\ncd", vec![2])],
            ),
            ("trunc", vec![int(2)], vec![(" a", vec![1])]),
            (
                "substr",
                vec![int(2), int(4)],
                vec![("B", vec![1]), ("\n", vec![2])],
            ),
            (
                "indent",
                vec![int(1)],
                vec![
                    (" ", vec![]),
                    (" aB", vec![1]),
                    ("\n", vec![2]),
                    (" ", vec![]),
                    ("cd", vec![2]),
                ],
            ),
            (
                "replace",
                vec![text("B\n"), text("-")],
                vec![(" a", vec![1]), ("-", vec![]), ("cd", vec![2])],
            ),
            ("nospace", vec![], vec![("aB", vec![1]), ("cd", vec![2])]),
            (
                "toString",
                vec![],
                vec![(" aB", vec![1]), ("\ncd", vec![2])],
            ),
            ("html", vec![], vec![(" aB", vec![1]), ("\ncd", vec![2])]),
            (
                "repeat",
                vec![int(2)],
                vec![
                    (" aB", vec![1]),
                    ("\ncd", vec![2]),
                    (" aB", vec![1]),
                    ("\ncd", vec![2]),
                ],
            ),
        ];
        for (name, mut args, expected) in cases {
            let mut setup = Setup::recording();
            args.push(two_origins(&mut setup));
            let result = setup.call(name, &args).expect("no error");
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(run, origins)| (run.to_owned(), origins))
                .collect();
            assert_eq!(provs(&setup, &result), expected, "{name}");
        }
    }

    #[test]
    fn what_only_decides_is_noted_apart() {
        let mut setup = Setup::recording();
        let length = Item {
            val: Val::Int(1),
            prov: prov(&mut setup, 9),
        };
        let text = two_origins(&mut setup);
        let result = setup.call("trunc", &[length, text]).expect("no error");
        let segment = result.val.as_str().expect("text").segments()[0];
        assert_eq!(
            setup.tables.members(segment.prov.text),
            [source::OriginId(1)]
        );
        assert_eq!(
            setup.tables.members(segment.prov.decided),
            [source::OriginId(9)]
        );
    }

    #[test]
    fn joined_elements_keep_their_origins() {
        let mut setup = Setup::recording();
        let items = vec![
            Item {
                val: Val::string("a"),
                prov: prov(&mut setup, 1),
            },
            Item {
                val: Val::Int(2),
                prov: prov(&mut setup, 2),
            },
            Val::Nil.into(),
        ];
        let args = [
            Val::string(",").into(),
            Item {
                val: Val::list(items),
                prov: prov(&mut setup, 3),
            },
        ];
        let result = setup.call("join", &args).expect("no error");
        let expected = [("a", vec![1]), (",", vec![]), ("2", vec![2])];
        assert_eq!(
            provs(&setup, &result),
            expected.map(|(run, origins)| (run.to_owned(), origins))
        );
    }

    #[test]
    fn growing_texts_reach_the_memory_limit() {
        let int = |value| Item::from(Val::Int(value));
        let text = |text: &str| Item::from(Val::string(text));
        let cases = [
            ("repeat", vec![int(1_000_000_000), text("ab")]),
            ("indent", vec![int(1_000_000_000_000), text("a")]),
            ("nindent", vec![int(i64::MAX), text("\n\n")]),
            (
                "replace",
                vec![text(""), text(&"x".repeat(5_000)), text(&"y".repeat(5_000))],
            ),
            (
                "wrapWith",
                vec![int(1), text(&"x".repeat(5_000)), text(&"y".repeat(5_000))],
            ),
            ("splitList", vec![text(""), text(&"y".repeat(200_000))]),
        ];
        for (name, args) in cases {
            let outcome = Setup::with_memory(1 << 20).call(name, &args);
            assert!(
                matches!(outcome, Err(CallError::Limit(_))),
                "{name}: {outcome:?}"
            );
        }
    }
}
