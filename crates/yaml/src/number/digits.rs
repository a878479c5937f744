//! Decimal digits of floats, shortest or correctly rounded, without sign.

/// A decimal `0.d1d2d3… * 10^point`. Neither leading nor trailing zeros; zero has no digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    /// ASCII digits.
    pub(super) digits: String,
    pub(super) point: i32,
}

/// No double has more significant digits than this.
const MOST_SIGNIFICANT: usize = 767;

impl Decimal {
    /// The fewest digits that read back as the same double.
    pub(super) fn shortest(magnitude: f64) -> Self {
        Self::read(ryu::Buffer::new().format_finite(magnitude))
    }

    /// The fewest digits that read back as the same single.
    pub(super) fn shortest_32(magnitude: f32) -> Self {
        Self::read(ryu::Buffer::new().format_finite(magnitude))
    }

    /// The exact value rounded to so many digits (at least 1), ties to even.
    pub(super) fn rounded(magnitude: f64, count: usize) -> Self {
        let places = count.clamp(1, MOST_SIGNIFICANT) - 1;
        Self::read(&format!("{magnitude:.places$e}"))
    }

    /// Reads the finite decimal texts that Rust writes: `12.5`, `1.25e-7`.
    fn read(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        let significant = all.trim_start_matches('0');
        let leading_zeros = all.len() - significant.len();
        let digits = significant.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Self { digits, point: 0 };
        }
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let point = whole.len() as i32 - leading_zeros as i32 + exponent;
        Self { digits, point }
    }

    /// The exponent of the form `d.ddd * 10^e`.
    pub(super) fn exponent(&self) -> i32 {
        if self.digits.is_empty() {
            0
        } else {
            self.point - 1
        }
    }

    /// `d.ddde±dd` with so many digits after the point.
    pub(super) fn push_exponential(&self, out: &mut String, places: usize, mark: char) {
        let (first, rest) = self.digits.split_at_checked(1).unwrap_or(("0", ""));
        out.push_str(first);
        push_places(out, rest, places);
        out.push(mark);
        let exponent = self.exponent();
        out.push(if exponent < 0 { '-' } else { '+' });
        if exponent.abs() < 10 {
            out.push('0');
        }
        out.push_str(&exponent.unsigned_abs().to_string());
    }

    /// `ddd.ddd` with so many digits after the point.
    pub(super) fn push_fixed(&self, out: &mut String, places: usize) {
        let before = usize::try_from(self.point).unwrap_or(0);
        let (whole, fraction) = self.digits.split_at(before.min(self.digits.len()));
        out.push_str(if before == 0 { "0" } else { whole });
        out.extend(std::iter::repeat_n(
            '0',
            before.saturating_sub(self.digits.len()),
        ));
        let zeros = usize::try_from(-self.point).unwrap_or(0).min(places);
        push_places(
            out,
            &["0".repeat(zeros).as_str(), fraction].concat(),
            places,
        );
    }
}

/// A point and so many digits, cut or filled with zeros.
fn push_places(out: &mut String, digits: &str, places: usize) {
    if places == 0 {
        return;
    }
    let taken = &digits[..digits.len().min(places)];
    out.push('.');
    out.push_str(taken);
    out.extend(std::iter::repeat_n('0', places - taken.len()));
}
