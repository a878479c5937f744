//! What becomes of a value when Helm writes it as JSON and reads that text as YAML, before it emits anything.
//!
//! JSON is almost a subset of YAML. The gaps: YAML's reader refuses some characters that JSON leaves alone, folds the
//! line break U+0085, limits the length of keys and the depth, and gives numbers another type.

use crate::number::{format_json, format_percent_v};
use crate::value::Value;
use std::borrow::Cow;

/// How deep the reader lets collections nest.
const MAX_DEPTH: usize = 10_000;
/// How long a key may be in the JSON text, in characters and quotes included.
const MAX_KEY: usize = 1024;
const NEXT_LINE: char = '\u{85}';

/// Whether the round trip works out. Err holds Go's text.
///
/// There is no JSON text without all of the value, so errors of writing come before those of reading. Where a value has
/// two errors of reading, goyaml may name the later one: it looks at characters some hundred bytes ahead.
pub(super) fn check(root: &Value) -> Result<(), String> {
    let mut reader = Reader::default();
    let mut pending = vec![Piece::Value(root, 0)];
    while let Some(piece) = pending.pop() {
        match piece {
            Piece::Key(key) => reader.key(key),
            Piece::Value(Value::String(text), _) => reader.string(text),
            Piece::Value(Value::Float(value), _) if !value.is_finite() => {
                let value = format_percent_v(*value);
                return Err(format!(
                    "error marshaling into JSON: json: unsupported value: {value}"
                ));
            }
            Piece::Value(Value::List(items), depth) => {
                reader.collection(depth);
                pending.extend(
                    items
                        .iter()
                        .rev()
                        .map(|item| Piece::Value(&item.value, depth + 1)),
                );
            }
            Piece::Value(Value::Map(map), depth) => {
                reader.collection(depth);
                let pairs = map.iter().rev();
                pending.extend(pairs.flat_map(|(key, entry)| {
                    [Piece::Value(&entry.value, depth + 1), Piece::Key(key)]
                }));
            }
            Piece::Value(..) => {}
        }
    }
    reader.error.map_or(Ok(()), Err)
}

/// A string after the round trip.
pub(super) fn string(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() && text.contains(NEXT_LINE) {
        Cow::Owned(fold(text))
    } else {
        Cow::Borrowed(text)
    }
}

/// A float as the emitter writes it after the round trip: an integer where its JSON text is one that fits 64 bits.
pub(super) fn float(value: f64) -> String {
    let text = format_json(value).unwrap_or_default();
    let integer = text.parse::<i64>().map(|integer| integer.to_string());
    let unsigned = || text.parse::<u64>().map(|integer| integer.to_string());
    integer
        .or_else(|_| unsigned())
        .unwrap_or_else(|_| format_percent_v(value))
}

/// Parts of a value in the order of the JSON text; the number counts the collections around it.
enum Piece<'a> {
    Key(&'a str),
    Value(&'a Value, usize),
}

/// YAML's reader on its way through the JSON text.
#[derive(Default)]
struct Reader {
    /// Line breaks so far.
    line: usize,
    /// What the reader stops with first.
    error: Option<String>,
}

impl Reader {
    fn string(&mut self, text: &str) {
        if text.is_ascii() && !text.contains('\x7f') {
            return;
        }
        if text.chars().any(is_refused) {
            return self.fail(0, "control characters are not allowed");
        }
        let mut rest = text;
        while let Some((_, behind)) = rest.split_once(NEXT_LINE) {
            self.line += 1;
            if starts_with_document_marker(behind) {
                self.fail(self.line + 1, "found unexpected document indicator");
            }
            rest = behind;
        }
    }

    /// A key must fit on one line and within the limit; otherwise the reader takes it for a whole entry, and is
    /// surprised by the colon.
    fn key(&mut self, text: &str) {
        self.string(text);
        // Escaping makes at most six characters of one byte.
        let may_be_long = text.len() > MAX_KEY / 6 - 2;
        if text.contains(NEXT_LINE) || (may_be_long && json_length(text) > MAX_KEY) {
            self.fail(self.line, "did not find expected ',' or '}'");
        }
    }

    fn collection(&mut self, depth: usize) {
        if depth >= MAX_DEPTH {
            let line = if self.line == 0 { 0 } else { self.line + 1 };
            self.fail(line, &format!("exceeded max depth of {MAX_DEPTH}"));
        }
    }

    /// goyaml counts lines from 0 and leaves number 0 out.
    fn fail(&mut self, line: usize, message: &str) {
        self.error.get_or_insert_with(|| match line {
            0 => format!("yaml: {message}"),
            _ => format!("yaml: line {line}: {message}"),
        });
    }
}

/// Characters that JSON writes as they are and YAML's reader stops at.
fn is_refused(character: char) -> bool {
    matches!(character, '\x7f'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// Document markers at the start of a line count even inside of quotes, if a blank or a line break follows.
fn starts_with_document_marker(line: &str) -> bool {
    let behind = line
        .strip_prefix("---")
        .or_else(|| line.strip_prefix("..."));
    behind.is_some_and(|behind| behind.starts_with([' ', NEXT_LINE]))
}

/// Folds line breaks as in any quoted scalar: one becomes a space, of several the first goes; spaces around them go.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(NEXT_LINE) {
        folded.push_str(rest[..at].trim_end_matches(' '));
        let behind = rest[at..].trim_start_matches([' ', NEXT_LINE]);
        let gap = &rest[at..rest.len() - behind.len()];
        match gap.matches(NEXT_LINE).count() {
            1 => folded.push(' '),
            breaks => folded.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
        rest = behind;
    }
    folded.push_str(rest);
    folded
}

/// How many characters a string has in the JSON text, quotes included.
fn json_length(text: &str) -> usize {
    let escaped = |character: char| match character {
        '"' | '\\' | '\x08' | '\x0c' | '\n' | '\r' | '\t' => 2,
        '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    2 + text.chars().map(escaped).sum::<usize>()
}
