//! `oracle corpus`: every case of a folder against what Helm printed.

use crate::case::{Case, Expected, read_cases, read_expected};
use crate::difference;
use crate::render::{self, Job};
use crate::{Options, Tally};
use chart::{HelmError, HelmLine, PrintOptions, Request, ValuesFile, ValuesInput};
use rayon::prelude::*;
use source::SourceFiles;
use std::io::Read as _;
use std::path::Path;

/// Runs all cases, failures printed in the order of the cases.
pub(crate) fn run(options: &Options) -> Result<Tally, String> {
    let (helm, answers, texts) = match options.helm_version.as_deref() {
        Some("3") => (HelmLine::V3, "expected-helm3.jsonl", "expected-helm3"),
        None | Some("4") => (HelmLine::V4, "expected.jsonl", "expected"),
        Some(other) => return Err(format!("--helm-version {other}: 3 or 4")),
    };
    let expected = read_expected(&options.dir, answers)?;
    let cases: Vec<Case> = read_cases(&options.dir)?
        .into_iter()
        .filter(|case| options.wants(&case.id) && expected.contains_key(&case.id))
        .collect();
    let folder = options.dir.join(texts);
    let outcomes: Vec<Option<String>> = cases
        .par_iter()
        .map(|case| {
            let judge = || judge(case, &expected[&case.id], &options.dir, &folder, helm);
            let outcome = std::panic::catch_unwind(judge);
            outcome.unwrap_or_else(|_| Some("panicked".to_owned()))
        })
        .collect();
    let mut tally = Tally::default();
    for (case, outcome) in cases.iter().zip(outcomes) {
        match outcome {
            None => tally.passed += 1,
            Some(difference) => {
                tally.failed += 1;
                println!("{}: {difference}", case.id);
            }
        }
    }
    Ok(tally)
}

/// None where the case passes.
fn judge(
    case: &Case,
    expected: &Expected,
    dir: &Path,
    folder: &Path,
    helm: HelmLine,
) -> Option<String> {
    match (render_case(case, dir, helm), expected.exit) {
        (Ok(got), 0) => match read_gzip(&folder.join(format!("{}.yaml.gz", case.id))) {
            Ok(want) => difference::lines(&want, &got, &expected.volatile_lines),
            Err(error) => Some(error),
        },
        (Ok(_), _) => Some(format!(
            "want the error {}",
            difference::show(expected.stderr.as_bytes())
        )),
        (Err(error), 0) => Some(format!(
            "failed: {}",
            difference::show(error.message.as_bytes())
        )),
        (Err(error), _) => judge_error(expected, &error.message),
    }
}

fn judge_error(expected: &Expected, got: &str) -> Option<String> {
    let want = expected
        .stderr
        .lines()
        .skip_while(|line| !line.starts_with("Error: "));
    let want = want.collect::<Vec<_>>().join("\n");
    if expected.stderr_varies || difference::same_error(&want, got) {
        return None;
    }
    let (want, got) = (
        difference::show(want.as_bytes()),
        difference::show(got.as_bytes()),
    );
    Some(format!("want the error {want} got {got}"))
}

fn render_case(case: &Case, dir: &Path, helm: HelmLine) -> Result<Vec<u8>, HelmError> {
    let fail = |message: String| {
        HelmError::from_problem(chart::Stage::Load, source::Problem::new(message))
    };
    let read = |name: &str| {
        std::fs::read(dir.join(name)).map_err(|error| fail(format!("{name}: {error}")))
    };
    let mut values = ValuesInput {
        set: case.set.clone(),
        ..ValuesInput::default()
    };
    for name in &case.values {
        values.files.push(ValuesFile {
            name: name.clone(),
            bytes: read(name)?.into(),
        });
    }
    let files = chart::archive::unpack(&read(&case.chart)?, &case.chart);
    let files = files.map_err(|problem| HelmError::from_problem(chart::Stage::Load, problem))?;
    let job = Job {
        root_name: &case.chart,
        files,
        from_archive: true,
        values,
        request: Request {
            name: case.release.clone(),
            namespace: case.namespace.clone(),
            api_versions: case.api_versions.clone(),
            skip_schema_validation: case.skip_schema_validation,
            ..Request::default()
        },
        helm,
        kube_version: case.kube_version.as_deref(),
    };
    let print = PrintOptions {
        include_crds: case.include_crds,
        ..PrintOptions::default()
    };
    render::print(job, &print, &SourceFiles::new())
}

fn read_gzip(path: &Path) -> Result<Vec<u8>, String> {
    let file = std::fs::File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(file)
        .read_to_end(&mut text)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text)
}
