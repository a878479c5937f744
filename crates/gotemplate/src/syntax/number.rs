//! Numeric constants: Go's literals, read into every type that can hold the value.

use super::ast::Number;
use super::quote::{INVALID_SYNTAX, literal_char, quote};

/// Why a text is no float.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum FloatError {
    Syntax,
    Range,
}

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
    let Some(magnitude) = parse_uint(digits).map(i128::from) else { return };
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
        let is_digit = |byte: &u8| *byte == b'_' || if hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() };
        from + text.get(from..).unwrap_or_default().iter().take_while(|&byte| is_digit(byte)).count()
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

/// Go's `ParseFloat` for what the lexer lets through: decimal and hexadecimal floats, no names.
fn parse_float(text: &[u8]) -> Result<f64, FloatError> {
    if !underscores_separate_digits(text) {
        return Err(FloatError::Syntax);
    }
    let plain: String = text.iter().filter(|&&byte| byte != b'_').map(|&byte| char::from(byte)).collect();
    let (negative, magnitude) = split_sign(plain.as_bytes());
    let float = match magnitude {
        [b'0', b'x' | b'X', digits @ ..] if !digits.is_empty() => parse_hex_float(digits)?,
        [b'0'..=b'9' | b'.', ..] => {
            std::str::from_utf8(magnitude).ok().and_then(|text| text.parse().ok()).ok_or(FloatError::Syntax)?
        }
        _ => return Err(FloatError::Syntax),
    };
    if float == f64::INFINITY {
        return Err(FloatError::Range);
    }
    Ok(if negative { -float } else { float })
}

/// A hexadecimal float without sign and prefix; its exponent of two is mandatory.
fn parse_hex_float(text: &[u8]) -> Result<f64, FloatError> {
    let split = text.iter().position(|byte| matches!(byte, b'p' | b'P')).ok_or(FloatError::Syntax)?;
    let (digits, exponent) = (&text[..split], &text[split + 1..]);
    let mut exponent = parse_exponent(exponent).ok_or(FloatError::Syntax)?;
    let (mut mantissa, mut sticky) = (0_u64, false);
    let (mut seen_dot, mut seen_digit) = (false, false);
    for &byte in digits {
        if byte == b'.' && !seen_dot {
            seen_dot = true;
            continue;
        }
        let digit = char::from(byte).to_digit(16).ok_or(FloatError::Syntax)?;
        seen_digit = true;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
            exponent -= if seen_dot { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            exponent += if seen_dot { 0 } else { 4 };
        }
    }
    if seen_digit { Ok(round_to_float(mantissa, sticky, exponent)) } else { Err(FloatError::Syntax) }
}

/// An exponent with its sign; huge ones are cut, which changes no result.
fn parse_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = split_sign(text);
    if !digits.first()?.is_ascii_digit() {
        return None;
    }
    let mut value: i64 = 0;
    for &digit in digits {
        let digit = char::from(digit).to_digit(10)?;
        if value < 10_000 {
            value = value * 10 + i64::from(digit);
        }
    }
    Some(if negative { -value } else { value })
}

/// `mantissa` × 2^`exponent`, rounded to the nearest float and half to even; infinity if it is too large.
/// `sticky`: the true value is a little larger.
fn round_to_float(mantissa: u64, sticky: bool, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let shift = mantissa.leading_zeros();
    let mantissa = mantissa << shift;
    // The value is 1.… × 2^power.
    let power = exponent - i64::from(shift) + 63;
    let dropped = 11 + (-1022 - power).clamp(0, 54);
    let kept = u128::from(mantissa) >> dropped;
    let rest = u128::from(mantissa) & ((1 << dropped) - 1);
    let half = 1_u128 << (dropped - 1);
    let up = rest > half || rest == half && (sticky || kept & 1 == 1);
    let rounded = u64::try_from(kept).unwrap_or_default() + u64::from(up);
    // A normal number's leading bit lands in the exponent field, as does a carry.
    let biased = u64::try_from((power + 1022).max(0)).unwrap_or_default();
    if biased >= 2046 {
        return f64::INFINITY;
    }
    f64::from_bits((biased << 52) + rounded)
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
