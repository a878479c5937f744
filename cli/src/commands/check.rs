//! `keelcheck check`: one chart, or every environment of keelcheck.yaml.

use crate::args::{ChartArgs, CheckArgs, ValuesArgs};
use crate::config::{self, Config, EnvironmentConfig};
use crate::load::{Inputs, Revision, printed};
use crate::output;
use crate::pipeline::{self, Outcome, Run};
use crate::plan::{EnvironmentPlan, ValuesPlan, flag, helm_line};
use crate::render::Charts;
use crate::report::model::{Report, RuleSummary};
use crate::report::{Format, Options, Secrets, write};
use crate::suggest::suggest;
use crate::triage::{
    self, AllowanceSeverities, Baseline, EnvironmentOutcome, TriageOptions, Triaged,
};
use chart::TypedSet;
use manifest::is_secret_key;
use policies::{PlaceKind, Rule, Severity};
use rayon::prelude::*;
use source::{FileKind, Place, Problem, SourceFiles};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// Found in the current folder where `--config` does not say otherwise.
const CONFIG_NAME: &str = "keelcheck.yaml";

/// Runs a check and writes its reports.
pub(crate) fn run(args: &CheckArgs, colour: bool) -> ExitCode {
    let files = SourceFiles::new();
    match check(args, colour, &files) {
        Ok(code) => ExitCode::from(code),
        Err(problems) => {
            output::problems(&problems, &files);
            ExitCode::from(2)
        }
    }
}

/// A rule and the severity that the configuration gives it.
type ConfiguredRule = (Box<dyn Rule>, Severity);

/// When findings fail the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FailOn {
    Never,
    From(Severity),
}

/// Flags of Helm's that need the values of a stored release.
pub(crate) fn refuse_reuse(values: &ValuesArgs, has_live: bool) -> Result<(), String> {
    let flag = match (values.reuse_values, values.reset_then_reuse_values) {
        (true, _) => "--reuse-values",
        (_, true) => "--reset-then-reuse-values",
        _ => return Ok(()),
    };
    let hint = if has_live {
        "that is not built yet"
    } else {
        "give one with --live"
    };
    Err(format!(
        "{flag} needs the values of a stored release: {hint}"
    ))
}

fn check(args: &CheckArgs, colour: bool, files: &SourceFiles) -> Result<u8, Vec<Problem>> {
    let one = |message: String| vec![Problem::new(message)];
    if args.show_secrets {
        return Err(one(
            "--show-secrets is refused: secret values never reach any output".to_owned(),
        ));
    }
    if !args.pack.is_empty() {
        return Err(one("--pack is not built yet".to_owned()));
    }
    let targets = args
        .format
        .iter()
        .map(|text| target(text))
        .collect::<Result<Vec<_>, _>>()
        .map_err(one)?;
    let built_in = policies::rules::all();
    let known: Vec<&str> = built_in
        .iter()
        .map(|rule| rule.meta().id.as_ref())
        .collect();
    let about_allowances = [triage::ALLOW_UNUSED, triage::ALLOW_EXPIRED];
    let unknown = args.rule.iter().filter(|rule| {
        !known.contains(&rule.as_str()) && !about_allowances.contains(&rule.as_str())
    });
    let unknown: Vec<Problem> = unknown.map(|rule| unknown_rule(rule, &known)).collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let (config, root) = read_config(args, files, &known)?;
    if config
        .as_ref()
        .is_some_and(|config| !config.packs.is_empty())
    {
        return Err(one(
            "custom policies (`packs` of keelcheck.yaml) are not built yet".to_owned(),
        ));
    }
    let rules = rules(config.as_ref(), &args.rule)?;
    let plans = plans(args, config.as_ref(), &root)?;
    let fail_on = fail_on(args, config.as_ref()).map_err(one)?;
    let now = now(args).map_err(one)?;
    let baseline = read_baseline(args.baseline.as_deref()).map_err(one)?;
    let revision = args
        .live
        .base
        .as_deref()
        .map(Revision::resolve)
        .transpose()
        .map_err(one)?;
    let run = Run {
        files,
        charts: Charts::default(),
        inputs: Inputs::default(),
        revision,
        rules,
        now,
    };
    let outcomes: Vec<Outcome> = plans
        .par_iter()
        .map(|plan| pipeline::check(plan, &run))
        .collect();
    let mut redactor = manifest::Redactor::default();
    let mut warnings = Vec::new();
    let mut judged = Vec::new();
    for outcome in outcomes {
        redactor.merge(&outcome.redactor);
        warnings.extend(outcome.warnings);
        judged.push(EnvironmentOutcome {
            summary: outcome.summary,
            findings: outcome.findings,
            changes: outcome.changes,
            problems: outcome.problems,
            unchecked: outcome.unchecked,
            annotations: outcome.annotations,
            annotation_places: outcome.annotation_places,
            rules_ran: outcome.rules_ran,
            files: outcome.value_files,
        });
    }
    for warning in &warnings {
        output::error_line(&format!("warning: {warning}"));
    }
    let options = TriageOptions {
        allow: config
            .as_ref()
            .map(|config| config.allow.as_slice())
            .unwrap_or_default(),
        baseline: baseline.as_ref(),
        now,
        partial: !args.environment.is_empty(),
        severities: allowance_severities(config.as_ref(), &args.rule),
        known_rules: &known,
    };
    let triaged = triage::triage(judged, &options, files);
    if let Some(path) = &args.write_baseline {
        // What the old baseline had is still there: a new one wants it too.
        let all: Vec<_> = triaged
            .findings
            .iter()
            .chain(&triaged.known)
            .cloned()
            .collect();
        let text = triage::baseline::write(&all);
        std::fs::write(path, text).map_err(|error| one(format!("{}: {error}", path.display())))?;
    }
    let code = exit_code(&triaged, fail_on);
    let report = report(triaged, &run.rules, files);
    let redact = |text: &str| redactor.redact(text).into_owned();
    let secrets = Secrets {
        is_secret_key: &is_secret_key,
        redact: &redact,
    };
    write_reports(&report, &targets, colour, secrets).map_err(one)?;
    Ok(code)
}

