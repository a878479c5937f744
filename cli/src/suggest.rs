//! The known name that a misspelt one was probably meant to be.

/// The candidate that is fewest edits away, the first of equals; None where a third of the word or more would have
/// to change.
pub(crate) fn suggest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = letters(name);
    let nearest = candidates
        .into_iter()
        .map(|candidate| (edits(&typed, &letters(candidate)), candidate))
        .min_by_key(|(edits, _)| *edits);
    let (edits, candidate) = nearest?;
    let longest = typed.len().max(candidate.chars().count());
    (edits <= (longest / 3).max(1) && edits < longest).then_some(candidate)
}

/// `; did you mean `x`?`, or nothing where no candidate is near.
pub(crate) fn hint<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    suggest(name, candidates)
        .map(|nearest| format!("; did you mean `{nearest}`?"))
        .unwrap_or_default()
}

/// What is compared: upper and lower case, `-` and `_` are the same.
fn letters(name: &str) -> Vec<char> {
    name.chars()
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == '_' { '-' } else { letter })
        .collect()
}

/// Insertions, deletions, replacements and swaps of neighbours.
fn edits(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, letter) in from.iter().enumerate() {
        let mut next = vec![above + 1];
        for (column, other) in to.iter().enumerate() {
            let replaced = row[column] + usize::from(letter != other);
            let mut least = replaced.min(row[column + 1] + 1).min(next[column] + 1);
            let is_swap =
                above > 0 && column > 0 && from[above - 1] == *other && to[column - 1] == *letter;
            if is_swap {
                least = least.min(before[column - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["chart", "namespace", "apiVersions", "set"];
        for (typed, nearest) in [
            ("chrat", Some("chart")),
            ("Chart", Some("chart")),
            ("name-space", Some("namespace")),
            ("api_versions", Some("apiVersions")),
            ("sets", Some("set")),
            ("replicas", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(suggest(typed, known), nearest, "{typed}");
        }
        assert_eq!(suggest("chart", []), None);
    }

    #[test]
    fn swapped_neighbours_are_one_edit() {
        let count = |from, to| edits(&letters(from), &letters(to));
        assert_eq!(count("form", "from"), 1);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("", "abc"), 3);
        assert_eq!(count("abc", "abc"), 0);
    }
}
