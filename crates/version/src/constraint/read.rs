//! Text to comparators.

use super::comparator::{Comparator, Operator, Spelled};
use crate::error::{MAX_CONSTRAINT_BYTES, MAX_CONSTRAINT_GROUPS, VersionError};
use crate::grammar::{Parts, is_digit_or_wildcard, scan, skip_spaces};
use std::ops::Range;

/// Reads the groups of a constraint, each with at least one comparator.
pub(super) fn groups(text: &str) -> Result<Vec<Vec<Comparator>>, VersionError> {
    if text.len() > MAX_CONSTRAINT_BYTES {
        return Err(VersionError::ConstraintTooLong);
    }
    let text = expand_ranges(text);
    let texts: Vec<&str> = text.split("||").collect();
    if texts.len() > MAX_CONSTRAINT_GROUPS {
        return Err(VersionError::TooManyGroups);
    }
    texts.into_iter().map(group).collect()
}

/// Reads one group. The whole group must follow the grammar before any operand is looked at.
fn group(text: &str) -> Result<Vec<Comparator>, VersionError> {
    let operands = split(text).ok_or_else(|| VersionError::ImproperConstraint(text.to_owned()))?;
    operands
        .into_iter()
        .map(|(operator, operand)| Comparator::new(operator, operand))
        .collect()
}

/// Cuts a group into operators and operands; None if it does not follow the grammar.
fn split(text: &str) -> Option<Vec<(Spelled, Parts<'_>)>> {
    let mut found = Vec::new();
    let mut rest = skip_spaces(text);
    loop {
        let (operator, after) = Operator::scan(rest);
        let operand = scan(skip_spaces(after), is_digit_or_wildcard)?;
        let behind = &skip_spaces(after)[operand.text.len()..];
        found.push((operator, operand));
        rest = skip_spaces(behind);
        if rest.is_empty() {
            return Some(found);
        }
        let blanks = rest.len() < behind.len();
        match rest.strip_prefix(',') {
            Some(next) => rest = skip_spaces(next),
            None if blanks => {}
            None => return None,
        }
    }
}

/// Rewrites each `A - B` as two comparators, textually and before anything is checked: error texts show the result.
fn expand_ranges(text: &str) -> String {
    let mut expanded = text.to_owned();
    let mut from = 0;
    while let Some((range, low, high)) = find_range(&text[from..]) {
        let replaced = &text[from..][range.clone()];
        expanded = expanded.replacen(replaced, &format!(">= {low}, <= {high} "), 1);
        from += range.end;
    }
    expanded
}

/// Where the first range in a text stands, with the blanks around it, and its two operands.
fn find_range(text: &str) -> Option<(Range<usize>, &str, &str)> {
    text.char_indices().find_map(|(start, _)| {
        let (length, low, high) = range_at(&text[start..])?;
        Some((start..start + length, low, high))
    })
}

/// A range at the start of a text: its length, its operands. The hyphen needs blanks on both sides.
fn range_at(text: &str) -> Option<(usize, &str, &str)> {
    let start = skip_spaces(text);
    let low = scan(start, is_digit_or_wildcard)?.text;
    let behind_low = &start[low.len()..];
    let hyphen = skip_spaces(behind_low);
    let behind_hyphen = hyphen.strip_prefix('-')?;
    let start = skip_spaces(behind_hyphen);
    if hyphen.len() == behind_low.len() || start.len() == behind_hyphen.len() {
        return None;
    }
    let high = scan(start, is_digit_or_wildcard)?.text;
    let rest = skip_spaces(&start[high.len()..]);
    Some((text.len() - rest.len(), low, high))
}
