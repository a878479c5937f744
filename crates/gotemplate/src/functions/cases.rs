//! Upper, lower, title and swapped case.

use super::letters::{LOWER, TITLE, UPPER, to_lower, to_title, to_upper};
use super::text::{Rewrite, string};
use super::{Cx, Flow, Function, Outcome, Param};
use crate::syntax::unicode::{decode, is_alphanumeric};
use crate::value::{Item, Str};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("upper", &[Param::Str], Flow::Own, upper),
    Function::new("lower", &[Param::Str], Flow::Own, lower),
    Function::new("title", &[Param::Str], Flow::Own, title),
    Function::new("untitle", &[Param::Str], Flow::Own, untitle),
    Function::new("swapcase", &[Param::Str], Flow::Own, swapcase),
];

/// `upper`: `strings.ToUpper`.
fn upper(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    map_chars(cx, args, to_upper)
}

/// `lower`: `strings.ToLower`.
fn lower(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    map_chars(cx, args, to_lower)
}

/// `title`: `strings.Title`, the first letter of each word in title case, the rest as it is.
fn title(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut previous = ' ';
    map_chars(cx, args, |c| {
        let starts_word = is_separator(previous);
        previous = c;
        if starts_word { to_title(c) } else { c }
    })
}

/// `untitle`: the first letter of each word in lower case; only white space separates words.
fn untitle(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut starts_word = true;
    map_chars(cx, args, |c| {
        let first = std::mem::replace(&mut starts_word, c.is_whitespace());
        if first { to_lower(c) } else { c }
    })
}

/// `swapcase`: upper becomes lower, lower becomes upper, and title case at the start of a word.
fn swapcase(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut starts_word = true;
    map_chars(cx, args, |c| {
        if UPPER.contains(c) || TITLE.contains(c) {
            starts_word = false;
            return to_lower(c);
        }
        if LOWER.contains(c) {
            return if std::mem::replace(&mut starts_word, false) {
                to_title(c)
            } else {
                to_upper(c)
            };
        }
        starts_word = c.is_whitespace();
        c
    })
}

/// Rewrites the only argument character by character. A byte that is no UTF-8 becomes U+FFFD as soon as the text
/// has characters above ASCII, as in `strings.Map`.
fn map_chars(cx: &mut Cx<'_>, args: &[Item], map: impl FnMut(char) -> char) -> Outcome {
    let text = string(args, 0)?;
    cx.charge(text.len() as u64)?;
    Ok(mapped(text, map).into_item(&args[0]))
}

fn mapped(text: &Str, mut map: impl FnMut(char) -> char) -> Rewrite<'_> {
    let mut rewrite = Rewrite::new(text);
    let mut at = 0;
    while let Some((c, width)) = decode(text.bytes(), at) {
        rewrite.push(at, map(c).encode_utf8(&mut [0; 4]).as_bytes());
        at += width;
    }
    rewrite
}

/// What separates words for `strings.Title`: ASCII characters other than letters, digits and the underscore, and
/// white space.
fn is_separator(c: char) -> bool {
    if c.is_ascii() {
        return !(c.is_ascii_alphanumeric() || c == '_');
    }
    !is_alphanumeric(c) && c.is_whitespace()
}
