//! Floats to text, as Go's `strconv.FormatFloat` writes them.

use super::digits::Decimal;
use std::fmt::Write as _;

/// The exponent from which the shortest `%g` uses the exponential form.
const SHORTEST_G_EXPONENT: i32 = 6;
/// No double has more digits after the point than this.
const MOST_PLACES: usize = 1074;

/// A verb of `printf` for floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `e` and `E`: `1.5e+06`.
    Exponent { upper: bool },
    /// `f` and `F`: `1500000`.
    Fixed,
    /// `g` and `G`: the exponential form for exponents below -4, or from the precision on.
    General { upper: bool },
    /// `b`: a binary exponent, `6755399441055744p-52`.
    Binary,
    /// `x` and `X`: `0x1.8p+00`.
    Hexadecimal { upper: bool },
}

impl Verb {
    /// The verb of a letter; None if the letter is no verb for floats.
    pub fn from_letter(letter: char) -> Option<Self> {
        let upper = letter.is_ascii_uppercase();
        match letter {
            'e' | 'E' => Some(Self::Exponent { upper }),
            'f' | 'F' => Some(Self::Fixed),
            'g' | 'G' => Some(Self::General { upper }),
            'b' => Some(Self::Binary),
            'x' | 'X' => Some(Self::Hexadecimal { upper }),
            _ => None,
        }
    }
}

/// Go's `float32` or `float64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bits {
    Single,
    Double,
}

/// `%v` of a `float64`: the shortest `g`, which is exponential for exponents below -4 or from **6** on, hence the
/// `1e+06` of templates. Source: helm-semantics §5.9, checked against Go.
pub fn format_percent_v(value: f64) -> String {
    format_float(value, Verb::General { upper: false }, None, Bits::Double)
}

/// `%v` of a `float32`, which Helm applies to numbers where Chart.yaml wants a string (`appVersion: 1.10`).
pub fn format_percent_v_32(value: f64) -> String {
    format_float(value, Verb::General { upper: false }, None, Bits::Single)
}

/// A JSON number as `encoding/json` writes it: exponential only below 1e-6 and from 1e21 on, without zeros in front
/// of the exponent. None for NaN and the infinities, which JSON lacks.
pub fn format_json(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let magnitude = value.abs();
    let digits = Decimal::shortest(magnitude);
    let mut text = sign(value).to_owned();
    if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        digits.push_fixed(&mut text, places_of(&digits));
        return Some(text);
    }
    digits.push_exponential(&mut text, digits.digits.len() - 1, 'e');
    // Go pads exponents to two digits, and takes the padding away again for negative ones; positive ones that get
    // here have two digits anyway.
    if text.as_bytes()[text.len() - 4..].starts_with(b"e-0") {
        text.remove(text.len() - 2);
    }
    Some(text)
}

/// `strconv.FormatFloat`: without a precision the fewest digits that read back the same, otherwise so many digits
/// after the point (`e`, `f`, `x`) or in all (`g`), correctly rounded, ties to even. NaN, `+Inf` and `-Inf` are words.
pub fn format_float(value: f64, verb: Verb, precision: Option<usize>, bits: Bits) -> String {
    let value = match bits {
        Bits::Single => f64::from(value as f32),
        Bits::Double => value,
    };
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let mut out = sign(value).to_owned();
    let magnitude = value.abs();
    match verb {
        Verb::Exponent { upper } => push_exponent(&mut out, magnitude, precision, bits, upper),
        Verb::Fixed => push_fixed(&mut out, magnitude, precision, bits),
        Verb::General { upper } => push_general(&mut out, magnitude, precision, bits, upper),
        Verb::Binary => push_binary(&mut out, magnitude, bits),
        Verb::Hexadecimal { upper } => push_hexadecimal(&mut out, magnitude, precision, upper),
    }
    out
}

fn push_exponent(
    out: &mut String,
    magnitude: f64,
    precision: Option<usize>,
    bits: Bits,
    upper: bool,
) {
    let digits = match precision {
        None => shortest(magnitude, bits),
        Some(places) => Decimal::rounded(magnitude, places.saturating_add(1)),
    };
    let places = precision.unwrap_or(digits.digits.len().saturating_sub(1));
    digits.push_exponential(out, places, exponent_mark(upper));
}

