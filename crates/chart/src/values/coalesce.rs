//! Coalescing: the values of a chart tree, each chart's defaults under whatever its parents and the user say.

use super::origins::Recorder;
use crate::goformat::{as_boolean, plain, quote};
use crate::instance::Instance;
use gotemplate::HelmLine;
use source::OriginId;
use std::borrow::Cow;
use std::sync::Arc;
use yaml::{Entry, Map, Value};

/// What becomes of nulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// A null deletes the default below it: how templates see values.
    Delete,
    /// Nulls stay, for a later pass: how `import-values` sees values.
    Keep,
}

/// Values that do not fit the chart tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// `type mismatch on sub: %!t(int64=5)`: the odd verb is Helm's.
    pub(crate) message: String,
    /// The value at fault.
    pub(crate) origin: OriginId,
}

/// One pass over a chart tree.
pub(crate) struct Coalescing<'a> {
    pub(crate) helm: HelmLine,
    pub(crate) nulls: Nulls,
    pub(crate) recorder: Recorder<'a>,
    /// Helm's warnings for standard error.
    pub(crate) warnings: &'a mut Vec<String>,
}

impl Coalescing<'_> {
    /// Adds the defaults of a chart and its sub-charts to `values`, which are stronger.
    pub(crate) fn coalesce(
        &mut self,
        chart: &Instance<'_>,
        values: &mut Map,
    ) -> Result<(), Mismatch> {
        self.chart(chart, values, "")
    }

    fn chart(
        &mut self,
        chart: &Instance<'_>,
        values: &mut Map,
        prefix: &str,
    ) -> Result<(), Mismatch> {
        let prefix = join(prefix, &chart.name);
        self.own_values(chart, values, &prefix);
        for child in &chart.children {
            let section = values
                .entry(Arc::clone(&child.name))
                .or_insert_with(empty_map);
            if section.value.as_map().is_none() {
                let message = format!(
                    "type mismatch on {}: {}",
                    child.name,
                    as_boolean(&section.value)
                );
                return Err(Mismatch {
                    message,
                    origin: OriginId(section.mark),
                });
            }
            let globals = values.get(GLOBAL).cloned();
            let section = values.get_mut(&child.name);
            let Some(Entry {
                value: Value::Map(section),
                ..
            }) = section
            else {
                continue;
            };
            let section = Arc::make_mut(section);
            self.globals(globals.as_ref(), section, &prefix);
            self.chart(child, section, &prefix)?;
        }
        Ok(())
    }

    fn own_values(&mut self, chart: &Instance<'_>, values: &mut Map, prefix: &str) {
        for (key, default) in chart.values.iter() {
            let is_section = chart.children.iter().any(|child| child.name == *key);
            let Some(value) = values.get_mut(key) else {
                self.adopt_default(key, default, values);
                continue;
            };
            if value.value.is_null() && self.nulls == Nulls::Delete {
                self.recorder.deletes(value.mark, default.mark);
                values.remove(key);
                continue;
            }
            self.recorder.overrides(value.mark, default.mark);
            let Value::Map(table) = &mut value.value else {
                continue;
            };
            let Value::Map(defaults) = &default.value else {
                if !default.value.is_null() {
                    self.warn(format!(
                        "warning: skipped value for {prefix}.{key}: Not a table."
                    ));
                }
                continue;
            };
            let nulls = if is_section { Nulls::Keep } else { self.nulls };
            let defaults = self.clean(defaults, nulls);
            self.table(Arc::make_mut(table), &defaults, &join(prefix, key), nulls);
        }
    }

    fn adopt_default(&mut self, key: &Arc<str>, default: &Entry, values: &mut Map) {
        let strips = self.helm == HelmLine::V4 && self.nulls == Nulls::Delete;
        if strips && default.value.is_null() {
            return;
        }
        let value = match &default.value {
            Value::Map(map) => Value::map(self.clean(map, self.nulls).into_owned()),
            other => other.clone(),
        };
        values.insert(
            Arc::clone(key),
            Entry {
                value,
                mark: default.mark,
            },
        );
    }

    /// Helm 4.2 takes nulls out of defaults, so that they do not show.
    fn clean<'m>(&self, defaults: &'m Map, nulls: Nulls) -> Cow<'m, Map> {
        match (self.helm, nulls) {
            (HelmLine::V4, Nulls::Delete) => without_nulls(defaults),
            _ => Cow::Borrowed(defaults),
        }
    }

    /// Merges a weaker table into a stronger one.
    fn table(&mut self, strong: &mut Map, weak: &Map, prefix: &str, nulls: Nulls) {
        for (key, weaker) in weak {
            let Some(stronger) = strong.get_mut(key) else {
                strong.insert(Arc::clone(key), weaker.clone());
                continue;
            };
            if stronger.value.is_null() {
                // Only a null over something deletes; a null over a null stays one.
                if nulls == Nulls::Delete && !weaker.value.is_null() {
                    self.recorder.deletes(stronger.mark, weaker.mark);
                    strong.remove(key);
                } else {
                    self.recorder.overrides(stronger.mark, weaker.mark);
                }
                continue;
            }
            self.recorder.overrides(stronger.mark, weaker.mark);
            let path = join(prefix, key);
            match (&mut stronger.value, &weaker.value) {
                (Value::Map(stronger), Value::Map(weaker)) => {
                    self.table(Arc::make_mut(stronger), weaker, &path, nulls);
                }
                (_, Value::Map(_)) => {
                    let value = plain(&weaker.value);
                    self.warn(format!(
                        "warning: cannot overwrite table with non table for {path} ({value})"
                    ));
                }
                (Value::Map(_), other) if !other.is_null() => {
                    let value = plain(other);
                    self.warn(format!(
                        "warning: destination for {path} is a table. Ignoring non-table value ({value})"
                    ));
                }
                _ => {}
            }
        }
    }

    /// Copies a chart's globals into the section of a sub-chart.
    fn globals(&mut self, from: Option<&Entry>, section: &mut Map, prefix: &str) {
        let mut merged = match section.get(GLOBAL) {
            None => Map::new(),
            Some(Entry {
                value: Value::Map(map),
                ..
            }) => Map::clone(map),
            Some(_) => {
                let reason = "because destination global is not a table.";
                return self.warn(format!("warning: skipping globals {reason}"));
            }
        };
        let globals = match from.map(|entry| &entry.value) {
            None => &Map::new(),
            Some(Value::Map(map)) => map.as_ref(),
            Some(_) => {
                return self.warn(
                    "warning: skipping globals because source global is not a table.".to_owned(),
                );
            }
        };
        for (key, entry) in globals {
            self.global(key, entry, &mut merged, prefix);
        }
        let mark = match (section.get(GLOBAL), from) {
            (Some(own), _) if own.mark != 0 => own.mark,
            (_, from) => from.map_or(0, |from| from.mark),
        };
        section.insert(
            GLOBAL.into(),
            Entry {
                value: Value::map(merged),
                mark,
            },
        );
    }

    fn global(&mut self, key: &Arc<str>, entry: &Entry, merged: &mut Map, prefix: &str) {
        let mut entry = entry.clone();
        match (&mut entry.value, merged.get(key).map(|own| &own.value)) {
            (Value::Map(globals), Some(Value::Map(own))) => {
                self.table(Arc::make_mut(globals), own, &join(prefix, key), Nulls::Keep);
            }
            (Value::Map(_), Some(_)) => {
                let key = quote(key);
                return self.warn(format!(
                    "Conflict: cannot merge map onto non-map for {key}. Skipping."
                ));
            }
            (_, Some(Value::Map(_))) => return self.warn(format!("key {key} is table. Skipping")),
            _ => {}
        }
        if let Some(own) = merged.get(key) {
            self.recorder.overrides(entry.mark, own.mark);
        }
        merged.insert(Arc::clone(key), entry);
    }

    fn warn(&mut self, warning: String) {
        // The same pass is made several times before anything is rendered.
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}

