//! One finding for what several environments share, and the order of findings.

use super::identity::{FileIdentities, PlaceKey};
use crate::report::model::Allowed;
use manifest::ResourceId;
use policies::{Finding, Label, RuleId};
use source::{Place, SourceFiles};
use std::collections::BTreeMap;

/// Findings that agree in rule, resource, field and primary place.
#[derive(Debug)]
pub(super) struct Group {
    /// The worst of them; the first environment's among equals.
    pub(super) finding: Finding,
    /// Indices, ascending.
    pub(super) environments: Vec<usize>,
    /// Only where every one of them is allowed.
    pub(super) allowed: Option<Allowed>,
}

type Key = (RuleId, Option<ResourceId>, String, PlaceKey);

/// Brings together what is one. Findings come by environment, in ascending order.
pub(super) fn grouped(
    found: Vec<(usize, Finding, Option<Allowed>)>,
    identities: &mut FileIdentities<'_>,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    for (environment, finding, allowed) in found {
        let place = identities.place(&finding.primary.place);
        let key = (
            finding.rule.clone(),
            finding.resource.clone(),
            finding.field.clone(),
            place,
        );
        match known.get(&key) {
            Some(index) => groups[*index].join(environment, finding, allowed, identities),
            None => {
                known.insert(key, groups.len());
                groups.push(Group {
                    finding,
                    environments: vec![environment],
                    allowed,
                });
            }
        }
    }
    groups
}

impl Group {
    fn join(
        &mut self,
        environment: usize,
        mut finding: Finding,
        allowed: Option<Allowed>,
        identities: &mut FileIdentities<'_>,
    ) {
        let is_same_environment = self.environments.last() == Some(&environment);
        if !is_same_environment {
            self.environments.push(environment);
        }
        // One of them counts, so the group counts.
        if allowed.is_none() {
            self.allowed = None;
        }
        if finding.severity > self.finding.severity {
            std::mem::swap(&mut self.finding, &mut finding);
        }
        if is_same_environment {
            self.keep_message(&finding);
        }
        for label in finding.related {
            self.add_related(label, identities);
        }
    }

    /// Two findings of one environment that are one may say different things; neither gets lost.
    fn keep_message(&mut self, other: &Finding) {
        if other.message == self.finding.message {
            return;
        }
        let label = Label {
            message: other.message.clone(),
            ..other.primary.clone()
        };
        if !self.finding.related.contains(&label) {
            self.finding.related.push(label);
        }
    }

    fn add_related(&mut self, label: Label, identities: &mut FileIdentities<'_>) {
        let place = identities.place(&label.place);
        let is_known =
            self.finding.related.iter().any(|known| {
                known.message == label.message && identities.place(&known.place) == place
            });
        if !is_known {
            self.finding.related.push(label);
        }
    }
}

/// By first environment, file name, line and column (flags last), rule, resource, field, message.
pub(super) fn in_order(mut groups: Vec<Group>, files: &SourceFiles) -> Vec<Group> {
    groups.sort_by_cached_key(|group| {
        let finding = &group.finding;
        let place = match &finding.primary.place {
            Place::File(span) => {
                let (start, end) = files.positions(*span);
                (false, files.get(span.file).name.clone(), start, end)
            }
            Place::Flag { text } => (true, text.to_string(), ZERO, ZERO),
        };
        let about = (
            finding.resource.clone(),
            finding.field.clone(),
            finding.message.clone(),
        );
        (
            group.environments.first().copied(),
            place,
            finding.rule.clone(),
            about,
        )
    });
    groups
}

/// A flag has no line.
const ZERO: source::LineColumn = source::LineColumn { line: 0, column: 0 };
