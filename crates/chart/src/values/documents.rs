//! Values files: YAML text to one map, with the place of each entry.

use super::merge::merge_maps;
use super::origins::Recorder;
use gotemplate::HelmLine;
use source::{FileId, PathSegment, Place, Problem, Span};
use std::borrow::Cow;
use std::ops::Range;
use yaml::{DecodeOptions, Map, Marker, Value, decode_text};

/// A values file after reading. Marks are indices into `spans` plus one.
#[derive(Debug, Clone, Default)]
pub(crate) struct ValuesText {
    pub(crate) map: Map,
    /// From the start of a key (of a list item: of its value) to the end of the value.
    pub(crate) spans: Vec<Span>,
}

/// Reads a values file as the line of Helm does: Helm 4 merges all documents, Helm 3 takes the first one. The text
/// has no byte order mark.
///
/// # Errors
/// Helm's text without the file's name in front: `cannot unmarshal yaml document: …`, with the place.
pub(crate) fn read_values(
    text: &[u8],
    file: FileId,
    helm: HelmLine,
) -> Result<ValuesText, Problem> {
    let mut marker = Places {
        file,
        base: 0,
        spans: Vec::new(),
    };
    let map = match helm {
        HelmLine::V3 => read_document(text, &mut marker)?,
        HelmLine::V4 => read_all(text, &mut marker)?,
    };
    Ok(ValuesText {
        map,
        spans: marker.spans,
    })
}

fn read_all(text: &[u8], marker: &mut Places) -> Result<Map, Problem> {
    let mut merged = Map::new();
    let mut rest = 0..text.len();
    loop {
        // Helm reads document by document: trouble in an earlier one hides a bad separator behind it.
        let (document, next) = next_document(text, rest, marker.file)?;
        marker.base = document.start;
        let map =
            read_document(&with_line_end(&text[document]), marker).map_err(|mut problem| {
                problem
                    .message
                    .insert_str(0, "cannot unmarshal yaml document: ");
                problem
            })?;
        merge_maps(&mut merged, map, &mut Recorder::off());
        match next {
            Some(next) => rest = next,
            None => return Ok(merged),
        }
    }
}

/// Cuts a document off at the next line that begins with `---`, which belongs to neither side.
///
/// A separator in front of a document's first line stays in it, for the sake of line numbers in messages.
fn next_document(
    text: &[u8],
    rest: Range<usize>,
    file: FileId,
) -> Result<(Range<usize>, Option<Range<usize>>), Problem> {
    let mut line_start = rest.start;
    while line_start < rest.end {
        let length = text[line_start..rest.end]
            .iter()
            .position(|byte| *byte == b'\n');
        let line_end = length.map_or(rest.end, |length| line_start + length + 1);
        if let Some(after) = text[line_start..line_end].strip_prefix(b"---") {
            check_separator(after, Span::new(file, line_start, line_end))?;
            if line_start > rest.start {
                return Ok((rest.start..line_start, Some(line_end..rest.end)));
            }
        }
        line_start = line_end;
    }
    Ok((rest, None))
}

fn check_separator(after: &[u8], span: Span) -> Result<(), Problem> {
    let after = String::from_utf8_lossy(after);
    let trimmed = after.trim();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return Ok(());
    }
    let message =
        format!("error reading yaml document: invalid Yaml document separator: {trimmed}");
    Err(Problem::new(message).at(Place::File(span)))
}

/// Helm's reader ends each line with a line break, the last one too, which shows in block scalars.
fn with_line_end(document: &[u8]) -> Cow<'_, [u8]> {
    if document.is_empty() || document.ends_with(b"\n") {
        return Cow::Borrowed(document);
    }
    let mut ended = document.to_vec();
    ended.push(b'\n');
    Cow::Owned(ended)
}

fn read_document(text: &[u8], marker: &mut Places) -> Result<Map, Problem> {
    let (file, base) = (marker.file, marker.base);
    let at = |offset: usize| Place::File(Span::new(file, base + offset, base + offset));
    let value = decode_text(text, DecodeOptions::VALUES, marker)
        .map_err(|error| Problem::new(error.message).at(at(error.offset as usize)))?;
    let kind = match value {
        Value::Map(map) => return Ok(std::sync::Arc::unwrap_or_clone(map)),
        Value::Null => return Ok(Map::new()),
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => "number",
        Value::String(_) | Value::Bytes(_) => "string",
        Value::List(_) => "array",
    };
    let message = format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type \
         map[string]interface {{}}"
    );
    Err(Problem::new(message).at(at(0)))
}

/// Numbers entries in the order of reading and keeps their spans.
pub(crate) struct Places {
    pub(crate) file: FileId,
    /// Offset in the file of the text that is being read.
    pub(crate) base: usize,
    pub(crate) spans: Vec<Span>,
}

impl Marker for Places {
    fn mark(&mut self, _: &[PathSegment], key: Option<Range<u32>>, value: Range<u32>) -> u32 {
        let start = key.map_or(value.start, |key| key.start);
        // A merged or aliased value may stand before its key.
        let end = value.end.max(start);
        self.spans.push(Span::new(
            self.file,
            self.base + start as usize,
            self.base + end as usize,
        ));
        self.spans.len() as u32
    }
}
