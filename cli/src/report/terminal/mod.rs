//! For people: each finding with the lines that caused it, then what would change, then a summary.

use super::Options;
use super::escape;
use super::excerpt::{Excerpt, Excerpter, Marked};
use super::model::{Report, ReportedChange, ReportedFinding, ReportedProblem};
use super::places::{self, Located};
use super::values;
use livediff::{Action, FieldChange, Verdict};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use policies::Severity;
use source::Place;
use std::fmt;

/// Fields shown of one changed object.
const MOST_FIELDS: usize = 10;

/// The report; its last line is the summary.
pub(super) fn write(report: &Report<'_>, options: &Options<'_>) -> String {
    let mut page = Page {
        report,
        options,
        excerpter: Excerpter::new(report.files, options.secrets),
        handler: handler(options),
        out: String::new(),
    };
    for problem in &report.problems {
        page.problem(problem);
    }
    for finding in report
        .findings
        .iter()
        .filter(|finding| finding.allowed.is_none())
    {
        page.finding(finding);
    }
    page.changes();
    page.unchecked();
    let summary = page.paint(Paint::Bold, &places::summary(report));
    page.line(&summary);
    escape::without_workflow_commands(&page.out)
}

/// The card of one problem alone, for commands that print no report.
pub(super) fn problem(report: &Report<'_>, options: &Options<'_>) -> String {
    let mut page = Page {
        report,
        options,
        excerpter: Excerpter::new(report.files, options.secrets),
        handler: handler(options),
        out: String::new(),
    };
    for problem in &report.problems {
        page.problem(problem);
    }
    escape::without_workflow_commands(page.out.trim_end())
}

fn handler(options: &Options<'_>) -> GraphicalReportHandler {
    let theme = if options.colour {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    GraphicalReportHandler::new_themed(theme)
        // Narrower than this there is no room for text beside the frames.
        .with_width(options.width.max(40))
        .with_wrap_lines(options.width != usize::MAX)
        .with_break_words(false)
        .with_urls(false)
        .without_syntax_highlighting()
}

/// The report as far as it is written.
struct Page<'a> {
    report: &'a Report<'a>,
    options: &'a Options<'a>,
    excerpter: Excerpter<'a>,
    handler: GraphicalReportHandler,
    out: String,
}

