//! Repositories in, environments out.

use super::{Candidate, Found, SetValue, find, plan, write};
use serde_yaml::Value;

#[test]
fn an_application_gives_release_namespace_values_and_parameters() {
    let found = find_in(&[
        ("charts/kmetal/Chart.yaml", "name: kmetal\nversion: 1.0.0\n"),
        (
            "apps/prod.yaml",
            r#"apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: kmetal-prod, namespace: argocd}
spec:
  source:
    path: ./charts/kmetal/
    helm:
      releaseName: kmetal
      valueFiles: [values-extra.yaml, ../../values/prod.yaml, /values/last.yaml, https://example.net/v.yaml]
      valuesObject: {ui: {replicas: 3}}
      parameters:
        - {name: ui.replicas, value: "3"}
        - {name: ui.tag, value: "1.10", forceString: true}
        - {name: build, value: "0012"}
        - {name: id, value: "7", forceString: true}
  destination: {namespace: kmetal-flux}
"#,
        ),
    ]);
    assert_eq!(found.candidates.len(), 1);
    let candidate = &found.candidates[0];
    assert_eq!(
        (
            candidate.name.as_str(),
            candidate.chart.as_str(),
            candidate.release.as_str(),
            candidate.namespace.as_str()
        ),
        ("kmetal-prod", "charts/kmetal", "kmetal", "kmetal-flux")
    );
    assert_eq!(
        candidate.values,
        [
            "charts/kmetal/values-extra.yaml",
            "values/prod.yaml",
            "values/last.yaml"
        ]
    );
    assert_eq!(
        candidate.set[0],
        ("ui.replicas".to_owned(), SetValue::Typed("3".to_owned()))
    );
    assert_eq!(candidate.remarks.len(), 2);
    assert!(
        found
            .notes
            .iter()
            .any(|note| note.contains("helm.valuesObject") && note.starts_with("apps/prod.yaml"))
    );
    let set = &read(&found)["environments"]["kmetal-prod"]["set"];
    assert_eq!(set["ui.replicas"], Value::from(3));
    assert_eq!(set["ui.tag"], Value::from("1.10"));
    assert_eq!(set["build"], Value::from("0012"));
    assert_eq!(set["id"], Value::from("7"));
}

#[test]
fn an_application_of_several_sources_reads_values_from_the_named_one() {
    let found = find_in(&[
        ("charts/ui/Chart.yaml", "name: ui\n"),
        (
            "app.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ui}\nspec:\n  sources:\n  - {ref: conf, repoURL: x}\n  \
             - path: charts/ui\n    helm: {ignoreMissingValueFiles: true, valueFiles: [$conf/values/ui.yaml, $other/values/no.yaml, missing.yaml]}\n",
        ),
        ("values/ui.yaml", "a: 1\n"),
    ]);
    assert_eq!(found.candidates[0].values, ["values/ui.yaml"]);
    assert_eq!(
        found.candidates[0].remarks.len(),
        1,
        "{:?}",
        found.candidates[0].remarks
    );
}

#[test]
fn a_helm_release_gives_release_namespace_and_values() {
    let found = find_in(&[
        ("charts/kmetal/Chart.yaml", "name: kmetal\n"),
        (
            "clusters/all.yaml",
            "kind: List\napiVersion: v1\nitems:\n- apiVersion: helm.toolkit.fluxcd.io/v2\n  kind: HelmRelease\n  metadata: {name: kmetal, namespace: flux-system}\n  \
             spec:\n    targetNamespace: kmetal-flux\n    chart: {spec: {chart: ./charts/kmetal, sourceRef: {kind: GitRepository, name: r}, valuesFiles: [charts/kmetal/values.yaml, ./values/prod.yaml]}}\n    \
             valuesFrom: [{kind: ConfigMap, name: more}]\n    values: {a: 1}\n",
        ),
    ]);
    assert_eq!(
        found.candidates,
        [Candidate {
            name: "kmetal".to_owned(),
            chart: "charts/kmetal".to_owned(),
            release: "kmetal-flux-kmetal".to_owned(),
            namespace: "kmetal-flux".to_owned(),
            values: vec![
                "charts/kmetal/values.yaml".to_owned(),
                "values/prod.yaml".to_owned()
            ],
            declared_in: Some("clusters/all.yaml".to_owned()),
            remarks: found.candidates[0].remarks.clone(),
            ..Candidate::default()
        }]
    );
    assert!(found.candidates[0].remarks[1].contains("ConfigMap more"));
}

#[test]
fn charts_from_elsewhere_make_no_environment() {
    let release = |kind: &str, chart: &str| {
        format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: x}}\nspec: {{chart: {{spec: {{chart: {chart}, sourceRef: {{kind: {kind}}}}}}}}}\n"
        )
    };
    let files = [
        ("a.yaml", release("HelmRepository", "lib")),
        ("b.yaml", release("GitRepository", "not/here")),
        (
            "c.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec: {source: {chart: lib, path: lib}}\n".to_owned(),
        ),
        ("lib/Chart.yaml", "name: lib\ntype: library\n".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    assert_eq!(find_in(&files).candidates, []);
}

#[test]
fn a_chart_that_nothing_names_is_an_environment_but_its_parts_are_none() {
    let found = find_in(&[
        ("charts/kmetal/Chart.yaml", "name: kmetal\n"),
        ("charts/kmetal/charts/ui/Chart.yaml", "name: ui\n"),
        (
            "charts/kmetal/templates/app.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: inner}\nspec: {source: {path: charts/kmetal}}\n",
        ),
        ("values/prod.yaml", "a: 1\n"),
        ("charts/kmetal/values.yaml", "a: 1\n"),
    ]);
    let names: Vec<&str> = found
        .candidates
        .iter()
        .map(|found| found.name.as_str())
        .collect();
    assert_eq!(names, ["kmetal"]);
    let overlays: Vec<&String> = found
        .notes
        .iter()
        .filter(|note| note.contains("overlay, but"))
        .collect();
    assert_eq!(overlays.len(), 1);
    assert!(overlays[0].starts_with("values/prod.yaml: "));
}

#[test]
fn a_chart_in_the_projects_own_folder_is_found() {
    let found = find_in(&[
        ("Chart.yaml", "name: kmetal\n"),
        ("charts/ui/Chart.yaml", "name: ui\n"),
    ]);
    assert_eq!(found.candidates.len(), 1);
    assert_eq!(
        (
            found.candidates[0].chart.as_str(),
            found.candidates[0].name.as_str()
        ),
        (".", "project")
    );
}

#[test]
fn equal_names_are_told_apart_by_folders_and_then_by_number() {
    let application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: Kmetal_UI}\nspec: {source: {path: c}}\n";
    let twice = format!("{application}---\n{application}");
    let found = find_in(&[
        ("c/Chart.yaml", "name: c\n"),
        ("clusters/prod/app.yaml", application),
        ("clusters/staging/app.yaml", &twice),
    ]);
    let names: Vec<&str> = found
        .candidates
        .iter()
        .map(|found| found.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["kmetal-ui-prod", "kmetal-ui-staging", "kmetal-ui-staging-2"]
    );
}

