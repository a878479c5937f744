//! `%YAML` and `%TAG` lines.

use super::{Scan, Scanner};
use crate::parse::token::{Payload, Token, TokenKind};

/// Digits of a version number.
const MAX_VERSION_LENGTH: usize = 2;

impl Scanner<'_> {
    pub(super) fn fetch_directive(&mut self) -> Scan<()> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark();
        self.reader.skip();
        let (kind, payload) = match self.scan_directive_name()? {
            "YAML" => (TokenKind::VersionDirective, self.scan_version()?),
            "TAG" => (TokenKind::TagDirective, self.scan_tag_definition()?),
            _ => return Err(self.error("found unknown directive name")),
        };
        let end = self.reader.mark();
        self.skip_rest_of_directive()?;
        self.push(Token {
            kind,
            start,
            end,
            payload,
        });
        Ok(())
    }

    fn scan_directive_name(&mut self) -> Scan<&str> {
        self.reader.need(1)?;
        let start = self.reader.offset();
        self.skip_word()?;
        let name = start..self.reader.offset();
        if name.is_empty() {
            return Err(self.error("could not find expected directive name"));
        }
        if !self.reader.blank_or_end(0) {
            return Err(self.error("found unexpected non-alphabetical character"));
        }
        Ok(self.reader.slice(name))
    }

    /// Moves over letters, digits, `_` and `-`.
    pub(super) fn skip_word(&mut self) -> Scan<()> {
        while matches!(self.reader.byte(0), b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-') {
            self.reader.skip();
            self.reader.need(1)?;
        }
        Ok(())
    }

    fn scan_version(&mut self) -> Scan<Payload> {
        self.reader.skip_blanks()?;
        let major = self.scan_version_number()?;
        if self.reader.byte(0) != b'.' {
            return Err(self.error("did not find expected digit or '.' character"));
        }
        self.reader.skip();
        let minor = self.scan_version_number()?;
        Ok(Payload::Version { major, minor })
    }

    fn scan_version_number(&mut self) -> Scan<u8> {
        self.reader.need(1)?;
        let mut value = 0;
        let mut length = 0;
        while self.reader.byte(0).is_ascii_digit() {
            length += 1;
            if length > MAX_VERSION_LENGTH {
                return Err(self.error("found extremely long version number"));
            }
            value = value * 10 + (self.reader.byte(0) - b'0');
            self.reader.skip();
            self.reader.need(1)?;
        }
        if length == 0 {
            return Err(self.error("did not find expected version number"));
        }
        Ok(value)
    }

    fn scan_tag_definition(&mut self) -> Scan<Payload> {
        self.reader.skip_blanks()?;
        let handle = self.scan_tag_handle(true)?;
        self.reader.need(1)?;
        if !self.reader.at_blank() {
            return Err(self.error("did not find expected whitespace"));
        }
        self.reader.skip_blanks()?;
        let rest = self.scan_tag_uri(None)?;
        self.reader.need(1)?;
        if !self.reader.blank_or_end(0) {
            return Err(self.error("did not find expected whitespace or line break"));
        }
        Ok(Payload::Tag { handle, rest })
    }

    fn skip_rest_of_directive(&mut self) -> Scan<()> {
        self.reader.skip_blanks()?;
        self.skip_comment()?;
        if !self.reader.at_break_or_end() {
            return Err(self.error("did not find expected comment or line break"));
        }
        if self.reader.at_break() {
            self.reader.need(2)?;
            self.reader.take_break();
        }
        Ok(())
    }
}
