//! Reading the elements of a layout from a text, one by one.

use super::layout::{Element, Fraction, OffsetForm, next_chunk};
use super::parse::Fields;
use super::time::{MONTHS, WEEKDAYS};

/// A text that is being read.
pub(super) struct Reader<'a> {
    /// What is left of it.
    pub(super) rest: &'a [u8],
    pub(super) fields: Fields,
}

impl<'a> Reader<'a> {
    /// Skips plain text, where any number of spaces is as good as another. The error is where it went wrong.
    pub(super) fn skip(&mut self, mut plain: &[u8]) -> Result<(), &'a [u8]> {
        while let [first, after @ ..] = plain {
            if *first == b' ' {
                if !self.rest.is_empty() && self.rest[0] != b' ' {
                    return Err(self.rest);
                }
                plain = without_spaces(plain);
                self.rest = without_spaces(self.rest);
                continue;
            }
            match self.rest {
                [byte, left @ ..] if byte == first => self.rest = left,
                _ => return Err(self.rest),
            }
            plain = after;
        }
        Ok(())
    }

    /// Reads one element; `layout` is what follows it.
    pub(super) fn element(&mut self, element: Element, layout: &[u8]) -> Read<()> {
        match element {
            Element::LongMonth => self.fields.month = Some(self.name(MONTHS, 9)? + 1),
            Element::ShortMonth => self.fields.month = Some(self.name(MONTHS, 3)? + 1),
            Element::Month | Element::ZeroMonth => {
                let month = self.number(element == Element::ZeroMonth)?;
                self.fields.month = Some(within(month, 1..=12, "month")?);
            }
            // Only its spelling counts.
            Element::LongWeekday => drop(self.name(WEEKDAYS, 9)?),
            Element::ShortWeekday => drop(self.name(WEEKDAYS, 3)?),
            Element::Day | Element::SpaceDay | Element::ZeroDay => {
                self.skip_spaces(usize::from(element == Element::SpaceDay));
                self.fields.day = Some(self.number(element == Element::ZeroDay)?);
            }
            Element::SpaceYearDay | Element::ZeroYearDay => {
                self.skip_spaces(2 * usize::from(element == Element::SpaceYearDay));
                self.fields.year_day = Some(self.year_day(element == Element::ZeroYearDay)?);
            }
            Element::Hour => self.fields.hour = within(self.number(false)?, 0..=23, "hour")?,
            Element::Hour12 | Element::ZeroHour12 => {
                let hour = self.number(element == Element::ZeroHour12)?;
                self.fields.hour = within(hour, 0..=12, "hour")?;
            }
            Element::Minute | Element::ZeroMinute => {
                let minute = self.number(element == Element::ZeroMinute)?;
                self.fields.minute = within(minute, 0..=59, "minute")?;
            }
            Element::Second | Element::ZeroSecond => {
                self.second(element == Element::ZeroSecond, layout)?;
            }
            Element::LongYear => self.long_year()?,
            Element::ShortYear => self.short_year()?,
            Element::UpperHalf => self.half([b"AM", b"PM"])?,
            Element::LowerHalf => self.half([b"am", b"pm"])?,
            Element::ZoneName => self.zone_name()?,
            Element::Offset(form) => self.offset(form)?,
            Element::Fraction(fraction) => self.fraction(fraction)?,
        }
        Ok(())
    }

    fn take(&mut self, length: usize) -> Read<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Problem::Syntax)?;
        self.rest = rest;
        Ok(taken)
    }

    fn skip_spaces(&mut self, at_most: usize) {
        for _ in 0..at_most {
            self.rest = self.rest.strip_prefix(b" ").unwrap_or(self.rest);
        }
    }

    /// The index of a name, of which so many letters are written; case does not count.
    fn name<const N: usize>(&mut self, names: [&str; N], letters: usize) -> Read<i64> {
        for (index, name) in names.iter().enumerate() {
            let name = &name.as_bytes()[..letters.min(name.len())];
            if let Some((start, rest)) = self.rest.split_at_checked(name.len())
                && start.eq_ignore_ascii_case(name)
            {
                self.rest = rest;
                return Ok(index as i64);
            }
        }
        Err(Problem::Syntax)
    }

    /// One or two digits; `two` demands two.
    fn number(&mut self, two: bool) -> Read<i64> {
        let digits = leading_digits(self.rest).min(2);
        if digits == 0 || two && digits != 2 {
            return Err(Problem::Syntax);
        }
        Ok(decimal(self.take(digits)?))
    }

    fn year_day(&mut self, three: bool) -> Read<i64> {
        let digits = leading_digits(self.rest).min(3);
        if digits == 0 || three && digits != 3 {
            return Err(Problem::Syntax);
        }
        Ok(decimal(self.take(digits)?))
    }

    fn second(&mut self, two: bool, layout: &[u8]) -> Read<()> {
        self.fields.second = within(self.number(two)?, 0..=59, "second")?;
        let next = next_chunk(layout).element.map(|(element, _)| element);
        let layout_has_fraction = matches!(next, Some(Element::Fraction(_)));
        if !layout_has_fraction && self.fraction_digits() > 0 {
            self.nanoseconds(self.fraction_digits())?;
        }
        Ok(())
    }

    fn long_year(&mut self) -> Read<()> {
        let text = self.take(4)?;
        if leading_digits(text) < 4 {
            return Err(Problem::Syntax);
        }
        self.fields.year = decimal(text);
        Ok(())
    }

    /// Two digits, of which Go allows the first to be a sign.
    fn short_year(&mut self) -> Read<()> {
        let year = signed(self.take(2)?).ok_or(Problem::Syntax)?;
        self.fields.year = year + if year >= 69 { 1900 } else { 2000 };
        Ok(())
    }

    fn half(&mut self, names: [&[u8]; 2]) -> Read<()> {
        let text = self.take(2)?;
        if text == names[0] {
            self.fields.morning = true;
        } else if text == names[1] {
            self.fields.afternoon = true;
        } else {
            return Err(Problem::Syntax);
        }
        Ok(())
    }

    fn zone_name(&mut self) -> Read<()> {
        if let Some(rest) = self.rest.strip_prefix(b"UTC") {
            self.rest = rest;
            self.fields.utc = true;
            return Ok(());
        }
        let length = zone_name_length(self.rest).ok_or(Problem::Syntax)?;
        self.fields.zone_name = String::from_utf8_lossy(self.take(length)?).into_owned();
        Ok(())
    }

    fn offset(&mut self, form: OffsetForm) -> Read<()> {
        if form.z
            && let Some(rest) = self.rest.strip_prefix(b"Z")
        {
            self.rest = rest;
            self.fields.utc = true;
            return Ok(());
        }
        let parts = 1 + usize::from(form.minutes) + usize::from(form.seconds);
        let stride = if form.colon { 3 } else { 2 };
        let text = self.take(1 + (parts - 1) * stride + 2)?;
        let mut read = OffsetParts::default();
        for index in 0..parts {
            let start = 1 + index * stride;
            if index > 0 && form.colon && text[start - 1] != b':' {
                return Err(Problem::Syntax);
            }
        }
        for index in 0..parts {
            let start = 1 + index * stride;
            if leading_digits(&text[start..start + 2]) < 2 {
                // A part that is out of range is the worse error.
                read.check()?;
                return Err(Problem::Syntax);
            }
            read.0[index] = decimal(&text[start..start + 2]);
        }
        read.check()?;
        self.fields.offset = Some(match text[0] {
            b'+' => read.seconds(),
            b'-' => -read.seconds(),
            _ => return Err(Problem::Syntax),
        });
        Ok(())
    }

    fn fraction(&mut self, fraction: Fraction) -> Read<()> {
        let digits = match fraction.trim {
            // Any number of digits, none included.
            true => self.fraction_digits(),
            false => {
                return self.nanoseconds(fraction.digits);
            }
        };
        match digits {
            0 => Ok(()),
            digits => self.nanoseconds(digits),
        }
    }

    /// How many digits follow a separator here.
    fn fraction_digits(&self) -> usize {
        match self.rest {
            [b'.' | b',', digits @ ..] => leading_digits(digits),
            _ => 0,
        }
    }

    /// A separator and so many digits, of which nine count.
    fn nanoseconds(&mut self, digits: usize) -> Read<()> {
        let text = self.take(digits + 1)?;
        if !matches!(text.first(), Some(b'.' | b',')) {
            return Err(Problem::Syntax);
        }
        let counted = &text[1..text.len().min(10)];
        let value = signed(counted).ok_or(Problem::Syntax)?;
        let value = u32::try_from(value).map_err(|_| Problem::Range("fractional second"))?;
        self.fields.nanosecond = value * 10u32.pow(9 - counted.len() as u32);
        Ok(())
    }
}

