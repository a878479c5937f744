//! What a CRD says about its custom resources: defaults, list keys, and transitions that it refuses.

use crate::defaults::same;
use crate::immutable::Sides;
use manifest::Object;
use std::collections::BTreeMap;
use std::sync::Arc;
use yaml::{Entry, Map, Value};

/// The schema of one version of a custom kind.
#[derive(Debug)]
pub(crate) struct Definition {
    schema: Value,
}

/// All CRDs at hand, by group, kind and version.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    versions: BTreeMap<(String, String, String), Definition>,
}

impl Definitions {
    /// Later definitions of the same kind win.
    pub(crate) fn learn<'a>(objects: impl IntoIterator<Item = &'a Object>) -> Self {
        let mut found = Self::default();
        for object in objects
            .into_iter()
            .filter(|object| object.is("apiextensions.k8s.io", "CustomResourceDefinition"))
        {
            let (Some(group), Some(kind)) = (
                object.str_at(&["spec", "group"]),
                object.str_at(&["spec", "names", "kind"]),
            ) else {
                continue;
            };
            for version in object.list_at(&["spec", "versions"]) {
                let Some(name) = version.value.at(&["name"]).and_then(Value::as_str) else {
                    continue;
                };
                let schema = version
                    .value
                    .at(&["schema", "openAPIV3Schema"])
                    .cloned()
                    .unwrap_or_default();
                let key = (group.to_owned(), kind.to_owned(), name.to_owned());
                found.versions.insert(key, Definition { schema });
            }
        }
        found
    }

    pub(crate) fn of(&self, group: &str, kind: &str, version: &str) -> Option<&Definition> {
        self.versions
            .get(&(group.to_owned(), kind.to_owned(), version.to_owned()))
    }
}

impl Definition {
    /// Fills in the schema's defaults.
    pub(crate) fn fill(&self, root: &mut Value) {
        fill(&self.schema, root);
    }

    /// The lists that the schema makes maps of, by path of map keys.
    pub(crate) fn list_keys(&self) -> BTreeMap<Vec<String>, Vec<String>> {
        let mut found = BTreeMap::new();
        collect_list_keys(&self.schema, &mut Vec::new(), &mut found);
        found
    }

    /// Whether a rule on the way to the field refuses the change, or the new value breaks its schema.
    ///
    /// Rules are CEL; of these the transition rules in common use are understood: `self == oldSelf`,
    /// `self.a == oldSelf.a`, `has(self.a) == has(oldSelf.a)`, and order relations of the same form.
    pub(crate) fn refuses(&self, keys: &[&str], sides: Sides<'_>) -> bool {
        let (mut schema, mut old, mut new) = (&self.schema, Some(sides.old), Some(sides.new));
        for (depth, key) in keys.iter().enumerate() {
            if rules(schema).any(|rule| breaks_rule(rule, old, new, Some(key))) {
                return true;
            }
            if schema.at(&["type"]).and_then(Value::as_str) == Some("array") {
                // Which item it is does not matter for the rules of the item's type, but there is no one old self.
                schema = schema.at(&["items"]).unwrap_or(&Value::Null);
                (old, new) = (None, None);
            }
            let Some(next) = schema.at(&["properties", key]) else {
                return false;
            };
            let enter = |side: Option<&'_ Value>| side.and_then(|value| value.at(&[key])).cloned();
            let (next_old, next_new) = (enter(old), enter(new));
            if depth + 1 == keys.len() {
                let broken = next_new
                    .as_ref()
                    .is_some_and(|value| breaks_schema(next, value));
                let refused = rules(next)
                    .any(|rule| breaks_rule(rule, next_old.as_ref(), next_new.as_ref(), None));
                return broken || refused;
            }
            schema = next;
            (old, new) = (
                old.and_then(|value| value.at(&[key])),
                new.and_then(|value| value.at(&[key])),
            );
        }
        false
    }
}

fn rules(schema: &Value) -> impl Iterator<Item = &str> {
    let list = schema
        .at(&["x-kubernetes-validations"])
        .and_then(Value::as_list)
        .unwrap_or_default();
    list.iter()
        .filter_map(|rule| rule.value.at(&["rule"])?.as_str())
}

