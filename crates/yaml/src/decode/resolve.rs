//! What a scalar's text means: goyaml v2's dialect of YAML 1.1.
//!
//! Booleans include `y`, `no` and `off`; `_` is ignored in numbers; there are no sexagesimal numbers; dates are
//! recognised (they matter for quoting) but stay text.

use super::timestamp::is_timestamp;

/// The namespace of YAML's own tags, which `!!` stands for.
const YAML_NAMESPACE: &str = "tag:yaml.org,2002:";

/// A scalar after resolution. Text stays with the caller.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// Above `i64::MAX`.
    Uint(u64),
    Float(f64),
    /// A date or a time; its value is its text.
    Timestamp,
    /// The text itself.
    String,
    /// Base64 text (`!!binary`), not decoded yet.
    Binary,
}

impl Resolved {
    /// The tag as error messages write it.
    fn short_tag(self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Int(_) | Self::Uint(_) => "!!int",
            Self::Float(_) => "!!float",
            Self::Timestamp => "!!timestamp",
            Self::String => "!!str",
            Self::Binary => "!!binary",
        }
    }
}

/// Whether a plain scalar of this text would be read as anything but a string (null, boolean, number, date).
///
/// The emitter quotes such strings (helm-semantics 7.3).
pub fn resolves_to_non_string(text: &str) -> bool {
    resolve_untagged(text, true) != Resolved::String
}

/// The meaning of a plain scalar without a tag.
pub fn resolve_plain(text: &str) -> Resolved {
    resolve_untagged(text, true)
}

/// The meaning of a scalar with an explicit (full) tag.
///
/// Err holds goyaml's text: ``cannot decode !!str `x` as a !!int``. Tags that YAML does not define, `!` among them,
/// give strings.
pub fn resolve_tagged(tag: &str, text: &str) -> Result<Resolved, String> {
    let wanted = match tag.strip_prefix(YAML_NAMESPACE) {
        Some("binary") => return Ok(Resolved::Binary),
        Some(name @ ("bool" | "int" | "float" | "null" | "timestamp")) => name,
        _ => return Ok(Resolved::String),
    };
    let resolved = match (wanted, resolve_untagged(text, wanted == "timestamp")) {
        ("float", Resolved::Int(value)) => Resolved::Float(value as f64),
        (_, resolved) => resolved,
    };
    if &resolved.short_tag()[2..] == wanted {
        return Ok(resolved);
    }
    Err(format!(
        "cannot decode {} `{text}` as a !!{wanted}",
        resolved.short_tag()
    ))
}

/// Whether a full tag is YAML's merge tag (`!!merge`).
pub(super) fn is_merge_tag(tag: &str) -> bool {
    tag.strip_prefix(YAML_NAMESPACE) == Some("merge")
}

fn resolve_untagged(text: &str, dates: bool) -> Resolved {
    let Some(&first) = text.as_bytes().first() else {
        return Resolved::Null;
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            resolve_word(text)
        }
        b'.' => resolve_dotted(text),
        b'+' | b'-' | b'0'..=b'9' => resolve_number(text, dates),
        _ => Resolved::String,
    }
}

fn resolve_word(text: &str) -> Resolved {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Resolved::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Resolved::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        _ => Resolved::String,
    }
}

/// Texts that begin with a dot: special floats, and Go's floats, which allow `_` between digits.
fn resolve_dotted(text: &str) -> Resolved {
    match text {
        ".nan" | ".NaN" | ".NAN" => return Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" => return Resolved::Float(f64::INFINITY),
        _ => {}
    }
    if !underscores_separate_digits(text) {
        return Resolved::String;
    }
    parse_float(&text.replace('_', "")).map_or(Resolved::String, Resolved::Float)
}

fn underscores_separate_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'_')
        .all(|(at, _)| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)))
}

fn resolve_number(text: &str, dates: bool) -> Resolved {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    if dates && is_timestamp(text) {
        return Resolved::Timestamp;
    }
    let digits = if text.contains('_') {
        &text.replace('_', "")
    } else {
        text
    };
    if let Some(value) = parse_int(digits) {
        return Resolved::Int(value);
    }
    if let Some(value) = parse_uint(digits) {
        return Resolved::Uint(value);
    }
    if let Some(value) = parse_float(digits) {
        return Resolved::Float(value);
    }
    resolve_doubly_signed_binary(digits)
}

/// goyaml reads `0b` texts a second time without their prefix, which lets `0b-1` and `0b+1` through.
fn resolve_doubly_signed_binary(digits: &str) -> Resolved {
    let Some(rest) = digits.strip_prefix("0b") else {
        return Resolved::String;
    };
    let is_binary = rest
        .strip_prefix(['+', '-'])
        .is_some_and(|bits| radix_digits(bits, 2));
    match i64::from_str_radix(rest, 2) {
        Ok(value) if is_binary => Resolved::Int(value),
        _ => Resolved::String,
    }
}