fn push_fixed(out: &mut String, magnitude: f64, precision: Option<usize>, bits: Bits) {
    let Some(places) = precision else {
        let digits = shortest(magnitude, bits);
        return digits.push_fixed(out, places_of(&digits));
    };
    // Further places than exist are zeros, and Rust's formatting has a limit of its own.
    let exact = places.min(MOST_PLACES);
    out.push_str(&format!("{magnitude:.exact$}"));
    out.extend(std::iter::repeat_n('0', places - exact));
}

fn push_general(
    out: &mut String,
    magnitude: f64,
    precision: Option<usize>,
    bits: Bits,
    upper: bool,
) {
    let digits = match precision {
        None => shortest(magnitude, bits),
        Some(count) => Decimal::rounded(magnitude, count),
    };
    // Precisions beyond what an exponent can be are all the same here.
    let limit = precision.map_or(SHORTEST_G_EXPONENT, |count| {
        i32::try_from(count.max(1)).unwrap_or(i32::MAX)
    });
    if digits.exponent() < -4 || digits.exponent() >= limit {
        digits.push_exponential(out, digits.digits.len() - 1, exponent_mark(upper));
    } else {
        digits.push_fixed(out, places_of(&digits));
    }
}

fn push_binary(out: &mut String, magnitude: f64, bits: Bits) {
    let (mantissa, exponent) = match bits {
        Bits::Double => parts(magnitude.to_bits(), 52, 1023),
        Bits::Single => parts(u64::from((magnitude as f32).to_bits()), 23, 127),
    };
    out.push_str(&format!("{mantissa}p{exponent:+}"));
}

/// Hexadecimal digits with one binary digit before the point, rounded to even.
fn push_hexadecimal(out: &mut String, magnitude: f64, precision: Option<usize>, upper: bool) {
    /// Hexadecimal digits after the point of a double.
    const ALL: usize = 13;
    let (mut mantissa, mut exponent) = parts(magnitude.to_bits(), 52, 1023);
    if mantissa == 0 {
        exponent = -52;
    } else {
        let shift = mantissa.leading_zeros() - 11;
        mantissa <<= shift;
        exponent -= shift as i32;
    }
    if let Some(places) = precision.filter(|&places| places < ALL) {
        let dropped = 4 * (ALL - places);
        let kept = mantissa >> dropped;
        let rest = mantissa - (kept << dropped);
        let half = 1u64 << (dropped - 1);
        let up = rest > half || (rest == half && kept % 2 == 1);
        mantissa = (kept + u64::from(up)) << dropped;
        if mantissa >> 53 == 1 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let fraction = format!("{:013x}", mantissa & ((1 << 52) - 1));
    let mut text = format!("0x{}", mantissa >> 52);
    match precision {
        None => match fraction.trim_end_matches('0') {
            "" => {}
            fraction => text.push_str(&format!(".{fraction}")),
        },
        Some(0) => {}
        Some(places) => {
            text.push('.');
            text.push_str(&fraction[..places.min(ALL)]);
            text.extend(std::iter::repeat_n('0', places.saturating_sub(ALL)));
        }
    }
    let exponent = exponent + 52;
    let sign = if exponent < 0 { '-' } else { '+' };
    let written = write!(text, "p{sign}{:02}", exponent.unsigned_abs());
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
    out.push_str(&if upper {
        text.to_ascii_uppercase()
    } else {
        text
    });
}

/// An integer and a power of two whose product is the value.
fn parts(raw: u64, mantissa_bits: u32, bias: i32) -> (u64, i32) {
    let fraction = raw & ((1 << mantissa_bits) - 1);
    let exponent = (raw >> mantissa_bits) as i32;
    let shift = bias + mantissa_bits as i32;
    match exponent {
        0 => (fraction, 1 - shift),
        _ => (fraction | 1 << mantissa_bits, exponent - shift),
    }
}

fn shortest(magnitude: f64, bits: Bits) -> Decimal {
    match bits {
        Bits::Single => Decimal::shortest_32(magnitude as f32),
        Bits::Double => Decimal::shortest(magnitude),
    }
}

/// How many digits stand after the point when all digits are written out.
fn places_of(digits: &Decimal) -> usize {
    usize::try_from(digits.digits.len() as i32 - digits.point).unwrap_or(0)
}

fn sign(value: f64) -> &'static str {
    if value.is_sign_negative() { "-" } else { "" }
}

fn exponent_mark(upper: bool) -> char {
    if upper { 'E' } else { 'e' }
}
