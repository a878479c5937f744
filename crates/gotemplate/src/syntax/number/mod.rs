//! Numeric constants: Go's literals, read into every type that can hold the value.

mod float;

use super::ast::Number;
use super::quote::{INVALID_SYNTAX, literal_char, quote};
use float::{FloatError, parse_float};

/// 2^63 and 2^64, the first floats beyond `i64` and `u64`.
const INT_LIMIT: f64 = 9_223_372_036_854_775_808.0;
const UINT_LIMIT: f64 = 18_446_744_073_709_551_616.0;

/// A character constant, which is the integer of its code point. The error is Go's text.
pub(super) fn parse_char(literal: &[u8]) -> Result<Number, String> {
    let inner = literal.get(1..).unwrap_or_default();
    let found = literal_char(inner, b'\'').ok_or(INVALID_SYNTAX)?;
    if inner.get(found.length..) != Some(b"'".as_slice()) {
        let written = String::from_utf8_lossy(literal);
        return Err(format!("malformed character constant: {written}"));
    }
    Ok(Number {
        is_int: true,
        is_uint: true,
        is_float: true,
        int: found.value.into(),
        uint: found.value.into(),
        float: found.value.into(),
        ..empty(literal)
    })
}

/// A plain number, possibly imaginary. The error is Go's text.
pub(super) fn parse_number(literal: &[u8]) -> Result<Number, String> {
    let mut number = empty(literal);
    if let Some(Ok(imag)) = literal.strip_suffix(b"i").map(parse_float) {
        number.imag = imag;
        simplify_complex(&mut number);
        return Ok(number);
    }
    read_integers(&mut number, literal);
    if number.is_int {
        number.is_float = true;
        number.float = number.int as f64;
    } else if number.is_uint {
        number.is_float = true;
        number.float = number.uint as f64;
    } else if let Ok(float) = parse_float(literal) {
        // Looks like an integer, but no integer type holds it (or it is a bad octal number such as 08).
        if !literal.iter().any(|byte| b".eEpP".contains(byte)) {
            return Err(format!("integer overflow: {}", quote(literal)));
        }
        set_float(&mut number, float);
    } else {
        return Err(format!("illegal number syntax: {}", quote(literal)));
    }
    Ok(number)
}

/// A complex number of two parts. The error is Go's text, which comes from its scanner.
pub(super) fn parse_complex(literal: &[u8]) -> Result<Number, String> {
    const MALFORMED: &str = "syntax error scanning complex number";
    let (real, rest) = literal.split_at(float_length(literal));
    if !matches!(rest.first(), Some(b'+' | b'-')) {
        return Err(MALFORMED.into());
    }
    let (imag, rest) = rest.split_at(float_length(rest));
    if rest.first() != Some(&b'i') {
        return Err(MALFORMED.into());
    }
    let mut number = empty(literal);
    number.real = parse_part(real)?;
    number.imag = parse_part(imag)?;
    simplify_complex(&mut number);
    Ok(number)
}

fn empty(literal: &[u8]) -> Number {
    Number {
        is_int: false,
        is_uint: false,
        is_float: false,
        is_complex: false,
        int: 0,
        uint: 0,
        float: 0.0,
        real: 0.0,
        imag: 0.0,
        text: String::from_utf8_lossy(literal).into(),
    }
}

fn read_integers(number: &mut Number, literal: &[u8]) {
    if let Some(value) = parse_uint(literal) {
        number.is_uint = true;
        number.uint = value;
    }
    let (negative, digits) = split_sign(literal);
    let Some(magnitude) = parse_uint(digits).map(i128::from) else {
        return;
    };
    if let Ok(value) = i64::try_from(if negative { -magnitude } else { magnitude }) {
        number.is_int = true;
        number.int = value;
        // Minus zero has a sign and is unsigned all the same.
        number.is_uint |= value == 0;
    }
}

/// Integer types take part only if the float has an integral value that fits.
fn set_float(number: &mut Number, float: f64) {
    number.is_float = true;
    number.float = float;
    let integral = float.trunc() == float;
    number.is_int = integral && (-INT_LIMIT..INT_LIMIT).contains(&float);
    number.int = if number.is_int { float as i64 } else { 0 };
    number.is_uint = integral && (0.0..UINT_LIMIT).contains(&float);
    number.uint = if number.is_uint { float as u64 } else { 0 };
}

