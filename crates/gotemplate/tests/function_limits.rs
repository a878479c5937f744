//! Templates that build endless or enormous values end with a clear error or with Go's, and soon.

mod common;

use common::{options, render};
use gotemplate::ErrorKind;
use yaml::Value;

/// Rendered text, or the error's kind and message.
fn outcome(template: &str) -> Result<String, (ErrorKind, String)> {
    let mut options = options(false);
    options.limits.memory_bytes = 64 << 20;
    let rendering = render(
        &[("templates/t.yaml", template)],
        Value::default(),
        &options,
    );
    rendering
        .map(|rendering| String::from_utf8_lossy(&rendering.files[0].text).into_owned())
        .map_err(|error| (error.kind, error.message))
}

/// A map that holds itself.
const CYCLE: &str = r#"{{ $a := dict "k" 1 }}{{ $_ := set $a "self" $a }}"#;

/// A map that is small in memory and has 2^60 leaves on paper.
const DOUBLED: &str =
    r#"{{ $a := dict "k" 1 }}{{ range until 60 }}{{ $a = dict "l" $a "r" $a }}{{ end }}"#;

#[test]
fn sizes_are_refused_before_they_are_built() {
    for template in [
        "{{ until 100000000 }}",
        "{{ untilStep 0 9223372036854775807 1 }}",
        "{{ untilStep -9223372036854775808 9223372036854775807 1 }}",
        "{{ seq 1 100000000 }}",
        "{{ seq -9223372036854775807 9223372036854775806 }}",
        r#"{{ $l := list 1 }}{{ range until 60 }}{{ $l = concat $l $l }}{{ end }}"#,
    ] {
        let outcome = outcome(template);
        assert!(
            matches!(outcome, Err((ErrorKind::Limit, _))),
            "{template}: {outcome:?}"
        );
    }
}

#[test]
fn values_that_hold_themselves_have_no_text() {
    for (action, expected) in [
        ("{{ toJson $a }}", ""),
        ("{{ toYaml $a }}", ""),
        ("{{ toYamlPretty $a }}", ""),
        ("{{ toPrettyJson $a }}", ""),
        ("{{ deepEqual $a $a }}", "true"),
        ("{{ has $a (list $a) }}", "true"),
        ("{{ len (uniq (list $a $a)) }}", "1"),
        ("{{ (index $a \"self\" \"self\" \"self\").k }}", "1"),
    ] {
        let template = format!("{CYCLE}{action}");
        assert_eq!(outcome(&template), Ok(expected.to_owned()), "{template}");
    }
    let error = outcome(&format!("{CYCLE}{{{{ mustToJson $a }}}}")).expect_err("no JSON");
    assert!(
        error
            .1
            .contains("json: unsupported value: encountered a cycle via map[string]interface {}"),
        "{error:?}"
    );
}

#[test]
fn copies_and_merges_of_values_that_hold_themselves_are_refused() {
    for action in [
        "{{ deepCopy $a }}",
        "{{ merge $a $a }}",
        "{{ mergeOverwrite $a $a }}",
        "{{ toToml $a }}",
    ] {
        let template = format!("{CYCLE}{action}");
        let outcome = outcome(&template);
        assert!(
            matches!(&outcome, Err((ErrorKind::Limit, _))),
            "{template}: {outcome:?}"
        );
    }
}

#[test]
fn values_that_are_endless_on_paper_are_refused() {
    for action in [
        "{{ toJson $a }}",
        "{{ toYaml $a }}",
        "{{ toToml $a }}",
        "{{ deepCopy $a }}",
        "{{ merge $a $a }}",
    ] {
        let template = format!("{DOUBLED}{action}");
        let outcome = outcome(&template);
        assert!(
            matches!(&outcome, Err((ErrorKind::Limit, _))),
            "{template}: {outcome:?}"
        );
    }
    let compared = format!(
        "{DOUBLED}{{{{ $b := dict \"l\" $a \"r\" $a }}}}{{{{ deepEqual $b (dict \"l\" $a \"r\" $a) }}}}"
    );
    assert_eq!(outcome(&compared), Ok("true".to_owned()));
}
