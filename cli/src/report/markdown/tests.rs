//! The comment: valid at any size, and nothing in it is active.

use super::*;
use crate::report::sample::{self, with_options, with_sample};
use policies::Severity;
use source::SourceFiles;

/// What GitHub would choke on: over the limit, an open fold, a ragged table, text that is active.
fn assert_valid(text: &str) {
    assert!(text.len() <= MOST_BYTES, "{} bytes", text.len());
    assert!(text.starts_with(MARKER) && text.ends_with('\n'));
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>").count()
    );
    assert_eq!(text.matches("<!--").count(), 1);
    for line in text.lines() {
        if line.starts_with('|') {
            assert_eq!(line.matches('|').count(), 6, "{line}");
        }
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(
            !line.contains("@team") && !line.contains("](") && !line.contains("<b>"),
            "{line}"
        );
    }
}

#[test]
fn the_sample_as_a_whole() {
    with_sample(|report, options| {
        let text = write(report, &options.secrets);
        assert_valid(&text);
        insta::assert_snapshot!(text);
    });
}

#[test]
fn a_clean_report_still_has_the_marker_and_the_counts() {
    let files = SourceFiles::new();
    with_options(|options| {
        let text = write(&sample::clean(&files), &options.secrets);
        assert_eq!(
            text,
            "<!-- keelcheck report -->\n### keelcheck\n\n\
             **0 errors, 0 warnings, 0 info, 0 allowed; 1 environment**\n"
        );
    });
}

#[test]
fn a_report_of_any_size_stays_valid_below_the_limit_and_counts_what_is_cut() {
    for findings in [1, 19, 20, 21, 300, 400, 500, 3_000] {
        with_sample(|report, options| {
            let files = SourceFiles::new();
            let ids = sample::Files::add(&files);
            let place = sample::at(&files, ids.overlay, "replicas: 3");
            let mut large = sample::clean(&files);
            let hostile = &report.findings[4].finding;
            large.findings = (0..findings)
                .map(|number| sample::numbered(number, Severity::Error, place.clone()))
                .collect();
            for finding in &mut large.findings {
                finding.finding.message.clone_from(&hostile.message);
                finding.finding.help = hostile
                    .help
                    .as_ref()
                    .map(|help| format!("{help} {}", finding.fingerprint));
            }
            let text = write(&large, &options.secrets);
            assert_valid(&text);
            let rows = text
                .lines()
                .filter(|line| line.starts_with("| error"))
                .count();
            let more: usize = text
                .lines()
                .filter_map(|line| line.strip_suffix(" more findings")?.parse::<usize>().ok())
                .sum();
            assert_eq!(rows + more, findings);
        });
    }
}

#[test]
fn an_endless_problem_is_cut_and_says_how_much_is_missing() {
    let files = SourceFiles::new();
    let mut report = sample::clean(&files);
    let problem = source::Problem::new("é`<".repeat(30_000));
    report.problems = vec![
        ReportedProblem {
            environment: None,
            problem
        };
        100
    ];
    with_options(|options| {
        let text = write(&report, &options.secrets);
        assert_valid(&text);
        assert!(text.contains("88000 more characters") && text.contains(" more problems"));
    });
}
