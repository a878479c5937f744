//! A pull request comment, also good for a step summary: counts first, long parts folded, never over the limit.

#[cfg(test)]
mod tests;

use super::escape::{self, markdown, markdown_code, markdown_lines, markdown_text};
use super::model::{Report, ReportedChange, ReportedFinding, ReportedProblem};
use super::places::{self, Located};
use super::secrets::Secrets;
use super::values;
use source::Place;
use std::collections::BTreeSet;

/// GitHub's comments hold 65,536 characters; the difference is for what a workflow puts around ours. Counted in
/// bytes, which are never fewer.
const MOST_BYTES: usize = 61_000;

/// By this a workflow finds the comment that it has to update.
const MARKER: &str = "<!-- keelcheck report -->";

/// Findings that are shown unfolded.
const MOST_UNFOLDED: usize = 20;

/// Fields shown of one changed object.
const MOST_FIELDS: usize = 10;

/// The longest text of one cell or list item, in characters.
const LONGEST_TEXT: usize = 500;

/// Problems carry whole error texts of Helm.
const LONGEST_PROBLEM: usize = 2_000;

/// The comment. What had no room is counted where it would have stood.
pub(super) fn write(report: &Report<'_>, secrets: &Secrets<'_>) -> String {
    let context = Context { report, secrets };
    let mut out = format!(
        "{MARKER}\n### keelcheck\n\n**{}**\n",
        places::summary(report)
    );
    if !report.changes.is_empty() {
        out.push_str(&format!("\n{}\n", places::plan(report)));
    }
    let sections: Vec<Section> = context
        .sections()
        .into_iter()
        .filter(|section| !section.items.is_empty())
        .collect();
    let frames: usize = sections.iter().map(Section::frame_bytes).sum();
    let mut room = MOST_BYTES.saturating_sub(out.len() + frames);
    for section in sections {
        section.write(&mut out, &mut room);
    }
    out
}

/// A run of table rows or list items between a fixed opening and closing.
struct Section {
    open: String,
    /// Each ends with a line break.
    items: Vec<String>,
    close: &'static str,
    /// What is counted where items had no room.
    noun: &'static str,
}

impl Section {
    fn plain(title: &str, items: Vec<String>, noun: &'static str) -> Self {
        Self {
            open: format!("\n#### {title}\n\n"),
            items,
            close: "",
            noun,
        }
    }

    fn folded(summary: &str, items: Vec<String>, noun: &'static str) -> Self {
        let open = format!(
            "\n<details><summary>{}</summary>\n\n",
            markdown_text(summary)
        );
        Self {
            open,
            items,
            close: "\n</details>\n",
            noun,
        }
    }

    fn with_table_head(mut self, head: &str) -> Self {
        self.open.push_str(head);
        self
    }

    /// What the section takes even if no item has room.
    fn frame_bytes(&self) -> usize {
        self.open.len() + self.close.len() + self.more(self.items.len()).len()
    }

    fn more(&self, left: usize) -> String {
        format!("\n{left} more {}\n", self.noun)
    }

    fn write(&self, out: &mut String, room: &mut usize) {
        out.push_str(&self.open);
        let mut written = 0;
        for item in &self.items {
            let Some(left) = room.checked_sub(item.len()) else {
                break;
            };
            *room = left;
            out.push_str(item);
            written += 1;
        }
        if written < self.items.len() {
            out.push_str(&self.more(self.items.len() - written));
        }
        out.push_str(self.close);
    }
}

const FINDINGS_HEAD: &str =
    "| severity | rule | object | place | finding |\n| --- | --- | --- | --- | --- |\n";

struct Context<'a> {
    report: &'a Report<'a>,
    secrets: &'a Secrets<'a>,
}

