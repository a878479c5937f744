//! Broken input of each kind: a message with file and line, exit 2, and the other environments still reported.

use super::run::{Ran, Scratch, keelcheck, keelcheck_in};
use serde_json::Value;

/// A project with one sound environment and one whose overlay is given.
fn project(name: &str, overlay: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.file(
        "chart/Chart.yaml",
        "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    );
    scratch.file("chart/values.yaml", "fail: false\nport: 80\n");
    scratch.file(
        "chart/values.schema.json",
        r#"{"type": "object", "properties": {"port": {"type": "integer"}}}"#,
    );
    scratch.file(
        "chart/templates/a.yaml",
        "{{- if .Values.fail }}\n{{ fail \"asked to fail\" }}\n{{- end }}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  port: {{ .Values.port | quote }}\n",
    );
    scratch.file("good.yaml", "port: 81\n");
    scratch.file("bad.yaml", overlay);
    scratch.file(
        "keelcheck.yaml",
        "version: 1\nenvironments:\n  bad: {chart: chart, values: [bad.yaml]}\n  good: {chart: chart, values: [good.yaml]}\n",
    );
    scratch
}

fn check(scratch: &Scratch, rest: &[&str]) -> (Ran, Value) {
    let ran = keelcheck_in(
        scratch.path(),
        &[&["check", "--format", "json"], rest].concat(),
    );
    let report = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr));
    (ran, report)
}

fn assert_one_failed(report: &Value, ran: &Ran, words: &str, file: &str, line: u64) {
    assert_eq!(ran.code, 2, "{report:#}");
    assert_eq!(report["environments"][0]["status"], "failed", "{report:#}");
    assert_eq!(report["environments"][1]["status"], "checked", "{report:#}");
    let problem = &report["problems"][0];
    assert!(
        problem["message"]
            .as_str()
            .is_some_and(|message| message.contains(words)),
        "{problem:#}"
    );
    assert_eq!(problem["file"], file, "{problem:#}");
    assert_eq!(problem["line"], line, "{problem:#}");
}

#[test]
fn a_broken_overlay_fails_its_environment_only() {
    let scratch = project("yaml", "port: 80\n  x: [\n");
    let (ran, report) = check(&scratch, &[]);
    assert_one_failed(&report, &ran, "failed to parse bad.yaml", "bad.yaml", 2);
}

#[test]
fn a_failing_template_names_its_line() {
    let scratch = project("fail", "fail: true\n");
    let (ran, report) = check(&scratch, &[]);
    assert_one_failed(
        &report,
        &ran,
        "execution error at (c/templates/a.yaml:2:3): asked to fail",
        "chart/templates/a.yaml",
        2,
    );
}

#[test]
fn a_value_that_the_schema_refuses_names_its_line() {
    let scratch = project("schema", "# an overlay\nport: eighty\n");
    let (ran, report) = check(&scratch, &[]);
    assert_one_failed(&report, &ran, "got string, want integer", "bad.yaml", 2);
}

#[test]
fn a_missing_overlay_is_named() {
    let scratch = project("missing", "port: 80\n");
    std::fs::remove_file(scratch.path().join("bad.yaml")).expect("the overlay");
    let (ran, report) = check(&scratch, &[]);
    assert_eq!(ran.code, 2);
    assert!(
        report["problems"][0]["message"]
            .as_str()
            .is_some_and(|message| message.contains("bad.yaml")),
        "{report:#}"
    );
}

#[test]
fn broken_live_manifests_and_captures_are_problems_with_places() {
    let scratch = project("live", "port: 80\n");
    scratch.file(
        "live.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n---\nkind: [\n",
    );
    scratch.file("capture.json", "{\"kind\": \"List\", \"items\": [\n");
    let (ran, report) = check(
        &scratch,
        &[
            "--environment",
            "good",
            "--live",
            "live.yaml",
            "--capture",
            "capture.json",
        ],
    );
    assert_eq!(ran.code, 2, "{report:#}");
    let files: Vec<&str> = report["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|problem| problem["file"].as_str())
        .collect();
    assert!(
        files.contains(&"live.yaml") && files.contains(&"capture.json"),
        "{report:#}"
    );
}

#[test]
fn config_errors_come_all_at_once_with_places_and_suggestions() {
    let scratch = project("config", "port: 80\n");
    scratch.file(
        "keelcheck.yaml",
        "version: 1\nenvironments:\n  good: {chart: chart, valeus: [good.yaml]}\nrules:\n  pdb-mising: off\nfailOn: eror\n",
    );
    let ran = keelcheck_in(scratch.path(), &["check"]);
    assert_eq!(ran.code, 2);
    for words in [
        "keelcheck.yaml:3",
        "`values`",
        "keelcheck.yaml:5",
        "`pdb-missing`",
        "keelcheck.yaml:6",
    ] {
        assert!(
            ran.stderr.contains(words),
            "{words} is missing in {}",
            ran.stderr
        );
    }
}

#[test]
fn misspelt_names_get_the_nearest_one() {
    let scratch = project("names", "port: 80\n");
    let environment = keelcheck_in(scratch.path(), &["check", "--environment", "goood"]);
    assert!(
        environment.code == 2 && environment.stderr.contains("`good`"),
        "{}",
        environment.stderr
    );
    let rule = keelcheck_in(scratch.path(), &["check", "--rule", "pdb-mising"]);
    assert!(
        rule.code == 2 && rule.stderr.contains("`pdb-missing`"),
        "{}",
        rule.stderr
    );
    let format = keelcheck_in(scratch.path(), &["check", "--format", "jsn"]);
    assert!(
        format.code == 2 && format.stderr.contains("`json`"),
        "{}",
        format.stderr
    );
    let command = keelcheck(&["chek"]);
    assert!(
        command.code == 2 && command.stderr.contains("check"),
        "{}",
        command.stderr
    );
}

#[test]
fn a_chart_that_is_not_there_says_what_to_run() {
    let ran = keelcheck(&["render", "oci://registry.example/charts/web"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("helm pull"), "{}", ran.stderr);
    let path = keelcheck(&["render", "./nowhere"]);
    assert!(
        path.code == 1 && path.stderr.contains("not found"),
        "{}",
        path.stderr
    );
}

#[test]
fn an_endless_template_stops_with_its_place() {
    let scratch = Scratch::new("endless");
    scratch.file(
        "chart/Chart.yaml",
        "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    );
    scratch.file(
        "chart/templates/a.yaml",
        "{{ define \"x\" }}{{ template \"x\" . }}{{ end }}\n{{ template \"x\" . }}",
    );
    let ran = keelcheck_in(scratch.path(), &["render", "chart"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("exceeded maximum template depth"),
        "{}",
        &ran.stderr[..ran.stderr.len().min(400)]
    );
    scratch.file(
        "chart/templates/a.yaml",
        "{{ repeat 2000000000 \"xxxxxxxxxxxxxxxx\" }}",
    );
    let ran = keelcheck_in(scratch.path(), &["render", "chart"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("limit"), "{}", ran.stderr);
}
