//! Measures keelcheck against what real Helm printed.
//!
//! ```text
//! cargo run --release -p oracle -- corpus DIR [--helm-version 3] [--only TEXT]
//! cargo run --release -p oracle -- conformance DIR [--only TEXT]
//! cargo run --release -p oracle -- race DIR --helm PATH [--cases N] [--binary PATH]
//! ```
//! `corpus` and `conformance` print each failure with its first difference and end with `N passed, N failed`; a run
//! without any case has failed.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measuring tool prints its figures"
)]

mod case;
mod conformance;
mod corpus;
mod difference;
mod race;
mod render;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage: oracle corpus DIR [--helm-version 3|4] [--only TEXT]
       oracle conformance DIR [--only TEXT]
       oracle race DIR --helm PATH [--cases N] [--binary PATH]";

/// What the command line asked for.
#[derive(Debug, Default)]
struct Options {
    dir: PathBuf,
    only: Option<String>,
    helm_version: Option<String>,
    helm: Option<PathBuf>,
    binary: Option<PathBuf>,
    cases: Option<usize>,
}

/// Counts of one run.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let outcome = parse(args).and_then(|options| match command.as_str() {
        "corpus" => corpus::run(&options),
        "conformance" => conformance::run(&options),
        "race" => race::run(&options),
        _ => Err(USAGE.to_owned()),
    });
    match outcome {
        Ok(tally) => {
            println!("{} passed, {} failed", tally.passed, tally.failed);
            ExitCode::from(u8::from(tally.failed > 0 || tally.passed == 0))
        }
        Err(message) => {
            eprintln!("oracle: {message}");
            ExitCode::from(2)
        }
    }
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    let mut dir = None;
    while let Some(argument) = args.next() {
        let mut value = || {
            args.next()
                .ok_or_else(|| format!("{argument} needs a value\n{USAGE}"))
        };
        match argument.as_str() {
            "--only" => options.only = Some(value()?),
            "--helm-version" => options.helm_version = Some(value()?),
            "--helm" => options.helm = Some(value()?.into()),
            "--binary" => options.binary = Some(value()?.into()),
            "--cases" => {
                let text = value()?;
                options.cases = Some(
                    text.parse()
                        .map_err(|_| format!("--cases {text}: not a number"))?,
                );
            }
            _ if argument.starts_with('-') || dir.is_some() => return Err(USAGE.to_owned()),
            _ => dir = Some(PathBuf::from(argument)),
        }
    }
    options.dir = dir.ok_or(USAGE)?;
    Ok(options)
}

impl Options {
    /// Whether `--only` lets a case in.
    fn wants(&self, id: &str) -> bool {
        self.only
            .as_ref()
            .is_none_or(|only| id.contains(only.as_str()))
    }
}
