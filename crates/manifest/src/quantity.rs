//! Resource quantities: `100m`, `1Gi`, `1e3`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use yaml::Value;

/// An exact amount. `100m` equals `0.1`, `1Gi` equals `1024Mi`.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// In 10⁻⁹ of the unit: the API rounds up to that.
    nano: i128,
}

const NANO: i128 = 1_000_000_000;

impl Quantity {
    pub const ZERO: Self = Self { nano: 0 };

    /// Of a string or a number as manifests have them.
    pub fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => text.parse().ok(),
            Value::Int(number) => Some(Self {
                nano: i128::from(*number) * NANO,
            }),
            Value::Uint(number) => Some(Self {
                nano: i128::from(*number) * NANO,
            }),
            Value::Float(number) if number.is_finite() => number.to_string().parse().ok(),
            _ => None,
        }
    }

    /// Whole units, rounded up (as `Value()` in the API machinery): bytes, cores.
    pub fn units(self) -> i64 {
        clamp(divide_up(self.nano, NANO))
    }

    /// Thousandths, rounded up (as `MilliValue()`).
    pub fn milli(self) -> i64 {
        clamp(divide_up(self.nano, NANO / 1000))
    }

    pub fn is_zero(self) -> bool {
        self.nano == 0
    }

    #[must_use]
    pub fn saturating_add(self, other: Self) -> Self {
        Self {
            nano: self.nano.saturating_add(other.nano),
        }
    }
}

/// Towards positive infinity.
fn divide_up(value: i128, by: i128) -> i128 {
    value.div_euclid(by) + i128::from(value.rem_euclid(by) != 0)
}

fn clamp(value: i128) -> i64 {
    value.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

/// What a suffix multiplies with: powers of 2 and of 10.
fn scale(suffix: &str) -> Option<(u32, i32)> {
    let known = match suffix {
        "n" => (0, -9),
        "u" => (0, -6),
        "m" => (0, -3),
        "" => (0, 0),
        "k" => (0, 3),
        "M" => (0, 6),
        "G" => (0, 9),
        "T" => (0, 12),
        "P" => (0, 15),
        "E" => (0, 18),
        "Ki" => (10, 0),
        "Mi" => (20, 0),
        "Gi" => (30, 0),
        "Ti" => (40, 0),
        "Pi" => (50, 0),
        "Ei" => (60, 0),
        exponent => (0, exponent.strip_prefix(['e', 'E'])?.parse().ok()?),
    };
    Some(known)
}

impl FromStr for Quantity {
    type Err = String;

    /// The API's grammar: sign, digits with at most one point, suffix or decimal exponent. Amounts beyond the range
    /// stop at its ends.
    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is no quantity");
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let end = unsigned
            .find(|sign: char| !sign.is_ascii_digit() && sign != '.')
            .unwrap_or(unsigned.len());
        let (digits, suffix) = unsigned.split_at(end);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return Err(refused());
        }
        let (twos, tens) = scale(suffix).ok_or_else(refused)?;
        let amount = nano(whole, fraction, twos, tens);
        Ok(Self {
            nano: if negative { -amount } else { amount },
        })
    }
}

/// Digits times powers of 2 and 10, in 10⁻⁹, rounded away from zero; saturates.
fn nano(whole: &str, fraction: &str, twos: u32, tens: i32) -> i128 {
    let digits = format!("{whole}{}", fraction.trim_end_matches('0'));
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return 0;
    }
    let exponent = i64::from(tens) + 9 - fraction.trim_end_matches('0').len() as i64;
    let mantissa: Option<i128> = digits.parse().ok();
    let scaled = mantissa.and_then(|mantissa| mantissa.checked_mul(1 << twos));
    let Some(scaled) = scaled else {
        return if exponent < -30 { 1 } else { i128::MAX };
    };
    let power = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX);
    match 10_i128.checked_pow(power) {
        Some(power) if exponent < 0 => divide_up(scaled, power),
        Some(power) => scaled.saturating_mul(power),
        None if exponent < 0 => 1,
        None => i128::MAX,
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nano.cmp(&other.nano)
    }
}

impl fmt::Display for Quantity {
    /// Plain decimal units: `0.1`, `1073741824`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.nano < 0 { "-" } else { "" };
        let (whole, rest) = (
            self.nano.unsigned_abs() / NANO as u128,
            self.nano.unsigned_abs() % NANO as u128,
        );
        if rest == 0 {
            return write!(out, "{sign}{whole}");
        }
        let fraction = format!("{rest:09}");
        write!(out, "{sign}{whole}.{}", fraction.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_equal_amounts_are_equal() {
        let cases = [
            ("100m", "0.1"),
            ("1Gi", "1024Mi"),
            ("1e3", "1k"),
            ("1E", "1e18"),
            ("1.5Gi", "1536Mi"),
            ("0", "0Ki"),
            (".5", "500m"),
            ("5.", "5"),
            ("+1", "1000m"),
            ("1n", "0.1n"),
            ("-1", "-1000m"),
        ];
        for (left, right) in cases {
            assert_eq!(left.parse::<Quantity>(), right.parse(), "{left} = {right}");
        }
        assert_ne!("1G".parse::<Quantity>(), "1Gi".parse());
    }

    #[test]
    fn what_the_api_refuses_is_refused() {
        for text in [
            "", ".", "1K", "1 Gi", "Gi", "1.2.3", "1e", "abc", "--1", "1mm",
        ] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
    }

    #[test]
    fn conversions_round_up() {
        let quantity = |text: &str| text.parse::<Quantity>().expect("a quantity");
        assert_eq!(quantity("1500m").units(), 2);
        assert_eq!(quantity("1u").milli(), 1);
        assert_eq!(quantity("-1500m").units(), -1);
        assert_eq!(quantity("8Ei").units(), i64::MAX);
        assert_eq!(quantity("1e999999999").units(), i64::MAX);
        assert_eq!(quantity("1e-999999999").to_string(), "0.000000001");
        assert_eq!(quantity("250m").to_string(), "0.25");
    }
}
