//! Trimming of bytes as Go trims strings: Unicode white space, invalid UTF-8 is none.

use std::ops::Range;

/// The part of `range` without white space in front.
pub(super) fn trim_start(text: &[u8], range: Range<usize>) -> Range<usize> {
    let Some(first) = text[range.clone()].utf8_chunks().next() else {
        return range;
    };
    let skipped = first.valid().len() - first.valid().trim_start().len();
    range.start + skipped..range.end
}

/// The part of `range` without white space behind.
pub(super) fn trim_end(text: &[u8], range: Range<usize>) -> Range<usize> {
    let Some(last) = text[range.clone()].utf8_chunks().last() else {
        return range;
    };
    if !last.invalid().is_empty() {
        return range;
    }
    let skipped = last.valid().len() - last.valid().trim_end().len();
    range.start..range.end - skipped
}

/// Whether there is nothing but white space.
pub(super) fn is_blank(text: &[u8]) -> bool {
    trim_start(text, 0..text.len()).is_empty()
}
