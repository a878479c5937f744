//! `import-values`: tables of a sub-chart's defaults that become defaults of its parent.

use crate::dependencies::table_at;
use crate::goformat::plain;
use crate::instance::Instance;
use crate::values::coalesce::{Coalescing, Mismatch, merge_tables};
use std::sync::Arc;
use yaml::{Entry, Map, Value};

/// Imports in the whole tree, children first. `pass` must keep nulls.
pub(crate) fn import(chart: &mut Instance<'_>, pass: &mut Coalescing<'_>) -> Result<(), Mismatch> {
    for child in &mut chart.children {
        import(child, pass)?;
    }
    let Some(mut declared) = chart.dependencies.take() else {
        return Ok(());
    };
    let mut values = Map::new();
    pass.coalesce(chart, &mut values)?;
    let mut imported = Map::new();
    for dependency in &mut declared {
        let mut rewritten = Vec::new();
        for wish in &dependency.import_values {
            let Some((child, parent)) = source_and_target(wish) else {
                continue;
            };
            rewritten.push(rewrite(&child, &parent));
            match table_at(&values, &format!("{}.{child}", dependency.name)) {
                Some(table) => merge_tables(&mut imported, &nest(&parent, table), pass),
                None => pass.warnings.push(format!(
                    "ImportValues missing table from chart {}",
                    dependency.name
                )),
            }
        }
        dependency.import_values = rewritten;
    }
    // What the parent says itself is stronger than what it imports.
    merge_tables(&mut values, &imported, pass);
    chart.values = Arc::new(values);
    chart.dependencies = Some(declared);
    Ok(())
}

/// Where to take the table from in the sub-chart, and where to put it in the parent.
fn source_and_target(wish: &Value) -> Option<(String, String)> {
    match wish {
        Value::String(name) => Some((format!("exports.{name}"), ".".to_owned())),
        Value::Map(map) => {
            let text = |key| {
                map.get(key)
                    .map_or_else(|| "<nil>".to_owned(), |entry| plain(&entry.value))
            };
            Some((text("child"), text("parent")))
        }
        _ => None,
    }
}

fn rewrite(child: &str, parent: &str) -> Value {
    let entry = |text: &str| Entry::unmarked(Value::string(text));
    Value::map(Map::from([
        ("child".into(), entry(child)),
        ("parent".into(), entry(parent)),
    ]))
}

/// Wraps a table into the maps of a dotted path; `.` is none.
fn nest(path: &str, table: &Arc<Map>) -> Map {
    if path == "." {
        return Map::clone(table);
    }
    let mut keys = path.rsplit('.');
    let wrap = |key: &str, value| Map::from([(key.into(), Entry::unmarked(value))]);
    let innermost = wrap(
        keys.next().unwrap_or_default(),
        Value::Map(Arc::clone(table)),
    );
    keys.fold(innermost, |inner, key| wrap(key, Value::map(inner)))
}
