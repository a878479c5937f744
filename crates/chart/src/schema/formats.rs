//! Why a string does not have a format: Helm's validator says so in words of its own.

use super::failure::quoted;
use crate::goformat::quote;
use jsonschema::Draft;
use serde_json::{Value as Json, json};

/// Whether a text has a format.
type Check = fn(&str) -> bool;

/// Formats that Helm's validator checks in every draft, the `jsonschema` crate only in newer ones.
pub(super) const NEWER: [(&str, Check); 2] = [
    ("uuid", |text| has_newest("uuid", text)),
    ("duration", |text| has_newest("duration", text)),
];

fn has_newest(format: &str, text: &str) -> bool {
    violation(format, &Json::from(text), Draft::Draft202012).is_none()
}

/// The message for a value that does not have a format; None if it has, or if the format is not known.
pub(super) fn violation(format: &str, value: &Json, draft: Draft) -> Option<String> {
    let text = value.as_str()?;
    let is_newer = NEWER.iter().any(|(name, _)| *name == format);
    let draft = if is_newer { Draft::Draft202012 } else { draft };
    let options = jsonschema::options()
        .with_draft(draft)
        .should_validate_formats(true);
    let validator = options.build(&json!({ "format": format })).ok()?;
    if validator.is_valid(value) {
        return None;
    }
    Some(format!(
        "{} is not valid {format}: {}",
        quoted(text),
        reason(format, text)
    ))
}

fn reason(format: &str, text: &str) -> String {
    match format {
        "email" | "idn-email" => email(text),
        "ipv4" => ipv4(text).to_owned(),
        "ipv6" if !text.contains(':') => "missing colon".to_owned(),
        "hostname" | "idn-hostname" => hostname(text),
        "uri" | "iri" => "relative url".to_owned(),
        "json-pointer" => "not starting with /".to_owned(),
        "date-time" if text.len() < 20 => "less than 20 characters long".to_owned(),
        "time" if text.len() < 9 => "less than 9 characters long".to_owned(),
        "duration" if !text.starts_with('P') => "must start with P".to_owned(),
        "uuid" => "must have 5 elements".to_owned(),
        "date" => format!(
            "parsing time {} as \"2006-01-02\": cannot parse {} as \"2006\"",
            quote(text),
            quote(text)
        ),
        _ => "invalid format".to_owned(),
    }
}

fn email(text: &str) -> String {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return "missing @".to_owned();
    };
    if text.len() > 254 {
        return "more than 255 characters long".to_owned();
    }
    if local.len() > 64 {
        return "local part more than 64 characters long".to_owned();
    }
    if local.starts_with('.') {
        return "starts with dot".to_owned();
    }
    if local.ends_with('.') {
        return "ends with dot".to_owned();
    }
    if local.contains("..") {
        return "consecutive dots".to_owned();
    }
    let allowed = |character: char| {
        character.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(character)
    };
    if let Some(character) = local.chars().find(|character| !allowed(*character)) {
        return format!("invalid character '{character}'");
    }
    format!("invalid domain: {}", hostname(domain))
}

fn ipv4(text: &str) -> &'static str {
    let parts: Vec<&str> = text.split('.').collect();
    let is_number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() != 4 || !parts.iter().all(is_number) {
        return "expected four decimals";
    }
    if parts
        .iter()
        .any(|part| part.len() > 1 && part.starts_with('0'))
    {
        return "leading zeros";
    }
    "decimal must be between 0 and 255"
}

fn hostname(text: &str) -> String {
    if text.len() > 253 {
        return "more than 253 characters long".to_owned();
    }
    for label in text.trim_end_matches('.').split('.') {
        if label.is_empty() || label.len() > 63 {
            return "label must be 1 to 63 characters long".to_owned();
        }
        if label.starts_with('-') {
            return "label starts with hyphen".to_owned();
        }
        if label.ends_with('-') {
            return "label ends with hyphen".to_owned();
        }
        let strange = |character: &char| !character.is_ascii_alphanumeric() && *character != '-';
        if let Some(character) = label.chars().find(strange) {
            return format!("invalid character '{character}'");
        }
    }
    "invalid hostname".to_owned()
}
