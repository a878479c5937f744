//! List indices in keys: `a[0].b`, `a[1][2]`.

use super::MAX_INDEX;
use super::setter::{Flow, Setter, conversion_error};
use crate::goformat::{quote, quote_runes};
use source::ValuePath;
use std::sync::Arc;
use yaml::{Entry, Map, Value};

impl Setter<'_, '_> {
    /// `key[…`
    pub(super) fn list(
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
}
