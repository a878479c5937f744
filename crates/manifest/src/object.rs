//! One Kubernetes object: its tree, where each field stands in the text, and its identity.

use crate::ResourceId;
use crate::merge_key::{item_index, item_names, merge_keys};
use crate::path::{FieldPath, FieldStep};
use source::{FileId, OutputMap, Span};
use std::ops::Range;
use std::sync::Arc;
use yaml::{Entry, Map, Value};

/// Where a map entry or list item stands in the text: byte ranges in the file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSpan {
    /// None for list items.
    pub key: Option<Range<u32>>,
    pub value: Range<u32>,
}

impl FieldSpan {
    /// From the start of the key (or of the value) to the end of the value.
    pub fn whole(&self) -> Range<u32> {
        self.key.as_ref().map_or(self.value.start, |key| key.start)
            ..self.value.end.max(self.value.start)
    }
}

/// Ties an object's byte ranges to the output map of the rendered text that it was read from.
#[derive(Debug, Clone)]
pub struct RenderedOrigin {
    pub map: Arc<OutputMap>,
    /// What to add to the object's byte offsets to get offsets of the map.
    pub offset: u32,
}

/// What Helm's hook annotations say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hook {
    /// `helm.sh/hook`, split at commas: `pre-install`, `test`, ….
    pub events: Vec<String>,
    /// `helm.sh/hook-delete-policy`, split at commas; Helm's default `before-hook-creation` where there is none.
    pub delete_policies: Vec<String>,
    pub weight: i64,
}

impl Hook {
    /// Whether Helm deletes the old object before it creates the new one, so that nothing is immutable.
    pub fn is_recreated(&self) -> bool {
        self.delete_policies
            .iter()
            .any(|policy| policy == "before-hook-creation")
    }

    /// Whether this is only run by `helm test`.
    pub fn is_test(&self) -> bool {
        !self.events.is_empty() && self.events.iter().all(|event| event.starts_with("test"))
    }
}

/// An object as it was read.
#[derive(Debug, Clone)]
pub struct Object {
    pub id: ResourceId,
    /// `apps/v1`.
    pub api_version: String,
    /// The tree with exact numbers. An entry's mark is an index into `spans` plus one; 0 means "nowhere".
    pub root: Value,
    /// Shared by the items of one `List`.
    pub spans: Arc<Vec<FieldSpan>>,
    /// The file that the byte ranges are about, if it is a registered one.
    pub file: Option<FileId>,
    /// The object's text in that file.
    pub text: Range<u32>,
    /// `# Source:` of the document, or as given: `chart/templates/ui.yaml`.
    pub source: Option<String>,
    /// The namespace as written; `id.namespace` holds the effective one.
    pub written_namespace: Option<String>,
    /// Some for Helm hooks.
    pub hook: Option<Hook>,
    /// Some for rendered objects of a run with provenance.
    pub rendered: Option<RenderedOrigin>,
}

/// A field of an object that exists.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    pub value: &'a Value,
    /// In the text that was read; None for list items and made-up trees.
    pub key_range: Option<Range<u32>>,
    pub value_range: Option<Range<u32>>,
    /// As cli.md wants it: `spec.template.spec.containers[web].image`.
    pub path: String,
}

