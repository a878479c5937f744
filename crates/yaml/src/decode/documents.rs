//! Several documents in one values file.
//!
//! Helm 4 cuts the text before it parses it: at every line that begins with `---`, also in the middle of a block
//! scalar (helm-semantics 1.8).

use super::{DecodeOptions, Marker, decode_text};
use crate::parse::ParseError;
use crate::value::Value;
use source::PathSegment;
use std::borrow::Cow;
use std::ops::Range;

const SEPARATOR: &[u8] = b"---";

/// The byte ranges of the documents of a values file.
///
/// A line that begins with `---` ends the document above it and belongs to none; without a document above it, it is
/// the first line of the one below. Documents that hold only comments or nothing but a blank line are documents.
///
/// # Errors
/// `invalid Yaml document separator: <rest>` if anything but blanks or a comment follows the dashes.
pub fn split_documents(text: &[u8]) -> Result<Vec<Range<u32>>, String> {
    Documents::new(text)
        .map(|document| document.map_err(|error| error.message))
        .collect()
}

/// Decodes the documents of a values file one by one, as Helm does. Each must be a mapping or empty.
///
/// Helm merges them: maps deeply, everything else is replaced. That is left to the caller, who sees the marks.
///
/// # Errors
/// The message is complete as Helm prints it behind the file's name: `error reading yaml document: …` or
/// `cannot unmarshal yaml document: …`.
pub fn decode_stream_text(
    text: &[u8],
    options: DecodeOptions,
    marker: &mut dyn Marker,
) -> Result<Vec<Value>, ParseError> {
    let mut values = Vec::new();
    for document in Documents::new(text) {
        let range = document.map_err(|error| error.prefixed("error reading yaml document: "))?;
        let mut shifted = ShiftedMarker {
            marker: &mut *marker,
            by: range.start,
        };
        let value = decode_text(&with_final_newline(text, &range), options, &mut shifted)
            .and_then(mapping_or_null)
            .map_err(|error| ParseError {
                offset: error.offset + range.start,
                ..error
            })
            .map_err(|error| error.prefixed("cannot unmarshal yaml document: "))?;
        values.push(value);
    }
    Ok(values)
}

/// Helm's line reader ends every line, also the last one. A block scalar shows it.
fn with_final_newline<'t>(text: &'t [u8], range: &Range<u32>) -> Cow<'t, [u8]> {
    let document = &text[range.start as usize..range.end as usize];
    if document.ends_with(b"\n") {
        Cow::Borrowed(document)
    } else {
        Cow::Owned([document, b"\n"].concat())
    }
}

fn mapping_or_null(value: Value) -> Result<Value, ParseError> {
    let kind = match &value {
        Value::Null | Value::Map(_) => return Ok(value),
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => "number",
        Value::String(_) | Value::Bytes(_) => "string",
        Value::List(_) => "array",
    };
    let message = format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type \
         map[string]interface {{}}"
    );
    Err(ParseError { message, offset: 0 })
}

/// Tells the marker about places in the whole text.
struct ShiftedMarker<'m> {
    marker: &'m mut dyn Marker,
    by: u32,
}

impl Marker for ShiftedMarker<'_> {
    fn mark(&mut self, path: &[PathSegment], key: Option<Range<u32>>, value: Range<u32>) -> u32 {
        let shift = |range: Range<u32>| range.start + self.by..range.end + self.by;
        self.marker.mark(path, key.map(shift), shift(value))
    }
}

struct Documents<'t> {
    text: &'t [u8],
    /// Where the next line begins.
    position: usize,
}

impl<'t> Documents<'t> {
    fn new(text: &'t [u8]) -> Self {
        Self { text, position: 0 }
    }
}

impl Iterator for Documents<'_> {
    type Item = Result<Range<u32>, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.position;
        while self.position < self.text.len() {
            let line_start = self.position;
            let rest = &self.text[line_start..];
            let length = rest
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(rest.len(), |newline| newline + 1);
            self.position += length;
            let Some(after) = rest[..length].strip_prefix(SEPARATOR) else {
                continue;
            };
            if let Some(error) = separator_error(after, line_start) {
                self.position = self.text.len();
                return Some(Err(error));
            }
            if line_start > start {
                return Some(Ok(start as u32..line_start as u32));
            }
        }
        (start < self.position).then_some(Ok(start as u32..self.position as u32))
    }
}

fn separator_error(after: &[u8], line_start: usize) -> Option<ParseError> {
    let after = String::from_utf8_lossy(after);
    let rest = after.trim();
    if rest.is_empty() || rest.starts_with('#') {
        return None;
    }
    let message = format!("invalid Yaml document separator: {rest}");
    Some(ParseError {
        message,
        offset: line_start as u32,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::NoMarks;

    fn pieces(text: &str) -> Result<Vec<&str>, String> {
        let ranges = split_documents(text.as_bytes())?;
        Ok(ranges
            .into_iter()
            .map(|range| &text[range.start as usize..range.end as usize])
            .collect())
    }

    #[test]
    fn lines_that_begin_with_dashes_separate() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("a: 1", &["a: 1"]),
            ("a: 1\n---\nb: 2\n", &["a: 1\n", "b: 2\n"]),
            ("---\na: 1\n---\n---\nb: 2", &["---\na: 1\n", "---\nb: 2"]),
            ("\n--- # c\r\na: 1\n", &["\n", "a: 1\n"]),
            ("a: |\n  x\n---\n  y\n", &["a: |\n  x\n", "  y\n"]),
            (" ---\n", &[" ---\n"]),
            ("---", &["---"]),
            ("a: 1\n---", &["a: 1\n"]),
        ];
        for (text, expected) in cases {
            assert_eq!(pieces(text).as_deref(), Ok(*expected), "{text:?}");
        }
    }

    #[test]
    fn text_behind_the_dashes_is_an_error() {
        assert_eq!(
            pieces("a: 1\n---x: 1 \n").unwrap_err(),
            "invalid Yaml document separator: x: 1"
        );
        assert_eq!(
            pieces("-----BEGIN\n").unwrap_err(),
            "invalid Yaml document separator: --BEGIN"
        );
    }

    #[test]
    fn documents_fail_in_order_and_with_their_place() {
        let decode =
            |text: &str| decode_stream_text(text.as_bytes(), DecodeOptions::VALUES, &mut NoMarks);
        let error = decode("a: 1\n---\nb: {\n---x\n").unwrap_err();
        assert_eq!(
            error.message,
            "error reading yaml document: invalid Yaml document separator: x"
        );
        let error = decode("a: 1\n---\n[1]\n").unwrap_err();
        assert_eq!(error.offset, 9);
        assert!(
            error
                .message
                .starts_with("cannot unmarshal yaml document: error unmarshaling JSON: "),
            "{error:?}"
        );
        assert_eq!(
            decode("a: |\n  x").unwrap()[0].at(&["a"]),
            Some(&Value::from("x\n"))
        );
    }
}
