//! Finding one byte string in another in linear time.

use crate::syntax::unicode::decode;
use std::ops::Range;

/// The first `limit` places of a needle that is not empty, from left to right, without overlaps.
pub(crate) fn find_all<'a>(
    text: &'a [u8],
    needle: &'a [u8],
    limit: usize,
) -> Box<dyn Iterator<Item = usize> + 'a> {
    if let [byte] = needle {
        let places = text
            .iter()
            .enumerate()
            .filter(move |(_, found)| *found == byte);
        return Box::new(places.map(|(at, _)| at).take(limit));
    }
    if let (Ok(text), Ok(needle)) = (std::str::from_utf8(text), std::str::from_utf8(needle)) {
        return Box::new(text.match_indices(needle).map(|(at, _)| at).take(limit));
    }
    // Bytes that are no UTF-8: the standard library searches only in strings.
    let pattern: String = needle.iter().map(|byte| format!("\\x{byte:02x}")).collect();
    match regex::bytes::Regex::new(&format!("(?-u){pattern}")) {
        Ok(regex) => {
            let places: Vec<usize> = regex
                .find_iter(text)
                .map(|found| found.start())
                .take(limit)
                .collect();
            Box::new(places.into_iter())
        }
        // Only a needle of many megabytes is too large for a pattern.
        Err(_) => Box::new(slow_find_all(text, needle).into_iter().take(limit)),
    }
}

fn slow_find_all(text: &[u8], needle: &[u8]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut at = 0_usize;
    while let Some(window) = text.get(at..at.saturating_add(needle.len())) {
        if window == needle {
            places.push(at);
            at += needle.len();
        } else {
            at += 1;
        }
    }
    places
}

/// Go's `strings.SplitN`: at most `limit` parts between separators, the last one with the rest. An empty separator
/// splits into characters.
pub(crate) fn pieces(text: &[u8], separator: &[u8], limit: usize) -> Vec<Range<usize>> {
    if limit == 0 {
        return Vec::new();
    }
    if separator.is_empty() {
        return characters(text, limit);
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for place in find_all(text, separator, limit - 1) {
        parts.push(from..place);
        from = place + separator.len();
    }
    parts.push(from..text.len());
    parts
}

fn characters(text: &[u8], limit: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some((_, width)) = decode(text, at) {
        if parts.len() + 1 == limit {
            parts.push(at..text.len());
            break;
        }
        parts.push(at..at + width);
        at += width;
    }
    parts
}

/// Where characters begin, and the end of the text.
pub(crate) fn boundaries(text: &[u8]) -> Vec<usize> {
    let mut places = vec![0];
    let mut at = 0;
    while let Some((_, width)) = decode(text, at) {
        at += width;
        places.push(at);
    }
    places
}
