//! Numbers in messages: Helm's validator prints them with English separators.

use serde_json::Value as Json;

/// A count: `1,234`.
pub(super) fn count(number: usize) -> String {
    grouped(&number.to_string())
}

/// A number: `1,234.5`; from a million on, and below a ten-thousandth, `1.2345678×10⁰⁷`.
pub(super) fn number(value: f64) -> String {
    let scientific = format!("{:e}", value.abs());
    let sign = if value < 0.0 { "-" } else { "" };
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return format!("{sign}{}", grouped(&value.abs().to_string()));
    }
    let minus = if exponent < 0 { "⁻" } else { "" };
    let digits: String = format!("{:02}", exponent.abs())
        .chars()
        .map(superscript)
        .collect();
    format!("{sign}{mantissa}×10{minus}{digits}")
}

fn grouped(decimal: &str) -> String {
    let (whole, fraction) = decimal.split_at(decimal.find('.').unwrap_or(decimal.len()));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

fn superscript(digit: char) -> char {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    digit
        .to_digit(10)
        .map_or(digit, |digit| DIGITS[digit as usize])
}

/// Whether a number is a multiple of another one, exactly in decimals.
pub(super) fn is_multiple(value: f64, of: f64) -> bool {
    match (decimal(value), decimal(of)) {
        (Some((value, value_scale)), Some((of, of_scale))) => {
            let scale = value_scale.max(of_scale);
            let scaled =
                |digits: i128, own: u32| digits.checked_mul(10i128.checked_pow(scale - own)?);
            match (scaled(value, value_scale), scaled(of, of_scale)) {
                (Some(value), Some(of)) => of != 0 && value % of == 0,
                _ => (value as f64 / of as f64).fract() == 0.0,
            }
        }
        _ => (value / of).fract() == 0.0,
    }
}

/// All digits as an integer, and how many of them stand behind the point.
fn decimal(value: f64) -> Option<(i128, u32)> {
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    Some((
        format!("{whole}{fraction}").parse().ok()?,
        u32::try_from(fraction.len()).ok()?,
    ))
}

/// A scalar as `const` and `enum` messages show it.
pub(super) fn display(value: &Json) -> String {
    match value {
        Json::String(text) => super::failure::quoted(text),
        Json::Null => "<nil>".to_owned(),
        Json::Array(_) | Json::Object(_) => "value".to_owned(),
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_with_english_separators() {
        let cases = [
            (0.0, "0"),
            (-5.0, "-5"),
            (999.0, "999"),
            (1000.0, "1,000"),
            (123_456.789, "123,456.789"),
            (-1234.5, "-1,234.5"),
            (1_000_000.0, "1×10⁰⁶"),
            (12_345_678_901.0, "1.2345678901×10¹⁰"),
            (0.0001, "0.0001"),
            (0.000_012_345, "1.2345×10⁻⁰⁵"),
        ];
        for (value, expected) in cases {
            assert_eq!(number(value), expected);
        }
        assert_eq!(count(1_234_567), "1,234,567");
    }

    #[test]
    fn multiples_are_exact_in_decimals() {
        assert!(is_multiple(0.3, 0.1) && is_multiple(4.0, 2.0) && is_multiple(-1.5, 0.5));
        assert!(!is_multiple(1.0, 2.0) && !is_multiple(0.35, 0.1));
    }
}