/// How bad allowances without effect are: configured like any rule, and silent where `--rule` asks for others.
fn allowance_severities(config: Option<&Config>, only: &[String]) -> AllowanceSeverities {
    let severity = |id: &str| {
        let configured = config.and_then(|config| config.rules.get(id));
        let selected = only.is_empty() || only.iter().any(|rule| rule == id);
        let on = selected && configured.is_none_or(|rule| rule.enabled);
        on.then(|| {
            configured
                .and_then(|rule| rule.severity)
                .unwrap_or(Severity::Warning)
        })
    };
    AllowanceSeverities {
        unused: severity(triage::ALLOW_UNUSED),
        expired: severity(triage::ALLOW_EXPIRED),
    }
}

fn unknown_rule(rule: &str, known: &[&str]) -> Problem {
    let problem = Problem::new(format!("unknown rule `{rule}`"));
    match suggest(rule, known.iter().copied()) {
        Some(nearest) => problem.with_help(format!("did you mean `{nearest}`?")),
        None => problem.with_help("`keelcheck rules` lists the rules"),
    }
}

/// `FORMAT[=FILE]`.
fn target(text: &str) -> Result<(Format, Option<PathBuf>), String> {
    let (name, file) = match text.split_once('=') {
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let format = name.parse::<Format>().map_err(|error| error.to_string())?;
    Ok((format, file))
}

/// The project file, unless a chart is given on the command line, and the folder that its paths are relative to.
fn read_config(
    args: &CheckArgs,
    files: &SourceFiles,
    known: &[&str],
) -> Result<(Option<Config>, PathBuf), Vec<Problem>> {
    let path = match &args.config {
        Some(path) => path.clone(),
        None if Path::new(CONFIG_NAME).is_file() => PathBuf::from(CONFIG_NAME),
        None if args.release.args.is_empty() => {
            return Err(vec![
                Problem::new(format!(
                    "there is no chart to check: no {CONFIG_NAME} in this folder"
                ))
                .with_help("give [NAME] CHART, or write keelcheck.yaml with `keelcheck init`"),
            ]);
        }
        None => return Ok((None, PathBuf::new())),
    };
    let shown = printed(&path.to_string_lossy());
    let text =
        std::fs::read(&path).map_err(|error| vec![Problem::new(format!("{shown}: {error}"))])?;
    let file = files.add(shown.clone(), FileKind::Config, text.clone());
    let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
    match config::read(file, &text, files, known) {
        Ok(config) => Ok((Some(config), root)),
        Err(errors) => Err(errors
            .into_iter()
            .map(|error| {
                let Place::File(span) = error.place else {
                    return Problem::new(error.message);
                };
                let line = files.get(span.file).line_column(span.start).line;
                let mut problem = Problem::new(format!("{shown}:{line}: {}", error.message));
                problem.place = Some(Place::File(span));
                problem.help = error.help;
                problem
            })
            .collect()),
    }
}

/// The rules that run, configured.
fn rules(config: Option<&Config>, only: &[String]) -> Result<Vec<ConfiguredRule>, Vec<Problem>> {
    let mut rules = Vec::new();
    let mut problems = Vec::new();
    for entry in policies::rules::BUILT_IN {
        let id = &entry.meta.id;
        let configured = config.and_then(|config| config.rules.get(id.as_ref()));
        if !only.is_empty() && !only.iter().any(|rule| rule == id) {
            continue;
        }
        if configured.is_some_and(|rule| !rule.enabled) {
            continue;
        }
        let severity = configured
            .and_then(|rule| rule.severity)
            .unwrap_or(entry.meta.severity);
        let shared =
            || config.and_then(|config| config.rules.get(policies::rules::shared_settings(id)?));
        let settings = configured
            .and_then(|rule| rule.settings.as_ref())
            .or_else(|| shared().and_then(|rule| rule.settings.as_ref()));
        match (entry.build(settings), configured) {
            (Ok(rule), _) => rules.push((rule, severity)),
            (Err(error), Some(rule)) => {
                problems.push(Problem::new(error.message).at(rule.place.clone()));
            }
            (Err(error), None) => problems.push(Problem::new(error.message)),
        }
    }
    if problems.is_empty() {
        Ok(rules)
    } else {
        Err(problems)
    }
}

/// The environments to check, in the order of keelcheck.yaml.
fn plans(
    args: &CheckArgs,
    config: Option<&Config>,
    root: &Path,
) -> Result<Vec<EnvironmentPlan>, Vec<Problem>> {
    let one = |message: String| vec![Problem::new(message)];
    refuse_reuse(&args.release.values, args.live.live.is_some()).map_err(one)?;
    if let Some(chart) = ChartArgs::new(&args.release.args) {
        let mut plan = EnvironmentPlan::from_args(&chart, &args.release.values).map_err(one)?;
        chart::validate_release_name(&plan.release, plan.helm).map_err(one)?;
        add_inputs(&mut plan, args);
        return Ok(vec![plan]);
    }
    let Some(config) = config else {
        return Err(one("there is no chart to check".to_owned()));
    };
    let names: Vec<&str> = config
        .environments
        .iter()
        .map(|environment| environment.name.as_str())
        .collect();
    let unknown = args
        .environment
        .iter()
        .filter(|name| !names.contains(&name.as_str()));
    let unknown: Vec<Problem> = unknown
        .map(|name| {
            let problem = Problem::new(format!("unknown environment `{name}`"));
            match suggest(name, names.iter().copied()) {
                Some(nearest) => problem.with_help(format!("did you mean `{nearest}`?")),
                None => problem.with_help(format!("{CONFIG_NAME} has {}", names.join(", "))),
            }
        })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let selected = config.environments.iter().filter(|environment| {
        args.environment.is_empty() || args.environment.contains(&environment.name)
    });
    selected
        .map(|environment| {
            let mut plan = from_config(environment, config, root).map_err(one)?;
            add_inputs(&mut plan, args);
            Ok(plan)
        })
        .collect()
}

fn from_config(
    environment: &EnvironmentConfig,
    config: &Config,
    root: &Path,
) -> Result<EnvironmentPlan, String> {
    let path = |name: &String| root.join(name).to_string_lossy().into_owned();
    let typed = environment.set.iter().map(|set| TypedSet {
        path: set.path.clone(),
        value: set.value.clone(),
        place: set.place.clone(),
    });
    let or_default =
        |own: &Option<String>, default: &Option<String>| own.clone().or_else(|| default.clone());
    Ok(EnvironmentPlan {
        name: environment.name.clone(),
        chart: path(&environment.chart),
        release: environment
            .release
            .clone()
            .unwrap_or_else(|| "release-name".to_owned()),
        namespace: environment
            .namespace
            .clone()
            .unwrap_or_else(|| "default".to_owned()),
        helm: helm_line(environment.helm_version.as_deref().unwrap_or("4"))?,
        values: ValuesPlan {
            files: environment.values.iter().map(path).collect(),
            typed: typed.collect(),
            ..ValuesPlan::default()
        },
        kube_version: None,
        api_versions: environment.api_versions.clone(),
        is_upgrade: environment.is_upgrade,
        include_crds: environment.include_crds,
        skip_schema_validation: environment.skip_schema_validation,
        live: environment.live.as_ref().map(path),
        live_hooks: environment.live_hooks.as_ref().map(path),
        captures: expand(&environment.capture, root),
        evidence: expand(&environment.evidence, root),
        current: or_default(&environment.kubernetes.current, &config.defaults.current),
        target: or_default(&environment.kubernetes.target, &config.defaults.target),
        target_place: None,
        seed: None,
    })
}

/// Paths with `*` in their last part name all matching files, in the order of their names; a pattern that matches
/// nothing stays as it is and becomes a problem that names it.
fn expand(patterns: &[String], root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for pattern in patterns {
        let full = root.join(pattern).to_string_lossy().into_owned();
        let (folder, last) = full.rsplit_once('/').unwrap_or((".", &full));
        if !last.contains('*') {
            found.push(full);
            continue;
        }
        let entries = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(Result::ok);
        let mut names: Vec<String> = entries
            .filter(|entry| entry.path().is_file())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| matches_stars(last, name))
            .collect();
        names.sort();
        if names.is_empty() {
            found.push(full.clone());
        }
        found.extend(names.into_iter().map(|name| format!("{folder}/{name}")));
    }
    found
}

