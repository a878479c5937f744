//! The text as a tree of values that know where they are written.

use super::ConfigError;
use super::reader::Item;
use source::{FileId, PathSegment, Place, Span};
use std::collections::BTreeSet;
use std::ops::Range;
use yaml::{DecodeOptions, Document, Limits, Marker, Node, NodeKind, ParseError, Value};

/// Aliases may expand to so many nodes: a project file is small, and its errors are worth more than its tricks.
const MAX_NODES: usize = 200_000;

/// A decoded keelcheck.yaml: anchors, aliases and merge keys are resolved, duplicate keys dropped.
pub(super) struct Tree {
    file: FileId,
    root: Value,
    root_span: Range<u32>,
    /// By the mark of an entry, less one.
    places: Vec<EntryPlace>,
}

/// Where an entry's key (if it has one) and its value are written.
#[derive(Debug, Clone)]
pub(super) struct EntryPlace {
    pub(super) key: Option<Range<u32>>,
    pub(super) value: Range<u32>,
}

impl Tree {
    /// Parses and decodes. Duplicate keys and further documents go to `errors`, reading goes on without them.
    ///
    /// # Errors
    /// Where the text is no YAML, or aliases expand to too much: nothing else can be said then.
    pub(super) fn read(
        file: FileId,
        text: &[u8],
        errors: &mut Vec<ConfigError>,
    ) -> Result<Self, ConfigError> {
        let in_file = |error: ParseError| syntax_error(file, &error);
        let stream = yaml::parse(text, false, Limits::default()).map_err(in_file)?;
        let mut documents = stream.documents.into_iter();
        let mut document = documents.next().unwrap_or(Document {
            span: 0..0,
            root: None,
        });
        if let Some(further) = documents.find_map(|document| document.root) {
            let message = "keelcheck.yaml is one document, and this is a second one".to_owned();
            errors.push(error_at(file, &further.span, message));
        }
        if let Some(root) = &mut document.root {
            Duplicates {
                file,
                path: Vec::new(),
                errors,
            }
            .drop_from(root);
        }
        let mut marks = Marks { places: Vec::new() };
        let options = DecodeOptions {
            max_nodes: MAX_NODES,
            ..DecodeOptions::MANIFEST
        };
        let root = yaml::decode(&document, options, &mut marks).map_err(in_file)?;
        let root_span = document.root.map_or(document.span, |root| root.span);
        Ok(Self {
            file,
            root,
            root_span,
            places: marks.places,
        })
    }

    pub(super) fn root(&self) -> Item<'_> {
        let span = self.span(&self.root_span);
        Item {
            value: &self.root,
            key: None,
            at: span,
            written: span,
        }
    }

    /// Where an entry is written.
    pub(super) fn place(&self, mark: u32) -> Option<&EntryPlace> {
        self.places.get((mark as usize).checked_sub(1)?)
    }

    pub(super) fn span(&self, range: &Range<u32>) -> Span {
        Span {
            file: self.file,
            start: range.start,
            end: range.end,
        }
    }
}

/// Numbers entries and keeps their places.
struct Marks {
    places: Vec<EntryPlace>,
}

impl Marker for Marks {
    fn mark(&mut self, _: &[PathSegment], key: Option<Range<u32>>, value: Range<u32>) -> u32 {
        self.places.push(EntryPlace { key, value });
        u32::try_from(self.places.len()).unwrap_or(0)
    }
}

/// Finds keys that are given twice. The first one is read, so that what is wrong in it is said as well.
struct Duplicates<'e> {
    file: FileId,
    path: Vec<String>,
    errors: &'e mut Vec<ConfigError>,
}

impl Duplicates<'_> {
    fn drop_from(&mut self, node: &mut Node) {
        match &mut node.kind {
            NodeKind::Sequence { items, .. } => {
                self.path.push("-".to_owned());
                items.iter_mut().for_each(|item| self.drop_from(item));
                self.path.pop();
            }
            NodeKind::Mapping { entries, .. } => {
                self.drop_entries(entries);
                for (key, value) in entries {
                    self.path.push(key_text(key).unwrap_or_default().to_owned());
                    self.drop_from(value);
                    self.path.pop();
                }
            }
            NodeKind::Scalar { .. } | NodeKind::Alias { .. } => {}
        }
    }

    fn drop_entries(&mut self, entries: &mut Vec<(Node, Node)>) {
        let mut known = BTreeSet::new();
        entries.retain(|(key, _)| {
            let Some(text) = key_text(key) else {
                return true;
            };
            // Several merge keys are no mistake that a key of ours could make.
            let is_new = text == "<<" || known.insert(text.to_owned());
            if !is_new {
                let kind = if self.path == ["environments"] {
                    "environment"
                } else {
                    "key"
                };
                let message = format!("{kind} `{text}` is given twice");
                self.errors.push(error_at(self.file, &key.span, message));
            }
            is_new
        });
    }
}

fn key_text(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar { value, .. } => Some(value),
        _ => None,
    }
}

fn error_at(file: FileId, range: &Range<u32>, message: String) -> ConfigError {
    let span = Span {
        file,
        start: range.start,
        end: range.end,
    };
    ConfigError {
        place: Place::File(span),
        message,
        help: None,
    }
}

/// The parser's own line number is left out, because the error's place has one.
fn syntax_error(file: FileId, error: &ParseError) -> ConfigError {
    let message = error
        .message
        .strip_prefix("yaml: ")
        .unwrap_or(&error.message);
    let numbered = message
        .strip_prefix("line ")
        .and_then(|rest| rest.split_once(": "));
    let message = match numbered {
        Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => message,
    };
    error_at(
        file,
        &(error.offset..error.offset),
        format!("this is no YAML: {message}"),
    )
}
