//! Applying a `--set` argument to the values so far.

use super::scan::Scanner;
use super::{MAX_INDEX, MAX_NESTING};
use crate::goformat::{quote, quote_runes, type_name};
use crate::values::json;
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
enum Flow {
    Continue,
    End,
}

/// Applies one argument. Entries that it sets get an origin of `layer` and `place`.
pub(crate) struct Setter<'a, 'd> {
    scanner: Scanner<'a>,
    dialect: Dialect<'d>,
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

    fn key(&mut self, map: &mut Map, path: &ValuePath, level: usize) -> Result<Flow, String> {
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

    /// `key[…`
    fn list(
        &mut self,
        map: &mut Map,
        key: &str,
        path: &ValuePath,
        level: usize,
    ) -> Result<Flow, String> {
        let Some(index) = self.index()? else {
            return Ok(Flow::End);
        };
        match map.get_mut(key) {
            Some(Entry {
                value: Value::List(items),
                ..
            }) => {
                let items = Arc::make_mut(items);
                self.item(items, index, path, level)
            }
            Some(other) => Err(conversion_error(&other.value, "[]interface {}")),
            None => {
                let mut items = Vec::new();
                let flow = self.item(&mut items, index, path, level)?;
                self.insert(map, key, Value::list(items), path);
                Ok(flow)
            }
        }
    }

    /// The number up to `]`; None at the end of the text, where Helm silently stops.
    fn index(&mut self) -> Result<Option<i64>, String> {
        let (text, stop) = self.scanner.until(&[']']);
        if stop.is_none() {
            return Ok(None);
        }
        let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let reason = if is_number {
            "value out of range"
        } else {
            "invalid syntax"
        };
        let error = || {
            format!(
                "error parsing index: strconv.Atoi: parsing {}: {reason}",
                quote(&text)
            )
        };
        text.parse().map(Some).map_err(|_| error())
    }

    /// What follows `]`.
    fn item(
        &mut self,
        items: &mut Vec<Entry>,
        index: i64,
        path: &ValuePath,
        level: usize,
    ) -> Result<Flow, String> {
        let Ok(position) = usize::try_from(index) else {
            return Err(format!("negative {index} index not allowed"));
        };
        let path = path.clone().index(position);
        let (junk, stop) = self.scanner.until(&['[', '.', '=']);
        if !junk.is_empty() {
            return Err(format!(
                "unexpected data at end of array index: {}",
                quote_runes(&junk)
            ));
        }
        match stop {
            None => Ok(Flow::End),
            Some('=') => {
                let (value, _) = self.value()?;
                self.set_item(items, index, value, &path)?;
                Ok(Flow::Continue)
            }
            Some('[') => self.nested_list(items, index, &path, level),
            Some(_) => self.nested_map(items, index, &path, level),
        }
    }

    fn nested_list(
        &mut self,
        items: &mut Vec<Entry>,
        index: i64,
        path: &ValuePath,
        level: usize,
    ) -> Result<Flow, String> {
        let Some(inner_index) = self.index()? else {
            return Ok(Flow::End);
        };
        let mut inner = match items.get(index as usize).map(|entry| &entry.value) {
            Some(Value::List(inner)) => inner.to_vec(),
            None | Some(Value::Null) => Vec::new(),
            Some(other) => return Err(conversion_error(other, "[]interface {}")),
        };
        let flow = self.item(&mut inner, inner_index, path, level)?;
        if flow == Flow::Continue {
            self.set_item(items, index, Value::list(inner), path)?;
        }
        Ok(flow)
    }

    fn nested_map(
        &mut self,
        items: &mut Vec<Entry>,
        index: i64,
        path: &ValuePath,
        level: usize,
    ) -> Result<Flow, String> {
        if let Some(entry) = items.get_mut(index as usize) {
            if entry.value.as_map().is_none() {
                entry.mark = self.origin(path, entry.mark);
                entry.value = Value::map(Map::new());
            }
            let Value::Map(inner) = &mut entry.value else {
                return Ok(Flow::End);
            };
            return self.key(Arc::make_mut(inner), path, level);
        }
        let mut inner = Map::new();
        let flow = self.key(&mut inner, path, level)?;
        if flow == Flow::Continue {
            self.set_item(items, index, Value::map(inner), path)?;
        }
        Ok(flow)
    }

    /// What follows `=`.
    fn value(&mut self) -> Result<(Value, Flow), String> {
        match &mut self.dialect {
            Dialect::Given(value) => return Ok((value.clone(), Flow::End)),
            Dialect::Json => return self.json_value(),
            Dialect::Literal => {
                let (text, _) = self.scanner.until(&[]);
                return Ok((Value::string(text), Flow::Continue));
            }
            Dialect::Typed | Dialect::Text | Dialect::File(_) => {}
        }
        if self.scanner.is_at_end() {
            return Ok((Value::string(""), Flow::End));
        }
        if self.scanner.accept('{') {
            return Ok((self.braces()?, Flow::Continue));
        }
        let (text, _) = self.scanner.until(&[',']);
        Ok((self.scalar(&text)?, Flow::Continue))
    }

    /// `{a,b}`
    fn braces(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.scanner.until(&[',', '}']);
            let Some(stop) = stop else {
                return Err("list must terminate with '}'".to_owned());
            };
            items.push(Entry::unmarked(self.scalar(&text)?));
            if stop == '}' {
                self.scanner.accept(',');
                return Ok(Value::list(items));
            }
        }
    }

