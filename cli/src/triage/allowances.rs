//! Everything that allows findings, and whether it did: comments, annotations, and `allow` of keelcheck.yaml.

use super::comment::{self, AllowComment, Meaning};
use super::identity::{FileIdentities, PlaceKey};
use super::{ALLOW_EXPIRED, ALLOW_UNUSED, EnvironmentOutcome, TriageOptions, annotation};
use crate::config::Allowance;
use crate::report::model::Allowed;
use crate::suggest;
use jiff::civil::Date;
use manifest::ResourceId;
use policies::{Finding, Label, PlaceKind, Severity};
use source::{FileId, Place, Span};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Allowances<'a> {
    config: Vec<ConfigAllowance<'a>>,
    /// By the file's first id.
    comments: BTreeMap<FileId, FileComments>,
    /// For each environment.
    annotations: Vec<BTreeMap<ResourceId, Vec<AnnotationEntry>>>,
}

struct ConfigAllowance<'a> {
    allowance: &'a Allowance,
    expired: bool,
    used: bool,
    /// A finding of the rule on an object that may have been meant.
    near: Option<String>,
}

struct FileComments {
    comments: Vec<AllowComment>,
    kind: PlaceKind,
    /// Comments (by index) with the rules that they did allow.
    used: BTreeSet<(usize, String)>,
    /// The environments that read the file.
    environments: BTreeSet<usize>,
}