impl Page<'_> {
    fn finding(&mut self, reported: &ReportedFinding) {
        let finding = &reported.finding;
        let severity = places::severity_name(finding.severity);
        let mut title = format!("{severity}[{}]", finding.rule);
        if let Some(object) = places::object_and_field(reported) {
            title.push_str(&format!(" {object}"));
        }
        if !reported.environments.is_empty() {
            title.push_str(&format!(
                " ({})",
                places::some_names(&reported.environments, 5)
            ));
        }
        let secrets = self.options.secrets;
        let text = |text: &str| places::finding_text(reported, text, &secrets);
        let mut card = Card::new(title, finding.severity, text(&finding.message));
        card.help = places::help(reported, self.report, &secrets);
        let primary = (&finding.primary.place, text(&finding.primary.message), true);
        let related = finding
            .related
            .iter()
            .map(|label| (&label.place, text(&label.message), false));
        self.card(card, std::iter::once(primary).chain(related));
    }

    fn problem(&mut self, reported: &ReportedProblem) {
        let problem = &reported.problem;
        let title = match &reported.environment {
            Some(environment) => format!("problem ({environment})"),
            None => "problem".to_owned(),
        };
        let secrets = self.options.secrets;
        let text = |text: &str| places::problem_text(reported, text, &secrets);
        let mut card = Card::new(title, Severity::Error, text(&problem.message));
        card.help = problem.help.as_deref().map(text);
        let primary = problem
            .place
            .iter()
            .map(|place| (place, String::new(), true));
        let notes = problem
            .notes
            .iter()
            .map(|note| (&note.place, text(&note.message), false));
        self.card(card, primary.chain(notes));
    }

    /// Draws a card with excerpts of its places; flags, which have no lines, are named under the message.
    fn card<'p>(
        &mut self,
        mut card: Card,
        places: impl Iterator<Item = (&'p Place, String, bool)>,
    ) {
        let mut marked = Vec::new();
        for (place, message, is_primary) in places {
            match place {
                Place::File(span) => marked.push(Marked {
                    span: *span,
                    message,
                    is_primary,
                }),
                Place::Flag { .. } => {
                    let flag = Located::of(place, self.report.files, &self.options.secrets).text();
                    let separator = if message.is_empty() { "" } else { ": " };
                    card.message
                        .push_str(&format!("\nat {flag}{separator}{message}"));
                }
            }
        }
        if !marked.is_empty() {
            card.excerpt = Some(self.excerpter.excerpt(&marked));
        }
        card.message = escape::lines(&card.message);
        card.help = card.help.as_deref().map(escape::lines);
        self.handler
            .render_report(&mut self.out, &card)
            .expect("a String takes every text");
        self.out.push('\n');
    }

    fn changes(&mut self) {
        if self.report.changes.is_empty() {
            return;
        }
        let changes = &self.report.changes;
        for group in changes.chunk_by(|change, next| change.environment == next.environment) {
            let title = format!("changes in {}", escape::one_line(&group[0].environment));
            let title = self.paint(Paint::Bold, &title);
            self.line(&title);
            for change in group {
                self.change(change);
            }
            self.out.push('\n');
        }
        self.line(&places::plan(self.report));
        self.out.push('\n');
    }

    fn change(&mut self, reported: &ReportedChange) {
        let change = &reported.change;
        let (symbol, paint) = match change.action {
            Action::Create => ("+", Paint::Green),
            Action::Update | Action::Rename => ("~", Paint::Yellow),
            Action::Replace => ("-/+", Paint::Red),
            Action::Delete => ("-", Paint::Red),
        };
        let mut text = format!(
            "{symbol:>5} {} {}",
            values::action_name(change.action),
            change.resource
        );
        if let Some(from) = &change.from {
            text.push_str(&format!(", was {from}"));
        }
        if change.hook {
            text.push_str(", hook");
        }
        if let Some(noise) = &change.noise {
            text.push_str(&format!(" (noise: {})", self.text(noise)));
        }
        let paint = if change.noise.is_some() {
            Paint::Dim
        } else {
            paint
        };
        let text = self.paint(paint, &escape::one_line(&text));
        self.line(&text);
        for (index, field) in change.fields.iter().take(MOST_FIELDS).enumerate() {
            self.field(field, reported.causes.get(index).and_then(Option::as_ref));
        }
        if change.fields.len() > MOST_FIELDS {
            self.line(&format!(
                "          {} more fields",
                change.fields.len() - MOST_FIELDS
            ));
        }
    }

    fn field(&mut self, field: &FieldChange, cause: Option<&Place>) {
        let secrets = &self.options.secrets;
        let mut text = format!(
            "{}: {}",
            field.path,
            values::transition(&field.before, &field.after, secrets)
        );
        match field.verdict {
            Verdict::Allowed => {}
            Verdict::Refused => text.push_str(", refused by the API server"),
            Verdict::Unknown => text.push_str(", verdict unknown"),
        }
        if let Some(cause) = cause {
            text.push_str(&format!(
                "  ({})",
                Located::of(cause, self.report.files, secrets).text()
            ));
        }
        if let Some(noise) = &field.noise {
            text.push_str(&format!(" (noise: {})", self.text(noise)));
        }
        let text = escape::one_line(&text);
        let text = if field.noise.is_some() {
            self.paint(Paint::Dim, &text)
        } else {
            text
        };
        self.line(&format!("          {text}"));
    }

    fn unchecked(&mut self) {
        let groups = places::unchecked_groups(self.report);
        if groups.is_empty() {
            return;
        }
        let title = self.paint(Paint::Bold, "not checked");
        self.line(&title);
        for group in groups {
            let names = places::some_names(&group.environments, 5);
            let line = format!(
                "      {}: {} ({names})",
                group.rule,
                self.text(group.reason)
            );
            self.line(&escape::one_line(&line));
        }
        self.out.push('\n');
    }

    fn text(&self, text: &str) -> String {
        self.options.secrets.text(text)
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn paint(&self, paint: Paint, text: &str) -> String {
        let code = match paint {
            _ if !self.options.colour => return text.to_owned(),
            Paint::Bold => "1",
            Paint::Dim => "2",
            Paint::Red => "31",
            Paint::Green => "32",
            Paint::Yellow => "33",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

#[derive(Clone, Copy)]
enum Paint {
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
}

/// A finding or a problem as miette draws it.
#[derive(Debug)]
struct Card {
    title: String,
    severity: Severity,
    message: String,
    help: Option<String>,
    excerpt: Option<(Excerpt, Vec<LabeledSpan>)>,
}

impl Card {
    fn new(title: String, severity: Severity, message: String) -> Self {
        Self {
            title: escape::one_line(&title),
            severity,
            message,
            help: None,
            excerpt: None,
        }
    }
}

impl fmt::Display for Card {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Card {}

impl Diagnostic for Card {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.title))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt
            .as_ref()
            .map(|(excerpt, _)| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.excerpt
            .as_ref()
            .map(|(_, labels)| Box::new(labels.iter().cloned()) as Box<dyn Iterator<Item = _>>)
    }
}

#[cfg(test)]
mod tests;
