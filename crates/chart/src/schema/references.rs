//! References inside a schema document.

use serde_json::Value as Json;

/// What a reference leads to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'s> {
    Schema(&'s Json),
    /// In another document.
    Elsewhere,
    Missing,
}

/// Follows a reference within the document.
pub(super) fn resolve<'s>(root: &'s Json, reference: &str) -> Target<'s> {
    let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let base = match document {
        "" => Some(root),
        _ => embedded(root, document),
    };
    let Some(base) = base else {
        return Target::Elsewhere;
    };
    let fragment = percent_decoded(fragment);
    let found = match fragment.as_str() {
        "" => Some(base),
        pointer if pointer.starts_with('/') => base.pointer(pointer),
        anchor => find(base, &|schema| has_anchor(schema, anchor)),
    };
    found.map_or(Target::Missing, Target::Schema)
}

/// The sub-schema that names itself so, fully or relative to the document.
fn embedded<'s>(root: &'s Json, name: &str) -> Option<&'s Json> {
    let is_named = |schema: &Json| {
        let id = ["$id", "id"]
            .iter()
            .find_map(|key| schema.get(key).and_then(Json::as_str));
        id.is_some_and(|id| {
            let id = id.trim_end_matches('#');
            id == name || (!name.contains(':') && id.ends_with(&format!("/{name}")))
        })
    };
    find(root, &is_named)
}

fn has_anchor(schema: &Json, anchor: &str) -> bool {
    let is = |key: &str| schema.get(key).and_then(Json::as_str);
    is("$anchor") == Some(anchor)
        || is("$dynamicAnchor") == Some(anchor)
        || is("$id")
            .or_else(|| is("id"))
            .is_some_and(|id| id.strip_prefix('#') == Some(anchor))
}

/// The first object, outermost first, that fits. Data inside `enum`, `const` and the like is no schema.
fn find<'s>(schema: &'s Json, fits: &dyn Fn(&Json) -> bool) -> Option<&'s Json> {
    match schema {
        Json::Object(map) => {
            if fits(schema) {
                return Some(schema);
            }
            let schemas = map.iter().filter(|(key, _)| !is_data(key));
            schemas
                .map(|(_, value)| value)
                .find_map(|value| find(value, fits))
        }
        Json::Array(items) => items.iter().find_map(|item| find(item, fits)),
        _ => None,
    }
}

/// Keywords whose values are data.
pub(super) fn is_data(keyword: &str) -> bool {
    matches!(keyword, "enum" | "const" | "default" | "examples")
}

fn percent_decoded(fragment: &str) -> String {
    let mut decoded = Vec::new();
    let mut rest = fragment.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = (byte == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(value) => {
                decoded.push(value);
                rest = &tail[2..];
            }
            None => {
                decoded.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
