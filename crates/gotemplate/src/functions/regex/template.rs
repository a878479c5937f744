//! Replacement templates: `$1`, `${name}`, `$$`.

use super::compiled::Match;
use crate::functions::letters::{DIGIT, LETTER};
use crate::syntax::unicode::decode;
use std::ops::Range;

/// A piece of a template.
pub(super) enum Piece {
    /// A part of the template itself.
    Text(Range<usize>),
    /// The first of these groups that took part; group 0 is the whole match.
    Group(Vec<usize>),
}

/// Reads a template. A name is as long as it can be (`$1W` is the group `1W`); a dollar sign that begins nothing
/// stands for itself. `names` are those of the groups from group 1 on.
pub(super) fn parse(template: &[u8], names: &[String]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(dollar) = template[at..]
        .iter()
        .position(|byte| *byte == b'$')
        .map(|found| at + found)
    {
        pieces.push(Piece::Text(at..dollar));
        let after = dollar + 1;
        if template.get(after) == Some(&b'$') {
            pieces.push(Piece::Text(after..after + 1));
            at = after + 1;
        } else if let Some((name, end)) = reference(template, after) {
            pieces.push(Piece::Group(groups_of(&template[name], names)));
            at = end;
        } else {
            pieces.push(Piece::Text(dollar..after));
            at = after;
        }
    }
    pieces.push(Piece::Text(at..template.len()));
    pieces
}

/// Where a group is in a match. None if it took no part or does not exist.
pub(super) fn group(found: &Match, candidates: &[usize]) -> Option<Range<usize>> {
    candidates
        .iter()
        .find_map(|index| match index.checked_sub(1) {
            None => Some(found.range.clone()),
            Some(index) => found.groups.get(index).cloned().flatten(),
        })
}

/// The name behind a dollar sign, and where the reference ends.
fn reference(template: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let braced = template.get(at) == Some(&b'{');
    let start = at + usize::from(braced);
    let mut end = start;
    while let Some((c, width)) = decode(template, end) {
        if c != '_' && !LETTER.contains(c) && !DIGIT.contains(c) {
            break;
        }
        end += width;
    }
    if end == start || (braced && template.get(end) != Some(&b'}')) {
        return None;
    }
    Some((start..end, end + usize::from(braced)))
}

/// The groups that a name can mean: a number without leading zeros, or all groups of that name.
fn groups_of(name: &[u8], names: &[String]) -> Vec<usize> {
    let is_number = name.iter().all(u8::is_ascii_digit) && (name.len() == 1 || name[0] != b'0');
    let number = std::str::from_utf8(name)
        .ok()
        .filter(|_| is_number && name.len() <= 9);
    if let Some(number) = number.and_then(|digits| digits.parse().ok()) {
        return vec![number];
    }
    let named = names
        .iter()
        .enumerate()
        .filter(|(_, known)| known.as_bytes() == name);
    named.map(|(index, _)| index + 1).collect()
}
