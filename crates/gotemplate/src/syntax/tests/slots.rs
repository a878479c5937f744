//! Which variable a name means: Go's executor decides, not the order in the text.

use super::super::ast::{Body, ExprKind, Node, NodeRef, Pipe, UNDEFINED_SLOT};
use super::{parse_ok, walk};

fn show(slot: u32) -> String {
    if slot == UNDEFINED_SLOT {
        "?".into()
    } else {
        slot.to_string()
    }
}

fn declarations(pipe: &Pipe) -> Vec<String> {
    let sign = if pipe.is_assign { "=" } else { ":=" };
    pipe.decls
        .iter()
        .map(|decl| format!("{}{sign}{}", decl.name, show(decl.slot)))
        .collect()
}

/// Declarations as `$x:=1`, assignments as `$x=1`, uses as `$x@1`; declarations come before the uses of their own
/// pipeline.
fn slots(body: &Body) -> String {
    let mut found = Vec::new();
    walk(&body.nodes, &mut |node| match node {
        NodeRef::Pipe(pipe) => found.extend(declarations(pipe)),
        NodeRef::Expr(expr) => {
            if let ExprKind::Variable(variable) = &expr.kind {
                found.push(format!("{}@{}", variable.name, show(variable.slot)));
            }
        }
        NodeRef::Node(_) | NodeRef::Command(_) => {}
    });
    found.join(" ")
}

#[test]
fn names_resolve_to_what_lives_at_run_time() {
    let cases = [
        ("{{ $ }}{{ $.a }}", "$@0 $@0"),
        (
            "{{ $x := 1 }}{{ $x }}{{ $x := 2 }}{{ $x }}",
            "$x:=1 $x@1 $x:=2 $x@2",
        ),
        ("{{ $x := 1 }}{{ $x = 2 }}{{ $x }}", "$x:=1 $x=1 $x@1"),
        // A declaration takes effect after its pipeline has run.
        (
            "{{ $x := 1 }}{{ $x := $x }}{{ $x }}",
            "$x:=1 $x:=2 $x@1 $x@2",
        ),
        ("{{ $x := $x }}", "$x:=1 $x@?"),
        // The parser lets a name pass that some branch has mentioned; at run time only the outer one exists.
        (
            "{{ if .a }}{{ $x := 1 }}{{ else }}{{ $x }}{{ end }}",
            "$x:=1 $x@?",
        ),
        (
            "{{ $x := 1 }}{{ if .a }}{{ $x := 2 }}{{ else }}{{ $x }}{{ end }}{{ $x }}",
            "$x:=1 $x:=2 $x@1 $x@1",
        ),
        // Variables of a condition live in all of its parts, and end with the block.
        (
            "{{ with $a := .a }}{{ $a }}{{ else with $b := .b }}{{ $a }}{{ $b }}{{ else }}{{ $a }}{{ $b }}{{ end }}",
            "$a:=1 $a@1 $b:=2 $a@1 $b@2 $a@1 $b@2",
        ),
        (
            "{{ $a := 1 }}{{ if $a := 2 }}{{ end }}{{ $a }}",
            "$a:=1 $a:=2 $a@1",
        ),
        // An assignment reaches out of blocks; to nothing, it is an error only when it runs.
        (
            "{{ $x := 1 }}{{ range .l }}{{ $x = . }}{{ end }}",
            "$x:=1 $x=1",
        ),
        ("{{ $y = 1 }}{{ $y }}", "$y=? $y@?"),
        // Loop variables, in each of range's forms; the else part sees them.
        (
            "{{ range $x := .l }}{{ $x }}{{ else }}{{ $x }}{{ end }}",
            "$x:=1 $x@1 $x@1",
        ),
        (
            "{{ range $i, $x := .l }}{{ $i }}{{ $x }}{{ end }}",
            "$i:=1 $x:=2 $i@1 $x@2",
        ),
        (
            "{{ range $i, $i := .l }}{{ $i }}{{ end }}",
            "$i:=1 $i:=2 $i@2",
        ),
        (
            "{{ $i := 0 }}{{ range $i, $x = .l }}{{ end }}",
            "$i:=1 $i=1 $x=?",
        ),
        (
            "{{ range .l }}{{ $x := 1 }}{{ $x }}{{ else }}{{ end }}",
            "$x:=1 $x@1",
        ),
        // Parentheses are no scope.
        ("{{ list ($x := 1) $x }}{{ $x }}", "$x:=1 $x@1 $x@1"),
        (
            "{{ $x := list ($x := 1) $x }}{{ $x }}",
            "$x:=2 $x:=1 $x@1 $x@2",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(slots(&parse_ok(text).main), expected, "{text}");
    }
}

#[test]
fn each_template_counts_its_own_slots() {
    let file = parse_ok(
        r#"{{ $x := 1 }}{{ define "d" }}{{ $x := $ }}{{ $y := $x }}{{ end }}{{ block "b" $x }}{{ $ }}{{ end }}{{ $x }}"#,
    );
    assert_eq!(slots(&file.main), "$x:=1 $x@1 $x@1");
    assert_eq!(file.main.slots.len(), 2);
    let defines: Vec<_> = file
        .defines
        .iter()
        .map(|define| slots(&define.body))
        .collect();
    assert_eq!(defines, ["$x:=1 $@0 $y:=2 $x@1", "$@0"]);
    assert_eq!(file.defines[0].body.slots.len(), 3);
}

#[test]
fn slots_know_what_they_hide_and_whether_they_may_be_skipped() {
    let file = parse_ok("{{ $x := 1 }}{{ $y := and .a ($x := 2) }}{{ $x }}{{ $z := 3 }}");
    let known: Vec<_> = file
        .main
        .slots
        .iter()
        .map(|slot| format!("{:?} {}", slot.shadows, slot.in_parentheses))
        .collect();
    assert_eq!(
        known,
        [
            "None false",
            "None false",
            "Some(1) true",
            "None false",
            "None false"
        ]
    );
}

#[test]
fn equal_names_share_one_allocation() {
    let file = parse_ok("{{ .ab }}{{ .ab.ab }}");
    let mut names = Vec::new();
    walk(&file.main.nodes, &mut |node| {
        if let NodeRef::Expr(expr) = node
            && let ExprKind::Field(fields) = &expr.kind
        {
            names.extend(fields.iter().map(|field| field.as_ptr()));
        }
    });
    assert_eq!(names.len(), 3);
    assert!(names.iter().all(|&name| name == names[0]));
    assert!(
        file.main
            .nodes
            .iter()
            .all(|node| matches!(node, Node::Action(_)))
    );
}
