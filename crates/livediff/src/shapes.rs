//! The table of shapes: what the API server fills in, and which values mean the same (`data/shapes.yaml`).

use crate::defaults::same;
use crate::derived::{Derived, derived};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use yaml::{DecodeOptions, Map, NoMarks, Value};

const TABLE: &str = include_str!("../data/shapes.yaml");

/// How a field's value holds its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repeat {
    One,
    List,
    Map,
}

#[derive(Debug, Clone)]
struct Child {
    shape: String,
    repeat: Repeat,
}

/// What is known about one type of the API.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) set: Map,
    /// Field, value, defaults.
    pub(crate) conditional: Vec<(String, Value, Map)>,
    pub(crate) rules: Vec<Derived>,
    zero: Vec<String>,
    keep: Vec<String>,
    sticky: Vec<String>,
    usual: Map,
    fields: BTreeMap<String, Child>,
}

/// What stands below a field: nothing known, a quantity, or a shape.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Below<'t> {
    #[default]
    Unknown,
    Quantity,
    /// A map of quantities.
    Quantities,
    One(&'t Shape),
    List(&'t Shape),
}

#[derive(Debug, Default)]
pub(crate) struct ShapeTable {
    kinds: BTreeMap<String, String>,
    shapes: BTreeMap<String, Shape>,
}

/// The table, read once.
pub(crate) fn shape_table() -> &'static ShapeTable {
    static READ: OnceLock<ShapeTable> = OnceLock::new();
    READ.get_or_init(|| ShapeTable::read(&table_value(TABLE)))
}

/// A data table of this crate. A table that does not parse is caught by the tests; it counts as empty here.
pub(crate) fn table_value(text: &str) -> Value {
    yaml::decode_text(text.as_bytes(), DecodeOptions::MANIFEST, &mut NoMarks).unwrap_or_default()
}

impl ShapeTable {
    fn read(table: &Value) -> Self {
        let rows = |key: &str| {
            table
                .at(&[key])
                .and_then(Value::as_map)
                .into_iter()
                .flatten()
        };
        let kind = |(key, entry): (&Arc<str>, &yaml::Entry)| {
            Some((key.to_string(), entry.value.as_str()?.to_owned()))
        };
        let shape =
            |(key, entry): (&Arc<str>, &yaml::Entry)| (key.to_string(), Shape::read(&entry.value));
        Self {
            kinds: rows("kinds").filter_map(kind).collect(),
            shapes: rows("shapes").map(shape).collect(),
        }
    }

    /// The shape of a kind's objects.
    pub(crate) fn of_kind(&self, group: &str, kind: &str) -> Option<&Shape> {
        // The old group served the same types.
        let group = if group == "extensions" {
            extensions_group(kind)
        } else {
            group
        };
        self.shapes.get(self.kinds.get(&format!("{group}/{kind}"))?)
    }

    /// What stands below a field of a shape.
    pub(crate) fn below(&self, shape: &Shape, field: &str) -> Below<'_> {
        let Some(child) = shape.fields.get(field) else {
            return Below::Unknown;
        };
        match (child.shape.as_str(), child.repeat) {
            ("Quantity", Repeat::Map) => Below::Quantities,
            ("Quantity", _) => Below::Quantity,
            (name, repeat) => match (self.shapes.get(name), repeat) {
                (Some(shape), Repeat::List) => Below::List(shape),
                (Some(shape), _) => Below::One(shape),
                (None, _) => Below::Unknown,
            },
        }
    }
}

fn extensions_group(kind: &str) -> &'static str {
    match kind {
        "Ingress" | "NetworkPolicy" => "networking.k8s.io",
        _ => "apps",
    }
}

