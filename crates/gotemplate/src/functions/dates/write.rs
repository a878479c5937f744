//! Writing a time in a layout.

use super::layout::{Element, Fraction, OffsetForm, next_chunk};
use super::time::{Civil, MONTHS, Time, WEEKDAYS};

impl Time {
    /// The time as Go's `Format` writes it.
    pub(super) fn format(&self, layout: &[u8]) -> Vec<u8> {
        let civil = self.civil();
        let (zone, offset) = self.zone();
        let mut out = Vec::with_capacity(layout.len() + 10);
        let mut rest = layout;
        while !rest.is_empty() {
            let chunk = next_chunk(rest);
            out.extend_from_slice(chunk.prefix);
            rest = chunk.suffix;
            match chunk.element {
                None => break,
                Some((Element::ZoneName, _)) if !zone.is_empty() => {
                    out.extend_from_slice(zone.as_bytes());
                }
                Some((Element::ZoneName, _)) => push_offset(&mut out, offset, NAMELESS),
                Some((Element::Offset(form), _)) => push_offset(&mut out, offset, form),
                Some((Element::Fraction(fraction), _)) => {
                    push_fraction(&mut out, self.nanoseconds(), fraction);
                }
                Some((element, _)) => push_civil(&mut out, &civil, element),
            }
        }
        out
    }
}

/// What a zone without a name shows instead of it.
const NAMELESS: OffsetForm = OffsetForm {
    z: false,
    colon: false,
    minutes: true,
    seconds: false,
};

fn push_civil(out: &mut Vec<u8>, civil: &Civil, element: Element) {
    let month = MONTHS[civil.month as usize - 1];
    let weekday = WEEKDAYS[civil.weekday as usize];
    let hour12 = match civil.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let half = usize::from(civil.hour >= 12);
    match element {
        Element::LongMonth => out.extend_from_slice(month.as_bytes()),
        Element::ShortMonth => out.extend_from_slice(&month.as_bytes()[..3]),
        Element::Month => push_number(out, civil.month, 0),
        Element::ZeroMonth => push_number(out, civil.month, 2),
        Element::LongWeekday => out.extend_from_slice(weekday.as_bytes()),
        Element::ShortWeekday => out.extend_from_slice(&weekday.as_bytes()[..3]),
        Element::Day => push_number(out, civil.day, 0),
        Element::SpaceDay => out.extend_from_slice(format!("{:2}", civil.day).as_bytes()),
        Element::ZeroDay => push_number(out, civil.day, 2),
        Element::SpaceYearDay => out.extend_from_slice(format!("{:3}", civil.year_day).as_bytes()),
        Element::ZeroYearDay => push_number(out, civil.year_day, 3),
        Element::Hour => push_number(out, civil.hour, 2),
        Element::Hour12 => push_number(out, hour12, 0),
        Element::ZeroHour12 => push_number(out, hour12, 2),
        Element::Minute => push_number(out, civil.minute, 0),
        Element::ZeroMinute => push_number(out, civil.minute, 2),
        Element::Second => push_number(out, civil.second, 0),
        Element::ZeroSecond => push_number(out, civil.second, 2),
        Element::LongYear => push_number(out, civil.year, 4),
        Element::ShortYear => push_number(out, civil.year.abs() % 100, 2),
        Element::UpperHalf => out.extend_from_slice([b"AM", b"PM"][half]),
        Element::LowerHalf => out.extend_from_slice([b"am", b"pm"][half]),
        // Not parts of a date; the caller writes them.
        Element::ZoneName | Element::Offset(_) | Element::Fraction(_) => {}
    }
}

/// A number with at least `width` digits, a minus sign not counted.
fn push_number(out: &mut Vec<u8>, number: i64, width: usize) {
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(format!("{:0width$}", number.unsigned_abs()).as_bytes());
}

fn push_offset(out: &mut Vec<u8>, offset: i32, form: OffsetForm) {
    if form.z && offset == 0 {
        out.push(b'Z');
        return;
    }
    // Offsets of less than a minute west of UTC lose their sign, as in Go.
    let minutes = i64::from(offset / 60);
    out.push(if minutes < 0 { b'-' } else { b'+' });
    let mut parts = vec![minutes.abs() / 60];
    if form.minutes {
        parts.push(minutes.abs() % 60);
    }
    if form.seconds {
        parts.push(i64::from(offset.abs() % 60));
    }
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 && form.colon {
            out.push(b':');
        }
        push_number(out, part, 2);
    }
}

fn push_fraction(out: &mut Vec<u8>, nanoseconds: u32, fraction: Fraction) {
    if fraction.trim && (fraction.digits == 0 || nanoseconds == 0) {
        return;
    }
    let digits = format!("{nanoseconds:09}");
    let mut digits = &digits[..fraction.digits.min(9)];
    if fraction.trim {
        digits = digits.trim_end_matches('0');
        if digits.is_empty() {
            return;
        }
    }
    out.push(fraction.separator);
    out.extend_from_slice(digits.as_bytes());
}
