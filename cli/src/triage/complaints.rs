//! Findings about allowances without effect: unused, expired, not understood.

use super::allowances::{Allowances, ConfigAllowance, FileComments};
use super::comment::Meaning;
use super::identity::{FileIdentities, PlaceKey};
use super::{ALLOW_EXPIRED, ALLOW_UNUSED, EnvironmentOutcome, TriageOptions};
use crate::suggest;
use manifest::ResourceId;
use policies::{Finding, Label, PlaceKind, Severity};
use source::{FileId, Place, Span};
use std::collections::BTreeMap;

/// The findings about allowances, each with the environments that it is about. Every finding has been judged before.
pub(super) fn findings(
    allowances: &Allowances<'_>,
    input: &[EnvironmentOutcome],
    options: &TriageOptions<'_>,
    identities: &mut FileIdentities<'_>,
) -> Vec<(Vec<usize>, Finding)> {
    let mut said = Said {
        input,
        options,
        findings: Vec::new(),
    };
    for config in &allowances.config {
        said.config(config);
    }
    for (file, in_file) in &allowances.comments {
        said.comments(*file, in_file);
    }
    for ((_, rule), annotated) in annotated(allowances, input, identities) {
        if !annotated.used {
            said.annotation(rule, &annotated);
        }
    }
    said.findings
}

/// An annotation that several environments render from one place: it is used if it is used in one of them.
struct Annotated<'a> {
    used: bool,
    /// Indices, ascending.
    environments: Vec<usize>,
    resource: &'a ResourceId,
    label: &'a Label,
}

/// By place and rule.
fn annotated<'a>(
    allowances: &'a Allowances<'_>,
    input: &'a [EnvironmentOutcome],
    identities: &mut FileIdentities<'_>,
) -> BTreeMap<(PlaceKey, &'a str), Annotated<'a>> {
    let mut places: BTreeMap<(PlaceKey, &str), Annotated<'_>> = BTreeMap::new();
    for (environment, outcome) in input.iter().enumerate() {
        for (resource, entries) in &allowances.annotations[environment] {
            let Some(label) = outcome.annotation_places.get(resource) else {
                continue;
            };
            for entry in entries {
                let key = (identities.place(&label.place), entry.rule.as_str());
                let place = places.entry(key).or_insert_with(|| Annotated {
                    used: false,
                    environments: Vec::new(),
                    resource,
                    label,
                });
                place.used |= entry.used;
                if place.environments.last() != Some(&environment) {
                    place.environments.push(environment);
                }
            }
        }
    }
    places
}

/// Findings about allowances as they are said.
struct Said<'s> {
    input: &'s [EnvironmentOutcome],
    options: &'s TriageOptions<'s>,
    findings: Vec<(Vec<usize>, Finding)>,
}

/// What is said about one allowance.
struct About {
    rule: &'static str,
    message: String,
    help: String,
}

