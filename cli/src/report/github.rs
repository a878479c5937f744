//! GitHub workflow commands: one annotation for each problem and finding, within GitHub's limits.

use super::escape;
use super::model::{Report, ReportedFinding, ReportedProblem};
use super::places::{self, Located};
use super::secrets::Secrets;
use policies::Severity;
use source::Place;

/// Annotations of one level that GitHub keeps of a step; it drops the others without a word.
///
/// <https://docs.github.com/en/actions/reference/limits>
const MOST_OF_A_LEVEL: usize = 10;

/// Problems first, then findings in the report's order; nothing but commands, one a line.
pub(super) fn write(report: &Report<'_>, secrets: &Secrets<'_>) -> String {
    let context = Context { report, secrets };
    let mut lines = Annotations::default();
    for problem in &report.problems {
        lines.add(Level::Error, || context.problem(problem));
    }
    for finding in report
        .findings
        .iter()
        .filter(|finding| finding.allowed.is_none())
    {
        let level = match finding.finding.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            Severity::Info => Level::Notice,
        };
        lines.add(level, || context.finding(finding));
    }
    lines.finish(places::unchecked_rules(report))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    Notice,
}

impl Level {
    const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    fn command(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// Lines within the limits, and how many had no room.
#[derive(Default)]
struct Annotations {
    lines: Vec<(Level, String)>,
    dropped: usize,
}

impl Annotations {
    fn add(&mut self, level: Level, line: impl FnOnce() -> String) {
        if self.count(level) < MOST_OF_A_LEVEL {
            self.lines.push((level, line()));
        } else {
            self.dropped += 1;
        }
    }

    fn count(&self, level: Level) -> usize {
        self.lines
            .iter()
            .filter(|(other, _)| *other == level)
            .count()
    }

    /// One further line says what was dropped and what was not checked. It counts against a limit itself.
    fn finish(mut self, unchecked: Option<String>) -> String {
        if self.dropped > 0 || unchecked.is_some() {
            let level = self.level_with_room();
            let more =
                (self.dropped > 0).then(|| format!("{} more in the full report", self.dropped));
            let said: Vec<String> = more.into_iter().chain(unchecked).collect();
            self.lines.push((
                level,
                format!("::{} title=keelcheck::{}", level.command(), said.join("; ")),
            ));
        }
        self.lines
            .into_iter()
            .map(|(_, line)| line + "\n")
            .collect()
    }

    /// The mildest level with room; where there is none, the last notice makes some.
    fn level_with_room(&mut self) -> Level {
        if let Some(level) = Level::ALL
            .into_iter()
            .rev()
            .find(|level| self.count(*level) < MOST_OF_A_LEVEL)
        {
            return level;
        }
        if let Some(last) = self
            .lines
            .iter()
            .rposition(|(level, _)| *level == Level::Notice)
        {
            self.lines.remove(last);
            self.dropped += 1;
        }
        Level::Notice
    }
}

struct Context<'a> {
    report: &'a Report<'a>,
    secrets: &'a Secrets<'a>,
}

impl Context<'_> {
    fn finding(&self, reported: &ReportedFinding) -> String {
        let finding = &reported.finding;
        let level = match finding.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            Severity::Info => Level::Notice,
        };
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
        self.command(level, &finding.rule, Some(&finding.primary.place), &text)
    }

    fn problem(&self, reported: &ReportedProblem) -> String {
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
        self.command(
            Level::Error,
            "keelcheck could not complete",
            problem.place.as_ref(),
            &text,
        )
    }

    fn command(&self, level: Level, title: &str, place: Option<&Place>, text: &str) -> String {
        let mut properties = vec![("title", title.to_owned())];
        if let Some(Located::File { name, start, end }) =
            place.map(|place| Located::of(place, self.report.files, self.secrets))
        {
            properties.push(("file", name));
            properties.push(("line", start.line.to_string()));
            properties.push(("endLine", end.line.to_string()));
            // GitHub takes columns only of a place within one line.
            if start.line == end.line {
                properties.push(("col", start.column.to_string()));
                properties.push(("endColumn", end.column.to_string()));
            }
        }
        let properties: Vec<String> = properties
            .iter()
            .map(|(key, value)| format!("{key}={}", escape::workflow_property(value)))
            .collect();
        format!(
            "::{} {}::{}",
            level.command(),
            properties.join(","),
            escape::workflow_data(text)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, with_options, with_sample};
    use source::SourceFiles;

    #[test]
    fn the_sample_as_a_whole() {
        with_sample(|report, options| insta::assert_snapshot!(write(report, &options.secrets)));
    }

    #[test]
    fn every_line_is_one_command_and_hostile_text_adds_none() {
        with_sample(|report, options| {
            let text = write(report, &options.secrets);
            for line in text.lines() {
                let level = line
                    .strip_prefix("::")
                    .and_then(|rest| rest.split(' ').next())
                    .unwrap();
                assert!(["error", "warning", "notice"].contains(&level), "{line}");
                let (properties, _) = line[2..].split_once("::").unwrap();
                assert!(properties.contains(" title="), "{line}");
            }
            assert!(
                text.contains("Deployment/flux/evil\\n::error::name"),
                "{text}"
            );
        });
    }

    #[test]
    fn columns_are_given_only_within_one_line() {
        with_sample(|report, options| {
            for line in write(report, &options.secrets)
                .lines()
                .filter(|line| line.contains("endLine="))
            {
                let number = |key: &str| {
                    let value = line.split_once(key).unwrap().1;
                    value
                        .split([',', ':'])
                        .next()
                        .unwrap()
                        .parse::<u32>()
                        .unwrap()
                };
                assert_eq!(
                    line.contains(",col="),
                    number(",line=") == number("endLine="),
                    "{line}"
                );
            }
        });
    }

    /// Numbers of findings by severity, and what has to come out.
    #[test]
    fn levels_stay_within_their_limits_and_one_line_counts_the_rest() {
        let files = SourceFiles::new();
        let ids = sample::Files::add(&files);
        let place = sample::at(&files, ids.overlay, "replicas: 3");
        for (numbers, levels, more) in [
            ([0, 0, 0], [0, 0, 0], None),
            ([10, 10, 10], [10, 10, 10], None),
            ([30, 0, 0], [10, 0, 1], Some("20 more")),
            ([0, 0, 30], [0, 1, 10], Some("20 more")),
            ([11, 12, 9], [10, 10, 10], Some("3 more")),
            ([11, 12, 13], [10, 10, 10], Some("7 more")),
        ] {
            let mut report = sample::clean(&files);
            for (severity, count) in [Severity::Error, Severity::Warning, Severity::Info]
                .into_iter()
                .zip(numbers)
            {
                report.findings.extend(
                    (0..count).map(|number| sample::numbered(number, severity, place.clone())),
                );
            }
            with_options(|options| {
                let text = write(&report, &options.secrets);
                let count = |command: &str| {
                    text.lines()
                        .filter(|line| line.starts_with(command))
                        .count()
                };
                assert_eq!(
                    [count("::error "), count("::warning "), count("::notice ")],
                    levels,
                    "{numbers:?}"
                );
                let said: Vec<&str> = text
                    .lines()
                    .filter(|line| line.contains(" more "))
                    .collect();
                assert_eq!(said.len(), usize::from(more.is_some()), "{said:?}");
                assert!(
                    said.iter().all(|line| line.contains(more.unwrap())),
                    "{said:?}"
                );
            });
        }
    }

    #[test]
    fn a_rule_that_could_not_look_is_said_even_if_nothing_was_found() {
        let files = SourceFiles::new();
        let mut report = sample::clean(&files);
        report.unchecked = vec![crate::report::model::ReportedUnchecked {
            rule: "skew-kubelet".into(),
            environment: "prod-eu".to_owned(),
            reason: "no cluster capture was given".to_owned(),
        }];
        with_options(|options| {
            assert_eq!(
                write(&report, &options.secrets),
                "::notice title=keelcheck::1 rule unchecked\n"
            );
        });
    }
}
