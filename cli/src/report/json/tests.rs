//! The JSON report as the contract has it.

use super::*;
use crate::report::sample::{self, with_options, with_sample};
use serde_json::{Value, json};
use source::SourceFiles;

fn sample_json() -> Value {
    let mut value = Value::Null;
    with_sample(|report, options| {
        value = serde_json::from_slice(&write(report, &options.secrets)).unwrap();
    });
    value
}

#[test]
fn the_sample_as_a_whole() {
    with_sample(|report, options| {
        insta::assert_snapshot!(String::from_utf8(write(report, &options.secrets)).unwrap());
    });
}

#[test]
fn a_place_has_lines_and_columns_from_one_and_its_kind() {
    let report = sample_json();
    assert_eq!(
        report["findings"][0]["primary"],
        json!({"file": "values/prod-eu.yaml", "line": 4, "column": 3, "endLine": 4, "endColumn": 14, "kind": "value"})
    );
    assert_eq!(
        report["findings"][0]["related"][0]["message"],
        "this removed the budget"
    );
}

#[test]
fn a_flag_has_a_null_file_and_the_help_names_it() {
    let finding = &sample_json()["findings"][2];
    let primary = finding["primary"].as_object().unwrap();
    assert!(primary.contains_key("file") && primary["file"].is_null());
    assert_eq!(
        (&primary["kind"], &primary["line"]),
        (&json!("set"), &Value::Null)
    );
    assert_eq!(
        finding["help"],
        "pin a digest; `image.tag` is set by `--set image.tag=latest`"
    );
}

#[test]
fn changes_carry_scalars_causes_and_what_makes_them_special() {
    let report = sample_json();
    let fields = &report["changes"][0]["fields"];
    assert_eq!(
        fields[0],
        json!({"path": "spec.replicas", "before": 3, "after": 1, "verdict": "allowed",
               "cause": {"file": "values/prod-eu.yaml", "line": 4}})
    );
    assert_eq!(fields[1]["before"], Value::Null);
    assert_eq!(report["changes"][1]["fields"][1]["after"], "(hidden)");
    assert_eq!(
        report["changes"][1]["fields"][0]["cause"]["file"],
        Value::Null
    );
    assert_eq!(report["changes"][3]["from"]["name"], "old");
    assert_eq!(report["changes"][4]["hook"], true);
    assert_eq!(report["changes"][4]["noise"], "only a checksum");
}

#[test]
fn a_clean_report_has_every_list_and_all_counts() {
    let files = SourceFiles::new();
    with_options(|options| {
        let bytes = write(&sample::clean(&files), &options.secrets);
        let report: Value = serde_json::from_slice(&bytes).unwrap();
        let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "version",
                "environments",
                "findings",
                "changes",
                "problems",
                "unchecked",
                "summary"
            ]
        );
        assert_eq!(report["version"], 1);
        assert_eq!(report["findings"], json!([]));
        assert_eq!(report["summary"].as_object().unwrap().len(), 8);
    });
}
