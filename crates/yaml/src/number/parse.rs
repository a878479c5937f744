//! Texts to numbers, as Go's `strconv` reads them.

use std::error::Error;
use std::fmt;

/// Why a text is no number. `Display` gives the end of Go's message (`strconv.ParseInt: parsing "x": …`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    Syntax,
    Range,
}

impl fmt::Display for NumberError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Syntax => "invalid syntax",
            Self::Range => "value out of range",
        })
    }
}

impl Error for NumberError {}

/// `strconv.ParseFloat(text, 64)`: decimal and hexadecimal floats of Go's grammar, `inf`, `infinity` and `nan` in any
/// case. Underscores must stand between digits.
///
/// # Errors
/// `Range` where the value would be infinite (too small ones become 0).
pub fn parse_float(text: &str) -> Result<f64, NumberError> {
    if let Some(value) = special(text) {
        return Ok(value);
    }
    let (negative, unsigned) = cut_sign(text);
    let value = match strip_prefix_ignoring_case(unsigned, "0x") {
        Some(hexadecimal) if !hexadecimal.is_empty() => parse_hexadecimal(hexadecimal, unsigned)?,
        _ => parse_decimal(unsigned)?,
    };
    if value.is_infinite() {
        return Err(NumberError::Range);
    }
    Ok(if negative { -value } else { value })
}

/// `strconv.ParseInt(text, base, 64)`. Base 0 takes the base from the prefix (`0x`, `0o`, `0b`, plain `0` for octal)
/// and lets underscores stand between digits; other bases are 2 to 36.
///
/// # Errors
/// `Syntax` for what is no number (or base), `Range` for what does not fit.
pub fn parse_int(text: &str, base: u32) -> Result<i64, NumberError> {
    let (negative, unsigned) = cut_sign(text);
    let magnitude = i128::from(parse_uint(unsigned, base)?);
    let value = if negative { -magnitude } else { magnitude };
    i64::try_from(value).map_err(|_| NumberError::Range)
}

/// `strconv.ParseUint(text, base, 64)`: as [`parse_int`], without a sign.
///
/// # Errors
/// As [`parse_int`].
pub fn parse_uint(text: &str, base: u32) -> Result<u64, NumberError> {
    let (digits, radix) = match base {
        0 => base_of(text),
        2..=36 => (text, base),
        _ => return Err(NumberError::Syntax),
    };
    // `0` alone is a digit, not a prefix with nothing behind it.
    if text.is_empty() || (digits.is_empty() && text != "0") {
        return Err(NumberError::Syntax);
    }
    let mut value = 0u64;
    for byte in digits.bytes().filter(|&byte| base != 0 || byte != b'_') {
        let digit = char::from(byte)
            .to_digit(radix)
            .ok_or(NumberError::Syntax)?;
        let grown = value
            .checked_mul(u64::from(radix))
            .and_then(|grown| grown.checked_add(u64::from(digit)));
        value = grown.ok_or(NumberError::Range)?;
    }
    if base == 0 && !underscores_fit(text) {
        return Err(NumberError::Syntax);
    }
    Ok(value)
}

/// Cuts the prefix that says the base. A prefix needs something behind it: `0x` is an octal number with a bad digit.
fn base_of(text: &str) -> (&str, u32) {
    let Some(rest) = text.strip_prefix('0') else {
        return (text, 10);
    };
    let radix = match rest.bytes().next() {
        Some(b'b' | b'B') if rest.len() > 1 => 2,
        Some(b'o' | b'O') if rest.len() > 1 => 8,
        Some(b'x' | b'X') if rest.len() > 1 => 16,
        _ => return (rest, 8),
    };
    (&rest[1..], radix)
}

/// Whether each underscore of a number stands between digits; a prefix counts as a digit.
fn underscores_fit(text: &str) -> bool {
    let is_hexadecimal = strip_prefix_ignoring_case(text, "0x").is_some();
    let prefixed = ["0x", "0o", "0b"]
        .iter()
        .find_map(|prefix| strip_prefix_ignoring_case(text, prefix));
    let mut after_digit = prefixed.is_some();
    let mut after_underscore = false;
    for byte in prefixed.unwrap_or(text).bytes() {
        let is_digit = byte.is_ascii_digit() || (is_hexadecimal && byte.is_ascii_hexdigit());
        let fits = match byte {
            b'_' => after_digit,
            _ => is_digit || !after_underscore,
        };
        if !fits {
            return false;
        }
        after_digit = is_digit;
        after_underscore = byte == b'_';
    }
    !after_underscore
}

/// `inf`, `infinity`, both with or without a sign, and `nan`, without.
fn special(text: &str) -> Option<f64> {
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    let (negative, unsigned) = cut_sign(text);
    let infinite = ["inf", "infinity"]
        .iter()
        .any(|word| unsigned.eq_ignore_ascii_case(word));
    infinite.then_some(if negative {
        f64::NEG_INFINITY
    } else {
        f64::INFINITY
    })
}

