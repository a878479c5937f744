//! Source excerpts for the terminal: only the lines needed, without secrets, and nothing that a terminal acts on.

mod shown;

use super::escape;
use super::secrets::Secrets;
use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use shown::Shown;
use source::{FileId, LineColumn, SourceFile, SourceFiles, Span};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Lines shown before and after a place.
const CONTEXT_LINES: u32 = 1;

/// A value of more lines than this is marked at its first line only.
const MOST_MARKED_LINES: u32 = 6;

/// Files of a report, with what must be hidden in each of them; judged once a file.
pub(super) struct Excerpter<'a> {
    files: &'a SourceFiles,
    secrets: Secrets<'a>,
    hidden: BTreeMap<FileId, Arc<[Option<usize>]>>,
}

impl<'a> Excerpter<'a> {
    pub(super) fn new(files: &'a SourceFiles, secrets: Secrets<'a>) -> Self {
        Self {
            files,
            secrets,
            hidden: BTreeMap::new(),
        }
    }

    /// One excerpt for all places; those that stand near each other in a file share their lines.
    pub(super) fn excerpt(&mut self, places: &[Marked]) -> (Excerpt, Vec<LabeledSpan>) {
        let mut parts: Vec<Lines> = Vec::new();
        for (index, place) in places.iter().enumerate() {
            let marked = Lines::around(&self.files.get(place.span.file), place.span, index);
            match parts.iter_mut().find(|part| part.touches(&marked)) {
                Some(part) => part.join(marked),
                None => parts.push(marked),
            }
        }
        let mut excerpt = Excerpt {
            text: String::new(),
            parts: Vec::new(),
        };
        let mut labels = Vec::new();
        for part in &parts {
            self.write_part(part, places, &mut excerpt, &mut labels);
        }
        (excerpt, labels)
    }

    fn write_part(
        &mut self,
        lines: &Lines,
        places: &[Marked],
        excerpt: &mut Excerpt,
        labels: &mut Vec<LabeledSpan>,
    ) {
        let file = self.files.get(lines.file);
        let hidden = self.hidden_parts(lines.file, &file);
        let start = excerpt.text.len();
        // Every mark starts in one of the lines, so no start stays at its initial value.
        let mut marks: Vec<(usize, usize)> = vec![(usize::MAX, 0); lines.marks.len()];
        for number in lines.first..=lines.last {
            let hide_from = hidden.get(number as usize - 1).copied().flatten();
            self.write_line(
                &file,
                number,
                hide_from,
                lines,
                &mut marks,
                &mut excerpt.text,
            );
        }
        let mut starts = Vec::new();
        for (mark, (from, to)) in lines.marks.iter().zip(marks) {
            let span = SourceSpan::from((from, to.saturating_sub(from)));
            starts.push((from, mark.start));
            labels.push(places[mark.place].label(span, mark.more_lines));
        }
        excerpt.parts.push(Part {
            name: escape::one_line(&file.name),
            range: start..excerpt.text.len(),
            first_line: lines.first as usize - 1,
            line_count: (lines.last - lines.first + 1) as usize,
            starts,
        });
    }

    /// Appends one line, and notes where the marks that touch it went.
    fn write_line(
        &self,
        file: &SourceFile,
        number: u32,
        hide_from: Option<usize>,
        lines: &Lines,
        marks: &mut [(usize, usize)],
        out: &mut String,
    ) {
        let bytes = file.line(number);
        let touching: Vec<Option<Range<usize>>> = lines
            .marks
            .iter()
            .map(|mark| mark.range_in_line(file, number, bytes.len()))
            .collect();
        let focus = touching.iter().flatten().next().cloned().unwrap_or(0..0);
        let shown = Shown::new(bytes, hide_from, &focus, &self.secrets);
        for (mark, range) in marks.iter_mut().zip(touching) {
            if let Some(range) = range {
                mark.0 = mark.0.min(out.len() + shown.start(range.start));
                mark.1 = mark.1.max(out.len() + shown.end(range.end));
            }
        }
        out.push_str(&shown.text);
        out.push('\n');
    }

    fn hidden_parts(&mut self, id: FileId, file: &SourceFile) -> Arc<[Option<usize>]> {
        let secrets = self.secrets;
        let text = file
            .text
            .strip_prefix(b"\xef\xbb\xbf".as_slice())
            .unwrap_or(&file.text);
        Arc::clone(
            self.hidden
                .entry(id)
                .or_insert_with(|| secrets.hidden_parts(text).into()),
        )
    }
}

