//! `keelcheck rules` and `keelcheck explain`.

use crate::args::{ExplainArgs, RulesArgs, RulesFormat};
use crate::output;
use crate::suggest::suggest;
use policies::{RuleMeta, Severity};
use serde::Serialize;
use std::process::ExitCode;

/// An entry of `rules --format json`.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    severity: &'static str,
    inputs: Vec<&'static str>,
    summary: &'a str,
}

pub(crate) fn list(args: &RulesArgs) -> ExitCode {
    let rules = policies::rules::all();
    let entries: Vec<Entry<'_>> = rules.iter().map(|rule| entry(rule.meta())).collect();
    let text = match args.format {
        RulesFormat::Json => serde_json::to_string_pretty(&entries).unwrap_or_default() + "\n",
        RulesFormat::Terminal => {
            let width = entries
                .iter()
                .map(|entry| entry.id.len())
                .max()
                .unwrap_or(0);
            entries
                .iter()
                .map(|entry| {
                    format!(
                        "{:width$}  {:7}  {}\n",
                        entry.id, entry.severity, entry.summary
                    )
                })
                .collect()
        }
    };
    finish(output::stdout(text.as_bytes()))
}

fn entry(meta: &RuleMeta) -> Entry<'_> {
    let inputs = meta.inputs.iter().map(|input| input.name()).collect();
    Entry {
        id: &meta.id,
        severity: severity_name(meta.severity),
        inputs,
        summary: meta.summary,
    }
}

/// As the reports write it.
pub(crate) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

pub(crate) fn explain(args: &ExplainArgs) -> ExitCode {
    let rules = policies::rules::all();
    let Some(rule) = rules.iter().find(|rule| rule.meta().id == args.rule) else {
        let ids: Vec<&str> = rules.iter().map(|rule| rule.meta().id.as_ref()).collect();
        let hint = suggest(&args.rule, ids.iter().copied())
            .map(|nearest| format!("; did you mean `{nearest}`?"))
            .unwrap_or_default();
        output::error_line(&format!("error: unknown rule `{}`{hint}", args.rule));
        return ExitCode::from(2);
    };
    let meta = rule.meta();
    let inputs: Vec<&str> = meta.inputs.iter().map(|input| input.name()).collect();
    let mut text = format!(
        "{} ({}): {}\n\nInputs: {}\n\n{}\n",
        meta.id,
        severity_name(meta.severity),
        meta.summary,
        inputs.join(", "),
        meta.docs.trim()
    );
    if !meta.settings.is_empty() {
        text.push_str("\n## Settings\n");
        for (name, meaning) in meta.settings {
            text.push_str(&format!("- `{name}`: {meaning}\n"));
        }
    }
    finish(output::stdout(text.as_bytes()))
}

fn finish(outcome: std::io::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error_line(&format!("error: {error}"));
            ExitCode::from(2)
        }
    }
}
