//! Characters to tokens.
//!
//! YAML marks a simple key only behind it, by its colon. So the scanner remembers where a key might have begun and
//! slips the key's token in later; until that is settled, the token in question waits in a queue.

mod block;
mod directive;
mod indicators;
mod plain;
mod quoted;
mod simple_keys;
mod tag;

use super::ParseError;
use super::reader::{Mark, Reader};
use super::token::{Payload, Token, TokenKind};
use crate::node::{Comment, ScalarStyle};
use simple_keys::SimpleKeys;
use std::collections::VecDeque;
use std::sync::Arc;

type Scan<T> = Result<T, ParseError>;

pub(super) struct Scanner<'t> {
    reader: Reader<'t>,
    queue: VecDeque<Token>,
    /// How many tokens have left the queue.
    taken: usize,
    /// The head of the queue is settled.
    available: bool,
    /// Column of the innermost block collection, -1 outside of all.
    indent: i32,
    outer_indents: Vec<i32>,
    flow_level: usize,
    simple_key_allowed: bool,
    simple_keys: SimpleKeys,
    comments: Vec<Comment>,
    /// Bound of `flow_level` and of `outer_indents`.
    depth: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(reader: Reader<'t>, depth: usize) -> Self {
        Self {
            reader,
            queue: VecDeque::new(),
            taken: 0,
            available: false,
            indent: -1,
            outer_indents: Vec::new(),
            flow_level: 0,
            simple_key_allowed: true,
            simple_keys: SimpleKeys::new(),
            comments: Vec::new(),
            depth,
        }
    }

    /// The next token, which stays. Behind the end of the stream come more ends.
    pub(super) fn peek(&mut self) -> Scan<&Token> {
        if !self.available {
            self.fetch_more_tokens()?;
        }
        // The queue holds a token now.
        let mark = self.reader.mark();
        self.queue
            .front()
            .ok_or_else(|| self.error_at(mark, "unknown problem parsing YAML content"))
    }

    /// Removes the token that `peek` showed.
    pub(super) fn take(&mut self) -> Option<Token> {
        self.available = false;
        self.taken += 1;
        self.queue.pop_front()
    }

    /// The comments met so far, in order.
    pub(super) fn into_comments(self) -> Vec<Comment> {
        self.comments
    }

    /// Reads on until the head of the queue can no longer turn out to be a key.
    fn fetch_more_tokens(&mut self) -> Scan<()> {
        while self.queue.is_empty() || self.head_may_be_key()? {
            self.fetch_next_token()?;
        }
        self.available = true;
        Ok(())
    }

    fn fetch_next_token(&mut self) -> Scan<()> {
        self.reader.need(1)?;
        self.skip_to_next_token()?;
        self.unroll_indent(self.reader.column());
        self.reader.need(4)?;
        if self.reader.at_end() {
            return self.fetch_stream_end();
        }
        let byte = self.reader.byte(0);
        if self.reader.mark().column == 0 && byte == b'%' {
            return self.fetch_directive();
        }
        if self.reader.at_document_indicator() {
            let kind = if byte == b'-' {
                TokenKind::DocumentStart
            } else {
                TokenKind::DocumentEnd
            };
            return self.fetch_document_indicator(kind);
        }
        let in_block = self.flow_level == 0;
        let blank_follows = self.reader.blank_or_end(1);
        match byte {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if blank_follows => self.fetch_block_entry(),
            b'?' if blank_follows || !in_block => self.fetch_key(),
            b':' if blank_follows || !in_block => self.fetch_value(),
            b'*' => self.fetch_name(TokenKind::Alias),
            b'&' => self.fetch_name(TokenKind::Anchor),
            b'!' => self.fetch_tag(),
            b'|' if in_block => self.fetch_block_scalar(ScalarStyle::Literal),
            b'>' if in_block => self.fetch_block_scalar(ScalarStyle::Folded),
            b'\'' => self.fetch_quoted(ScalarStyle::SingleQuoted),
            b'"' => self.fetch_quoted(ScalarStyle::DoubleQuoted),
            b'\t' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => {
                Err(self.error("found character that cannot start any token"))
            }
            _ => self.fetch_plain(),
        }
    }

    /// Moves over blanks, comments and line breaks. Tabs are blanks where no block structure can begin.
    fn skip_to_next_token(&mut self) -> Scan<()> {
        loop {
            self.reader.need(1)?;
            self.reader.skip_byte_order_mark();
            self.reader.need(1)?;
            let tabs = self.flow_level > 0 || !self.simple_key_allowed;
            while self.reader.byte(0) == b' ' || (tabs && self.reader.byte(0) == b'\t') {
                self.reader.skip();
                self.reader.need(1)?;
            }
            self.skip_comment()?;
            if !self.reader.at_break() {
                return Ok(());
            }
            self.reader.need(2)?;
            self.reader.take_break();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    /// Moves over a comment, if one begins here, and keeps it.
    fn skip_comment(&mut self) -> Scan<()> {
        if self.reader.byte(0) != b'#' {
            return Ok(());
        }
        let start = self.reader.offset();
        self.reader.skip_to_break()?;
        let end = self.reader.offset();
        let text = self.reader.slice(start + 1..end).to_owned();
        self.comments.push(Comment {
            span: start as u32..end as u32,
            text,
        });
        Ok(())
    }

    /// Opens a block collection at `column` if that is deeper than the current one. `number` is the token in front
    /// of which its token belongs; None appends it.
    fn roll_indent(
        &mut self,
        column: i32,
        number: Option<usize>,
        kind: TokenKind,
        mark: Mark,
    ) -> Scan<()> {
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.outer_indents.push(self.indent);
        self.indent = column;
        if self.outer_indents.len() > self.depth {
            return Err(self.too_deep());
        }
        self.insert(number, Token::bare(kind, mark, mark));
        Ok(())
    }

    /// Closes the block collections that are deeper than `column`.
    fn unroll_indent(&mut self, column: i32) {
        if self.flow_level > 0 {
            return;
        }
        let mark = self.reader.mark();
        while self.indent > column {
            self.push(Token::bare(TokenKind::BlockEnd, mark, mark));
            self.indent = self.outer_indents.pop().unwrap_or(-1);
        }
    }

    fn push(&mut self, token: Token) {
        self.queue.push_back(token);
    }

    /// Puts a token in front of the token of this number. If that one has left the queue, goyaml appends.
    fn insert(&mut self, number: Option<usize>, token: Token) {
        match number.and_then(|number| number.checked_sub(self.taken)) {
            Some(position) if position <= self.queue.len() => self.queue.insert(position, token),
            _ => self.push(token),
        }
    }

    /// The number of the token that will be appended next.
    fn next_number(&self) -> usize {
        self.taken + self.queue.len()
    }

    fn push_scalar(&mut self, start: Mark, end: Mark, value: Arc<str>, style: ScalarStyle) {
        self.push(Token {
            kind: TokenKind::Scalar,
            start,
            end,
            payload: Payload::Scalar { value, style },
        });
    }

    fn too_deep(&self) -> ParseError {
        self.error(&format!("exceeded max depth of {}", self.depth))
    }

    /// An error at the position.
    fn error(&self, problem: &str) -> ParseError {
        self.error_at(self.reader.mark(), problem)
    }

    /// goyaml gives the line of the scanner's position, and none for the first line.
    fn error_at(&self, mark: Mark, problem: &str) -> ParseError {
        let message = match mark.line {
            0 => problem.to_owned(),
            line => format!("line {}: {problem}", line + 1),
        };
        ParseError {
            message,
            offset: mark.offset,
        }
    }
}
