//! Keywords about types, constants, strings and numbers.

use crate::schema::failure::quoted;
use crate::schema::numbers::{count, display, is_multiple, number};
use crate::schema::patterns::Patterns;
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::{Map as JsonMap, Value as Json};

type Keywords = JsonMap<String, Json>;

/// The types in the order in which messages name them.
const TYPES: [&str; 7] = [
    "null", "boolean", "number", "integer", "string", "array", "object",
];

pub(super) fn type_mismatch(keywords: &Keywords, value: &Json) -> Option<String> {
    let wanted = match keywords.get("type")? {
        Json::String(name) => vec![name.as_str()],
        Json::Array(names) => names.iter().filter_map(Json::as_str).collect(),
        _ => return None,
    };
    let found = type_of(value);
    let fits = wanted
        .iter()
        .any(|name| *name == found || (*name == "integer" && is_integer(value)));
    if fits || wanted.is_empty() {
        return None;
    }
    let wanted: Vec<&str> = TYPES
        .into_iter()
        .filter(|name| wanted.contains(name))
        .collect();
    Some(format!("got {found}, want {}", wanted.join(" or ")))
}

fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

fn is_integer(value: &Json) -> bool {
    value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// Equality of JSON: numbers by value.
pub(super) fn equal(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => left.as_f64() == right.as_f64(),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| equal(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            let has = |(key, value): (&String, &Json)| {
                right.get(key).is_some_and(|other| equal(value, other))
            };
            left.len() == right.len() && left.iter().all(has)
        }
        _ => left == right,
    }
}

pub(super) fn constant_mismatch(keywords: &Keywords, value: &Json) -> Option<String> {
    if let Some(constant) = keywords
        .get("const")
        .filter(|constant| !equal(constant, value))
    {
        return Some(match constant {
            Json::Array(_) | Json::Object(_) => "const failed".to_owned(),
            scalar => format!("value must be {}", display(scalar)),
        });
    }
    let choices = keywords.get("enum").and_then(Json::as_array)?;
    if choices.iter().any(|choice| equal(choice, value)) {
        return None;
    }
    Some(enum_message(choices))
}

fn enum_message(choices: &[Json]) -> String {
    if choices
        .iter()
        .any(|choice| choice.is_array() || choice.is_object())
    {
        return "enum failed".to_owned();
    }
    let shown: Vec<String> = choices.iter().map(display).collect();
    let one_of = if choices.len() == 1 { "" } else { "one of " };
    format!("value must be {one_of}{}", shown.join(", "))
}

pub(super) fn string_mismatches(
    keywords: &Keywords,
    text: &str,
    patterns: &Patterns,
) -> Vec<String> {
    let limit = |key: &str| {
        keywords
            .get(key)
            .and_then(Json::as_u64)
            .map(|limit| limit as usize)
    };
    let length = text.chars().count();
    let mut messages = Vec::new();
    if let Some(least) = limit("minLength").filter(|least| length < *least) {
        messages.push(format!(
            "minLength: got {}, want {}",
            count(length),
            count(least)
        ));
    }
    if let Some(most) = limit("maxLength").filter(|most| length > *most) {
        messages.push(format!(
            "maxLength: got {}, want {}",
            count(length),
            count(most)
        ));
    }
    let pattern = keywords.get("pattern").and_then(Json::as_str);
    if let Some(pattern) = pattern.filter(|pattern| !patterns.matches(pattern, text)) {
        messages.push(format!(
            "{} does not match pattern {}",
            quoted(text),
            quoted(pattern)
        ));
    }
    messages
}

pub(super) fn number_mismatches(keywords: &Keywords, value: f64) -> Vec<String> {
    let limit = |key: &str| keywords.get(key).and_then(Json::as_f64);
    // In draft 4 the exclusive keywords are flags of the others.
    let exclusive = |key: &str| keywords.get(key).and_then(Json::as_bool) == Some(true);
    let (minimum, exclusive_minimum) = match exclusive("exclusiveMinimum") {
        true => (None, limit("minimum")),
        false => (limit("minimum"), limit("exclusiveMinimum")),
    };
    let (maximum, exclusive_maximum) = match exclusive("exclusiveMaximum") {
        true => (None, limit("maximum")),
        false => (limit("maximum"), limit("exclusiveMaximum")),
    };
    let checks = [
        ("minimum", minimum.filter(|limit| value < *limit)),
        ("maximum", maximum.filter(|limit| value > *limit)),
        (
            "exclusiveMinimum",
            exclusive_minimum.filter(|limit| value <= *limit),
        ),
        (
            "exclusiveMaximum",
            exclusive_maximum.filter(|limit| value >= *limit),
        ),
        (
            "multipleOf",
            limit("multipleOf").filter(|of| !is_multiple(value, *of)),
        ),
    ];
    let message = |(key, limit): (&str, Option<f64>)| {
        Some(format!(
            "{key}: got {}, want {}",
            number(value),
            number(limit?)
        ))
    };
    checks.into_iter().filter_map(message).collect()
}

/// Helm's words for an error of the validator that stands by itself, where there are any.
pub(in crate::schema) fn leaf_message(error: &ValidationError<'_>) -> Option<String> {
    let found = type_of(error.instance());
    match error.kind() {
        ValidationErrorKind::Type { kind } => {
            let wanted = match kind {
                TypeKind::Single(wanted) => vec![wanted.to_string()],
                TypeKind::Multiple(wanted) => {
                    wanted.iter().map(|wanted| wanted.to_string()).collect()
                }
            };
            Some(format!("got {found}, want {}", wanted.join(" or ")))
        }
        ValidationErrorKind::Enum { options } => Some(enum_message(options.as_array()?)),
        ValidationErrorKind::Minimum { limit } => {
            let (value, limit) = (error.instance().as_f64()?, limit.as_f64()?);
            Some(format!(
                "minimum: got {}, want {}",
                number(value),
                number(limit)
            ))
        }
        ValidationErrorKind::AnyOf { .. } => Some("anyOf failed".to_owned()),
        _ => None,
    }
}
