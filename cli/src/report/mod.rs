//! Reporters: pure functions from a [`Report`] to bytes. None of them decides severity, order or exit code.

mod escape;
mod excerpt;
mod github;
mod json;
mod markdown;
pub(crate) mod model;
mod places;
mod safe_json;
#[cfg(test)]
mod sample;
mod sarif;
mod secrets;
mod terminal;
mod values;

pub(crate) use secrets::Secrets;

use model::Report;
use std::fmt;
use std::str::FromStr;

/// A format that a report can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Format {
    /// For people: source excerpts and a summary.
    Terminal,
    /// GitHub workflow commands, which become annotations.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// A pull request comment or step summary.
    Markdown,
    /// The JSON report, version 1.
    Json,
}

/// How to write, for the formats that leave a choice.
pub(crate) struct Options<'a> {
    /// ANSI colours (terminal only).
    pub(crate) colour: bool,
    /// Columns to wrap text at (terminal only); `usize::MAX` where the output is no terminal: nothing is wrapped.
    pub(crate) width: usize,
    /// What is secret. Every free text of every format goes through it.
    pub(crate) secrets: Secrets<'a>,
}

/// The whole report in one format. The same report gives the same bytes.
pub(crate) fn write(format: Format, report: &Report<'_>, options: &Options<'_>) -> Vec<u8> {
    match format {
        Format::Terminal => terminal::write(report, options).into_bytes(),
        Format::Github => github::write(report, &options.secrets).into_bytes(),
        Format::Sarif => sarif::write(report, &options.secrets),
        Format::Markdown => markdown::write(report, &options.secrets).into_bytes(),
        Format::Json => json::write(report, &options.secrets),
    }
}

/// Where a problem lies, drawn for standard error; empty where it has no place and no help.
pub(crate) fn problem_excerpt(
    problem: &source::Problem,
    files: &source::SourceFiles,
    options: &Options<'_>,
) -> String {
    if problem.place.is_none() && problem.notes.is_empty() && problem.help.is_none() {
        return String::new();
    }
    let report = Report {
        environments: Vec::new(),
        findings: Vec::new(),
        changes: Vec::new(),
        problems: vec![model::ReportedProblem {
            environment: None,
            problem: problem.clone(),
        }],
        unchecked: Vec::new(),
        rules: Vec::new(),
        counts: model::Counts::default(),
        files,
    };
    terminal::problem(&report, options)
}

/// Why a word names no format that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormatError {
    /// The contract has it, this version does not.
    NotBuilt(String),
    Unknown {
        name: String,
        nearest: Option<&'static str>,
    },
}

impl fmt::Display for FormatError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuilt(name) => write!(out, "format `{name}` is not built yet"),
            Self::Unknown {
                name,
                nearest: Some(nearest),
            } => {
                write!(out, "unknown format `{name}`; did you mean `{nearest}`?")
            }
            Self::Unknown {
                name,
                nearest: None,
            } => {
                let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
                write!(
                    out,
                    "unknown format `{name}`; known formats are {}",
                    known.join(", ")
                )
            }
        }
    }
}

impl std::error::Error for FormatError {}

impl Format {
    /// Every format that can be written, in the order in which help texts list them.
    pub(crate) const ALL: [Self; 5] = [
        Self::Terminal,
        Self::Github,
        Self::Sarif,
        Self::Markdown,
        Self::Json,
    ];

    /// The word that `--format` takes.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Github => "github",
            Self::Sarif => "sarif",
            Self::Markdown => "markdown",
            Self::Json => "json",
        }
    }
}

/// Formats of the contract that this version cannot write.
const NOT_BUILT: [&str; 3] = ["junit", "gitlab", "html"];

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(name: &str) -> Result<Self, FormatError> {
        if let Some(format) = Self::ALL.into_iter().find(|format| format.name() == name) {
            return Ok(format);
        }
        if NOT_BUILT.contains(&name) {
            return Err(FormatError::NotBuilt(name.to_owned()));
        }
        Err(FormatError::Unknown {
            name: name.to_owned(),
            nearest: nearest_format(name),
        })
    }
}

/// The format whose name is fewest edits away, unless most of the word would have to change.
fn nearest_format(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let (edits, nearest) = Format::ALL
        .iter()
        .map(|format| (edit_distance(&name, format.name()), format.name()))
        .min()?;
    (edits <= (nearest.len() / 2).max(1)).then_some(nearest)
}

/// Levenshtein's distance, counted in characters.
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (taken, character) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = taken + 1;
        for (index, wanted) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(character != *wanted);
            diagonal = row[index + 1];
            row[index + 1] = replaced.min(row[index] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_reads_its_own_name() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
    }

    #[test]
    fn a_format_of_the_contract_that_is_missing_says_so() {
        for name in ["junit", "gitlab", "html"] {
            let error = name.parse::<Format>().unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("format `{name}` is not built yet")
            );
        }
    }

    #[test]
    fn a_misspelt_format_gets_the_nearest_name() {
        for (typed, nearest) in [
            ("sarfi", "sarif"),
            ("Terminal", "terminal"),
            ("jsn", "json"),
            ("git-hub", "github"),
            ("markdwon", "markdown"),
        ] {
            let error = typed.parse::<Format>().unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("unknown format `{typed}`; did you mean `{nearest}`?")
            );
        }
    }

    #[test]
    fn a_word_that_is_near_nothing_lists_the_formats() {
        let error = "checkstyle".parse::<Format>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown format `checkstyle`; known formats are terminal, github, sarif, markdown, json"
        );
    }

    #[test]
    fn every_format_gives_the_same_bytes_twice() {
        sample::with_sample(|report, options| {
            for format in Format::ALL {
                assert_eq!(
                    write(format, report, options),
                    write(format, report, options),
                    "{}",
                    format.name()
                );
            }
        });
    }

    #[test]
    fn no_format_lets_a_secret_or_a_control_character_through() {
        sample::with_sample(|report, options| {
            for format in Format::ALL {
                let text = String::from_utf8(write(format, report, options)).unwrap();
                for secret in sample::SECRETS {
                    assert!(!text.contains(secret), "{} shows {secret}", format.name());
                }
                let raw = text
                    .chars()
                    .find(|character| *character != '\n' && escape::is_unprintable(*character));
                assert_eq!(raw, None, "{}", format.name());
                assert!(!text.contains("##["), "{}", format.name());
            }
        });
    }

    #[test]
    fn every_format_ends_in_one_newline_and_names_rule_object_and_place() {
        sample::with_sample(|report, options| {
            for format in Format::ALL {
                let text = String::from_utf8(write(format, report, options)).unwrap();
                assert!(
                    text.ends_with('\n') && !text.ends_with("\n\n"),
                    "{}",
                    format.name()
                );
                for named in ["pdb-missing", "ui", "values/prod-eu.yaml"] {
                    assert!(text.contains(named), "{} lacks {named}", format.name());
                }
            }
        });
    }
}
