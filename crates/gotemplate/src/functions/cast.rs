//! How Go code turns "anything" into a number: the conversions of the Go library spf13/cast.
//!
//! Failures are silent and give 0, as sprig's `int`, `add`, `floor` and all the others show them.

use crate::value::{Str, Val};
use yaml::number::{NumberError, parse_float, parse_int};

/// `cast.ToInt64` (and `cast.ToInt`: both are 64 bits wide).
pub(crate) fn to_int64(val: &Val) -> i64 {
    match val {
        Val::Bool(value) => i64::from(*value),
        Val::Int(value) | Val::Int64(value) => *value,
        Val::Uint8(value) => i64::from(*value),
        Val::Uint64(value) => value.cast_signed(),
        Val::Float(value) => truncate(*value),
        Val::Str(text) => parse_int(without_zero_fraction(utf8(text)), 0).unwrap_or(0),
        _ => 0,
    }
}

/// `cast.ToFloat64`.
pub(crate) fn to_float64(val: &Val) -> f64 {
    match val {
        Val::Bool(value) => f64::from(u8::from(*value)),
        Val::Int(value) | Val::Int64(value) => *value as f64,
        Val::Uint8(value) => f64::from(*value),
        Val::Uint64(value) => *value as f64,
        Val::Float(value) => *value,
        Val::Str(text) => parse_float(utf8(text)).unwrap_or(0.0),
        _ => 0.0,
    }
}

/// `strconv.Atoi` without its error: 0 for what is no number, the nearest integer for what is too large.
pub(crate) fn atoi(text: &Str) -> i64 {
    match parse_int(utf8(text), 10) {
        Ok(value) => value,
        Err(NumberError::Syntax) => 0,
        Err(NumberError::Range) if text.bytes().starts_with(b"-") => i64::MIN,
        Err(NumberError::Range) => i64::MAX,
    }
}

/// Text that is no UTF-8 is no number either.
fn utf8(text: &Str) -> &str {
    std::str::from_utf8(text.bytes()).unwrap_or_default()
}

/// What amd64's conversion instruction gives: everything out of range, and NaN, is the smallest integer.
fn truncate(value: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&value) {
        value as i64
    } else {
        i64::MIN
    }
}

/// `12.00` counts as `12`: a fraction of zeros, at least one, is cut.
fn without_zero_fraction(text: &str) -> &str {
    let whole = text.trim_end_matches('0');
    if whole.len() == text.len() {
        text
    } else {
        whole.strip_suffix('.').unwrap_or(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_read_as_go_reads_them() {
        let cases = [
            ("12", 12),
            ("12.00", 12),
            ("1.9", 0),
            ("0x1f", 31),
            ("017", 15),
            ("08", 0),
            ("0b11", 3),
            ("0o755", 493),
            ("1_000", 1000),
            ("+5", 5),
            (" 5", 0),
            ("abc", 0),
            ("", 0),
            ("1e3", 0),
            ("-0x10", -16),
            ("-5.0", -5),
            ("5.", 0),
            (".0", 0),
            ("100", 100),
            ("100.000", 100),
            ("0x_1f", 31),
            ("0_7", 7),
            ("_1", 0),
            ("1_", 0),
            ("1__0", 0),
            ("9223372036854775808", 0),
            ("-9223372036854775808", i64::MIN),
            ("0x", 0),
            ("-", 0),
            ("0", 0),
            ("00", 0),
            ("0.0", 0),
            ("1..0", 0),
            ("1.0.0", 0),
        ];
        for (text, expected) in cases {
            assert_eq!(to_int64(&Val::string(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn floats_read_as_go_reads_them() {
        let cases = [
            ("1.5", 1.5),
            ("1e3", 1000.0),
            ("abc", 0.0),
            ("1_0", 10.0),
            ("0x10", 0.0),
            (" 1", 0.0),
            (".5", 0.5),
            ("5.", 5.0),
            (".", 0.0),
            ("1e", 0.0),
            ("1e999", 0.0),
            ("1e-999", 0.0),
            ("0x1.8p1", 3.0),
            ("+nan", 0.0),
            ("infinity", f64::INFINITY),
            ("-Inf", f64::NEG_INFINITY),
        ];
        for (text, expected) in cases {
            assert_eq!(to_float64(&Val::string(text)), expected, "{text:?}");
        }
        assert_eq!(to_float64(&Val::string(b"\xff")), 0.0);
        assert!(to_float64(&Val::string("NaN")).is_nan());
    }

    #[test]
    fn floats_out_of_range_are_the_smallest_integer() {
        for value in [1e30, -1e30, f64::NAN, f64::INFINITY, 9.3e18] {
            assert_eq!(to_int64(&Val::Float(value)), i64::MIN, "{value}");
        }
        assert_eq!(to_int64(&Val::Float(-1.9)), -1);
    }

    #[test]
    fn atoi_clamps_what_is_too_large() {
        for (text, expected) in [
            ("99999999999999999999", i64::MAX),
            ("-99999999999999999999", i64::MIN),
            ("1_0", 0),
            ("+5", 5),
            ("012", 12),
        ] {
            assert_eq!(atoi(&Str::from(text)), expected, "{text}");
        }
    }
}
