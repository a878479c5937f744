//! Characters as Go sees them: decoding of bytes, and the character classes of Unicode 15.0.

use regex_syntax::hir::{Class, HirKind};
use std::sync::LazyLock;

/// The character that begins at `at`, and its length in bytes. A byte that begins no valid character counts as
/// U+FFFD of length 1. `None` at the end.
pub(crate) fn decode(text: &[u8], at: usize) -> Option<(char, usize)> {
    let rest = text.get(at..)?;
    let first = *rest.first()?;
    if first.is_ascii() {
        return Some((char::from(first), 1));
    }
    let window = rest.get(..4).unwrap_or(rest);
    let valid = window
        .utf8_chunks()
        .next()
        .map_or("", |chunk| chunk.valid());
    Some(
        valid
            .chars()
            .next()
            .map_or((char::REPLACEMENT_CHARACTER, 1), |found| {
                (found, found.len_utf8())
            }),
    )
}

/// May stand in an identifier: a letter, a decimal digit or an underscore.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    if c.is_ascii() {
        c == '_' || c.is_ascii_alphanumeric()
    } else {
        WORD.contains(c)
    }
}

/// Go's `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space.
pub(crate) fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        c == ' ' || c.is_ascii_graphic()
    } else {
        PRINTABLE.contains(c)
    }
}

/// A sorted list of inclusive ranges.
struct CharClass(Vec<(char, char)>);

static WORD: LazyLock<CharClass> =
    LazyLock::new(|| CharClass::new(r"[[\p{L}\p{Nd}]&&\p{age=15.0}]"));
static PRINTABLE: LazyLock<CharClass> =
    LazyLock::new(|| CharClass::new(r"[[\p{L}\p{M}\p{N}\p{P}\p{S}]&&\p{age=15.0}]"));

impl CharClass {
    /// Takes the ranges from the regular expression engine's tables: Go's edition of Unicode is older than theirs,
    /// hence the intersection with an age.
    fn new(pattern: &str) -> Self {
        let parsed = regex_syntax::parse(pattern);
        let ranges = match parsed.as_ref().map(regex_syntax::hir::Hir::kind) {
            Ok(HirKind::Class(Class::Unicode(class))) => class
                .iter()
                .map(|range| (range.start(), range.end()))
                .collect(),
            _ => Vec::new(),
        };
        Self(ranges)
    }

    fn contains(&self, c: char) -> bool {
        let after = self.0.partition_point(|&(start, _)| start <= c);
        after
            .checked_sub(1)
            .and_then(|index| self.0.get(index))
            .is_some_and(|&(_, end)| c <= end)
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, is_alphanumeric, is_printable};

    #[test]
    fn classes_follow_unicode_15() {
        for c in ['ä', '世', 'ʰ', '٣'] {
            assert!(is_alphanumeric(c), "{c}");
        }
        // A Roman numeral and a combining mark are neither letters nor decimal digits; U+1C89 is newer than 15.0.
        for c in ['Ⅷ', '\u{301}', '“', '\u{a0}', '\u{fffd}', '\u{1c89}'] {
            assert!(!is_alphanumeric(c), "{c}");
        }
        for c in ['“', '😀', '\u{fffd}', '\u{301}'] {
            assert!(is_printable(c), "{c}");
        }
        for c in [
            '\u{a0}', '\u{200b}', '\u{7f}', '\u{e000}', '\u{1c89}', '\u{ad}',
        ] {
            assert!(!is_printable(c), "{c:?}");
        }
    }

    #[test]
    fn invalid_bytes_decode_one_by_one() {
        assert_eq!(decode(b"\xe4\xb8", 0), Some(('\u{fffd}', 1)));
        assert_eq!(decode("a世".as_bytes(), 1), Some(('世', 3)));
        assert_eq!(decode(b"a\xff", 1), Some(('\u{fffd}', 1)));
        assert_eq!(decode(b"a", 1), None);
    }
}
