//! The text of the annotation `keelcheck.dev/allow`: `RULE: reason`, several separated by newlines or commas.

/// The rules that a text allows, each with its reason. Entries without a reason allow nothing and are left out.
///
/// A reason may have commas: what follows one is an entry of its own only if it begins like a rule's id.
pub(super) fn read(text: &str, known_rules: &[&str]) -> Vec<(String, String)> {
    let mut allowed: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let mut is_continued = false;
        for part in line.split(',') {
            match (entry(part, known_rules), allowed.last_mut()) {
                (Some((rule, reason)), _) => allowed.push((rule.to_owned(), reason.to_owned())),
                (None, Some((_, reason))) if is_continued => {
                    reason.push(',');
                    reason.push_str(part.trim_end());
                }
                (None, _) => continue,
            }
            is_continued = true;
        }
    }
    allowed
        .iter_mut()
        .for_each(|(_, reason)| *reason = reason.trim().trim_end_matches(',').to_owned());
    allowed.retain(|(_, reason)| !reason.is_empty());
    allowed
}

/// `RULE: reason`. Ids have hyphens, or are known.
fn entry<'t>(part: &'t str, known_rules: &[&str]) -> Option<(&'t str, &'t str)> {
    let (rule, reason) = part.split_once(':')?;
    let rule = rule.trim();
    let is_kebab = rule.contains('-')
        && rule
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    (is_kebab || known_rules.contains(&rule)).then_some((rule, reason.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_separated_by_newlines_and_commas() {
        for (text, expected) in [
            (
                "pdb-missing: internal page",
                vec![("pdb-missing", "internal page")],
            ),
            (
                "  pdb-missing :  internal page  ",
                vec![("pdb-missing", "internal page")],
            ),
            (
                "pdb-missing: one, image-tag-mutable: two",
                vec![("pdb-missing", "one"), ("image-tag-mutable", "two")],
            ),
            (
                "pdb-missing: one\nimage-tag-mutable: two\n",
                vec![("pdb-missing", "one"), ("image-tag-mutable", "two")],
            ),
            (
                "pdb-missing: one,\nother-rule: two",
                vec![("pdb-missing", "one"), ("other-rule", "two")],
            ),
            (
                "pdb-missing: slow, internal, note: see wiki",
                vec![("pdb-missing", "slow, internal, note: see wiki")],
            ),
            ("house: reason", vec![("house", "reason")]),
            ("unknown: reason", vec![]),
            ("pdb-missing", vec![]),
            ("pdb-missing:", vec![]),
            ("pdb-missing: , ,", vec![]),
            ("PDB-Missing: reason", vec![]),
            ("", vec![]),
        ] {
            let expected: Vec<(String, String)> = expected
                .into_iter()
                .map(|(rule, reason)| (rule.to_owned(), reason.to_owned()))
                .collect();
            assert_eq!(read(text, &["house"]), expected, "{text:?}");
        }
    }
}
