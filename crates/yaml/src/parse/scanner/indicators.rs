//! Tokens of one character, document markers, and the end.

use super::{Scan, Scanner};
use crate::parse::token::{Token, TokenKind};

impl Scanner<'_> {
    pub(super) fn fetch_stream_end(&mut self) -> Scan<()> {
        self.reader.force_new_line();
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.push_characters(TokenKind::StreamEnd, 0);
        Ok(())
    }

    pub(super) fn fetch_document_indicator(&mut self, kind: TokenKind) -> Scan<()> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.push_characters(kind, 3);
        Ok(())
    }

    pub(super) fn fetch_flow_start(&mut self, kind: TokenKind) -> Scan<()> {
        self.save_simple_key()?;
        self.simple_keys
            .open_level(self.next_number(), self.reader.mark());
        self.flow_level += 1;
        if self.flow_level > self.depth {
            return Err(self.too_deep());
        }
        self.simple_key_allowed = true;
        self.push_characters(kind, 1);
        Ok(())
    }

    pub(super) fn fetch_flow_end(&mut self, kind: TokenKind) -> Scan<()> {
        self.remove_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            self.simple_keys.close_level();
        }
        self.simple_key_allowed = false;
        self.push_characters(kind, 1);
        Ok(())
    }

    pub(super) fn fetch_flow_entry(&mut self) -> Scan<()> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_characters(TokenKind::FlowEntry, 1);
        Ok(())
    }

    /// `-`. In a flow collection the grammar rejects it.
    pub(super) fn fetch_block_entry(&mut self) -> Scan<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.error("block sequence entries are not allowed in this context"));
            }
            self.open_block_collection(TokenKind::BlockSequenceStart)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_characters(TokenKind::BlockEntry, 1);
        Ok(())
    }

    /// `?`.
    pub(super) fn fetch_key(&mut self) -> Scan<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.error("mapping keys are not allowed in this context"));
            }
            self.open_block_collection(TokenKind::BlockMappingStart)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.push_characters(TokenKind::Key, 1);
        Ok(())
    }

    /// `:`, behind a simple key or on its own.
    pub(super) fn fetch_value(&mut self) -> Scan<()> {
        if let Some(key) = self.take_simple_key()? {
            self.insert(
                Some(key.number),
                Token::bare(TokenKind::Key, key.mark, key.mark),
            );
            let column = key.mark.column as i32;
            self.roll_indent(
                column,
                Some(key.number),
                TokenKind::BlockMappingStart,
                key.mark,
            )?;
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return Err(self.error("mapping values are not allowed in this context"));
                }
                self.open_block_collection(TokenKind::BlockMappingStart)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.push_characters(TokenKind::Value, 1);
        Ok(())
    }

    fn open_block_collection(&mut self, kind: TokenKind) -> Scan<()> {
        self.roll_indent(self.reader.column(), None, kind, self.reader.mark())
    }

    /// Appends the token that the next `count` characters are.
    fn push_characters(&mut self, kind: TokenKind, count: usize) {
        let start = self.reader.mark();
        (0..count).for_each(|_| self.reader.skip());
        self.push(Token::bare(kind, start, self.reader.mark()));
    }
}
