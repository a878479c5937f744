//! Anchors, aliases and tags.

use super::{Scan, Scanner};
use crate::parse::token::{Payload, Token, TokenKind};

impl Scanner<'_> {
    /// `&name` or `*name`.
    pub(super) fn fetch_name(&mut self, kind: TokenKind) -> Scan<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark();
        self.reader.skip();
        self.reader.need(1)?;
        let name_start = self.reader.offset();
        self.skip_word()?;
        let name = self.reader.slice(name_start..self.reader.offset());
        let ended = self.reader.blank_or_end(0)
            || matches!(
                self.reader.byte(0),
                b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'
            );
        if name.is_empty() || !ended {
            return Err(self.error("did not find expected alphabetic or numeric character"));
        }
        let payload = Payload::Name(name.into());
        self.push(Token {
            kind,
            start,
            end: self.reader.mark(),
            payload,
        });
        Ok(())
    }

    pub(super) fn fetch_tag(&mut self) -> Scan<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark();
        self.reader.need(2)?;
        let (handle, rest) = if self.reader.byte(1) == b'<' {
            (Vec::new(), self.scan_verbatim_tag()?)
        } else {
            self.scan_shorthand_tag()?
        };
        self.reader.need(1)?;
        if !self.reader.blank_or_end(0) {
            return Err(self.error("did not find expected whitespace or line break"));
        }
        let payload = Payload::Tag { handle, rest };
        self.push(Token {
            kind: TokenKind::Tag,
            start,
            end: self.reader.mark(),
            payload,
        });
        Ok(())
    }

    /// `!<uri>`.
    fn scan_verbatim_tag(&mut self) -> Scan<Vec<u8>> {
        self.reader.skip();
        self.reader.skip();
        let uri = self.scan_tag_uri(None)?;
        if self.reader.byte(0) != b'>' {
            return Err(self.error("did not find the expected '>'"));
        }
        self.reader.skip();
        Ok(uri)
    }

    /// `!handle!suffix`, `!suffix`, or `!` alone, which is a tag without a handle.
    fn scan_shorthand_tag(&mut self) -> Scan<(Vec<u8>, Vec<u8>)> {
        let handle = self.scan_tag_handle(false)?;
        if handle.len() > 1 && handle.ends_with(b"!") {
            let suffix = self.scan_tag_uri(None)?;
            return Ok((handle, suffix));
        }
        // It was no handle, but the beginning of a suffix.
        let suffix = self.scan_tag_uri(Some(&handle))?;
        if suffix.is_empty() {
            Ok((suffix, b"!".to_vec()))
        } else {
            Ok((b"!".to_vec(), suffix))
        }
    }

    /// `!`, a word, and `!` again if it stands there; a directive must have it.
    pub(super) fn scan_tag_handle(&mut self, directive: bool) -> Scan<Vec<u8>> {
        self.reader.need(1)?;
        let start = self.reader.offset();
        if self.reader.byte(0) != b'!' {
            return Err(self.error("did not find expected '!'"));
        }
        self.reader.skip();
        self.reader.need(1)?;
        self.skip_word()?;
        if self.reader.byte(0) == b'!' {
            self.reader.skip();
        } else if directive && self.reader.offset() - start > 1 {
            return Err(self.error("did not find expected '!'"));
        }
        Ok(self
            .reader
            .slice(start..self.reader.offset())
            .as_bytes()
            .to_vec())
    }

    /// A URI with its escapes decoded. `head` is a beginning that has been read already, with a `!` that does not
    /// belong to it.
    pub(super) fn scan_tag_uri(&mut self, head: Option<&[u8]>) -> Scan<Vec<u8>> {
        let mut uri = head.map_or_else(Vec::new, |head| head[1..].to_vec());
        let mut found = head.is_some();
        self.reader.need(1)?;
        while is_uri_byte(self.reader.byte(0)) {
            if self.reader.byte(0) == b'%' {
                self.scan_uri_escape(&mut uri)?;
            } else {
                uri.push(self.reader.byte(0));
                self.reader.skip();
            }
            self.reader.need(1)?;
            found = true;
        }
        if found {
            Ok(uri)
        } else {
            Err(self.error("did not find expected tag URI"))
        }
    }

    /// The octets of one escaped UTF-8 character.
    fn scan_uri_escape(&mut self, uri: &mut Vec<u8>) -> Scan<()> {
        let mut missing = None;
        while missing != Some(0) {
            self.reader.need(3)?;
            let digit = |at| char::from(self.reader.byte(at)).to_digit(16);
            let (b'%', Some(high), Some(low)) = (self.reader.byte(0), digit(1), digit(2)) else {
                return Err(self.error("did not find URI escaped octet"));
            };
            let octet = (high << 4 | low) as u8;
            let left = match missing {
                Some(left) if octet & 0xc0 == 0x80 => left,
                Some(_) => return Err(self.error("found an incorrect trailing UTF-8 octet")),
                None => match utf8_width(octet) {
                    0 => return Err(self.error("found an incorrect leading UTF-8 octet")),
                    width => width,
                },
            };
            uri.push(octet);
            (0..3).for_each(|_| self.reader.skip());
            missing = Some(left - 1);
        }
        Ok(())
    }
}

fn is_uri_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || (byte != 0 && b"_-;/?:@&=+$,.!~*'()[]%".contains(&byte))
}

/// How many octets the character has that begins with this one; 0 if none does.
fn utf8_width(octet: u8) -> u8 {
    match octet {
        0x00..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 0,
    }
}