impl Shape {
    fn read(row: &Value) -> Self {
        let names = |key: &str| -> Vec<String> {
            let items = row.at(&[key]).and_then(Value::as_list).unwrap_or_default();
            items
                .iter()
                .filter_map(|item| item.value.as_str().map(str::to_owned))
                .collect()
        };
        let fields = row
            .at(&["fields"])
            .and_then(Value::as_map)
            .into_iter()
            .flatten();
        let child = |(key, entry): (&Arc<str>, &yaml::Entry)| {
            Some((key.to_string(), Child::read(entry.value.as_str()?)))
        };
        Self {
            set: row
                .at(&["set"])
                .and_then(Value::as_map)
                .cloned()
                .unwrap_or_default(),
            conditional: conditional(row),
            rules: names("rules")
                .iter()
                .filter_map(|name| derived(name))
                .collect(),
            zero: names("zero"),
            keep: names("keep"),
            sticky: names("sticky"),
            usual: row
                .at(&["usual"])
                .and_then(Value::as_map)
                .cloned()
                .unwrap_or_default(),
            fields: fields.filter_map(child).collect(),
        }
    }

    /// Whether a value says the same as leaving the field out.
    pub(crate) fn is_blank(&self, field: &str, value: &Value) -> bool {
        let listed = |list: &[String]| list.iter().any(|name| name == field);
        match value {
            Value::Null => true,
            Value::Map(map) => map.is_empty() && !listed(&self.keep),
            Value::List(items) => items.is_empty() && !listed(&self.keep),
            Value::Bool(set) => !set && listed(&self.zero),
            Value::String(text) => text.is_empty() && listed(&self.zero),
            number => number.as_i64() == Some(0) && listed(&self.zero),
        }
    }

    /// Whether a value is what the server chose where the old manifest left the field out.
    pub(crate) fn is_usual(&self, field: &str, value: &Value) -> bool {
        self.usual
            .get(field)
            .is_some_and(|usual| same(&usual.value, value))
    }

    /// Whether leaving the field out of a new manifest leaves it as it is.
    pub(crate) fn is_sticky(&self, field: &str) -> bool {
        self.sticky.iter().any(|name| name == field)
    }
}

fn conditional(row: &Value) -> Vec<(String, Value, Map)> {
    let rows = row.at(&["if"]).and_then(Value::as_list).unwrap_or_default();
    let read = |row: &yaml::Entry| match row.value.as_list()? {
        [field, value, set] => Some((
            field.value.as_str()?.to_owned(),
            value.value.clone(),
            set.value.as_map()?.clone(),
        )),
        _ => None,
    };
    rows.iter().filter_map(read).collect()
}

impl Child {
    fn read(text: &str) -> Self {
        let (shape, repeat) = match (text.strip_suffix('*'), text.strip_suffix('%')) {
            (Some(shape), _) => (shape, Repeat::List),
            (_, Some(shape)) => (shape, Repeat::Map),
            _ => (text, Repeat::One),
        };
        Self {
            shape: shape.to_owned(),
            repeat,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_table_leads_somewhere() {
        let table = yaml::decode_text(TABLE.as_bytes(), DecodeOptions::MANIFEST, &mut NoMarks)
            .expect("the table parses");
        let read = ShapeTable::read(&table);
        assert!(read.kinds.len() > 40);
        for (kind, shape) in &read.kinds {
            assert!(
                read.shapes.contains_key(shape),
                "{kind} has the shape {shape}"
            );
        }
        for (name, shape) in &read.shapes {
            for child in shape.fields.values() {
                let known = child.shape == "Quantity" || read.shapes.contains_key(&child.shape);
                assert!(known, "{name} has a child of the shape {}", child.shape);
            }
            let rules = table
                .at(&["shapes", name, "rules"])
                .and_then(Value::as_list)
                .unwrap_or_default();
            assert_eq!(rules.len(), shape.rules.len(), "rules of {name}");
            let conditions = table
                .at(&["shapes", name, "if"])
                .and_then(Value::as_list)
                .unwrap_or_default();
            assert_eq!(
                conditions.len(),
                shape.conditional.len(),
                "conditions of {name}"
            );
        }
    }
}
