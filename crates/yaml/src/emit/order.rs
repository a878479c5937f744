//! The order of keys in emitted maps: goyaml's "natural" one, in which `a2` comes before `a10`.

use super::layout::Dialect;
use super::unicode::{is_digit, is_letter};
use crate::value::{Entry, Map};

/// A map's entries in the order of emission.
pub(super) fn sorted(map: &Map, dialect: Dialect) -> Vec<(&str, &Entry)> {
    let entries = map.iter().map(|(key, entry)| (&**key, entry)).collect();
    merge_sort(entries, |left, right| precedes(left.0, right.0, dialect))
}

/// Whether a key comes before another one.
///
/// The first difference decides. Two letters compare by code; of a letter and something else the latter is first
/// (in v3, the former if a digit precedes both); otherwise the numbers that begin there compare, then their lengths,
/// then the characters by code. This is no order: `a1b`, `a2`, `a10` go round in a circle.
pub(super) fn precedes(left: &str, right: &str, dialect: Dialect) -> bool {
    let common = common_prefix(left, right);
    let (left_rest, right_rest) = (&left[common..], &right[common..]);
    let (Some(left_first), Some(right_first)) =
        (left_rest.chars().next(), right_rest.chars().next())
    else {
        return left_rest.len() < right_rest.len();
    };
    match (is_letter(left_first), is_letter(right_first)) {
        (true, true) => left_first < right_first,
        (false, false) => {
            // Zeros count in the middle of a number, not at its start.
            let has_zero = left_first == '0' || right_first == '0';
            let lead = i64::from(has_zero && ends_in_number_above_zero(&left[..common]));
            let (left_number, left_length) = leading_number(left_rest, lead);
            let (right_number, right_length) = leading_number(right_rest, lead);
            (left_number, left_length, left_first) < (right_number, right_length, right_first)
        }
        (left_is_letter, right_is_letter) => {
            let letters_first =
                dialect == Dialect::V3 && left[..common].chars().next_back().is_some_and(is_digit);
            if letters_first {
                left_is_letter
            } else {
                right_is_letter
            }
        }
    }
}

/// Length in bytes of what two texts have in common, in whole characters.
fn common_prefix(left: &str, right: &str) -> usize {
    let equal = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(left, right)| left == right)
        .count();
    (0..=equal)
        .rev()
        .find(|&at| left.is_char_boundary(at) && right.is_char_boundary(at))
        .unwrap_or(0)
}

fn ends_in_number_above_zero(text: &str) -> bool {
    text.chars()
        .rev()
        .take_while(|&character| is_digit(character))
        .any(|character| character != '0')
}

/// The value of the digits at the start of a text behind a leading digit, and their count. Wraps around as Go does,
/// and takes digits of other scripts for what their code is.
fn leading_number(text: &str, lead: i64) -> (i64, usize) {
    let digits = text.chars().take_while(|&character| is_digit(character));
    digits.fold((lead, 0), |(value, count), digit| {
        let digit = i64::from(u32::from(digit)) - i64::from(u32::from('0'));
        (value.wrapping_mul(10).wrapping_add(digit), count + 1)
    })
}

/// Sorts by a relation that need not be an order, which the standard library's sorting may panic on.
fn merge_sort<T: Copy>(mut items: Vec<T>, precedes: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let mut merged = Vec::with_capacity(items.len());
    let mut width = 1;
    while width < items.len() {
        for run in items.chunks(2 * width) {
            let (left, right) = run.split_at(width.min(run.len()));
            merge(left, right, &mut merged, &precedes);
        }
        std::mem::swap(&mut items, &mut merged);
        merged.clear();
        width *= 2;
    }
    items
}

fn merge<T: Copy>(
    mut left: &[T],
    mut right: &[T],
    merged: &mut Vec<T>,
    precedes: impl Fn(&T, &T) -> bool,
) {
    while let ([first_left, rest_left @ ..], [first_right, rest_right @ ..]) = (left, right) {
        if precedes(first_right, first_left) {
            merged.push(*first_right);
            right = rest_right;
        } else {
            merged.push(*first_left);
            left = rest_left;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
}
