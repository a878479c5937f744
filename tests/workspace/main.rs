//! The rules of the house that a machine can check: who depends on whom, and what every source file begins with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The table of ARCHITECTURE.md.
const MAY_USE: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("yaml", &["source"]),
    ("version", &[]),
    ("gotemplate", &["source", "yaml", "version"]),
    ("manifest", &["source", "yaml"]),
    (
        "chart",
        &["source", "yaml", "version", "gotemplate", "manifest"],
    ),
    ("livediff", &["source", "yaml", "manifest"]),
    (
        "policies",
        &["source", "yaml", "version", "manifest", "livediff"],
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn packages() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names: BTreeSet<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter();
            let ours = dependencies
                .filter(|dependency| dependency["kind"].is_null())
                .filter_map(|dependency| dependency["name"].as_str())
                .filter(|name| names.contains(name))
                .map(str::to_owned);
            (
                package["name"].as_str().expect("name").to_owned(),
                ours.collect(),
            )
        })
        .collect()
}

#[test]
fn crates_depend_only_downwards() {
    let packages = packages();
    for (name, allowed) in MAY_USE {
        let used = packages
            .get(*name)
            .unwrap_or_else(|| panic!("no crate {name}"));
        for dependency in used {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} must not use {dependency}"
            );
        }
    }
    let known: Vec<&str> = MAY_USE
        .iter()
        .map(|(name, _)| *name)
        .chain(["keelcheck", "oracle"])
        .collect();
    for name in packages.keys() {
        assert!(
            known.contains(&name.as_str()),
            "{name} is missing from the table of ARCHITECTURE.md"
        );
    }
}

#[test]
fn every_crate_below_the_cli_turns_the_ban_on_io_on() {
    for (name, _) in MAY_USE {
        let folder = if *name == "policies" {
            "policies".to_owned()
        } else {
            format!("crates/{name}")
        };
        let lib = root().join(folder).join("src/lib.rs");
        let text = std::fs::read_to_string(&lib).expect("lib.rs");
        assert!(
            text.contains("#![warn(clippy::disallowed_methods)]"),
            "{} does not",
            lib.display()
        );
    }
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
    {
        if entry.is_dir() {
            sources(&entry, into);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            into.push(entry);
        }
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let mut files = Vec::new();
    for folder in ["crates", "policies", "cli", "tests"] {
        sources(&root().join(folder), &mut files);
    }
    assert!(files.len() > 100, "only {} files found", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a text");
        assert!(
            text.starts_with("//!"),
            "{} does not begin with its purpose",
            file.display()
        );
    }
}

#[test]
fn files_named_in_the_documents_exist() {
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root().join(document)).expect(document);
        let named = text.split('`').skip(1).step_by(2).filter(|word| {
            [
                "crates/",
                "policies/",
                "cli/",
                "tests/",
                "fixtures/",
                "docs/",
            ]
            .iter()
            .any(|start| word.starts_with(start))
                && !word.contains(['<', '*', ' ', '{'])
                && *word != "crates/cluster"
        });
        for path in named {
            assert!(
                root().join(path).exists(),
                "{document} names {path}, which is not there"
            );
        }
    }
}
