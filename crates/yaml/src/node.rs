//! The spanned tree of a YAML text, with styles, anchors and comments.

use std::ops::Range;
use std::sync::Arc;

/// Byte range in the parsed text.
pub type Bytes = Range<u32>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// A comment as written: the text without its `#`, the span with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub span: Bytes,
    pub text: String,
}

#[derive(Debug, Clone)]
pub struct Node {
    /// From the first to the last byte of the content: quotes included, tag and anchor not; for block
    /// collections up to the end of the last item; for literal and folded scalars from the indicator to the end of
    /// the last line. Where content is missing, empty, behind what was read last.
    pub span: Bytes,
    /// As written (`!!str`, `!foo`, `!<tag:…>` resolved to the full tag).
    pub tag: Option<Arc<str>>,
    pub anchor: Option<Arc<str>>,
    pub kind: NodeKind,
}

#[derive(Debug, Clone)]
pub enum NodeKind {
    Scalar {
        value: Arc<str>,
        style: ScalarStyle,
    },
    Sequence {
        items: Vec<Node>,
        flow: bool,
    },
    /// Pairs in document order, duplicates and `<<` included.
    Mapping {
        entries: Vec<(Node, Node)>,
        flow: bool,
    },
    /// The name of the anchor; resolved by the decoder.
    Alias {
        name: Arc<str>,
    },
}

#[derive(Debug, Clone)]
pub struct Document {
    /// From the document's first to its last byte (markers excluded).
    pub span: Bytes,
    /// None for a document without content.
    pub root: Option<Node>,
}

/// A whole text: its documents, and its comments in order.
#[derive(Debug, Clone, Default)]
pub struct Stream {
    pub documents: Vec<Document>,
    pub comments: Vec<Comment>,
}
