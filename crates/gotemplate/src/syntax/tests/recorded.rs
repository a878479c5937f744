//! Go's own answers, recorded in text files: error texts, canonical prints, places of nodes.

use super::super::ast::{Node, NodeRef};
use super::super::print::{error_context, node_text};
use super::{parse, parse_ok, walk};

struct Case<'a> {
    title: &'a str,
    template: &'a str,
    expected: &'a str,
}

/// Cases begin with `=== title`; `---` stands between template and expectation.
fn cases(file: &str) -> Vec<Case<'_>> {
    let cases: Vec<_> = file
        .split("\n=== ")
        .skip(1)
        .map(|case| {
            let (title, rest) = case.split_once('\n').expect("a title line");
            let (template, expected) = rest.split_once("\n---\n").expect("a separator line");
            Case {
                title,
                template,
                expected: expected.strip_suffix('\n').unwrap_or(expected),
            }
        })
        .collect();
    assert!(cases.len() > 10, "the file of cases is cut");
    cases
}

#[test]
fn errors_have_the_text_and_line_of_go() {
    for case in cases(include_str!("../../../tests/syntax/errors.txt")) {
        let error = parse(case.template).expect_err(case.title);
        assert_eq!(
            format!("{}: {error}", error.line),
            case.expected,
            "{}",
            case.title
        );
    }
}

#[test]
fn nodes_print_as_in_go() {
    for case in cases(include_str!("../../../tests/syntax/prints.txt")) {
        let file = parse_ok(case.template);
        let printed: Vec<u8> = file
            .main
            .nodes
            .iter()
            .flat_map(|node| node_text(&file.main.source, NodeRef::Node(node)))
            .collect();
        assert_eq!(
            String::from_utf8_lossy(&printed),
            case.expected,
            "{}",
            case.title
        );
    }
}

#[test]
fn errors_blame_the_place_that_go_blames() {
    for case in cases(include_str!("../../../tests/syntax/places.txt")) {
        let file = parse_ok(case.template);
        let mut places = Vec::new();
        walk(&file.main.nodes, &mut |node| {
            let word = match node {
                NodeRef::Node(Node::Action(_)) => "action",
                NodeRef::Node(Node::Template(_)) => "template",
                NodeRef::Node(_) => return,
                NodeRef::Pipe(_) => "pipe",
                NodeRef::Command(_) => "cmd",
                NodeRef::Expr(_) => "expr",
            };
            let context = error_context(&file.main.source, node);
            assert_eq!(
                context.to_string(),
                format!("{}:{}:{}", super::NAME, context.line, context.column)
            );
            places.push(format!(
                "{word} {}:{} {}",
                context.line, context.column, context.text
            ));
        });
        assert_eq!(places.join("\n"), case.expected, "{}", case.title);
    }
}
