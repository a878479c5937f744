//! `oracle conformance`: small engine cases, one JSON object a line.

use crate::difference;
use crate::render::{self, Job};
use crate::{Options, Tally};
use base64::Engine as _;
use chart::{ChartFile, HelmError, HelmLine, PrintOptions, Request, ValuesFile, ValuesInput};
use rayon::prelude::*;
use serde::Deserialize;
use source::SourceFiles;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One case, as the folder's README describes it.
#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    topic: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    files_b64: BTreeMap<String, String>,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    set: Vec<String>,
    #[serde(default)]
    set_string: Vec<String>,
    #[serde(default)]
    set_json: Vec<String>,
    #[serde(default)]
    set_file: Vec<String>,
    #[serde(default)]
    set_literal: Vec<String>,
    release: Option<String>,
    namespace: Option<String>,
    kube_version: Option<String>,
    #[serde(default)]
    api_versions: Vec<String>,
    #[serde(default)]
    is_upgrade: bool,
    #[serde(default)]
    skip_schema_validation: bool,
    mode: Option<String>,
    #[serde(default)]
    include_crds: bool,
    #[serde(default)]
    no_hooks: bool,
    #[serde(default)]
    skip_tests: bool,
    #[serde(default)]
    show_only: Vec<String>,
    expect: Option<BTreeMap<String, String>>,
    expect_output: Option<String>,
    expect_error: Option<String>,
    expect_error_prefix: Option<String>,
    expect_error_suffix: Option<String>,
}

/// Runs all files of the folder; prints failures and a count for each topic.
pub(crate) fn run(options: &Options) -> Result<Tally, String> {
    let cases = read(options)?;
    let outcomes: Vec<Option<String>> = cases
        .par_iter()
        .map(|case| {
            std::panic::catch_unwind(|| judge(case)).unwrap_or_else(|_| Some("panicked".to_owned()))
        })
        .collect();
    let mut topics: BTreeMap<&str, Tally> = BTreeMap::new();
    for (case, outcome) in cases.iter().zip(outcomes) {
        let topic = topics.entry(&case.topic).or_default();
        match outcome {
            None => topic.passed += 1,
            Some(difference) => {
                topic.failed += 1;
                println!("{}: {difference}", case.id);
            }
        }
    }
    let mut tally = Tally::default();
    for (name, topic) in &topics {
        println!(
            "topic {name}: {} right, {} wrong",
            topic.passed, topic.failed
        );
        tally.passed += topic.passed;
        tally.failed += topic.failed;
    }
    Ok(tally)
}

fn read(options: &Options) -> Result<Vec<Case>, String> {
    let entries = std::fs::read_dir(&options.dir)
        .map_err(|error| format!("{}: {error}", options.dir.display()))?;
    let mut paths: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "jsonl")
        })
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        for line in crate::case::read_text(&path)?
            .split('\n')
            .filter(|line| !line.trim().is_empty())
        {
            let case: Case = serde_json::from_str(line)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            if options.wants(&case.id) {
                cases.push(case);
            }
        }
    }
    Ok(cases)
}

/// None where the case passes.
fn judge(case: &Case) -> Option<String> {
    let outcome = if case.mode.as_deref() == Some("manifest") {
        printed(case)
    } else {
        rendered(case)
    };
    match outcome {
        Ok(difference) => difference,
        Err(error) => judge_error(case, &error.message),
    }
}

fn judge_error(case: &Case, got: &str) -> Option<String> {
    let shown = difference::show(got.as_bytes());
    if let Some(want) = &case.expect_error {
        return (want != got).then(|| {
            format!(
                "want the error {} got {shown}",
                difference::show(want.as_bytes())
            )
        });
    }
    match (&case.expect_error_prefix, &case.expect_error_suffix) {
        (Some(prefix), Some(suffix))
            if got.starts_with(prefix.as_str()) && got.ends_with(suffix.as_str()) =>
        {
            None
        }
        (Some(prefix), _) => Some(format!("want an error that begins {prefix:?} got {shown}")),
        _ => Some(format!("failed: {shown}")),
    }
}

