//! A failing execution on its way up, and Helm's rewriting of its text.
//!
//! Go wraps errors: each level's text is its own prefix followed by the text of what it wraps. Only the prefixes
//! are kept, so that a thousand nested includes cost linear memory.

use crate::HelmLine;
use crate::error::{ErrorKind, TemplateError};
use source::Span;

/// The markers that Helm puts around the messages of `required` and `fail`.
pub(crate) const RAISED_START: &str = "HELM_ERR_START";
pub(crate) const RAISED_END: &str = "HELM_ERR_END";

/// Call sites that an error keeps.
const MAX_CALLS: usize = 16;

/// An error with what it wraps.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Innermost first. The full text of level `i` is the levels `i`, `i - 1`, …, 0 joined.
    levels: Vec<String>,
    /// The innermost template position.
    pub(crate) at: Option<Span>,
    /// Call sites passed on the way up, innermost first.
    pub(crate) calls: Vec<Span>,
    pub(crate) limit: bool,
}

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            levels: vec![text.into()],
            at: None,
            calls: Vec::new(),
            limit: false,
        })
    }

    /// One of our own limits: nothing may catch it or rewrite it.
    pub(crate) fn limit(text: impl Into<String>) -> Box<Self> {
        let mut failure = Self::new(text);
        failure.limit = true;
        failure
    }

    pub(crate) fn at(mut self: Box<Self>, span: Span) -> Box<Self> {
        self.at.get_or_insert(span);
        self
    }

    /// Notes a call site on the way up; of an endless recursion the innermost ones tell enough.
    pub(crate) fn called_from(&mut self, span: Span) {
        if self.calls.len() < MAX_CALLS {
            self.calls.push(span);
        }
    }

    /// Wraps with `%w`: `prefix` is what stands in front of the inner text.
    pub(crate) fn wrap(mut self: Box<Self>, prefix: impl Into<String>) -> Box<Self> {
        self.levels.push(prefix.into());
        self
    }

    /// The whole text on one line, as Go's `Error()` gives it.
    pub(crate) fn text(&self) -> String {
        self.levels.iter().rev().map(String::as_str).collect()
    }

    /// The text that Helm prints after `Error: `.
    pub(crate) fn into_error(self, helm: HelmLine) -> TemplateError {
        let text = self.text();
        let (message, kind) = if self.limit {
            (text, ErrorKind::Limit)
        } else if let Some(raised) = raised_message(&text) {
            (raised, ErrorKind::Raised)
        } else if helm == HelmLine::V4 {
            (self.reformatted().unwrap_or(text), ErrorKind::Execution)
        } else {
            (text, ErrorKind::Execution)
        };
        TemplateError {
            message,
            at: self.at,
            calls: self.calls,
            kind,
        }
    }

    /// Helm 4's multi-line form; None where some level is not an error of the template package itself.
    fn reformatted(&self) -> Option<String> {
        let mut blocks: Vec<Trace> = Vec::new();
        for (index, level) in self.levels.iter().enumerate().rev() {
            // Only the first few bytes of what is wrapped can matter: the message is cut where it begins.
            let inner = index
                .checked_sub(1)
                .map_or("", |inner| self.levels[inner].as_str());
            let trace = Trace::parse(level, inner)?;
            if blocks.last() != Some(&trace) {
                blocks.push(trace);
            }
        }
        let text: String = blocks.iter().map(Trace::block).collect();
        Some(text.trim().to_owned())
    }
}

/// `execution error at (LOCATION): MESSAGE` for `required` and `fail`, however deep they were called.
fn raised_message(text: &str) -> Option<String> {
    let mut tokens = text.splitn(3, ": ");
    let (_, location, rest) = (tokens.next()?, tokens.next()?, tokens.next()?);
    let start = rest.find(RAISED_START)? + RAISED_START.len();
    let end = rest.rfind(RAISED_END).filter(|end| *end >= start)?;
    Some(format!(
        "execution error at ({location}): {}",
        &rest[start..end]
    ))
}

