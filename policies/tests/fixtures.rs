//! Every built-in rule against its own fixtures (fixtures/rules/README.md), and nothing forgotten.

mod case;

use case::Case;
use policies::rules::{BUILT_IN, RuleEntry};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn rules_say_of_their_fixtures_what_is_expected() {
    let mut wrong = Vec::new();
    for entry in BUILT_IN {
        for folder in case_folders(entry.id()) {
            if let Err(message) = check_case(entry, &folder) {
                wrong.push(format!("{}: {message}", folder.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

#[test]
fn every_rule_has_flagged_and_accepted_fixtures() {
    let mut missing = Vec::new();
    for entry in BUILT_IN {
        let cases: Vec<String> = case_folders(entry.id())
            .iter()
            .map(|folder| name_of(folder))
            .collect();
        for verdict in ["flagged", "accepted"] {
            if !cases.iter().any(|case| case.starts_with(verdict)) {
                missing.push(format!("fixtures/rules/{}/{verdict}", entry.id()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn fixtures_belong_to_rules_and_have_known_verdicts() {
    let known: BTreeSet<&str> = BUILT_IN.iter().map(RuleEntry::id).collect();
    for rule in folders_in(&fixtures()) {
        let id = name_of(&rule);
        assert!(
            known.contains(id.as_str()),
            "no rule for fixtures/rules/{id}"
        );
        for case in folders_in(&rule) {
            let name = name_of(&case);
            let fits = name.starts_with("flagged") || name.starts_with("accepted");
            assert!(fits, "{} is neither flagged nor accepted", case.display());
        }
    }
}

#[test]
fn every_rule_file_is_registered_and_named_by_its_id() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .expect("the rules")
        .map(|entry| name_of(&entry.expect("an entry").path()))
        .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
        .filter(|name| name != "mod")
        .collect();
    let ids: BTreeSet<String> = BUILT_IN
        .iter()
        .map(|entry| entry.id().replace('-', "_"))
        .collect();
    assert_eq!(files, ids, "files and ids of rules differ");
}

#[test]
fn the_docs_of_every_rule_have_all_headings_and_examples() {
    let headings = [
        "What it checks",
        "Why it matters",
        "What to do",
        "Flagged",
        "Accepted",
    ];
    for entry in BUILT_IN {
        let docs: Vec<&str> = entry.meta.docs.lines().collect();
        for heading in headings {
            let at = docs
                .iter()
                .position(|line| *line == format!("## {heading}"));
            let at = at.unwrap_or_else(|| panic!("{}: no heading `{heading}`", entry.id()));
            let body = docs.get(at + 1).copied().unwrap_or_default();
            assert!(
                !body.trim().is_empty(),
                "{}: nothing under `{heading}`",
                entry.id()
            );
        }
        assert!(
            !entry.meta.summary.is_empty() && !entry.meta.inputs.is_empty(),
            "{}",
            entry.id()
        );
        assert!(
            !entry.meta.summary.ends_with('.'),
            "{}: the summary ends with a full stop",
            entry.id()
        );
    }
}

/// Err says what differs.
fn check_case(entry: &RuleEntry, folder: &Path) -> Result<(), String> {
    let case = Case::load(folder);
    let said = case.run(entry);
    let expected_file = folder.join("expected.txt");
    let update = std::env::var("UPDATE_EXPECT").ok();
    if update.is_some_and(|prefix| prefix == "all" || entry.id().starts_with(&prefix)) {
        write_expected(&expected_file, &said);
    }
    let expected: Vec<String> = fs::read_to_string(&expected_file)
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let findings = said
        .iter()
        .filter(|line| !line.starts_with("unchecked "))
        .count();
    let flagged = name_of(folder).starts_with("flagged");
    if flagged != (findings > 0) {
        return Err(format!("{findings} findings:\n{}", said.join("\n")));
    }
    if said != expected {
        return Err(format!(
            "said:\n{}\nexpected:\n{}",
            said.join("\n"),
            expected.join("\n")
        ));
    }
    Ok(())
}

fn write_expected(file: &Path, said: &[String]) {
    if said.is_empty() {
        // An accepted case needs no file; a stale one would only mislead.
        let _ = fs::remove_file(file);
    } else {
        fs::write(file, said.join("\n") + "\n").expect("expected.txt can be written");
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/rules")
}

fn case_folders(rule: &str) -> Vec<PathBuf> {
    folders_in(&fixtures().join(rule))
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
