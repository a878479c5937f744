//! From files and flags to documents, through the template engine.

use chart::{
    Chart, ChartFile, Compiled, HelmLine, PrintOptions, Release, RenderOptions, Request, Stage,
    UserValues, ValuesFile, ValuesInput,
};
use gotemplate::{RenderLimits, Volatile};
use source::{OriginId, Place, SourceFiles};

fn compile(files: &[(&str, &str)], registry: &SourceFiles) -> Compiled {
    let file = |(path, text): &(&str, &str)| ChartFile {
        path: (*path).to_owned(),
        bytes: text.as_bytes().into(),
    };
    let files = files.iter().map(file).collect();
    Compiled::new(Chart::load("charts/c", files, false, registry, HelmLine::V4).expect("a chart"))
}

fn request(values: &str, set: &[&str], registry: &SourceFiles) -> Request {
    let input = ValuesInput {
        files: vec![ValuesFile {
            name: "prod.yaml".to_owned(),
            bytes: values.as_bytes().into(),
        }],
        set: set.iter().map(|argument| (*argument).to_owned()).collect(),
        ..ValuesInput::default()
    };
    Request {
        name: "rel".to_owned(),
        namespace: "ns".to_owned(),
        values: UserValues::read(&input, registry, HelmLine::V4).expect("values"),
        ..Request::default()
    }
}

fn options(provenance: bool) -> RenderOptions {
    RenderOptions {
        provenance,
        volatile: Volatile {
            seed: 1,
            now: (0, 0),
        },
        limits: RenderLimits::default(),
        cancel: Default::default(),
    }
}

const CHART: &[(&str, &str)] = &[
    (
        "Chart.yaml",
        "apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies: [{name: sub, version: '*', alias: al}]\n",
    ),
    ("values.yaml", "replicas: 1\nal:\n  image: nginx\n"),
    (
        "templates/ui.yaml",
        "kind: Deployment\nspec:\n  replicas: {{ .Values.replicas }}\n",
    ),
    ("templates/NOTES.txt", "Hello {{ .Release.Name }}"),
    (
        "charts/sub/Chart.yaml",
        "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
    ),
    ("charts/sub/values.yaml", "image: busybox\n"),
    (
        "charts/sub/templates/pod.yaml",
        "kind: Pod\nimage: {{ .Values.image }} # {{ .Chart.Name }}\n",
    ),
];

#[test]
fn a_chart_is_printed_as_helm_prints_it() {
    let registry = SourceFiles::new();
    let compiled = compile(CHART, &registry);
    let request = request("replicas: 2\n", &["al.image=redis"], &registry);
    for provenance in [true, false] {
        let release = compiled
            .render(&request, &options(provenance), &registry)
            .expect("a release");
        let printed = release.print(&PrintOptions::default()).expect("output");
        let expected = "---\n# Source: c/charts/al/templates/pod.yaml\nkind: Pod\nimage: redis # al\n\n\
                        ---\n# Source: c/templates/ui.yaml\nkind: Deployment\nspec:\n  replicas: 2\n";
        assert_eq!(String::from_utf8_lossy(&printed), expected);
        assert_eq!(release.notes(), Some(b"Hello rel".as_slice()));
    }
}

/// The places that supplied a text of a document.
fn places(release: &Release, registry: &SourceFiles, needle: &str) -> Vec<String> {
    let documents = release.manifests.iter();
    let (document, at) = documents
        .filter_map(|document| {
            let text = String::from_utf8_lossy(release.text(document)).into_owned();
            text.find(needle)
                .map(|at| (document, at + document.range.start))
        })
        .next()
        .expect("a document with the text");
    let map = &release.files[document.file].map;
    let (_, _, segment) = map
        .overlapping(at as u32, at as u32 + 1)
        .next()
        .expect("a segment of the output");
    let position = |span| {
        let (start, _) = registry.positions(span);
        format!("{}:{}", registry.get(span.file).name, start.line)
    };
    let origins = release.tables.members(segment.prov.text).iter();
    let mut places: Vec<String> = origins
        .map(
            |id: &OriginId| match &release.origins.get(*id).expect("an origin").place {
                Place::File(span) => position(*span),
                Place::Flag { text } => text.to_string(),
            },
        )
        .collect();
    places.push(position(segment.at));
    places
}

#[test]
fn rendered_bytes_lead_back_to_the_line_or_flag_that_set_them() {
    let registry = SourceFiles::new();
    let compiled = compile(CHART, &registry);
    let request = request("\nreplicas: 2\n", &["al.image=redis"], &registry);
    let release = compiled
        .render(&request, &options(true), &registry)
        .expect("a release");
    let found = |needle| places(&release, &registry, needle);
    assert_eq!(
        found("redis"),
        [
            "--set al.image=redis",
            "charts/c/charts/sub/templates/pod.yaml:2"
        ]
    );
    assert_eq!(
        found("2\n"),
        ["prod.yaml:2", "charts/c/templates/ui.yaml:3"]
    );
    assert_eq!(found("kind: Dep"), ["charts/c/templates/ui.yaml:1"]);
}

#[test]
fn output_that_is_no_yaml_points_at_the_template() {
    let registry = SourceFiles::new();
    let files = [CHART[0], ("templates/a.yaml", "a: 1\nb: {{ \"x\" }}: y\n")];
    let files: Vec<_> = files.iter().chain(&CHART[4..5]).copied().collect();
    let error = compile(&files, &registry)
        .render(&request("", &[], &registry), &options(true), &registry)
        .unwrap_err();
    assert_eq!((error.stage, error.debug_hint), (Stage::Manifests, true));
    let reason = "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context";
    assert_eq!(
        error.message,
        format!("YAML parse error on c/templates/a.yaml: {reason}")
    );
    let Some(Place::File(span)) = error.problem.place else {
        panic!("no place")
    };
    assert_eq!(registry.get(span.file).name, "charts/c/templates/a.yaml");
    assert_eq!(registry.positions(span).0.line, 2);
}

#[test]
fn the_cluster_must_be_one_that_the_chart_supports() {
    let registry = SourceFiles::new();
    let files = [(
        "Chart.yaml",
        "name: c\nversion: 1.0.0\nkubeVersion: '>=1.31'\n",
    )];
    let compiled = compile(&files, &registry);
    let on = |version: &str| {
        let kube_version = Some(chart::parse_kube_version(version).expect("a version"));
        let request = Request {
            kube_version,
            ..request("", &[], &registry)
        };
        compiled
            .render(&request, &options(false), &registry)
            .map(|_| ())
    };
    assert!(on("1.31.2-gke.1").is_ok());
    let error = on("1.30.0").unwrap_err();
    let expected =
        "chart requires kubeVersion: >=1.31 which is incompatible with Kubernetes v1.30.0";
    assert_eq!(error.message, expected);
    assert!(error.debug_hint && error.problem.place.is_some());
}
