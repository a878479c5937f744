//! Words in strings: abbreviating, wrapping, initials, plurals.

use super::text::{Rewrite, bytes, cut, decided, decided_by, finish, int, others, string};
use super::{Cx, Flow, Function, Outcome, Param};
use crate::value::{Item, Val};
use std::ops::Range;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("abbrev", &[Param::Int, Param::Str], Flow::Own, abbrev),
    Function::new(
        "abbrevboth",
        &[Param::Int, Param::Int, Param::Str],
        Flow::Own,
        abbrevboth,
    ),
    Function::new("initials", &[Param::Str], Flow::Own, initials),
    Function::new("nospace", &[Param::Str], Flow::Own, nospace),
    Function::new("wrap", &[Param::Int, Param::Str], Flow::Own, wrap),
    Function::new(
        "wrapWith",
        &[Param::Int, Param::Str, Param::Str],
        Flow::Own,
        wrap_with,
    ),
    Function::new(
        "plural",
        &[Param::Str, Param::Str, Param::Int],
        Flow::Own,
        plural,
    ),
];

const ELLIPSIS: &[u8] = b"...";

/// `abbrev width s`: cut to a width that includes an ellipsis. Widths below 4 change nothing.
fn abbrev(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let width = int(args, 0)?;
    let length = bytes(args, 1)?.len();
    let parts = if width < 4 {
        Abbreviated::whole(length)
    } else {
        abbreviated(length, 0, width)
    };
    parts.build(cx, args, 1)
}

/// `abbrevboth offset width s`: cut at both sides; the result shows what stands at the offset.
fn abbrevboth(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (offset, width) = (int(args, 0)?, int(args, 1)?);
    let length = bytes(args, 2)?.len();
    let parts = if width < 4 || (offset > 0 && width < 7) {
        Abbreviated::whole(length)
    } else {
        abbreviated(length, offset, width)
    };
    parts.build(cx, args, 2)
}

/// A part of a text with ellipses where it was cut.
struct Abbreviated {
    before: bool,
    kept: Range<usize>,
    after: bool,
}

impl Abbreviated {
    fn whole(length: usize) -> Self {
        Self {
            before: false,
            kept: 0..length,
            after: false,
        }
    }

    fn build(self, cx: &mut Cx<'_>, args: &[Item], index: usize) -> Outcome {
        if !self.before && !self.after {
            return cut(cx, args, index, self.kept);
        }
        let text = &args[index];
        let mut out = cx.text();
        if self.before {
            out.push(ELLIPSIS, text.prov);
        }
        out.push_part(text, self.kept);
        if self.after {
            out.push(ELLIPSIS, text.prov);
        }
        let item = Item {
            val: Val::Str(out.finish()),
            prov: text.prov,
        };
        let decider = others(cx, args, index);
        Ok(decided(cx, item, decider))
    }
}

/// The arithmetic of goutils' `AbbreviateFull`, in bytes. `width` is at least 4, and at least 7 where it matters.
fn abbreviated(length: usize, offset: i64, width: i64) -> Abbreviated {
    let Some(width) = usize::try_from(width).ok().filter(|width| *width < length) else {
        return Abbreviated::whole(length);
    };
    // A negative offset counts as none; one near the end moves back so that the width is filled.
    let offset = usize::try_from(offset)
        .unwrap_or(0)
        .min(length)
        .min(length - (width - 3));
    if offset <= 4 {
        return Abbreviated {
            before: false,
            kept: 0..width - 3,
            after: true,
        };
    }
    if offset + width - 3 < length {
        let inner = abbreviated(length - offset, 0, width as i64 - 3);
        return Abbreviated {
            before: true,
            kept: offset..offset + inner.kept.end,
            after: inner.after,
        };
    }
    Abbreviated {
        before: true,
        kept: length - (width - 3)..length,
        after: false,
    }
}

