//! Tree to value: Go's resolution rules, merge keys, duplicate keys, and the JSON round trip that Helm makes.
//!
//! `construct` does what goyaml v2 does, `convert` what `sigs.k8s.io/yaml` and Go's JSON make of it, `documents` cuts
//! values files into documents as Helm does.

mod base64;
mod construct;
mod convert;
mod documents;
mod go_syntax;
mod raw;
pub mod resolve;
mod timestamp;

pub use documents::{decode_stream_text, split_documents};
pub use resolve::resolves_to_non_string;

use crate::node::Document;
use crate::parse::{Limits, ParseError, parse};
use crate::value::Value;
use source::PathSegment;
use std::ops::Range;

/// How numbers come out, and how much aliases may expand.
#[derive(Debug, Clone, Copy)]
pub struct DecodeOptions {
    /// Every number becomes `float64`, as in values files; otherwise integers stay exact.
    pub floats_only: bool,
    /// How many nodes aliases may expand to (goyaml's `document contains excessive aliasing`). goyaml's own rule, a
    /// share of all nodes, holds as well.
    pub max_nodes: usize,
}

impl DecodeOptions {
    pub const VALUES: Self = Self {
        floats_only: true,
        max_nodes: 4_000_000,
    };
    pub const MANIFEST: Self = Self {
        floats_only: false,
        max_nodes: 4_000_000,
    };
}

/// Chooses the mark of each map entry and list item.
pub trait Marker {
    /// `path` leads to the entry; `key` is the key's byte range (None for list items), `value` the value's, both
    /// where they are written (an anchor's text for aliased and merged content).
    fn mark(&mut self, path: &[PathSegment], key: Option<Range<u32>>, value: Range<u32>) -> u32;
}

/// Marks everything 0.
pub struct NoMarks;

impl Marker for NoMarks {
    fn mark(&mut self, _: &[PathSegment], _: Option<Range<u32>>, _: Range<u32>) -> u32 {
        0
    }
}

/// What Helm prints in front of every error of a document's text.
const CONVERTING: &str = "error converting YAML to JSON: ";

/// Decodes one document as `sigs.k8s.io/yaml` does (YAML to JSON to Go). An empty document is null.
///
/// The marker is called once for each entry of the result, a container before its content.
///
/// # Errors
/// Helm's text after `error converting YAML to JSON: `, with `yaml: ` where Helm has it. (The errors of [`parse`] are
/// the text after `error converting YAML to JSON: yaml: `.) Content nested more than a thousand levels deep, with
/// aliases expanded, is refused: Helm's own bound is ten thousand.
pub fn decode(
    document: &Document,
    options: DecodeOptions,
    marker: &mut dyn Marker,
) -> Result<Value, ParseError> {
    let Some(root) = &document.root else {
        return Ok(Value::Null);
    };
    let raw = construct::construct(root, options.max_nodes)?;
    convert::convert(raw, root.span.start, options.floats_only, marker)
}

/// Parses and decodes the first document of a text. The error's message is complete, as Helm prints it:
/// `error converting YAML to JSON: yaml: line 2: …`.
pub fn decode_text(
    text: &[u8],
    options: DecodeOptions,
    marker: &mut dyn Marker,
) -> Result<Value, ParseError> {
    let stream = parse(text, true, Limits::default())
        .map_err(|error| error.prefixed(&format!("{CONVERTING}yaml: ")))?;
    let Some(document) = stream.documents.first() else {
        return Ok(Value::Null);
    };
    decode(document, options, marker).map_err(|error| error.prefixed(CONVERTING))
}

impl ParseError {
    fn prefixed(self, prefix: &str) -> Self {
        Self {
            message: format!("{prefix}{}", self.message),
            ..self
        }
    }
}
