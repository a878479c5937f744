//! Go's layouts: a reference time written the way dates shall look.

/// What stands for a part of a date in a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    LongMonth,
    ShortMonth,
    Month,
    ZeroMonth,
    LongWeekday,
    ShortWeekday,
    Day,
    SpaceDay,
    ZeroDay,
    SpaceYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    ShortYear,
    UpperHalf,
    LowerHalf,
    ZoneName,
    Offset(OffsetForm),
    Fraction(Fraction),
}

/// How an offset from UTC is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OffsetForm {
    /// UTC is `Z`.
    pub(super) z: bool,
    pub(super) colon: bool,
    pub(super) minutes: bool,
    pub(super) seconds: bool,
}

/// How fractions of a second are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fraction {
    pub(super) digits: usize,
    pub(super) separator: u8,
    /// Without trailing zeros.
    pub(super) trim: bool,
}

/// The first element of a layout with what surrounds it.
pub(super) struct Chunk<'a> {
    pub(super) prefix: &'a [u8],
    /// The element and its text; None where the layout has no more.
    pub(super) element: Option<(Element, &'a [u8])>,
    pub(super) suffix: &'a [u8],
}

const fn offset(z: bool, colon: bool, minutes: bool, seconds: bool) -> Element {
    Element::Offset(OffsetForm {
        z,
        colon,
        minutes,
        seconds,
    })
}

/// Texts and their elements; of two that fit, the first counts.
const ELEMENTS: &[(&str, Element)] = &[
    ("January", Element::LongMonth),
    ("Jan", Element::ShortMonth),
    ("Monday", Element::LongWeekday),
    ("Mon", Element::ShortWeekday),
    ("MST", Element::ZoneName),
    ("01", Element::ZeroMonth),
    ("002", Element::ZeroYearDay),
    ("02", Element::ZeroDay),
    ("03", Element::ZeroHour12),
    ("04", Element::ZeroMinute),
    ("05", Element::ZeroSecond),
    ("06", Element::ShortYear),
    ("15", Element::Hour),
    ("1", Element::Month),
    ("2006", Element::LongYear),
    ("2", Element::Day),
    ("__2", Element::SpaceYearDay),
    ("_2", Element::SpaceDay),
    ("3", Element::Hour12),
    ("4", Element::Minute),
    ("5", Element::Second),
    ("PM", Element::UpperHalf),
    ("pm", Element::LowerHalf),
    ("-070000", offset(false, false, true, true)),
    ("-07:00:00", offset(false, true, true, true)),
    ("-0700", offset(false, false, true, false)),
    ("-07:00", offset(false, true, true, false)),
    ("-07", offset(false, false, false, false)),
    ("Z070000", offset(true, false, true, true)),
    ("Z07:00:00", offset(true, true, true, true)),
    ("Z0700", offset(true, false, true, false)),
    ("Z07:00", offset(true, true, true, false)),
    ("Z07", offset(true, false, false, false)),
];

/// Splits a layout at its first element.
pub(super) fn next_chunk(layout: &[u8]) -> Chunk<'_> {
    for start in 0..layout.len() {
        if let Some((element, length)) = element_at(&layout[start..]) {
            let (text, suffix) = layout[start..].split_at(length);
            return Chunk {
                prefix: &layout[..start],
                element: Some((element, text)),
                suffix,
            };
        }
    }
    Chunk {
        prefix: layout,
        element: None,
        suffix: &[],
    }
}

/// The element that a layout begins with, and its length.
fn element_at(layout: &[u8]) -> Option<(Element, usize)> {
    if matches!(layout.first(), Some(b'.' | b',')) {
        return fraction_at(layout);
    }
    // The underscore of `_2006` is plain text before a year.
    if layout.starts_with(b"_2006") {
        return None;
    }
    let fits = |text: &str, element: Element| {
        let Some(rest) = layout.strip_prefix(text.as_bytes()) else {
            return false;
        };
        // `Month` and `Janet` are words, not elements.
        let abbreviation = matches!(element, Element::ShortMonth | Element::ShortWeekday);
        !(abbreviation && rest.first().is_some_and(u8::is_ascii_lowercase))
    };
    ELEMENTS
        .iter()
        .find(|(text, element)| fits(text, *element))
        .map(|(text, element)| (*element, text.len()))
}

fn fraction_at(layout: &[u8]) -> Option<(Element, usize)> {
    let (separator, rest) = layout.split_first()?;
    let digit = *rest.first().filter(|digit| matches!(digit, b'0' | b'9'))?;
    let digits = rest.iter().take_while(|byte| **byte == digit).count();
    if rest.get(digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let fraction = Fraction {
        // Go keeps twelve bits of the count.
        digits: digits & 0xfff,
        separator: *separator,
        trim: digit == b'9',
    };
    Some((Element::Fraction(fraction), digits + 1))
}
