//! The insides of sequences and mappings, block and flow.

use super::{Event, EventKind, EventReader, State};
use crate::parse::ParseError;
use crate::parse::token::TokenKind;

type Step = Result<Event, ParseError>;

impl EventReader<'_> {
    pub(super) fn block_sequence_entry(&mut self, first: bool) -> Step {
        if first {
            self.peek()?;
            self.take();
        }
        match self.peek()? {
            TokenKind::BlockEntry => {
                self.take();
                let next = State::BlockSequenceEntry { first: false };
                match self.peek()? {
                    TokenKind::BlockEntry | TokenKind::BlockEnd => Ok(self.nothing(next)),
                    _ => self.child(next, true, false),
                }
            }
            TokenKind::BlockEnd => Ok(self.close_with_token()),
            _ => Err(self.unexpected("did not find expected '-' indicator")),
        }
    }

    pub(super) fn indentless_sequence_entry(&mut self) -> Step {
        if self.peek()? != TokenKind::BlockEntry {
            self.pop_state();
            return Ok(Event::bare(EventKind::CollectionEnd, self.here()));
        }
        self.take();
        let next = State::IndentlessSequenceEntry;
        match self.peek()? {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                Ok(self.nothing(next))
            }
            _ => self.child(next, true, false),
        }
    }

    pub(super) fn block_mapping_key(&mut self, first: bool) -> Step {
        if first {
            self.peek()?;
            self.take();
        }
        match self.peek()? {
            TokenKind::Key => {
                self.take();
                self.block_mapping_part(State::BlockMappingValue)
            }
            TokenKind::BlockEnd => Ok(self.close_with_token()),
            _ => Err(self.unexpected("did not find expected key")),
        }
    }

    pub(super) fn block_mapping_value(&mut self) -> Step {
        let next = State::BlockMappingKey { first: false };
        if self.peek()? != TokenKind::Value {
            return Ok(self.nothing(next));
        }
        self.take();
        self.block_mapping_part(next)
    }

    /// The node behind `?` or `:`.
    fn block_mapping_part(&mut self, next: State) -> Step {
        match self.peek()? {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(self.nothing(next)),
            _ => self.child(next, true, true),
        }
    }

    pub(super) fn flow_sequence_entry(&mut self, first: bool) -> Step {
        if first {
            self.peek()?;
            self.take();
        }
        if self.peek()? != TokenKind::FlowSequenceEnd {
            if !first {
                self.take_flow_entry("did not find expected ',' or ']'")?;
            }
            match self.peek()? {
                TokenKind::Key => {
                    let start = self.peek_mark()?.offset;
                    self.take();
                    self.state = State::FlowPairKey;
                    return Ok(Event::bare(
                        EventKind::MappingStart { flow: true },
                        start..start,
                    ));
                }
                TokenKind::FlowSequenceEnd => {}
                _ => return self.child(State::FlowSequenceEntry { first: false }, false, false),
            }
        }
        Ok(self.close_with_token())
    }

    /// The key of a pair in a flow sequence. libyaml swallows the token that follows a missing key.
    pub(super) fn flow_pair_key(&mut self) -> Step {
        match self.peek()? {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                let nothing = self.nothing(State::FlowPairValue);
                self.take();
                Ok(nothing)
            }
            _ => self.child(State::FlowPairValue, false, false),
        }
    }

    pub(super) fn flow_pair_value(&mut self) -> Step {
        if self.peek()? == TokenKind::Value {
            self.take();
            if !matches!(
                self.peek()?,
                TokenKind::FlowEntry | TokenKind::FlowSequenceEnd
            ) {
                return self.child(State::FlowPairEnd, false, false);
            }
        }
        Ok(self.nothing(State::FlowPairEnd))
    }

    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Step {
        if first {
            self.peek()?;
            self.take();
        }
        if self.peek()? != TokenKind::FlowMappingEnd {
            if !first {
                self.take_flow_entry("did not find expected ',' or '}'")?;
            }
            match self.peek()? {
                TokenKind::Key => {
                    self.take();
                    return self.flow_mapping_part(State::FlowMappingValue, TokenKind::Value);
                }
                TokenKind::FlowMappingEnd => {}
                _ => return self.child(State::FlowMappingEmptyValue, false, false),
            }
        }
        Ok(self.close_with_token())
    }

    pub(super) fn flow_mapping_value(&mut self) -> Step {
        let next = State::FlowMappingKey { first: false };
        if self.peek()? != TokenKind::Value {
            return Ok(self.nothing(next));
        }
        self.take();
        self.flow_mapping_part(next, TokenKind::FlowEntry)
    }

    pub(super) fn flow_mapping_empty_value(&mut self) -> Step {
        self.peek()?;
        Ok(self.nothing(State::FlowMappingKey { first: false }))
    }

    /// The node behind `?` or `:`, unless the entry ends.
    fn flow_mapping_part(&mut self, next: State, also_ends: TokenKind) -> Step {
        match self.peek()? {
            TokenKind::FlowEntry | TokenKind::FlowMappingEnd => Ok(self.nothing(next)),
            kind if kind == also_ends => Ok(self.nothing(next)),
            _ => self.child(next, false, false),
        }
    }

    fn take_flow_entry(&mut self, problem: &str) -> Result<(), ParseError> {
        if self.peek()? != TokenKind::FlowEntry {
            return Err(self.unexpected(problem));
        }
        self.take();
        Ok(())
    }

    fn child(&mut self, next: State, block: bool, indentless: bool) -> Step {
        self.states.push(next);
        self.node(block, indentless)
    }

    fn close_with_token(&mut self) -> Event {
        self.take();
        self.pop_state();
        Event::bare(EventKind::CollectionEnd, self.here())
    }
}