/// `*` stands for any run of characters.
fn matches_stars(pattern: &str, name: &str) -> bool {
    let parts: Vec<&str> = pattern.split('*').collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return false;
    };
    if parts.len() == 1 {
        return pattern == name;
    }
    let Some(rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut rest = rest;
    for part in &parts[1..parts.len() - 1] {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The inputs of the command line come on top of the environment's.
fn add_inputs(plan: &mut EnvironmentPlan, args: &CheckArgs) {
    if args.live.live.is_some() {
        plan.live.clone_from(&args.live.live);
    }
    if args.live.live_hooks.is_some() {
        plan.live_hooks.clone_from(&args.live.live_hooks);
    }
    plan.captures.extend(args.capture.iter().cloned());
    plan.evidence.extend(args.evidence.iter().cloned());
    if args.current_version.is_some() {
        plan.current.clone_from(&args.current_version);
    }
    if args.target_version.is_some() {
        plan.target.clone_from(&args.target_version);
        let place = args
            .target_version
            .as_ref()
            .map(|text| flag(format!("--target-version {text}")));
        plan.target_place = place.map(|place| (place, PlaceKind::Set));
    }
}

fn fail_on(args: &CheckArgs, config: Option<&Config>) -> Result<FailOn, String> {
    let Some(text) = &args.fail_on else {
        return Ok(config
            .and_then(|config| config.fail_on)
            .map_or(FailOn::From(Severity::Error), |severity| {
                severity.map_or(FailOn::Never, FailOn::From)
            }));
    };
    match text.as_str() {
        "error" => Ok(FailOn::From(Severity::Error)),
        "warning" => Ok(FailOn::From(Severity::Warning)),
        "info" => Ok(FailOn::From(Severity::Info)),
        "never" => Ok(FailOn::Never),
        other => {
            let hint = suggest(other, ["error", "warning", "info", "never"])
                .map(|nearest| format!("; did you mean `{nearest}`?"))
                .unwrap_or_default();
            Err(format!(
                "--fail-on {other}: error, warning, info or never{hint}"
            ))
        }
    }
}

/// Seconds since the Unix epoch.
fn now(args: &CheckArgs) -> Result<i64, String> {
    match &args.now {
        Some(text) => text
            .parse::<jiff::Timestamp>()
            .map(|time| time.as_second())
            .map_err(|error| format!("--now {text}: {error}")),
        None => {
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            Ok(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
        }
    }
}

fn read_baseline(path: Option<&Path>) -> Result<Option<Baseline>, String> {
    let Some(path) = path else { return Ok(None) };
    let shown = path.display();
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("--baseline {shown}: {error}"))?;
    triage::baseline::read(&text)
        .map(Some)
        .map_err(|error| format!("--baseline {shown}: {error}"))
}

fn exit_code(triaged: &Triaged, fail_on: FailOn) -> u8 {
    if !triaged.problems.is_empty() {
        return 2;
    }
    let fails = match fail_on {
        FailOn::Never => false,
        FailOn::From(threshold) => triaged.worst.is_some_and(|worst| worst >= threshold),
    };
    u8::from(fails)
}

fn report<'a>(
    triaged: Triaged,
    rules: &[(Box<dyn Rule>, Severity)],
    files: &'a SourceFiles,
) -> Report<'a> {
    let rules = rules.iter().map(|(rule, severity)| RuleSummary {
        id: rule.meta().id.clone(),
        severity: *severity,
        summary: rule.meta().summary.to_owned(),
        docs: rule.meta().docs.to_owned(),
    });
    Report {
        environments: triaged.environments,
        findings: triaged.findings,
        changes: triaged.changes,
        problems: triaged.problems,
        unchecked: triaged.unchecked,
        rules: rules.collect(),
        counts: triaged.counts,
        files,
    }
}

fn write_reports(
    report: &Report<'_>,
    targets: &[(Format, Option<PathBuf>)],
    colour: bool,
    secrets: Secrets<'_>,
) -> Result<(), String> {
    let default = [(Format::Terminal, None)];
    let targets = if targets.is_empty() {
        &default
    } else {
        targets
    };
    for (format, file) in targets {
        let to_terminal = file.is_none() && *format == Format::Terminal;
        let options = Options {
            colour: colour && to_terminal,
            width: if to_terminal {
                output::width()
            } else {
                usize::MAX
            },
            secrets,
        };
        let bytes = write(*format, report, &options);
        match file {
            None => output::stdout(&bytes).map_err(|error| error.to_string())?,
            Some(path) => {
                std::fs::write(path, &bytes)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
            }
        }
    }
    Ok(())
}