impl Said<'_> {
    fn config(&mut self, config: &ConfigAllowance<'_>) {
        let allowance = config.allowance;
        let all: Vec<usize> = (0..self.input.len()).collect();
        let label = Label {
            place: allowance.place.clone(),
            kind: PlaceKind::Config,
            message: String::new(),
            value: None,
        };
        let object = allowance
            .resource
            .as_ref()
            .map(|resource| format!(" for `{resource}`"))
            .unwrap_or_default();
        if let Some(until) = allowance.until.filter(|_| config.expired) {
            let message = format!(
                "the allowance of `{}`{object} ended on {until}",
                allowance.rule
            );
            let help = "mend what it allowed, or give it a new last day, or remove it".to_owned();
            self.push(
                all,
                About {
                    rule: ALLOW_EXPIRED,
                    message,
                    help,
                },
                label,
            );
        } else if !config.used {
            let Some(judged) = self.judged(&allowance.rule, &all) else {
                return;
            };
            let message = format!(
                "the allowance of `{}`{object} matches no finding",
                allowance.rule
            );
            let help = match &config.near {
                Some(near) => format!(
                    "the rule has a finding on `{near}`: name that object, or remove the allowance"
                ),
                None => "remove it".to_owned(),
            };
            self.push(
                judged,
                About {
                    rule: ALLOW_UNUSED,
                    message,
                    help,
                },
                label,
            );
        }
    }

    fn comments(&mut self, file: FileId, in_file: &FileComments) {
        let readers: Vec<usize> = in_file.environments.iter().copied().collect();
        for (index, comment) in in_file.comments.iter().enumerate() {
            let span = Span {
                file,
                start: comment.span.start,
                end: comment.span.end,
            };
            let label = Label {
                place: Place::File(span),
                kind: in_file.kind,
                message: String::new(),
                value: None,
            };
            let Meaning::Allows { rules, .. } = &comment.meaning else {
                let message =
                    "the comment allows nothing, because it is not of the form that allows"
                        .to_owned();
                let help = "write it as `# keelcheck: allow(RULE): reason`".to_owned();
                self.push(
                    readers.clone(),
                    About {
                        rule: ALLOW_UNUSED,
                        message,
                        help,
                    },
                    label,
                );
                continue;
            };
            let unused = rules
                .iter()
                .filter(|rule| !in_file.used.contains(&(index, (*rule).clone())));
            for rule in unused {
                self.unused_comment(rule, &readers, label.clone());
            }
        }
    }

    fn unused_comment(&mut self, rule: &str, readers: &[usize], label: Label) {
        if let Some(message) = self.unknown(rule) {
            let help = "`keelcheck rules` lists the rules".to_owned();
            self.push(
                readers.to_vec(),
                About {
                    rule: ALLOW_UNUSED,
                    message,
                    help,
                },
                label,
            );
        } else if let Some(judged) = self.judged(rule, readers) {
            let message =
                format!("the comment allows `{rule}`, and there is no such finding on its line");
            let help = "move it to the line that a finding names, or remove it".to_owned();
            self.push(
                judged,
                About {
                    rule: ALLOW_UNUSED,
                    message,
                    help,
                },
                label,
            );
        }
    }

    fn annotation(&mut self, rule: &str, annotated: &Annotated<'_>) {
        let Annotated {
            environments,
            resource,
            label,
            ..
        } = annotated;
        let (judged, message) = match self.unknown(rule) {
            Some(message) => (Some(environments.to_vec()), message),
            None => {
                let message =
                    format!("the annotation allows `{rule}`, and {resource} has no such finding");
                (self.judged(rule, environments), message)
            }
        };
        if let Some(judged) = judged {
            let help = "remove it from the annotation `keelcheck.dev/allow`".to_owned();
            self.push(
                judged,
                About {
                    rule: ALLOW_UNUSED,
                    message,
                    help,
                },
                (*label).clone(),
            );
        }
    }

    /// What is wrong with the id of a rule, where all ids are known.
    fn unknown(&self, rule: &str) -> Option<String> {
        let known = self.options.known_rules;
        if known.is_empty() || known.contains(&rule) {
            return None;
        }
        let hint = suggest::hint(rule, known.iter().copied());
        Some(format!("unknown rule `{rule}` is allowed{hint}"))
    }

    /// The environments in which an allowance could have matched; None where that cannot be said: the rule did not
    /// run, or a part of the rendering is missing, or an environment was not selected.
    fn judged(&self, rule: &str, environments: &[usize]) -> Option<Vec<usize>> {
        let is_complete = environments
            .iter()
            .all(|index| self.input[*index].summary.checked);
        let ran = |index: &&usize| {
            let outcome = &self.input[**index];
            let is_unchecked = outcome
                .unchecked
                .iter()
                .any(|unchecked| unchecked.rule == rule);
            outcome.rules_ran.iter().any(|id| id == rule) && !is_unchecked
        };
        let judged: Vec<usize> = environments.iter().filter(ran).copied().collect();
        (is_complete && !self.options.partial && !judged.is_empty()).then_some(judged)
    }

    fn push(&mut self, environments: Vec<usize>, about: About, primary: Label) {
        let Some(severity) = self
            .severity(about.rule)
            .filter(|_| !environments.is_empty())
        else {
            return;
        };
        let finding = Finding {
            rule: about.rule.into(),
            severity,
            resource: None,
            field: String::new(),
            message: about.message,
            help: Some(about.help),
            primary,
            related: Vec::new(),
        };
        self.findings.push((environments, finding));
    }

    fn severity(&self, rule: &str) -> Option<Severity> {
        let severities = self.options.severities;
        if rule == ALLOW_EXPIRED {
            severities.expired
        } else {
            severities.unused
        }
    }
}
