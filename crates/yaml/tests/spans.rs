//! Where the tree and the marks say that things are written.

use source::PathSegment;
use std::ops::Range;
use yaml::{
    DecodeOptions, Limits, Marker, Node, NodeKind, ScalarStyle, Stream, decode_stream_text,
    decode_text, parse,
};

fn stream(text: &str) -> Stream {
    parse(text.as_bytes(), false, Limits::default()).expect("the text is YAML")
}

fn slice(text: &str, span: Range<u32>) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// Every node's text, parents first.
fn node_texts<'t>(text: &'t str, node: &Node, out: &mut Vec<&'t str>) {
    out.push(slice(text, node.span.clone()));
    match &node.kind {
        NodeKind::Sequence { items, .. } => {
            items.iter().for_each(|item| node_texts(text, item, out));
        }
        NodeKind::Mapping { entries, .. } => entries.iter().for_each(|(key, value)| {
            node_texts(text, key, out);
            node_texts(text, value, out);
        }),
        NodeKind::Scalar { .. } | NodeKind::Alias { .. } => {}
    }
}

#[test]
fn spans_hold_the_text_of_each_node() {
    let cases: &[(&str, &[&str])] = &[
        ("a: 1\n", &["a: 1", "a", "1"]),
        ("# c\n'a' : \"b\"  # d\n", &["'a' : \"b\"", "'a'", "\"b\""]),
        ("a: é ü \nb: x\n", &["a: é ü \nb: x", "a", "é ü", "b", "x"]),
        (
            "- 1\n- [2, {k: v}] # c\n\n",
            &[
                "- 1\n- [2, {k: v}]",
                "1",
                "[2, {k: v}]",
                "2",
                "{k: v}",
                "k",
                "v",
            ],
        ),
        (
            "a:\n- b\n- c\nd:\n",
            &["a:\n- b\n- c\nd:", "a", "- b\n- c", "b", "c", "d", ""],
        ),
        (
            "a: |-\n  x\n  y\n\n\nb: >\n  z",
            &[
                "a: |-\n  x\n  y\n\n\nb: >\n  z",
                "a",
                "|-\n  x\n  y",
                "b",
                ">\n  z",
            ],
        ),
        (
            "a: &x !!str v\nb: *x\n",
            &["a: &x !!str v\nb: *x", "a", "v", "b", "*x"],
        ),
        ("a: &x\nb: 1\n", &["a: &x\nb: 1", "a", "", "b", "1"]),
        ("[a: b, c]", &["[a: b, c]", "a: b", "a", "b", "c"]),
        ("? a\n\n# c\n? b\n", &["? a\n\n# c\n? b", "a", "", "b", ""]),
        (
            "a: x\n  y\n\n  z\nb: 1",
            &["a: x\n  y\n\n  z\nb: 1", "a", "x\n  y\n\n  z", "b", "1"],
        ),
        ("a:\r\n  b: 1\r\n", &["a:\r\n  b: 1", "a", "b: 1", "b", "1"]),
        ("\u{feff}a: 1", &["a: 1", "a", "1"]),
        ("{\n  a: 1,\n}\n", &["{\n  a: 1,\n}", "a", "1"]),
    ];
    for (text, expected) in cases {
        let mut found = Vec::new();
        node_texts(
            text,
            stream(text).documents[0].root.as_ref().unwrap(),
            &mut found,
        );
        assert_eq!(found, *expected, "{text:?}");
    }
}

#[test]
fn styles_tags_and_anchors_are_kept() {
    let text = "- a\n- 'a'\n- \"a\"\n- |\n  a\n- >\n  a\n- &n !!str a\n- !local a\n- !<x:y> a\n";
    let stream = stream(text);
    let NodeKind::Sequence { items, flow: false } =
        &stream.documents[0].root.as_ref().unwrap().kind
    else {
        panic!("not a block sequence");
    };
    let styles: Vec<ScalarStyle> = items
        .iter()
        .filter_map(|item| match item.kind {
            NodeKind::Scalar { style, .. } => Some(style),
            _ => None,
        })
        .collect();
    use ScalarStyle::{DoubleQuoted, Folded, Literal, Plain, SingleQuoted};
    assert_eq!(
        styles,
        [
            Plain,
            SingleQuoted,
            DoubleQuoted,
            Literal,
            Folded,
            Plain,
            Plain,
            Plain
        ]
    );
    assert_eq!(items[5].anchor.as_deref(), Some("n"));
    let tags: Vec<Option<&str>> = items[5..].iter().map(|item| item.tag.as_deref()).collect();
    assert_eq!(
        tags,
        [Some("tag:yaml.org,2002:str"), Some("!local"), Some("x:y")]
    );
}

#[test]
fn comments_come_in_order_and_with_their_place() {
    let text =
        "# one\na: 1 # two\nb: | # three\n  # text\n#\n--- #four\r\n[x, # five\n y#z]\n# six";
    let stream = stream(text);
    let found: Vec<&str> = stream
        .comments
        .iter()
        .map(|comment| comment.text.as_str())
        .collect();
    assert_eq!(
        found,
        [" one", " two", " three", "", "four", " five", " six"]
    );
    for comment in &stream.comments {
        assert_eq!(
            slice(text, comment.span.clone()),
            format!("#{}", comment.text)
        );
    }
}

