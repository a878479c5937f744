//! Every keelcheck command of README.md runs as it stands there, in the demo project.

use super::run::{Scratch, keelcheck_with, repository};

#[test]
fn the_commands_of_the_readme_run() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("README.md");
    let scratch = Scratch::new("readme");
    let demo = super::run::keelcheck_in(scratch.path(), &["demo", "project"]);
    assert_eq!(demo.code, 1, "{}", demo.stderr);
    let project = scratch.path().join("project");
    let mut ran = 0;
    for command in commands(&readme) {
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        // A pipe from helm: the demo's live manifest stands in for the cluster.
        let input = std::fs::read_to_string(project.join("live/prod-eu/manifest.yaml"))
            .expect("the live manifest");
        let outcome = keelcheck_with(&project, &words, &input);
        assert!(
            outcome.code == 0 || outcome.code == 1,
            "{command}: exit {}: {}",
            outcome.code,
            outcome.stderr
        );
        ran += 1;
    }
    assert!(ran >= 5, "only {ran} commands were found in README.md");
}

/// Lines of shell blocks that call keelcheck, with continuations joined and `helm … |` cut off.
fn commands(readme: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let blocks = readme
        .split("```")
        .skip(1)
        .step_by(2)
        .filter(|block| block.starts_with("sh") || block.starts_with("bash"));
    for block in blocks {
        for line in block.replace("\\\n", " ").lines().skip(1) {
            let line = line.split(" #").next().unwrap_or_default();
            let line = line.rsplit(" | ").next().unwrap_or_default().trim();
            if line.starts_with("keelcheck ") {
                commands.push(line.to_owned());
            }
        }
    }
    commands
}
