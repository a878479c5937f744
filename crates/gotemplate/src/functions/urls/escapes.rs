//! Percent escapes in the parts of a URL.

use crate::functions::format::go_quote;

/// A part of a URL; each allows other characters unescaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Host,
    /// What follows `%25` in the brackets of an IPv6 address.
    Zone,
    User,
    Fragment,
}

/// The bytes with `%XX` for everything that the part does not allow.
pub(super) fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        if needs_escape(*byte, part) {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(*byte);
        }
    }
    out
}

/// The bytes that escapes stand for.
///
/// # Errors
/// Go's text for an escape or a character that the part does not allow.
pub(super) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let in_host = matches!(part, Part::Host | Part::Zone);
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte == b'%' {
            let spelling = &text[at..text.len().min(at + 3)];
            let value = escaped_byte(spelling).filter(|value| allows_escape(*value, part));
            out.push(value.ok_or_else(|| format!("invalid URL escape {}", quoted(spelling)))?);
            at += 3;
            continue;
        }
        if in_host && byte != b'+' && byte.is_ascii() && needs_escape(byte, part) {
            return Err(format!(
                "invalid character {} in host name",
                quoted(&[byte])
            ));
        }
        out.push(byte);
        at += 1;
    }
    Ok(out)
}

fn escaped_byte(spelling: &[u8]) -> Option<u8> {
    let [_, high, low] = spelling else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(*high)? * 16 + digit(*low)?) as u8)
}

/// Hosts may escape only what is not ASCII, and the percent sign of a zone.
fn allows_escape(value: u8, part: Part) -> bool {
    match part {
        Part::Host => !value.is_ascii() || value == b'%',
        Part::Zone => value == b'%' || value == b' ' || !needs_escape(value, Part::Host),
        _ => true,
    }
}

fn needs_escape(byte: u8, part: Part) -> bool {
    let allowed: &[u8] = match part {
        Part::Host | Part::Zone => b"!$&'()*+,;=:[]<>\"",
        Part::Path => b"$&+,/:;=@",
        Part::User => b"$&+,;=",
        Part::Fragment => b"$&+,/:;=?@!()*",
    };
    !(byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || allowed.contains(&byte))
}

fn quoted(text: &[u8]) -> String {
    String::from_utf8_lossy(&go_quote(text)).into_owned()
}
