//! Chart trees against the values that Helm makes of them, and where each of these comes from.

use super::*;
use crate::{ChartFile, UserValues, ValuesFile, ValuesInput};
use source::{Layer, SourceFiles};
use std::sync::Arc;
use yaml::json::{EncodeOptions, encode};
use yaml::{DecodeOptions, Entry, NoMarks, Value, decode_text};

const CASES: &str = include_str!("../../testdata/trees.yaml");

/// Completes a Chart.yaml that says only what matters.
fn chart_yaml(path: &str, text: &str) -> String {
    let name = path.rsplit('/').nth(1).unwrap_or("c");
    format!("apiVersion: v2\nname: {name}\nversion: 0.1.0\n{text}\n")
}

fn load(files: &[(String, String)], registry: &SourceFiles, helm: HelmLine) -> Chart {
    let has_chart = files.iter().any(|(path, _)| path == "Chart.yaml");
    let root = (!has_chart).then(|| ("Chart.yaml".to_owned(), String::new()));
    let file = |(path, text): (String, String)| {
        let is_chart = path.ends_with("Chart.yaml");
        let text = if is_chart {
            chart_yaml(&path, &text)
        } else {
            text
        };
        ChartFile {
            path,
            bytes: text.into_bytes().into(),
        }
    };
    let files = files.iter().cloned().chain(root).map(file).collect();
    Chart::load("c", files, false, registry, helm).expect("a chart that loads")
}

fn request(values: UserValues) -> Request {
    Request {
        name: "rel".to_owned(),
        values,
        ..Request::default()
    }
}

fn json(values: Map) -> String {
    let options = EncodeOptions {
        escape_html: false,
        indent: false,
    };
    encode(&Entry::unmarked(Value::map(values)), options)
        .expect("values that are JSON")
        .text
}

/// The texts of a case, by key.
fn text(case: &Value, key: &str) -> Option<String> {
    case.at(&[key])
        .and_then(|value| value.as_str())
        .map(str::to_owned)
}

fn pairs(case: &Value, key: &str) -> Vec<(String, String)> {
    let map = case.at(&[key]).and_then(Value::as_map);
    let pair = |(key, entry): (&Arc<str>, &Entry)| {
        (
            key.to_string(),
            entry.value.as_str().expect("a text").to_owned(),
        )
    };
    map.into_iter().flatten().map(pair).collect()
}

fn run(case: &Value, helm: HelmLine, provenance: bool) -> Result<String, String> {
    let registry = SourceFiles::new();
    let chart = load(&pairs(case, "files"), &registry, helm);
    let values = text(case, "values").unwrap_or_default();
    let set = case
        .at(&["set"])
        .and_then(Value::as_list)
        .unwrap_or_default();
    let input = ValuesInput {
        files: vec![ValuesFile {
            name: "v.yaml".to_owned(),
            bytes: values.into_bytes().into(),
        }],
        set: set
            .iter()
            .filter_map(|item| item.value.as_str())
            .map(str::to_owned)
            .collect(),
        ..ValuesInput::default()
    };
    let values = UserValues::read(&input, &registry, helm).expect("values that can be read");
    let settled = settle(&chart, &request(values), provenance).map_err(|error| error.message)?;
    Ok(json(settled.values))
}

#[test]
fn trees_give_the_values_that_helm_makes_of_them() {
    let cases = decode_text(CASES.as_bytes(), DecodeOptions::MANIFEST, &mut NoMarks).expect("YAML");
    let cases = cases.as_list().expect("a list of cases");
    assert!(cases.len() > 20, "cases are missing");
    for case in cases {
        let case = &case.value;
        let name = text(case, "name").expect("a name");
        let outcome = |value: &str, error: &str| match (text(case, value), text(case, error)) {
            (_, Some(error)) => Some(Err(error)),
            (value, None) => value.map(Ok),
        };
        let four = outcome("expected", "error").expect("an expectation");
        let three = outcome("helm3", "helm3-error").unwrap_or_else(|| four.clone());
        for provenance in [true, false] {
            assert_eq!(run(case, HelmLine::V4, provenance), four, "{name}");
            assert_eq!(run(case, HelmLine::V3, provenance), three, "{name}, Helm 3");
        }
    }
}