impl Context<'_> {
    /// In the order of the page, which is also the order in which room is given.
    fn sections(&self) -> Vec<Section> {
        let problems = self
            .report
            .problems
            .iter()
            .map(|problem| self.problem(problem))
            .collect();
        let is_open = |finding: &&ReportedFinding| finding.allowed.is_none();
        let open: Vec<&ReportedFinding> = self.report.findings.iter().filter(is_open).collect();
        let mut unfolded: Vec<String> = open.iter().map(|finding| self.finding(finding)).collect();
        let folded = unfolded.split_off(unfolded.len().min(MOST_UNFOLDED));
        let changes: Vec<String> = self
            .report
            .changes
            .iter()
            .map(|change| self.change(change))
            .collect();
        let allowed = self.allowed();
        let unchecked = self.unchecked();
        vec![
            Section::plain("Could not complete", problems, "problems"),
            Section::plain("Findings", unfolded, "findings").with_table_head(FINDINGS_HEAD),
            Section::folded(
                &format!("{} further findings", folded.len()),
                folded,
                "findings",
            )
            .with_table_head(FINDINGS_HEAD),
            Section::folded("What to do", self.remedies(&open), "remedies"),
            Section::folded(
                &places::count(changes.len(), "changed object"),
                changes,
                "changed objects",
            ),
            Section::folded(
                &format!("{} allowed", allowed.len()),
                allowed,
                "allowed findings",
            ),
            Section::folded("Not checked", unchecked, "reasons"),
        ]
    }

    fn problem(&self, reported: &ReportedProblem) -> String {
        let problem = &reported.problem;
        let text = |text: &str| places::problem_text(reported, text, self.secrets);
        let mut item = "- ".to_owned();
        if let Some(environment) = &reported.environment {
            item.push_str(&format!("**{}**: ", markdown_text(environment)));
        }
        item.push_str(&markdown_lines(&escape::cut(
            &text(&problem.message),
            LONGEST_PROBLEM,
        )));
        if let Some(place) = &problem.place {
            item.push_str(&format!(" ({})", self.place(place)));
        }
        if let Some(help) = &problem.help {
            item.push_str(&format!(
                "<br>{}",
                markdown_lines(&escape::cut(&text(help), LONGEST_TEXT))
            ));
        }
        item + "\n"
    }

    fn finding(&self, reported: &ReportedFinding) -> String {
        let finding = &reported.finding;
        let message = places::finding_text(reported, &finding.message, self.secrets);
        let environments = match reported.environments.as_slice() {
            [] => String::new(),
            names => format!(" ({})", markdown_text(&places::some_names(names, 5))),
        };
        format!(
            "| {} | {} | {} | {} | {}{environments} |\n",
            places::severity_name(finding.severity),
            markdown_code(&finding.rule),
            places::object_and_field(reported)
                .map(|object| markdown_code(&object))
                .unwrap_or_default(),
            self.place(&finding.primary.place),
            markdown(&escape::cut(&message, LONGEST_TEXT)),
        )
    }

    /// Each remedy once, however many findings share it.
    fn remedies(&self, findings: &[&ReportedFinding]) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut items = Vec::new();
        for reported in findings {
            let Some(help) = places::help(reported, self.report, self.secrets) else {
                continue;
            };
            let item = format!(
                "- {}: {}\n",
                markdown_code(&reported.finding.rule),
                markdown_lines(&escape::cut(&help, LONGEST_TEXT))
            );
            if seen.insert(item.clone()) {
                items.push(item);
            }
        }
        items
    }

    fn change(&self, reported: &ReportedChange) -> String {
        let change = &reported.change;
        let mut item = format!(
            "- {}: {} {}",
            markdown_text(&reported.environment),
            values::action_name(change.action),
            markdown_code(&change.resource.to_string())
        );
        if let Some(from) = &change.from {
            item.push_str(&format!(", was {}", markdown_code(&from.to_string())));
        }
        if change.hook {
            item.push_str(", hook");
        }
        if let Some(noise) = &change.noise {
            item.push_str(&format!(" (noise: {})", self.text(noise)));
        }
        item.push('\n');
        for (index, field) in change.fields.iter().take(MOST_FIELDS).enumerate() {
            let transition = values::transition(&field.before, &field.after, self.secrets);
            item.push_str(&format!(
                "  - {}: {}",
                markdown_code(&field.path),
                markdown_code(&transition)
            ));
            match field.verdict {
                livediff::Verdict::Allowed => {}
                livediff::Verdict::Refused => item.push_str(", refused by the API server"),
                livediff::Verdict::Unknown => item.push_str(", verdict unknown"),
            }
            if let Some(cause) = reported.causes.get(index).and_then(Option::as_ref) {
                item.push_str(&format!(" ({})", self.place(cause)));
            }
            if let Some(noise) = &field.noise {
                item.push_str(&format!(" (noise: {})", self.text(noise)));
            }
            item.push('\n');
        }
        if change.fields.len() > MOST_FIELDS {
            item.push_str(&format!(
                "  - {} more fields\n",
                change.fields.len() - MOST_FIELDS
            ));
        }
        item
    }

    fn allowed(&self) -> Vec<String> {
        let allowed = self
            .report
            .findings
            .iter()
            .filter_map(|finding| Some((finding, finding.allowed.as_ref()?)));
        let item = |(reported, allowed): (&ReportedFinding, &super::model::Allowed)| {
            format!(
                "- {} at {}, by {}: {}\n",
                markdown_code(&reported.finding.rule),
                self.place(&reported.finding.primary.place),
                markdown_text(&allowed.by),
                self.text(&allowed.reason)
            )
        };
        allowed.map(item).collect()
    }

    fn unchecked(&self) -> Vec<String> {
        let item = |group: places::UncheckedGroup<'_>| {
            let names = markdown_text(&places::some_names(&group.environments, 5));
            format!(
                "- {}: {} ({names})\n",
                markdown_code(group.rule),
                self.text(group.reason)
            )
        };
        places::unchecked_groups(self.report)
            .into_iter()
            .map(item)
            .collect()
    }

    fn text(&self, text: &str) -> String {
        markdown(&escape::cut(&self.secrets.text(text), LONGEST_TEXT))
    }

    fn place(&self, place: &Place) -> String {
        markdown_code(&Located::of(place, self.report.files, self.secrets).text())
    }
}
