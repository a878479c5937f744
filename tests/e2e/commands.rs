//! Each command on a real chart.

use super::run::{Scratch, fixtures, keelcheck, keelcheck_in, keelcheck_with};
use serde_json::Value;

const PROD: &[&str] = &["web", "charts/web", "-n", "shop", "-f", "values/prod.yaml"];

fn with<'a>(command: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    [&[command], PROD, rest].concat()
}

#[test]
fn render_prints_what_helm_template_prints() {
    let helm = std::fs::read_to_string(fixtures().join("live/web-prod.yaml"))
        .expect("the recorded output");
    let ran = keelcheck(&with("render", &[]));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(ran.stdout, helm);
}

#[test]
fn render_shows_only_what_is_asked_for() {
    let ran = keelcheck(&with("render", &["--show-only", "templates/pdb.yaml"]));
    assert!(
        ran.stdout
            .starts_with("---\n# Source: web/templates/pdb.yaml\n"),
        "{}",
        ran.stdout
    );
    let none = keelcheck(&with("render", &["--show-only", "templates/nope.yaml"]));
    assert_eq!(none.code, 1);
    assert!(
        none.stderr
            .contains("could not find template templates/nope.yaml in chart"),
        "{}",
        none.stderr
    );
}

#[test]
fn render_takes_every_setter_in_helms_order() {
    let args = [
        "render",
        "charts/web",
        "--set",
        "replicas=2",
        "--set-string",
        "image.tag=9",
        "-s",
        "templates/deployment.yaml",
    ];
    let ran = keelcheck(&args);
    assert!(ran.stdout.contains("replicas: 2\n"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("registry.example/web:9"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("name: release-name\n"),
        "{}",
        ran.stdout
    );
}

#[test]
fn diff_of_a_rendering_with_itself_is_empty() {
    let ran = keelcheck(&with(
        "diff",
        &["--live", "live/web-prod.yaml", "--detailed-exitcode"],
    ));
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout, "Plan: 0 to add, 0 to change, 0 to destroy\n");
}

#[test]
fn diff_names_changes_and_hides_secrets() {
    let live =
        std::fs::read_to_string(fixtures().join("live/web-prod.yaml")).expect("the live manifest");
    let args = with(
        "diff",
        &[
            "--live",
            "-",
            "--set",
            "replicas=5,password=n3w-s3cret-value",
            "--detailed-exitcode",
        ],
    );
    let ran = keelcheck_with(&fixtures(), &args, &live);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("-   replicas: 3\n") && ran.stdout.contains("+   replicas: 5\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .ends_with("Plan: 0 to add, 2 to change, 0 to destroy\n"),
        "{}",
        ran.stdout
    );
    for secret in ["sup3r-s3cret-value", "n3w-s3cret-value"] {
        assert!(
            !ran.stdout.contains(secret) && !ran.stderr.contains(secret),
            "{}{}",
            ran.stdout,
            ran.stderr
        );
    }
}

fn report(args: &[&str]) -> (i32, Value) {
    let ran = keelcheck(args);
    let report = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr));
    (ran.code, report)
}

fn finding<'a>(report: &'a Value, rule: &str) -> &'a Value {
    let findings = report["findings"].as_array().expect("findings");
    findings
        .iter()
        .find(|finding| finding["rule"] == rule)
        .unwrap_or_else(|| panic!("no {rule} in {report:#}"))
}

#[test]
fn check_stands_on_the_overlay_line() {
    let (code, report) = report(&with(
        "check",
        &["--format", "json", "--rule", "pdb-blocks-drain"],
    ));
    assert_eq!(code, 1, "{report:#}");
    let finding = finding(&report, "pdb-blocks-drain");
    assert_eq!(finding["primary"]["file"], "values/prod.yaml");
    assert_eq!(finding["primary"]["line"], 4);
    assert_eq!(finding["primary"]["kind"], "value");
    assert_eq!(finding["resource"]["kind"], "PodDisruptionBudget");
}

#[test]
fn check_names_the_flag_where_a_flag_decided() {
    let args = [
        "check",
        "web",
        "charts/web",
        "--set",
        "replicas=2,pdb.minAvailable=2",
        "--format",
        "json",
        "--rule",
        "pdb-blocks-drain",
    ];
    let (code, report) = report(&args);
    assert_eq!(code, 1);
    let finding = finding(&report, "pdb-blocks-drain");
    assert_eq!(finding["primary"]["kind"], "set");
    assert!(finding["primary"]["file"].is_null(), "{finding:#}");
}

