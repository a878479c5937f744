//! Documents with what goyaml makes of them, recorded in `data/odd-documents.jsonl`.
//!
//! One case a line: `text` (or `bytes` in hexadecimal, where the text is no UTF-8), and either `value` or `error`, as
//! `sigs.k8s.io/yaml` 1.6.0 on goyaml 2.4.3 gave them.

use serde_json::Value as Json;
use yaml::{DecodeOptions, NoMarks, Value, decode_text};

const CASES: &str = include_str!("data/odd-documents.jsonl");

struct Case {
    input: Vec<u8>,
    expected: Result<Json, String>,
}

fn cases() -> Vec<Case> {
    CASES.lines().map(case).collect()
}

fn case(line: &str) -> Case {
    let json: Json = serde_json::from_str(line).expect("a case is JSON");
    let input = match (&json["text"], &json["bytes"]) {
        (Json::String(text), _) => text.clone().into_bytes(),
        (_, Json::String(digits)) => (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits are hexadecimal"))
            .collect(),
        _ => panic!("a case without input: {line}"),
    };
    let expected = match json.get("error") {
        Some(error) => Err(error.as_str().expect("an error is text").to_owned()),
        None => Ok(json["value"].clone()),
    };
    Case { input, expected }
}

/// Numbers by value: JSON does not tell `1000` from `1e3`.
fn same(value: &Value, json: &Json) -> bool {
    match (value, json) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(left), Json::Bool(right)) => left == right,
        (Value::Int(left), Json::Number(right)) => right.as_i64() == Some(*left),
        (Value::Uint(left), Json::Number(right)) => right.as_u64() == Some(*left),
        (Value::Float(left), Json::Number(right)) => right.as_f64() == Some(*left),
        (Value::String(left), Json::String(right)) => left.as_ref() == right,
        (Value::List(left), Json::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(&left.value, right))
        }
        (Value::Map(left), Json::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, entry)| {
                    right
                        .get(key.as_ref())
                        .is_some_and(|json| same(&entry.value, json))
                })
        }
        _ => false,
    }
}

#[test]
fn odd_documents_give_the_values_and_errors_of_goyaml() {
    let cases = cases();
    assert!(cases.len() > 400, "the recorded cases are missing");
    let mut failures = Vec::new();
    for Case { input, expected } in cases {
        let shown = String::from_utf8_lossy(&input).into_owned();
        match (
            decode_text(&input, DecodeOptions::MANIFEST, &mut NoMarks),
            expected,
        ) {
            (Ok(value), Ok(json)) if same(&value, &json) => {}
            (Err(error), Err(message))
                if error.message == message && error.offset as usize <= input.len() => {}
            (found, expected) => failures.push(format!(
                "{shown:?}\n  expected {expected:?}\n  found    {found:?}"
            )),
        }
    }
    assert!(
        failures.is_empty(),
        "{} cases differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn values_hold_floats_only() {
    let text = b"a: 1\nb: [18446744073709551615, 0x10]\nc: '1'\n";
    let value = decode_text(text, DecodeOptions::VALUES, &mut NoMarks).unwrap();
    assert_eq!(value.at(&["a"]), Some(&Value::Float(1.0)));
    assert_eq!(
        value.at(&["b"]).unwrap().as_list().unwrap()[0].value,
        Value::Float(18_446_744_073_709_551_615.0)
    );
    assert_eq!(
        value.at(&["b"]).unwrap().as_list().unwrap()[1].value,
        Value::Float(16.0)
    );
    assert_eq!(value.at(&["c"]), Some(&Value::from("1")));
}

#[test]
fn manifests_keep_integers_and_floats_apart() {
    let value = decode_text(
        b"[1, 1.0, 1e3, 9223372036854775808]",
        DecodeOptions::MANIFEST,
        &mut NoMarks,
    )
    .unwrap();
    let found: Vec<&Value> = value
        .as_list()
        .unwrap()
        .iter()
        .map(|item| &item.value)
        .collect();
    assert_eq!(
        found,
        [
            &Value::Int(1),
            &Value::Float(1.0),
            &Value::Float(1000.0),
            &Value::Uint(1 << 63)
        ]
    );
}

#[test]
fn nesting_is_bounded_without_overflowing_a_small_stack() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("{}{}", open.repeat(depth), close.repeat(depth))
    };
    let decode = |text: &str| decode_text(text.as_bytes(), DecodeOptions::VALUES, &mut NoMarks);
    assert!(decode(&nested("[", "]", 1_000)).is_ok());
    assert!(decode(&nested("{a: ", "}", 1_000)).is_ok());
    for text in [
        nested("[", "]", 1_001),
        "[".repeat(1_000_000),
        "- ".repeat(1_000_000),
        "{a: ".repeat(100_000),
    ] {
        let error = decode(&text).unwrap_err();
        assert!(
            error.message.ends_with("exceeded max depth of 1000"),
            "{}",
            error.message
        );
    }
}

#[test]
fn aliases_cannot_nest_deeper_than_brackets() {
    let links = (1..1_500).map(|link| format!("a{link}: &a{link} [*a{}]\n", link - 1));
    // What is not reached through an alias keeps the share of aliases low.
    let padding = format!("p: [{}]\n", "x, ".repeat(1_200_000));
    let text: String = std::iter::once(padding)
        .chain(["a0: &a0 [x]\n".to_owned()])
        .chain(links)
        .collect();
    let error = decode_text(text.as_bytes(), DecodeOptions::VALUES, &mut NoMarks).unwrap_err();
    assert_eq!(
        error.message,
        "error converting YAML to JSON: yaml: exceeded max depth of 1000"
    );
}

#[test]
fn alias_bombs_are_refused() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, of) in [
        ("b", "a"),
        ("c", "b"),
        ("d", "c"),
        ("e", "d"),
        ("f", "e"),
        ("g", "f"),
    ] {
        text.push_str(&format!(
            "{name}: &{name} [{}]\n",
            vec![format!("*{of}"); 10].join(", ")
        ));
    }
    let error = decode_text(text.as_bytes(), DecodeOptions::VALUES, &mut NoMarks).unwrap_err();
    assert_eq!(
        error.message,
        "error converting YAML to JSON: yaml: document contains excessive aliasing"
    );
    let few = DecodeOptions {
        max_nodes: 3,
        ..DecodeOptions::VALUES
    };
    assert!(decode_text(b"a: &a [1, 2]\nb: *a\n", few, &mut NoMarks).is_ok());
    assert!(decode_text(b"a: &a [1, 2, 3]\nb: *a\n", few, &mut NoMarks).is_err());
}