    fn scalar(&mut self, text: &str) -> Result<Value, String> {
        match &mut self.dialect {
            Dialect::File(read) => read(text),
            Dialect::Typed => Ok(typed(text)),
            _ => Ok(Value::string(text)),
        }
    }

    fn json_value(&mut self) -> Result<(Value, Flow), String> {
        if self.scanner.skip_to_next() {
            return Ok((Value::Null, Flow::Continue));
        }
        let (value, length) = json::first_value(self.scanner.rest())?;
        self.scanner.skip(length);
        self.scanner.skip_to_next();
        Ok((value, Flow::Continue))
    }

    /// Sets a value; Helm ignores an empty key.
    fn set(&mut self, map: &mut Map, key: &str, value: Value, path: &ValuePath) {
        let value = self.mark_inside(value, path);
        self.insert(map, key, value, path);
    }

    fn insert(&mut self, map: &mut Map, key: &str, value: Value, path: &ValuePath) {
        if key.is_empty() {
            return;
        }
        let mark = self.origin(path, map.get(key).map_or(0, |old| old.mark));
        map.insert(key.into(), Entry { value, mark });
    }

    fn set_item(
        &mut self,
        items: &mut Vec<Entry>,
        index: i64,
        value: Value,
        path: &ValuePath,
    ) -> Result<(), String> {
        if index > MAX_INDEX {
            return Err(format!(
                "index of {index} is greater than maximum supported index of {MAX_INDEX}"
            ));
        }
        let index = index as usize;
        if items.len() <= index {
            items.resize(index + 1, Entry::unmarked(Value::Null));
        }
        let value = self.mark_inside(value, path);
        let mark = self.origin(path, items[index].mark);
        items[index] = Entry { value, mark };
        Ok(())
    }

    /// Marks what has no mark yet: the inside of a list in braces or of a JSON value.
    fn mark_inside(&mut self, value: Value, path: &ValuePath) -> Value {
        mark_tree(value, path, &mut |path| self.origin(path, 0))
    }

    fn origin(&mut self, path: &ValuePath, overridden: u32) -> u32 {
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
fn conversion_error(found: &Value, wanted: &str) -> String {
    let found = if found.is_null() {
        "nil"
    } else {
        type_name(found)
    };
    format!("unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")
}

/// The type of a plain `--set` value.
fn typed(text: &str) -> Value {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("true") || is("false") {
        return Value::Bool(is("true"));
    }
    if is("null") {
        return Value::Null;
    }
    if text == "0" {
        return Value::Int(0);
    }
    match text.parse() {
        Ok(number) if !text.starts_with('0') => Value::Int(number),
        _ => Value::string(text),
    }
}