/// Whether a transition rule forbids the change; `about` keeps to rules that speak of this field.
fn breaks_rule(rule: &str, old: Option<&Value>, new: Option<&Value>, about: Option<&str>) -> bool {
    let plain: String = rule.split_whitespace().collect();
    let relation = ["==", ">=", "<=", ">", "<"].into_iter().find_map(|sign| {
        let (left, right) = plain.split_once(sign)?;
        Some((left, sign, right))
    });
    let Some((left, sign, right)) = relation else {
        return false;
    };
    let Some(field) =
        operand(left, "self").filter(|field| operand(right, "oldSelf").as_ref() == Some(field))
    else {
        return false;
    };
    let (tests_presence, path) = field;
    // A rule on the whole value speaks of each of its fields.
    if about
        .is_some_and(|about| !path.is_empty() && path.first().map(String::as_str) != Some(about))
    {
        return false;
    }
    let reach = |side: Option<&'_ Value>| {
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        side.and_then(|value| value.at(&keys))
            .filter(|value| !value.is_null())
            .cloned()
    };
    let (old, new) = (reach(old), reach(new));
    if tests_presence {
        return sign == "==" && old.is_some() != new.is_some();
    }
    let (Some(old), Some(new)) = (old, new) else {
        return false;
    };
    match sign {
        "==" => !same(&new, &old),
        _ => !in_order(&new, sign, &old),
    }
}

fn in_order(new: &Value, sign: &str, old: &Value) -> bool {
    let (Some(new), Some(old)) = (new.as_i64(), old.as_i64()) else {
        return true;
    };
    match sign {
        ">=" => new >= old,
        "<=" => new <= old,
        ">" => new > old,
        _ => new < old,
    }
}

/// `self.a.b` as its path, `has(self.a.b)` with a sign for it; None for anything else.
fn operand(text: &str, root: &str) -> Option<(bool, Vec<String>)> {
    let inside = text
        .strip_prefix("has(")
        .and_then(|text| text.strip_suffix(')'));
    let path = inside.unwrap_or(text).strip_prefix(root)?;
    let word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if path.is_empty() {
        return Some((inside.is_some(), Vec::new()));
    }
    let parts: Vec<String> = path
        .strip_prefix('.')?
        .split('.')
        .map(str::to_owned)
        .collect();
    parts
        .iter()
        .all(|part| word(part))
        .then_some((inside.is_some(), parts))
}

/// Type, enumeration and bounds.
fn breaks_schema(schema: &Value, value: &Value) -> bool {
    let wrong_type = match (schema.at(&["type"]).and_then(Value::as_str), value) {
        (_, Value::Null) => false,
        (Some("integer"), value) => value.as_i64().is_none(),
        (Some("string"), value) => value.as_str().is_none(),
        (Some("boolean"), value) => value.as_bool().is_none(),
        (Some("object"), value) => value.as_map().is_none(),
        (Some("array"), value) => value.as_list().is_none(),
        _ => false,
    };
    let free = schema
        .at(&["x-kubernetes-int-or-string"])
        .and_then(Value::as_bool)
        == Some(true);
    let allowed = schema.at(&["enum"]).and_then(Value::as_list);
    let unlisted =
        allowed.is_some_and(|allowed| !allowed.iter().any(|item| same(&item.value, value)));
    let bound = |key: &str| {
        schema
            .at(&[key])
            .and_then(Value::as_i64)
            .zip(value.as_i64())
    };
    let outside = bound("minimum").is_some_and(|(least, number)| number < least)
        || bound("maximum").is_some_and(|(most, number)| number > most);
    (wrong_type && !free) || unlisted || outside
}

fn fill(schema: &Value, value: &mut Value) {
    match value {
        Value::Map(map) => fill_map(schema, Arc::make_mut(map)),
        Value::List(items) => {
            if let Some(schema) = schema.at(&["items"]) {
                for item in Arc::make_mut(items) {
                    fill(schema, &mut item.value);
                }
            }
        }
        _ => {}
    }
}

fn fill_map(schema: &Value, map: &mut Map) {
    for (key, property) in schema
        .at(&["properties"])
        .and_then(Value::as_map)
        .into_iter()
        .flatten()
    {
        if let Some(default) = property
            .value
            .at(&["default"])
            .filter(|_| !map.contains_key(key))
        {
            map.insert(Arc::clone(key), Entry::unmarked(default.clone()));
        }
        if let Some(entry) = map.get_mut(key) {
            fill(&property.value, &mut entry.value);
        }
    }
    if let Some(schema) = schema.at(&["additionalProperties"]) {
        for entry in map.values_mut() {
            fill(schema, &mut entry.value);
        }
    }
}

fn collect_list_keys(
    schema: &Value,
    path: &mut Vec<String>,
    found: &mut BTreeMap<Vec<String>, Vec<String>>,
) {
    if let Some(keys) = schema
        .at(&["x-kubernetes-list-map-keys"])
        .and_then(Value::as_list)
    {
        let keys = keys
            .iter()
            .filter_map(|key| key.value.as_str().map(str::to_owned))
            .collect();
        found.insert(path.clone(), keys);
    }
    if let Some(items) = schema.at(&["items"]) {
        collect_list_keys(items, path, found);
    }
    for (key, property) in schema
        .at(&["properties"])
        .and_then(Value::as_map)
        .into_iter()
        .flatten()
    {
        path.push(key.to_string());
        collect_list_keys(&property.value, path, found);
        path.pop();
    }
}
