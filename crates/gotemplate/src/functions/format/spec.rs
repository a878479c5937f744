//! Flags, width and precision of one verb, and how they shape integers, strings and characters.

use super::quoting::{can_backquote, quote_char, quote_with};
use crate::syntax::unicode::{decode, is_printable};

/// What stands between `%` and the verb. The default is that of a plain `%v`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spec {
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`: field names of structs.
    pub(super) plus_v: bool,
    /// `%#v`: Go syntax.
    pub(super) sharp_v: bool,
}

/// An integer of any Go kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Integer {
    pub(super) magnitude: u64,
    pub(super) negative: bool,
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self {
            magnitude: value.unsigned_abs(),
            negative: value < 0,
        }
    }
}

impl From<u64> for Integer {
    fn from(magnitude: u64) -> Self {
        Self {
            magnitude,
            negative: false,
        }
    }
}

impl Integer {
    /// The bits as Go's conversion to `uint64` gives them.
    fn bits(self) -> u64 {
        if self.negative {
            self.magnitude.wrapping_neg()
        } else {
            self.magnitude
        }
    }

    /// The character of this number; U+FFFD where there is none.
    fn to_char(self) -> char {
        u32::try_from(self.bits())
            .ok()
            .and_then(char::from_u32)
            .unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

/// How an integer is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Radix {
    Binary,
    /// `O` writes `0o` in front.
    Octal {
        marked: bool,
    },
    Decimal,
    Hexadecimal {
        upper: bool,
    },
}

impl Spec {
    /// The text padded to the width with blanks, or with zeros on the left.
    pub(super) fn pad(&self, text: Vec<u8>) -> Vec<u8> {
        let (before, after) = self.padding(&text);
        if before.is_empty() && after.is_empty() {
            return text;
        }
        [before, text, after].concat()
    }

    /// What goes in front of and behind a text; one of the two is empty.
    pub(super) fn padding(&self, text: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let missing = self
            .width
            .map_or(0, |width| width.saturating_sub(count_chars(text)));
        let filler = vec![if self.zero && !self.minus { b'0' } else { b' ' }; missing];
        if self.minus {
            (Vec::new(), filler)
        } else {
            (filler, Vec::new())
        }
    }

    fn pad_with_blanks(&self, text: Vec<u8>) -> Vec<u8> {
        Self {
            zero: false,
            ..*self
        }
        .pad(text)
    }

    /// How many bytes of a string the precision leaves: it counts characters.
    pub(super) fn kept_length(&self, text: &[u8]) -> usize {
        let Some(precision) = self.precision else {
            return text.len();
        };
        let mut at = 0;
        for _ in 0..precision {
            match decode(text, at) {
                Some((_, width)) => at += width,
                None => break,
            }
        }
        at
    }

    /// `%q`, and strings under `%#v`.
    pub(super) fn quoted(&self, text: &[u8]) -> Vec<u8> {
        let text = &text[..self.kept_length(text)];
        if self.sharp && can_backquote(text) {
            return self.pad([b"`", text, b"`"].concat());
        }
        self.pad(quote_with(text, self.plus))
    }

    /// `%q` of an integer: a character in single quotes.
    pub(super) fn quoted_char(&self, value: Integer) -> Vec<u8> {
        self.pad(quote_char(value.to_char(), self.plus))
    }

    /// `%c`
    pub(super) fn character(&self, value: Integer) -> Vec<u8> {
        self.pad(value.to_char().to_string().into_bytes())
    }

    /// `%U`
    pub(super) fn code_point(&self, value: Integer) -> Vec<u8> {
        let bits = value.bits();
        let digits = with_zeros(format!("{bits:X}"), self.precision.unwrap_or(0).max(4));
        let mut text = format!("U+{digits}");
        let character = u32::try_from(bits).ok().and_then(char::from_u32);
        if let Some(character) = character.filter(|found| self.sharp && is_printable(*found)) {
            text.push_str(&format!(" '{character}'"));
        }
        self.pad_with_blanks(text.into_bytes())
    }

    /// `%d`, `%b`, `%o`, `%O`, `%x`, `%X` of an integer.
    pub(super) fn integer(&self, value: Integer, radix: Radix) -> Vec<u8> {
        let Integer {
            magnitude,
            negative,
        } = value;
        let signed = negative || self.plus || self.space;
        let least_digits = match self.precision {
            // A zero without digits is nothing at all.
            Some(0) if magnitude == 0 => return self.pad_with_blanks(Vec::new()),
            Some(precision) => precision,
            None if self.zero && !self.minus => {
                self.width.unwrap_or(0).saturating_sub(usize::from(signed))
            }
            None => 0,
        };
        let digits = match radix {
            Radix::Binary => format!("{magnitude:b}"),
            Radix::Octal { .. } => format!("{magnitude:o}"),
            Radix::Decimal => magnitude.to_string(),
            Radix::Hexadecimal { upper: false } => format!("{magnitude:x}"),
            Radix::Hexadecimal { upper: true } => format!("{magnitude:X}"),
        };
        let digits = with_zeros(digits, least_digits);
        let sign = match () {
            () if negative => "-",
            () if self.plus => "+",
            () if self.space => " ",
            () => "",
        };
        let mark = self.radix_mark(radix, &digits);
        self.pad_with_blanks(format!("{sign}{mark}{digits}").into_bytes())
    }

    fn radix_mark(&self, radix: Radix, digits: &str) -> &'static str {
        match radix {
            Radix::Binary if self.sharp => "0b",
            Radix::Octal { marked } => match (marked, self.sharp && !digits.starts_with('0')) {
                (true, true) => "0o0",
                (true, false) => "0o",
                (false, true) => "0",
                (false, false) => "",
            },
            Radix::Hexadecimal { upper: false } if self.sharp => "0x",
            Radix::Hexadecimal { upper: true } if self.sharp => "0X",
            _ => "",
        }
    }

    /// `%x` and `%X` of a string or bytes.
    pub(super) fn hex_bytes(&self, text: &[u8], upper: bool) -> Vec<u8> {
        let length = self
            .precision
            .map_or(text.len(), |precision| precision.min(text.len()));
        let mark = match (self.sharp, upper) {
            (false, _) => "",
            (true, false) => "0x",
            (true, true) => "0X",
        };
        let separator = if self.space {
            format!(" {mark}")
        } else {
            String::new()
        };
        let mut out = String::with_capacity(length * 2 + mark.len());
        for (index, byte) in text[..length].iter().enumerate() {
            out.push_str(if index == 0 { mark } else { &separator });
            out.push_str(&if upper {
                format!("{byte:02X}")
            } else {
                format!("{byte:02x}")
            });
        }
        self.pad(out.into_bytes())
    }
}

/// Zeros in front, up to a length. (Rust's own formatting panics at widths above 65,535.)
fn with_zeros(digits: String, length: usize) -> String {
    match length.saturating_sub(digits.len()) {
        0 => digits,
        missing => "0".repeat(missing) + &digits,
    }
}

/// Characters as Go counts them: each byte that is no UTF-8 is one.
fn count_chars(text: &[u8]) -> usize {
    text.utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
        .sum()
}
