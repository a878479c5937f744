//! Cutting input files into texts that the YAML reader takes, and naming files in problems.

use manifest::{Documents, FieldSpan, Object, ReadOptions, read_documents};
use source::{FileId, PathSegment, Place, Problem, Span};
use std::ops::Range;
use std::sync::Arc;
use yaml::{DecodeOptions, Document, Entry, Limits, Marker, NoMarks, Value};

/// One input file of a run.
#[derive(Clone, Copy)]
pub(crate) struct InputFile<'a> {
    pub(crate) file: FileId,
    /// As printed.
    pub(crate) name: &'a str,
    pub(crate) text: &'a [u8],
    /// What the file should have been, for messages: `capture`, `evidence`.
    pub(crate) purpose: &'static str,
}

impl InputFile<'_> {
    /// Reads the Kubernetes objects; JSON texts may follow each other without a separator, as several prints of
    /// `kubectl … -o json` in one file do.
    pub(crate) fn documents(&self) -> Documents {
        let options = ReadOptions {
            file: Some(self.file),
            ..ReadOptions::default()
        };
        let pieces = json_texts(self.text);
        if pieces.len() < 2 {
            return read_documents(self.text, &options);
        }
        let mut all = Documents::default();
        for piece in pieces {
            let text = &self.text[piece.clone()];
            let base = piece.start as u32;
            let mut found = read_documents(text, &options);
            shift(&mut found.objects, base);
            for unreadable in &mut found.unreadable {
                unreadable.offset += base;
                unreadable.text = unreadable.text.start + base..unreadable.text.end + base;
            }
            all.objects.append(&mut found.objects);
            all.unreadable.append(&mut found.unreadable);
        }
        all
    }

    /// The trees of all documents that can be read, whatever they are.
    pub(crate) fn trees(&self) -> Vec<PlacedTree> {
        let read = |range: Range<usize>| {
            let base = range.start as u32;
            let stream =
                yaml::parse(&self.text[range], false, Limits::default()).unwrap_or_default();
            let tree = move |document: &Document| PlacedTree::of_document(document, base);
            stream.documents.iter().filter_map(tree).collect::<Vec<_>>()
        };
        json_texts(self.text).into_iter().flat_map(read).collect()
    }

    /// Whether the file says nothing at all: empty, blank, `null` or only comments.
    pub(crate) fn is_blank(&self) -> bool {
        let content = self.text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.text);
        content
            .iter()
            .all(|byte| byte.is_ascii_whitespace() || *byte == 0)
    }

    /// A problem that names the file and the line of a byte.
    pub(crate) fn problem(&self, offset: u32, message: &str) -> Problem {
        let at = (offset as usize).min(self.text.len());
        let line = self.text[..at]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        let end = self.text[at..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(self.text.len(), |length| at + length);
        Problem::new(format!(
            "{} file {}:{line}: {message}",
            self.purpose, self.name
        ))
        .at(Place::File(Span::new(self.file, at, end)))
    }

    /// A range of the file as a place.
    pub(crate) fn place(&self, range: &Range<u32>) -> Place {
        Place::File(Span {
            file: self.file,
            start: range.start,
            end: range.end,
        })
    }
}

/// The tree of a text's first document; None where it does not parse.
pub(crate) fn tree_of(text: &[u8]) -> Option<Value> {
    let stream = yaml::parse(text, true, Limits::default()).ok()?;
    yaml::decode(
        stream.documents.first()?,
        DecodeOptions::MANIFEST,
        &mut NoMarks,
    )
    .ok()
}

/// A tree whose entries know where they stand in their file.
pub(crate) struct PlacedTree {
    pub(crate) root: Value,
    spans: Arc<Vec<FieldSpan>>,
    /// The whole tree's text.
    pub(crate) text: Range<u32>,
}

impl PlacedTree {
    /// The first document of a part of a file; None where it does not parse.
    pub(crate) fn read(file: &[u8], text: &Range<u32>) -> Option<Self> {
        let part = file.get(text.start as usize..text.end as usize)?;
        let stream = yaml::parse(part, true, Limits::default()).ok()?;
        Self::of_document(stream.documents.first()?, text.start)
    }

    fn of_document(document: &Document, base: u32) -> Option<Self> {
        let mut spans = SpanNotes {
            base,
            spans: Vec::new(),
        };
        let root = yaml::decode(document, DecodeOptions::MANIFEST, &mut spans).ok()?;
        let text = document
            .root
            .as_ref()
            .map_or(&document.span, |root| &root.span);
        Some(Self {
            root,
            spans: Arc::new(spans.spans),
            text: text.start + base..text.end + base,
        })
    }

