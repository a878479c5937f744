//! Comments that allow: `# keelcheck: allow(RULE): reason`, on the blamed line.

use super::template_text::without_actions;
use policies::PlaceKind;
use source::{FileKind, SourceFile};
use std::ops::Range;
use yaml::{Comment, Limits};

/// What every such comment begins with.
const MARKER: &str = "keelcheck:";

/// A comment that means to allow something on its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AllowComment {
    /// From 1.
    pub(super) line: u32,
    /// With the `#`.
    pub(super) span: Range<u32>,
    pub(super) meaning: Meaning,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    Allows {
        rules: Vec<String>,
        reason: String,
    },
    /// Written so that it allows nothing.
    Malformed,
}

/// The allowing comments of a file. Texts that are no YAML have none; in templates, actions are left out first.
pub(super) fn read(file: &SourceFile) -> Vec<AllowComment> {
    // Most files have none, and captures can be large.
    if !contains(&file.text, MARKER.as_bytes()) {
        return Vec::new();
    }
    let masked = (file.kind == FileKind::Template).then(|| without_actions(&file.text));
    let text = masked.as_deref().unwrap_or(&file.text);
    let comments = match yaml::parse(text, false, Limits::default()) {
        Ok(stream) => stream.comments,
        Err(_) => Vec::new(),
    };
    comments
        .into_iter()
        .filter_map(|comment| allowing(file, comment))
        .collect()
}

fn allowing(file: &SourceFile, comment: Comment) -> Option<AllowComment> {
    let meaning = meaning(&comment.text)?;
    Some(AllowComment {
        line: file.line_column(comment.span.start).line,
        span: comment.span,
        meaning,
    })
}

/// None for a comment that is about something else.
fn meaning(text: &str) -> Option<Meaning> {
    let rest = text
        .trim()
        .strip_prefix(MARKER)?
        .trim_start()
        .strip_prefix("allow")?;
    if rest.starts_with(|next: char| next.is_alphanumeric()) {
        return None;
    }
    Some(allowed(rest).unwrap_or(Meaning::Malformed))
}

/// `(RULE, RULE): reason`.
fn allowed(rest: &str) -> Option<Meaning> {
    let (rules, rest) = rest.trim_start().strip_prefix('(')?.split_once(')')?;
    let reason = rest.trim_start().strip_prefix(':')?.trim();
    let rules: Vec<String> = rules
        .split(',')
        .map(|rule| rule.trim().to_owned())
        .collect();
    let is_complete = !reason.is_empty() && rules.iter().all(|rule| !rule.is_empty());
    is_complete.then(|| Meaning::Allows {
        rules,
        reason: reason.to_owned(),
    })
}

