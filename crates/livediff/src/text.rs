//! Line diffs for people: canonical YAML with secrets masked.

use manifest::{
    FieldPath, Object, base64_encode, is_secret_field, item_names, mask_text, merge_keys,
};
use similar::{Algorithm, ChangeTag, TextDiff};
use std::sync::Arc;
use yaml::{Entry, Map, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineTag {
    Context,
    Removed,
    Added,
}

/// One line of a diff, without its line break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    pub tag: LineTag,
    pub text: String,
}

/// A run of lines around changes. Line numbers count from 1; 0 for a side that is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    pub old_start: usize,
    pub old_lines: usize,
    pub new_start: usize,
    pub new_lines: usize,
    pub lines: Vec<DiffLine>,
}

impl Hunk {
    /// `@@ -1,3 +1,4 @@`.
    pub fn header(&self) -> String {
        format!(
            "@@ -{},{} +{},{} @@",
            self.old_start, self.old_lines, self.new_start, self.new_lines
        )
    }
}

/// The object as YAML with sorted keys, nothing defaulted; secret values as `(unchanged)` or, where `other` has
/// another value or none, `(changed)`.
pub fn canonical_yaml(object: &Object, other: Option<&Object>) -> String {
    let mask = Mask { object, other };
    let root = mask.value(&FieldPath::default(), &object.root);
    match yaml::emit(&Entry::unmarked(root.clone())) {
        Some(emitted) => emitted.text,
        None => yaml::emit_pretty(&root),
    }
}

/// The hunks of a unified diff with `context` lines around each change; `None` is an object that is not there.
/// Both sides are canonical YAML with secret values masked; equal texts give no hunks.
pub fn unified(old: Option<&Object>, new: Option<&Object>, context: usize) -> Vec<Hunk> {
    let before = old
        .map(|object| canonical_yaml(object, new))
        .unwrap_or_default();
    // A changed secret must show as a changed line, though both sides are masked.
    let before = before.replace(CHANGED, BEFORE);
    let after = new
        .map(|object| canonical_yaml(object, old))
        .unwrap_or_default();
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .diff_lines(&before, &after);
    diff.grouped_ops(context)
        .iter()
        .map(|operations| hunk(&diff, operations))
        .collect()
}

const CHANGED: &str = "(changed)";
const UNCHANGED: &str = "(unchanged)";
const BEFORE: &str = "(changed, before)";

fn hunk(diff: &TextDiff<'_, '_, str>, operations: &[similar::DiffOp]) -> Hunk {
    let changes = operations
        .iter()
        .flat_map(|operation| diff.iter_changes(operation));
    let lines = changes.map(|change| DiffLine {
        tag: match change.tag() {
            ChangeTag::Equal => LineTag::Context,
            ChangeTag::Delete => LineTag::Removed,
            ChangeTag::Insert => LineTag::Added,
        },
        text: change.value().trim_end_matches('\n').to_owned(),
    });
    let lines: Vec<DiffLine> = lines.collect();
    let count = |other: LineTag| lines.iter().filter(|line| line.tag != other).count();
    let (old_lines, new_lines) = (count(LineTag::Added), count(LineTag::Removed));
    let first = operations.first();
    let start = |at: Option<usize>, lines: usize| {
        if lines == 0 {
            0
        } else {
            at.unwrap_or_default() + 1
        }
    };
    Hunk {
        old_start: start(
            first.map(|operation| operation.old_range().start),
            old_lines,
        ),
        old_lines,
        new_start: start(
            first.map(|operation| operation.new_range().start),
            new_lines,
        ),
        new_lines,
        lines,
    }
}

/// Hides what is secret, and says whether the other side has the same.
struct Mask<'a> {
    object: &'a Object,
    other: Option<&'a Object>,
}

impl Mask<'_> {
    fn value(&self, path: &FieldPath, value: &Value) -> Value {
        match value {
            Value::Map(map) => {
                let entry = |(key, entry): (&Arc<str>, &Entry)| {
                    let value = self.value(&path.clone().key(key), &entry.value);
                    (Arc::clone(key), Entry::unmarked(value))
                };
                Value::map(map.iter().map(entry).collect::<Map>())
            }
            Value::List(items) => {
                let keys = merge_keys(self.object.group(), self.object.kind(), &path.map_keys());
                let item = |((index, entry), name): ((usize, &Entry), Option<String>)| {
                    let path = path.clone().list_item(name.as_deref(), index);
                    Entry::unmarked(self.value(&path, &entry.value))
                };
                Value::list(
                    items
                        .iter()
                        .enumerate()
                        .zip(item_names(keys, items))
                        .map(item)
                        .collect(),
                )
            }
            Value::Null | Value::Bool(_) => value.clone(),
            scalar if is_secret_field(self.object, path) => {
                Value::from(if self.is_same(path, scalar) {
                    UNCHANGED
                } else {
                    CHANGED
                })
            }
            Value::String(text) => Value::from(&*mask_text(text)),
            other => other.clone(),
        }
    }

    /// Whether the other side has this secret value, in `data` or in `stringData`.
    fn is_same(&self, path: &FieldPath, value: &Value) -> bool {
        let Some(other) = self.other else {
            return false;
        };
        if other
            .get_at(path)
            .is_some_and(|field| crate::defaults::same(field.value, value))
        {
            return true;
        }
        let (keys, text) = (path.map_keys(), value.as_str().unwrap_or_default());
        match keys.as_slice() {
            ["stringData", key] => {
                other.str_at(&["data", key]) == Some(&*base64_encode(text.as_bytes()))
            }
            ["data", key] => {
                let plain = other.str_at(&["stringData", key]);
                plain.is_some_and(|plain| base64_encode(plain.as_bytes()) == text)
            }
            _ => false,
        }
    }
}
