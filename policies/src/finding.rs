//! What a rule says.

use manifest::{PlaceKind, ResourceId};
use source::{Place, ValuePath};
use std::borrow::Cow;

/// How bad; ordered from the mildest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    Warning,
    Error,
}

impl Severity {
    /// As reports and keelcheck.yaml write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Kebab-case id of a rule; states the defect.
pub type RuleId = Cow<'static, str>;

/// A place with what it has to do with the finding. The primary label's message is usually empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub place: Place,
    pub kind: PlaceKind,
    pub message: String,
    /// The value that stands there, where a value does (part of fingerprints; named in messages about flags).
    pub value: Option<ValuePath>,
}

/// A defect with exactly one primary place: a span in a file, or a flag; never rendered output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: RuleId,
    pub severity: Severity,
    /// The object that has the defect; None where there is none (an allowance, the chart as such).
    pub resource: Option<ResourceId>,
    /// Path in the manifest (`spec.replicas`), empty where the whole object is meant.
    pub field: String,
    /// What, one line.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    pub primary: Label,
    pub related: Vec<Label>,
}

/// A rule that could not look, and which flag would let it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unchecked {
    pub rule: RuleId,
    pub reason: String,
}
