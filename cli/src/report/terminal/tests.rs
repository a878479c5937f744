//! The terminal report: what stands in it, and what never does.

use super::*;
use crate::report::sample::{self, with_options, with_sample};
use source::{FileKind, SourceFiles, Span};

#[test]
fn the_sample_as_a_whole() {
    with_sample(|report, options| insta::assert_snapshot!(write(report, options)));
}

#[test]
fn findings_name_rule_message_file_and_line_and_flags_as_typed() {
    with_sample(|report, options| {
        let text = write(report, options);
        for part in [
            "error[pdb-missing] Deployment/flux/ui spec.replicas (prod-eu, prod-us, stage)",
            "values/prod-eu.yaml:4:3",
            "charts/my ui%/templates/_ui.yaml:6:3",
            "at --set image.tag=latest",
            "at --set a=1,db.password=(hidden)",
            "2 more fields",
            "Plan: 1 to add, 2 to change, 1 to replace, 1 to destroy, 1 to rename",
        ] {
            assert!(text.contains(part), "lacks {part}");
        }
        let last = "4 errors, 2 warnings, 31 info, 1 allowed; 3 environments, 1 failed; 3 problems; 1 rule unchecked";
        assert_eq!(text.lines().next_back(), Some(last));
    });
}

#[test]
fn no_line_is_a_workflow_command() {
    with_sample(|report, options| {
        for width in [40, 60, 100, usize::MAX] {
            let text = write(report, &Options { width, ..*options });
            let command = text
                .lines()
                .find(|line| line.trim_start().starts_with("::") || line.contains("##["));
            assert_eq!(command, None);
        }
    });
}

#[test]
fn colours_change_nothing_but_colours() {
    with_sample(|report, options| {
        let plain = write(
            report,
            &Options {
                width: usize::MAX,
                ..*options
            },
        );
        let coloured = write(
            report,
            &Options {
                width: usize::MAX,
                colour: true,
                ..*options
            },
        );
        assert!(coloured.contains("\u{1b}["));
        let mut stripped = String::new();
        let mut parts = coloured.split("\u{1b}[");
        stripped.push_str(parts.next().unwrap());
        for part in parts {
            stripped.push_str(part.split_once('m').unwrap().1);
        }
        assert_eq!(stripped, plain);
    });
}

#[test]
fn without_a_width_no_message_is_wrapped() {
    with_sample(|report, options| {
        let mut report = sample::clean(report.files);
        let long = "word ".repeat(100).trim_end().to_owned();
        let mut finding = sample::numbered(
            1,
            Severity::Error,
            Place::Flag {
                text: "--set a=b".into(),
            },
        );
        finding.finding.message.clone_from(&long);
        report.findings.push(finding);
        assert!(
            write(
                &report,
                &Options {
                    width: usize::MAX,
                    ..*options
                }
            )
            .contains(&long)
        );
    });
}

/// The excerpt of one place, without the card around it.
fn excerpt(content: &[u8], start: usize, end: usize) -> String {
    let files = SourceFiles::new();
    let file = files.add("f.yaml", FileKind::Values, content);
    let mut report = sample::clean(&files);
    report.findings = vec![sample::numbered(
        1,
        Severity::Error,
        Place::File(Span::new(file, start, end)),
    )];
    let mut text = String::new();
    with_options(|options| text = write(&report, options));
    let lines: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.contains('╭'))
        .collect();
    let end = lines.iter().rposition(|line| line.contains('╰')).unwrap();
    lines[..=end].join("\n")
}

#[test]
fn excerpts_survive_odd_files() {
    let block = format!("a:\n{}z: 1\n", "  - x\n".repeat(40));
    let long = format!("{{\"k\": \"{}\", \"name\": \"x\"}}", "é".repeat(5_000));
    let name = long.find("\"name\"").unwrap();
    let text = [
        ("empty file", excerpt(b"", 0, 0)),
        ("past the end", excerpt(b"a: 1\n", 90, 99)),
        (
            "byte order mark",
            excerpt("\u{feff}a: 1\r\nb: 2\r\n".as_bytes(), 3, 7),
        ),
        ("no utf-8", excerpt(b"a: \xff\xfe1\n", 0, 6)),
        ("tabs and controls", excerpt(b"a:\t\x1b[31m1\n", 0, 9)),
        ("long block", excerpt(block.as_bytes(), 0, block.len() - 5)),
        ("long line", excerpt(long.as_bytes(), name, name + 11)),
        (
            "learned secret before the place",
            excerpt(b"a: [hunter2, b]\n", 13, 14),
        ),
        (
            "value of a secret key",
            excerpt(b"password: abc # x\n", 10, 13),
        ),
    ]
    .map(|(title, excerpt)| format!("{title}\n{excerpt}\n"))
    .join("\n");
    insta::assert_snapshot!(text);
}

#[test]
fn any_span_of_any_bytes_is_drawn_without_a_panic() {
    let content = "\u{feff}a: \"ü\"\r\n\r\npassword: |\n  x\n\n\t\u{1b}b: hunter2🚢\u{202e}\n# end"
        .as_bytes();
    for start in 0..=content.len() + 1 {
        for end in start..=content.len() + 1 {
            assert!(excerpt(content, start, end).contains("f.yaml:"));
        }
    }
}
