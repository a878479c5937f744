//! Go's quoting of strings (`strconv.Quote`, `%q`) and its way back (`strconv.Unquote`).

use super::unicode::{decode, is_printable};
use std::fmt::Write as _;

/// What `strconv.ErrSyntax` says.
pub(super) const INVALID_SYNTAX: &str = "invalid syntax";

/// A character of a literal: its value and the length of its spelling.
pub(super) struct LiteralChar {
    pub(super) value: u32,
    /// Stands for its UTF-8 bytes, not for one byte.
    pub(super) is_rune: bool,
    pub(super) length: usize,
}

/// The bytes in double quotes with Go's escapes.
pub(crate) fn quote(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    let mut at = 0;
    while let Some((c, width)) = decode(bytes, at) {
        if c == char::REPLACEMENT_CHARACTER && width == 1 {
            push_hex(&mut out, "\\x", 2, u32::from(bytes[at]));
        } else {
            push_escaped(&mut out, c);
        }
        at += width;
    }
    out.push('"');
    out
}

/// The character as `%#U` shows it: `U+002D '-'`, without the picture if it is not printable.
pub(super) fn code_point(c: char) -> String {
    let code = u32::from(c);
    if is_printable(c) {
        format!("U+{code:04X} '{c}'")
    } else {
        format!("U+{code:04X}")
    }
}

/// The value of a string literal in double quotes or backquotes; `None` if Go finds its syntax invalid.
pub(super) fn unquote(literal: &[u8]) -> Option<Vec<u8>> {
    let (&mark, rest) = literal.split_first()?;
    let (&last, inner) = rest.split_last()?;
    if last != mark {
        return None;
    }
    match mark {
        // Carriage returns are dropped from raw strings.
        b'`' => Some(
            inner
                .iter()
                .copied()
                .filter(|&byte| byte != b'\r')
                .collect(),
        ),
        b'"' => unescape(inner),
        _ => None,
    }
}

/// The first character of the inside of a literal that `mark` encloses; `None` if it is not valid there.
pub(super) fn literal_char(text: &[u8], mark: u8) -> Option<LiteralChar> {
    let first = *text.first()?;
    if first == mark {
        return None;
    }
    if first == b'\\' {
        return escape_sequence(text, mark);
    }
    let (c, length) = decode(text, 0)?;
    Some(LiteralChar {
        value: c.into(),
        is_rune: !first.is_ascii(),
        length,
    })
}

fn unescape(inner: &[u8]) -> Option<Vec<u8>> {
    if !inner.contains(&b'\\') && !inner.contains(&b'"') && std::str::from_utf8(inner).is_ok() {
        return (!inner.contains(&b'\n')).then(|| inner.to_vec());
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while !rest.is_empty() {
        let found = literal_char(rest, b'"').filter(|_| rest[0] != b'\n')?;
        rest = rest.get(found.length..)?;
        if found.is_rune {
            let c = char::from_u32(found.value)?;
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        } else {
            out.push(u8::try_from(found.value).ok()?);
        }
    }
    Some(out)
}

fn escape_sequence(text: &[u8], mark: u8) -> Option<LiteralChar> {
    let letter = *text.get(1)?;
    let simple = |value: u8| {
        Some(LiteralChar {
            value: value.into(),
            is_rune: false,
            length: 2,
        })
    };
    match letter {
        b'a' => simple(0x07),
        b'b' => simple(0x08),
        b'f' => simple(0x0c),
        b'n' => simple(b'\n'),
        b'r' => simple(b'\r'),
        b't' => simple(b'\t'),
        b'v' => simple(0x0b),
        b'\\' => simple(b'\\'),
        b'\'' | b'"' if letter == mark => simple(letter),
        b'x' => numeric_escape(text, 2..4, 16, false),
        b'u' => numeric_escape(text, 2..6, 16, true),
        b'U' => numeric_escape(text, 2..10, 16, true),
        b'0'..=b'7' => numeric_escape(text, 1..4, 8, false),
        _ => None,
    }
}

fn numeric_escape(
    text: &[u8],
    digits: std::ops::Range<usize>,
    radix: u32,
    is_rune: bool,
) -> Option<LiteralChar> {
    let length = digits.end;
    let mut value: u32 = 0;
    for &digit in text.get(digits)? {
        value = value
            .checked_mul(radix)?
            .checked_add(char::from(digit).to_digit(radix)?)?;
    }
    let fits = if is_rune {
        char::from_u32(value).is_some()
    } else {
        value <= 0xff
    };
    fits.then_some(LiteralChar {
        value,
        is_rune,
        length,
    })
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '"' | '\\' => out.extend(['\\', c]),
        _ if is_printable(c) => out.push(c),
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0b' => out.push_str("\\v"),
        '\0'..=' ' | '\x7f' => push_hex(out, "\\x", 2, c.into()),
        '\u{80}'..='\u{ffff}' => push_hex(out, "\\u", 4, c.into()),
        _ => push_hex(out, "\\U", 8, c.into()),
    }
}

fn push_hex(out: &mut String, prefix: &str, width: usize, value: u32) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{prefix}{value:0width$x}");
}

#[cfg(test)]
mod tests {
    use super::{code_point, quote, unquote};

    #[test]
    fn quoting_escapes_as_go_does() {
        let cases: [(&[u8], &str); 6] = [
            (b"a\"\\", r#""a\"\\""#),
            (b"\x00\x07\t\n\x7f", r#""\x00\a\t\n\x7f""#),
            ("é世😀".as_bytes(), "\"é世😀\""),
            (
                "\u{a0}\u{200b}\u{e0001}".as_bytes(),
                r#""\u00a0\u200b\U000e0001""#,
            ),
            (b"\xff\xe4\xb8", r#""\xff\xe4\xb8""#),
            ("\u{fffd}".as_bytes(), "\"\u{fffd}\""),
        ];
        for (bytes, expected) in cases {
            assert_eq!(quote(bytes), expected);
        }
    }

    #[test]
    fn unquoting_follows_go() {
        let good: [(&[u8], &[u8]); 6] = [
            (br#""a\n\x41\101\u00e4\"""#, "a\nAAä\"".as_bytes()),
            (br#""\xff""#, b"\xff"),
            (b"`a\\n\r\nb`", b"a\\n\nb"),
            // Bytes that are no UTF-8 become U+FFFD, as in Go.
            (b"\"\xff\"", "\u{fffd}".as_bytes()),
            (br#""\U0001F600""#, "😀".as_bytes()),
            (b"``", b""),
        ];
        for (literal, expected) in good {
            assert_eq!(unquote(literal).as_deref(), Some(expected));
        }
        let bad: [&[u8]; 8] = [
            br#""\'""#,
            br#""\q""#,
            br#""\x4""#,
            br#""\ud800""#,
            br#""\400""#,
            br#""\8""#,
            b"\"",
            b"'a'",
        ];
        for literal in bad {
            assert_eq!(
                unquote(literal),
                None,
                "{}",
                String::from_utf8_lossy(literal)
            );
        }
    }

    #[test]
    fn code_points_show_only_printable_characters() {
        assert_eq!(code_point('-'), "U+002D '-'");
        assert_eq!(code_point('\u{a0}'), "U+00A0");
        assert_eq!(code_point('😀'), "U+1F600 '😀'");
    }
}
