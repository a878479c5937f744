//! Everything that allows findings, and whether it did: comments, annotations, and `allow` of keelcheck.yaml.

use super::comment::{self, AllowComment, Meaning};
use super::identity::FileIdentities;
use super::{EnvironmentOutcome, TriageOptions, annotation};
use crate::config::Allowance;
use crate::report::model::Allowed;
use jiff::civil::Date;
use manifest::ResourceId;
use policies::{Finding, PlaceKind};
use source::{FileId, Place};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Allowances<'a> {
    pub(super) config: Vec<ConfigAllowance<'a>>,
    /// By the file's first id.
    pub(super) comments: BTreeMap<FileId, FileComments>,
    /// For each environment.
    pub(super) annotations: Vec<BTreeMap<ResourceId, Vec<AnnotationEntry>>>,
}

pub(super) struct ConfigAllowance<'a> {
    pub(super) allowance: &'a Allowance,
    pub(super) expired: bool,
    pub(super) used: bool,
    /// A finding of the rule on an object that may have been meant.
    pub(super) near: Option<String>,
}

pub(super) struct FileComments {
    pub(super) comments: Vec<AllowComment>,
    pub(super) kind: PlaceKind,
    /// Comments (by index) with the rules that they did allow.
    pub(super) used: BTreeSet<(usize, String)>,
    /// The environments that read the file.
    pub(super) environments: BTreeSet<usize>,
}

pub(super) struct AnnotationEntry {
    pub(super) rule: String,
    pub(super) reason: String,
    pub(super) used: bool,
}

impl<'a> Allowances<'a> {
    /// Collects all allowances before any finding is judged.
    pub(super) fn collect(
        input: &[EnvironmentOutcome],
        options: &TriageOptions<'a>,
        identities: &mut FileIdentities<'_>,
    ) -> Self {
        let today = today(options.now);
        let config = options.allow.iter().map(|allowance| ConfigAllowance {
            allowance,
            expired: allowance
                .until
                .is_some_and(|until| today.is_some_and(|today| today > until)),
            used: false,
            near: None,
        });
        Self {
            config: config.collect(),
            comments: comments(input, identities),
            annotations: input
                .iter()
                .map(|outcome| annotations(outcome, options.known_rules))
                .collect(),
        }
    }

    /// What allows a finding, narrowest first. Everything that does is used.
    pub(super) fn allow(
        &mut self,
        environment: usize,
        finding: &Finding,
        identities: &mut FileIdentities<'_>,
    ) -> Option<Allowed> {
        let by_comment = self.by_comment(finding, identities);
        let by_annotation = self.by_annotation(environment, finding);
        let by_config = self.by_config(finding);
        by_comment.or(by_annotation).or(by_config)
    }

    fn by_comment(
        &mut self,
        finding: &Finding,
        identities: &mut FileIdentities<'_>,
    ) -> Option<Allowed> {
        let (file, line) = identities.line(&finding.primary.place)?;
        let in_file = self.comments.get_mut(&file)?;
        let on_line = in_file
            .comments
            .iter()
            .enumerate()
            .filter(|(_, comment)| comment.line == line);
        let mut found = None;
        for (index, comment) in on_line {
            let Meaning::Allows { rules, reason } = &comment.meaning else {
                continue;
            };
            if rules.iter().any(|rule| *rule == finding.rule) {
                in_file.used.insert((index, finding.rule.to_string()));
                found.get_or_insert_with(|| allowed("comment", reason));
            }
        }
        found
    }

    fn by_annotation(&mut self, environment: usize, finding: &Finding) -> Option<Allowed> {
        let entries = self
            .annotations
            .get_mut(environment)?
            .get_mut(finding.resource.as_ref()?)?;
        let mut found = None;
        for entry in entries
            .iter_mut()
            .filter(|entry| entry.rule == finding.rule)
        {
            entry.used = true;
            found.get_or_insert_with(|| allowed("annotation", &entry.reason));
        }
        found
    }

    fn by_config(&mut self, finding: &Finding) -> Option<Allowed> {
        let mut found = None;
        let of_rule = self
            .config
            .iter_mut()
            .filter(|config| config.allowance.rule == finding.rule);
        for config in of_rule.filter(|config| !config.expired) {
            if matches(config.allowance, finding) {
                config.used = true;
                found.get_or_insert_with(|| allowed("config", &config.allowance.reason));
            } else if config.near.is_none() {
                config.near = near(config.allowance, finding);
            }
        }
        found
    }
}

/// The day of a time in UTC.
fn today(now: i64) -> Option<Date> {
    let time = jiff::Timestamp::from_second(now).ok()?;
    Some(time.to_zoned_datetime(jiff::tz::TimeZone::UTC).date())
}

fn allowed(by: &str, reason: &str) -> Allowed {
    Allowed {
        by: by.to_owned(),
        reason: reason.to_owned(),
    }
}

fn comments(
    input: &[EnvironmentOutcome],
    identities: &mut FileIdentities<'_>,
) -> BTreeMap<FileId, FileComments> {
    let mut comments: BTreeMap<FileId, FileComments> = BTreeMap::new();
    for (environment, outcome) in input.iter().enumerate() {
        let blamed = outcome
            .findings
            .iter()
            .filter_map(|finding| match &finding.primary.place {
                Place::File(span) => Some(span.file),
                Place::Flag { .. } => None,
            });
        let files: BTreeSet<FileId> = outcome
            .files
            .iter()
            .copied()
            .chain(blamed)
            .map(|file| identities.first(file))
            .collect();
        for id in files {
            let in_file = comments.entry(id).or_insert_with(|| {
                let file = identities.file(id);
                FileComments {
                    comments: comment::read(&file),
                    kind: comment::kind_of(&file),
                    used: BTreeSet::new(),
                    environments: BTreeSet::new(),
                }
            });
            in_file.environments.insert(environment);
        }
    }
    comments
}

fn annotations(
    outcome: &EnvironmentOutcome,
    known_rules: &[&str],
) -> BTreeMap<ResourceId, Vec<AnnotationEntry>> {
    let entries = |text: &str| {
        let entries = annotation::read(text, known_rules).into_iter();
        entries
            .map(|(rule, reason)| AnnotationEntry {
                rule,
                reason,
                used: false,
            })
            .collect()
    };
    outcome
        .annotations
        .iter()
        .map(|(resource, text)| (resource.clone(), entries(text)))
        .collect()
}

fn matches(allowance: &Allowance, finding: &Finding) -> bool {
    let Some(wanted) = &allowance.resource else {
        return true;
    };
    finding
        .resource
        .as_ref()
        .is_some_and(|resource| resource.to_string() == *wanted)
}

/// The finding's object, if the allowance has the same kind and name and something else between them.
fn near(allowance: &Allowance, finding: &Finding) -> Option<String> {
    let resource = finding.resource.as_ref()?;
    let wanted = allowance.resource.as_ref()?;
    let kind = wanted.split('/').next()?;
    let name = wanted.rsplit('/').next()?;
    let is_near = resource.name == name && resource.kind.eq_ignore_ascii_case(kind);
    is_near.then(|| resource.to_string())
}