struct AnnotationEntry {
    rule: String,
    reason: String,
    used: bool,
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
            expired: allowance.until.is_some_and(|until| today.is_some_and(|today| today > until)),
            used: false,
            near: None,
        });
        Self {
            config: config.collect(),
            comments: comments(input, identities),
            annotations: input.iter().map(|outcome| annotations(outcome, options.known_rules)).collect(),
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

    fn by_comment(&mut self, finding: &Finding, identities: &mut FileIdentities<'_>) -> Option<Allowed> {
        let (file, line) = identities.line(&finding.primary.place)?;
        let in_file = self.comments.get_mut(&file)?;
        let on_line = in_file.comments.iter().enumerate().filter(|(_, comment)| comment.line == line);
        let mut found = None;
        for (index, comment) in on_line {
            let Meaning::Allows { rules, reason } = &comment.meaning else { continue };
            if rules.iter().any(|rule| *rule == finding.rule) {
                in_file.used.insert((index, finding.rule.to_string()));
                found.get_or_insert_with(|| allowed("comment", reason));
            }
        }
        found
    }

    fn by_annotation(&mut self, environment: usize, finding: &Finding) -> Option<Allowed> {
        let entries = self.annotations.get_mut(environment)?.get_mut(finding.resource.as_ref()?)?;
        let mut found = None;
        for entry in entries.iter_mut().filter(|entry| entry.rule == finding.rule) {
            entry.used = true;
            found.get_or_insert_with(|| allowed("annotation", &entry.reason));
        }
        found
    }

    fn by_config(&mut self, finding: &Finding) -> Option<Allowed> {
        let mut found = None;
        let of_rule = self.config.iter_mut().filter(|config| config.allowance.rule == finding.rule);
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

    /// The findings about allowances without effect, each with the environments that it is about.
    pub(super) fn findings(
        &self,
        input: &[EnvironmentOutcome],
        options: &TriageOptions<'_>,
        identities: &mut FileIdentities<'_>,
    ) -> Vec<(Vec<usize>, Finding)> {
        let mut said = Said { input, options, findings: Vec::new() };
        for config in &self.config {
            said.config(config);
        }
        for (file, in_file) in &self.comments {
            said.comments(*file, in_file);
        }
        self.say_annotations(&mut said, identities);
        said.findings
    }

    /// An annotation that several environments render from one place is used if it is in one of them.
    fn say_annotations(&self, said: &mut Said<'_>, identities: &mut FileIdentities<'_>) {
        let mut places: BTreeMap<(PlaceKey, &str), (bool, Vec<usize>, &ResourceId, &Label)> = BTreeMap::new();
        for (environment, outcome) in said.input.iter().enumerate() {
            for (resource, entries) in &self.annotations[environment] {
                let Some(label) = outcome.annotation_places.get(resource) else { continue };
                for entry in entries {
                    let key = (identities.place(&label.place), entry.rule.as_str());
                    let place = places.entry(key).or_insert((false, Vec::new(), resource, label));
                    place.0 |= entry.used;
                    place.1.push(environment);
                }
            }
        }
        for ((_, rule), (used, mut environments, resource, label)) in places {
            environments.dedup();
            if !used {
                said.annotation(rule, &environments, resource, label);
            }
        }
    }
}

/// The day of a time in UTC.
fn today(now: i64) -> Option<Date> {
    let time = jiff::Timestamp::from_second(now).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn allowed(by: &str, reason: &str) -> Allowed {
    Allowed { by: by.to_owned(), reason: reason.to_owned() }
}

fn comments(
    input: &[EnvironmentOutcome],
    identities: &mut FileIdentities<'_>,
) -> BTreeMap<FileId, FileComments> {
    let mut comments: BTreeMap<FileId, FileComments> = BTreeMap::new();
    for (environment, outcome) in input.iter().enumerate() {
        let blamed = outcome.findings.iter().filter_map(|finding| match &finding.primary.place {
            Place::File(span) => Some(span.file),
            Place::Flag { .. } => None,
        });
        let files: BTreeSet<FileId> =
            outcome.files.iter().copied().chain(blamed).map(|file| identities.first(file)).collect();
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
        entries.map(|(rule, reason)| AnnotationEntry { rule, reason, used: false }).collect()
    };
    outcome.annotations.iter().map(|(resource, text)| (resource.clone(), entries(text))).collect()
}

fn matches(allowance: &Allowance, finding: &Finding) -> bool {
    let Some(wanted) = &allowance.resource else { return true };
    finding.resource.as_ref().is_some_and(|resource| resource.to_string() == *wanted)
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
        let object = allowance.resource.as_ref().map(|resource| format!(" for `{resource}`")).unwrap_or_default();
        if let Some(until) = allowance.until.filter(|_| config.expired) {
            let message = format!("the allowance of `{}`{object} ended on {until}", allowance.rule);
            let help = "mend what it allowed, or give it a new last day, or remove it".to_owned();
            self.push(all, About { rule: ALLOW_EXPIRED, message, help }, label);
        } else if !config.used {
            let Some(judged) = self.judged(&allowance.rule, &all) else { return };
            let message = format!("the allowance of `{}`{object} matches no finding", allowance.rule);
            let help = match &config.near {
                Some(near) => format!("the rule has a finding on `{near}`: name that object, or remove the allowance"),
                None => "remove it".to_owned(),
            };
            self.push(judged, About { rule: ALLOW_UNUSED, message, help }, label);
        }
    }

    fn comments(&mut self, file: FileId, in_file: &FileComments) {
        let readers: Vec<usize> = in_file.environments.iter().copied().collect();
        for (index, comment) in in_file.comments.iter().enumerate() {
            let span = Span { file, start: comment.span.start, end: comment.span.end };
            let label = Label {
                place: Place::File(span),
                kind: in_file.kind,
                message: String::new(),
                value: None,
            };
            let Meaning::Allows { rules, .. } = &comment.meaning else {
                let message = "the comment allows nothing, because it is not of the form that allows".to_owned();
                let help = "write it as `# keelcheck: allow(RULE): reason`".to_owned();
                self.push(readers.clone(), About { rule: ALLOW_UNUSED, message, help }, label);
                continue;
            };
            let unused = rules.iter().filter(|rule| !in_file.used.contains(&(index, (*rule).clone())));
            for rule in unused {
                self.unused_comment(rule, &readers, label.clone());
            }
        }
    }

    fn unused_comment(&mut self, rule: &str, readers: &[usize], label: Label) {
        if let Some(message) = self.unknown(rule) {
            let help = "`keelcheck rules` lists the rules".to_owned();
            self.push(readers.to_vec(), About { rule: ALLOW_UNUSED, message, help }, label);
        } else if let Some(judged) = self.judged(rule, readers) {
            let message = format!("the comment allows `{rule}`, and there is no such finding on its line");
            let help = "move it to the line that a finding names, or remove it".to_owned();
            self.push(judged, About { rule: ALLOW_UNUSED, message, help }, label);
        }
    }

    fn annotation(&mut self, rule: &str, environments: &[usize], resource: &ResourceId, label: &Label) {
        let (judged, message) = match self.unknown(rule) {
            Some(message) => (Some(environments.to_vec()), message),
            None => {
                let message = format!("the annotation allows `{rule}`, and {resource} has no such finding");
                (self.judged(rule, environments), message)
            }
        };
        if let Some(judged) = judged {
            let help = "remove it from the annotation `keelcheck.dev/allow`".to_owned();
            self.push(judged, About { rule: ALLOW_UNUSED, message, help }, label.clone());
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
        let is_complete = environments.iter().all(|index| self.input[*index].summary.checked);
        let ran = |index: &&usize| {
            let outcome = &self.input[**index];
            let is_unchecked = outcome.unchecked.iter().any(|unchecked| unchecked.rule == rule);
            outcome.rules_ran.iter().any(|id| id == rule) && !is_unchecked
        };
        let judged: Vec<usize> = environments.iter().filter(ran).copied().collect();
        (is_complete && !self.options.partial && !judged.is_empty()).then_some(judged)
    }

    fn push(&mut self, environments: Vec<usize>, about: About, primary: Label) {
        let Some(severity) = self.severity(about.rule).filter(|_| !environments.is_empty()) else { return };
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
        if rule == ALLOW_EXPIRED { severities.expired } else { severities.unused }
    }
}
