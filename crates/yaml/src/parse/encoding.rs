//! Bytes to text: UTF-8, or UTF-16 behind a byte order mark, with libyaml's messages for what is neither.

use std::borrow::Cow;

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF16_LITTLE_ENDIAN_MARK: &[u8] = b"\xff\xfe";
const UTF16_BIG_ENDIAN_MARK: &[u8] = b"\xfe\xff";

/// How the messages begin that a longer text might have avoided.
const INCOMPLETE: &str = "incomplete";

/// The readable beginning of a text, and what is wrong with the byte behind it, if anything is.
pub(super) struct Decoded<'t> {
    pub(super) text: Cow<'t, str>,
    /// Where the content starts: behind the byte order mark.
    pub(super) start: usize,
    pub(super) broken: Option<Broken<'t>>,
    /// For UTF-16: the offset in the source of each byte of `text`, and of its end.
    source_offsets: Option<Vec<u32>>,
}

/// What stands behind the readable beginning.
pub(super) enum Broken<'t> {
    /// Bytes that do not begin with a UTF-8 character. Judged when it is known how many of them have been read.
    Utf8(&'t [u8]),
    /// `at_end`: the text ends too early, which libyaml notices when it looks for more.
    Utf16 { problem: &'static str, at_end: bool },
}

impl<'t> Decoded<'t> {
    pub(super) fn new(source: &'t [u8]) -> Self {
        if let Some(units) = source.strip_prefix(UTF16_LITTLE_ENDIAN_MARK) {
            return Self::from_utf16(units, u16::from_le_bytes);
        }
        if let Some(units) = source.strip_prefix(UTF16_BIG_ENDIAN_MARK) {
            return Self::from_utf16(units, u16::from_be_bytes);
        }
        let start = if source.starts_with(UTF8_MARK) {
            UTF8_MARK.len()
        } else {
            0
        };
        let mut chunks = source.utf8_chunks();
        let text = chunks.next().map_or("", |chunk| chunk.valid());
        let rest = &source[text.len()..];
        let broken = (!rest.is_empty()).then_some(Broken::Utf8(rest));
        Self {
            text: Cow::Borrowed(text),
            start,
            broken,
            source_offsets: None,
        }
    }

    fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Self {
        let mut text = String::with_capacity(bytes.len());
        let mut offsets = Vec::with_capacity(bytes.len());
        let mut at = 0;
        let mut problem = None;
        while at < bytes.len() {
            match first_utf16_character(&bytes[at..], unit) {
                Ok(character) => {
                    text.push(character);
                    offsets.resize(text.len(), (at + UTF16_LITTLE_ENDIAN_MARK.len()) as u32);
                    at += 2 * character.len_utf16();
                }
                Err(message) => {
                    problem = Some(message);
                    break;
                }
            }
        }
        offsets.push((at + UTF16_LITTLE_ENDIAN_MARK.len()) as u32);
        Self {
            text: Cow::Owned(text),
            start: 0,
            broken: problem.map(|problem| Broken::Utf16 {
                problem,
                at_end: problem.starts_with(INCOMPLETE),
            }),
            source_offsets: Some(offsets),
        }
    }

    /// The offset in the source of an offset in the text.
    pub(super) fn source_offset(&self, offset: u32) -> u32 {
        match &self.source_offsets {
            None => offset,
            Some(offsets) => {
                let known = offsets.get(offset as usize).or(offsets.last());
                known.copied().unwrap_or(offset)
            }
        }
    }
}

fn first_utf16_character(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<char, &'static str> {
    let [first, second, rest @ ..] = bytes else {
        return Err("incomplete UTF-16 character");
    };
    let lead = unit([*first, *second]);
    if lead & 0xfc00 == 0xdc00 {
        return Err("unexpected low surrogate area");
    }
    if lead & 0xfc00 != 0xd800 {
        return Ok(char::from_u32(u32::from(lead)).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    let [third, fourth, ..] = rest else {
        return Err("incomplete UTF-16 surrogate pair");
    };
    let trail = unit([*third, *fourth]);
    char::decode_utf16([lead, trail])
        .next()
        .and_then(Result::ok)
        .ok_or("expected low surrogate area")
}

/// What libyaml says of bytes that begin with no UTF-8 character. None if more bytes must be read before it says
/// anything, which happens at the end of a block only (`ended`: there are no more).
pub(super) fn utf8_problem(bytes: &[u8], ended: bool) -> Option<&'static str> {
    let first = *bytes.first()?;
    let width = match first {
        0x00..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => return Some("invalid leading UTF-8 octet"),
    };
    let Some(character) = bytes.get(..width) else {
        return ended.then_some("incomplete UTF-8 octet sequence");
    };
    if character[1..].iter().any(|byte| byte & 0xc0 != 0x80) {
        return Some("invalid trailing UTF-8 octet");
    }
    let lead_bits = u32::from(first) & (0x7f >> width);
    let value = character[1..]
        .iter()
        .fold(lead_bits, |value, byte| value << 6 | u32::from(byte & 0x3f));
    let shortest = [0, 0, 0x80, 0x800, 0x1_0000][width];
    Some(if value < shortest {
        "invalid length of a UTF-8 sequence"
    } else {
        "invalid Unicode character"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_utf8_is_named_as_libyaml_names_it() {
        let cases: &[(&[u8], Option<&str>)] = &[
            (b"\xff", Some("invalid leading UTF-8 octet")),
            (b"\x80", Some("invalid leading UTF-8 octet")),
            (b"\xc3(", Some("invalid trailing UTF-8 octet")),
            (b"\xc0\x80", Some("invalid length of a UTF-8 sequence")),
            (b"\xe0\x80\x80", Some("invalid length of a UTF-8 sequence")),
            (b"\xed\xa0\x80", Some("invalid Unicode character")),
            (b"\xf5\x80\x80\x80", Some("invalid Unicode character")),
            (b"\xe2\x82", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(utf8_problem(bytes, false), *expected, "{bytes:x?}");
        }
        assert_eq!(
            utf8_problem(b"\xe2\x82", true),
            Some("incomplete UTF-8 octet sequence")
        );
    }

    #[test]
    fn utf16_offsets_count_in_the_source() {
        let source = b"\xff\xfea\0\xe9\0=\xd8\0\xdeb\0";
        let decoded = Decoded::new(source);
        assert_eq!(decoded.text, "aé😀b");
        assert_eq!(decoded.source_offset(0), 2);
        assert_eq!(decoded.source_offset(3), 6);
        assert_eq!(decoded.source_offset(7), 10);
        assert_eq!(decoded.source_offset(8), 12);
    }
}
