//! Files, spans, places and the tables that say why a rendered byte exists.
//!
//! This crate knows bytes and positions only: no YAML, no templates, no Kubernetes.
#![warn(clippy::disallowed_methods)]

pub mod file;
pub mod origin;
pub mod output;
pub mod path;
pub mod problem;

pub use file::{FileId, FileKind, LineColumn, SourceFile, SourceFiles, Span};
pub use origin::{Layer, Origin, OriginId, OriginTable, Place};
pub use output::{
    CallId, CallSite, Condition, ConditionId, OutputMap, Prov, ProvTables, ReadSet, Segment, SetId,
    Untaken,
};
pub use path::{PathSegment, ValuePath};
pub use problem::{Note, Problem};
