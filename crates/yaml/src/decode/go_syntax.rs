//! Values as Go source text (`%#v`), for the messages that quote a map key.

use super::raw::{Raw, RawEntry};
use std::cmp::Ordering;
use std::fmt::Write;

/// `%#v` of decoded data.
pub(super) fn go_syntax(raw: &Raw) -> String {
    let mut out = String::new();
    match raw {
        Raw::Null => out.push_str("<nil>"),
        other => write_element(other, &mut out),
    }
    out
}

fn write_element(raw: &Raw, out: &mut String) {
    match raw {
        Raw::Null => out.push_str("interface {}(nil)"),
        Raw::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Raw::Int(value) => out.push_str(&value.to_string()),
        Raw::Uint(value) => {
            // Writing to a string cannot fail.
            let _ = write!(out, "{value:#x}");
        }
        Raw::Float(value) => out.push_str(&format_float64(*value)),
        Raw::String(text) => write_quoted(text, out),
        Raw::List(items) => {
            out.push_str("[]interface {}{");
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position > 0 { ", " } else { "" });
                write_element(&item.value, out);
            }
            out.push('}');
        }
        Raw::Map(entries) => {
            let mut entries: Vec<&RawEntry> = entries.iter().collect();
            entries.sort_by(|left, right| compare_keys(&left.key, &right.key));
            out.push_str("map[interface {}]interface {}{");
            for (position, entry) in entries.iter().enumerate() {
                out.push_str(if position > 0 { ", " } else { "" });
                write_element(&entry.key, out);
                out.push(':');
                write_element(&entry.value, out);
            }
            out.push('}');
        }
    }
}

/// Go sorts keys of one kind by value. Keys of different kinds it sorts by where the program's types happen to lie.
fn compare_keys(left: &Raw, right: &Raw) -> Ordering {
    match (left, right) {
        (Raw::Bool(left), Raw::Bool(right)) => left.cmp(right),
        (Raw::Int(left), Raw::Int(right)) => left.cmp(right),
        (Raw::Uint(left), Raw::Uint(right)) => left.cmp(right),
        (Raw::Float(left), Raw::Float(right)) => left
            .partial_cmp(right)
            .unwrap_or_else(|| right.is_nan().cmp(&left.is_nan())),
        (Raw::String(left), Raw::String(right)) => left.cmp(right),
        _ => kind_rank(left).cmp(&kind_rank(right)),
    }
}

fn kind_rank(raw: &Raw) -> u8 {
    match raw {
        Raw::Null => 0,
        Raw::String(_) => 1,
        Raw::Uint(_) => 2,
        Raw::Int(_) => 3,
        Raw::Float(_) => 4,
        Raw::Bool(_) => 5,
        Raw::List(_) | Raw::Map(_) => 6,
    }
}

/// `strconv.Quote`.
fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            printable if printable == '\'' || is_printable(printable) => out.push(printable),
            other => {
                let code = u32::from(other);
                // Writing to a string cannot fail.
                let _ = match code {
                    0..=0x7f => write!(out, "\\x{code:02x}"),
                    0x80..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push('"');
}

/// Whether the standard library prints a character as it is, behind another one that it may combine with.
fn is_printable(character: char) -> bool {
    String::from_iter(['x', character]).escape_debug().count() == 2
}

/// `strconv.FormatFloat(value, 'g', -1, 64)`.
fn format_float64(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    choose_notation(&format!("{value}"), &format!("{value:e}"))
}

/// `strconv.FormatFloat(value, 'g', -1, 32)` of a finite number.
pub(super) fn format_float32(value: f32) -> String {
    choose_notation(&format!("{value}"), &format!("{value:e}"))
}

/// Go writes an exponent, with its sign and at least two digits, below -4 and from 6 on.
fn choose_notation(decimal: &str, scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return decimal.to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_have_gos_notation() {
        let cases = [
            (1.0, "1"),
            (1.5, "1.5"),
            (100_000.5, "100000.5"),
            (1_000_000.0, "1e+06"),
            (1_234_567.5, "1.2345675e+06"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-1e100, "-1e+100"),
        ];
        for (value, expected) in cases {
            assert_eq!(format_float64(value), expected);
        }
        assert_eq!(format_float32(20_230_101.5), "2.0230102e+07");
        assert_eq!(format_float32(1.1), "1.1");
    }

    #[test]
    fn strings_are_quoted_as_go_source() {
        let mut out = String::new();
        write_quoted("a\"b\\\n'\u{7f}é\u{200b}\u{10ffff}", &mut out);
        assert_eq!(out, r#""a\"b\\\n'\x7fé\u200b\U0010ffff""#);
    }
}
