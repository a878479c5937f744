//! The characters of a text, checked block by block, and the position among them.
//!
//! libyaml reads blocks of 512 bytes and reports a forbidden character when the block that holds it is read, be it
//! ahead of a syntax error or behind it. So this reader goes over the text in the same blocks.

use super::ParseError;
use super::encoding::{Broken, Decoded, utf8_problem};
use std::ops::Range;

/// How many bytes libyaml takes from the text at a time.
const BLOCK: usize = 512;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A position in the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// In bytes.
    pub(super) offset: u32,
    /// In characters.
    pub(super) index: u32,
    /// From 0.
    pub(super) line: u32,
    /// In characters, from 0.
    pub(super) column: u32,
}

pub(super) struct Reader<'t> {
    text: &'t str,
    broken: Option<&'t Broken<'t>>,
    mark: Mark,
    /// Up to here characters have been checked.
    checked_end: usize,
    /// How many characters lie before `checked_end`, the NULs at the end of the text included.
    checked: u32,
    /// Up to here bytes have been taken from the text.
    block_end: usize,
    /// The end of the text has been seen.
    ended: bool,
    /// Where libyaml's buffer begins, see [`Reader::skip_byte_order_mark`].
    buffer_start: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(decoded: &'t Decoded<'t>) -> Self {
        let start = decoded.start;
        Self {
            text: &decoded.text,
            broken: decoded.broken.as_ref(),
            mark: Mark {
                offset: start as u32,
                ..Mark::default()
            },
            checked_end: start,
            checked: 0,
            block_end: 0,
            ended: false,
            buffer_start: start,
        }
    }

    pub(super) fn mark(&self) -> Mark {
        self.mark
    }

    pub(super) fn offset(&self) -> usize {
        self.mark.offset as usize
    }

    pub(super) fn column(&self) -> i32 {
        self.mark.column as i32
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// Makes sure that the next `count` characters have been checked.
    #[inline]
    pub(super) fn need(&mut self, count: u32) -> Result<(), ParseError> {
        if self.unread() >= count {
            Ok(())
        } else {
            self.fill(count)
        }
    }

    /// The byte `ahead` of the position; NUL, which no text may hold, behind the end.
    #[inline]
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.offset() + ahead)
            .copied()
            .unwrap_or(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.byte(0) == 0
    }

    /// A space or a tab.
    #[inline]
    pub(super) fn at_blank(&self) -> bool {
        matches!(self.byte(0), b' ' | b'\t')
    }

    #[inline]
    pub(super) fn at_break(&self) -> bool {
        self.break_width(0) > 0
    }

    #[inline]
    pub(super) fn at_break_or_end(&self) -> bool {
        self.byte(0) == 0 || self.at_break()
    }

    /// Whether a blank, a line break or the end stands `ahead` bytes on.
    #[inline]
    pub(super) fn blank_or_end(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t' | 0) || self.break_width(ahead) > 0
    }

    /// Whether `---` or `...` stands alone at the beginning of the line.
    pub(super) fn at_document_indicator(&self) -> bool {
        self.mark.column == 0
            && matches!(
                [self.byte(0), self.byte(1), self.byte(2)],
                [b'-', b'-', b'-'] | [b'.', b'.', b'.']
            )
            && self.blank_or_end(3)
    }

    /// The bytes of the line break `ahead`, CR LF being two; 0 if there is none.
    #[inline]
    pub(super) fn break_width(&self, ahead: usize) -> usize {
        match self.byte(ahead) {
            b'\n' => 1,
            b'\r' if self.byte(ahead + 1) == b'\n' => 2,
            b'\r' => 1,
            0xc2 if self.byte(ahead + 1) == 0x85 => 2,
            0xe2 if self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xa8 | 0xa9) => {
                3
            }
            _ => 0,
        }
    }

    /// Moves over one character.
    #[inline]
    pub(super) fn skip(&mut self) {
        self.mark.offset += match self.byte(0) {
            0 if self.offset() >= self.text.len() => 0,
            0x00..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xff => 4,
        };
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// Moves over blanks.
    pub(super) fn skip_blanks(&mut self) -> Result<(), ParseError> {
        self.need(1)?;
        while self.at_blank() {
            self.skip();
            self.need(1)?;
        }
        Ok(())
    }

    /// Moves to the end of the line.
    pub(super) fn skip_to_break(&mut self) -> Result<(), ParseError> {
        while !self.at_break_or_end() {
            self.skip();
            self.need(1)?;
        }
        Ok(())
    }

    /// Moves over one line break, if there is one, and says what it stands for: CR, LF, CR LF and NEL for `\n`, the
    /// separators U+2028 and U+2029 for themselves.
    pub(super) fn take_break(&mut self) -> Option<&'static str> {
        let width = self.break_width(0);
        let meaning = match (width, self.byte(2)) {
            (0, _) => return None,
            (3, 0xa8) => "\u{2028}",
            (3, _) => "\u{2029}",
            _ => "\n",
        };
        let is_pair = width == 2 && self.byte(0) == b'\r';
        self.mark.index += if is_pair { 2 } else { 1 };
        self.mark.offset += width as u32;
        self.mark.column = 0;
        self.mark.line += 1;
        Some(meaning)
    }

    /// Lets a byte order mark begin a line. libyaml looks for it at the beginning of its buffer instead of at the
    /// position, so that a mark there makes it drop the first character of every line until the buffer moves on.
    pub(super) fn skip_byte_order_mark(&mut self) {
        let buffer = self.text.get(self.buffer_start..).unwrap_or_default();
        if self.mark.column == 0 && buffer.starts_with(BYTE_ORDER_MARK) {
            self.skip();
        }
    }

    /// At the end of the text, libyaml acts as if the last line had been ended.
    pub(super) fn force_new_line(&mut self) {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
    }

    fn unread(&self) -> u32 {
        self.checked.saturating_sub(self.mark.index)
    }

    #[cold]
    fn fill(&mut self, count: u32) -> Result<(), ParseError> {
        self.buffer_start = self.offset();
        let mut first = true;
        while self.unread() < count {
            if !first || self.checked_end >= self.block_end {
                self.take_block();
            }
            first = false;
            self.check_block()?;
            if self.ended {
                // The NUL that marks the end.
                self.checked += 1;
                break;
            }
        }
        Ok(())
    }

    fn take_block(&mut self) {
        let broken_length = match self.broken {
            Some(Broken::Utf8(rest)) => rest.len(),
            Some(Broken::Utf16 { .. }) => 1,
            None => 0,
        };
        let length = self.text.len() + broken_length;
        // A block begins with what is left of a character that the one before cut in two. The byte order mark takes
        // its place in the first block.
        let block_start = if self.block_end == 0 {
            0
        } else {
            self.checked_end
        };
        if self.block_end >= length {
            self.ended = true;
        } else {
            self.block_end = (block_start + BLOCK).min(length);
        }
    }

    /// Checks the characters that lie wholly in the block.
    fn check_block(&mut self) -> Result<(), ParseError> {
        let end = self.text.floor_char_boundary(self.block_end);
        let block = self.text.get(self.checked_end..end).unwrap_or_default();
        if let Some(at) = find_control(block.as_bytes()) {
            return Err(reader_error(
                "control characters are not allowed",
                self.checked_end + at,
            ));
        }
        self.checked += block.chars().count() as u32;
        self.checked_end = self.checked_end.max(end);
        let Some(broken) = self.broken.filter(|_| self.checked_end == self.text.len()) else {
            return Ok(());
        };
        let problem = match broken {
            Broken::Utf8(rest) => {
                utf8_problem(&rest[..self.block_end.saturating_sub(end)], self.ended)
            }
            Broken::Utf16 {
                problem,
                at_end: true,
            } => self.ended.then_some(*problem),
            Broken::Utf16 {
                problem,
                at_end: false,
            } => (self.block_end > end).then_some(*problem),
        };
        problem.map_or(Ok(()), |problem| Err(reader_error(problem, end)))
    }
}

/// Errors of the reader carry no line.
fn reader_error(problem: &str, offset: usize) -> ParseError {
    ParseError {
        message: problem.to_owned(),
        offset: offset as u32,
    }
}

/// The first byte of a character that no YAML text may hold: C0 except tab, LF and CR, DEL, C1 except NEL, U+FFFE
/// and U+FFFF.
fn find_control(bytes: &[u8]) -> Option<usize> {
    let suspicious = |byte: &u8| !matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..=0xc1 | 0xc3..=0xee | 0xf0..);
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(suspicious) {
        let character = &bytes[from + at..];
        let allowed = match character {
            [0xc2, second, ..] => *second == 0x85 || *second >= 0xa0,
            [0xef, 0xbf, third, ..] => *third < 0xbe,
            [0xef, ..] => true,
            _ => false,
        };
        if !allowed {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}