impl Object {
    /// The field at a path as reports print it (`spec.template.spec.containers[web].image`): list items by their
    /// merge key or by index; of keys with dots the longest that fits is taken.
    pub fn get(&self, path: &str) -> Option<Field<'_>> {
        let path = FieldPath::resolve(&self.root, &self.id.group, &self.id.kind, path)?;
        self.get_at(&path)
    }

    /// The same by steps.
    pub fn get_at(&self, path: &FieldPath) -> Option<Field<'_>> {
        let (mut value, mut mark) = (&self.root, 0);
        let mut keys = Vec::new();
        for step in &path.0 {
            let entry = self.step(value, step, &mut keys)?;
            (value, mark) = (&entry.value, entry.mark);
        }
        let span = self.span_of(mark);
        Some(Field {
            value,
            key_range: span.and_then(|span| span.key.clone()),
            value_range: span.map(|span| span.value.clone()),
            path: path.to_string(),
        })
    }

    fn step<'a, 'p>(
        &self,
        value: &'a Value,
        step: &'p FieldStep,
        keys: &mut Vec<&'p str>,
    ) -> Option<&'a Entry> {
        match step {
            FieldStep::Key(key) => {
                keys.push(key);
                value.get(key)
            }
            FieldStep::Index(index) => value.as_list()?.get(*index),
            FieldStep::Item(name) => {
                let items = value.as_list()?;
                items.get(item_index(
                    merge_keys(&self.id.group, &self.id.kind, keys),
                    items,
                    name,
                )?)
            }
        }
    }

    /// The nearest field at or above a path, with its path: a field that is not there is blamed on its container.
    pub fn nearest(&self, path: &FieldPath) -> (FieldPath, Option<Field<'_>>) {
        let above = std::iter::successors(Some(path.clone()), FieldPath::parent);
        for path in above.take_while(|path| !path.0.is_empty()) {
            if let Some(field) = self.get_at(&path) {
                return (path, Some(field));
            }
        }
        (FieldPath::default(), None)
    }

    /// Visits every scalar and every empty container, with its path, in the order of the keys.
    pub fn for_each_leaf<'a>(&'a self, visit: &mut dyn FnMut(&FieldPath, &'a Entry)) {
        if let Some(map) = self.root.as_map() {
            for (key, entry) in map {
                self.visit_leaves(&FieldPath::keys([&**key]), entry, visit);
            }
        }
    }

    fn visit_leaves<'a>(
        &'a self,
        path: &FieldPath,
        entry: &'a Entry,
        visit: &mut dyn FnMut(&FieldPath, &'a Entry),
    ) {
        match &entry.value {
            Value::Map(map) if !map.is_empty() => {
                for (key, child) in map.iter() {
                    self.visit_leaves(&path.clone().key(key), child, visit);
                }
            }
            Value::List(items) if !items.is_empty() => {
                let keys = merge_keys(&self.id.group, &self.id.kind, &path.map_keys());
                for ((index, child), name) in items.iter().enumerate().zip(item_names(keys, items))
                {
                    self.visit_leaves(
                        &path.clone().list_item(name.as_deref(), index),
                        child,
                        visit,
                    );
                }
            }
            _ => visit(path, entry),
        }
    }

    /// The value at a chain of map keys.
    pub fn at(&self, keys: &[&str]) -> Option<&Value> {
        self.root.at(keys)
    }

    pub fn str_at(&self, keys: &[&str]) -> Option<&str> {
        self.at(keys)?.as_str()
    }

    pub fn i64_at(&self, keys: &[&str]) -> Option<i64> {
        self.at(keys)?.as_i64()
    }

    pub fn bool_at(&self, keys: &[&str]) -> Option<bool> {
        self.at(keys)?.as_bool()
    }

    pub fn map_at(&self, keys: &[&str]) -> Option<&Map> {
        self.at(keys)?.as_map()
    }

    pub fn list_at(&self, keys: &[&str]) -> &[Entry] {
        self.at(keys).and_then(Value::as_list).unwrap_or(&[])
    }

    /// Where the entry of a mark stands.
    pub fn span_of(&self, mark: u32) -> Option<&FieldSpan> {
        self.spans.get((mark as usize).checked_sub(1)?)
    }

    /// A byte range of this object as a span of its file.
    pub fn span(&self, range: &Range<u32>) -> Option<Span> {
        Some(Span {
            file: self.file?,
            start: range.start,
            end: range.end,
        })
    }

    pub fn kind(&self) -> &str {
        &self.id.kind
    }

    pub fn name(&self) -> &str {
        &self.id.name
    }

    pub fn namespace(&self) -> Option<&str> {
        self.id.namespace.as_deref()
    }

    pub fn group(&self) -> &str {
        &self.id.group
    }

    /// `v1` of `apps/v1`.
    pub fn version(&self) -> &str {
        self.api_version.rsplit('/').next().unwrap_or_default()
    }

    /// Whether group and kind are these.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.id.group == group && self.id.kind == kind
    }

    pub fn label(&self, key: &str) -> Option<&str> {
        self.str_at(&["metadata", "labels", key])
    }

    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.str_at(&["metadata", "annotations", key])
    }

    pub fn labels(&self) -> Option<&Map> {
        self.map_at(&["metadata", "labels"])
    }

    pub fn annotations(&self) -> Option<&Map> {
        self.map_at(&["metadata", "annotations"])
    }
}
