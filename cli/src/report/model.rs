//! Everything that a reporter may know. Built once by triage, sorted, immutable.

use policies::{Finding, RuleId, Severity};
use source::{Place, Problem, SourceFiles};

/// One selected environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnvironmentSummary {
    pub name: String,
    pub release: String,
    pub namespace: String,
    /// Name and version of the chart; None where it could not be loaded.
    pub chart: Option<(String, String)>,
    /// `checked`, or `failed` where a problem kept it from being completed.
    pub checked: bool,
}

/// A finding after grouping and suppression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportedFinding {
    pub finding: Finding,
    /// In the order of keelcheck.yaml.
    pub environments: Vec<String>,
    /// Hex; stable against moved lines; distinct within a report.
    pub fingerprint: String,
    pub allowed: Option<Allowed>,
}

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allowed {
    /// `comment`, `annotation` or `config`.
    pub by: String,
    pub reason: String,
}

/// An object that differs from live.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ReportedChange {
    pub environment: String,
    pub change: livediff::Change,
    /// For each of `change.fields`, the place that caused it.
    pub causes: Vec<Option<Place>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportedProblem {
    /// None for a problem of no one environment.
    pub environment: Option<String>,
    pub problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportedUnchecked {
    pub rule: RuleId,
    pub environment: String,
    pub reason: String,
}

/// A rule that ran, for the formats that list rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RuleSummary {
    pub id: RuleId,
    pub severity: Severity,
    pub summary: String,
    /// Markdown: what, why, what to do.
    pub docs: String,
}

/// Counts of what is not allowed, by severity, and of changes by action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub error: usize,
    pub warning: usize,
    pub info: usize,
    pub allowed: usize,
    pub create: usize,
    pub update: usize,
    pub replace: usize,
    pub delete: usize,
}

/// The whole report.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    pub environments: Vec<EnvironmentSummary>,
    pub findings: Vec<ReportedFinding>,
    pub changes: Vec<ReportedChange>,
    pub problems: Vec<ReportedProblem>,
    pub unchecked: Vec<ReportedUnchecked>,
    pub rules: Vec<RuleSummary>,
    pub counts: Counts,
    pub files: &'a SourceFiles,
}