/// Go's `ParseInt(text, 0, 64)` on text without underscores.
fn parse_int(text: &str) -> Option<i64> {
    let (negative, magnitude) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let value = i128::from(parse_uint(magnitude)?);
    i64::try_from(if negative { -value } else { value }).ok()
}

/// Go's `ParseUint(text, 0, 64)` on text without underscores: prefixes choose the base, a plain `0` octal.
fn parse_uint(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let (digits, radix) = match bytes {
        [b'0', b'b' | b'B', _, ..] => (&text[2..], 2),
        [b'0', b'o' | b'O', _, ..] => (&text[2..], 8),
        [b'0', b'x' | b'X', _, ..] => (&text[2..], 16),
        [b'0', _, ..] => (&text[1..], 8),
        _ => (text, 10),
    };
    if !radix_digits(digits, radix) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

/// Only digits, and at least one: the standard parser would take a sign.
fn radix_digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|digit| digit.is_digit(radix))
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` within the range of a double.
fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits =
        all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    if !mantissa_fits || !exponent_fits {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_goyaml_makes_of_them() {
        let cases: &[(&str, Resolved)] = &[
            ("", Resolved::Null),
            ("~", Resolved::Null),
            ("Null", Resolved::Null),
            ("nUll", Resolved::String),
            ("y", Resolved::Bool(true)),
            ("Off", Resolved::Bool(false)),
            ("tRue", Resolved::String),
            ("0", Resolved::Int(0)),
            ("-0", Resolved::Int(0)),
            ("010", Resolved::Int(8)),
            ("0o10", Resolved::Int(8)),
            ("0x1F", Resolved::Int(31)),
            ("0b11", Resolved::Int(3)),
            ("-0b11", Resolved::Int(-3)),
            ("0b-1", Resolved::Int(-1)),
            ("0b", Resolved::String),
            ("0x", Resolved::String),
            ("+5", Resolved::Int(5)),
            ("+-5", Resolved::String),
            ("1__0", Resolved::Int(10)),
            ("1_", Resolved::Int(1)),
            ("_1", Resolved::String),
            ("08", Resolved::Float(8.0)),
            ("1.", Resolved::Float(1.0)),
            (".5e1", Resolved::Float(5.0)),
            (".5_5", Resolved::Float(0.55)),
            ("._5", Resolved::String),
            (".", Resolved::String),
            ("1e3", Resolved::Float(1000.0)),
            ("1e", Resolved::String),
            ("1e1000", Resolved::String),
            ("inf", Resolved::String),
            ("-.INF", Resolved::Float(f64::NEG_INFINITY)),
            ("9223372036854775807", Resolved::Int(i64::MAX)),
            ("9223372036854775808", Resolved::Uint(1 << 63)),
            ("-9223372036854775808", Resolved::Int(i64::MIN)),
            (
                "18446744073709551616",
                Resolved::Float(18_446_744_073_709_551_616.0),
            ),
            ("1:20", Resolved::String),
            ("2001-01-01", Resolved::Timestamp),
            ("<<", Resolved::String),
            ("=", Resolved::String),
        ];
        for (text, expected) in cases {
            assert_eq!(resolve_plain(text), *expected, "{text}");
        }
    }

    #[test]
    fn tags_force_a_type_or_fail() {
        let resolve = |tag: &str, text| resolve_tagged(&format!("{YAML_NAMESPACE}{tag}"), text);
        assert_eq!(resolve("str", "5"), Ok(Resolved::String));
        assert_eq!(resolve("int", "5"), Ok(Resolved::Int(5)));
        assert_eq!(resolve("float", "1"), Ok(Resolved::Float(1.0)));
        assert_eq!(
            resolve("int", "x").unwrap_err(),
            "cannot decode !!str `x` as a !!int"
        );
        assert_eq!(
            resolve("int", "1.5").unwrap_err(),
            "cannot decode !!float `1.5` as a !!int"
        );
        assert_eq!(
            resolve("float", "2001-01-01").unwrap_err(),
            "cannot decode !!str `2001-01-01` as a !!float"
        );
        assert_eq!(resolve_tagged("!", "5"), Ok(Resolved::String));
        assert_eq!(resolve_tagged("!local", "5"), Ok(Resolved::String));
    }

    #[test]
    fn strings_that_look_like_something_else_need_quotes() {
        for text in ["", "y", "1", "1e3", ".nan", "2001-1-1", "0_1"] {
            assert!(resolves_to_non_string(text), "{text}");
        }
        for text in ["yEs", "1.2.3", "1:60", "0o8", "NaN", "<<", "2001-01"] {
            assert!(!resolves_to_non_string(text), "{text}");
        }
    }
}
