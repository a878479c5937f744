//! Letters as Go's `unicode` package of Go 1.26 has them: general categories of Unicode 15.0, and case mapping from
//! one character to one character (`ß` has no upper case).

use crate::syntax::unicode::decode;
use regex_syntax::hir::{Class, ClassUnicode, HirKind};
use std::sync::LazyLock;

/// A set of characters.
pub(crate) struct Category(Vec<(char, char)>);

pub(crate) static UPPER: LazyLock<Category> = LazyLock::new(|| Category::of("Lu"));
pub(crate) static LOWER: LazyLock<Category> = LazyLock::new(|| Category::of("Ll"));
pub(crate) static TITLE: LazyLock<Category> = LazyLock::new(|| Category::of("Lt"));
pub(crate) static LETTER: LazyLock<Category> = LazyLock::new(|| Category::of("L"));
pub(crate) static NUMBER: LazyLock<Category> = LazyLock::new(|| Category::of("N"));
pub(crate) static DIGIT: LazyLock<Category> = LazyLock::new(|| Category::of("Nd"));
pub(crate) static PUNCTUATION: LazyLock<Category> = LazyLock::new(|| Category::of("P"));
static ASSIGNED: LazyLock<Category> = LazyLock::new(|| Category::of("Any"));

impl Category {
    fn of(name: &str) -> Self {
        let class = unicode_class(name);
        Self(
            class
                .iter()
                .flat_map(|class| class.iter())
                .map(|range| (range.start(), range.end()))
                .collect(),
        )
    }

    pub(crate) fn contains(&self, c: char) -> bool {
        let after = self.0.partition_point(|(start, _)| *start <= c);
        after
            .checked_sub(1)
            .and_then(|index| self.0.get(index))
            .is_some_and(|(_, end)| c <= *end)
    }
}

/// A general category (or a property that regular expressions may name) as Unicode 15.0 has it; None if there is
/// none of that name. `name` is what may stand in `\p{…}`.
fn unicode_class(name: &str) -> Option<ClassUnicode> {
    let pattern = format!(r"[\p{{{name}}}&&\p{{age=15.0}}]");
    match regex_syntax::parse(&pattern).ok()?.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        // A class of one character is a literal.
        HirKind::Literal(literal) => {
            let c = std::str::from_utf8(&literal.0).ok()?.chars().next()?;
            Some(ClassUnicode::new([
                regex_syntax::hir::ClassUnicodeRange::new(c, c),
            ]))
        }
        _ => None,
    }
}

/// `unicode.ToUpper`
pub(crate) fn to_upper(c: char) -> char {
    let code = u32::from(c);
    let simple = match code {
        // Greek letters with iota subscript: the full mapping has two characters, the simple one is the title case.
        0x1f80..=0x1f87 | 0x1f90..=0x1f97 | 0x1fa0..=0x1fa7 => {
            char::from_u32(code + 8).unwrap_or(c)
        }
        0x1fb3 => '\u{1fbc}',
        0x1fc3 => '\u{1fcc}',
        0x1ff3 => '\u{1ffc}',
        _ => only(c.to_uppercase()).unwrap_or(c),
    };
    known(c, simple)
}

/// `unicode.ToLower`
pub(crate) fn to_lower(c: char) -> char {
    match c {
        '\u{130}' => 'i',
        _ => known(c, only(c.to_lowercase()).unwrap_or(c)),
    }
}

/// `unicode.ToTitle`
pub(crate) fn to_title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        // Georgian has capitals, which titles do without.
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        _ => to_upper(c),
    }
}

/// The last character of a text and its length; a byte that ends no valid character is U+FFFD.
pub(crate) fn decode_last(text: &[u8]) -> Option<(char, usize)> {
    let length = text.len();
    let last = *text.last()?;
    if last.is_ascii() {
        return Some((char::from(last), 1));
    }
    let starts = (length.saturating_sub(4)..length - 1).rev();
    let found = starts.filter_map(|start| decode(text, start).map(|(c, width)| (start, c, width)));
    let mut whole = found.filter(|(start, _, width)| start + width == length && *width > 1);
    Some(
        whole
            .next()
            .map_or((char::REPLACEMENT_CHARACTER, 1), |(_, c, width)| (c, width)),
    )
}

/// Case pairs that are younger than Go's tables do not exist there.
fn known(from: char, to: char) -> char {
    if to.is_ascii() || (ASSIGNED.contains(from) && ASSIGNED.contains(to)) {
        return to;
    }
    from
}

fn only(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next();
    if chars.next().is_some() { None } else { first }
}
