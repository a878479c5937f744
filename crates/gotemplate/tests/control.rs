//! Control flow, variables, scopes and includes through the lowered programs.

mod common;

use common::{options, render};
use yaml::{Entry, Value};

fn values() -> Value {
    let entry = |value| Entry::unmarked(value);
    Value::map(
        [
            ("s".into(), entry(Value::from("str"))),
            ("n".into(), entry(Value::Float(3.0))),
            (
                "l".into(),
                entry(Value::list(vec![
                    entry(Value::from("a")),
                    entry(Value::from("b")),
                ])),
            ),
            (
                "m".into(),
                entry(Value::map(
                    [("k".into(), entry(Value::from("v")))]
                        .into_iter()
                        .collect(),
                )),
            ),
        ]
        .into_iter()
        .collect(),
    )
}

fn text(template: &str) -> String {
    let rendering = render(&[("templates/t.yaml", template)], values(), &options(true));
    let rendering = rendering.unwrap_or_else(|error| panic!("{template}: {error}"));
    String::from_utf8(rendering.files[0].text.clone()).expect("UTF-8")
}

#[test]
fn control_flow_is_gos() {
    let rows: &[(&str, &str)] = &[
        ("plain", "plain"),
        ("{{ .Values.s }}-{{ .Values.none }}-", "str--"),
        ("{{ if .Values.s }}a{{ else }}b{{ end }}", "a"),
        (
            "{{ if .Values.none }}a{{ else if .Values.s }}b{{ else }}c{{ end }}",
            "b",
        ),
        (
            "{{ with .Values.m }}{{ .k }}{{ end }}{{ .Values.s }}",
            "vstr",
        ),
        (
            "{{ with .Values.none }}x{{ else with .Values.m }}{{ .k }}{{ end }}",
            "v",
        ),
        (
            "{{ with .Values.none }}x{{ else }}{{ .Values.s }}{{ end }}",
            "str",
        ),
        ("{{ range .Values.l }}[{{ . }}]{{ end }}", "[a][b]"),
        (
            "{{ range $i, $v := .Values.l }}{{ $i }}{{ $v }};{{ end }}",
            "0a;1b;",
        ),
        (
            "{{ range $k, $v := .Values.m }}{{ $k }}={{ $v }}{{ end }}",
            "k=v",
        ),
        ("{{ range .Values.none }}x{{ else }}none{{ end }}", "none"),
        ("{{ range 3 }}{{ . }}{{ end }}", "012"),
        (
            "{{ range $i := 4 }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ if eq $i 3 }}{{ break }}{{ end }}{{ $i }}{{ end }}",
            "02",
        ),
        (
            "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ end }}{{ $x }}",
            "2",
        ),
        (
            "{{ range .Values.l }}{{ range $.Values.none }}x{{ else }}{{ break }}{{ end }}y{{ end }}z",
            "yyz",
        ),
        (
            "{{ range .Values.l }}{{ with . }}{{ if eq . \"a\" }}{{ continue }}{{ end }}{{ . }}{{ end }}{{ end }}",
            "b",
        ),
        (
            "{{ define \"d\" }}<{{ . }}>{{ end }}{{ template \"d\" .Values.s }}{{ template \"d\" }}",
            "<str><>",
        ),
        (
            "{{ define \"d\" }}<{{ range . }}{{ . }}{{ end }}>{{ end }}{{ include \"d\" .Values.l }}",
            "<ab>",
        ),
        (
            "{{ tpl \"{{ range .l }}{{ . }},{{ end }}\" .Values }}",
            "a,b,",
        ),
        (
            "{{ $x := dict }}{{ range .Values.l }}{{ $_ := set $x . 1 }}{{ end }}{{ len $x }}",
            "2",
        ),
        (
            "{{ and .Values.none .Values.none.x }}|{{ or 0 \"\" \"z\" }}|{{ 5 | and 1 }}",
            "|z|5",
        ),
        ("{{ (.Values.none).x.y }}ok", "ok"),
    ];
    for (template, expected) in rows {
        assert_eq!(&text(template), expected, "{template}");
    }
}

#[test]
fn errors_point_at_gos_node() {
    let error = |template: &str| {
        render(&[("templates/t.yaml", template)], values(), &options(false))
            .expect_err(template)
            .message
    };
    assert_eq!(
        error("a\n{{ .Values.none.x }}"),
        "c/templates/t.yaml:2:10\n  executing \"c/templates/t.yaml\" at <.Values.none.x>:\n    nil pointer evaluating interface {}.x"
    );
    assert_eq!(
        error("{{ required \"need it\" .Values.none }}"),
        "execution error at (c/templates/t.yaml:1:3): need it"
    );
    assert_eq!(
        error("{{ nope }}"),
        "parse error at (c/templates/t.yaml:1): function \"nope\" not defined"
    );
}
