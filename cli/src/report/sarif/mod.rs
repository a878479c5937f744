//! SARIF 2.1.0 for code scanning, within the limits of GitHub's upload.
//!
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>

#[cfg(test)]
mod tests;
mod wire;

use super::escape;
use super::model::{Report, ReportedFinding, ReportedProblem, RuleSummary};
use super::places::{self, Located};
use super::safe_json;
use super::secrets::Secrets;
use policies::Severity;
use source::Place;
use std::collections::BTreeMap;
use wire::{
    ArtifactLocation, AutomationDetails, Configuration, Driver, Help, Invocation, Location, Log,
    LogicalLocation, Message, Notification, PhysicalLocation, Region, ReportingDescriptor,
    ResultProperties, RuleReference, Run, SarifResult, Suppression, Tags, Tool,
};

/// Results of one run that GitHub takes.
const MOST_RESULTS: usize = 25_000;

/// Locations of one result that GitHub takes, the primary one included.
const MOST_LOCATIONS: usize = 1_000;

/// Where to send a reader when a flag is to blame and no file has to do with it: the root of the repository.
const NO_FILE: &str = ".";

/// One run, whatever the number of environments: a finding that several of them share is one result.
pub(super) fn write(report: &Report<'_>, secrets: &Secrets<'_>) -> Vec<u8> {
    let rules = RuleTable::of(report);
    let context = Context {
        report,
        secrets,
        rules: &rules,
    };
    let results: Vec<SarifResult<'_>> = report
        .findings
        .iter()
        .take(MOST_RESULTS)
        .map(|finding| context.result(finding))
        .collect();
    safe_json::to_bytes(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "keelcheck",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.descriptors(),
                },
            },
            automation_details: AutomationDetails {
                id: automation_id(report),
            },
            invocations: [Invocation {
                execution_successful: report.problems.is_empty(),
                tool_execution_notifications: context.notifications(),
            }],
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

/// The category of the upload: other environments are other categories, so that neither closes the other's alerts.
fn automation_id(report: &Report<'_>) -> String {
    let names: Vec<&str> = report
        .environments
        .iter()
        .map(|environment| environment.name.as_str())
        .collect();
    let joined = names.join("+");
    if joined.chars().count() <= 100 {
        return format!("keelcheck/{joined}/");
    }
    format!(
        "keelcheck/{}-environments-{:016x}/",
        names.len(),
        fnv1a(joined.as_bytes())
    )
}

/// A small hash that never changes: FNV-1a with 64 bits.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Every rule that ran, and those that findings name beside them (allowances are judged by triage).
struct RuleTable<'a> {
    rules: Vec<(&'a str, Option<&'a RuleSummary>, Severity)>,
    indices: BTreeMap<&'a str, usize>,
}

impl<'a> RuleTable<'a> {
    fn of(report: &'a Report<'_>) -> Self {
        let mut table = Self {
            rules: Vec::new(),
            indices: BTreeMap::new(),
        };
        for rule in &report.rules {
            table.add(&rule.id, Some(rule), rule.severity);
        }
        for finding in report.findings.iter().take(MOST_RESULTS) {
            table.add(&finding.finding.rule, None, finding.finding.severity);
        }
        table
    }

    fn add(&mut self, id: &'a str, summary: Option<&'a RuleSummary>, severity: Severity) {
        let rules = &mut self.rules;
        self.indices.entry(id).or_insert_with(|| {
            rules.push((id, summary, severity));
            rules.len() - 1
        });
    }

    fn descriptors(&self) -> Vec<ReportingDescriptor<'a>> {
        let descriptor =
            |(id, summary, severity): &(&'a str, Option<&'a RuleSummary>, Severity)| {
                ReportingDescriptor {
                    id,
                    short_description: message(summary.map_or(*id, |rule| rule.summary.as_str())),
                    help: summary
                        .filter(|rule| !rule.docs.is_empty())
                        .map(|rule| Help {
                            text: escape::lines(&rule.docs),
                            markdown: escape::lines(&rule.docs),
                        }),
                    default_configuration: Configuration {
                        level: level(*severity),
                    },
                    properties: Tags {
                        tags: vec!["kubernetes", "helm"],
                    },
                }
            };
        self.rules.iter().map(descriptor).collect()
    }
}

/// A plain text message: `[text](target)` would be a link even there.
fn message(text: &str) -> Message {
    Message {
        text: escape::lines(text).replace("](", "] ("),
    }
}

struct Context<'a> {
    report: &'a Report<'a>,
    secrets: &'a Secrets<'a>,
    rules: &'a RuleTable<'a>,
}