#[test]
fn a_rule_without_its_input_is_unchecked_and_says_what_is_missing() {
    let (code, report) = report(&with(
        "check",
        &["--format", "json", "--rule", "skew-kubelet"],
    ));
    assert_eq!(code, 0, "{report:#}");
    let unchecked = &report["unchecked"][0];
    assert_eq!(unchecked["rule"], "skew-kubelet");
    assert!(
        unchecked["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("--capture")),
        "{unchecked:#}"
    );
}

#[test]
fn a_removed_api_is_found_on_the_value_that_typed_it() {
    let scratch = Scratch::new("api");
    let overlay = scratch.file(
        "old.yaml",
        "replicas: 3\npdb:\n  apiVersion: policy/v1beta1\n",
    );
    let args = [
        "check",
        "web",
        "charts/web",
        "-f",
        &overlay,
        "--target-version",
        "1.34.0",
        "--format",
        "json",
        "--rule",
        "api-removed",
    ];
    let (code, report) = report(&args);
    assert_eq!(code, 1, "{report:#}");
    assert_eq!(finding(&report, "api-removed")["primary"]["line"], 3);
}

#[test]
fn a_baseline_leaves_only_what_is_new() {
    let scratch = Scratch::new("baseline");
    let file = scratch
        .path()
        .join("baseline.json")
        .to_string_lossy()
        .into_owned();
    let first = keelcheck(&with(
        "check",
        &["--rule", "pdb-blocks-drain", "--write-baseline", &file],
    ));
    assert_eq!(first.code, 1, "{}{}", first.stdout, first.stderr);
    let second = keelcheck(&with(
        "check",
        &["--rule", "pdb-blocks-drain", "--baseline", &file],
    ));
    assert_eq!(second.code, 0, "{}{}", second.stdout, second.stderr);
}

#[test]
fn a_comment_on_the_line_allows_a_finding() {
    let scratch = Scratch::new("comment");
    let overlay = scratch.file(
        "v.yaml",
        "replicas: 3\npdb:\n  minAvailable: 3 # keelcheck: allow(pdb-blocks-drain): drained by hand\n",
    );
    let args = [
        "check",
        "web",
        "charts/web",
        "-f",
        &overlay,
        "--format",
        "json",
        "--rule",
        "pdb-blocks-drain",
    ];
    let (code, report) = report(&args);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(
        finding(&report, "pdb-blocks-drain")["allowed"]["reason"],
        "drained by hand"
    );
}

#[test]
fn blame_names_the_value_and_the_template() {
    let ran = keelcheck(&with("blame", &["Deployment/web", "spec.replicas"]));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("values/prod.yaml:2 | "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("charts/web/templates/deployment.yaml:8"),
        "{}",
        ran.stdout
    );
    let json = keelcheck(&with(
        "blame",
        &["Deployment/web", "spec.replicas", "--format", "json"],
    ));
    let lines: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(lines[0]["values"][0]["file"], "values/prod.yaml");
    assert_eq!(lines[0]["values"][0]["line"], 2);
    assert_eq!(lines[0]["template"]["line"], 8);
}

#[test]
fn base_renders_the_revision() {
    let scratch = Scratch::new("base");
    let git = |args: &[&str]| {
        let status = std::process::Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(args)
            .current_dir(scratch.path())
            .output()
            .expect("git runs");
        assert!(
            status.status.success(),
            "{}",
            String::from_utf8_lossy(&status.stderr)
        );
    };
    scratch.file(
        "chart/Chart.yaml",
        "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    );
    scratch.file(
        "chart/templates/a.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: {{ .Values.k }}\n",
    );
    scratch.file("v.yaml", "k: old\n");
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "first"]);
    scratch.file("v.yaml", "k: new\n");
    let ran = keelcheck_in(
        scratch.path(),
        &[
            "diff",
            "r",
            "chart",
            "-f",
            "v.yaml",
            "--base",
            "HEAD",
            "--detailed-exitcode",
        ],
    );
    assert_eq!(ran.code, 2, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("-   k: old\n+   k: new\n"),
        "{}",
        ran.stdout
    );
}

#[test]
fn every_help_has_an_example_and_a_usage() {
    for command in [
        "render",
        "diff",
        "check",
        "blame",
        "explain",
        "rules",
        "init",
        "demo",
        "completions",
    ] {
        let ran = keelcheck(&[command, "--help"]);
        assert_eq!(ran.code, 0, "{command}");
        assert!(
            ran.stdout.contains("Usage:") && ran.stdout.contains("Example"),
            "{command}: {}",
            ran.stdout
        );
    }
}

#[test]
fn what_is_not_built_says_so() {
    for args in [
        &["plan"][..],
        &["drain"],
        &["capture"],
        &["policies", "test"],
        &["check", "charts/web", "--format", "html"],
    ] {
        let ran = keelcheck(args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(
            ran.stderr.contains("not built yet"),
            "{args:?}: {}",
            ran.stderr
        );
    }
    let help = keelcheck(&["--help"]).stdout;
    assert!(
        !help.contains("  plan") && !help.contains("  drain"),
        "{help}"
    );
}

#[test]
fn rules_and_explain_agree() {
    let ran = keelcheck(&["rules", "--format", "json"]);
    let rules: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    for rule in rules.as_array().expect("a list") {
        let id = rule["id"].as_str().expect("id");
        assert!(
            !rule["inputs"].as_array().expect("inputs").is_empty(),
            "{id}"
        );
        let explained = keelcheck(&["explain", id]);
        assert_eq!(explained.code, 0, "{id}");
        assert!(
            explained.stdout.contains("What to do"),
            "{id}: {}",
            explained.stdout
        );
    }
    let near = keelcheck(&["explain", "pdb-mising"]);
    assert!(
        near.code == 2 && near.stderr.contains("pdb-missing"),
        "{}",
        near.stderr
    );
}
