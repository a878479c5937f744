//! Changed fields as text and as JSON.

use super::escape;
use super::secrets::{HIDDEN, Secrets};
use livediff::{Action, FieldValue, Verdict};
use serde_json::Value as Json;
use yaml::Value;

/// The longest value that a line for people shows, in characters.
const LONGEST_VALUE: usize = 80;

/// A value for people: bare where that is clear, else quoted.
pub(super) fn text(value: &FieldValue, secrets: &Secrets<'_>) -> String {
    match json(value, secrets) {
        Json::Null if *value == FieldValue::Absent => "(none)".to_owned(),
        Json::String(text) if is_clear(&text) => escape::cut(&text, LONGEST_VALUE),
        other => escape::cut(&other.to_string(), LONGEST_VALUE),
    }
}

/// `null` where there is nothing, `(hidden)` for a secret.
pub(super) fn json(value: &FieldValue, secrets: &Secrets<'_>) -> Json {
    match value {
        FieldValue::Absent => Json::Null,
        FieldValue::Hidden => HIDDEN.into(),
        FieldValue::Scalar(value) => tree(value, secrets),
    }
}

/// `before → after` without the verdict.
pub(super) fn transition(before: &FieldValue, after: &FieldValue, secrets: &Secrets<'_>) -> String {
    if *before == FieldValue::Hidden && *after == FieldValue::Hidden {
        return format!("{HIDDEN}, changed");
    }
    format!("{} → {}", text(before, secrets), text(after, secrets))
}

pub(super) fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::Refused => "refused",
        Verdict::Unknown => "unknown",
    }
}

pub(super) fn action_name(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Replace => "replace",
        Action::Delete => "delete",
        Action::Rename => "rename",
    }
}

/// Whether a string reads as itself: not empty, no blanks at its ends, no line breaks, nothing quoted.
fn is_clear(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains(['\n', '"'])
}

fn tree(value: &Value, secrets: &Secrets<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Uint(value) => (*value).into(),
        Value::Float(value) => number(*value),
        Value::String(text) => secrets.text(text).into(),
        Value::Bytes(bytes) => secrets.text(&String::from_utf8_lossy(bytes)).into(),
        Value::List(items) => items
            .iter()
            .map(|item| tree(&item.value, secrets))
            .collect::<Vec<_>>()
            .into(),
        Value::Map(map) => {
            let entries = map
                .iter()
                .map(|(key, entry)| (key.to_string(), tree(&entry.value, secrets)));
            Json::Object(entries.collect())
        }
    }
}

/// Integral floats without a fraction; what JSON cannot write (`.inf`) as a string.
fn number(value: f64) -> Json {
    match Value::Float(value).as_i64() {
        Some(integral) => integral.into(),
        None => serde_json::Number::from_f64(value)
            .map_or_else(|| value.to_string().into(), Json::Number),
    }
}
