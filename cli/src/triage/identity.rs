//! Which files and places are the same, although environments read them one by one.

use source::{FileId, Place, SourceFile, SourceFiles};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A place that can be compared between environments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PlaceKey {
    File { file: FileId, start: u32, end: u32 },
    Flag(Arc<str>),
}

/// Ids of files with the same name and text, brought to one id.
pub(super) struct FileIdentities<'a> {
    files: &'a SourceFiles,
    first_of: BTreeMap<FileId, FileId>,
    by_name: BTreeMap<String, Vec<FileId>>,
}

impl<'a> FileIdentities<'a> {
    pub(super) fn new(files: &'a SourceFiles) -> Self {
        Self {
            files,
            first_of: BTreeMap::new(),
            by_name: BTreeMap::new(),
        }
    }

    /// The first known id of a file with this name and text.
    pub(super) fn first(&mut self, id: FileId) -> FileId {
        if let Some(first) = self.first_of.get(&id) {
            return *first;
        }
        let file = self.files.get(id);
        let namesakes = self.by_name.entry(file.name.clone()).or_default();
        let first = namesakes
            .iter()
            .copied()
            .find(|other| self.files.get(*other).text == file.text);
        if first.is_none() {
            namesakes.push(id);
        }
        self.first_of.insert(id, first.unwrap_or(id));
        first.unwrap_or(id)
    }

    pub(super) fn place(&mut self, place: &Place) -> PlaceKey {
        match place {
            Place::File(span) => PlaceKey::File {
                file: self.first(span.file),
                start: span.start,
                end: span.end,
            },
            Place::Flag { text } => PlaceKey::Flag(Arc::clone(text)),
        }
    }

    /// The file and line of a place; None for a flag.
    pub(super) fn line(&mut self, place: &Place) -> Option<(FileId, u32)> {
        let Place::File(span) = place else {
            return None;
        };
        Some((
            self.first(span.file),
            self.file(span.file).line_column(span.start).line,
        ))
    }

    pub(super) fn file(&self, id: FileId) -> Arc<SourceFile> {
        self.files.get(id)
    }
}
