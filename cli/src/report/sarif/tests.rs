//! The SARIF report field by field, as GitHub and the schema want it.

use super::*;
use crate::report::sample::{self, with_options, with_sample};
use serde_json::Value;
use source::SourceFiles;
use std::collections::BTreeSet;

fn parsed(report: &Report<'_>, secrets: &Secrets<'_>) -> Value {
    serde_json::from_slice(&write(report, secrets)).unwrap()
}

fn sample_run() -> Value {
    let mut run = Value::Null;
    with_sample(|report, options| run = parsed(report, &options.secrets)["runs"][0].clone());
    run
}

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

#[test]
fn the_sample_as_a_whole() {
    with_sample(|report, options| {
        let text = String::from_utf8(write(report, &options.secrets)).unwrap();
        let version = format!("\"semanticVersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
        assert!(text.contains(&version));
        insta::assert_snapshot!(text.replace(&version, "\"semanticVersion\": \"VERSION\""));
    });
}

#[test]
fn the_log_names_schema_and_version_and_has_one_run() {
    with_sample(|report, options| {
        let log = parsed(report, &options.secrets);
        assert_eq!(
            log["$schema"],
            "https://json.schemastore.org/sarif-2.1.0.json"
        );
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(array(&log["runs"]).len(), 1);
    });
}

#[test]
fn every_rule_that_ran_is_listed_with_what_github_shows() {
    let run = sample_run();
    let rules = array(&run["tool"]["driver"]["rules"]);
    let ids: Vec<&str> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "pdb-missing",
            "image-tag-mutable",
            "replicas-below-minimum",
            "skew-kubelet",
            "allow-unused"
        ],
        "rules that ran, then those that only findings name"
    );
    for rule in rules {
        assert!(
            !rule["shortDescription"]["text"]
                .as_str()
                .unwrap()
                .is_empty()
        );
        assert!(
            ["error", "warning", "note"]
                .contains(&rule["defaultConfiguration"]["level"].as_str().unwrap())
        );
        assert!(array(&rule["properties"]["tags"]).len() <= 20);
    }
    assert!(
        rules[0]["help"]["markdown"]
            .as_str()
            .unwrap()
            .contains("## What it checks")
    );
    assert!(!rules[0]["help"]["text"].as_str().unwrap().is_empty());
}

#[test]
fn every_result_points_at_its_rule_and_at_a_relative_encoded_file() {
    let run = sample_run();
    let rules = array(&run["tool"]["driver"]["rules"]);
    for result in array(&run["results"]) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let related = result["relatedLocations"].as_array().into_iter().flatten();
        for location in array(&result["locations"]).iter().chain(related) {
            let uri = location["physicalLocation"]["artifactLocation"]["uri"]
                .as_str()
                .unwrap();
            let is_safe = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
            assert!(uri.chars().all(is_safe) && !uri.starts_with('/'), "{uri}");
            if let Some(region) = location["physicalLocation"].get("region") {
                let number = |key: &str| region[key].as_u64().unwrap();
                assert!(
                    (number("startLine"), number("startColumn"))
                        <= (number("endLine"), number("endColumn"))
                );
                assert!(number("startLine") >= 1 && number("startColumn") >= 1);
            }
        }
    }
}

#[test]
fn places_count_code_points_and_end_behind_the_last_one() {
    let run = sample_run();
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let result = array(&run["results"])
        .iter()
        .find(|result| result["ruleId"] == "allow-unused")
        .unwrap();
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        *region,
        serde_json::json!({"startLine": 3, "startColumn": 3, "endLine": 3, "endColumn": 17})
    );
}

#[test]
fn a_finding_on_a_flag_stands_on_a_related_file_and_names_the_flag() {
    let run = sample_run();
    let flagged = &array(&run["results"])[2];
    let uri = &flagged["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "charts/my%20ui%25/templates/_ui.yaml");
    let text = flagged["message"]["text"].as_str().unwrap();
    assert!(
        text.contains("`image.tag` is set by `--set image.tag=latest`"),
        "{text}"
    );
    let without_file = &array(&run["results"])[3];
    assert_eq!(
        without_file["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "."
    );
    assert_eq!(
        without_file["locations"][0]["logicalLocations"][0]["name"],
        "secret-flag"
    );
}

#[test]
fn fingerprints_are_distinct_and_allowed_findings_are_suppressed() {
    let run = sample_run();
    let results = array(&run["results"]);
    let fingerprints: BTreeSet<&str> = results
        .iter()
        .map(|result| {
            result["partialFingerprints"]["keelcheck/v1"]
                .as_str()
                .unwrap()
        })
        .collect();
    assert_eq!(fingerprints.len(), results.len());
    let suppressed: Vec<&Value> = results
        .iter()
        .filter(|result| !array(&result["suppressions"]).is_empty())
        .collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(
        suppressed[0]["suppressions"][0],
        serde_json::json!({"kind": "external", "status": "accepted", "justification": "internal | page @team"})
    );
}

#[test]
fn problems_and_what_was_not_checked_are_notifications() {
    let run = sample_run();
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notifications = array(&invocation["toolExecutionNotifications"]);
    let levels: Vec<&str> = notifications
        .iter()
        .map(|each| each["level"].as_str().unwrap())
        .collect();
    assert_eq!(levels, ["error", "error", "error", "note"]);
    let place = &notifications[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["startLine"], 6);
    assert_eq!(notifications[3]["associatedRule"]["id"], "skew-kubelet");
}

#[test]
fn a_clean_run_has_an_empty_list_of_results() {
    let files = SourceFiles::new();
    with_options(|options| {
        let run = &parsed(&sample::clean(&files), &options.secrets)["runs"][0];
        assert_eq!(run["results"], serde_json::json!([]));
        assert_eq!(run["invocations"][0]["executionSuccessful"], true);
        assert_eq!(run["automationDetails"]["id"], "keelcheck/prod-eu/");
    });
}

#[test]
fn the_id_of_the_run_tells_environments_apart_and_stays_short() {
    let files = SourceFiles::new();
    let id = |count: usize, suffix: &str| {
        let mut report = sample::clean(&files);
        let template = report.environments.remove(0);
        report.environments = (0..count)
            .map(|number| crate::report::model::EnvironmentSummary {
                name: format!("e{number}{suffix}"),
                ..template.clone()
            })
            .collect();
        automation_id(&report)
    };
    assert_eq!(id(2, ""), "keelcheck/e0+e1/");
    assert_ne!(id(80, "a"), id(80, "b"));
    assert!(id(80, "a").len() < 120);
}

#[test]
fn results_and_locations_stay_within_the_limits() {
    let files = SourceFiles::new();
    let ids = sample::Files::add(&files);
    let place = sample::at(&files, ids.overlay, "replicas: 3");
    with_options(|options| {
        let mut report = sample::clean(&files);
        report.findings = (0..25_003)
            .map(|number| sample::numbered(number, Severity::Info, place.clone()))
            .collect();
        let label = sample::label(place.clone(), policies::PlaceKind::Value);
        report.findings[0].finding.related = vec![label; 1_200];
        let run = &parsed(&report, &options.secrets)["runs"][0];
        let results = array(&run["results"]);
        assert_eq!(results.len(), 25_000);
        assert_eq!(array(&results[0]["relatedLocations"]).len() + 1, 1_000);
        assert!(
            results[0]["message"]["text"]
                .as_str()
                .unwrap()
                .contains("201 more related places")
        );
        let notification =
            &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
        assert_eq!(notification, "3 more findings are not listed");
    });
}
