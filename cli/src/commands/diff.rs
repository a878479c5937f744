//! `keelcheck diff`: what an upgrade would change.

use crate::args::{ChartArgs, DiffArgs, DiffOutput};
use crate::load::{Inputs, Revision};
use crate::output;
use crate::pipeline::{Prepared, Run, foreign, prepare};
use crate::plan::EnvironmentPlan;
use crate::render::Charts;
use livediff::{Action, Change, FieldValue, LineTag};
use manifest::{KubeVersion, Redactor};
use serde_json::json;
use source::{Problem, SourceFiles};
use std::process::ExitCode;

pub(crate) fn run(args: &DiffArgs, colour: bool) -> ExitCode {
    let files = SourceFiles::new();
    match diff(args, colour, &files) {
        Ok(changed) => ExitCode::from(if changed && args.detailed_exitcode {
            2
        } else {
            0
        }),
        Err(problems) => {
            output::problems(&problems, &files);
            ExitCode::FAILURE
        }
    }
}

fn diff(args: &DiffArgs, colour: bool, files: &SourceFiles) -> Result<bool, Vec<Problem>> {
    let usage = |message: String| vec![Problem::new(message)];
    if args.show_secrets {
        return Err(usage(
            "--show-secrets is refused: secret values never reach any output".to_owned(),
        ));
    }
    let Some(chart) = ChartArgs::new(&args.release.args) else {
        return Err(usage("diff needs [NAME] CHART".to_owned()));
    };
    if args.live.live.is_none() && args.live.base.is_none() {
        return Err(usage("diff needs --live FILE (or --base REF)".to_owned()));
    }
    let mut plan = EnvironmentPlan::from_args(&chart, &args.release.values).map_err(usage)?;
    super::check::refuse_reuse(&args.release.values, args.live.live.is_some()).map_err(usage)?;
    chart::validate_release_name(&plan.release, plan.helm).map_err(usage)?;
    plan.live = args.live.live.clone();
    plan.live_hooks = args.live.live_hooks.clone();
    let target = match &args.target_version {
        Some(text) => Some(
            KubeVersion::parse(text)
                .ok_or_else(|| usage(format!("--target-version {text}: no Kubernetes version")))?,
        ),
        None => None,
    };
    let revision = args
        .live
        .base
        .as_deref()
        .map(Revision::resolve)
        .transpose()
        .map_err(usage)?;
    let run = Run {
        files,
        charts: Charts::default(),
        inputs: Inputs::default(),
        revision,
        rules: Vec::new(),
        now: 0,
    };
    let mut redactor = Redactor::default();
    let prepared = prepare(&plan, &run, target, &mut redactor).map_err(|problem| vec![problem])?;
    let Some(live) = &prepared.live else {
        return Err(usage("there is nothing to compare with".to_owned()));
    };
    if let Some(warning) = foreign(&plan, live, &prepared.rendered.objects) {
        output::error_line(&format!("warning: {warning}"));
    }
    let mut changes: Vec<&Change> = prepared.changes.iter().flatten().collect();
    changes.retain(|change| {
        let kind = &change.resource.kind;
        let suppressed =
            args.suppress.contains(kind) || (args.suppress_secrets && kind == "Secret");
        !suppressed
    });
    let text = match args.output {
        DiffOutput::Diff => unified(&prepared, &changes, args.context, colour),
        DiffOutput::Simple => simple(&changes),
        DiffOutput::Json => as_json(&changes),
    };
    let text = redactor.redact(&text);
    output::stdout(text.as_bytes()).map_err(|error| usage(error.to_string()))?;
    let problems: Vec<Problem> = live
        .problems
        .iter()
        .chain(&prepared.rendered.problems)
        .cloned()
        .collect();
    if problems.is_empty() {
        Ok(!changes.is_empty())
    } else {
        Err(problems)
    }
}

fn verb(action: Action) -> &'static str {
    match action {
        Action::Create => "add",
        Action::Update => "change",
        Action::Replace => "replace",
        Action::Delete => "destroy",
        Action::Rename => "rename",
    }
}

