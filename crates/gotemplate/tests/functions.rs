//! Functions of templates against what real sprig, Helm and Go give: rows in `tests/functions/*.txt`.
//!
//! A row is a line `in:  <template>` and a line `out: <text>`, or `err: <end of the message>`. Newlines are written
//! `\n`, backslashes `\\`. Every template is rendered with and without provenance, which must not change a byte.

mod common;

use common::{options, render};
use std::path::Path;
use yaml::Value;

struct Row {
    line: usize,
    template: String,
    expected: Result<String, String>,
}

fn rows(text: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut template = None;
    for (index, line) in text.lines().enumerate() {
        if let Some(source) = line.strip_prefix("in:  ") {
            template = Some(source.to_owned());
        } else if let Some((outcome, kind)) = line.get(5..).zip(line.get(..5)) {
            let expected = match kind {
                "out: " => Ok(unescaped(outcome)),
                "err: " => Err(unescaped(outcome)),
                _ => continue,
            };
            let template = template
                .take()
                .unwrap_or_else(|| panic!("line {}: no template", index + 1));
            rows.push(Row {
                line: index + 1,
                template,
                expected,
            });
        }
    }
    rows
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next() == Some('n') => out.push('\n'),
            '\\' => out.push('\\'),
            other => out.push(other),
        }
    }
    out
}

fn rendered(template: &str, provenance: bool) -> Result<String, String> {
    let rendering = render(
        &[("templates/t.yaml", template)],
        Value::default(),
        &options(provenance),
    );
    rendering
        .map(|rendering| String::from_utf8_lossy(&rendering.files[0].text).into_owned())
        .map_err(|error| error.message)
}

fn matches(actual: &Result<String, String>, expected: &Result<String, String>) -> bool {
    match (actual, expected) {
        (Ok(actual), Ok(expected)) => actual == expected,
        (Err(actual), Err(expected)) => actual.ends_with(expected),
        _ => false,
    }
}

#[test]
fn functions_give_what_the_real_ones_give() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/functions");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .collect();
    files.sort();
    let (mut count, mut failures) = (0, Vec::new());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("rows are UTF-8");
        for row in rows(&text) {
            for provenance in [false, true] {
                count += 1;
                let actual = rendered(&row.template, provenance);
                if !matches(&actual, &row.expected) {
                    let name = file.file_name().unwrap_or_default().display();
                    let Row {
                        line,
                        template,
                        expected,
                    } = &row;
                    failures.push(format!(
                        "{name}:{line}: {template}\n  want {expected:?}\n  got  {actual:?}"
                    ));
                }
            }
        }
    }
    assert!(count > 300, "only {count} rows were found");
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures.join("\n")
    );
}
