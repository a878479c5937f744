//! `check.sh`: one run of the binary, reports, summary, exit code.

use crate::runner::Runner;
use std::fs;

/// Writes what it was called with to `arguments`, one a line, and a report into each file it was asked for.
const STUB: &str = r#"
printf '%s\n' "$@" >arguments
printf x >>calls
for argument in "$@"; do
  case $argument in
    --format=markdown=*) printf '<!-- keelcheck report -->\n### keelcheck\n' >"${argument#--format=markdown=}" ;;
    --format=*=*) printf '{}' >"${argument#--format=*=}" ;;
    --format=github) printf '::error file=values/prod.yaml,line=3::a finding\n' ;;
  esac
done
"#;

#[test]
fn one_run_writes_all_reports_and_keeps_the_exit_code() {
    let Some(mut runner) = with_stub(&format!("{STUB}exit 1\n")) else {
        return;
    };
    let run = runner
        .set(
            "KEELCHECK_FORMATS",
            "github\n  markdown \r\nsarif\n\njson=out.json\n",
        )
        .run("check.sh");
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.output("exit-code"), "1");
    assert!(
        run.log
            .contains("::error file=values/prod.yaml,line=3::a finding")
    );
    assert_eq!(run.summary, "<!-- keelcheck report -->\n### keelcheck\n");
    assert_eq!(fs::read_to_string(run.output("sarif")).unwrap(), "{}");
    assert_eq!(
        fs::read_to_string(run.output("markdown")).unwrap(),
        run.summary
    );
    assert!(runner.folder.join("workspace/out.json").exists());
    assert_eq!(
        fs::read_to_string(runner.folder.join("workspace/calls")).unwrap(),
        "x"
    );
}

#[test]
fn inputs_reach_the_binary_as_single_arguments() {
    let Some(mut runner) = with_stub(STUB) else {
        return;
    };
    fs::create_dir_all(runner.folder.join("workspace/a b")).unwrap();
    runner
        .set("KEELCHECK_WORKING_DIRECTORY", "a b")
        .set("KEELCHECK_CONFIG", "-rf $(touch pwned).yaml")
        .set("KEELCHECK_ENVIRONMENTS", "prod-eu\n  *  `touch pwned`\n")
        .set("KEELCHECK_FAIL_ON", "warning")
        .set("KEELCHECK_FORMATS", "github\nsarif=my reports.sarif");
    let run = runner.run("check.sh");
    assert_eq!(run.code, 0, "{run:?}");
    let arguments = fs::read_to_string(runner.folder.join("workspace/a b/arguments")).unwrap();
    let expected = [
        "check",
        "--config=-rf $(touch pwned).yaml",
        "--fail-on=warning",
        "--environment=prod-eu",
        "--environment=*",
        "--environment=`touch",
        "--environment=pwned`",
        "--format=github",
        "--format=sarif=my reports.sarif",
    ];
    assert_eq!(arguments.lines().collect::<Vec<_>>(), expected);
    assert!(run.output("sarif").ends_with("/a b/my reports.sarif"));
    assert_eq!(run.output("markdown"), "");
    assert!(!runner.folder.join("workspace/a b/pwned").exists());
}

#[test]
fn a_run_that_could_not_complete_says_so_and_has_no_old_report() {
    let Some(mut runner) = with_stub("printf 'keelcheck.yaml:3: unknown key\\n' >&2\nexit 2\n")
    else {
        return;
    };
    runner.write("workspace/old.md", "an older report");
    let run = runner
        .set("KEELCHECK_FORMATS", "github\nmarkdown=old.md")
        .run("check.sh");
    assert_eq!(
        (run.code, run.output("exit-code"), run.output("markdown")),
        (2, "2", "")
    );
    assert!(run.log.contains("keelcheck.yaml:3: unknown key"));
    assert!(
        run.log
            .contains("::error title=keelcheck::the check could not complete (exit code 2)")
    );
    assert_eq!(run.summary, "");
}

#[test]
fn commands_in_error_texts_are_not_obeyed() {
    let Some(runner) = with_stub("printf '::set-output name=x::y\\n' >&2\nexit 2\n") else {
        return;
    };
    let run = runner.run("check.sh");
    let lines: Vec<&str> = run.log.lines().collect();
    let hostile = lines
        .iter()
        .position(|line| line.starts_with("::set-output"))
        .unwrap();
    let token = lines[hostile - 1]
        .strip_prefix("::stop-commands::")
        .unwrap();
    assert!(
        token.len() >= 32 && token.chars().all(|letter| letter.is_ascii_hexdigit()),
        "{token}"
    );
    let resumed = format!("::{token}::");
    assert!(lines[hostile..].contains(&resumed.as_str()), "{run:?}");
}