/// A decimal float without a sign; the standard library rounds it, but takes other texts.
fn parse_decimal(text: &str) -> Result<f64, NumberError> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let is_mantissa = is_number(mantissa, |byte| byte.is_ascii_digit());
    if !is_mantissa || !exponent.is_none_or(is_exponent) || !underscores_fit(text) {
        return Err(NumberError::Syntax);
    }
    let plain = if text.contains('_') {
        &text.replace('_', "")
    } else {
        text
    };
    plain.parse().map_err(|_| NumberError::Syntax)
}

/// A hexadecimal float behind its `0x`. The exponent (of 2) must be there.
fn parse_hexadecimal(text: &str, prefixed: &str) -> Result<f64, NumberError> {
    let at = text.find(['p', 'P']).ok_or(NumberError::Syntax)?;
    let (mantissa, exponent) = (&text[..at], &text[at + 1..]);
    let is_mantissa = is_number(mantissa, |byte| byte.is_ascii_hexdigit());
    if !is_mantissa || !is_exponent(exponent) || !underscores_fit(prefixed) {
        return Err(NumberError::Syntax);
    }
    let mut significant = Significant::default();
    for byte in mantissa.bytes() {
        match char::from(byte).to_digit(16) {
            Some(digit) => significant.push(u64::from(digit)),
            None => significant.after_point |= byte == b'.',
        }
    }
    Ok(significant.scaled(saturating_exponent(exponent)))
}

/// The leading 64 bits of a hexadecimal mantissa.
#[derive(Debug, Default)]
struct Significant {
    bits: u64,
    /// The power of 2 that the bits are to be multiplied with.
    exponent: i64,
    /// Whether something other than zero was cut off.
    sticky: bool,
    after_point: bool,
}

impl Significant {
    fn push(&mut self, digit: u64) {
        let fits = self.bits >> 60 == 0;
        if fits {
            self.bits = self.bits << 4 | digit;
        } else {
            self.sticky |= digit != 0;
        }
        match (fits, self.after_point) {
            (true, true) => self.exponent -= 4,
            (false, false) => self.exponent += 4,
            _ => {}
        }
    }

    /// The double that is nearest, ties to even; infinite if there is none.
    fn scaled(&self, exponent: i64) -> f64 {
        if self.bits == 0 {
            return 0.0;
        }
        let shift = self.bits.leading_zeros();
        let bits = self.bits << shift;
        // The value lies between 2^top and 2^(top + 1).
        let top = self.exponent.saturating_add(exponent) - i64::from(shift) + 63;
        // Below the normal range there are fewer bits to keep, down to none.
        let kept = 53.min(53 + 1022 + top);
        if top > 1023 {
            return f64::INFINITY;
        }
        if kept < 0 {
            return 0.0;
        }
        let dropped = (64 - kept) as u32;
        let mantissa = bits.checked_shr(dropped).unwrap_or(0);
        let rest = bits - mantissa.checked_shl(dropped).unwrap_or(0);
        let half = 1u64 << (dropped - 1);
        let up = rest > half || (rest == half && (self.sticky || mantissa % 2 == 1));
        (mantissa + u64::from(up)) as f64 * power_of_two(top - kept + 1)
    }
}

/// 2^exponent for exponents from -1074 to 1023.
fn power_of_two(exponent: i64) -> f64 {
    let raw = if exponent >= -1022 {
        (exponent + 1023) << 52
    } else {
        1 << (exponent + 1074)
    };
    f64::from_bits(raw as u64)
}

/// Digits with at most one point and at least one digit; underscores are judged elsewhere.
fn is_number(text: &str, is_digit: fn(&u8) -> bool) -> bool {
    let points = text.bytes().filter(|&byte| byte == b'.').count();
    let digits = text.as_bytes().iter().filter(|byte| is_digit(byte)).count();
    let underscores = text.bytes().filter(|&byte| byte == b'_').count();
    points <= 1 && digits > 0 && points + digits + underscores == text.len()
}

/// A sign or none, then a digit, then digits and underscores.
fn is_exponent(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
    digits.first().is_some_and(u8::is_ascii_digit)
        && digits
            .iter()
            .all(|&byte| byte.is_ascii_digit() || byte == b'_')
}

/// An exponent, or one that is large enough to give the same result.
fn saturating_exponent(text: &str) -> i64 {
    const LARGE: i64 = 1 << 40;
    let (negative, digits) = cut_sign(text);
    let grow = |value: i64, byte: u8| (value * 10 + i64::from(byte - b'0')).min(LARGE);
    let value = digits.bytes().filter(u8::is_ascii_digit).fold(0, grow);
    if negative { -value } else { value }
}

/// One sign, and what follows it.
fn cut_sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}