fn rendered(case: &Case) -> Result<Option<String>, HelmError> {
    let rendering = render::files(job(case)?, &SourceFiles::new())?;
    let Some(expect) = &case.expect else {
        return Ok(Some("want an error, got a rendering".to_owned()));
    };
    let root = root_name(case);
    let mut got: BTreeMap<&str, &[u8]> = BTreeMap::new();
    for file in &rendering.files {
        let name = file
            .name
            .strip_prefix(&format!("{root}/"))
            .unwrap_or(&file.name);
        got.insert(name, &file.text);
    }
    for (name, want) in expect {
        match got.get(name.as_str()) {
            None => return Ok(Some(format!("{name} was not rendered"))),
            Some(text) if *text != want.as_bytes() => {
                let difference = difference::lines(want.as_bytes(), text, &[]);
                return Ok(Some(format!("{name}: {}", difference.unwrap_or_default())));
            }
            Some(_) => {}
        }
    }
    let extra = got.keys().find(|name| !expect.contains_key(**name));
    Ok(extra.map(|name| format!("{name} was rendered")))
}

/// The chart's name: rendered files are named after it.
fn root_name(case: &Case) -> String {
    let text = case
        .files
        .get("Chart.yaml")
        .map(String::as_str)
        .unwrap_or("name: c");
    let parsed: Option<serde_json::Value> = serde_yaml::from_str(text).ok();
    let name = parsed.as_ref().and_then(|chart| {
        let map = chart.as_object()?;
        map.iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("name"))
            .map(|(_, name)| match name {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            })
    });
    name.unwrap_or_else(|| "c".to_owned())
}

fn printed(case: &Case) -> Result<Option<String>, HelmError> {
    let options = PrintOptions {
        include_crds: case.include_crds,
        no_hooks: case.no_hooks,
        skip_tests: case.skip_tests,
        show_only: case.show_only.clone(),
    };
    let got = render::print(job(case)?, &options, &SourceFiles::new())?;
    Ok(match &case.expect_output {
        Some(want) => difference::lines(want.as_bytes(), &got, &[]),
        None => Some("want an error, got output".to_owned()),
    })
}

fn job(case: &Case) -> Result<Job<'static>, HelmError> {
    let decode = |text: &String| {
        base64::engine::general_purpose::STANDARD
            .decode(text)
            .unwrap_or_default()
    };
    let mut files: BTreeMap<String, Arc<[u8]>> = case
        .files
        .iter()
        .map(|(path, text)| (path.clone(), text.as_bytes().into()))
        .collect();
    files.extend(
        case.files_b64
            .iter()
            .map(|(path, text)| (path.clone(), decode(text).into())),
    );
    let contents = files.clone();
    files.entry("Chart.yaml".to_owned()).or_insert_with(|| {
        b"apiVersion: v2\nname: c\nversion: 0.1.0\n"
            .as_slice()
            .into()
    });
    let rules = match files.get(".helmignore") {
        Some(text) => chart::ignore::IgnoreRules::parse(text)
            .map_err(|error| HelmError::from_problem(chart::Stage::Load, error))?,
        None => chart::ignore::IgnoreRules::default(),
    };
    files.retain(|path, _| !ignored(&rules, path));
    let values = case
        .values
        .iter()
        .enumerate()
        .map(|(index, text)| ValuesFile {
            name: format!("values[{index}]"),
            bytes: text.as_bytes().into(),
        });
    let files = files
        .into_iter()
        .map(|(path, bytes)| ChartFile { path, bytes })
        .collect();
    Ok(Job {
        root_name: "c",
        files,
        from_archive: false,
        values: ValuesInput {
            files: values.collect(),
            set: case.set.clone(),
            set_string: case.set_string.clone(),
            set_json: case.set_json.clone(),
            set_file: case.set_file.clone(),
            set_literal: case.set_literal.clone(),
            file_contents: contents
                .into_iter()
                .map(|(path, bytes)| (path, Ok(bytes)))
                .collect(),
            ..ValuesInput::default()
        },
        request: Request {
            name: case.release.clone().unwrap_or_else(|| "rel".to_owned()),
            namespace: case.namespace.clone().unwrap_or_else(|| "ns".to_owned()),
            api_versions: case.api_versions.clone(),
            is_upgrade: case.is_upgrade,
            skip_schema_validation: case.skip_schema_validation,
            ..Request::default()
        },
        helm: HelmLine::V4,
        kube_version: case.kube_version.clone().map(|version| &*version.leak()),
    })
}

/// Whether a path or one of its folders is ignored.
fn ignored(rules: &chart::ignore::IgnoreRules, path: &str) -> bool {
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders
        .into_iter()
        .any(|folder| rules.ignores(folder, true))
        || rules.ignores(path, false)
}