    pub(crate) fn of(object: &Object) -> Self {
        Self {
            root: object.root.clone(),
            spans: Arc::clone(&object.spans),
            text: object.text.clone(),
        }
    }

    /// The kind of an API list without items: "Backup" of a `BackupList`, "" of a plain `List`. None for others.
    pub(crate) fn kind_of_empty_list(&self) -> Option<&str> {
        let kind = self.root.at(&["kind"])?.as_str()?.strip_suffix("List")?;
        let items = self.root.at(&["items"]);
        let empty = items
            .is_none_or(|items| items.is_null() || items.as_list().is_some_and(<[_]>::is_empty));
        empty.then_some(kind)
    }

    /// Where an entry of this tree stands.
    pub(crate) fn range(&self, entry: &Entry) -> Range<u32> {
        let span = (entry.mark as usize)
            .checked_sub(1)
            .and_then(|index| self.spans.get(index));
        span.map_or_else(|| self.text.clone(), |span| span.value.clone())
    }
}

/// Notes where each entry stands; marks are indices plus one.
struct SpanNotes {
    base: u32,
    spans: Vec<FieldSpan>,
}

impl Marker for SpanNotes {
    fn mark(&mut self, _: &[PathSegment], key: Option<Range<u32>>, value: Range<u32>) -> u32 {
        let moved = |range: Range<u32>| range.start + self.base..range.end + self.base;
        self.spans.push(FieldSpan {
            key: key.map(moved),
            value: moved(value),
        });
        u32::try_from(self.spans.len()).unwrap_or(u32::MAX)
    }
}

/// The spans that all objects of one document share.
type Spans = Arc<Vec<FieldSpan>>;

/// Moves objects that were read from a part of a file to where the part stands.
fn shift(objects: &mut [Object], base: u32) {
    let moved = |range: &Range<u32>| range.start + base..range.end + base;
    let mut last: Option<(Spans, Spans)> = None;
    for object in objects {
        object.text = moved(&object.text);
        let spans = match &last {
            Some((old, new)) if Arc::ptr_eq(old, &object.spans) => Arc::clone(new),
            _ => {
                let shifted = |span: &FieldSpan| FieldSpan {
                    key: span.key.as_ref().map(moved),
                    value: moved(&span.value),
                };
                Arc::new(object.spans.iter().map(shifted).collect())
            }
        };
        last = Some((
            std::mem::replace(&mut object.spans, Arc::clone(&spans)),
            spans,
        ));
    }
}

/// The ranges of JSON objects and lists that follow each other; a lone text, or one that is no JSON, is one range.
fn json_texts(text: &[u8]) -> Vec<Range<usize>> {
    let start = text
        .iter()
        .position(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
    let Some(start) = start.filter(|start| matches!(text[*start], b'{' | b'[')) else {
        return std::iter::once(0..text.len()).collect();
    };
    let mut texts = Vec::new();
    let mut from = start;
    while from < text.len() {
        if !matches!(text[from], b'{' | b'[') {
            // YAML that begins like JSON, or text behind it: the reader knows what to say.
            return std::iter::once(0..text.len()).collect();
        }
        let end = end_of_json(text, from);
        texts.push(from..end);
        from = text[end..]
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())
            .map_or(text.len(), |gap| end + gap);
    }
    texts
}

/// Where the brackets that open at or behind `from` are closed; the end of the text if they never are.
fn end_of_json(text: &[u8], from: usize) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.iter().enumerate().skip(from) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at + 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_texts_end_where_their_brackets_do() {
        let cases: &[(&str, &[&str])] = &[
            ("a: {b: 1}\n", &["a: {b: 1}\n"]),
            (
                "{\"a\": \"}{\\\"\"}\n{\"b\": [1]}\n",
                &["{\"a\": \"}{\\\"\"}", "{\"b\": [1]}"],
            ),
            ("[{}]", &["[{}]"]),
            ("{a: 1}\n---\n{b: 2}\n", &["{a: 1}\n---\n{b: 2}\n"]),
            ("{\"a\": 1", &["{\"a\": 1"]),
            ("", &[""]),
        ];
        for (text, expected) in cases {
            let found: Vec<&str> = json_texts(text.as_bytes())
                .into_iter()
                .map(|range| &text[range])
                .collect();
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn objects_of_later_texts_keep_their_places() {
        let text = "{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"a\"}}\n\
                    {\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"b\"}}\n";
        let file = InputFile {
            file: FileId(0),
            name: "c.json",
            text: text.as_bytes(),
            purpose: "capture",
        };
        let documents = file.documents();
        let field = documents.objects[1].get("metadata.name").expect("a name");
        let range = field.value_range.expect("a place");
        assert_eq!(&text[range.start as usize..range.end as usize], "\"b\"");
    }
}
