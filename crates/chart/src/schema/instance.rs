//! Values as JSON, for the validator.

use serde_json::{Map as JsonMap, Number, Value as Json};
use yaml::{Map, Value};

pub(super) fn from_values(values: &Map) -> Json {
    Json::Object(
        values
            .iter()
            .map(|(key, entry)| (key.to_string(), from_value(&entry.value)))
            .collect(),
    )
}

fn from_value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Uint(value) => Json::from(*value),
        Value::Float(value) => number(*value),
        Value::String(text) => Json::from(&**text),
        Value::Bytes(bytes) => Json::from(String::from_utf8_lossy(bytes)),
        Value::List(items) => items.iter().map(|item| from_value(&item.value)).collect(),
        Value::Map(map) => {
            let entries = map
                .iter()
                .map(|(key, entry)| (key.to_string(), from_value(&entry.value)));
            Json::Object(entries.collect::<JsonMap<_, _>>())
        }
    }
}

/// A float without a fraction is an integer to every draft.
fn number(value: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        return Json::from(value as i64);
    }
    Number::from_f64(value).map_or(Json::Null, Json::Number)
}
