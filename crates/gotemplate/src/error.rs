//! Errors of parsing and executing templates, with Helm's text and our own places.

use source::Span;
use std::fmt;

/// A failed rendering.
#[derive(Debug, Clone)]
pub struct TemplateError {
    /// Helm's text without `Error: ` and without the hint about `--debug`; for Helm 4 in its multi-line form.
    pub message: String,
    /// The innermost template position, if one is known.
    pub at: Option<Span>,
    /// The call chain that led there, innermost first.
    pub calls: Vec<Span>,
    pub kind: ErrorKind,
}

/// What failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    Parse,
    Execution,
    /// `required` or `fail`.
    Raised,
    /// A limit of ours.
    Limit,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for TemplateError {}
