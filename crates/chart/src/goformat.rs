//! How Go's fmt package writes strings and values in Helm's messages.

use std::fmt::Write as _;
use yaml::{Entry, Value};

/// `%q` of a string.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        push_escaped(&mut quoted, character, '"');
    }
    quoted.push('"');
    quoted
}

/// `%q` of a slice of runes: `['x' '\n']`.
pub(crate) fn quote_runes(text: &str) -> String {
    let runes = text.chars().map(|character| {
        let mut quoted = "'".to_owned();
        push_escaped(&mut quoted, character, '\'');
        quoted + "'"
    });
    format!("[{}]", runes.collect::<Vec<_>>().join(" "))
}

fn push_escaped(out: &mut String, character: char, delimiter: char) {
    match character {
        '\\' => out.push_str("\\\\"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        _ if character == delimiter => out.extend(['\\', character]),
        _ if is_printable(character) => out.push(character),
        _ => push_code(out, u32::from(character)),
    }
}

fn push_code(out: &mut String, code: u32) {
    let written = match code {
        0..=0x7f => write!(out, "\\x{code:02x}"),
        0x80..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

/// Go's `unicode.IsPrint`. Rust's own escaping decides by the same categories, but only the escaping of a whole
/// string leaves combining marks alone, hence the leading letter.
pub(crate) fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return (' '..='~').contains(&character);
    }
    String::from_iter(['a', character]).escape_debug().count() == 2
}

/// `%v` of a value: `map[a:1 b:[x y]]`.
pub(crate) fn plain(value: &Value) -> String {
    format_with(value, |value| match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Float(value) => yaml::number::format_percent_v(*value),
        Value::String(text) => text.to_string(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::List(_) | Value::Map(_) => String::new(),
    })
}

/// `%t` of a value that need not be a boolean: `%!t(int64=5)`.
pub(crate) fn as_boolean(value: &Value) -> String {
    if value.is_null() {
        return "%!t(<nil>)".to_owned();
    }
    format_with(value, |value| match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(value) => value.to_string(),
        _ => format!("%!t({}={})", type_name(value), plain(value)),
    })
}

/// `%T` of a value.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int64",
        Value::Uint(_) => "uint64",
        Value::Float(_) => "float64",
        // What Helm reads from a file is a string to it, whatever its bytes.
        Value::String(_) | Value::Bytes(_) => "string",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
    }
}

fn format_with(value: &Value, scalar: fn(&Value) -> String) -> String {
    let join = |items: Vec<String>| items.join(" ");
    match value {
        Value::List(items) => {
            format!(
                "[{}]",
                join(
                    items
                        .iter()
                        .map(|item| format_with(&item.value, scalar))
                        .collect()
                )
            )
        }
        Value::Map(map) => {
            let pair = |(key, entry): (&std::sync::Arc<str>, &Entry)| {
                format!("{key}:{}", format_with(&entry.value, scalar))
            };
            format!("map[{}]", join(map.iter().map(pair).collect()))
        }
        _ => scalar(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_runes_are_quoted_as_go_quotes_them() {
        assert_eq!(quote("a\"b\n\u{7f}é\u{200b}"), "\"a\\\"b\\n\\x7fé\\u200b\"");
        assert_eq!(quote_runes("x'\""), "['x' '\\'' '\"']");
    }

    #[test]
    fn a_value_that_is_no_boolean_is_reported_with_its_type() {
        let items = vec![Entry::unmarked(Value::Int(1)), Entry::unmarked(Value::Null)];
        assert_eq!(as_boolean(&Value::list(items)), "[%!t(int64=1) <nil>]");
        assert_eq!(as_boolean(&Value::Null), "%!t(<nil>)");
        assert_eq!(as_boolean(&Value::Bool(true)), "true");
    }
}
