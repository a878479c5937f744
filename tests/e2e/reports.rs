//! Reports of a whole run: the demo project in every format, to standard output and to files at once.

use super::run::{Scratch, keelcheck_in};
use serde_json::Value;

fn demo(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    let ran = keelcheck_in(scratch.path(), &["demo", "project"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    scratch
}

#[test]
fn the_demo_shows_its_troubles_and_a_clean_environment() {
    let scratch = Scratch::new("demo");
    let ran = keelcheck_in(scratch.path(), &["demo", "project"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    for rule in [
        "pdb-blocks-drain",
        "upgrade-minor-skipped",
        "backup-stale",
        "api-removed",
    ] {
        assert!(
            ran.stdout.contains(rule),
            "{rule} is missing in {}",
            ran.stdout
        );
    }
    assert!(
        ran.stdout.contains("values/prod-eu.yaml:"),
        "{}",
        ran.stdout
    );
    let again = keelcheck_in(scratch.path(), &["demo", "project"]);
    assert!(again.stderr.contains("kept"), "{}", again.stderr);
    assert_eq!(again.stdout, ran.stdout, "the demo is deterministic");
    let clean = keelcheck_in(
        &scratch.path().join("project"),
        &["check", "--environment", "staging", "--now", NOW],
    );
    assert_eq!(clean.code, 0, "{}{}", clean.stdout, clean.stderr);
}

/// The time that the demo's evidence is judged by.
const NOW: &str = "2026-11-24T09:00:00Z";

#[test]
fn one_run_feeds_several_reports() {
    let scratch = demo("several");
    let project = scratch.path().join("project");
    let args = [
        "check",
        "--now",
        NOW,
        "--format",
        "github",
        "--format",
        "sarif=out.sarif",
        "--format",
        "markdown=out.md",
        "--format",
        "json=out.json",
        "--format",
        "json",
    ];
    let ran = keelcheck_in(&project, &args);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("::"), "{}", ran.stdout);
    let read = |name: &str| std::fs::read_to_string(project.join(name)).expect(name);
    let json = read("out.json");
    assert!(
        ran.stdout.ends_with(&json),
        "the same bytes go to standard output and to a file"
    );
    let report: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(report["version"], 1);
    let sarif: Value = serde_json::from_str(&read("out.sarif")).expect("SARIF is JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let results = sarif["runs"][0]["results"]
        .as_array()
        .expect("results")
        .len();
    assert_eq!(
        results,
        report["findings"].as_array().expect("findings").len()
    );
    let markdown = read("out.md");
    assert!(
        markdown.contains("<!-- keelcheck") && markdown.ends_with('\n'),
        "{markdown}"
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let scratch = demo("same");
    let project = scratch.path().join("project");
    let run = || keelcheck_in(&project, &["check", "--now", NOW, "--format", "json"]).stdout;
    assert_eq!(run(), run());
    let turned = keelcheck_in(
        &project,
        &[
            "check",
            "--now",
            NOW,
            "--format",
            "json",
            "--environment",
            "staging",
            "--environment",
            "prod-eu",
        ],
    );
    assert_eq!(turned.stdout, run(), "order comes from keelcheck.yaml");
}
