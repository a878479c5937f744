//! Go's `time.Duration`: nanoseconds, their texts and how those are read.

use super::parse::quoted;
use std::fmt;

/// Nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Duration(pub(super) i64);

pub(super) const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Nanoseconds of each unit that a duration's text may use; the two micro signs are different characters.
const UNITS: [(&str, i64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", MINUTE),
    ("h", HOUR),
];

/// The largest magnitude that the text of a negative duration can have.
const LIMIT: u64 = 1 << 63;

impl Duration {
    /// Reads a text such as `-1.5h` or `2h45m`. The error is Go's.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let invalid = || format!("time: invalid duration {}", quoted(text));
        let (negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if rest == b"0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total = 0u64;
        while !rest.is_empty() {
            let number = Number::read(rest).ok_or_else(invalid)?;
            rest = number.rest;
            let length = rest
                .iter()
                .position(|byte| *byte == b'.' || byte.is_ascii_digit())
                .unwrap_or(rest.len());
            let (unit, after) = rest.split_at(length);
            let unit = unit_of(unit, text)?;
            total = number
                .times(unit)
                .and_then(|part| total.checked_add(part))
                .filter(|total| *total <= LIMIT)
                .ok_or_else(invalid)?;
            rest = after;
        }
        match (negative, i64::try_from(total)) {
            (true, _) => Ok(Self((total as i64).wrapping_neg())),
            (false, Ok(total)) => Ok(Self(total)),
            (false, Err(_)) => Err(invalid()),
        }
    }

    /// To the nearest second, halves away from zero.
    pub(super) fn rounded_to_seconds(self) -> Self {
        let remainder = self.0 % SECOND;
        let down = self.0 - remainder;
        if remainder.abs() * 2 < SECOND {
            Self(down)
        } else {
            Self(
                down.checked_add(SECOND * remainder.signum())
                    .unwrap_or(if self.0 < 0 { i64::MIN } else { i64::MAX }),
            )
        }
    }

    /// sprig's `durationRound`. A unit is used from more than one of it on; the sign is lost.
    pub(super) fn largest_unit(self) -> String {
        let magnitude = self.0.unsigned_abs();
        [
            (365 * DAY, "y"),
            (30 * DAY, "mo"),
            (DAY, "d"),
            (HOUR, "h"),
            (MINUTE, "m"),
            (SECOND, "s"),
        ]
        .into_iter()
        .find(|(unit, _)| magnitude > *unit as u64)
        .map_or_else(
            || "0s".to_owned(),
            |(unit, name)| format!("{}{name}", magnitude / unit as u64),
        )
    }
}

/// Go's `Duration.String`: `1h2m3.5s`; below a second with a smaller unit.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        if magnitude == 0 {
            return f.write_str("0s");
        }
        let (unit, name) = match magnitude {
            ..1_000 => (1, "ns"),
            1_000..1_000_000 => (1_000, "\u{b5}s"),
            1_000_000..1_000_000_000 => (1_000_000, "ms"),
            _ => {
                let minutes = magnitude / MINUTE as u64;
                if minutes >= 60 {
                    write!(f, "{}h", minutes / 60)?;
                }
                if minutes > 0 {
                    write!(f, "{}m", minutes % 60)?;
                }
                (SECOND as u64, "s")
            }
        };
        let part = magnitude % MINUTE as u64;
        write!(f, "{}", part / unit)?;
        let digits = unit.ilog10() as usize;
        let fraction = part % unit;
        if fraction > 0 {
            let text = format!("{fraction:0digits$}");
            write!(f, ".{}", text.trim_end_matches('0'))?;
        }
        f.write_str(name)
    }
}

fn unit_of(unit: &[u8], text: &[u8]) -> Result<u64, String> {
    if unit.is_empty() {
        return Err(format!("time: missing unit in duration {}", quoted(text)));
    }
    UNITS
        .iter()
        .find(|(name, _)| name.as_bytes() == unit)
        .map(|(_, nanoseconds)| *nanoseconds as u64)
        .ok_or_else(|| {
            format!(
                "time: unknown unit {} in duration {}",
                quoted(unit),
                quoted(text)
            )
        })
}

/// A decimal number in front of a unit: `whole + fraction / scale`.
struct Number<'a> {
    whole: u64,
    fraction: u64,
    scale: f64,
    rest: &'a [u8],
}

impl<'a> Number<'a> {
    /// None where there is no digit, or too large a number.
    fn read(text: &'a [u8]) -> Option<Self> {
        let (digits, rest) = digits(text);
        let whole = digits.iter().try_fold(0u64, |value, digit| {
            let value = value
                .checked_mul(10)?
                .checked_add(u64::from(digit - b'0'))?;
            (value <= LIMIT).then_some(value)
        })?;
        let mut number = Self {
            whole,
            fraction: 0,
            scale: 1.0,
            rest,
        };
        let mut any = !digits.is_empty();
        if let [b'.', after @ ..] = rest {
            let (digits, rest) = self::digits(after);
            any |= !digits.is_empty();
            number.rest = rest;
            number.add_fraction(digits);
        }
        any.then_some(number)
    }

    /// Digits beyond the precision of 63 bits are ignored.
    fn add_fraction(&mut self, digits: &[u8]) {
        for digit in digits {
            if self.fraction > (LIMIT - 1) / 10 {
                return;
            }
            let value = self.fraction * 10 + u64::from(digit - b'0');
            if value > LIMIT {
                return;
            }
            self.fraction = value;
            self.scale *= 10.0;
        }
    }

    fn times(&self, unit: u64) -> Option<u64> {
        let whole = self
            .whole
            .checked_mul(unit)
            .filter(|value| *value <= LIMIT)?;
        // Floats, as in Go: their rounding shows in the last digits.
        let fraction = (self.fraction as f64 * (unit as f64 / self.scale)) as u64;
        whole.checked_add(fraction).filter(|value| *value <= LIMIT)
    }
}

fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.split_at(length)
}