fn owned(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

/// The layer and place of an entry and of what it overrode: `-f 1:1 > chart 0 1:9`.
fn story(settled: &Settled<'_>, registry: &SourceFiles, path: &[&str]) -> String {
    let values = Value::map(settled.values.clone());
    let (last, containers) = path.split_last().expect("a path");
    let map = values.at(containers).expect("a container");
    let mark = map.get(last).expect("an entry").mark;
    origin_story(settled, registry, OriginId(mark))
}

fn origin_story(settled: &Settled<'_>, registry: &SourceFiles, id: OriginId) -> String {
    let one = |id: OriginId| {
        let origin = settled.origins.get(id).expect("an origin");
        let layer = match origin.layer {
            Layer::Context => "context".to_owned(),
            Layer::Chart { height } => format!("chart {}", u16::MAX - height),
            Layer::File { index } => format!("-f {index}"),
            Layer::Set { index } => format!("set {index}"),
        };
        match &origin.place {
            Place::File(span) => {
                let (start, _) = registry.positions(*span);
                format!("{layer} {}:{}", start.line, start.column)
            }
            Place::Flag { text } => format!("{layer} {text}"),
        }
    };
    let overrode = settled
        .origins
        .get(id)
        .expect("an origin")
        .overrode
        .iter()
        .copied();
    std::iter::once(id)
        .chain(overrode)
        .map(one)
        .collect::<Vec<_>>()
        .join(" > ")
}

#[test]
fn every_value_knows_its_layers_from_the_strongest_to_the_weakest() {
    let registry = SourceFiles::new();
    let files = owned(&[
        (
            "Chart.yaml",
            "dependencies: [{name: sub, version: '*', alias: al}]",
        ),
        ("values.yaml", "a: 1\nal:\n  x: 2\nglobal: {g: 1}\n"),
        ("charts/sub/Chart.yaml", ""),
        ("charts/sub/values.yaml", "x: 1\nw: 1\n\nglobal: {g: 2}\n"),
    ]);
    let chart = load(&files, &registry, HelmLine::V4);
    let input = ValuesInput {
        files: vec![ValuesFile {
            name: "v".to_owned(),
            bytes: b"al: {x: 3}\n".as_slice().into(),
        }],
        set: vec!["al.x=4".to_owned()],
        ..ValuesInput::default()
    };
    let values = UserValues::read(&input, &registry, HelmLine::V4).expect("values");
    let settled = settle(&chart, &request(values), true).expect("a tree that settles");
    let story = |path: &[&str]| story(&settled, &registry, path);
    assert_eq!(story(&["a"]), "chart 0 1:1");
    assert_eq!(
        story(&["al", "x"]),
        "set 0 --set al.x=4 > -f 0 1:6 > chart 0 3:3 > chart 1 1:1"
    );
    assert_eq!(story(&["al", "w"]), "chart 1 2:1");
    assert_eq!(story(&["al", "global", "g"]), "chart 0 4:10 > chart 1 4:10");
    let mark = settled
        .values
        .get("al")
        .and_then(|al| al.value.get("w"))
        .expect("an entry")
        .mark;
    assert_eq!(
        settled
            .origins
            .get(OriginId(mark))
            .expect("an origin")
            .path
            .to_string(),
        "al.w"
    );
}

#[test]
fn a_null_that_deleted_a_default_is_told_with_what_it_deleted() {
    let registry = SourceFiles::new();
    let chart = load(
        &owned(&[("values.yaml", "p: {x: 1}\n")]),
        &registry,
        HelmLine::V4,
    );
    let input = ValuesInput {
        set: vec!["p.x=null".to_owned()],
        ..ValuesInput::default()
    };
    let values = UserValues::read(&input, &registry, HelmLine::V4).expect("values");
    let settled = settle(&chart, &request(values), true).expect("a tree that settles");
    let deleted: Vec<_> = settled
        .deleted
        .iter()
        .map(|id| origin_story(&settled, &registry, *id))
        .collect();
    assert_eq!(deleted, ["set 0 --set p.x=null > chart 0 1:5"]);
}

#[test]
fn an_error_in_the_values_stands_on_the_value() {
    let registry = SourceFiles::new();
    let chart = load(
        &owned(&[("charts/sub/Chart.yaml", "")]),
        &registry,
        HelmLine::V4,
    );
    let input = ValuesInput {
        set: vec!["sub=5".to_owned()],
        ..ValuesInput::default()
    };
    let values = UserValues::read(&input, &registry, HelmLine::V4).expect("values");
    let error = settle(&chart, &request(values), false).unwrap_err();
    assert_eq!((error.stage, error.debug_hint), (Stage::Schema, false));
    assert_eq!(
        error.problem.place,
        Some(Place::Flag {
            text: "--set sub=5".into()
        })
    );
}