/// `Plan: N to add, N to change, N to destroy`; a replacement is both.
fn plan_line(changes: &[&Change]) -> String {
    let count = |actions: &[Action]| {
        changes
            .iter()
            .filter(|change| actions.contains(&change.action))
            .count()
    };
    format!(
        "Plan: {} to add, {} to change, {} to destroy\n",
        count(&[Action::Create]),
        count(&[Action::Update, Action::Replace, Action::Rename]),
        count(&[Action::Delete])
    )
}

fn simple(changes: &[&Change]) -> String {
    let lines = changes.iter().map(|change| {
        let hook = if change.hook { " (hook)" } else { "" };
        format!("{} {}{hook}\n", change.resource, verb(change.action))
    });
    lines.chain([plan_line(changes)]).collect()
}

fn unified(prepared: &Prepared, changes: &[&Change], context: i64, colour: bool) -> String {
    let context = usize::try_from(context).unwrap_or(usize::MAX / 4);
    let paint = |code: &str, text: &str| {
        if colour {
            format!("\x1b[{code}m{text}\x1b[0m\n")
        } else {
            format!("{text}\n")
        }
    };
    let mut out = String::new();
    for change in changes {
        let old = change
            .live
            .and_then(|index| prepared.live.as_ref()?.objects.get(index));
        let new = change
            .desired
            .and_then(|index| prepared.rendered.objects.get(index));
        let hook = if change.hook { " (hook)" } else { "" };
        let title = format!("{}{hook}: to {}", change.resource, verb(change.action));
        out.push_str(&paint("1", &title));
        if let Some(noise) = &change.noise {
            out.push_str(&format!("  (only noise: {noise})\n"));
        }
        for hunk in livediff::unified(old, new, context) {
            out.push_str(&paint("36", &hunk.header()));
            for line in hunk.lines {
                let line = match line.tag {
                    LineTag::Context => format!("  {}\n", line.text),
                    LineTag::Removed => paint("31", &format!("- {}", line.text)),
                    LineTag::Added => paint("32", &format!("+ {}", line.text)),
                };
                out.push_str(&line);
            }
        }
    }
    out.push_str(&plan_line(changes));
    out
}

fn as_json(changes: &[&Change]) -> String {
    let list: Vec<serde_json::Value> = changes
        .iter()
        .map(|change| {
            let fields: Vec<serde_json::Value> = change
                .fields
                .iter()
                .map(|field| {
                    json!({
                        "path": field.path,
                        "before": field_value(&field.before),
                        "after": field_value(&field.after),
                        "verdict": format!("{:?}", field.verdict).to_lowercase(),
                    })
                })
                .collect();
            json!({
                "resource": {
                    "group": change.resource.group,
                    "kind": change.resource.kind,
                    "namespace": change.resource.namespace,
                    "name": change.resource.name,
                },
                "action": format!("{:?}", change.action).to_lowercase(),
                "hook": change.hook,
                "fields": fields,
            })
        })
        .collect();
    serde_json::to_string_pretty(&list).unwrap_or_default() + "\n"
}

fn field_value(value: &FieldValue) -> serde_json::Value {
    match value {
        FieldValue::Absent => serde_json::Value::Null,
        FieldValue::Hidden => json!("(hidden)"),
        FieldValue::Scalar(value) => scalar(value),
    }
}

fn scalar(value: &yaml::Value) -> serde_json::Value {
    match value {
        yaml::Value::Null => serde_json::Value::Null,
        yaml::Value::Bool(value) => json!(value),
        yaml::Value::Int(value) => json!(value),
        yaml::Value::Uint(value) => json!(value),
        yaml::Value::Float(value) => json!(value),
        yaml::Value::String(text) => json!(&**text),
        yaml::Value::List(items) => items.iter().map(|entry| scalar(&entry.value)).collect(),
        yaml::Value::Map(map) => {
            let entries = map
                .iter()
                .map(|(key, entry)| (key.to_string(), scalar(&entry.value)));
            serde_json::Value::Object(entries.collect())
        }
        yaml::Value::Bytes(_) => serde_json::Value::Null,
    }
}