#[test]
fn a_report_over_the_summarys_limit_is_replaced_by_a_sentence() {
    let stub = r#"
for argument in "$@"; do
  [[ $argument == --format=markdown=* ]] && head -c 1048577 /dev/zero | tr '\0' x >"${argument#--format=markdown=}"
done
exit 0
"#;
    let Some(mut runner) = with_stub(stub) else {
        return;
    };
    let run = runner.set("KEELCHECK_FORMATS", "markdown").run("check.sh");
    assert_eq!(run.code, 0);
    assert!(
        run.summary.contains("larger than a step summary may be"),
        "{}",
        run.summary.len()
    );
    assert!(run.summary.len() < 1000);
}

#[test]
fn the_summary_can_be_switched_off() {
    let Some(mut runner) = with_stub(STUB) else {
        return;
    };
    runner
        .set("KEELCHECK_FORMATS", "markdown")
        .set("KEELCHECK_SUMMARY", "false");
    assert_eq!(runner.run("check.sh").summary, "");
}

#[test]
fn inputs_that_make_no_sense_end_with_2_before_any_work() {
    let cases = [
        ("KEELCHECK_FAIL_ON", "fatal", "fail-on"),
        ("KEELCHECK_FORMATS", "--now", "formats"),
        ("KEELCHECK_FORMATS", "markdwon", "formats"),
        (
            "KEELCHECK_WORKING_DIRECTORY",
            "missing",
            "working-directory",
        ),
        (
            "KEELCHECK_WORKING_DIRECTORY",
            ".\nexit-code=0",
            "working-directory",
        ),
    ];
    for (name, value, named) in cases {
        let Some(mut runner) = with_stub(STUB) else {
            return;
        };
        let run = runner.set(name, value).run("check.sh");
        assert_eq!(
            (run.code, run.output("exit-code")),
            (2, "2"),
            "{value:?}: {run:?}"
        );
        assert!(
            run.log
                .contains(&format!("::error title=keelcheck::input {named}")),
            "{run:?}"
        );
        assert!(!runner.folder.join("workspace/calls").exists());
    }
}

#[test]
fn the_real_binary_checks_a_real_project() {
    let Some(mut runner) = Runner::new() else {
        return;
    };
    runner.write(
        "workspace/charts/ui/Chart.yaml",
        "apiVersion: v2\nname: ui\nversion: 1.0.0\n",
    );
    runner.write("workspace/charts/ui/values.yaml", "replicas: 1\n");
    runner.write("workspace/charts/ui/templates/ui.yaml", REAL_TEMPLATE);
    runner.write("workspace/values/prod.yaml", "replicas: 3\n");
    runner.write(
        "workspace/keelcheck.yaml",
        "version: 1\nenvironments:\n  prod:\n    chart: charts/ui\n    release: ui\n    namespace: web\n    values: [values/prod.yaml]\n",
    );
    runner.set("KEELCHECK_BINARY", env!("CARGO_BIN_EXE_keelcheck"));
    runner
        .set("KEELCHECK_FORMATS", "github\nmarkdown\nsarif")
        .set("KEELCHECK_FAIL_ON", "warning");
    let run = runner.run("check.sh");
    assert_eq!((run.code, run.output("exit-code")), (1, "1"), "{run:?}");
    let annotation = run
        .log
        .lines()
        .find(|line| line.contains("pdb-missing"))
        .unwrap();
    assert!(
        annotation.starts_with("::warning ") && annotation.contains("file=values/prod.yaml,line=1"),
        "{annotation}"
    );
    assert!(run.summary.contains("pdb-missing"), "{}", run.summary);
    assert!(
        fs::read_to_string(run.output("sarif"))
            .unwrap()
            .contains("\"2.1.0\"")
    );

    let run = runner
        .set("KEELCHECK_ENVIRONMENTS", "no-such")
        .run("check.sh");
    assert_eq!((run.code, run.output("markdown")), (2, ""), "{run:?}");
    assert!(run.log.contains("no-such"));
}

const REAL_TEMPLATE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ui
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: ui}}
  template:
    metadata: {labels: {app: ui}}
    spec:
      containers: [{name: ui, image: registry.example.net/ui:1.0.0}]
";

fn with_stub(text: &str) -> Option<Runner> {
    let mut runner = Runner::new()?;
    let binary = runner.write_program("bin/keelcheck", text);
    runner.set("KEELCHECK_BINARY", &binary);
    Some(runner)
}
