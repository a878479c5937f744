//! Printing against what `helm template` prints.

use super::*;
use crate::RenderedChart;
use gotemplate::HelmLine;

/// A rendering of files, as if by templates.
fn rendered(files: &[(&str, &str)], helm: HelmLine) -> RenderedChart {
    let file = |(name, text): &(&str, &str)| RenderedFile {
        name: (*name).into(),
        text: text.as_bytes().to_vec(),
        map: source::OutputMap::default(),
    };
    RenderedChart {
        files: files.iter().map(file).collect(),
        crds: vec![CrdFile {
            source: "c/crds/x.yaml".to_owned(),
            bytes: b"kind: CRD\n".as_slice().into(),
            file: FileId(0),
        }],
        tables: ProvTables::default(),
        read: Vec::new(),
        origins: OriginTable::default(),
        deleted: Vec::new(),
        values: Value::Null,
        warnings: Vec::new(),
        chart_name: "c".to_owned(),
        helm,
    }
}

const FILES: &[(&str, &str)] = &[
    (
        "c/templates/z.yaml",
        "\nkind: Widget\n---\nkind: Namespace\n",
    ),
    ("c/templates/a.yaml", "kind: ConfigMap\n\n"),
    ("c/templates/hook.yaml", HOOK),
    ("c/templates/tests/t.yaml", TEST),
    (
        "c/templates/unknown.yaml",
        "metadata:\n  annotations: {helm.sh/hook: crd-install}\n",
    ),
    ("c/templates/NOTES.txt", "not: [yaml"),
    ("c/templates/empty.yaml", " \n\t\n"),
    ("c/charts/s/templates/b.yaml", "kind: Deployment\n"),
];
const HOOK: &str = "kind: Job\nmetadata:\n  annotations: {helm.sh/hook: 'pre-install, POST-install', helm.sh/hook-weight: \"-5\"}\n";
const TEST: &str = "kind: Pod\nmetadata:\n  annotations: {helm.sh/hook: test-success}\n";

fn print(helm: HelmLine, options: &PrintOptions) -> Result<String, String> {
    let release = rendered(FILES, helm)
        .into_release()
        .expect("documents that can be read");
    Ok(String::from_utf8(release.print(options)?).expect("UTF-8"))
}

#[test]
fn manifests_come_in_install_order_and_hooks_last() {
    let expected = "---\n# Source: c/templates/z.yaml\nkind: Namespace\n\n\
                    ---\n# Source: c/templates/a.yaml\nkind: ConfigMap\n\n\n\
                    ---\n# Source: c/charts/s/templates/b.yaml\nkind: Deployment\n\n\
                    ---\n# Source: c/templates/z.yaml\nkind: Widget\n";
    let hooks = format!(
        "---\n# Source: c/templates/tests/t.yaml\n{TEST}\n---\n# Source: c/templates/hook.yaml\n{HOOK}\n"
    );
    assert_eq!(
        print(HelmLine::V4, &PrintOptions::default()),
        Ok(format!("{expected}{hooks}"))
    );
    let no_hooks = PrintOptions {
        no_hooks: true,
        ..PrintOptions::default()
    };
    assert_eq!(print(HelmLine::V4, &no_hooks).as_deref(), Ok(expected));
}

#[test]
fn helm_3_leaves_no_blank_lines() {
    let options = PrintOptions {
        skip_tests: true,
        include_crds: true,
        ..PrintOptions::default()
    };
    let expected = "---\n# Source: c/crds/x.yaml\nkind: CRD\n\n\
                    ---\n# Source: c/templates/z.yaml\nkind: Namespace\n\
                    ---\n# Source: c/templates/a.yaml\nkind: ConfigMap\n\
                    ---\n# Source: c/charts/s/templates/b.yaml\nkind: Deployment\n\
                    ---\n# Source: c/templates/z.yaml\nkind: Widget\n\
                    ---\n# Source: c/templates/hook.yaml\n";
    let expected = format!("{expected}{HOOK}");
    assert_eq!(print(HelmLine::V3, &options), Ok(expected));
}

#[test]
fn nothing_at_all_is_an_empty_line() {
    let release = rendered(&[], HelmLine::V4)
        .into_release()
        .expect("no documents");
    assert_eq!(release.print(&PrintOptions::default()), Ok(b"\n".to_vec()));
}

#[test]
fn only_the_wanted_templates_are_shown_in_the_order_of_the_patterns() {
    let only = |patterns: &[&str]| PrintOptions {
        show_only: patterns
            .iter()
            .map(|pattern| (*pattern).to_owned())
            .collect(),
        ..PrintOptions::default()
    };
    let shown = print(
        HelmLine::V4,
        &only(&["charts/*/templates/*.yaml", "templates/z.yaml"]),
    );
    let expected = "---\n# Source: c/charts/s/templates/b.yaml\nkind: Deployment\n\n\n\
                    ---\n# Source: c/templates/z.yaml\nkind: Namespace\n\n\n\
                    ---\n# Source: c/templates/z.yaml\nkind: Widget\n\n";
    assert_eq!(shown.as_deref(), Ok(expected));
    let missing = print(HelmLine::V4, &only(&["templates/NOTES.txt"])).unwrap_err();
    assert_eq!(
        missing,
        "could not find template templates/NOTES.txt in chart"
    );
}

#[test]
fn files_are_written_anew_once_and_hooks_appended() {
    let release = rendered(FILES, HelmLine::V4)
        .into_release()
        .expect("documents");
    let options = PrintOptions {
        skip_tests: true,
        ..PrintOptions::default()
    };
    let written = release.output_files(&options, Some("rel"));
    let files: Vec<_> = written
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.append))
        .collect();
    let expected = [
        ("rel/c/templates/z.yaml", false),
        ("rel/c/templates/a.yaml", false),
        ("rel/c/charts/s/templates/b.yaml", false),
        ("rel/c/templates/z.yaml", true),
        ("rel/c/templates/hook.yaml", true),
    ];
    assert_eq!(files, expected);
    assert_eq!(written.rest, b"\n");
}

#[test]
fn hooks_are_told_with_their_events() {
    let release = rendered(FILES, HelmLine::V4)
        .into_release()
        .expect("documents");
    let hook = release
        .hooks
        .last()
        .and_then(|document| document.hook.as_ref())
        .expect("a hook");
    assert_eq!(hook.events, ["pre-install", "post-install"]);
    assert_eq!(hook.weight, -5);
    assert_eq!(
        release.warnings,
        ["skipping unknown hooks hookTypes=crd-install"]
    );
    assert_eq!(release.notes(), Some(b"not: [yaml".as_slice()));
}

#[test]
fn what_is_no_object_fails_with_the_name_of_its_template() {
    let cases = [
        (
            "just text\n",
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type \
             util.SimpleHead",
        ),
        (
            "metadata: {annotations: {a: [1]}}\n",
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field \
             .metadata.annotations of type string",
        ),
        (
            "a: [1\n",
            "error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'",
        ),
    ];
    for (text, expected) in cases {
        let rendered = rendered(&[("c/templates/a.yaml", text)], HelmLine::V4);
        let error = rendered.into_release().unwrap_err();
        assert_eq!(
            error.message,
            format!("YAML parse error on c/templates/a.yaml: {expected}")
        );
        assert!(error.debug_hint);
    }
}