#[test]
fn the_order_of_the_listing_does_not_matter() {
    let mut files = [
        ("b/Chart.yaml", "name: b\n"),
        ("a/Chart.yaml", "name: a\n"),
        (
            "z.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: one}\nspec: {source: {path: b}}\n",
        ),
        (
            "y.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: two}\nspec: {source: {path: b}}\n",
        ),
    ];
    let one = text(&find_in(&files));
    files.reverse();
    assert_eq!(text(&find_in(&files)), one);
}

#[test]
fn hostile_names_stay_inside_their_scalars_and_comments() {
    let found = find_in(&[
        ("no/Chart.yaml", "name: c\n"),
        (
            "x\n  evil.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: 'no'}\nspec:\n  source:\n    path: 'no'\n    helm: {releaseName: \"a: b\\n#\\\"\", valueFiles: ['{{x}}, y.yaml', '*.yaml']}\n  destination: {namespace: 'off'}\n",
        ),
    ]);
    let environment = &read(&found)["environments"]["no"];
    assert_eq!(environment["chart"], Value::from("no"));
    assert_eq!(environment["release"], Value::from("a: b\n#\""));
    assert_eq!(environment["namespace"], Value::from("off"));
    assert_eq!(environment["values"][0], Value::from("no/{{x}}, y.yaml"));
    assert_eq!(environment["values"][1], Value::from("no/*.yaml"));
}

#[test]
fn a_file_that_cannot_be_read_is_noted_and_the_rest_goes_on() {
    let found = find_in(&[
        ("a.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: [\n"),
        ("b/Chart.yaml", "{{ broken"),
        (
            "c.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\n",
        ),
    ]);
    assert!(
        found
            .notes
            .iter()
            .any(|note| note.starts_with("a.yaml: not read: ")),
        "{:?}",
        found.notes
    );
    assert!(
        found
            .notes
            .iter()
            .any(|note| note.starts_with("c.yaml: an ApplicationSet"))
    );
    assert_eq!(found.candidates.len(), 1);
}

#[test]
fn what_does_not_render_is_left_out_and_noted() {
    let files = listing(&[("a/Chart.yaml", "name: a\n"), ("b/Chart.yaml", "name: b\n")]);
    let plan = plan(&files, &|candidate| match candidate.chart.as_str() {
        "a" => Err("cluster.name is\nnot set".to_owned()),
        _ => Ok(()),
    });
    let written: Value = serde_yaml::from_str(&plan.yaml).unwrap();
    let names: Vec<&Value> = written["environments"]
        .as_mapping()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(names, [&Value::from("b")]);
    let left_out = "a is left out, it does not render: cluster.name is not set";
    assert!(
        plan.notes.iter().any(|note| note == left_out),
        "{:?}",
        plan.notes
    );
}

#[test]
fn a_repository_without_charts_gives_a_file_without_environments() {
    let found = find_in(&[("a.yaml", "a: 1\n")]);
    assert_eq!(read(&found)["version"], Value::from(1));
    assert!(found.candidates.is_empty());
}

fn listing(files: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec());
    files.iter().map(owned).collect()
}

fn find_in(files: &[(&str, &str)]) -> Found {
    find(&listing(files))
}

fn text(found: &Found) -> String {
    write::yaml(&found.candidates)
}

/// The written text, as a reader takes it.
fn read(found: &Found) -> Value {
    serde_yaml::from_str(&text(found)).unwrap()
}
