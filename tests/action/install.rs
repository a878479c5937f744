//! `install.sh`: which binary is taken, and what is refused.

use crate::runner::{Runner, action};
use std::path::Path;

#[test]
fn the_named_binary_is_taken_relative_to_the_workspace() {
    let Some(mut runner) = Runner::new() else {
        return;
    };
    let path = runner.write_program("workspace/tools/keelcheck", "echo 'keelcheck 1.2.3'\n");
    let run = runner
        .set("KEELCHECK_BINARY", "tools/keelcheck")
        .set("KEELCHECK_VERSION", "1.2.3")
        .run("install.sh");
    assert_eq!(
        (run.code, run.output("binary")),
        (0, path.as_str()),
        "{run:?}"
    );
}

#[test]
fn the_binary_on_the_path_is_next() {
    let Some(mut runner) = Runner::new() else {
        return;
    };
    let path = runner.write_program("bin/keelcheck", "echo 'keelcheck 1.2.3'\n");
    let search = format!(
        "{}:{}",
        runner.folder.join("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let run = runner.set("PATH", &search).run("install.sh");
    assert_eq!(
        (run.code, run.output("binary")),
        (0, path.as_str()),
        "{run:?}"
    );
}

#[test]
fn without_a_binary_it_is_built_from_the_actions_own_commit() {
    let Some(mut runner) = Runner::new() else {
        return;
    };
    runner.write_program("bin/cargo", "printf '%s\\n' \"$PWD\" \"$@\"\n");
    let search = format!("{}:/usr/bin:/bin", runner.folder.join("bin").display());
    let run = runner.set("PATH", &search).run("install.sh");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.log.contains("--locked\n--package\nkeelcheck\n"),
        "{run:?}"
    );
    let root = action().join("..").canonicalize().unwrap();
    let built_in = Path::new(run.log.lines().next().unwrap());
    assert_eq!(built_in.canonicalize().unwrap(), root, "{run:?}");
    assert!(run.output("binary").ends_with("/release/keelcheck"));
}

#[test]
fn the_real_binary_has_the_version_it_says() {
    let Some(mut runner) = Runner::new() else {
        return;
    };
    runner.set("KEELCHECK_BINARY", env!("CARGO_BIN_EXE_keelcheck"));
    let run = runner
        .set("KEELCHECK_VERSION", env!("CARGO_PKG_VERSION"))
        .run("install.sh");
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn wrong_inputs_end_with_2() {
    let cases = [
        (
            "tools/keelcheck",
            "latest",
            "input version is not of the form",
        ),
        (
            "tools/keelcheck",
            "1.2.3; rm -rf /",
            "input version is not of the form",
        ),
        (
            "tools/keelcheck",
            "1.2.4",
            "the binary is not version 1.2.4",
        ),
        ("tools/missing", "", "input binary names no executable file"),
        ("tools", "", "input binary names no executable file"),
        (
            "tools/keelcheck\nbinary=/bin/sh",
            "",
            "input binary is not one path",
        ),
    ];
    for (binary, version, said) in cases {
        let Some(mut runner) = Runner::new() else {
            return;
        };
        runner.write_program("workspace/tools/keelcheck", "echo 'keelcheck 1.2.3'\n");
        let run = runner
            .set("KEELCHECK_BINARY", binary)
            .set("KEELCHECK_VERSION", version)
            .run("install.sh");
        assert_eq!((run.code, run.outputs.as_str()), (2, ""), "{run:?}");
        assert!(
            run.log
                .contains(&format!("::error title=keelcheck::{said}")),
            "{run:?}"
        );
    }
}
