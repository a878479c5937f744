//! Fills in what the API server would.

use crate::shapes::{Below, Shape, ShapeTable, shape_table};
use std::sync::Arc;
use yaml::{Entry, Map, Value};

/// A manifest as the API server would store it, as far as the table of shapes knows the kind. Entries that were
/// filled in have mark 0.
pub fn with_defaults(group: &str, kind: &str, root: &Value) -> Value {
    let table = shape_table();
    let mut root = root.clone();
    if let Some(shape) = table.of_kind(group, kind) {
        fill(table, shape, &mut root);
    }
    root
}

fn fill(table: &ShapeTable, shape: &Shape, value: &mut Value) {
    let Value::Map(map) = value else { return };
    let map = Arc::make_mut(map);
    merge(map, &shape.set);
    for (field, wanted, defaults) in &shape.conditional {
        if map
            .get(field.as_str())
            .is_some_and(|entry| same(&entry.value, wanted))
        {
            merge(map, defaults);
        }
    }
    let keys: Vec<Arc<str>> = map.keys().cloned().collect();
    for key in keys {
        let Some(entry) = map.get_mut(&key) else {
            continue;
        };
        match table.below(shape, &key) {
            Below::One(child) => fill(table, child, &mut entry.value),
            Below::List(child) => {
                if let Value::List(items) = &mut entry.value {
                    for item in Arc::make_mut(items) {
                        fill(table, child, &mut item.value);
                    }
                }
            }
            Below::Unknown | Below::Quantity | Below::Quantities => {}
        }
    }
    for rule in &shape.rules {
        rule(map);
    }
}

/// Fills in missing and null fields, deeply.
fn merge(map: &mut Map, defaults: &Map) {
    for (key, default) in defaults {
        match map.get_mut(key) {
            Some(entry) if !entry.value.is_null() => {
                if let (Value::Map(inner), Value::Map(defaults)) =
                    (&mut entry.value, &default.value)
                {
                    merge(Arc::make_mut(inner), defaults);
                }
            }
            _ => {
                map.insert(Arc::clone(key), Entry::unmarked(default.value.clone()));
            }
        }
    }
}

/// Equal whatever the marks and the kinds of numbers.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right.iter())
                    .all(|((left_key, left), (right_key, right))| {
                        left_key == right_key && same(&left.value, &right.value)
                    })
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right.iter())
                    .all(|(left, right)| same(&left.value, &right.value))
        }
        (Value::Float(float), other) | (other, Value::Float(float)) => match other {
            Value::Float(other) => float == other,
            _ => other
                .as_i64()
                .is_some_and(|integer| integer as f64 == *float),
        },
        (left, right) => left == right,
    }
}
