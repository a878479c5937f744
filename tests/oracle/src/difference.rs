//! The first difference between two texts.

/// Compares line by line; `volatile` holds 1-based numbers of lines that may differ.
pub(crate) fn lines(expected: &[u8], got: &[u8], volatile: &[usize]) -> Option<String> {
    let expected: Vec<&[u8]> = expected.split(|byte| *byte == b'\n').collect();
    let got: Vec<&[u8]> = got.split(|byte| *byte == b'\n').collect();
    for (index, (want, have)) in expected.iter().zip(&got).enumerate() {
        if want != have && !volatile.contains(&(index + 1)) {
            return Some(format!(
                "line {}: want {} got {}",
                index + 1,
                show(want),
                show(have)
            ));
        }
    }
    (expected.len() != got.len()).then(|| {
        let at = expected.len().min(got.len());
        let next = |lines: &[&[u8]]| {
            lines
                .get(at)
                .map_or("the end".to_owned(), |line| show(line))
        };
        format!(
            "line {}: want {} lines, got {}; want {} got {}",
            at + 1,
            expected.len(),
            got.len(),
            next(&expected),
            next(&got)
        )
    })
}

/// A text for a message, cut.
pub(crate) fn show(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let cut: String = text.chars().take(220).collect();
    format!("{cut:?}")
}

/// Whether two errors name the same place and the same cause: the same words after white space is folded.
pub(crate) fn same_error(expected: &str, got: &str) -> bool {
    words(expected) == words(got)
}

fn words(text: &str) -> Vec<String> {
    let text = text.strip_prefix("Error: ").unwrap_or(text);
    let hint = "Use --debug flag to render out invalid YAML";
    text.replace(hint, "")
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}
