//! Generic data to values: keys become strings, numbers what JSON makes of them, entries get their marks.

use super::Marker;
use super::go_syntax::{format_float32, go_syntax};
use super::raw::{Raw, RawEntry, RawItem};
use crate::parse::ParseError;
use crate::value::{Entry, Map, Value};
use source::PathSegment;
use std::collections::HashSet;
use std::sync::Arc;

/// `offset` is where errors without a place of their own go.
pub(super) fn convert(
    raw: Raw,
    offset: u32,
    floats_only: bool,
    marker: &mut dyn Marker,
) -> Result<Value, ParseError> {
    let mut converter = Converter {
        floats_only,
        marker,
        path: Vec::new(),
        saw_non_finite: false,
    };
    let value = converter.value(raw)?;
    if converter.saw_non_finite
        && let Some(number) = first_non_finite(&value)
    {
        let name = match number {
            number if number.is_nan() => "NaN",
            number if number > 0.0 => "+Inf",
            _ => "-Inf",
        };
        return Err(ParseError {
            message: format!("json: unsupported value: {name}"),
            offset,
        });
    }
    Ok(value)
}

struct Converter<'m> {
    floats_only: bool,
    marker: &'m mut dyn Marker,
    path: Vec<PathSegment>,
    saw_non_finite: bool,
}

impl Converter<'_> {
    fn value(&mut self, raw: Raw) -> Result<Value, ParseError> {
        Ok(match raw {
            Raw::Null => Value::Null,
            Raw::Bool(value) => Value::Bool(value),
            Raw::Int(value) if self.floats_only => Value::Float(value as f64),
            Raw::Int(value) => Value::Int(value),
            Raw::Uint(value) if self.floats_only => Value::Float(value as f64),
            Raw::Uint(value) => Value::Uint(value),
            Raw::Float(value) => {
                self.saw_non_finite |= !value.is_finite();
                Value::Float(value)
            }
            Raw::String(text) => Value::String(text),
            Raw::List(items) => self.list(items)?,
            Raw::Map(map) => self.map(map)?,
        })
    }

    fn list(&mut self, raw_items: Vec<RawItem>) -> Result<Value, ParseError> {
        let mut items = Vec::with_capacity(raw_items.len());
        for (index, RawItem { value, span }) in raw_items.into_iter().enumerate() {
            self.path.push(PathSegment::Index(index));
            let mark = self.marker.mark(&self.path, None, span);
            items.push(Entry {
                value: self.value(value)?,
                mark,
            });
            self.path.pop();
        }
        Ok(Value::list(items))
    }

    fn map(&mut self, raw: Vec<RawEntry>) -> Result<Value, ParseError> {
        let mut map = Map::new();
        for (
            name,
            RawEntry {
                key_span,
                value,
                span,
                ..
            },
        ) in named(raw)?
        {
            self.path.push(PathSegment::Key(Arc::clone(&name)));
            let mark = self.marker.mark(&self.path, Some(key_span), span);
            let value = self.value(value)?;
            map.insert(name, Entry { value, mark });
            self.path.pop();
        }
        Ok(Value::map(map))
    }
}

/// Entries with the names that JSON gives them. Different keys can have one name (`1` and `"1"`): the last one wins
/// here, where Go lets chance decide.
fn named(entries: Vec<RawEntry>) -> Result<Vec<(Arc<str>, RawEntry)>, ParseError> {
    let all_strings = entries
        .iter()
        .all(|entry| matches!(entry.key, Raw::String(_)));
    let mut named = Vec::with_capacity(entries.len());
    for entry in entries {
        named.push((key_name(&entry)?, entry));
    }
    if !all_strings {
        let mut seen = HashSet::new();
        named.reverse();
        named.retain(|(name, _)| seen.insert(Arc::clone(name)));
        named.reverse();
    }
    Ok(named)
}

fn key_name(entry: &RawEntry) -> Result<Arc<str>, ParseError> {
    Ok(match &entry.key {
        Raw::String(text) => Arc::clone(text),
        Raw::Int(value) => value.to_string().into(),
        Raw::Bool(true) => "true".into(),
        Raw::Bool(false) => "false".into(),
        Raw::Float(value) if value.is_nan() => ".nan".into(),
        // Also what is too big for 32 bits.
        Raw::Float(value) if (*value as f32).is_infinite() => {
            if *value > 0.0 { ".inf" } else { "-.inf" }.into()
        }
        Raw::Float(value) => format_float32(*value as f32).into(),
        other => {
            let kind = if matches!(other, Raw::Uint(_)) {
                "uint64"
            } else {
                "%!s(<nil>)"
            };
            let (key, value) = (go_syntax(other), go_syntax(&entry.value));
            let message =
                format!("unsupported map key of type: {kind}, key: {key}, value: {value}");
            return Err(ParseError {
                message,
                offset: entry.key_span.start,
            });
        }
    })
}

/// In the order in which Go writes JSON.
fn first_non_finite(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) if !number.is_finite() => Some(*number),
        Value::List(items) => items.iter().find_map(|item| first_non_finite(&item.value)),
        Value::Map(map) => map
            .values()
            .find_map(|entry| first_non_finite(&entry.value)),
        _ => None,
    }
}
