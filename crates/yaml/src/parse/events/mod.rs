//! Tokens to events: the grammar, as a machine of states with its own stack.
//!
//! ```text
//! block_node      ::= alias | properties block_content? | block_content
//! properties      ::= tag anchor? | anchor tag?
//! block_sequence  ::= start (entry block_node?)* end
//! block_mapping   ::= start ((key node?)? (value node?)?)* end
//! flow_sequence   ::= [ (flow_node | key node? (value node?)?) separated by , ]
//! flow_mapping    ::= { (flow_node | key node? (value node?)?) separated by , }
//! ```
//! A block sequence that is a mapping's value may also stand without a start of its own ("indentless").

mod collections;
mod documents;
mod node;

use super::ParseError;
use super::encoding::Decoded;
use super::reader::{Mark, Reader};
use super::scanner::Scanner;
use super::token::{Token, TokenKind};
use crate::node::{Bytes, Comment, ScalarStyle};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug)]
pub(super) enum EventKind {
    StreamEnd,
    /// The document begins behind `start`.
    DocumentStart {
        start: u32,
    },
    /// The document ends before `end`.
    DocumentEnd {
        end: u32,
    },
    Alias {
        name: Arc<str>,
    },
    Scalar {
        value: Arc<str>,
        style: ScalarStyle,
    },
    /// Nothing where a value could be.
    Nothing,
    SequenceStart {
        flow: bool,
    },
    MappingStart {
        flow: bool,
    },
    /// Of a sequence or a mapping.
    CollectionEnd,
}

/// One step of a document. Of a collection's span, the start has the beginning and the end the end.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) kind: EventKind,
    pub(super) span: Bytes,
    pub(super) tag: Option<Arc<str>>,
    pub(super) anchor: Option<Arc<str>>,
}

impl Event {
    fn bare(kind: EventKind, span: Bytes) -> Self {
        Self {
            kind,
            span,
            tag: None,
            anchor: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    DocumentStart { implicit: bool },
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry { first: bool },
    IndentlessSequenceEntry,
    BlockMappingKey { first: bool },
    BlockMappingValue,
    FlowSequenceEntry { first: bool },
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingKey { first: bool },
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

pub(super) struct EventReader<'t> {
    scanner: Scanner<'t>,
    state: State,
    /// Where to go on when the current node is complete.
    states: Vec<State>,
    /// The prefix of each tag handle.
    tag_directives: HashMap<Vec<u8>, Vec<u8>>,
    /// The end of the last token that was taken and has a length.
    last_end: u32,
}

impl<'t> EventReader<'t> {
    pub(super) fn new(decoded: &'t Decoded<'t>, depth: usize) -> Self {
        let reader = Reader::new(decoded);
        Self {
            last_end: reader.mark().offset,
            scanner: Scanner::new(reader, depth),
            state: State::DocumentStart { implicit: true },
            states: Vec::new(),
            tag_directives: HashMap::new(),
        }
    }

    pub(super) fn next_event(&mut self) -> Result<Event, ParseError> {
        match self.state {
            State::DocumentStart { implicit } => self.document_start(implicit),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockSequenceEntry { first } => self.block_sequence_entry(first),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingKey { first } => self.block_mapping_key(first),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceEntry { first } => self.flow_sequence_entry(first),
            State::FlowPairKey => self.flow_pair_key(),
            State::FlowPairValue => self.flow_pair_value(),
            State::FlowPairEnd => {
                Ok(self.collection_end(State::FlowSequenceEntry { first: false }))
            }
            State::FlowMappingKey { first } => self.flow_mapping_key(first),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => self.flow_mapping_empty_value(),
            State::End => Ok(Event::bare(EventKind::StreamEnd, self.here())),
        }
    }

    /// The comments that have been read.
    pub(super) fn into_comments(self) -> Vec<Comment> {
        self.scanner.into_comments()
    }

    fn peek(&mut self) -> Result<TokenKind, ParseError> {
        self.scanner.peek().map(|token| token.kind)
    }

    fn peek_mark(&mut self) -> Result<Mark, ParseError> {
        self.scanner.peek().map(|token| token.start)
    }

    /// Takes the token that was peeked at.
    fn take(&mut self) -> Option<Token> {
        let token = self.scanner.take()?;
        if token.end.offset > token.start.offset {
            self.last_end = token.end.offset;
        }
        Some(token)
    }

    /// The empty range behind what has been read.
    fn here(&self) -> Bytes {
        self.last_end..self.last_end
    }

    fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// A node without content, after which comes `next`.
    fn nothing(&mut self, next: State) -> Event {
        self.state = next;
        Event::bare(EventKind::Nothing, self.here())
    }

    fn collection_end(&mut self, next: State) -> Event {
        self.state = next;
        Event::bare(EventKind::CollectionEnd, self.here())
    }

    /// An error at the token that was peeked at.
    fn unexpected(&mut self, problem: &str) -> ParseError {
        match self.peek_mark() {
            Ok(mark) => grammar_error(problem, mark),
            Err(error) => error,
        }
    }
}

/// goyaml prints libyaml's line, which counts from 0, as it is, and none for the first line.
fn grammar_error(problem: &str, mark: Mark) -> ParseError {
    let message = match mark.line {
        0 => problem.to_owned(),
        line => format!("line {line}: {problem}"),
    };
    ParseError {
        message,
        offset: mark.offset,
    }
}