/// The key of values that all charts of a tree see.
const GLOBAL: &str = "global";

fn empty_map() -> Entry {
    Entry::unmarked(Value::map(Map::new()))
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        key.to_owned()
    } else {
        format!("{prefix}.{key}")
    }
}

/// A map without nulls, at any depth of maps.
fn without_nulls(map: &Map) -> Cow<'_, Map> {
    if !has_nulls(map) {
        return Cow::Borrowed(map);
    }
    let clean = |(key, entry): (&Arc<str>, &Entry)| {
        let value = match &entry.value {
            Value::Null => return None,
            Value::Map(inner) => Value::map(without_nulls(inner).into_owned()),
            other => other.clone(),
        };
        Some((
            Arc::clone(key),
            Entry {
                value,
                mark: entry.mark,
            },
        ))
    };
    Cow::Owned(map.iter().filter_map(clean).collect())
}

fn has_nulls(map: &Map) -> bool {
    map.values().any(|entry| match &entry.value {
        Value::Null => true,
        Value::Map(inner) => has_nulls(inner),
        _ => false,
    })
}

/// Merges weaker tables into stronger ones without deleting anything.
pub(crate) fn merge_tables(strong: &mut Map, weak: &Map, pass: &mut Coalescing<'_>) {
    pass.table(strong, weak, "", Nulls::Keep);
}