/// The kind of a place in a file.
pub(super) fn kind_of(file: &SourceFile) -> PlaceKind {
    match file.kind {
        FileKind::Values => PlaceKind::Value,
        FileKind::Template | FileKind::Rendered => PlaceKind::Template,
        FileKind::Chart => PlaceKind::Chart,
        FileKind::Config => PlaceKind::Config,
        FileKind::Evidence => PlaceKind::Evidence,
        FileKind::Live => PlaceKind::Live,
    }
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(kind: FileKind, text: &str) -> Vec<AllowComment> {
        read(&SourceFile::new(
            "f".to_owned(),
            kind,
            text.as_bytes().into(),
        ))
    }

    /// The lines on which a text allows, with rules and reason.
    fn allows(kind: FileKind, text: &str) -> Vec<(u32, String, String)> {
        let comments = read_text(kind, text).into_iter();
        comments
            .filter_map(|comment| match comment.meaning {
                Meaning::Allows { rules, reason } => Some((comment.line, rules.join("+"), reason)),
                Meaning::Malformed => None,
            })
            .collect()
    }

    #[test]
    fn comments_of_the_form_allow_and_near_misses_do_not() {
        for (text, expected) in [
            (
                "a: 1 # keelcheck: allow(some-rule): why",
                Some((1, "some-rule", "why")),
            ),
            (
                "a: 1 #keelcheck:allow( some-rule ):why ",
                Some((1, "some-rule", "why")),
            ),
            (
                "a: 1\r\nb: 2 # keelcheck: allow(r): why\r\n",
                Some((2, "r", "why")),
            ),
            (
                "a: 1 # keelcheck: allow(r-a, r-b): why",
                Some((1, "r-a+r-b", "why")),
            ),
            (
                "a: 'x' # keelcheck: allow(r): why: because (of) # that",
                Some((1, "r", "why: because (of) # that")),
            ),
            (
                "a: | # keelcheck: allow(r): why\n  text",
                Some((1, "r", "why")),
            ),
            (
                "a: {b: 1, # keelcheck: allow(r): why\n  c: 2}",
                Some((1, "r", "why")),
            ),
            ("# keelcheck: allow(r): why\na: 1", Some((1, "r", "why"))),
            // Not a comment.
            ("a: 1# keelcheck: allow(r): why", None),
            ("a: '# keelcheck: allow(r): why'", None),
            ("a: \"b # keelcheck: allow(r): why\"", None),
            ("a: |\n  b # keelcheck: allow(r): why", None),
            ("a: >-\n  # keelcheck: allow(r): why\n", None),
            // Not the form.
            ("a: 1 # keelcheck: allow(r)", None),
            ("a: 1 # keelcheck: allow(r):", None),
            ("a: 1 # keelcheck: allow(r) why", None),
            ("a: 1 # keelcheck: allow(): why", None),
            ("a: 1 # keelcheck: allow(r,): why", None),
            ("a: 1 # keelcheck: allow r: why", None),
            ("a: 1 # keelcheck: allow[r]: why", None),
            ("a: 1 # keelcheck allow(r): why", None),
            ("a: 1 # Keelcheck: allow(r): why", None),
            ("a: 1 # keelcheck: Allow(r): why", None),
            ("a: 1 # keelcheck: ignore(r): why", None),
            ("a: 1 # see keelcheck: allow(r): why", None),
            ("a: 1 # # keelcheck: allow(r): why", None),
            // Not YAML.
            ("a: [ # keelcheck: allow(r): why", None),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(line, rules, reason)| (line, rules.to_owned(), reason.to_owned()))
                .collect();
            assert_eq!(allows(FileKind::Values, text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_means_to_allow_and_does_not_is_malformed_and_other_comments_are_nothing() {
        for (text, malformed) in [
            ("# keelcheck: allow(r)", 1),
            ("# keelcheck: allow r: why", 1),
            ("# keelcheck: allow", 1),
            ("# keelcheck: allowed since May", 0),
            ("# keelcheck: see the wiki", 0),
            ("# keelcheck allow(r): why", 0),
        ] {
            let comments = read_text(FileKind::Values, text);
            assert_eq!(comments.len(), malformed, "{text:?}");
            assert!(
                comments
                    .iter()
                    .all(|comment| comment.meaning == Meaning::Malformed),
                "{text:?}"
            );
        }
    }

    #[test]
    fn templates_are_read_without_their_actions() {
        let template = "\
{{- if .Values.on }}
spec:
  replicas: {{ .Values.n }} # keelcheck: allow(r-a): why
  {{- /* # keelcheck: allow(r-b): why */ -}}
  {{- toYaml .Values.more | nindent 2 }} # keelcheck: allow(r-c): why
  text: |
    # keelcheck: allow(r-d): why
{{- end }}
";
        let lines: Vec<(u32, String)> = allows(FileKind::Template, template)
            .into_iter()
            .map(|(line, rule, _)| (line, rule))
            .collect();
        assert_eq!(lines, [(3, "r-a".to_owned()), (5, "r-c".to_owned())]);
    }

    #[test]
    fn the_span_is_the_comment() {
        let text = "a: é # keelcheck: allow(r): why\n";
        let comment = read_text(FileKind::Values, text).remove(0);
        let range = comment.span.start as usize..comment.span.end as usize;
        assert_eq!(&text[range], "# keelcheck: allow(r): why");
    }
}
