//! Points in time and durations as Kubernetes' tools print them.

/// Seconds since the Unix epoch of an RFC 3339 text (`2026-11-24T12:00:00Z`, with fraction and offset); the fraction is
/// cut off. None for anything else.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, offset) = clock.split_at_checked(8)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let valid = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    let seconds = days_since_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    valid.then_some(seconds - offset_seconds(without_fraction(offset)?)?)
}

/// Seconds of a duration as Go and people write it: `15m`, `1h30m`, `90s`, `2d`, `1w`. None for anything else.
pub fn parse_duration(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut total: i64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|sign: char| !sign.is_ascii_digit())?;
        let amount: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(amount.checked_mul(seconds)?)?;
        rest = &rest[digits + unit.len_utf8()..];
    }
    Some(total)
}

/// `2d3h`, `1h30m`, `45s`: the two greatest units.
pub fn duration_text(seconds: i64) -> String {
    let mut rest = seconds.max(0);
    let mut parts = Vec::new();
    for (unit, size) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
        let amount = rest / size;
        rest %= size;
        if amount > 0 && parts.len() < 2 {
            parts.push(format!("{amount}{unit}"));
        }
    }
    if parts.is_empty() {
        "0s".to_owned()
    } else {
        parts.concat()
    }
}

fn numbers<const N: usize>(text: &str, separator: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut found = [0; N];
    for (slot, length) in found.iter_mut().zip(lengths) {
        let part = parts.next()?;
        let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        *slot = digits.then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(found)
}

fn without_fraction(offset: &str) -> Option<&str> {
    let Some(fraction) = offset.strip_prefix('.') else {
        return Some(offset);
    };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then(|| &fraction[digits..])
}

fn offset_seconds(offset: &str) -> Option<i64> {
    if offset.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match offset.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let [hours, minutes] = numbers(&offset[1..], ':', [2, 2])?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let leap_days = before / 4 - before / 100 + before / 400;
    let months: i64 = (1..month).map(|month| days_in_month(year, month)).sum();
    before * 365 + leap_days + months + day - 1 - DAYS_TO_EPOCH
}

/// Days from 0001-01-01 to 1970-01-01.
const DAYS_TO_EPOCH: i64 = 719_162;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_fraction_and_offset() {
        let cases = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-03-01T00:00:00Z", Some(951_868_800)),
            ("2026-11-24T12:00:00.123456Z", Some(1_795_521_600)),
            ("2026-11-24T14:00:00+02:00", Some(1_795_521_600)),
            ("2026-11-24T07:30:00-04:30", Some(1_795_521_600)),
            ("2026-02-29T00:00:00Z", None),
            ("2026-11-24T12:00:00", None),
            ("2026-11-24", None),
            ("yesterday", None),
            ("2026-11-24Té:00:00Z", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_rfc3339(text), expected, "{text}");
        }
    }

    #[test]
    fn durations_are_read_and_written() {
        assert_eq!(parse_duration("15m"), Some(900));
        assert_eq!(parse_duration("1h30m"), Some(5_400));
        assert_eq!(parse_duration("2d"), Some(172_800));
        for wrong in ["", "15", "m", "1y", "-1h", "99999999999999999h"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
        assert_eq!(duration_text(5_400), "1h30m");
        assert_eq!(duration_text(90_061), "1d1h");
        assert_eq!(duration_text(0), "0s");
    }
}
