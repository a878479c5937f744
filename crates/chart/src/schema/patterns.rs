//! Regular expressions of schemas, with the linear-time engine that Go's are closest to.

use jsonschema::{PatternOptions, Validator};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Compiled expressions by their texts.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    compiled: Mutex<BTreeMap<String, Option<Arc<Validator>>>>,
}

impl Patterns {
    /// Whether an expression matches somewhere in a text; one that cannot be read matches nothing.
    pub(super) fn matches(&self, pattern: &str, text: &str) -> bool {
        self.compiled(pattern)
            .is_some_and(|validator| validator.is_valid(&Json::from(text)))
    }

    /// Whether an expression can be read.
    pub(super) fn is_valid(&self, pattern: &str) -> bool {
        self.compiled(pattern).is_some()
    }

    fn compiled(&self, pattern: &str) -> Option<Arc<Validator>> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = compiled.get(pattern) {
            return known.clone();
        }
        let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
        let validator = options
            .build(&json!({ "pattern": pattern }))
            .ok()
            .map(Arc::new);
        compiled.insert(pattern.to_owned(), validator.clone());
        validator
    }
}

/// Go's reason for refusing an expression.
pub(super) fn refusal(pattern: &str) -> String {
    let reason = ["(?=", "(?!", "(?>", "(?#"]
        .iter()
        .filter_map(|syntax| pattern.find(syntax).map(|at| (at, syntax)))
        .min()
        .map(|(_, syntax)| format!("invalid or unsupported Perl syntax: `{syntax}`"))
        .or_else(|| lookbehind(pattern))
        .or_else(|| backreference(pattern))
        .unwrap_or_else(|| format!("invalid regular expression: `{pattern}`"));
    format!("error parsing regexp: {reason}")
}

/// Go takes it for the beginning of a group's name.
fn lookbehind(pattern: &str) -> Option<String> {
    let at = ["(?<=", "(?<!"]
        .iter()
        .filter_map(|syntax| pattern.find(syntax))
        .min()?;
    let rest = &pattern[at..];
    let shown = rest.find('>').map_or(rest, |end| &rest[..=end]);
    Some(format!("invalid named capture: `{shown}`"))
}

fn backreference(pattern: &str) -> Option<String> {
    let bytes = pattern.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        if bytes[at] == b'\\' {
            if matches!(bytes[at + 1], b'1'..=b'9') {
                return Some(format!(
                    "invalid escape sequence: `{}`",
                    &pattern[at..at + 2]
                ));
            }
            at += 1;
        }
        at += 1;
    }
    None
}
