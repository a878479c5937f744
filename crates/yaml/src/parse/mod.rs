//! Text to tree: scanner and parser with libyaml's rules and messages.
//!
//! The stages are those of libyaml, because its messages and line numbers depend on how far each stage has read
//! when trouble shows: `encoding` and `reader` give checked characters block by block, `scanner` makes tokens,
//! `events` applies the grammar, `tree` builds nodes. Each stage asks the one below for no more than libyaml would.

mod encoding;
mod events;
mod reader;
mod scanner;
mod token;
mod tree;

use crate::node::Stream;
use encoding::Decoded;
use events::EventReader;

/// Bounds that keep hostile input from costing more than its size.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Nesting of collections. goyaml's own bound is 10,000 for flow and 10,000 for block collections.
    pub depth: usize,
}

impl Limits {
    /// A tree is dropped, compared and printed by recursion, so that its depth must fit into the smallest stack
    /// that a thread may have. Ten thousand levels do not.
    const DEPTH: usize = 1_000;
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: Self::DEPTH }
    }
}

/// What Helm prints after `yaml: ` (`line 3: mapping values are not allowed in this context`), and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// With Helm's `line N: ` where Helm has it.
    pub message: String,
    /// Byte offset of the trouble in the text.
    pub offset: u32,
}

/// Parses all documents (`first_only`: stops after the first, as Helm's library does where it unmarshals one).
///
/// Byte offsets count in `text` as given, also where it is UTF-16 (which libyaml accepts behind a byte order mark).
///
/// # Errors
/// goyaml v2's messages, at the same inputs. With `first_only`, trouble behind the first document goes unnoticed,
/// except in the one token that libyaml looks ahead.
pub fn parse(text: &[u8], first_only: bool, limits: Limits) -> Result<Stream, ParseError> {
    if u32::try_from(text.len()).is_err() {
        return Err(ParseError {
            message: "text is longer than 4 GiB".to_owned(),
            offset: 0,
        });
    }
    let decoded = Decoded::new(text);
    let events = EventReader::new(&decoded, limits.depth);
    tree::build(events, &decoded, first_only, limits.depth)
}
