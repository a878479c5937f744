//! What holds for every text, be it YAML or not.

use proptest::prelude::*;
use source::PathSegment;
use std::ops::Range;
use yaml::{
    DecodeOptions, Limits, Marker, NoMarks, Node, NodeKind, Value, decode_stream_text, decode_text,
    parse, split_documents,
};

/// Pieces of which odd documents are made.
const PIECES: &[&str] = &[
    "a",
    "b",
    "key",
    "1",
    "~",
    "'q'",
    "\"d\\n\"",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    ",",
    ": ",
    ":",
    "- ",
    "-",
    "? ",
    "?",
    "\n",
    "\n  ",
    "\n    ",
    " ",
    "\t",
    "# c\n",
    "&a ",
    "*a ",
    "*a",
    "<<: *a\n",
    "!!str ",
    "!!int ",
    "!x ",
    "!<y> ",
    "!",
    "|\n",
    "|-\n",
    ">+\n",
    "|2\n",
    "---\n",
    "--- ",
    "...\n",
    "%YAML 1.1\n",
    "%TAG !e! x:\n",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "é",
    "😀",
    ".inf",
    "0x1f",
    "2001-01-01",
    "k: v\n",
    "- i\n",
    "  k: v\n",
    "t: |\n  text\n",
    "\\",
    "@",
    "%",
];

fn odd_document() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        20 => proptest::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 1..3),
        1 => (0_usize..700).prop_map(|length| vec![b'x'; length]),
    ];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// A document that is YAML, before a few bytes of it are changed.
const SOUND: &str = "# values\nimage: &image\n  repository: \"example.org/app\"\n  tag: 'v1'\n  pull: [a, b, {c: d}]\n\
                     notes: |-\n  one\n  two\nfolded: >\n  three\n  four\nother:\n  <<: *image\n  n: 1.5\nlist:\n- x\n- - y\n  - z\n";

fn changed_document() -> impl Strategy<Value = Vec<u8>> {
    let change = (0..SOUND.len(), 0_usize..4, proptest::sample::select(PIECES));
    proptest::collection::vec(change, 1..5).prop_map(|changes| {
        let mut text = SOUND.as_bytes().to_vec();
        for (at, removed, piece) in changes {
            let start = at.min(text.len());
            let end = (start + removed).min(text.len());
            text.splice(start..end, piece.bytes());
        }
        text
    })
}

fn check_node(node: &Node, within: Range<u32>, text: &[u8]) {
    let span = node.span.clone();
    assert!(
        span.start <= span.end && within.start <= span.start && span.end <= within.end,
        "{span:?} in {within:?}"
    );
    match &node.kind {
        NodeKind::Sequence { items, .. } => items
            .iter()
            .for_each(|item| check_node(item, span.clone(), text)),
        NodeKind::Mapping { entries, .. } => entries.iter().for_each(|(key, value)| {
            assert!(
                key.span.end <= value.span.start,
                "a value in front of its key"
            );
            check_node(key, span.clone(), text);
            check_node(value, span.clone(), text);
        }),
        NodeKind::Alias { name } => {
            assert_eq!(
                &text[span.start as usize..span.end as usize],
                format!("*{name}").as_bytes()
            );
        }
        NodeKind::Scalar {
            value,
            style: yaml::ScalarStyle::Plain,
        } => {
            let written = std::str::from_utf8(&text[span.start as usize..span.end as usize])
                .expect("a span cuts no character");
            let words = |text: &str| {
                text.split([' ', '\t', '\r', '\n', '\u{85}', '\u{2028}', '\u{2029}'])
                    .collect::<String>()
            };
            assert_eq!(words(written), words(value));
        }
        NodeKind::Scalar { .. } => {}
    }
}

/// Counts its calls and checks its ranges.
struct Counter {
    calls: usize,
    length: usize,
}

impl Marker for Counter {
    fn mark(&mut self, path: &[PathSegment], key: Option<Range<u32>>, value: Range<u32>) -> u32 {
        assert!(matches!(
            (path.last(), &key),
            (Some(PathSegment::Key(_)), Some(_)) | (Some(PathSegment::Index(_)), None)
        ));
        for range in key.into_iter().chain([value]) {
            assert!(range.start <= range.end && range.end as usize <= self.length);
        }
        self.calls += 1;
        self.calls as u32
    }
}

/// Entries and items at every depth, and the marks among them that are not in use twice.
fn entries(value: &Value, marks: &mut Vec<u32>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| {
            marks.push(item.mark);
            entries(&item.value, marks);
        }),
        Value::Map(map) => map.values().for_each(|entry| {
            marks.push(entry.mark);
            entries(&entry.value, marks);
        }),
        _ => {}
    }
}

fn check(text: &[u8]) {
    // UTF-16 is its own encoding; its slices are not text.
    let utf8 = !text.starts_with(b"\xff\xfe") && !text.starts_with(b"\xfe\xff");
    let parsed = parse(text, false, Limits::default());
    match &parsed {
        Ok(stream) => {
            let comments = stream.comments.windows(2);
            assert!(
                comments
                    .into_iter()
                    .all(|pair| pair[0].span.end <= pair[1].span.start)
            );
            for document in stream.documents.iter().filter(|_| utf8) {
                assert!(document.span.end as usize <= text.len());
                if let Some(root) = &document.root {
                    check_node(root, document.span.clone(), text);
                }
            }
        }
        Err(error) => assert!(error.offset as usize <= text.len() && !error.message.is_empty()),
    }
    let mut counter = Counter {
        calls: 0,
        length: text.len(),
    };
    match decode_text(text, DecodeOptions::VALUES, &mut counter) {
        Ok(value) => {
            let mut marks = Vec::new();
            entries(&value, &mut marks);
            marks.sort_unstable();
            assert_eq!(marks, (1..=counter.calls as u32).collect::<Vec<_>>());
        }
        Err(error) => assert!(error.message.starts_with("error converting YAML to JSON: ")),
    }
    let _ = decode_stream_text(text, DecodeOptions::MANIFEST, &mut NoMarks);
    if let Ok(ranges) = split_documents(text) {
        assert!(
            ranges
                .iter()
                .all(|range| range.start < range.end && range.end as usize <= text.len())
        );
        assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_a_panic(text in proptest::collection::vec(any::<u8>(), 0..200)) {
        check(&text);
    }

    #[test]
    fn odd_documents_have_spans_inside_their_parents(text in odd_document()) {
        check(&text);
    }

    #[test]
    fn changed_documents_have_spans_inside_their_parents(text in changed_document()) {
        check(&text);
    }
}