/// One level of the multi-line form.
#[derive(Debug, PartialEq, Eq)]
struct Trace {
    location: String,
    executing: String,
    message: String,
}

impl Trace {
    fn parse(level: &str, inner: &str) -> Option<Self> {
        let full = format!("{level}{inner}");
        let rest = full.strip_prefix("template: ")?;
        if rest.starts_with("no template ") {
            return Some(Self {
                location: String::new(),
                executing: String::new(),
                message: full,
            });
        }
        Self::executing(rest).or_else(|| Self::simple(rest))
    }

    /// `NAME: executing "FUNCTION" at <NODE>: MESSAGE`
    fn executing(rest: &str) -> Option<Self> {
        let (location, after) = rest.split_once(": executing ")?;
        let after = after.strip_prefix('"')?;
        let (function, after) = after.split_once('"')?;
        let after = after.strip_prefix(" at <")?;
        let (node, message) = after.split_once(">: ")?;
        Some(Self {
            location: location.to_owned(),
            executing: format!("executing \"{function}\" at <{node}>:"),
            message: cut_chained(message).to_owned(),
        })
    }

    fn simple(rest: &str) -> Option<Self> {
        let (location, message) = rest.rsplit_once(": ")?;
        Some(Self {
            location: location.to_owned(),
            executing: String::new(),
            message: cut_chained(message).to_owned(),
        })
    }

    fn block(&self) -> String {
        let mut text = String::new();
        if !self.location.is_empty() {
            text.push_str(&self.location);
            text.push_str("\n  ");
        }
        if !self.executing.is_empty() {
            text.push_str(&self.executing);
            text.push_str("\n    ");
        }
        if !self.message.is_empty() {
            text.push_str(&self.message);
            text.push('\n');
        }
        text
    }
}

fn cut_chained(message: &str) -> &str {
    message
        .find(" template:")
        .map_or(message, |cut| &message[..cut])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested() -> Box<Failure> {
        Failure::new(r#"template: c/t/_h.tpl:1:29: executing "a.b" at <.Values.zz.y.q>: nil pointer evaluating interface {}.y"#)
            .wrap(r#"template: c/t/e.yaml:1:6: executing "c/t/e.yaml" at <include "a.b" .>: error calling include: "#)
    }

    #[test]
    fn helm_4_prints_one_block_for_each_level() {
        let expected = "c/t/e.yaml:1:6\n  executing \"c/t/e.yaml\" at <include \"a.b\" .>:\n    error calling include:\nc/t/_h.tpl:1:29\n  executing \"a.b\" at <.Values.zz.y.q>:\n    nil pointer evaluating interface {}.y";
        assert_eq!(nested().into_error(HelmLine::V4).message, expected);
    }

    #[test]
    fn helm_3_prints_one_line() {
        let message = nested().into_error(HelmLine::V3).message;
        assert!(
            message.starts_with("template: c/t/e.yaml:1:6: executing"),
            "{message}"
        );
        assert!(message.ends_with("interface {}.y"), "{message}");
    }

    #[test]
    fn an_ordinary_error_at_the_bottom_keeps_the_raw_text() {
        let failure = Failure::new("index out of range: 9")
            .wrap(r#"template: c/t/e.yaml:1:3: executing "c/t/e.yaml" at <index .l 9>: error calling index: "#);
        let message = failure.into_error(HelmLine::V4).message;
        assert!(message.starts_with("template: c/t/e.yaml:1:3"), "{message}");
    }

    #[test]
    fn raised_messages_stand_alone_with_the_outermost_location() {
        let failure = Failure::new(format!("{RAISED_START}need\nit: now{RAISED_END}"))
            .wrap(r#"template: c/t/e.yaml:1:3: executing "c/t/e.yaml" at <required "need" .x>: error calling required: "#);
        let error = failure.into_error(HelmLine::V4);
        assert_eq!(
            error.message,
            "execution error at (c/t/e.yaml:1:3): need\nit: now"
        );
        assert_eq!(error.kind, ErrorKind::Raised);
    }
}
