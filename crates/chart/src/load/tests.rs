//! Loading charts: what is accepted, and Helm's words for what is not.

use crate::{Chart, ChartFile};
use gotemplate::HelmLine;
use source::{Place, SourceFiles};

fn load(
    files: &[(&str, &str)],
    registry: &SourceFiles,
    helm: HelmLine,
) -> Result<Chart, source::Problem> {
    let file = |(path, text): &(&str, &str)| ChartFile {
        path: (*path).to_owned(),
        bytes: text.as_bytes().into(),
    };
    Chart::load(
        "charts/c",
        files.iter().map(file).collect(),
        false,
        registry,
        helm,
    )
}

const CHART: &str = "apiVersion: v2\nname: c\nversion: 0.1.0\n";

#[test]
fn charts_that_helm_refuses_are_refused_in_its_words() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[], "Chart.yaml file is missing"),
        (
            &[("Chart.yaml", "name: c\nversion: abc")],
            "validation: chart.metadata.version \"abc\" is invalid",
        ),
        (
            &[("Chart.yaml", "name: ..\nversion: 1")],
            "validation: chart.metadata.name \"..\" is not allowed",
        ),
        (
            &[("Chart.yaml", "version: 1")],
            "validation: chart.metadata.name is required",
        ),
        (
            &[("Chart.yaml", "apiVersion: v9\nname: c\nversion: 1")],
            "unsupported chart version",
        ),
        (
            &[("Chart.yaml", "name: c\nversion: 1\ntype: x")],
            "validation: chart.metadata.type must be application or library",
        ),
        (
            &[("Chart.yaml", "name: c\nversion: 1\nmaintainers: [~]")],
            "validation: maintainers must not contain empty or null nodes",
        ),
        (
            &[(
                "Chart.yaml",
                "name: c\nversion: 1\ndependencies: [{name: a}, {name: b, alias: a}]",
            )],
            "validation: more than one dependency with name or alias \"a\"",
        ),
        (
            &[("Chart.yaml", "name: c\nversion: 1\nkeywords: x")],
            "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into \
             Go struct field Metadata.keywords of type []string",
        ),
        (
            &[("Chart.yaml", CHART), ("charts/README.md", "x")],
            "error unpacking subchart README.md in c: Chart.yaml file is missing",
        ),
        (
            &[("Chart.yaml", CHART), ("charts/s/Chart.yaml", "name: s")],
            "error unpacking subchart s in c: validation: chart.metadata.version is required",
        ),
        (
            &[("Chart.yaml", CHART), ("values.yaml", "- 1\n")],
            "cannot load values.yaml: cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: \
             json: cannot unmarshal array into Go value of type map[string]interface {}",
        ),
    ];
    for (files, expected) in cases {
        let found = load(files, &SourceFiles::new(), HelmLine::V4)
            .map(|_| ())
            .unwrap_err();
        assert_eq!(found.message, *expected, "{files:?}");
    }
}

#[test]
fn a_problem_points_at_the_key_at_fault() {
    let registry = SourceFiles::new();
    let error = load(
        &[("Chart.yaml", "name: c\nversion: abc\n")],
        &registry,
        HelmLine::V4,
    )
    .unwrap_err();
    let Some(Place::File(span)) = error.place else {
        panic!("no place")
    };
    assert_eq!(registry.get(span.file).name, "charts/c/Chart.yaml");
    assert_eq!(registry.positions(span).0.line, 2);
}

#[test]
fn files_find_their_roles_and_sub_charts_their_names() {
    let files = [
        (
            "Chart.yaml",
            "\u{feff}name: c\nversion: 1.0\nappVersion: 1.10\nkubeVersion: '>=1.2'\n",
        ),
        (
            "requirements.yaml",
            "dependencies: [{name: s, version: '*'}]\n",
        ),
        ("templates/_h.tpl", ""),
        ("templates/a/x.txt", "x"),
        ("crds/b.yaml", "b"),
        ("crds/a/c.yml", "a"),
        ("README.md", "r"),
        ("charts/.gitkeep", ""),
        ("charts/_old/x", ""),
        ("charts/folder/Chart.yaml", "name: s\nversion: 1.2.3\n"),
        ("charts/folder/values.yaml", "a: 1\n"),
    ];
    let registry = SourceFiles::new();
    let chart = load(&files, &registry, HelmLine::V4).expect("a chart");
    let root = &chart.root;
    assert_eq!((chart.name(), chart.version()), ("c", "1"));
    assert_eq!(root.metadata.app_version, "1.1");
    assert_eq!(root.metadata.api_version, "v1");
    assert_eq!(
        chart.kube_version().map(|(constraint, _)| constraint),
        Some(">=1.2")
    );
    assert_eq!(
        root.metadata
            .declared()
            .map(|dependency| &*dependency.name)
            .collect::<Vec<_>>(),
        ["s"]
    );
    let paths = |paths: Vec<&String>| paths.into_iter().cloned().collect::<Vec<_>>();
    assert_eq!(
        paths(root.crds.iter().map(|crd| &crd.path).collect()),
        ["crds/a/c.yml", "crds/b.yaml"]
    );
    assert_eq!(
        paths(root.files.iter().map(|file| &file.path).collect()),
        [
            "README.md",
            "crds/a/c.yml",
            "crds/b.yaml",
            "requirements.yaml"
        ]
    );
    assert_eq!(
        root.templates
            .iter()
            .filter(|template| template.is_partial())
            .count(),
        1
    );
    assert_eq!(root.children.len(), 1);
    assert_eq!(root.children[0].metadata.name, "s");
    let span = root.children[0].value_spans[0];
    assert_eq!(
        registry.get(span.file).name,
        "charts/c/charts/folder/values.yaml"
    );
}

#[test]
fn helm_3_does_not_look_at_the_api_version_first() {
    let files = [("Chart.yaml", "apiVersion: v9\nname: c\nversion: 1\n")];
    assert!(load(&files, &SourceFiles::new(), HelmLine::V3).is_ok());
}
