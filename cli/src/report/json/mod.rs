//! The JSON report, version 1: the contract of the command line's documentation.

#[cfg(test)]
mod tests;
mod wire;

use super::model::{
    EnvironmentSummary, Report, ReportedChange, ReportedFinding, ReportedProblem, ReportedUnchecked,
};
use super::places::{self, Located};
use super::safe_json;
use super::secrets::Secrets;
use super::values;
use livediff::FieldChange;
use manifest::ResourceId;
use policies::Label;
use source::Place;
use wire::{
    JsonAllowed, JsonCause, JsonChange, JsonChart, JsonEnvironment, JsonField, JsonFinding,
    JsonNote, JsonPlace, JsonPosition, JsonProblem, JsonReport, JsonResource, JsonSummary,
    JsonUnchecked,
};

/// The report, pretty-printed, with a final newline.
pub(super) fn write(report: &Report<'_>, secrets: &Secrets<'_>) -> Vec<u8> {
    let context = Context { report, secrets };
    safe_json::to_bytes(&JsonReport {
        version: 1,
        environments: report.environments.iter().map(environment).collect(),
        findings: report
            .findings
            .iter()
            .map(|finding| context.finding(finding))
            .collect(),
        changes: report
            .changes
            .iter()
            .map(|change| context.change(change))
            .collect(),
        problems: report
            .problems
            .iter()
            .map(|problem| context.problem(problem))
            .collect(),
        unchecked: report
            .unchecked
            .iter()
            .map(|unchecked| context.unchecked(unchecked))
            .collect(),
        summary: summary(report),
    })
}

fn environment(environment: &EnvironmentSummary) -> JsonEnvironment<'_> {
    JsonEnvironment {
        name: &environment.name,
        release: &environment.release,
        namespace: &environment.namespace,
        chart: environment
            .chart
            .as_ref()
            .map(|(name, version)| JsonChart { name, version }),
        status: if environment.checked {
            "checked"
        } else {
            "failed"
        },
    }
}

fn resource(id: &ResourceId) -> JsonResource<'_> {
    JsonResource {
        group: &id.group,
        kind: &id.kind,
        namespace: id.namespace.as_deref(),
        name: &id.name,
    }
}

fn summary(report: &Report<'_>) -> JsonSummary {
    let counts = report.counts;
    JsonSummary {
        error: counts.error,
        warning: counts.warning,
        info: counts.info,
        allowed: counts.allowed,
        create: counts.create,
        update: counts.update,
        replace: counts.replace,
        delete: counts.delete,
    }
}

struct Context<'a> {
    report: &'a Report<'a>,
    secrets: &'a Secrets<'a>,
}

impl<'a> Context<'a> {
    fn finding(&self, reported: &'a ReportedFinding) -> JsonFinding<'a> {
        let finding = &reported.finding;
        let message =
            |label: &Label| Some(places::finding_text(reported, &label.message, self.secrets));
        JsonFinding {
            rule: &finding.rule,
            severity: places::severity_name(finding.severity),
            environments: &reported.environments,
            resource: finding.resource.as_ref().map(resource),
            field: &finding.field,
            message: places::finding_text(reported, &finding.message, self.secrets),
            help: places::help(reported, self.report, self.secrets),
            primary: self.place(
                &finding.primary,
                message(&finding.primary).filter(|text| !text.is_empty()),
            ),
            related: finding
                .related
                .iter()
                .map(|label| self.place(label, message(label)))
                .collect(),
            fingerprint: &reported.fingerprint,
            allowed: reported.allowed.as_ref().map(|allowed| JsonAllowed {
                by: &allowed.by,
                reason: self.secrets.text(&allowed.reason),
            }),
        }
    }

    fn place(&self, label: &Label, message: Option<String>) -> JsonPlace {
        let (start, end, flag) = match self.located(&label.place) {
            Located::File { name, start, end } => (position(name, start), Some(end), None),
            Located::Flag(text) => (JsonPosition::default(), None, Some(text)),
        };
        JsonPlace {
            start,
            end_line: end.map(|end| end.line),
            end_column: end.map(|end| end.column),
            kind: places::kind_name(label.kind),
            flag,
            message,
        }
    }

    fn change(&self, reported: &'a ReportedChange) -> JsonChange<'a> {
        let change = &reported.change;
        let causes = reported
            .causes
            .iter()
            .map(Option::as_ref)
            .chain(std::iter::repeat(None));
        JsonChange {
            environment: &reported.environment,
            resource: resource(&change.resource),
            from: change.from.as_ref().map(resource),
            action: values::action_name(change.action),
            hook: change.hook,
            noise: change
                .noise
                .as_deref()
                .map(|noise| self.secrets.text(noise)),
            fields: change
                .fields
                .iter()
                .zip(causes)
                .map(|(field, cause)| self.field(field, cause))
                .collect(),
        }
    }

    fn field(&self, field: &'a FieldChange, cause: Option<&Place>) -> JsonField<'a> {
        JsonField {
            path: &field.path,
            before: values::json(&field.before, self.secrets),
            after: values::json(&field.after, self.secrets),
            verdict: values::verdict_name(field.verdict),
            noise: field.noise.as_deref().map(|noise| self.secrets.text(noise)),
            cause: cause.map(|place| match self.located(place) {
                Located::File { name, start, .. } => JsonCause {
                    file: Some(name),
                    line: Some(start.line),
                    flag: None,
                },
                Located::Flag(text) => JsonCause {
                    file: None,
                    line: None,
                    flag: Some(text),
                },
            }),
        }
    }

    fn problem(&self, reported: &'a ReportedProblem) -> JsonProblem<'a> {
        let problem = &reported.problem;
        let text = |text: &str| places::problem_text(reported, text, self.secrets);
        JsonProblem {
            environment: reported.environment.as_deref(),
            message: text(&problem.message),
            position: problem
                .place
                .as_ref()
                .map(|place| self.position(place))
                .unwrap_or_default(),
            help: problem.help.as_deref().map(text),
            notes: problem
                .notes
                .iter()
                .map(|note| JsonNote {
                    position: self.position(&note.place),
                    message: text(&note.message),
                })
                .collect(),
        }
    }

    fn unchecked(&self, unchecked: &'a ReportedUnchecked) -> JsonUnchecked<'a> {
        JsonUnchecked {
            rule: &unchecked.rule,
            environment: &unchecked.environment,
            reason: self.secrets.text(&unchecked.reason),
        }
    }

    fn located(&self, place: &Place) -> Located {
        Located::of(place, self.report.files, self.secrets)
    }

    fn position(&self, place: &Place) -> JsonPosition {
        match self.located(place) {
            Located::File { name, start, .. } => position(name, start),
            Located::Flag(_) => JsonPosition::default(),
        }
    }
}

fn position(name: String, start: source::LineColumn) -> JsonPosition {
    JsonPosition {
        file: Some(name),
        line: Some(start.line),
        column: Some(start.column),
    }
}
