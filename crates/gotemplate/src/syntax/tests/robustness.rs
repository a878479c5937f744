//! Input made to break the parser: depth, length, and arbitrary bytes.

use super::super::MAX_NESTING;
use super::super::ast::{Node, NodeRef};
use super::super::print::node_text;
use super::{parse, parse_ok, walk};
use proptest::prelude::*;

fn nested(open: &str, close: &str, levels: usize) -> String {
    format!("{}x{}", open.repeat(levels), close.repeat(levels))
}

fn parenthesized(levels: usize) -> String {
    format!("{{{{ {}.a{} }}}}", "(".repeat(levels), ")".repeat(levels))
}

#[test]
fn nesting_ends_with_an_error_at_the_limit() {
    let limit = MAX_NESTING;
    let expected = format!("blocks and parentheses nest more than {limit} levels deep");
    for levels in [limit + 1, limit * 20] {
        for text in [
            nested("{{ if .a }}", "{{ end }}", levels),
            nested("{{ with .a }}{{ range .b }}", "{{ end }}{{ end }}", levels),
            nested("{{ block \"b\" . }}", "{{ end }}", levels),
            parenthesized(levels),
        ] {
            assert_eq!(parse(&text).expect_err("too deep").to_string(), expected);
        }
    }
}

#[test]
fn nesting_up_to_the_limit_parses_prints_and_drops() {
    for text in [
        nested("{{if .a}}", "{{end}}", MAX_NESTING),
        nested("{{range .a}}", "{{else}}{{end}}", MAX_NESTING),
        parenthesized(MAX_NESTING),
        format!(
            "{{{{ {}.a{} }}}}",
            "(".repeat(MAX_NESTING),
            ").b".repeat(MAX_NESTING)
        ),
    ] {
        let file = parse_ok(&text);
        let printed = node_text(&file.main.source, NodeRef::Node(&file.main.nodes[0]));
        assert_eq!(
            String::from_utf8_lossy(&printed).replace(' ', ""),
            text.replace(' ', "")
        );
    }
    // Levels that were left do not count.
    parse_ok(format!("{0}{0}", parenthesized(MAX_NESTING)));
    parse_ok(nested(
        "{{ if .a }}{{ end }}{{ if (.b) }}",
        "{{ end }}",
        MAX_NESTING - 1,
    ));
}

#[test]
fn long_chains_cost_no_depth() {
    const LENGTH: usize = 50_000;
    for text in [
        format!(
            "{{{{ if .a }}}}{}{{{{ else }}}}{{{{ end }}}}",
            "{{ else if .b }}x".repeat(LENGTH)
        ),
        format!(
            "{{{{ with .a }}}}{}{{{{ end }}}}",
            "{{ else with .b }}x".repeat(LENGTH)
        ),
        format!("{{{{ .a {} }}}}", "| quote".repeat(LENGTH)),
        format!("{{{{ $x := .a{} }}}}", ".b".repeat(LENGTH)),
        format!("{{{{ list {} }}}}", ".a ".repeat(LENGTH)),
        "{{/* x */}}".repeat(LENGTH),
    ] {
        let file = parse_ok(&text);
        for node in &file.main.nodes {
            assert!(node_text(&file.main.source, NodeRef::Node(node)).len() > LENGTH);
        }
    }
}

/// Pieces of templates, most of them well formed, so that some texts parse.
const PIECES: [&str; 44] = [
    "{{ .a }}",
    "{{ end }}",
    "{{ end }}",
    "{{ else }}",
    "{{ if .a }}",
    "{{ with $x := .b }}",
    "{{ range .l }}",
    "{{ range $i, $x := .l }}",
    "{{ else if .c }}",
    "{{ else with .c }}",
    "{{ $x := 1 }}",
    "{{ $x = .a }}",
    "{{ $x }}",
    "{{ break }}",
    "{{ continue }}",
    "{{ define \"d\" }}",
    "{{ block \"b\" . }}",
    "{{ template \"d\" }}",
    "{{ list (.a.b | quote).c 1.5 'x' `r` \"s\" }}",
    "{{- .a -}}",
    "{{/* c */}}",
    " text \n",
    "{{",
    "}}",
    " -}}",
    "{{- ",
    ".a",
    "$",
    "$x",
    " := ",
    " | ",
    "(",
    ")",
    " ",
    "\n",
    "\"",
    "`",
    "'",
    "1",
    "-",
    ",",
    "nil",
    "quote",
    "\u{e9}",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..24)
        .prop_map(|pieces| pieces.concat())
}

/// Parses, and checks of what has been parsed that its places lie in the text and that actions have delimiters.
fn check(text: &[u8]) {
    let Ok(file) = parse(text) else { return };
    for body in file
        .defines
        .iter()
        .map(|define| &define.body)
        .chain([&file.main])
    {
        walk(&body.nodes, &mut |node| {
            assert!(node.pos() as usize <= text.len());
            let NodeRef::Node(node) = node else { return };
            let written = body.source.slice(node.span());
            assert!(!written.is_empty());
            if !matches!(node, Node::Text(_)) {
                assert!(written.starts_with(b"{{") && written.ends_with(b"}}"));
            }
        });
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(text in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&text);
        check(&[b"{{ ", text.as_slice(), b" }}"].concat());
    }

    #[test]
    fn pieces_of_templates_never_panic(text in pieces()) {
        check(text.as_bytes());
    }

    #[test]
    fn a_canonical_print_prints_itself(text in pieces()) {
        let print = |text: &str| parse(text).ok().map(|file| {
            let source = &file.main.source;
            let printed = file.main.nodes.iter().flat_map(|node| node_text(source, NodeRef::Node(node))).collect();
            String::from_utf8(printed).expect("the input is UTF-8")
        });
        if let Some(printed) = print(&text) {
            prop_assert_eq!(print(&printed), Some(printed));
        }
    }
}
