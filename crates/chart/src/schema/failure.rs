//! The tree of what is wrong, and how Helm prints it.

use crate::goformat::quote;
use std::fmt;

/// One violation, with what led to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Failure {
    /// Keys and indices that lead to the value.
    at: Vec<String>,
    kind: Kind,
    causes: Vec<Self>,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Message(String),
    /// Several violations of one schema.
    Group,
    /// A reference; with a single cause it goes without a line.
    Reference,
}

impl Failure {
    pub(super) fn new(at: &[String], message: impl Into<String>) -> Self {
        Self {
            at: at.to_vec(),
            kind: Kind::Message(message.into()),
            causes: Vec::new(),
        }
    }

    #[must_use]
    pub(super) fn because(mut self, causes: Vec<Self>) -> Self {
        self.causes = causes;
        self
    }

    /// What a schema's violations come to.
    pub(super) fn of_schema(at: &[String], mut failures: Vec<Self>) -> Option<Self> {
        match failures.len() {
            0 | 1 => failures.pop(),
            _ => Some(Self {
                at: at.to_vec(),
                kind: Kind::Group,
                causes: failures,
            }),
        }
    }

    pub(super) fn of_reference(at: &[String], target: Self) -> Self {
        Self {
            at: at.to_vec(),
            kind: Kind::Reference,
            causes: target.into_parts(),
        }
    }

    /// The violations of a group, or the one that this is.
    pub(super) fn into_parts(self) -> Vec<Self> {
        match self.kind {
            Kind::Group => self.causes,
            _ => vec![self],
        }
    }

    pub(super) fn location(&self) -> &[String] {
        let passes_on = self.kind == Kind::Reference && self.causes.len() == 1;
        self.causes
            .first()
            .filter(|_| passes_on)
            .map_or(&self.at, Self::location)
    }

    fn write(&self, out: &mut fmt::Formatter<'_>, indent: usize) -> fmt::Result {
        let hidden = self.kind == Kind::Reference && self.causes.len() == 1;
        if !hidden {
            if indent > 0 {
                out.write_str("\n")?;
            }
            let message = match &self.kind {
                Kind::Message(message) => message,
                Kind::Group | Kind::Reference => "validation failed",
            };
            write!(
                out,
                "{}- at {}: {message}",
                "  ".repeat(indent),
                quoted(&pointer(&self.at))
            )?;
        }
        let indent = if hidden { indent } else { indent + 1 };
        self.causes
            .iter()
            .try_for_each(|cause| cause.write(out, indent))
    }
}

/// As one of the violations of a chart: its lines, without a final line break.
impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(out, 0)
    }
}

fn pointer(steps: &[String]) -> String {
    steps
        .iter()
        .map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")))
        .collect()
}

/// A string in single quotes, escaped as in Go.
pub(super) fn quoted(text: &str) -> String {
    let text = quote(text).replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{}'", &text[1..text.len() - 1])
}

/// Several strings in single quotes.
pub(super) fn quoted_list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}
