//! `strconv.Quote` and kin.

use crate::functions::text::Rewrite;
use crate::syntax::unicode::{decode, is_printable};
use crate::value::{Item, Str, TextBuilder, Val};

/// `strconv.Quote`: the text in double quotes with Go's escapes. Bytes that are no UTF-8 become `\xff`.
pub(crate) fn go_quote(text: &[u8]) -> Vec<u8> {
    quote_with(text, false)
}

/// Adds the quoted form of a string value to a builder; each character keeps what it rests on.
pub(crate) fn push_quoted(out: &mut TextBuilder, text: &Str, prov: source::Prov) {
    let mut rewrite = Rewrite::new(text);
    rewrite.push(0, b"\"");
    let bytes = text.bytes();
    let mut at = 0;
    while let Some((c, width)) = decode(bytes, at) {
        rewrite.seek(at);
        push_escaped(rewrite.bytes(), c, &bytes[at..at + width], b'"', false);
        at += width;
    }
    rewrite.bytes().push(b'"');
    out.push_item(&Item {
        val: Val::Str(rewrite.finish()),
        prov,
    });
}

/// `strconv.Quote`, or `strconv.QuoteToASCII`.
pub(super) fn quote_with(text: &[u8], ascii_only: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    out.push(b'"');
    let mut at = 0;
    while let Some((c, width)) = decode(text, at) {
        push_escaped(&mut out, c, &text[at..at + width], b'"', ascii_only);
        at += width;
    }
    out.push(b'"');
    out
}

/// `strconv.QuoteRune`, or `strconv.QuoteRuneToASCII`.
pub(super) fn quote_char(c: char, ascii_only: bool) -> Vec<u8> {
    let mut out = vec![b'\''];
    push_escaped(
        &mut out,
        c,
        c.encode_utf8(&mut [0; 4]).as_bytes(),
        b'\'',
        ascii_only,
    );
    out.push(b'\'');
    out
}

/// `strconv.CanBackquote`: one line without control characters (tabs are fine) and without backquotes.
pub(crate) fn can_backquote(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| {
        text.chars()
            .all(|c| c == '\t' || (c >= ' ' && !matches!(c, '`' | '\u{7f}' | '\u{feff}')))
    })
}

/// `spelling` is the character as it stands in the text; a wrong byte is a U+FFFD of one byte.
fn push_escaped(out: &mut Vec<u8>, c: char, spelling: &[u8], mark: u8, ascii_only: bool) {
    if c == char::REPLACEMENT_CHARACTER && spelling.len() == 1 {
        out.extend_from_slice(format!("\\x{:02x}", spelling[0]).as_bytes());
        return;
    }
    let code = u32::from(c);
    if code == u32::from(mark) || c == '\\' {
        out.extend_from_slice(&[b'\\', code as u8]);
        return;
    }
    if is_printable(c) && (c.is_ascii() || !ascii_only) {
        out.extend_from_slice(spelling);
        return;
    }
    let escape = match c {
        '\x07' => "\\a".to_owned(),
        '\x08' => "\\b".to_owned(),
        '\x0c' => "\\f".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\x0b' => "\\v".to_owned(),
        '\0'..='\x1f' | '\x7f' => format!("\\x{code:02x}"),
        '\u{80}'..='\u{ffff}' => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    };
    out.extend_from_slice(escape.as_bytes());
}
