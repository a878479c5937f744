//! Text to float, as Go's `strconv` reads it.

use super::{split_sign, underscores_separate_digits};

/// Why a text is no float.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FloatError {
    Syntax,
    Range,
}

/// Go's `ParseFloat` for what the lexer lets through: decimal and hexadecimal floats, no names.
pub(super) fn parse_float(text: &[u8]) -> Result<f64, FloatError> {
    if !underscores_separate_digits(text) {
        return Err(FloatError::Syntax);
    }
    let plain: String = text
        .iter()
        .filter(|&&byte| byte != b'_')
        .map(|&byte| char::from(byte))
        .collect();
    let (negative, magnitude) = split_sign(plain.as_bytes());
    let float = match magnitude {
        [b'0', b'x' | b'X', digits @ ..] if !digits.is_empty() => parse_hex_float(digits)?,
        [b'0'..=b'9' | b'.', ..] => std::str::from_utf8(magnitude)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or(FloatError::Syntax)?,
        _ => return Err(FloatError::Syntax),
    };
    if float == f64::INFINITY {
        return Err(FloatError::Range);
    }
    Ok(if negative { -float } else { float })
}

/// A hexadecimal float without sign and prefix; its exponent of two is mandatory.
fn parse_hex_float(text: &[u8]) -> Result<f64, FloatError> {
    let split = text
        .iter()
        .position(|byte| matches!(byte, b'p' | b'P'))
        .ok_or(FloatError::Syntax)?;
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
    if seen_digit {
        Ok(round_to_float(mantissa, sticky, exponent))
    } else {
        Err(FloatError::Syntax)
    }
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
