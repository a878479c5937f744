//! Which texts goyaml takes for dates and times: four layouts, read as Go's `time.Parse` reads them.

/// Whether the text is a date, or a date and a time, of goyaml's layouts.
///
/// The layouts are `2006-1-2`, `2006-1-2 15:4:5.9` without a zone, and with `T` or `t` and a zone.
pub(super) fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Most numbers leave here.
    if bytes.len() < 8 || bytes[4] != b'-' || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let mut rest = Cursor(bytes);
    let Some(()) = rest.date() else {
        return false;
    };
    match rest.0.first() {
        None => true,
        Some(b'T' | b't') => {
            rest.0 = &rest.0[1..];
            rest.time().and_then(|()| rest.zone()).is_some() && rest.0.is_empty()
        }
        Some(b' ') => {
            rest.skip_spaces();
            rest.time().is_some() && rest.0.is_empty()
        }
        Some(_) => false,
    }
}

/// What is left to read.
struct Cursor<'t>(&'t [u8]);

impl Cursor<'_> {
    fn date(&mut self) -> Option<()> {
        let year = self.0[..4]
            .iter()
            .fold(0, |year, digit| year * 10 + u32::from(digit - b'0'));
        self.0 = &self.0[4..];
        self.literal(b'-')?;
        let month = self.one_or_two_digits()?;
        self.literal(b'-')?;
        let day = self.one_or_two_digits()?;
        (1..=days_in(month, year)?).contains(&day).then_some(())
    }

    fn time(&mut self) -> Option<()> {
        let hour = self.one_or_two_digits()?;
        self.literal(b':')?;
        let minute = self.one_or_two_digits()?;
        self.literal(b':')?;
        let second = self.one_or_two_digits()?;
        self.fraction();
        (hour < 24 && minute < 60 && second < 60).then_some(())
    }

    /// A fraction is a dot or a comma and any number of digits; without digits it is none.
    fn fraction(&mut self) {
        if let [b'.' | b',', digits @ ..] = self.0 {
            let count = digits
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if count > 0 {
                self.0 = &digits[count..];
            }
        }
    }

    /// `Z` or `+hh:mm`; Go lets 24 hours and 60 minutes pass.
    fn zone(&mut self) -> Option<()> {
        if let [b'Z', rest @ ..] = self.0 {
            self.0 = rest;
            return Some(());
        }
        let [b'+' | b'-', h1, h2, b':', m1, m2, rest @ ..] = self.0 else {
            return None;
        };
        self.0 = rest;
        (two_digits(*h1, *h2)? <= 24 && two_digits(*m1, *m2)? <= 60).then_some(())
    }

    fn literal(&mut self, wanted: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        (*first == wanted).then_some(())
    }

    fn skip_spaces(&mut self) {
        while let [b' ', rest @ ..] = self.0 {
            self.0 = rest;
        }
    }

    fn one_or_two_digits(&mut self) -> Option<u32> {
        let (first, rest) = self.0.split_first()?;
        if let Some((second, rest)) = rest.split_first()
            && let Some(value) = two_digits(*first, *second)
        {
            self.0 = rest;
            return Some(value);
        }
        self.0 = rest;
        first.is_ascii_digit().then(|| u32::from(first - b'0'))
    }
}

fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
    is_number.then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

/// None for a month that does not exist.
fn days_in(month: u32, year: u32) -> Option<u32> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_recognised() {
        for text in [
            "2001-01-01",
            "2001-1-1",
            "2000-02-29",
            "2001-01-01T00:00:00Z",
            "2001-1-1t1:2:3.456Z",
            "2001-01-01 00:00:00",
            "2001-01-01   1:2:3,5",
            "2001-01-01T00:00:00.5+24:60",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "2001-01",
            "2001-13-01",
            "2001-02-29",
            "2001-01-32",
            "2001-01-01T00:00:00",
            "2001-01-01 00:00:00Z",
            "2001-01-01T24:00:00Z",
            "2001-01-01T00:00:00.Z",
            "2001-01-01T00:00:00+1:00",
            "2001-01-01x",
            "201-01-011",
            "12001-01-01",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
