//! Schemas and values against the words of Helm's validator.

use super::compile::CompiledSchema;
use super::failure::Failure;
use super::instance::from_values;
use yaml::{DecodeOptions, NoMarks, decode_text};

/// What Helm prints below the chart's name; None if the values fit.
fn verdict(schema: &str, values: &str) -> Option<String> {
    let schema = match CompiledSchema::new(schema.as_bytes()) {
        Ok(schema) => schema,
        Err(message) => return Some(message),
    };
    let values =
        decode_text(values.as_bytes(), DecodeOptions::VALUES, &mut NoMarks).expect("values");
    let failures = schema.failures(&from_values(values.as_map().expect("a map")))?;
    Some(
        failures
            .iter()
            .map(Failure::to_string)
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

const CASES: &str = include_str!("../../testdata/schema.yaml");

#[test]
fn violations_are_told_as_helm_tells_them() {
    let cases = decode_text(CASES.as_bytes(), DecodeOptions::MANIFEST, &mut NoMarks)
        .expect("the cases are YAML");
    let cases = cases.as_list().expect("a list of cases");
    assert!(cases.len() > 20, "cases are missing");
    let mut wrong = Vec::new();
    for case in cases {
        let text = |key: &str| {
            case.value
                .at(&[key])
                .and_then(|value| value.as_str())
                .map(str::to_owned)
        };
        let schema = text("schema").expect("a schema");
        let values = text("values").unwrap_or_else(|| "{}".to_owned());
        let expected = text("expected").map(|expected| expected.trim_end().to_owned());
        let found = verdict(&schema, &values);
        if found != expected {
            wrong.push(format!(
                "{schema} on {values}\n  found {found:?}\n  expected {expected:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
