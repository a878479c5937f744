//! Floats under the verbs of `printf`, with flags, width and precision.

use super::spec::Spec;
use yaml::number::{Bits, Verb, format_float};

impl Spec {
    /// A `float64` under a verb for floats; None if the verb is none.
    pub(super) fn float(&self, value: f64, verb: char) -> Option<Vec<u8>> {
        let letter = if verb == 'v' { 'g' } else { verb };
        let form = Verb::from_letter(letter)?;
        let precision = self.precision.or(match letter {
            'e' | 'E' | 'f' | 'F' => Some(6),
            _ => None,
        });
        let digits = format_float(value.abs(), form, precision, Bits::Double);
        let negative = value.is_sign_negative() && !value.is_nan();
        // NaN and infinities are words: they are never padded with zeros.
        if !value.is_finite() {
            let word = digits.trim_start_matches('+');
            let sign = match () {
                () if negative => "-",
                () if self.plus => "+",
                () if self.space => " ",
                // Without any flag an infinity still has its sign.
                () if value.is_nan() => "",
                () => "+",
            };
            let blanks = Self {
                zero: false,
                ..*self
            };
            return Some(blanks.pad(format!("{sign}{word}").into_bytes()));
        }
        let digits = if self.sharp && letter != 'b' {
            with_decimal_point(&digits, letter, precision)
        } else {
            digits
        };
        let sign = match () {
            () if negative => "-",
            () if self.plus => "+",
            () if self.space => " ",
            () => "",
        };
        Some(self.signed(sign, &digits))
    }

    /// `%v` and the float verbs of a `complex128`; None if the verb is none.
    pub(super) fn complex(&self, real: f64, imaginary: f64, verb: char) -> Option<Vec<u8>> {
        let signed = Self {
            plus: true,
            ..*self
        };
        let (real, imaginary) = (self.float(real, verb)?, signed.float(imaginary, verb)?);
        Some([b"(".as_slice(), &real, &imaginary, b"i)"].concat())
    }

    /// Zeros that fill the width stand between sign and digits.
    fn signed(&self, sign: &str, digits: &str) -> Vec<u8> {
        let length = sign.len() + digits.len();
        match self.width {
            Some(width) if self.zero && !self.minus && !sign.is_empty() && width > length => {
                let zeros = "0".repeat(width - length);
                format!("{sign}{zeros}{digits}").into_bytes()
            }
            _ => self.pad(format!("{sign}{digits}").into_bytes()),
        }
    }
}

/// The `#` flag: a decimal point always, and with `g` the zeros at the end that make up the precision.
fn with_decimal_point(text: &str, letter: char, precision: Option<usize>) -> String {
    let exponent_marks: &[char] = if matches!(letter, 'x' | 'X') {
        &['p', 'P']
    } else {
        &['e', 'E']
    };
    let (mantissa, tail) = text
        .find(exponent_marks)
        .map_or((text, ""), |at| text.split_at(at));
    let mut missing = match letter {
        'g' | 'G' | 'x' => precision.unwrap_or(6),
        _ => 0,
    };
    let significant = mantissa
        .chars()
        .filter(|c| *c != '.')
        .skip_while(|c| *c == '0')
        .count();
    missing = missing.saturating_sub(significant);
    let mut out = mantissa.to_owned();
    if !mantissa.contains('.') {
        // A zero that stands alone counts as a digit.
        if mantissa == "0" {
            missing = missing.saturating_sub(1);
        }
        out.push('.');
    }
    out.push_str(&"0".repeat(missing));
    out.push_str(tail);
    out
}
