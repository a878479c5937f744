//! What a rule is, and the sink that it speaks into.

use crate::facts::Facts;
use crate::finding::{Finding, Label, RuleId, Severity, Unchecked};
use manifest::{FieldAt, FieldPath, Object, PlaceKind, ResourceId, primary_place_of};
use source::Place;

/// An input that a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    Rendered,
    Live,
    Capture,
    Chart,
    Evidence,
    Versions,
}

impl Input {
    /// As `rules --format json` names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rendered => "rendered",
            Self::Live => "live",
            Self::Capture => "capture",
            Self::Chart => "chart",
            Self::Evidence => "evidence",
            Self::Versions => "versions",
        }
    }
}

/// What is said about a rule in docs, `rules`, `explain` and SARIF.
#[derive(Debug, Clone)]
pub struct RuleMeta {
    /// Kebab-case, states the defect.
    pub id: RuleId,
    pub summary: &'static str,
    /// The default severity.
    pub severity: Severity,
    pub inputs: &'static [Input],
    /// Markdown with the headings What it checks, Why it matters, What to do, and examples.
    pub docs: &'static str,
    /// Names of its settings in keelcheck.yaml, with what they mean.
    pub settings: &'static [(&'static str, &'static str)],
}

/// One check over the facts of an environment.
pub trait Rule: Send + Sync {
    fn meta(&self) -> &RuleMeta;

    /// Says what it finds, or that it could not look. Never panics; must be deterministic.
    fn check(&self, facts: &Facts<'_>, found: &mut Findings<'_>);
}

/// Where rules put what they find. Resolves the primary place, as cli.md defines it, for rendered fields.
pub struct Findings<'a> {
    meta: &'a RuleMeta,
    severity: Severity,
    facts: &'a Facts<'a>,
    pub findings: Vec<Finding>,
    pub unchecked: Vec<Unchecked>,
}

/// A finding before it is placed.
#[derive(Debug, Clone)]
pub struct Report {
    pub resource: Option<ResourceId>,
    pub field: String,
    pub message: String,
    pub help: Option<String>,
    /// None: the rule's severity.
    pub severity: Option<Severity>,
}

impl<'a> Findings<'a> {
    /// `severity`: the rule's default, or what the configuration says.
    pub fn new(meta: &'a RuleMeta, severity: Severity, facts: &'a Facts<'a>) -> Self {
        Self {
            meta,
            severity,
            facts,
            findings: Vec::new(),
            unchecked: Vec::new(),
        }
    }

    /// The rule could not look; `reason` names the flag that would let it. Said once an environment.
    pub fn unchecked(&mut self, reason: impl Into<String>) {
        let unchecked = Unchecked {
            rule: self.meta.id.clone(),
            reason: reason.into(),
        };
        if !self.unchecked.contains(&unchecked) {
            self.unchecked.push(unchecked);
        }
    }

    /// A finding about `object` that rests on some fields, the one that the rule is about first.
    pub fn on(
        &mut self,
        object: &Object,
        fields: &[FieldAt<'_>],
        message: impl Into<String>,
    ) -> &mut Finding {
        let field = fields
            .first()
            .map(|field| field.path.to_string())
            .unwrap_or_default();
        let blamed = primary_place_of(fields, &self.facts.provenance);
        let (primary, related) = match blamed {
            Some(blamed) => {
                let related = blamed.related.into_iter().map(|related| Label {
                    place: related.place,
                    kind: related.kind,
                    message: related.message,
                    value: None,
                });
                let primary = Label {
                    place: blamed.place,
                    kind: blamed.kind,
                    message: String::new(),
                    value: blamed.value,
                };
                (primary, related.collect())
            }
            // Objects always have a file or a rendering; the chart stands in if one should not.
            None => (self.chart_label(), Vec::new()),
        };
        self.push(
            Report {
                resource: Some(object.id.clone()),
                field,
                message: message.into(),
                help: None,
                severity: None,
            },
            primary,
            related,
        )
    }

    /// A finding about one field of `object`.
    pub fn at(
        &mut self,
        object: &Object,
        path: &[&str],
        message: impl Into<String>,
    ) -> &mut Finding {
        let field = FieldAt::new(object, FieldPath::keys(path.iter().copied()));
        self.on(object, &[field], message)
    }

    /// A finding with a place of its own (Chart.yaml, evidence).
    pub fn at_place(&mut self, report: Report, place: Place, kind: PlaceKind) -> &mut Finding {
        let primary = Label {
            place,
            kind,
            message: String::new(),
            value: None,
        };
        self.push(report, primary, Vec::new())
    }

    fn push(&mut self, report: Report, primary: Label, related: Vec<Label>) -> &mut Finding {
        self.findings.push(Finding {
            rule: self.meta.id.clone(),
            severity: report.severity.unwrap_or(self.severity),
            resource: report.resource,
            field: report.field,
            message: report.message,
            help: report.help,
            primary,
            related,
        });
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    fn chart_label(&self) -> Label {
        let place = self.facts.chart.version_place.clone();
        Label {
            place: place.unwrap_or_else(|| Place::Flag {
                text: "CHART".into(),
            }),
            kind: PlaceKind::Chart,
            message: String::new(),
            value: None,
        }
    }
}

impl Finding {
    /// What to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// A severity other than the rule's (a policy that says recommended or expected).
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Another place that has to do with it.
    pub fn related(&mut self, label: Label) -> &mut Self {
        self.related.push(label);
        self
    }
}
