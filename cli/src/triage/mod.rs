//! From the findings of all environments to a report: suppression, grouping, order, fingerprints, baseline, counts.
//!
//! Findings are ordered by their first environment in the order of keelcheck.yaml, then by file name, line and column of
//! the primary place (flags last), then by rule, resource, field and message. Severity plays no part, so that a
//! changed severity moves nothing.

mod allowances;
mod annotation;
pub(crate) mod baseline;
mod comment;
mod complaints;
mod fingerprint;
mod group;
mod identity;
mod template_text;
#[cfg(test)]
mod tests;

pub(crate) use baseline::Baseline;

use crate::config::Allowance;
use crate::report::model::{
    Allowed, Counts, EnvironmentSummary, ReportedChange, ReportedFinding, ReportedProblem,
    ReportedUnchecked,
};
use allowances::Allowances;
use group::Group;
use identity::FileIdentities;
use livediff::Action;
use manifest::ResourceId;
use policies::{Finding, Label, RuleId, Severity, Unchecked};
use source::{FileId, Problem, SourceFiles};
use std::collections::{BTreeMap, BTreeSet};

/// The rule of an allowance that matches nothing.
pub(crate) const ALLOW_UNUSED: &str = "allow-unused";
/// The rule of an allowance whose last day is over.
pub(crate) const ALLOW_EXPIRED: &str = "allow-expired";

/// What came of one environment.
#[derive(Debug)]
pub(crate) struct EnvironmentOutcome {
    pub(crate) summary: EnvironmentSummary,
    pub(crate) findings: Vec<Finding>,
    pub(crate) changes: Vec<ReportedChange>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) unchecked: Vec<Unchecked>,
    /// The text of `keelcheck.dev/allow` of each object that has it.
    pub(crate) annotations: BTreeMap<ResourceId, String>,
    /// Where these annotations are written; those without a place are never called unused.
    pub(crate) annotation_places: BTreeMap<ResourceId, Label>,
    /// The rules that were selected; what they could not check is in `unchecked`.
    pub(crate) rules_ran: Vec<RuleId>,
    /// The files whose comments may allow: values files at least. Those of primary places need not be listed.
    pub(crate) files: Vec<FileId>,
}

/// What triage needs to know besides the findings.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TriageOptions<'a> {
    /// `allow` of keelcheck.yaml.
    pub(crate) allow: &'a [Allowance],
    pub(crate) baseline: Option<&'a Baseline>,
    /// Seconds since the Unix epoch. An allowance ends with its last day, in UTC.
    pub(crate) now: i64,
    /// Only some environments of keelcheck.yaml were selected: an allowance may be for one of the others, so that
    /// none is called unused.
    pub(crate) partial: bool,
    /// The severities of `allow-unused` and `allow-expired`.
    pub(crate) severities: AllowanceSeverities,
    /// All rule ids, those of packs and those that are switched off included; empty where they are not known.
    pub(crate) known_rules: &'a [&'a str],
}

/// How bad allowances without effect are; None where the rule is off or not selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AllowanceSeverities {
    pub(crate) unused: Option<Severity>,
    pub(crate) expired: Option<Severity>,
}

impl Default for AllowanceSeverities {
    fn default() -> Self {
        Self {
            unused: Some(Severity::Warning),
            expired: Some(Severity::Warning),
        }
    }
}

/// The content of a report.
#[derive(Debug)]
pub(crate) struct Triaged {
    pub(crate) environments: Vec<EnvironmentSummary>,
    pub(crate) findings: Vec<ReportedFinding>,
    /// What the baseline has: reported nowhere, but still there (a new baseline wants it).
    pub(crate) known: Vec<ReportedFinding>,
    pub(crate) changes: Vec<ReportedChange>,
    pub(crate) problems: Vec<ReportedProblem>,
    pub(crate) unchecked: Vec<ReportedUnchecked>,
    pub(crate) counts: Counts,
    /// The worst severity among the findings that are not allowed.
    pub(crate) worst: Option<Severity>,
}

/// Makes one report of all environments, which come in the order of keelcheck.yaml.
pub(crate) fn triage(
    mut input: Vec<EnvironmentOutcome>,
    options: &TriageOptions<'_>,
    files: &SourceFiles,
) -> Triaged {
    let mut identities = FileIdentities::new(files);
    let groups = groups(&mut input, options, &mut identities);
    let mut findings =
        fingerprint::with_fingerprints(group::in_order(groups, files), &input, files);
    let known = match options.baseline {
        Some(baseline) => findings
            .extract_if(.., |finding| baseline.has(&finding.fingerprint))
            .collect(),
        None => Vec::new(),
    };
    let mut triaged = Triaged {
        environments: Vec::new(),
        findings,
        known,
        changes: Vec::new(),
        problems: Vec::new(),
        unchecked: Vec::new(),
        counts: Counts::default(),
        worst: None,
    };
    input.into_iter().for_each(|outcome| triaged.add(outcome));
    triaged.count();
    triaged
}

/// Findings that are one, with what allows them, and the findings about allowances.
fn groups(
    input: &mut [EnvironmentOutcome],
    options: &TriageOptions<'_>,
    identities: &mut FileIdentities<'_>,
) -> Vec<Group> {
    let mut allowances = Allowances::collect(input, options, identities);
    let mut found: Vec<(usize, Finding, Option<Allowed>)> = Vec::new();
    for (environment, outcome) in input.iter_mut().enumerate() {
        for finding in std::mem::take(&mut outcome.findings) {
            let allowed = allowances.allow(environment, &finding, identities);
            found.push((environment, finding, allowed));
        }
    }
    for (environments, finding) in complaints::findings(&allowances, input, options, identities) {
        let each = environments
            .into_iter()
            .map(|environment| (environment, finding.clone(), None));
        found.extend(each);
    }
    // Groups list their environments in ascending order.
    found.sort_by_key(|(environment, ..)| *environment);
    group::grouped(found, identities)
}

impl Triaged {
    /// Takes over what stays with its environment.
    fn add(&mut self, outcome: EnvironmentOutcome) {
        let name = &outcome.summary.name;
        self.problems
            .extend(outcome.problems.into_iter().map(|problem| ReportedProblem {
                environment: Some(name.clone()),
                problem,
            }));
        // Said once for each environment, in the order of the rules' ids.
        let unchecked: BTreeSet<Unchecked> = outcome.unchecked.into_iter().collect();
        self.unchecked
            .extend(unchecked.into_iter().map(|unchecked| ReportedUnchecked {
                rule: unchecked.rule,
                environment: name.clone(),
                reason: unchecked.reason,
            }));
        self.changes.extend(outcome.changes);
        self.environments.push(outcome.summary);
    }

    fn count(&mut self) {
        let counts = &mut self.counts;
        for finding in &self.findings {
            let severity = finding.finding.severity;
            if finding.allowed.is_some() {
                counts.allowed += 1;
                continue;
            }
            self.worst = self.worst.max(Some(severity));
            match severity {
                Severity::Error => counts.error += 1,
                Severity::Warning => counts.warning += 1,
                Severity::Info => counts.info += 1,
            }
        }
        for change in &self.changes {
            match change.change.action {
                Action::Create => counts.create += 1,
                Action::Update => counts.update += 1,
                Action::Replace => counts.replace += 1,
                Action::Delete => counts.delete += 1,
                // The summary has no count of renames.
                Action::Rename => {}
            }
        }
    }
}
