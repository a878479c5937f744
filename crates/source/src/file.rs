//! Source files by small ids, byte spans, and line/column lookup derived late.

use std::sync::{Arc, OnceLock, RwLock};

/// A file known to [`SourceFiles`]. Ids are handed out in order of registration and never order any output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A byte range in a file; line and column are derived late, by [`SourceFile::line_column`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            file,
            start: clamp(start),
            end: clamp(end),
        }
    }
}

/// What a file is to the project; decides the `kind` of a place in the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// A values file: an overlay or a chart's own `values.yaml`.
    Values,
    /// A file under `templates/`.
    Template,
    /// `Chart.yaml`, `requirements.yaml`, `crds/` and whatever else lies in a chart.
    Chart,
    /// `keelcheck.yaml` and policy packs.
    Config,
    /// Evidence and runbooks.
    Evidence,
    /// Live manifests and captures.
    Live,
    /// Rendered output; never the place of a finding.
    Rendered,
}

/// A position for people: both count from 1, columns in Unicode code points; a byte order mark is no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    pub line: u32,
    pub column: u32,
}

/// One file: its name as printed (with `/`, relative as given) and its bytes.
#[derive(Debug)]
pub struct SourceFile {
    pub name: String,
    pub kind: FileKind,
    pub text: Arc<[u8]>,
    line_starts: OnceLock<Vec<u32>>,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl SourceFile {
    pub fn new(name: String, kind: FileKind, text: Arc<[u8]>) -> Self {
        Self {
            name,
            kind,
            text,
            line_starts: OnceLock::new(),
        }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let after_newlines = self
                .text
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b'\n')
                .map(|(at, _)| at as u32 + 1);
            std::iter::once(0).chain(after_newlines).collect()
        })
    }

    /// The position of a byte offset; offsets past the end give the end.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let offset = (offset as usize).min(self.text.len());
        let starts = self.line_starts();
        let line = starts
            .partition_point(|start| *start as usize <= offset)
            .max(1);
        let mut before = &self.text[starts[line - 1] as usize..offset];
        if line == 1 {
            before = before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(before);
        }
        // Continuation bytes are no code points of their own.
        let characters = before.iter().filter(|byte| (**byte & 0xc0) != 0x80).count();
        LineColumn {
            line: line as u32,
            column: characters as u32 + 1,
        }
    }

    /// The text of a line (from 1) without its line break; empty past the end.
    pub fn line(&self, line: u32) -> &[u8] {
        let starts = self.line_starts();
        let Some(start) = (line as usize)
            .checked_sub(1)
            .and_then(|index| starts.get(index))
        else {
            return &[];
        };
        let rest = &self.text[*start as usize..];
        let rest = if line == 1 {
            rest.strip_prefix(BYTE_ORDER_MARK).unwrap_or(rest)
        } else {
            rest
        };
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(rest.len());
        let text = &rest[..end];
        text.strip_suffix(b"\r").unwrap_or(text)
    }

    /// How many lines the file has.
    pub fn line_count(&self) -> u32 {
        self.line_starts().len() as u32
    }

    /// The byte offset at which a line (from 1) starts; the end of the text past the last line.
    pub fn line_offset(&self, line: u32) -> u32 {
        let index = (line.max(1) - 1) as usize;
        self.line_starts()
            .get(index)
            .copied()
            .unwrap_or(self.text.len() as u32)
    }
}

/// All files of a run, append-only and shared between threads.
#[derive(Debug, Default)]
pub struct SourceFiles {
    files: RwLock<Vec<Arc<SourceFile>>>,
}

impl SourceFiles {
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers a file under the name that reports print.
    pub fn add(
        &self,
        name: impl Into<String>,
        kind: FileKind,
        text: impl Into<Arc<[u8]>>,
    ) -> FileId {
        let file = Arc::new(SourceFile::new(name.into(), kind, text.into()));
        let mut files = self
            .files
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        files.push(file);
        FileId(files.len() as u32 - 1)
    }

    /// The file of an id.
    ///
    /// # Panics
    /// If the id comes from another `SourceFiles`: a bug, not an input error.
    pub fn get(&self, id: FileId) -> Arc<SourceFile> {
        let files = self
            .files
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(&files[id.0 as usize])
    }

    /// Start and end of a span for people.
    pub fn positions(&self, span: Span) -> (LineColumn, LineColumn) {
        let file = self.get(span.file);
        (file.line_column(span.start), file.line_column(span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile::new("f".to_owned(), FileKind::Values, text.as_bytes().into())
    }

    #[test]
    fn columns_count_code_points_and_no_byte_order_mark() {
        let file = file("\u{feff}ab\né x\r\nz");
        assert_eq!(file.line_column(3), LineColumn { line: 1, column: 1 });
        assert_eq!(file.line_column(5), LineColumn { line: 1, column: 3 });
        assert_eq!(file.line_column(8), LineColumn { line: 2, column: 2 });
        assert_eq!(file.line(2), "é x".as_bytes());
        assert_eq!(file.line_count(), 3);
    }

    #[test]
    fn offsets_past_the_end_give_the_end() {
        let file = file("a\n");
        assert_eq!(file.line_column(99), LineColumn { line: 2, column: 1 });
        assert_eq!(file.line(7), b"");
    }
}
