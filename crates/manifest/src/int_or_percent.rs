//! `maxUnavailable: 1` and `maxUnavailable: 25%`.

use std::fmt;
use yaml::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntOrPercent {
    Int(i64),
    Percent(i64),
}

impl IntOrPercent {
    /// A number, or a string that is a percentage. Like the API, `"1"` (a string without `%`) is neither.
    pub fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => text.strip_suffix('%')?.parse().ok().map(Self::Percent),
            other => other.as_i64().map(Self::Int),
        }
    }

    /// Of a total, percentages rounded up (budgets, maxSurge).
    pub fn scaled_up(self, total: i64) -> i64 {
        match self {
            Self::Int(count) => count,
            Self::Percent(percent) => {
                let product = i128::from(percent) * i128::from(total);
                clamp(product.div_euclid(100) + i128::from(product.rem_euclid(100) != 0))
            }
        }
    }

    /// Of a total, percentages rounded down (maxUnavailable of rolling updates).
    pub fn scaled_down(self, total: i64) -> i64 {
        match self {
            Self::Int(count) => count,
            Self::Percent(percent) => {
                clamp((i128::from(percent) * i128::from(total)).div_euclid(100))
            }
        }
    }
}

fn clamp(value: i128) -> i64 {
    value.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

impl fmt::Display for IntOrPercent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(count) => write!(out, "{count}"),
            Self::Percent(percent) => write!(out, "{percent}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_round_as_the_api_does() {
        let percent = IntOrPercent::from_value(&Value::from("67%")).expect("a percentage");
        assert_eq!((percent.scaled_up(3), percent.scaled_down(3)), (3, 2));
        assert_eq!(IntOrPercent::Percent(1).scaled_up(3), 1);
        assert_eq!(IntOrPercent::Percent(100).scaled_up(4), 4);
        assert_eq!(IntOrPercent::Percent(0).scaled_up(4), 0);
    }

    #[test]
    fn numbers_stay_and_strings_without_a_sign_are_refused() {
        assert_eq!(
            IntOrPercent::from_value(&Value::Int(2)),
            Some(IntOrPercent::Int(2))
        );
        assert_eq!(IntOrPercent::from_value(&Value::from("2")), None);
        assert_eq!(IntOrPercent::from_value(&Value::from("x%")), None);
    }
}