fn simplify_complex(number: &mut Number) {
    number.is_complex = true;
    if number.imag == 0.0 {
        let real = number.real;
        set_float(number, real);
    }
}

/// A part of a complex number, with the error text of `strconv`.
fn parse_part(text: &[u8]) -> Result<f64, String> {
    parse_float(text).map_err(|error| {
        let reason = match error {
            FloatError::Syntax => INVALID_SYNTAX,
            FloatError::Range => "value out of range",
        };
        format!("strconv.ParseFloat: parsing {}: {reason}", quote(text))
    })
}

/// How much of the text Go's scanner takes for a float.
fn float_length(text: &[u8]) -> usize {
    let byte = |at: usize| text.get(at).copied().unwrap_or_default();
    let skip = |from: usize, hex: bool| {
        let is_digit = |byte: &u8| {
            *byte == b'_'
                || if hex {
                    byte.is_ascii_hexdigit()
                } else {
                    byte.is_ascii_digit()
                }
        };
        from + text
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|&byte| is_digit(byte))
            .count()
    };
    let mut at = usize::from(matches!(byte(0), b'+' | b'-'));
    // The scanner takes an `i` here for the beginning of `Inf` and does not give it back.
    at += usize::from(byte(at) == b'i');
    let hex = byte(at) == b'0' && matches!(byte(at + 1), b'x' | b'X');
    at = skip(if hex { at + 2 } else { at }, hex);
    if byte(at) == b'.' {
        at = skip(at + 1, hex);
    }
    if matches!((hex, byte(at)), (false, b'e' | b'E') | (_, b'p' | b'P')) {
        at += 1;
        at = skip(at + usize::from(matches!(byte(at), b'+' | b'-')), false);
    }
    at
}

/// Go's `ParseUint` with base 0: prefixes choose the base, underscores may separate digits.
fn parse_uint(text: &[u8]) -> Option<u64> {
    let (radix, digits) = match text {
        [b'0', b'x' | b'X', digits @ ..] if !digits.is_empty() => (16, digits),
        [b'0', b'o' | b'O', digits @ ..] if !digits.is_empty() => (8, digits),
        [b'0', b'b' | b'B', digits @ ..] if !digits.is_empty() => (2, digits),
        [b'0', digits @ ..] => (8, digits),
        [] => return None,
        digits => (10, digits),
    };
    let mut value: u64 = 0;
    for &digit in digits.iter().filter(|&&digit| digit != b'_') {
        let digit = char::from(digit).to_digit(radix)?;
        value = value.checked_mul(radix.into())?.checked_add(digit.into())?;
    }
    underscores_separate_digits(text).then_some(value)
}

/// Underscores may stand only between digits, or between a base prefix and a digit.
fn underscores_separate_digits(text: &[u8]) -> bool {
    let (_, text) = split_sign(text);
    let (hex, prefixed) = match text {
        [b'0', b'x' | b'X', ..] => (true, true),
        [b'0', b'o' | b'O' | b'b' | b'B', ..] => (false, true),
        _ => (false, false),
    };
    let mut before_is_digit = prefixed;
    let mut before_is_underscore = false;
    for &byte in text.get(if prefixed { 2 } else { 0 }..).unwrap_or_default() {
        let is_digit = byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit();
        let is_underscore = byte == b'_';
        if is_underscore && !before_is_digit || before_is_underscore && !is_digit {
            return false;
        }
        (before_is_digit, before_is_underscore) = (is_digit, is_underscore);
    }
    !before_is_underscore
}

fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_char, parse_complex, parse_number};
    use crate::syntax::ast::Number;

    /// The types that can hold the number, with its value in each.
    fn show(number: &Number) -> String {
        let mut parts = Vec::new();
        parts.extend(number.is_int.then(|| format!("int {}", number.int)));
        parts.extend(number.is_uint.then(|| format!("uint {}", number.uint)));
        parts.extend(number.is_float.then(|| format!("float {:?}", number.float)));
        parts.extend(
            number
                .is_complex
                .then(|| format!("complex {:?} {:?}", number.real, number.imag)),
        );
        parts.join(", ")
    }

    #[test]
    fn numbers_are_held_by_every_type_that_fits() {
        let cases = [
            ("0", "int 0, uint 0, float 0.0"),
            ("-0", "int 0, uint 0, float 0.0"),
            ("+5", "int 5, float 5.0"),
            ("017", "int 15, uint 15, float 15.0"),
            ("0x_1F", "int 31, uint 31, float 31.0"),
            ("0b101", "int 5, uint 5, float 5.0"),
            ("1_000", "int 1000, uint 1000, float 1000.0"),
            (
                "9223372036854775807",
                "int 9223372036854775807, uint 9223372036854775807, float 9.223372036854776e18",
            ),
            (
                "-9223372036854775808",
                "int -9223372036854775808, float -9.223372036854776e18",
            ),
            (
                "9223372036854775808",
                "uint 9223372036854775808, float 9.223372036854776e18",
            ),
            ("1e3", "int 1000, uint 1000, float 1000.0"),
            ("-1e3", "int -1000, float -1000.0"),
            ("1e19", "uint 10000000000000000000, float 1e19"),
            ("1e20", "float 1e20"),
            (".5", "float 0.5"),
            ("5.", "int 5, uint 5, float 5.0"),
            ("1_0.2_5", "float 10.25"),
            ("0x1.8p1", "int 3, uint 3, float 3.0"),
            (
                "0x1p60",
                "int 1152921504606846976, uint 1152921504606846976, float 1.152921504606847e18",
            ),
            ("0x1p-1074", "float 5e-324"),
            ("0x0.8p-1074", "int 0, uint 0, float 0.0"),
            ("0x1.00000000000008p0", "int 1, uint 1, float 1.0"),
            ("0x1.000000000000081p0", "float 1.0000000000000002"),
            ("0x1.fffffffffffffp1023", "float 1.7976931348623157e308"),
            ("0i", "int 0, uint 0, float 0.0, complex 0.0 0.0"),
            ("2i", "complex 0.0 2.0"),
        ];
        for (literal, expected) in cases {
            assert_eq!(
                parse_number(literal.as_bytes()).as_ref().map(show),
                Ok(expected.into()),
                "{literal}"
            );
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for literal in [
            "", "-", "+.", "0x", "1__0", "1_", "1_.5", "1e", "0x1.8", "1e400", "0x1p1024", "0x1i",
            "0o8.1",
        ] {
            let expected = format!("illegal number syntax: \"{literal}\"");
            assert_eq!(parse_number(literal.as_bytes()), Err(expected));
        }
        for literal in ["08", "18446744073709551616", "-9223372036854775809"] {
            assert_eq!(
                parse_number(literal.as_bytes()),
                Err(format!("integer overflow: \"{literal}\""))
            );
        }
    }

    #[test]
    fn complex_numbers_without_imaginary_part_are_real() {
        let shown = |literal: &str| parse_complex(literal.as_bytes()).map(|number| show(&number));
        assert_eq!(shown("1.5-2i"), Ok("complex 1.5 -2.0".into()));
        assert_eq!(
            shown("3+0i"),
            Ok("int 3, uint 3, float 3.0, complex 3.0 0.0".into())
        );
        assert_eq!(
            shown("1i+2i"),
            Err("syntax error scanning complex number".into())
        );
    }

    #[test]
    fn character_constants_are_code_points() {
        let shown = |literal: &str| parse_char(literal.as_bytes()).map(|number| show(&number));
        assert_eq!(shown("'a'"), Ok("int 97, uint 97, float 97.0".into()));
        assert_eq!(shown(r"'\n'"), Ok("int 10, uint 10, float 10.0".into()));
        assert_eq!(shown(r"'\''"), Ok("int 39, uint 39, float 39.0".into()));
        assert_eq!(
            shown("'世'"),
            Ok("int 19990, uint 19990, float 19990.0".into())
        );
        assert_eq!(
            shown("'ab'"),
            Err("malformed character constant: 'ab'".into())
        );
    }
}
