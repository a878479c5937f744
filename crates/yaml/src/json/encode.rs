//! Values to JSON text.

use crate::emit::Emitted;
use crate::number::{format_json, format_percent_v};
use crate::value::{Entry, Value};
use std::borrow::Cow;
use std::collections::btree_map;
use std::slice;
use std::sync::Arc;

/// How to write.
#[derive(Debug, Clone, Copy)]
pub struct EncodeOptions {
    /// `<`, `>` and `&` as `\u003c` and kin.
    pub escape_html: bool,
    /// Two spaces a level, as `toPrettyJson`.
    pub indent: bool,
}

/// Keys sorted bytewise, floats as Go writes them. Err holds Go's text (`json: unsupported value: +Inf`).
///
/// In the marks of the result a container owns its brackets, an entry everything from its line's indentation (or
/// from its key) to the comma. [`Value::Bytes`] is written as [`crate::emit()`] says.
pub fn encode(root: &Entry, options: EncodeOptions) -> Result<Emitted, String> {
    let mut encoder = Encoder {
        out: Emitted::default(),
        options,
        open: Vec::new(),
    };
    encoder.out.begin(root.mark);
    encoder.value(root)?;
    while let Some(container) = encoder.open.last_mut() {
        match container.next() {
            Some((key, entry)) => encoder.item(key, entry)?,
            None => encoder.close(),
        }
    }
    Ok(encoder.out)
}

struct Encoder<'a> {
    out: Emitted,
    options: EncodeOptions,
    /// Containers that were begun and not ended: no recursion, for nesting is the caller's choice.
    open: Vec<Container<'a>>,
}

struct Container<'a> {
    items: Items<'a>,
    mark: u32,
    first: bool,
}

enum Items<'a> {
    List(slice::Iter<'a, Entry>),
    Map(btree_map::Iter<'a, Arc<str>, Entry>),
}

impl<'a> Container<'a> {
    fn next(&mut self) -> Option<(Option<&'a str>, &'a Entry)> {
        match &mut self.items {
            Items::List(items) => items.next().map(|entry| (None, entry)),
            Items::Map(items) => items.next().map(|(key, entry)| (Some(&**key), entry)),
        }
    }

    fn closing_bracket(&self) -> char {
        match self.items {
            Items::List(_) => ']',
            Items::Map(_) => '}',
        }
    }
}

impl<'a> Encoder<'a> {
    fn value(&mut self, entry: &'a Entry) -> Result<(), String> {
        match &entry.value {
            Value::Null => self.out.text.push_str("null"),
            Value::Bool(value) => self
                .out
                .text
                .push_str(if *value { "true" } else { "false" }),
            Value::Int(value) => self.out.text.push_str(&value.to_string()),
            Value::Uint(value) => self.out.text.push_str(&value.to_string()),
            Value::Float(value) => self.out.text.push_str(&float(*value)?),
            Value::String(text) => self.string(text),
            Value::Bytes(bytes) => self.bytes(bytes),
            Value::List(items) => {
                self.container(Items::List(items.iter()), entry.mark, '[', items.is_empty());
            }
            Value::Map(map) => {
                self.container(Items::Map(map.iter()), entry.mark, '{', map.is_empty());
            }
        }
        Ok(())
    }

    fn container(&mut self, items: Items<'a>, mark: u32, bracket: char, is_empty: bool) {
        self.out.text.push(bracket);
        let container = Container {
            items,
            mark,
            first: true,
        };
        if is_empty {
            self.out.text.push(container.closing_bracket());
        } else {
            self.open.push(container);
        }
    }

    fn item(&mut self, key: Option<&str>, entry: &'a Entry) -> Result<(), String> {
        let first = self
            .open
            .last_mut()
            .is_some_and(|container| std::mem::take(&mut container.first));
        if !first {
            self.out.text.push(',');
        }
        self.line(entry.mark, self.open.len());
        if let Some(key) = key {
            self.string(key);
            self.out
                .text
                .push_str(if self.options.indent { ": " } else { ":" });
        }
        self.value(entry)
    }

    fn close(&mut self) {
        if let Some(container) = self.open.pop() {
            self.line(container.mark, self.open.len());
            self.out.text.push(container.closing_bracket());
        }
    }

    /// Begins what belongs to `mark`, on a new line if lines are wanted.
    fn line(&mut self, mark: u32, depth: usize) {
        if self.options.indent {
            self.out.text.push('\n');
        }
        self.out.begin(mark);
        if self.options.indent {
            self.out.text.extend(std::iter::repeat_n("  ", depth));
        }
    }

    fn string(&mut self, text: &str) {
        self.out.text.push('"');
        self.content(text);
        self.out.text.push('"');
    }

    /// See [`bytes_as_text`]; bytes that are no characters are written as escapes.
    fn bytes(&mut self, bytes: &[u8]) {
        if std::str::from_utf8(bytes).is_ok() {
            return self.string(&base64(bytes));
        }
        self.out.text.push('"');
        for chunk in bytes.utf8_chunks() {
            self.content(chunk.valid());
            self.out
                .text
                .extend(std::iter::repeat_n("\\ufffd", chunk.invalid().len()));
        }
        self.out.text.push('"');
    }

    fn content(&mut self, text: &str) {
        let out = &mut self.out.text;
        let mut rest = text;
        while let Some((plain, special, after)) = cut_at_special(rest, self.options.escape_html) {
            out.push_str(plain);
            push_escaped(out, special);
            rest = after;
        }
        out.push_str(rest);
    }
}

/// Cuts a text at the first character that has to be escaped.
fn cut_at_special(text: &str, html: bool) -> Option<(&str, char, &str)> {
    let is_special = |character: char| match character {
        '"' | '\\' | '\0'..='\x1f' | '\u{2028}' | '\u{2029}' => true,
        '<' | '>' | '&' => html,
        _ => false,
    };
    let at = text.find(is_special)?;
    let special = text[at..].chars().next()?;
    Some((&text[..at], special, &text[at + special.len_utf8()..]))
}

fn push_escaped(out: &mut String, character: char) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => out.push_str(&format!("\\u{:04x}", u32::from(character))),
    }
}

fn float(value: f64) -> Result<String, String> {
    format_json(value)
        .ok_or_else(|| format!("json: unsupported value: {}", format_percent_v(value)))
}

/// What Go's encoders make of [`Value::Bytes`].
///
/// Bytes that are valid UTF-8 can only be a `[]byte`, which becomes base64. Other bytes are taken for a string that
/// is no UTF-8, whose wrong bytes each become U+FFFD.
pub(crate) fn bytes_as_text(bytes: &[u8]) -> Cow<'_, str> {
    if std::str::from_utf8(bytes).is_ok() {
        return Cow::Owned(base64(bytes));
    }
    Cow::Owned(replace_invalid(bytes))
}

/// Go's way with bytes that are no UTF-8: one U+FFFD for each, where Rust makes one for each broken sequence.
pub(super) fn replace_invalid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n(
            char::REPLACEMENT_CHARACTER,
            chunk.invalid().len(),
        ));
    }
    text
}

/// Standard base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0, |group, &byte| group << 8 | u32::from(byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = (group >> (18 - 6 * place)) & 63;
            text.push(if place <= chunk.len() {
                char::from(ALPHABET[index as usize])
            } else {
                '='
            });
        }
    }
    text
}
