//! Findings of several environments in, a report out: what all tests build on.

mod grouping;
mod suppression;

use super::*;
use crate::config::Allowance;
use livediff::Change;
use policies::PlaceKind;
use source::{FileKind, Place, Span, ValuePath};

/// Midnight (UTC) at the start of 2027-01-31.
const NOW: i64 = 1_801_353_600;
const DAY: i64 = 86_400;

const OVERLAY: &str = "\
ui:
  replicas: 1 # keelcheck: allow(few-replicas): internal page
  tag: latest
  # keelcheck: allow(tag-mutable): on a line of its own
  pull: Always
";

/// The files of a test, and its builders.
struct World {
    files: SourceFiles,
}

impl World {
    fn new() -> Self {
        Self {
            files: SourceFiles::new(),
        }
    }

    fn overlay(&self) -> FileId {
        self.add("values/prod.yaml", OVERLAY)
    }

    fn add(&self, name: &str, text: &str) -> FileId {
        self.files.add(name, FileKind::Values, text.as_bytes())
    }

    /// The place of the first occurrence of a text.
    fn at(&self, file: FileId, text: &str) -> Place {
        let content = String::from_utf8(self.files.get(file).text.to_vec()).expect("UTF-8");
        let start = content.find(text).expect("the text is there");
        Place::File(Span::new(file, start, start + text.len()))
    }

    fn line(&self, place: &Place) -> u32 {
        match place {
            Place::File(span) => self.files.get(span.file).line_column(span.start).line,
            Place::Flag { .. } => 0,
        }
    }

    fn triage(&self, input: Vec<EnvironmentOutcome>) -> Triaged {
        self.triage_with(
            input,
            &TriageOptions {
                now: NOW,
                ..TriageOptions::default()
            },
        )
    }

    fn triage_with(&self, input: Vec<EnvironmentOutcome>, options: &TriageOptions<'_>) -> Triaged {
        triage(input, options, &self.files)
    }
}

fn resource(name: &str) -> ResourceId {
    ResourceId {
        group: "apps".to_owned(),
        kind: "Deployment".to_owned(),
        namespace: Some("flux".to_owned()),
        name: name.to_owned(),
    }
}

fn finding(rule: &str, name: &str, place: Place) -> Finding {
    Finding {
        rule: rule.to_owned().into(),
        severity: Severity::Error,
        resource: Some(resource(name)),
        field: "spec.replicas".to_owned(),
        message: format!("{rule} on {name}"),
        help: None,
        primary: Label {
            place,
            kind: PlaceKind::Value,
            message: String::new(),
            value: None,
        },
        related: Vec::new(),
    }
}

fn outcome(name: &str, findings: Vec<Finding>) -> EnvironmentOutcome {
    EnvironmentOutcome {
        summary: EnvironmentSummary {
            name: name.to_owned(),
            release: "kmetal".to_owned(),
            namespace: "flux".to_owned(),
            chart: None,
            checked: true,
        },
        findings,
        changes: Vec::new(),
        problems: Vec::new(),
        unchecked: Vec::new(),
        annotations: BTreeMap::new(),
        annotation_places: BTreeMap::new(),
        rules_ran: ["few-replicas", "tag-mutable"].map(RuleId::from).to_vec(),
        files: Vec::new(),
    }
}

fn allowance(
    rule: &str,
    resource: Option<&str>,
    until: Option<jiff::civil::Date>,
    place: Place,
) -> Allowance {
    Allowance {
        rule: rule.to_owned(),
        resource: resource.map(str::to_owned),
        reason: "accepted".to_owned(),
        until,
        place,
    }
}

/// `rule place-line allowed-by`, for each finding.
fn shown(world: &World, triaged: &Triaged) -> Vec<String> {
    let show = |reported: &ReportedFinding| {
        let by = reported
            .allowed
            .as_ref()
            .map_or("-", |allowed| allowed.by.as_str());
        format!(
            "{} {} {by}",
            reported.finding.rule,
            world.line(&reported.finding.primary.place)
        )
    };
    triaged.findings.iter().map(show).collect()
}
