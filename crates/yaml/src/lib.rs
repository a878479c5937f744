//! YAML and JSON as Helm reads and writes them: a scanner with libyaml's rules, byte spans and comments,
//! Go's resolution rules, Go's emitters. Knows nothing of Kubernetes.
#![warn(clippy::disallowed_methods)]

pub mod decode;
pub mod emit;
pub mod json;
pub mod node;
pub mod number;
pub mod parse;
pub mod value;

pub use decode::{
    DecodeOptions, Marker, NoMarks, decode, decode_stream_text, decode_text,
    resolves_to_non_string, split_documents,
};
pub use emit::{Emitted, emit, emit_pretty};
pub use node::{Comment, Document, Node, NodeKind, ScalarStyle, Stream};
pub use parse::{Limits, ParseError, parse};
pub use value::{Entry, Map, Value};