/// Why an element cannot be read.
pub(super) enum Problem {
    Syntax,
    Range(&'static str),
}

pub(super) type Read<T> = Result<T, Problem>;

/// Hours, minutes and seconds of an offset.
#[derive(Default)]
struct OffsetParts([i64; 3]);

impl OffsetParts {
    /// Go allows 24, 60 and 60; of several parts out of range it names the last.
    fn check(&self) -> Read<()> {
        let [hours, minutes, seconds] = self.0;
        within(seconds, 0..=60, "time zone offset second")?;
        within(minutes, 0..=60, "time zone offset minute")?;
        within(hours, 0..=24, "time zone offset hour")?;
        Ok(())
    }

    fn seconds(&self) -> i32 {
        let [hours, minutes, seconds] = self.0;
        ((hours * 60 + minutes) * 60 + seconds) as i32
    }
}

fn within(value: i64, range: std::ops::RangeInclusive<i64>, what: &'static str) -> Read<i64> {
    if range.contains(&value) {
        Ok(value)
    } else {
        Err(Problem::Range(what))
    }
}

fn without_spaces(text: &[u8]) -> &[u8] {
    let spaces = text.iter().take_while(|byte| **byte == b' ').count();
    &text[spaces..]
}

fn leading_digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// At most nine digits as a number.
fn decimal(digits: &[u8]) -> i64 {
    digits
        .iter()
        .fold(0, |value, digit| value * 10 + i64::from(digit - b'0'))
}

/// Digits after a sign or without one; None where something else follows.
pub(super) fn signed(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        digits => (1, digits),
    };
    (leading_digits(digits) == digits.len()).then(|| sign * decimal(digits))
}

/// How long the abbreviation of a zone is that a text begins with, by the rules of thumb that Go has.
fn zone_name_length(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(after) = text.strip_prefix(b"GMT") {
        return Some(3 + signed_hours_length(after));
    }
    if matches!(text[0], b'+' | b'-') {
        return Some(signed_hours_length(text)).filter(|length| *length > 0);
    }
    let capitals = text
        .iter()
        .take(6)
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    match capitals {
        3 => Some(3),
        4 if text[3] == b'T' || text.starts_with(b"WITA") => Some(4),
        5 if text[4] == b'T' => Some(5),
        _ => None,
    }
}

/// The length of an offset in hours, up to 23, that a text begins with; 0 where there is none.
fn signed_hours_length(text: &[u8]) -> usize {
    let Some((b'+' | b'-', digits)) = text.split_first() else {
        return 0;
    };
    let length = leading_digits(digits);
    let hours = digits[..length].iter().fold(0u32, |value, digit| {
        value
            .saturating_mul(10)
            .saturating_add(u32::from(digit - b'0'))
    });
    if length == 0 || hours > 23 {
        0
    } else {
        length + 1
    }
}
