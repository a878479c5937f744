//! `action.yml`: what a runner reads before it runs a script.

use crate::runner::action;
use std::collections::BTreeSet;
use std::fs;

#[test]
fn no_expression_is_pasted_into_a_command() {
    let text = fs::read_to_string(action().join("action.yml")).unwrap();
    let commands: Vec<&str> = text
        .lines()
        .filter(|line| line.trim_start().starts_with("run:"))
        .collect();
    assert_eq!(commands.len(), 3);
    for command in commands {
        assert!(!command.contains("${{"), "{command}");
    }
}

#[test]
fn every_script_is_run_and_every_variable_is_read() {
    let text = fs::read_to_string(action().join("action.yml")).unwrap();
    let mut scripts = String::new();
    for entry in fs::read_dir(action().join("scripts")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(text.contains(&format!("/scripts/{name}\"")), "{name}");
        scripts.push_str(&fs::read_to_string(path).unwrap());
    }
    let given: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("KEELCHECK_"))
        .collect();
    assert!(given.len() >= 10, "{given:?}");
    for name in given {
        assert!(scripts.contains(name), "{name}");
    }
}

#[test]
fn every_input_is_used_and_documented() {
    let text = fs::read_to_string(action().join("action.yml")).unwrap();
    let readme = fs::read_to_string(action().join("README.md")).unwrap();
    let inputs = text
        .split_once("\ninputs:\n")
        .unwrap()
        .1
        .split_once("\noutputs:\n")
        .unwrap()
        .0;
    let names: Vec<&str> = inputs
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.trim().strip_suffix(':'))
        .collect();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        assert!(
            text.contains(&format!("inputs.{name} ")),
            "{name} is not used"
        );
        assert!(
            readme.contains(&format!("| `{name}` |")),
            "{name} is not in the README"
        );
    }
}
