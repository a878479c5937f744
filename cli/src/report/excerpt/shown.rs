//! One line as it is shown: hidden, cut and printable, with a way back to its bytes.

use crate::report::escape;
use crate::report::secrets::{HIDDEN, Secrets};
use std::ops::Range;

/// The longest line shown, in characters.
const LONGEST_LINE: usize = 200;

/// Bytes of an over-long line that are looked at: enough around a place, never megabytes.
const WINDOW: usize = 4096;

/// A line as it is shown, and where its bytes went.
pub(super) struct Shown {
    pub(super) text: String,
    /// `(offset in the line, offset in the text)`, both ascending; never empty.
    stops: Vec<(usize, usize)>,
}

impl Shown {
    pub(super) fn new(
        bytes: &[u8],
        hide_from: Option<usize>,
        focus: &Range<usize>,
        secrets: &Secrets<'_>,
    ) -> Self {
        let visible = &bytes[..hide_from.unwrap_or(bytes.len()).min(bytes.len())];
        let window = window(visible, focus);
        let plain = String::from_utf8_lossy(&visible[window.clone()]).into_owned();
        let redacted = secrets.text(&plain);
        let changed = changed_part(&plain, &redacted);
        let mut shown = Self {
            text: String::new(),
            stops: Vec::new(),
        };
        if window.start > 0 {
            shown.text.push_str("… ");
        }
        let shown_end = redacted
            .char_indices()
            .nth(LONGEST_LINE)
            .map_or(redacted.len(), |(end, _)| end);
        for (at, character) in redacted[..shown_end].char_indices() {
            shown
                .stops
                .push((window.start + changed.original(at), shown.text.len()));
            escape::push_visible(&mut shown.text, character);
        }
        let more = redacted[shown_end..].chars().count() + (visible.len() - window.end);
        let end_of_shown = if more > 0 {
            window.start + changed.original(shown_end)
        } else {
            window.end
        };
        shown.stops.push((end_of_shown, shown.text.len()));
        if more > 0 {
            shown.text.push_str(&format!("… ({more} more)"));
        }
        if visible.len() < bytes.len() {
            shown.text.push_str(HIDDEN);
            shown.stops.push((bytes.len(), shown.text.len()));
        }
        shown
    }

    /// Where the text shows the first byte of a place; the front of what was hidden or cut.
    pub(super) fn start(&self, at: usize) -> usize {
        let behind = self.stops.partition_point(|(original, _)| *original <= at);
        let original = self.stops[behind.saturating_sub(1)].0;
        let first = self.stops.partition_point(|(other, _)| *other < original);
        self.stops[first].1
    }

    /// Where the text shows the end of a place; the end of what was hidden or cut.
    pub(super) fn end(&self, at: usize) -> usize {
        let next = self.stops.partition_point(|(original, _)| *original < at);
        self.stops
            .get(next)
            .or(self.stops.last())
            .map_or(0, |(_, shown)| *shown)
    }
}

/// The part of a line to look at: from its start where the focus is near, else from shortly before the focus.
fn window(line: &[u8], focus: &Range<usize>) -> Range<usize> {
    let start = if focus.end.min(focus.start + LONGEST_LINE / 2) < LONGEST_LINE {
        0
    } else {
        focus.start
    };
    let mut start = start.min(line.len());
    while start > 0 && start < line.len() && (line[start] & 0xc0) == 0x80 {
        start -= 1;
    }
    let mut end = (start + WINDOW).min(line.len());
    while end > start && end < line.len() && (line[end] & 0xc0) == 0x80 {
        end -= 1;
    }
    start..end
}

/// What a redaction replaced, taken as one part between an equal start and an equal end.
struct Changed {
    prefix: usize,
    /// Lengths of the whole texts.
    before: usize,
    after: usize,
    suffix: usize,
}

impl Changed {
    /// The offset in the original text of an offset in the redacted one.
    fn original(&self, at: usize) -> usize {
        if at <= self.prefix {
            at
        } else if at >= self.after - self.suffix {
            at + self.before - self.after
        } else {
            self.prefix
        }
    }
}

fn changed_part(before: &str, after: &str) -> Changed {
    let prefix = before
        .bytes()
        .zip(after.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    let most = before.len().min(after.len()) - prefix;
    let suffix = before
        .bytes()
        .rev()
        .zip(after.bytes().rev())
        .take(most)
        .take_while(|(one, other)| one == other)
        .count();
    Changed {
        prefix,
        before: before.len(),
        after: after.len(),
        suffix,
    }
}
