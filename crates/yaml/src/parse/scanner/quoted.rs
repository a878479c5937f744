//! Single- and double-quoted scalars.

use super::plain::{Fold, Pieces};
use super::{Scan, Scanner};
use crate::node::ScalarStyle;

impl Scanner<'_> {
    pub(super) fn fetch_quoted(&mut self, style: ScalarStyle) -> Scan<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark();
        let quote = self.reader.byte(0);
        self.reader.skip();
        let mut pieces = Pieces::new(self.reader.offset());
        loop {
            self.reader.need(4)?;
            if self.reader.at_document_indicator() {
                return Err(self.error("found unexpected document indicator"));
            }
            if self.reader.at_end() {
                return Err(self.error("found unexpected end of stream"));
            }
            let fold = self.scan_quoted_word(style, &mut pieces)?;
            self.reader.need(1)?;
            if self.reader.byte(0) == quote {
                break;
            }
            self.skip_quoted_blanks(fold, &mut pieces)?;
        }
        let piece = self.reader.slice(pieces.start()..self.reader.offset());
        self.reader.skip();
        self.push_scalar(start, self.reader.mark(), pieces.finish(piece), style);
        Ok(())
    }

    /// Moves over characters up to a blank, a line break, or the closing quote. An escaped line break ends the word
    /// too, and begins a fold.
    fn scan_quoted_word(&mut self, style: ScalarStyle, pieces: &mut Pieces) -> Scan<Option<Fold>> {
        let single = style == ScalarStyle::SingleQuoted;
        while !self.reader.blank_or_end(0) {
            match self.reader.byte(0) {
                b'\'' if single && self.reader.byte(1) == b'\'' => {
                    self.reader.skip();
                    pieces.push(self.reader.slice(pieces.start()..self.reader.offset()), "");
                    self.reader.skip();
                    pieces.restart(self.reader.offset());
                }
                b'\'' if single => return Ok(None),
                b'"' if !single => return Ok(None),
                b'\\' if !single && self.reader.break_width(1) > 0 => {
                    self.reader.need(3)?;
                    pieces.push(self.reader.slice(pieces.start()..self.reader.offset()), "");
                    self.reader.skip();
                    self.reader.take_break();
                    pieces.restart(self.reader.offset());
                    return Ok(Some(Fold::default()));
                }
                b'\\' if !single => self.scan_escape(pieces)?,
                _ => self.reader.skip(),
            }
            self.reader.need(2)?;
        }
        Ok(None)
    }

    fn skip_quoted_blanks(&mut self, mut fold: Option<Fold>, pieces: &mut Pieces) -> Scan<()> {
        let word_end = self.reader.offset();
        while self.reader.at_blank() || self.reader.at_break() {
            if self.reader.at_blank() {
                self.reader.skip();
            } else {
                self.take_folded_break(&mut fold)?;
            }
            self.reader.need(1)?;
        }
        if let Some(fold) = fold {
            pieces.push(self.reader.slice(pieces.start()..word_end), &fold.text());
            pieces.restart(self.reader.offset());
        }
        Ok(())
    }

    fn scan_escape(&mut self, pieces: &mut Pieces) -> Scan<()> {
        let piece = self.reader.slice(pieces.start()..self.reader.offset());
        let meaning = match self.reader.byte(1) {
            b'0' => Escape::Means('\0'),
            b'a' => Escape::Means('\x07'),
            b'b' => Escape::Means('\x08'),
            b't' | b'\t' => Escape::Means('\t'),
            b'n' => Escape::Means('\n'),
            b'v' => Escape::Means('\x0b'),
            b'f' => Escape::Means('\x0c'),
            b'r' => Escape::Means('\r'),
            b'e' => Escape::Means('\x1b'),
            literal @ (b' ' | b'"' | b'\'' | b'\\') => Escape::Means(char::from(literal)),
            b'N' => Escape::Means('\u{85}'),
            b'_' => Escape::Means('\u{a0}'),
            b'L' => Escape::Means('\u{2028}'),
            b'P' => Escape::Means('\u{2029}'),
            b'x' => Escape::Digits(2),
            b'u' => Escape::Digits(4),
            b'U' => Escape::Digits(8),
            _ => return Err(self.error("found unknown escape character")),
        };
        self.reader.skip();
        self.reader.skip();
        let character = match meaning {
            Escape::Means(character) => character,
            Escape::Digits(count) => self.scan_code_point(count)?,
        };
        pieces.push(piece, character.encode_utf8(&mut [0; 4]));
        pieces.restart(self.reader.offset());
        Ok(())
    }

    fn scan_code_point(&mut self, digits: u32) -> Scan<char> {
        self.reader.need(digits)?;
        let mut value = 0_u32;
        for at in 0..digits as usize {
            let Some(digit) = char::from(self.reader.byte(at)).to_digit(16) else {
                // The spelling is libyaml's.
                return Err(self.error("did not find expected hexdecimal number"));
            };
            value = value << 4 | digit;
        }
        let Some(character) = char::from_u32(value) else {
            return Err(self.error("found invalid Unicode character escape code"));
        };
        (0..digits).for_each(|_| self.reader.skip());
        Ok(character)
    }
}

/// What stands behind a backslash.
enum Escape {
    Means(char),
    /// So many hexadecimal digits of a code point follow.
    Digits(u32),
}
