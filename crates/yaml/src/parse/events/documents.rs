//! Where documents begin and end, and their directives.

use super::{Event, EventKind, EventReader, State, grammar_error};
use crate::parse::ParseError;
use crate::parse::reader::Mark;
use crate::parse::token::{Payload, Token, TokenKind};

const DEFAULT_TAG_DIRECTIVES: [(&[u8], &[u8]); 2] = [(b"!", b"!"), (b"!!", b"tag:yaml.org,2002:")];

impl EventReader<'_> {
    /// `implicit`: the document may begin without `---`.
    pub(super) fn document_start(&mut self, implicit: bool) -> Result<Event, ParseError> {
        let mut kind = self.peek()?;
        while !implicit && kind == TokenKind::DocumentEnd {
            self.take();
            kind = self.peek()?;
        }
        let start = self.last_end;
        match kind {
            TokenKind::StreamEnd => {
                self.take();
                self.state = State::End;
                Ok(Event::bare(EventKind::StreamEnd, self.here()))
            }
            TokenKind::VersionDirective | TokenKind::TagDirective | TokenKind::DocumentStart => {
                self.explicit_document_start()
            }
            _ if implicit => {
                self.process_directives()?;
                self.states.push(State::DocumentEnd);
                self.state = State::BlockNode;
                Ok(Event::bare(EventKind::DocumentStart { start }, self.here()))
            }
            _ => self.explicit_document_start(),
        }
    }

    fn explicit_document_start(&mut self) -> Result<Event, ParseError> {
        self.process_directives()?;
        if self.peek()? != TokenKind::DocumentStart {
            return Err(self.unexpected("did not find expected <document start>"));
        }
        self.take();
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        Ok(Event::bare(
            EventKind::DocumentStart {
                start: self.last_end,
            },
            self.here(),
        ))
    }

    pub(super) fn document_content(&mut self) -> Result<Event, ParseError> {
        match self.peek()? {
            TokenKind::VersionDirective
            | TokenKind::TagDirective
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                self.pop_state();
                Ok(Event::bare(EventKind::Nothing, self.here()))
            }
            _ => self.node(true, false),
        }
    }

    pub(super) fn document_end(&mut self) -> Result<Event, ParseError> {
        let end = self.peek_mark()?.offset;
        if self.peek()? == TokenKind::DocumentEnd {
            self.take();
        }
        self.tag_directives.clear();
        self.state = State::DocumentStart { implicit: false };
        Ok(Event::bare(EventKind::DocumentEnd { end }, self.here()))
    }

    fn process_directives(&mut self) -> Result<(), ParseError> {
        let mut has_version = false;
        while matches!(
            self.peek()?,
            TokenKind::VersionDirective | TokenKind::TagDirective
        ) {
            let Some(Token { payload, start, .. }) = self.take() else {
                break;
            };
            match payload {
                Payload::Version { .. } if has_version => {
                    return Err(grammar_error("found duplicate %YAML directive", start));
                }
                Payload::Version { major: 1, minor: 1 } => has_version = true,
                Payload::Version { .. } => {
                    return Err(grammar_error("found incompatible YAML document", start));
                }
                Payload::Tag { handle, rest } => self.define_tag_handle(handle, rest, start)?,
                _ => {}
            }
        }
        for (handle, prefix) in DEFAULT_TAG_DIRECTIVES {
            self.tag_directives
                .entry(handle.to_vec())
                .or_insert_with(|| prefix.to_vec());
        }
        Ok(())
    }

    fn define_tag_handle(
        &mut self,
        handle: Vec<u8>,
        prefix: Vec<u8>,
        mark: Mark,
    ) -> Result<(), ParseError> {
        match self.tag_directives.insert(handle, prefix) {
            None => Ok(()),
            Some(_) => Err(grammar_error("found duplicate %TAG directive", mark)),
        }
    }
}
