//! Applying a `--set` argument to the values so far.

use super::MAX_NESTING;
use super::scan::Scanner;
use crate::goformat::{quote, type_name};
use crate::values::origins::Recorder;
use source::{Layer, Origin, OriginId, OriginTable, Place, ValuePath};
use std::sync::Arc;
use yaml::{Entry, Map, Value};

/// Reads the file that a `--set-file` argument names.
pub(crate) type ReadFile<'a> = &'a mut dyn FnMut(&str) -> Result<Value, String>;

/// Which member of the family an argument belongs to.
pub(crate) enum Dialect<'a> {
    /// `--set`: integers, booleans and null are recognised.
    Typed,
    /// `--set-string`
    Text,
    /// `--set-file`
    File(ReadFile<'a>),
    /// `--set-json`
    Json,
    /// `--set-literal`: nothing is special in the value, nor are commas and backslashes in the key.
    Literal,
    /// A value that is at hand; the argument is a key and a final `=`.
    Given(Value),
}

/// Whether more assignments may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Continue,
    End,
}

/// Applies one argument. Entries that it sets get an origin of `layer` and `place`.
pub(crate) struct Setter<'a, 'd> {
    pub(super) scanner: Scanner<'a>,
    pub(super) dialect: Dialect<'d>,
    layer: Layer,
    place: Place,
    table: &'a mut OriginTable,
}

impl<'a, 'd> Setter<'a, 'd> {
    pub(crate) fn new(
        argument: &'a str,
        dialect: Dialect<'d>,
        layer: Layer,
        place: Place,
        table: &'a mut OriginTable,
    ) -> Self {
        let escapes = !matches!(dialect, Dialect::Literal);
        Self {
            scanner: Scanner::new(argument, escapes),
            dialect,
            layer,
            place,
            table,
        }
    }

    /// Sets what the argument says.
    ///
    /// # Errors
    /// Helm's text without its prefix: `key "a" has no value`.
    pub(crate) fn apply(mut self, values: &mut Map) -> Result<(), String> {
        while self.key(values, &ValuePath::default(), 0)? == Flow::Continue {}
        Ok(())
    }

    pub(super) fn key(
        &mut self,
        map: &mut Map,
        path: &ValuePath,
        level: usize,
    ) -> Result<Flow, String> {
        let stops: &[char] = match self.dialect {
            Dialect::Literal => &['=', '[', '.'],
            _ => &['=', '[', ',', '.'],
        };
        let (key, stop) = self.scanner.until(stops);
        let path = path.clone().key(&key);
        match stop {
            None if key.is_empty() => Ok(Flow::End),
            None => Err(format!("key {} has no value", quote(&key))),
            Some('=') => self.assign(map, &key, &path),
            Some('[') => self.list(map, &key, &path, level),
            Some('.') => self.nested(map, &key, &path, level + 1),
            Some(_) => Err(format!(
                "key {} has no value (cannot end with ,)",
                quote(&key)
            )),
        }
    }

    fn assign(&mut self, map: &mut Map, key: &str, path: &ValuePath) -> Result<Flow, String> {
        let (value, flow) = self.value()?;
        self.set(map, key, value, path);
        Ok(flow)
    }

    /// `key.…`
    fn nested(
        &mut self,
        map: &mut Map,
        key: &str,
        path: &ValuePath,
        level: usize,
    ) -> Result<Flow, String> {
        if level > MAX_NESTING {
            return Err(format!(
                "value name nested level is greater than maximum supported nested level of {MAX_NESTING}"
            ));
        }
        let (flow, is_empty) = match map.get_mut(key) {
            Some(Entry {
                value: Value::Map(inner),
                ..
            }) => {
                let inner = Arc::make_mut(inner);
                (self.key(inner, path, level)?, inner.is_empty())
            }
            Some(other) => return Err(conversion_error(&other.value, "map[string]interface {}")),
            None => {
                let mut inner = Map::new();
                let flow = self.key(&mut inner, path, level)?;
                let is_empty = inner.is_empty();
                if !is_empty {
                    self.insert(map, key, Value::map(inner), path);
                }
                (flow, is_empty)
            }
        };
        if flow == Flow::Continue && is_empty {
            return Err(format!("key map {} has no value", quote(key)));
        }
        Ok(flow)
    }

    /// Sets a value; Helm ignores an empty key.
    fn set(&mut self, map: &mut Map, key: &str, value: Value, path: &ValuePath) {
        let value = self.mark_inside(value, path);
        self.insert(map, key, value, path);
    }

    pub(super) fn insert(&mut self, map: &mut Map, key: &str, value: Value, path: &ValuePath) {
        if key.is_empty() {
            return;
        }
        let mark = self.origin(path, map.get(key).map_or(0, |old| old.mark));
        map.insert(key.into(), Entry { value, mark });
    }

    /// Marks what has no mark yet: the inside of a list in braces or of a JSON value.
    pub(super) fn mark_inside(&mut self, value: Value, path: &ValuePath) -> Value {
        mark_tree(value, path, &mut |path| self.origin(path, 0))
    }

    pub(super) fn origin(&mut self, path: &ValuePath, overridden: u32) -> u32 {
        let origin = Origin {
            path: path.clone(),
            layer: self.layer,
            place: self.place.clone(),
            overrode: Vec::new(),
        };
        let OriginId(mark) = self.table.add(origin);
        Recorder::on(self.table).overrides(mark, overridden);
        mark
    }
}

/// Gives a mark to each entry of a tree that has none.
pub(crate) fn mark_tree(
    value: Value,
    path: &ValuePath,
    mark: &mut dyn FnMut(&ValuePath) -> u32,
) -> Value {
    let mut entry = |entry: &Entry, path: ValuePath| {
        let own = if entry.mark == 0 {
            mark(&path)
        } else {
            entry.mark
        };
        Entry {
            value: mark_tree(entry.value.clone(), &path, mark),
            mark: own,
        }
    };
    match value {
        Value::Map(map) => {
            let marked = map
                .iter()
                .map(|(key, inner)| (Arc::clone(key), entry(inner, path.clone().key(key))));
            Value::map(marked.collect())
        }
        Value::List(items) => {
            let marked = items
                .iter()
                .enumerate()
                .map(|(index, item)| entry(item, path.clone().index(index)));
            Value::list(marked.collect())
        }
        scalar => scalar,
    }
}

/// What Go says when a value is taken for a container that it is not.
pub(super) fn conversion_error(found: &Value, wanted: &str) -> String {
    let found = if found.is_null() {
        "nil"
    } else {
        type_name(found)
    };
    format!("unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")
}
