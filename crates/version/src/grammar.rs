//! The form that versions and the operands of constraints share: `v1.2.3-pre.1+meta`, with parts left out.

/// A text cut into the parts of a version; nothing is checked beyond the characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    /// The whole text that was recognised, `v` included.
    pub(crate) text: &'a str,
    pub(crate) major: &'a str,
    pub(crate) minor: Option<&'a str>,
    pub(crate) patch: Option<&'a str>,
    /// Without its `-`.
    pub(crate) prerelease: Option<&'a str>,
    /// Without its `+`.
    pub(crate) metadata: Option<&'a str>,
}

/// Recognises the longest version at the start of `text`, whose numbers consist of bytes that `is_number` accepts.
pub(crate) fn scan(text: &str, is_number: fn(u8) -> bool) -> Option<Parts<'_>> {
    let mut rest = text.strip_prefix('v').unwrap_or(text);
    let major = take_while(&mut rest, is_number)?;
    let minor = take_after(&mut rest, b'.', |rest| take_while(rest, is_number));
    let patch = minor.and_then(|_| take_after(&mut rest, b'.', |rest| take_while(rest, is_number)));
    let prerelease = take_after(&mut rest, b'-', take_identifiers);
    let metadata = take_after(&mut rest, b'+', take_identifiers);
    let text = &text[..text.len() - rest.len()];
    Some(Parts {
        text,
        major,
        minor,
        patch,
        prerelease,
        metadata,
    })
}

/// The numbers of a version.
pub(crate) fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// The numbers of a constraint. The bar is there because the library's pattern has it inside a character class:
/// `1|2` passes the grammar and fails later, with another message.
pub(crate) fn is_digit_or_wildcard(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'*' | b'|')
}

/// `\s` of Go's regular expressions.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')
}

/// The rest of a text after its blanks.
pub(crate) fn skip_spaces(text: &str) -> &str {
    text.trim_start_matches(|character: char| character.is_ascii() && is_space(character as u8))
}

/// One or more accepted bytes; all of them ASCII, so that cutting there is safe.
fn take_while<'a>(rest: &mut &'a str, accept: fn(u8) -> bool) -> Option<&'a str> {
    let length = rest.bytes().take_while(|&byte| accept(byte)).count();
    if length == 0 {
        return None;
    }
    let (taken, after) = rest.split_at(length);
    *rest = after;
    Some(taken)
}

/// A lead-in and what must follow it; takes neither if the second is missing.
fn take_after<'a>(
    rest: &mut &'a str,
    lead: u8,
    take: impl Fn(&mut &'a str) -> Option<&'a str>,
) -> Option<&'a str> {
    let mut ahead = rest.strip_prefix(char::from(lead))?;
    let taken = take(&mut ahead)?;
    *rest = ahead;
    Some(taken)
}

/// Identifiers of letters, digits and hyphens with dots between them.
fn take_identifiers<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let start = *rest;
    take_while(rest, is_identifier_byte)?;
    while take_after(rest, b'.', |rest| take_while(rest, is_identifier_byte)).is_some() {}
    Some(&start[..start.len() - rest.len()])
}

pub(crate) fn is_identifier_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
