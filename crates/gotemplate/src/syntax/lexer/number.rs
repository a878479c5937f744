//! Where numbers end.

use super::Lexer;
use crate::syntax::quote::quote;
use crate::syntax::token::{Token, TokenKind};
use crate::syntax::unicode::{decode, is_alphanumeric};

impl Lexer<'_> {
    /// A number, or two that are glued together by the second one's sign. What is no number in spite of its
    /// letters is found out by the parser.
    pub(super) fn number(&mut self, start: usize) -> Token {
        let (mut end, mut ok) = self.scan_number(start);
        let mut kind = TokenKind::Number;
        if ok && matches!(self.byte(end), Some(b'+' | b'-')) {
            (end, ok) = self.scan_number(end);
            ok = ok && self.byte(end - 1) == Some(b'i');
            kind = TokenKind::Complex;
        }
        if ok {
            return self.token(kind, start, end);
        }
        let written = quote(self.text.get(start..end).unwrap_or_default());
        self.fail(start, format!("bad number syntax: {written}"))
    }

    /// Where a number ends, and whether nothing alphanumeric follows it; if it does, that is in the range.
    fn scan_number(&self, start: usize) -> (usize, bool) {
        let mut at = self.skip_one(start, b"+-");
        let mut digits: &[u8] = b"0123456789_";
        if self.byte(at) == Some(b'0') {
            at += 1;
            let prefixed = match self.byte(at) {
                Some(b'x' | b'X') => Some(b"0123456789abcdefABCDEF_".as_slice()),
                Some(b'o' | b'O') => Some(b"01234567_".as_slice()),
                Some(b'b' | b'B') => Some(b"01_".as_slice()),
                _ => None,
            };
            if let Some(prefixed) = prefixed {
                digits = prefixed;
                at += 1;
            }
        }
        at = self.skip_all(at, digits);
        if self.byte(at) == Some(b'.') {
            at = self.skip_all(at + 1, digits);
        }
        let exponent: &[u8] = match digits.len() {
            11 => b"eE",
            23 => b"pP",
            _ => b"",
        };
        if self.skip_one(at, exponent) > at {
            at = self.skip_all(self.skip_one(at + 1, b"+-"), b"0123456789_");
        }
        at = self.skip_one(at, b"i");
        match decode(self.text, at) {
            Some((c, width)) if is_alphanumeric(c) => (at + width, false),
            _ => (at, true),
        }
    }

    fn skip_one(&self, at: usize, set: &[u8]) -> usize {
        if self.byte(at).is_some_and(|byte| set.contains(&byte)) {
            at + 1
        } else {
            at
        }
    }

    fn skip_all(&self, mut at: usize, set: &[u8]) -> usize {
        while self.byte(at).is_some_and(|byte| set.contains(&byte)) {
            at += 1;
        }
        at
    }
}
