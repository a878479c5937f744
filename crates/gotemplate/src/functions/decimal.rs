//! Decimal arithmetic of any precision, as the Go library shopspring/decimal does it for `addf` and its kin.

use num_bigint::{BigInt, Sign};

/// How many digits after the point a quotient has.
const QUOTIENT_DIGITS: i64 = 16;

/// `value * 10^exponent`.
#[derive(Debug, Clone)]
pub(crate) struct Decimal {
    value: BigInt,
    exponent: i64,
}

impl Decimal {
    /// The shortest decimal that reads back as `float`; Err holds the library's panic for what is no number.
    pub(crate) fn from_float(float: f64) -> Result<Self, String> {
        if !float.is_finite() {
            let shown = if float.is_nan() {
                "NaN"
            } else if float > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            };
            return Err(format!("Cannot create a Decimal from {shown}"));
        }
        let text = format!("{float:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let value = format!("{whole}{fraction}").parse().unwrap_or_default();
        let exponent = exponent.parse::<i64>().unwrap_or_default() - fraction.len() as i64;
        Ok(Self { value, exponent })
    }

    /// The nearest `float64`.
    pub(crate) fn to_float(&self) -> f64 {
        format!("{}e{}", self.value, self.exponent)
            .parse()
            .unwrap_or(f64::NAN)
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        Self {
            value: self.at(exponent) + other.at(exponent),
            exponent,
        }
    }

    pub(crate) fn sub(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        Self {
            value: self.at(exponent) - other.at(exponent),
            exponent,
        }
    }

    pub(crate) fn mul(&self, other: &Self) -> Self {
        Self {
            value: &self.value * &other.value,
            exponent: self.exponent + other.exponent,
        }
    }

    /// The quotient to 16 digits after the point, halves away from zero; Err holds the library's panic.
    pub(crate) fn div(&self, other: &Self) -> Result<Self, String> {
        if other.value.sign() == Sign::NoSign {
            return Err("decimal division by 0".to_owned());
        }
        let shift = self.exponent - other.exponent + QUOTIENT_DIGITS;
        let (dividend, divisor) = if shift < 0 {
            (self.value.clone(), &other.value * power_of_ten(-shift))
        } else {
            (&self.value * power_of_ten(shift), other.value.clone())
        };
        let quotient = &dividend / &divisor;
        let remainder: BigInt = &dividend - &quotient * &divisor;
        let twice = remainder.magnitude() * 2u32;
        let rounds_up = twice >= *divisor.magnitude();
        let step = match (rounds_up, dividend.sign() == divisor.sign()) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => -1,
        };
        Ok(Self {
            value: quotient + step,
            exponent: -QUOTIENT_DIGITS,
        })
    }

    /// The integer that stands for `self` at a smaller exponent.
    fn at(&self, exponent: i64) -> BigInt {
        &self.value * power_of_ten(self.exponent - exponent)
    }
}

/// Exponents come from `float64`s, so that powers stay below a few thousand digits for each argument of a call.
fn power_of_ten(exponent: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_rounded_at_the_sixteenth_digit() {
        let cases = [
            (10.0, 4.0, 2.5),
            (10.0, 3.0, 3.3333333333333335),
            (1.0, 3.0, 0.3333333333333333),
            (2.0, 3.0, 0.6666666666666667),
            (-2.0, 3.0, -0.6666666666666667),
            (1e-10, 3e10, 0.0),
            (1e20, 3.0, 3.333333333333333e19),
            (1e-300, 1e-300, 1.0),
        ];
        for (left, right, expected) in cases {
            let [left, right] =
                [left, right].map(|float| Decimal::from_float(float).expect("finite"));
            assert_eq!(
                left.div(&right).expect("no zero").to_float(),
                expected,
                "{left:?} / {right:?}"
            );
        }
    }

    #[test]
    fn sums_and_products_are_exact_before_they_become_floats() {
        let of = |float| Decimal::from_float(float).expect("finite");
        assert_eq!(of(0.1).add(&of(0.2)).to_float(), 0.3);
        assert_eq!(of(1e308).add(&of(1e308)).to_float(), f64::INFINITY);
        assert_eq!(of(0.3).sub(&of(0.1)).to_float(), 0.2);
        assert_eq!(of(1.1).mul(&of(1.1)).to_float(), 1.21);
        assert!(of(-1e-300).mul(&of(1e-300)).to_float().is_sign_negative());
    }

    #[test]
    fn what_is_no_number_is_no_decimal() {
        assert_eq!(
            Decimal::from_float(f64::NEG_INFINITY).unwrap_err(),
            "Cannot create a Decimal from -Inf"
        );
        let [one, zero] = [1.0, 0.0].map(|float| Decimal::from_float(float).expect("finite"));
        assert_eq!(one.div(&zero).unwrap_err(), "decimal division by 0");
    }
}