/// A place to show and what to write beside it.
pub(super) struct Marked {
    pub(super) span: Span,
    /// Empty: the place is underlined without words.
    pub(super) message: String,
    pub(super) is_primary: bool,
}

impl Marked {
    fn label(&self, span: SourceSpan, more_lines: u32) -> LabeledSpan {
        let mut message = escape::one_line(&self.message);
        if more_lines > 0 {
            message = format!("{message} (and {more_lines} more lines)")
                .trim_start()
                .to_owned();
        }
        let message = (!message.is_empty()).then_some(message);
        match self.is_primary {
            true => LabeledSpan::new_primary_with_span(message, span),
            false => LabeledSpan::new_with_span(message, span),
        }
    }
}

/// Lines of one file that are shown together.
struct Lines {
    file: FileId,
    first: u32,
    last: u32,
    marks: Vec<Mark>,
}

/// A place within [`Lines`].
struct Mark {
    /// Index among the places given.
    place: usize,
    /// Bytes of the file that are underlined.
    bytes: Range<u32>,
    start: LineColumn,
    /// Lines of the place that are not shown.
    more_lines: u32,
}

impl Lines {
    fn around(file: &SourceFile, span: Span, place: usize) -> Self {
        let start = file.line_column(span.start);
        let mut end = file.line_column(span.end.max(span.start));
        // A value that ends with its line's break does not reach into the next line.
        if end.line > start.line && end.column == 1 {
            end.line -= 1;
        }
        let covered = end.line - start.line + 1;
        let last_marked = if covered > MOST_MARKED_LINES {
            start.line
        } else {
            end.line
        };
        let last_of_file = file.line_count().max(1);
        let line_end = file.line_offset(last_marked) as usize
            + file.line(last_marked).len()
            + bom(file, last_marked);
        let end_byte = span
            .end
            .max(span.start)
            .min(u32::try_from(line_end).unwrap_or(u32::MAX));
        Self {
            file: span.file,
            first: start.line.saturating_sub(CONTEXT_LINES).max(1),
            last: (last_marked + CONTEXT_LINES)
                .min(last_of_file)
                .max(start.line),
            marks: vec![Mark {
                place,
                bytes: span.start..end_byte.max(span.start),
                start,
                more_lines: end.line - last_marked,
            }],
        }
    }

    fn touches(&self, other: &Self) -> bool {
        self.file == other.file && self.first <= other.last + 1 && other.first <= self.last + 1
    }

    fn join(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.marks.extend(other.marks);
    }
}

impl Mark {
    /// The bytes of a line that the mark covers.
    fn range_in_line(&self, file: &SourceFile, number: u32, length: usize) -> Option<Range<usize>> {
        let line_start = file.line_offset(number) as usize + bom(file, number);
        let line_end = line_start + length;
        let (start, end) = (self.bytes.start as usize, self.bytes.end as usize);
        let is_first = self.start.line == number;
        if !is_first && (start >= line_start || end <= line_start) {
            return None;
        }
        Some(
            start.clamp(line_start, line_end) - line_start
                ..end.clamp(line_start, line_end) - line_start,
        )
    }
}

/// Bytes of the byte order mark in front of a line.
fn bom(file: &SourceFile, line: u32) -> usize {
    if line == 1 && file.text.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    }
}

/// A few lines of several files in one text: miette reads the part that a label points into, and nothing else.
#[derive(Debug)]
pub(super) struct Excerpt {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    name: String,
    range: Range<usize>,
    /// From 0.
    first_line: usize,
    line_count: usize,
    /// Where marks stand in the text, and in the file.
    starts: Vec<(usize, LineColumn)>,
}

impl SourceCode for Excerpt {
    /// Spans of two parts are refused, so that miette draws each part by itself.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let part = self
            .parts
            .iter()
            .find(|part| part.range.start <= start && end < part.range.end)
            .ok_or(MietteError::OutOfBounds)?;
        // Without context miette asks for the position to print, with context for the lines to draw.
        let mark = part
            .starts
            .iter()
            .find(|(at, _)| *at == start && lines_before == 0 && lines_after == 0);
        let (line, column) = match mark {
            Some((_, position)) => (position.line as usize - 1, position.column as usize - 1),
            None => (part.first_line, 0),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            part.name.clone(),
            &self.text.as_bytes()[part.range.clone()],
            (part.range.start, part.range.len()).into(),
            line,
            column,
            part.line_count,
        )))
    }
}
