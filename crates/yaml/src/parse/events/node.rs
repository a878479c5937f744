//! One node: its properties, and what kind of content begins.

use super::{Event, EventKind, EventReader, State, grammar_error};
use crate::node::ScalarStyle;
use crate::parse::ParseError;
use crate::parse::reader::Mark;
use crate::parse::token::{Payload, TokenKind};
use std::sync::Arc;

/// What stands in front of a node's content.
#[derive(Default)]
struct Properties {
    tag: Option<Arc<str>>,
    anchor: Option<Arc<str>>,
}

/// A tag as the scanner found it.
struct ShorthandTag {
    handle: Vec<u8>,
    rest: Vec<u8>,
    mark: Mark,
}

impl EventReader<'_> {
    /// `block`: block collections may begin here. `indentless`: so may a sequence without a start.
    pub(super) fn node(&mut self, block: bool, indentless: bool) -> Result<Event, ParseError> {
        if self.peek()? == TokenKind::Alias {
            return Ok(self.alias());
        }
        let properties = self.properties()?;
        let start = self.peek_mark()?.offset;
        let kind = match self.peek()? {
            TokenKind::Scalar => return Ok(self.scalar(properties)),
            TokenKind::BlockEntry if indentless => self.open(
                State::IndentlessSequenceEntry,
                EventKind::SequenceStart { flow: false },
            ),
            TokenKind::FlowSequenceStart => self.open(
                State::FlowSequenceEntry { first: true },
                EventKind::SequenceStart { flow: true },
            ),
            TokenKind::FlowMappingStart => self.open(
                State::FlowMappingKey { first: true },
                EventKind::MappingStart { flow: true },
            ),
            TokenKind::BlockSequenceStart if block => self.open(
                State::BlockSequenceEntry { first: true },
                EventKind::SequenceStart { flow: false },
            ),
            TokenKind::BlockMappingStart if block => self.open(
                State::BlockMappingKey { first: true },
                EventKind::MappingStart { flow: false },
            ),
            _ if properties.tag.is_some() || properties.anchor.is_some() => {
                self.pop_state();
                let value = Arc::from("");
                let kind = EventKind::Scalar {
                    value,
                    style: ScalarStyle::Plain,
                };
                return Ok(Event {
                    kind,
                    span: self.here(),
                    tag: properties.tag,
                    anchor: properties.anchor,
                });
            }
            _ => return Err(self.unexpected("did not find expected node content")),
        };
        Ok(Event {
            kind,
            span: start..start,
            tag: properties.tag,
            anchor: properties.anchor,
        })
    }

    fn open(&mut self, next: State, kind: EventKind) -> EventKind {
        self.state = next;
        kind
    }

    fn alias(&mut self) -> Event {
        self.pop_state();
        let token = self.take();
        let span = token
            .as_ref()
            .map_or(self.here(), |token| token.start.offset..token.end.offset);
        let name = match token.map(|token| token.payload) {
            Some(Payload::Name(name)) => name,
            _ => Arc::from(""),
        };
        Event::bare(EventKind::Alias { name }, span)
    }

    fn scalar(&mut self, properties: Properties) -> Event {
        self.pop_state();
        let token = self.take();
        let span = token
            .as_ref()
            .map_or(self.here(), |token| token.start.offset..token.end.offset);
        let kind = match token.map(|token| token.payload) {
            Some(Payload::Scalar { value, style }) => EventKind::Scalar { value, style },
            _ => EventKind::Nothing,
        };
        Event {
            kind,
            span,
            tag: properties.tag,
            anchor: properties.anchor,
        }
    }

    /// A tag and an anchor in either order.
    fn properties(&mut self) -> Result<Properties, ParseError> {
        let mut anchor = self.take_anchor()?;
        let tag = self.take_tag()?;
        if tag.is_some() && anchor.is_none() {
            anchor = self.take_anchor()?;
        }
        // libyaml reads on before it judges the tag.
        self.peek()?;
        let tag = match tag {
            Some(tag) => Some(self.resolve_tag(&tag)?),
            None => None,
        };
        Ok(Properties {
            tag: tag.filter(|tag| !tag.is_empty()),
            anchor,
        })
    }

    fn take_anchor(&mut self) -> Result<Option<Arc<str>>, ParseError> {
        if self.peek()? != TokenKind::Anchor {
            return Ok(None);
        }
        Ok(match self.take().map(|token| token.payload) {
            Some(Payload::Name(name)) => Some(name),
            _ => None,
        })
    }

    fn take_tag(&mut self) -> Result<Option<ShorthandTag>, ParseError> {
        if self.peek()? != TokenKind::Tag {
            return Ok(None);
        }
        Ok(self.take().and_then(|token| match token.payload {
            Payload::Tag { handle, rest } => Some(ShorthandTag {
                handle,
                rest,
                mark: token.start,
            }),
            _ => None,
        }))
    }

    /// The full tag. A tag without a handle is full already.
    fn resolve_tag(&self, shorthand: &ShorthandTag) -> Result<Arc<str>, ParseError> {
        let ShorthandTag { handle, rest, mark } = shorthand;
        let mut tag = Vec::new();
        if !handle.is_empty() {
            match self.tag_directives.get(handle) {
                Some(prefix) if !(prefix.is_empty() && rest.is_empty()) => {
                    tag.extend_from_slice(prefix);
                }
                _ => return Err(grammar_error("found undefined tag handle", *mark)),
            }
        }
        tag.extend_from_slice(rest);
        // Escapes in a tag may spell anything; no tag that is not UTF-8 has a meaning.
        Ok(String::from_utf8_lossy(&tag).into())
    }
}
