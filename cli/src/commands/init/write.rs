//! The text of keelcheck.yaml. Names and paths come from a repository's files: whatever is no plain word is quoted.

use super::{Candidate, SetValue};
use std::fmt::{self, Write};

const HEAD: &str = "\
# Written by `keelcheck init`. An environment may also say what is known about its cluster:
#   live: FILE          what `helm get manifest` prints
#   capture: [FILE]     what `kubectl get nodes,pods,pdb -A -o json` prints
#   evidence: [FILE]    what `velero backup get -o json` prints
version: 1
";

pub(super) fn yaml(candidates: &[Candidate]) -> String {
    let mut text = HEAD.to_owned();
    text.push_str(if candidates.is_empty() {
        "environments: {}\n"
    } else {
        "environments:\n"
    });
    for candidate in candidates {
        // Writing to a String does not fail.
        let _ = write_candidate(&mut text, candidate);
    }
    text
}

fn write_candidate(out: &mut String, candidate: &Candidate) -> fmt::Result {
    if let Some(file) = &candidate.declared_in {
        writeln!(out, "  # from {}", one_line(file))?;
    }
    for remark in &candidate.remarks {
        writeln!(out, "  # {}", one_line(remark))?;
    }
    writeln!(out, "  {}:", scalar(&candidate.name))?;
    writeln!(out, "    chart: {}", scalar(&candidate.chart))?;
    writeln!(out, "    release: {}", scalar(&candidate.release))?;
    writeln!(out, "    namespace: {}", scalar(&candidate.namespace))?;
    if !candidate.values.is_empty() {
        writeln!(out, "    values:")?;
    }
    for file in &candidate.values {
        writeln!(out, "      - {}", scalar(file))?;
    }
    if !candidate.set.is_empty() {
        writeln!(out, "    set:")?;
    }
    for (path, value) in &candidate.set {
        writeln!(out, "      {}: {}", scalar(path), set_value(value))?;
    }
    Ok(())
}

fn set_value(value: &SetValue) -> String {
    match value {
        SetValue::Typed(text) if is_typed(text) => text.clone(),
        SetValue::Typed(text) | SetValue::Text(text) => scalar(text),
    }
}

/// What `--set` makes something else than a string of: `true`, `false`, `null`, and integers without a leading zero.
fn is_typed(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_integer = text.parse::<i64>().is_ok()
        && !text.starts_with('+')
        && (digits == "0" || !digits.starts_with('0'));
    matches!(text, "true" | "false" | "null") || is_integer
}

/// A string in YAML, quoted unless every reader takes it for one as it stands.
fn scalar(text: &str) -> String {
    let is_word = text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "-_./".contains(letter));
    let begins_well = text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    // YAML 1.1's other words for true, false and null.
    let means_something = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    if is_word && begins_well && !means_something {
        return text.to_owned();
    }
    quoted(text)
}

/// Double quotes, with the escapes that JSON and YAML share.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() || "\u{2028}\u{2029}\u{feff}".contains(letter) => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// A comment ends with its line, and so does a note.
pub(super) fn one_line(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() || "\u{2028}\u{2029}".contains(letter) {
                ' '
            } else {
                letter
            }
        })
        .collect()
}
