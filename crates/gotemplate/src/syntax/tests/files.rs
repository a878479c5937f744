//! What a file's main template and its definitions are.

use super::super::ast::{Body, Node, NodeRef};
use super::super::print::node_text;
use super::{NAME, parse_ok};

fn print(body: &Body) -> String {
    let printed: Vec<u8> = body
        .nodes
        .iter()
        .flat_map(|node| node_text(&body.source, NodeRef::Node(node)))
        .collect();
    String::from_utf8_lossy(&printed).into()
}

/// Main template and definitions, `name=body`; an exclamation mark stands before what Go calls empty.
fn summary(text: &str) -> Vec<String> {
    let file = parse_ok(text);
    let show = |name: &str, body: &Body| {
        format!(
            "{}{name}={}",
            if body.is_empty { "!" } else { "" },
            print(body)
        )
    };
    let mut all = vec![show("main", &file.main)];
    all.extend(
        file.defines
            .iter()
            .map(|define| show(&define.name, &define.body)),
    );
    all
}

#[test]
fn definitions_are_kept_beside_the_main_template() {
    let cases: [(&str, &[&str]); 13] = [
        ("", &["!main="]),
        (
            " \n\u{a0}\u{2003}{{/* only this */}}\t",
            &["!main= \n\u{a0}\u{2003}\t"],
        ),
        ("\u{200b}", &["main=\u{200b}"]),
        ("{{ \"\" }}", &["main={{\"\"}}"]),
        (r#"a{{ define "d" }}x{{ end }}b"#, &["main=ab", "d=x"]),
        (r#"{{ define "d" }} {{ end }}"#, &["!main=", "!d= "]),
        (
            r#"{{ define "d" }}{{ end }}{{ define "d" }}x{{ end }}{{ define "d" }} {{ end }}"#,
            &["!main=", "d=x"],
        ),
        (
            r#"{{ define `d` }} {{ end }}{{ define "d" }}{{ end }}"#,
            &["!main=", "!d="],
        ),
        (
            r#"{{ block "b" .x }}{{ block "c" . }}y{{ end }}z{{ end }}"#,
            &[
                r#"main={{template "b" .x}}"#,
                "c=y",
                r#"b={{template "c" .}}z"#,
            ],
        ),
        // The file's own name: its definition takes the place of an empty main template, and only of that.
        (
            r#"{{ define "c/t.yaml" }}x{{ end }}{{ define "d" }}y{{ end }} "#,
            &["main=x", "d=y"],
        ),
        (r#"{{ define "c/t.yaml" }} {{ end }}y"#, &["main=y"]),
        (
            r#"{{ define "d" }}1{{ end }}{{ define "c/t.yaml" }} {{ end }}"#,
            &["!main=", "d=1"],
        ),
        (r#"{{ define "" }}x{{ end }}"#, &["!main=", "=x"]),
    ];
    for (text, expected) in cases {
        assert_eq!(summary(text), expected, "{text}");
    }
}

#[test]
fn bodies_share_the_source_and_know_their_places() {
    let file = parse_ok("ab\n{{- define \"d\" -}} x{{ .a }} {{- end }}");
    assert_eq!(&*file.main.source.name, NAME);
    let define = &file.defines[0];
    assert_eq!(define.span.range(), 3..42);
    assert_eq!(
        define.body.source.slice(define.span),
        b"{{- define \"d\" -}} x{{ .a }} {{- end }}"
    );
    let [Node::Text(text), Node::Action(action)] = &*define.body.nodes else {
        panic!("{:?}", define.body.nodes)
    };
    assert_eq!(define.body.source.slice(*text), b"x");
    assert_eq!(define.body.source.slice(action.span), b"{{ .a }}");
}

#[test]
fn spans_of_blocks_cover_headers_and_ends() {
    let text = "{{ if .a -}} x {{- else if .b }}y{{ else }}z{{ end -}}  ";
    let file = parse_ok(text);
    let source = &file.main.source;
    let [Node::If(conditional)] = &*file.main.nodes else {
        panic!("{:?}", file.main.nodes)
    };
    assert_eq!(
        source.slice(conditional.span),
        &text.as_bytes()[..text.len() - 2]
    );
    let headers: Vec<_> = conditional
        .branches
        .iter()
        .map(|branch| source.slice(branch.span))
        .collect();
    assert_eq!(headers, [b"{{ if .a -}}".as_slice(), b"{{- else if .b }}"]);
    let else_body = conditional.else_body.as_ref().expect("an else part");
    assert_eq!(source.slice(else_body.span), b"{{ else }}");
}

#[test]
fn functions_called_break_and_continue_take_the_words_away() {
    let file = super::super::parse(NAME, b"{{ break }}{{ continue 1 }}", &|_| true)
        .expect("both are functions");
    assert_eq!(print(&file.main), "{{break}}{{continue 1}}");
}

#[test]
fn texts_that_are_no_utf8_are_kept_byte_for_byte() {
    let file = parse_ok(b"\xff\xfe{{ .a }}\xc3{{ `\xff` }}");
    let [
        Node::Text(first),
        Node::Action(_),
        Node::Text(second),
        Node::Action(_),
    ] = &*file.main.nodes
    else {
        panic!("{:?}", file.main.nodes)
    };
    assert_eq!(file.main.source.slice(*first), b"\xff\xfe");
    assert_eq!(file.main.source.slice(*second), b"\xc3");
    let error = super::parse(b"\n{{ \xff }}").expect_err("no character");
    assert_eq!(
        error.to_string(),
        "unrecognized character in action: U+FFFD '\u{fffd}'"
    );
}
