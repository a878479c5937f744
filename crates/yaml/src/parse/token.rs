//! Tokens: what the scanner hands to the grammar.

use super::reader::Mark;
use crate::node::ScalarStyle;
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    StreamEnd,
    VersionDirective,
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar,
}

/// What a token carries besides its kind.
#[derive(Debug, Clone)]
pub(super) enum Payload {
    None,
    /// Of `%YAML`.
    Version {
        major: u8,
        minor: u8,
    },
    /// Handle and prefix of `%TAG`, handle and suffix of a tag.
    Tag {
        handle: Vec<u8>,
        rest: Vec<u8>,
    },
    /// Of an anchor or an alias.
    Name(Arc<str>),
    Scalar {
        value: Arc<str>,
        style: ScalarStyle,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: Mark,
    pub(super) end: Mark,
    pub(super) payload: Payload,
}

impl Token {
    /// A token that is nothing but its kind.
    pub(super) fn bare(kind: TokenKind, start: Mark, end: Mark) -> Self {
        Self {
            kind,
            start,
            end,
            payload: Payload::None,
        }
    }
}