impl<'a> Context<'a> {
    fn result(&self, reported: &'a ReportedFinding) -> SarifResult<'a> {
        let finding = &reported.finding;
        SarifResult {
            rule_id: &finding.rule,
            rule_index: self.rules.indices[finding.rule.as_ref()],
            level: level(finding.severity),
            message: self.result_message(reported),
            locations: [self.primary_location(reported)],
            related_locations: self.related_locations(reported),
            partial_fingerprints: BTreeMap::from([("keelcheck/v1", reported.fingerprint.as_str())]),
            suppressions: reported
                .allowed
                .iter()
                .map(|allowed| self.suppression(&allowed.by, &allowed.reason))
                .collect(),
            properties: ResultProperties {
                environments: &reported.environments,
            },
        }
    }

    /// What, at which object, what to do; and the related places that had no room.
    fn result_message(&self, reported: &ReportedFinding) -> Message {
        let finding = &reported.finding;
        let mut text = places::finding_text(reported, &finding.message, self.secrets);
        if let Some(object) = places::object_and_field(reported) {
            text.push_str(&format!("\n{object}"));
            if !reported.environments.is_empty() {
                text.push_str(&format!(
                    " ({})",
                    places::some_names(&reported.environments, 5)
                ));
            }
        }
        if let Some(help) = places::help(reported, self.report, self.secrets) {
            text.push_str(&format!("\nhelp: {help}"));
        }
        if finding.related.len() >= MOST_LOCATIONS {
            text.push_str(&format!(
                "\n{} more related places",
                finding.related.len() - (MOST_LOCATIONS - 1)
            ));
        }
        message(&text)
    }

    /// A flag has no file, and an alert needs one: the nearest related file stands in, and the message names the flag.
    fn primary_location(&self, reported: &ReportedFinding) -> Location {
        let finding = &reported.finding;
        let places = std::iter::once(&finding.primary)
            .chain(&finding.related)
            .map(|label| &label.place);
        let mut location = places
            .filter_map(|place| self.file_location(place))
            .next()
            .unwrap_or_else(|| location(NO_FILE, None));
        location.logical_locations = finding
            .resource
            .iter()
            .map(|resource| LogicalLocation {
                name: escape::one_line(&resource.name),
                fully_qualified_name: escape::one_line(
                    &places::object_and_field(reported).unwrap_or_else(|| resource.to_string()),
                ),
                kind: "object",
            })
            .collect();
        location
    }

    fn related_locations(&self, reported: &ReportedFinding) -> Vec<Location> {
        let related = reported.finding.related.iter().take(MOST_LOCATIONS - 1);
        let located = related.filter_map(|label| {
            let mut location = self.file_location(&label.place)?;
            let text = places::finding_text(reported, &label.message, self.secrets);
            location.message = (!text.is_empty()).then(|| message(&text));
            Some(location)
        });
        located
            .enumerate()
            .map(|(index, location)| Location {
                id: Some(index + 1),
                ..location
            })
            .collect()
    }

    fn file_location(&self, place: &Place) -> Option<Location> {
        match Located::of(place, self.report.files, self.secrets) {
            Located::File { name, start, end } => {
                let region = Region {
                    start_line: start.line,
                    start_column: start.column,
                    end_line: end.line,
                    end_column: end.column,
                };
                Some(location(&name, Some(region)))
            }
            Located::Flag(_) => None,
        }
    }

    fn suppression(&self, by: &str, reason: &str) -> Suppression {
        Suppression {
            kind: if by == "config" {
                "external"
            } else {
                "inSource"
            },
            status: "accepted",
            justification: escape::lines(&self.secrets.text(reason)),
        }
    }

    /// Problems, what was not checked, and what had no room.
    fn notifications(&self) -> Vec<Notification<'a>> {
        let problems = self
            .report
            .problems
            .iter()
            .map(|problem| self.problem(problem));
        let unchecked = places::unchecked_groups(self.report)
            .into_iter()
            .map(|group| {
                let names = places::some_names(&group.environments, 5);
                let reason = self.secrets.text(group.reason);
                Notification {
                    level: "note",
                    message: message(&format!(
                        "{} was not checked: {reason} ({names})",
                        group.rule
                    )),
                    locations: Vec::new(),
                    associated_rule: Some(RuleReference { id: group.rule }),
                }
            });
        let more = self.report.findings.len().saturating_sub(MOST_RESULTS);
        let cut = (more > 0).then(|| Notification {
            level: "warning",
            message: message(&format!("{more} more findings are not listed")),
            locations: Vec::new(),
            associated_rule: None,
        });
        problems.chain(unchecked).chain(cut).collect()
    }

    fn problem(&self, reported: &ReportedProblem) -> Notification<'a> {
        let problem = &reported.problem;
        let mut text = places::problem_text(reported, &problem.message, self.secrets);
        if let Some(environment) = &reported.environment {
            text.push_str(&format!("\n({environment})"));
        }
        if let Some(help) = &problem.help {
            text.push_str(&format!(
                "\nhelp: {}",
                places::problem_text(reported, help, self.secrets)
            ));
        }
        Notification {
            level: "error",
            message: message(&text),
            locations: problem
                .place
                .iter()
                .filter_map(|place| self.file_location(place))
                .collect(),
            associated_rule: None,
        }
    }
}

fn location(file: &str, region: Option<Region>) -> Location {
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: escape::relative_uri(file),
                uri_base_id: "%SRCROOT%",
            },
            region,
        },
        logical_locations: Vec::new(),
        message: None,
    }
}