#[test]
fn documents_span_what_lies_between_their_markers() {
    let text = "# c\na: 1\n---\nb: 2\n...\n# d\n--- \n---\n# e\n";
    let stream = stream(text);
    let found: Vec<(&str, bool)> = stream
        .documents
        .iter()
        .map(|document| (slice(text, document.span.clone()), document.root.is_some()))
        .collect();
    assert_eq!(
        found,
        [
            ("# c\na: 1\n", true),
            ("\nb: 2\n", true),
            (" \n", false),
            ("\n# e\n", false)
        ]
    );
}

#[test]
fn only_the_first_document_is_read_if_so_wanted() {
    let text = b"a: 1\n---\nb: [\n";
    assert_eq!(
        parse(text, true, Limits::default())
            .unwrap()
            .documents
            .len(),
        1
    );
    assert!(parse(text, false, Limits::default()).is_err());
}

#[test]
fn spans_of_utf16_count_in_its_bytes() {
    let mut text = vec![0xff, 0xfe];
    text.extend("é: 😀x\n".encode_utf16().flat_map(u16::to_le_bytes));
    let stream = parse(&text, false, Limits::default()).unwrap();
    let NodeKind::Mapping { entries, .. } = &stream.documents[0].root.as_ref().unwrap().kind else {
        panic!("not a mapping");
    };
    assert_eq!(entries[0].0.span, 2..4);
    assert_eq!(entries[0].1.span, 8..14);
}

/// Writes down every call: the path, and the texts of key and value.
#[derive(Default)]
struct Log {
    text: String,
    calls: Vec<(String, Option<String>, String)>,
}

impl Marker for Log {
    fn mark(&mut self, path: &[PathSegment], key: Option<Range<u32>>, value: Range<u32>) -> u32 {
        let path = source::ValuePath(path.to_vec()).to_string();
        let text = |range: Range<u32>| slice(&self.text, range).to_owned();
        self.calls.push((path, key.map(text), text(value)));
        self.calls.len() as u32
    }
}

fn marked(text: &str) -> Vec<(String, Option<String>, String)> {
    let mut log = Log {
        text: text.to_owned(),
        calls: Vec::new(),
    };
    decode_text(text.as_bytes(), DecodeOptions::VALUES, &mut log).expect("the text is YAML");
    log.calls
}

fn call(path: &str, key: Option<&str>, value: &str) -> (String, Option<String>, String) {
    (path.to_owned(), key.map(str::to_owned), value.to_owned())
}

#[test]
fn each_entry_of_the_result_is_marked_once() {
    let text = "a: 0\n'b': [x, {c: 1}]\na: {d: \"y\"}\n1: z\n";
    let expected = [
        call("a", Some("a"), "{d: \"y\"}"),
        call("a.d", Some("d"), "\"y\""),
        call("b", Some("'b'"), "[x, {c: 1}]"),
        call("b[0]", None, "x"),
        call("b[1]", None, "{c: 1}"),
        call("b[1].c", Some("c"), "1"),
        call("1", Some("1"), "z"),
    ];
    assert_eq!(marked(text), expected);
}

#[test]
fn merged_and_aliased_entries_are_marked_where_they_are_written() {
    let text = "x: &x {k: 1}\nw: *x\nz: {k: 0, <<: *x, l: 2}\n";
    let expected = [
        call("x", Some("x"), "{k: 1}"),
        call("x.k", Some("k"), "1"),
        call("w", Some("w"), "{k: 1}"),
        call("w.k", Some("k"), "1"),
        call("z", Some("z"), "{k: 0, <<: *x, l: 2}"),
        call("z.k", Some("k"), "1"),
        call("z.l", Some("l"), "2"),
    ];
    let found = marked(text);
    assert_eq!(found, expected);
}

#[test]
fn keys_that_become_the_same_name_are_marked_once() {
    assert_eq!(marked("1: a\n'1': b\n"), [call("1", Some("'1'"), "b")]);
}

#[test]
fn marks_reach_the_result() {
    let mut log = Log {
        text: "a: {b: 1}".to_owned(),
        calls: Vec::new(),
    };
    let value = decode_text(b"a: {b: 1}", DecodeOptions::VALUES, &mut log).unwrap();
    let outer = value.get("a").unwrap();
    assert_eq!((outer.mark, outer.value.get("b").unwrap().mark), (1, 2));
}

#[test]
fn marks_of_later_documents_count_in_the_whole_text() {
    let text = "a: 1\n---\nb: 2\n---\nc: |\n  3";
    let mut log = Log {
        text: text.to_owned(),
        calls: Vec::new(),
    };
    let values = decode_stream_text(text.as_bytes(), DecodeOptions::VALUES, &mut log).unwrap();
    assert_eq!(values.len(), 3);
    assert_eq!(
        log.calls,
        [
            call("a", Some("a"), "1"),
            call("b", Some("b"), "2"),
            call("c", Some("c"), "|\n  3")
        ]
    );
}
