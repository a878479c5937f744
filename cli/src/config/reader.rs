//! Reads typed values out of the tree and gathers what is wrong with them.

use super::ConfigError;
use super::tree::Tree;
use crate::suggest;
use manifest::KubeVersion;
use source::{Place, Span};
use std::collections::BTreeMap;
use std::sync::Arc;
use yaml::{Entry, Value};

/// A value and where it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'t> {
    pub(super) value: &'t Value,
    /// The key alone; None for list items and the root.
    pub(super) key: Option<Span>,
    /// From the key to the end of the value.
    pub(super) at: Span,
    /// The value alone.
    pub(super) written: Span,
}

impl Item<'_> {
    /// The entry's key, or the list item.
    pub(super) fn key_place(&self) -> Place {
        Place::File(self.key.unwrap_or(self.at))
    }

    pub(super) fn place(&self) -> Place {
        Place::File(self.at)
    }
}

/// The known entries of a mapping; those without a value are left out, as if they were not there.
pub(super) struct Fields<'t> {
    by_key: BTreeMap<Arc<str>, Item<'t>>,
}

impl<'t> Fields<'t> {
    pub(super) fn get(&self, key: &str) -> Option<Item<'t>> {
        self.by_key.get(key).copied()
    }
}

pub(super) struct Reader<'a> {
    tree: &'a Tree,
    text: &'a [u8],
    errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(tree: &'a Tree, text: &'a [u8], errors: Vec<ConfigError>) -> Self {
        Self { tree, text, errors }
    }

    pub(super) fn into_errors(self) -> Vec<ConfigError> {
        self.errors
    }

    pub(super) fn error(&mut self, item: Item<'_>, message: String) {
        self.errors.push(ConfigError {
            place: item.key_place(),
            message,
            help: None,
        });
    }

    pub(super) fn error_with_help(&mut self, item: Item<'_>, message: String, help: String) {
        self.errors.push(ConfigError {
            place: item.key_place(),
            message,
            help: Some(help),
        });
    }

    /// The entries of a mapping whose keys are all known. `owner` names the mapping in messages. Null is an empty
    /// mapping.
    pub(super) fn fields<'t>(&mut self, item: Item<'t>, owner: &str, known: &[&str]) -> Fields<'t>
    where
        'a: 't,
    {
        let mut by_key = BTreeMap::new();
        for (key, entry) in self.entries(item, owner) {
            if !known.contains(&&*key) {
                self.unknown_key(entry, owner, &key, known);
            } else if !entry.value.is_null() {
                by_key.insert(key, entry);
            }
        }
        Fields { by_key }
    }

    fn unknown_key(&mut self, entry: Item<'_>, owner: &str, key: &str, known: &[&str]) {
        let message = format!(
            "{owner}: unknown key `{key}`{}",
            suggest::hint(key, known.iter().copied())
        );
        self.error_with_help(
            entry,
            message,
            format!("known keys are {}", known.join(", ")),
        );
    }

    /// All entries of a mapping, in the order of the file.
    pub(super) fn entries<'t>(&mut self, item: Item<'t>, owner: &str) -> Vec<(Arc<str>, Item<'t>)>
    where
        'a: 't,
    {
        let map = match item.value {
            Value::Null => return Vec::new(),
            Value::Map(map) => map,
            other => {
                let message = format!("{owner} must be a mapping, not {}", kind_of(other));
                self.error(item, message);
                return Vec::new();
            }
        };
        let mut entries: Vec<_> = map
            .iter()
            .map(|(key, entry)| (Arc::clone(key), self.item(entry, item)))
            .collect();
        entries.sort_by_key(|(_, entry)| entry.at.start);
        entries
    }

    /// The items of a list; a lone value that is no list is an error.
    pub(super) fn items<'t>(&mut self, item: Item<'t>, owner: &str) -> Vec<Item<'t>>
    where
        'a: 't,
    {
        match item.value {
            Value::Null => Vec::new(),
            Value::List(items) => items.iter().map(|entry| self.item(entry, item)).collect(),
            other => {
                let message = format!("{owner} must be a list, not {}", kind_of(other));
                self.error(item, message);
                Vec::new()
            }
        }
    }

    fn item<'t>(&self, entry: &'t Entry, parent: Item<'t>) -> Item<'t> {
        let Some(place) = self.tree.place(entry.mark) else {
            return Item {
                value: &entry.value,
                ..parent
            };
        };
        let written = self.tree.span(&place.value);
        let key = place.key.as_ref().map(|key| self.tree.span(key));
        // An aliased value is written elsewhere; its place is the key then.
        let at = match key {
            Some(key) if written.start >= key.end => Span {
                end: written.end,
                ..key
            },
            Some(key) => key,
            None => written,
        };
        Item {
            value: &entry.value,
            key,
            at,
            written,
        }
    }

    /// A text. Numbers are taken as they are written (`1.30` does not become `1.3`).
    pub(super) fn string(&mut self, item: Item<'_>, name: &str) -> Option<String> {
        match item.value {
            Value::String(text) if text.is_empty() => {
                self.error(item, format!("{name} is empty"));
                None
            }
            Value::String(text) => Some(text.to_string()),
            Value::Int(_) | Value::Uint(_) | Value::Float(_) => Some(self.written(item)),
            Value::Bool(_) => {
                let written = self.written(item);
                let message =
                    format!("{name} must be a string, and YAML reads {written} as a boolean");
                self.error_with_help(item, message, format!("put it in quotes: \"{written}\""));
                None
            }
            other => {
                let message = format!("{name} must be a string, not {}", kind_of(other));
                self.error(item, message);
                None
            }
        }
    }

    /// A list of texts; a lone text is a list of one.
    pub(super) fn strings(&mut self, item: Item<'_>, name: &str) -> Vec<String> {
        match item.value {
            Value::List(_) => {
                let items = self.items(item, name);
                items
                    .into_iter()
                    .filter_map(|item| self.string(item, &format!("an entry of {name}")))
                    .collect()
            }
            Value::Map(_) => {
                self.error(
                    item,
                    format!("{name} must be a list of strings, not a mapping"),
                );
                Vec::new()
            }
            _ => self.string(item, name).into_iter().collect(),
        }
    }

    pub(super) fn string_of(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        owner: &str,
    ) -> Option<String> {
        self.string(fields.get(key)?, &format!("{owner}: `{key}`"))
    }

    pub(super) fn strings_of(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        owner: &str,
    ) -> Vec<String> {
        match fields.get(key) {
            Some(item) => self.strings(item, &format!("{owner}: `{key}`")),
            None => Vec::new(),
        }
    }

    /// False where it is not given.
    pub(super) fn bool_of(&mut self, fields: &Fields<'_>, key: &str, owner: &str) -> bool {
        let Some(item) = fields.get(key) else {
            return false;
        };
        match item.value {
            Value::Bool(value) => *value,
            other => {
                let message = format!(
                    "{owner}: `{key}` must be true or false, not {}",
                    kind_of(other)
                );
                self.error(item, message);
                false
            }
        }
    }

    /// A Kubernetes version, as it is written.
    pub(super) fn version_of(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        owner: &str,
    ) -> Option<String> {
        let text = self.string_of(fields, key, owner)?;
        if KubeVersion::parse(&text).is_some() {
            return Some(text);
        }
        let message = format!("{owner}: `{key}` is `{text}`, and that is no Kubernetes version");
        self.error_with_help(
            fields.get(key)?,
            message,
            "write it as 1.34.0 or v1.34".to_owned(),
        );
        None
    }

    /// A keyword as text, whatever YAML takes it for: `off` stays `off`.
    pub(super) fn word(&self, item: Item<'_>) -> String {
        match item.value {
            Value::String(text) => text.to_string(),
            Value::List(_) | Value::Map(_) => kind_of(item.value).to_owned(),
            _ => self.written(item),
        }
    }

    fn written(&self, item: Item<'_>) -> String {
        let range = item.written.start as usize..item.written.end as usize;
        String::from_utf8_lossy(self.text.get(range).unwrap_or_default()).into_owned()
    }
}

/// The kind of a value in messages.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => "a number",
        Value::String(_) | Value::Bytes(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(_) => "a mapping",
    }
}