/// `initials s`: the first byte of each word.
fn initials(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = string(args, 0)?;
    cx.charge(text.len() as u64)?;
    let mut rewrite = Rewrite::new(text);
    let mut after_gap = true;
    for (at, byte) in text.bytes().iter().enumerate() {
        if is_space_byte(*byte) {
            after_gap = true;
        } else if std::mem::take(&mut after_gap) {
            push_latin_1(&mut rewrite, at, *byte);
        }
    }
    Ok(rewrite.into_item(&args[0]))
}

/// `nospace s`: without white space. It works byte by byte, and spoils characters above ASCII if it removes any.
fn nospace(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = string(args, 0)?;
    if !text.bytes().iter().any(|byte| is_space_byte(*byte)) {
        return Ok(args[0].clone());
    }
    cx.charge(text.len() as u64)?;
    let mut rewrite = Rewrite::new(text);
    for (at, byte) in text
        .bytes()
        .iter()
        .enumerate()
        .filter(|(_, byte)| !is_space_byte(**byte))
    {
        push_latin_1(&mut rewrite, at, *byte);
    }
    Ok(rewrite.into_item(&args[0]))
}

fn is_space_byte(byte: u8) -> bool {
    char::from(byte).is_whitespace()
}

/// The byte as the character of that number.
fn push_latin_1(rewrite: &mut Rewrite<'_>, at: usize, byte: u8) {
    rewrite.push(at, char::from(byte).encode_utf8(&mut [0; 4]).as_bytes());
}

/// `wrap width s`: line breaks at blanks; longer words stay whole.
fn wrap(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let newline = Item::from(Val::string("\n"));
    wrapped(cx, args, 1, &newline, false)
}

/// `wrapWith width separator s`: as `wrap`, with the separator for line breaks, and longer words are cut.
fn wrap_with(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let separator = if bytes(args, 1)?.is_empty() {
        Val::string("\n").into()
    } else {
        args[1].clone()
    };
    wrapped(cx, args, 2, &separator, true)
}

fn wrapped(
    cx: &mut Cx<'_>,
    args: &[Item],
    index: usize,
    newline: &Item,
    cut_words: bool,
) -> Outcome {
    let text = bytes(args, index)?;
    let width = usize::try_from(int(args, 0)?).unwrap_or(0).max(1);
    let lines = lines(text, width, cut_words);
    let newline_length = newline.val.as_str().map_or(0, |newline| newline.len());
    cx.charge(
        (text.len() as u64)
            .saturating_add((lines.len() as u64).saturating_mul(newline_length as u64)),
    )?;
    let mut out = cx.text();
    for (number, line) in lines.into_iter().enumerate() {
        if number > 0 {
            out.push_item(newline);
        }
        out.push_part(&args[index], line);
    }
    Ok(finish(cx, out, args))
}

/// Where goutils' `WrapCustom` breaks a text. Blanks at the start of a line that is broken go away.
fn lines(text: &[u8], width: usize, cut_words: bool) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut from = 0;
    while text.len() - from > width {
        if text[from] == b' ' {
            from += 1;
            continue;
        }
        let window = &text[from..from + width + 1];
        if let Some(blank) = window.iter().rposition(|byte| *byte == b' ') {
            lines.push(from..from + blank);
            from += blank + 1;
        } else if cut_words {
            lines.push(from..from + width);
            from += width;
        } else if let Some(blank) = text[from + width..].iter().position(|byte| *byte == b' ') {
            lines.push(from..from + width + blank);
            from += width + blank + 1;
        } else {
            // The word runs to the end; nothing follows it.
            lines.push(from..text.len());
            return lines;
        }
    }
    lines.push(from..text.len());
    lines
}

/// `plural one many n`: the first if `n` is 1, else the second.
fn plural(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let chosen = usize::from(int(args, 2)? != 1);
    string(args, chosen)?;
    Ok(decided_by(cx, args[chosen].clone(), &args[2..]))
}
