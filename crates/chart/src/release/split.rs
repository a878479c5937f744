//! Cutting a rendered file into documents, without looking at its YAML.

use super::spaces::{is_blank, trim_end, trim_start};
use gotemplate::HelmLine;
use std::ops::Range;

/// The documents of a rendered text, as byte ranges, in order. Blank ones are left out.
pub(super) fn split(text: &[u8], helm: HelmLine) -> Vec<Range<usize>> {
    let documents = match helm {
        HelmLine::V4 => cut_at_dashes(text),
        HelmLine::V3 => cut_at_wide_dashes(text),
    };
    let tidy = |document: Range<usize>| match helm {
        HelmLine::V4 => trim_start(text, document),
        HelmLine::V3 => trim_end(text, trim_start(text, document)),
    };
    documents
        .into_iter()
        .filter(|document| !is_blank(&text[document.clone()]))
        .map(tidy)
        .collect()
}

/// Helm 4.2.4: a separator is `---` at the start of any line, and the blanks behind it.
fn cut_at_dashes(text: &[u8]) -> Vec<Range<usize>> {
    let whole = trim_start(text, 0..text.len());
    let mut documents = Vec::new();
    let (mut start, mut line) = (whole.start, whole.start);
    while line < whole.end {
        if text[line..whole.end].starts_with(b"---") {
            documents.push(start..line);
            let blanks = text[line + 3..whole.end]
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t'));
            start = line + 3 + blanks.count();
        }
        let rest = &text[line..whole.end];
        line += rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |length| length + 1);
    }
    documents.push(start..whole.end);
    documents
}

/// Helm 3: a separator takes the white space on both sides with it. After a separator, the next one needs a line
/// break of its own, so that two in a row leave the second one in the text.
fn cut_at_wide_dashes(text: &[u8]) -> Vec<Range<usize>> {
    let whole = trim_end(text, trim_start(text, 0..text.len()));
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c');
    let after_dashes = |dashes: usize| {
        dashes
            + 3
            + text[dashes + 3..whole.end]
                .iter()
                .take_while(|byte| is_space(byte))
                .count()
    };
    let mut documents = Vec::new();
    let mut start = whole.start;
    if text[whole.clone()].starts_with(b"---") {
        start = after_dashes(start);
    }
    let mut at = start;
    while let Some(length) = text[at..whole.end]
        .windows(4)
        .position(|window| window == b"\n---")
    {
        let line_break = at + length;
        let spaces = text[start..line_break]
            .iter()
            .rev()
            .take_while(|byte| is_space(byte))
            .count();
        documents.push(start..line_break - spaces);
        start = after_dashes(line_break + 1);
        at = start;
    }
    documents.push(start..whole.end);
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str, helm: HelmLine) -> Vec<&str> {
        split(text.as_bytes(), helm)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn both_lines_cut_as_their_helm_does() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("a\n---\nb\n", &["a\n", "b\n"], &["a", "b"]),
            ("---\n\n---\na: 1\n", &["a: 1\n"], &["---\na: 1"]),
            ("\n\n  a\n\n", &["a\n\n"], &["a"]),
            ("--- # hi\na\n", &["# hi\na\n"], &["# hi\na"]),
            ("a\n---kind: b\n", &["a\n", "kind: b\n"], &["a", "kind: b"]),
            (
                "a: |\n  ---\nb\n",
                &["a: |\n  ---\nb\n"],
                &["a: |\n  ---\nb"],
            ),
            ("a\n-----BEGIN\n", &["a\n", "--BEGIN\n"], &["a", "--BEGIN"]),
            ("a\n--- \t\n\n  b\n---\n", &["a\n", "b\n"], &["a", "b"]),
            (
                "a\n...\n---\n---\nb",
                &["a\n...\n", "b"],
                &["a\n...", "---\nb"],
            ),
            ("\u{a0}\n", &[], &[]),
        ];
        for (text, four, three) in cases {
            assert_eq!(documents(text, HelmLine::V4), *four, "{text:?}");
            assert_eq!(documents(text, HelmLine::V3), *three, "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_kept() {
        let text = b"\xff a\n---\n\xfe\n";
        let found: Vec<_> = split(text, HelmLine::V4)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, [b"\xff a\n".as_slice(), b"\xfe\n"]);
    }
}
