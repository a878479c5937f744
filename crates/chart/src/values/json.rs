//! JSON of `--set-json`, with numbers as Helm keeps them.

use yaml::{Entry, Map, Value};

/// The JSON value that a text begins with, and how many bytes it takes.
///
/// # Errors
/// Why there is none; Helm does not show it.
pub(crate) fn first_value(text: &str) -> Result<(Value, usize), String> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    match stream.next() {
        Some(Ok(value)) => Ok((from_json(value), stream.byte_offset())),
        Some(Err(error)) => Err(error.to_string()),
        None => Err("unexpected end of JSON input".to_owned()),
    }
}

/// A text that is one JSON object, or null.
pub(crate) fn object(text: &str) -> Option<Map> {
    match serde_json::from_str(text).ok().map(from_json)? {
        Value::Map(map) => Some(std::sync::Arc::unwrap_or_clone(map)),
        _ => None,
    }
}

/// All numbers become `float64`.
fn from_json(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(value),
        serde_json::Value::Number(number) => Value::Float(number.as_f64().unwrap_or_default()),
        serde_json::Value::String(text) => Value::string(text),
        serde_json::Value::Array(items) => Value::list(
            items
                .into_iter()
                .map(|item| Entry::unmarked(from_json(item)))
                .collect(),
        ),
        serde_json::Value::Object(map) => {
            let entry = |(key, value): (String, _)| (key.into(), Entry::unmarked(from_json(value)));
            Value::map(map.into_iter().map(entry).collect())
        }
    }
}
