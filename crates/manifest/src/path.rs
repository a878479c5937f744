//! Paths of fields in manifests, as reports print them.

use crate::merge_key::{item_index, item_names, merge_keys};
use std::fmt;
use std::sync::Arc;
use yaml::{Entry, Value};

/// One step into an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldStep {
    Key(Arc<str>),
    /// A list item by position.
    Index(usize),
    /// A list item by its merge key: `containers[web]`, and `ports[53/UDP]` where one key does not tell.
    Item(Arc<str>),
}

/// `spec.template.spec.containers[web].image`. Keys with dots or slashes stand verbatim.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FieldPath(pub Vec<FieldStep>);

impl FieldPath {
    /// A path of plain keys.
    pub fn keys<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        Self(
            keys.into_iter()
                .map(|key| FieldStep::Key(key.into()))
                .collect(),
        )
    }

    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.0.push(FieldStep::Key(key.into()));
        self
    }

    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.0.push(FieldStep::Index(index));
        self
    }

    #[must_use]
    pub fn item(mut self, name: &str) -> Self {
        self.0.push(FieldStep::Item(name.into()));
        self
    }

    /// One more step: a list item by its name among [`crate::item_names`], else by its index.
    #[must_use]
    pub fn list_item(self, name: Option<&str>, index: usize) -> Self {
        match name {
            Some(name) => self.item(name),
            None => self.index(index),
        }
    }

    /// The path without its last step; None for the root.
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        Some(Self(rest.to_vec()))
    }

    /// The map keys on the way, list steps left out.
    pub fn map_keys(&self) -> Vec<&str> {
        let key = |step: &'_ FieldStep| matches!(step, FieldStep::Key(_));
        self.0
            .iter()
            .filter(|step| key(step))
            .map(FieldStep::text)
            .collect()
    }

    /// The last map key on the way.
    pub fn last_key(&self) -> Option<&str> {
        self.map_keys().pop()
    }

    /// Whether `self` is `other` or a container of it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.len() >= self.0.len() && self.0[..] == other.0[..self.0.len()]
    }

    /// Reads a printed path against a tree of this group and kind; None where the tree has no such field.
    /// Of keys with dots the longest that leads on is taken.
    pub fn resolve(root: &Value, group: &str, kind: &str, text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let reader = PathReader { group, kind };
        reader.enter(root, text, &mut steps).then_some(Self(steps))
    }
}

impl FieldStep {
    fn text(&self) -> &str {
        match self {
            Self::Key(text) | Self::Item(text) => text,
            Self::Index(_) => "",
        }
    }
}

/// Matches printed paths with trees, with backtracking over the ambiguous dots.
struct PathReader<'a> {
    group: &'a str,
    kind: &'a str,
}

impl PathReader<'_> {
    fn enter(&self, value: &Value, text: &str, steps: &mut Vec<FieldStep>) -> bool {
        if text.is_empty() {
            return true;
        }
        match value {
            Value::Map(_) => self.enter_map(value, text.strip_prefix('.').unwrap_or(text), steps),
            Value::List(items) => self.enter_list(items, text, steps),
            _ => false,
        }
    }

    fn enter_map(&self, value: &Value, text: &str, steps: &mut Vec<FieldStep>) -> bool {
        let cuts = text
            .char_indices()
            .filter(|(_, sign)| matches!(sign, '.' | '['))
            .map(|(at, _)| at);
        let mut cuts: Vec<usize> = cuts.chain([text.len()]).collect();
        cuts.reverse();
        cuts.into_iter().any(|cut| {
            let Some(entry) = value.get(&text[..cut]) else {
                return false;
            };
            steps.push(FieldStep::Key(text[..cut].into()));
            let found = self.enter(&entry.value, &text[cut..], steps);
            if !found {
                steps.pop();
            }
            found
        })
    }

    fn enter_list(&self, items: &[Entry], text: &str, steps: &mut Vec<FieldStep>) -> bool {
        let Some(text) = text.strip_prefix('[') else {
            return false;
        };
        let ends_item = |at: &usize| {
            let rest = &text[at + 1..];
            rest.is_empty() || rest.starts_with(['.', '['])
        };
        let Some(end) = text.match_indices(']').map(|(at, _)| at).find(ends_item) else {
            return false;
        };
        let keys = self.merge_keys(steps);
        let Some(index) = item_index(keys, items, &text[..end]) else {
            return false;
        };
        let name = item_names(keys, items).swap_remove(index);
        steps.push(name.map_or(FieldStep::Index(index), |name| FieldStep::Item(name.into())));
        let found = self.enter(&items[index].value, &text[end + 1..], steps);
        if !found {
            steps.pop();
        }
        found
    }

    fn merge_keys(&self, steps: &[FieldStep]) -> &'static [&'static str] {
        let keys = steps
            .iter()
            .filter(|step| matches!(step, FieldStep::Key(_)));
        merge_keys(
            self.group,
            self.kind,
            &keys.map(FieldStep::text).collect::<Vec<_>>(),
        )
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                FieldStep::Key(key) if position == 0 => write!(out, "{key}")?,
                FieldStep::Key(key) => write!(out, ".{key}")?,
                FieldStep::Index(index) => write!(out, "[{index}]")?,
                FieldStep::Item(name) => write!(out, "[{name}]")?,
            }
        }
        Ok(())
    }
}
