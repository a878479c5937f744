//! Places as every format prints them: file, line and column derived from spans; flags as text.

use super::escape;
use super::model::{Report, ReportedFinding, ReportedProblem};
use super::secrets::Secrets;
use policies::{PlaceKind, Severity};
use source::{LineColumn, Place, SourceFiles};
use std::collections::{BTreeMap, BTreeSet};

/// A place that people can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Located {
    File {
        name: String,
        start: LineColumn,
        /// One past the last character.
        end: LineColumn,
    },
    /// A flag as typed, without its secrets.
    Flag(String),
}

impl Located {
    pub(super) fn of(place: &Place, files: &SourceFiles, secrets: &Secrets<'_>) -> Self {
        match place {
            Place::File(span) => {
                let (start, end) = files.positions(*span);
                Self::File {
                    name: files.get(span.file).name.clone(),
                    start,
                    end: end.max(start),
                }
            }
            Place::Flag { text } => Self::Flag(secrets.flag(text)),
        }
    }

    /// `FILE:LINE`, or the flag.
    pub(super) fn text(&self) -> String {
        match self {
            Self::File { name, start, .. } => format!("{name}:{}", start.line),
            Self::Flag(text) => text.clone(),
        }
    }
}

/// `kind` of a place in the JSON report.
pub(super) fn kind_name(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Value => "value",
        PlaceKind::Set => "set",
        PlaceKind::Template => "template",
        PlaceKind::Chart => "chart",
        PlaceKind::Config => "config",
        PlaceKind::Evidence => "evidence",
        PlaceKind::Live => "live",
    }
}

pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// `Deployment/prod/ui spec.replicas`; None for a finding about no object.
pub(super) fn object_and_field(finding: &ReportedFinding) -> Option<String> {
    let finding = &finding.finding;
    let resource = escape::one_line(&finding.resource.as_ref()?.to_string());
    match finding.field.as_str() {
        "" => Some(resource),
        field => Some(format!("{resource} {}", escape::one_line(field))),
    }
}

/// A text of a finding without secrets, those of the flags that it is about included.
pub(super) fn finding_text(finding: &ReportedFinding, text: &str, secrets: &Secrets<'_>) -> String {
    let labels = std::iter::once(&finding.finding.primary).chain(&finding.finding.related);
    secrets.text_about(text, labels.map(|label| &label.place))
}

/// A text of a problem without secrets, likewise.
pub(super) fn problem_text(problem: &ReportedProblem, text: &str, secrets: &Secrets<'_>) -> String {
    let notes = problem.problem.notes.iter().map(|note| &note.place);
    secrets.text_about(text, problem.problem.place.iter().chain(notes))
}

/// What to do. A flag in the command line has no line to show, so its text and the value's path are always named.
pub(super) fn help(
    finding: &ReportedFinding,
    report: &Report<'_>,
    secrets: &Secrets<'_>,
) -> Option<String> {
    let help = finding
        .finding
        .help
        .as_deref()
        .map(|text| finding_text(finding, text, secrets));
    let message = finding_text(finding, &finding.finding.message, secrets);
    let finding = &finding.finding;
    let Located::Flag(flag) = Located::of(&finding.primary.place, report.files, secrets) else {
        return help;
    };
    let path = finding.primary.value.as_ref().map(ToString::to_string);
    let said = format!("{message} {}", help.as_deref().unwrap_or_default());
    let is_named = said.contains(&flag) && path.as_ref().is_none_or(|path| said.contains(path));
    if is_named {
        return help;
    }
    let origin = match path {
        Some(path) => format!("`{path}` is set by `{flag}`"),
        None => format!("set by `{flag}`"),
    };
    Some(help.map_or(origin.clone(), |help| format!("{help}; {origin}")))
}

/// `prod-eu, prod-us, stage and 4 more`.
pub(super) fn some_names(names: &[String], most: usize) -> String {
    if names.len() <= most {
        return names.join(", ");
    }
    format!(
        "{} and {} more",
        names[..most].join(", "),
        names.len() - most
    )
}

/// `1 error`, `2 errors`.
pub(super) fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// `Plan: 1 to add, 2 to change, 0 to replace, 0 to destroy`, the line that helm-diff's users look for.
pub(super) fn plan(report: &Report<'_>) -> String {
    let counts = &report.counts;
    let renames = report
        .changes
        .iter()
        .filter(|change| change.change.action == livediff::Action::Rename)
        .count();
    let mut plan = format!(
        "Plan: {} to add, {} to change, {} to replace, {} to destroy",
        counts.create, counts.update, counts.replace, counts.delete
    );
    if renames > 0 {
        plan.push_str(&format!(", {renames} to rename"));
    }
    plan
}

/// `1 error, 2 warnings, 0 info, 1 allowed; 2 environments, 1 failed; 3 rules unchecked`.
pub(super) fn summary(report: &Report<'_>) -> String {
    let counts = &report.counts;
    let failed = report
        .environments
        .iter()
        .filter(|environment| !environment.checked)
        .count();
    let mut text = format!(
        "{}, {}, {} info, {} allowed; {}",
        count(counts.error, "error"),
        count(counts.warning, "warning"),
        counts.info,
        counts.allowed,
        count(report.environments.len(), "environment"),
    );
    if failed > 0 {
        text.push_str(&format!(", {failed} failed"));
    }
    if !report.problems.is_empty() {
        text.push_str(&format!("; {}", count(report.problems.len(), "problem")));
    }
    if let Some(unchecked) = unchecked_rules(report) {
        text.push_str(&format!("; {unchecked}"));
    }
    text
}

/// `3 rules unchecked`, each rule counted once; None when all were checked.
pub(super) fn unchecked_rules(report: &Report<'_>) -> Option<String> {
    let rules: BTreeSet<&str> = report
        .unchecked
        .iter()
        .map(|unchecked| unchecked.rule.as_ref())
        .collect();
    (!rules.is_empty()).then(|| format!("{} unchecked", count(rules.len(), "rule")))
}

/// A rule that could not look, and where it could not for the same reason.
pub(super) struct UncheckedGroup<'a> {
    pub(super) rule: &'a str,
    pub(super) reason: &'a str,
    pub(super) environments: Vec<String>,
}

/// What was not checked, in the report's order.
pub(super) fn unchecked_groups<'a>(report: &'a Report<'_>) -> Vec<UncheckedGroup<'a>> {
    let mut groups: Vec<UncheckedGroup<'a>> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for unchecked in &report.unchecked {
        let key = (unchecked.rule.as_ref(), unchecked.reason.as_str());
        let index = *known.entry(key).or_insert_with(|| {
            groups.push(UncheckedGroup {
                rule: key.0,
                reason: key.1,
                environments: Vec::new(),
            });
            groups.len() - 1
        });
        groups[index]
            .environments
            .push(unchecked.environment.clone());
    }
    groups
}
