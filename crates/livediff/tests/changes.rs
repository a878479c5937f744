//! What `compare` says about pairs of manifests.

use livediff::{Action, Change, CompareOptions, FieldValue, Verdict, compare};
use manifest::{Object, ReadOptions, read_documents};
use yaml::Value;

fn read(text: &str) -> Vec<Object> {
    let found = read_documents(
        text.as_bytes(),
        &ReadOptions {
            namespace: Some("prod"),
            ..ReadOptions::default()
        },
    );
    assert_eq!(found.unreadable, [], "{text}");
    found.objects
}

fn changes(live: &str, desired: &str) -> Vec<Change> {
    compare(&read(desired), &read(live), &CompareOptions::default())
}

fn text(value: &FieldValue) -> String {
    match value {
        FieldValue::Absent => "-".to_owned(),
        FieldValue::Hidden => "hidden".to_owned(),
        FieldValue::Scalar(Value::String(text)) => text.to_string(),
        FieldValue::Scalar(Value::Int(number)) => number.to_string(),
        FieldValue::Scalar(Value::Bool(value)) => value.to_string(),
        FieldValue::Scalar(other) => yaml::emit_pretty(other).trim_end().to_owned(),
    }
}

/// `path before > after verdict`, for each field of the only change.
fn fields(live: &str, desired: &str) -> Vec<String> {
    let changes = changes(live, desired);
    let field = |field: &livediff::FieldChange| {
        let verdict = match field.verdict {
            Verdict::Allowed => "",
            Verdict::Refused => " refused",
            Verdict::Unknown => " unknown",
        };
        format!(
            "{} {} > {}{verdict}",
            field.path,
            text(&field.before),
            text(&field.after)
        )
    };
    changes
        .iter()
        .flat_map(|change| &change.fields)
        .map(field)
        .collect()
}

fn deployment(spec: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  selector: {{matchLabels: {{app: web}}}}\n  {spec}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n      containers:\n      - {{name: web, image: \"web:1\", {container}}}\n"
    )
}

#[test]
fn equal_meanings_are_no_change() {
    let cases = [
        (
            deployment("", ""),
            deployment("replicas: 1", "imagePullPolicy: IfNotPresent"),
        ),
        (
            deployment("", "resources: {limits: {cpu: 100m, memory: 1Gi}}"),
            deployment("", "resources: {limits: {cpu: 0.1, memory: 1024Mi}}"),
        ),
        (
            deployment("", "ports: [{containerPort: 80}]"),
            deployment("", "ports: [{containerPort: 80, protocol: TCP}], env: []"),
        ),
        (
            deployment("strategy: {type: RollingUpdate}", ""),
            deployment(
                "strategy: {rollingUpdate: {maxSurge: 25%}}",
                "livenessProbe: null",
            ),
        ),
        (
            deployment("paused: false", "env: [{name: A, value: \"\"}]"),
            deployment("", "env: [{name: A}]"),
        ),
    ];
    for (live, desired) in cases {
        assert_eq!(changes(&live, &desired), [], "{desired}");
        assert_eq!(changes(&desired, &live), [], "{live}");
    }
}

#[test]
fn fields_are_named_down_to_the_key_that_differs() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("replicas: 3", "", &["spec.replicas 3 > 1"]),
        (
            "",
            "image: \"web:2\"",
            &["spec.template.spec.containers[web].image web:1 > web:2"],
        ),
        ("paused: true", "", &["spec.paused true > -"]),
    ];
    for (spec, container, expected) in cases {
        let (live, desired) = if container.is_empty() {
            (deployment(spec, ""), deployment("", ""))
        } else {
            (
                deployment("", ""),
                deployment("", "").replace("image: \"web:1\", ", &format!("{container}, ")),
            )
        };
        assert_eq!(fields(&live, &desired), *expected);
    }
    let (live, desired) = (
        deployment("", "env: [{name: A, value: a}, {name: B, value: b}]"),
        deployment("", "env: [{name: B, value: c}, {name: A, value: a}]"),
    );
    assert_eq!(
        fields(&live, &desired),
        [
            "spec.template.spec.containers[web].env A, B > B, A",
            "spec.template.spec.containers[web].env[B].value b > c",
        ]
    );
}

#[test]
fn immutable_fields_are_refused_and_make_a_replacement() {
    let claim = |spec: &str| {
        format!(
            "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: a}}\nspec: {{{spec}}}\n"
        )
    };
    let service = |spec: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {{ports: [{{port: 80}}], {spec}}}\n"
        )
    };
    let cases = [
        (
            deployment("", ""),
            deployment("", "").replace("{app: web}", "{app: b}"),
            "spec.selector.matchLabels.app web > b refused",
        ),
        (
            claim("storageClassName: a"),
            claim("storageClassName: b"),
            "spec.storageClassName a > b refused",
        ),
        (
            claim("resources: {requests: {storage: 1Gi}}"),
            claim("resources: {requests: {storage: 2Gi}}"),
            "spec.resources.requests.storage 1Gi > 2Gi",
        ),
        (
            claim("resources: {requests: {storage: 2Gi}}"),
            claim("resources: {requests: {storage: 1Gi}}"),
            "spec.resources.requests.storage 2Gi > 1Gi refused",
        ),
        (
            service(""),
            service("clusterIP: None"),
            "spec.clusterIP - > None refused",
        ),
    ];
    for (live, desired, expected) in cases {
        let found = fields(&live, &desired);
        assert_eq!(found.first().map(String::as_str), Some(expected));
        let refused = expected.ends_with("refused");
        let action = changes(&live, &desired)[0].action;
        assert_eq!(
            action,
            if refused {
                Action::Replace
            } else {
                Action::Update
            }
        );
    }
    assert_eq!(
        fields(&service("clusterIP: 10.0.0.1"), &service("")),
        [""; 0]
    );
}

#[test]
fn claims_of_a_class_without_expansion_may_not_grow() {
    let claim = |size: &str| {
        format!(
            "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: a}}\nspec: {{storageClassName: fast, resources: {{requests: {{storage: {size}}}}}}}\n"
        )
    };
    for (expansion, expected) in [("true", Verdict::Allowed), ("false", Verdict::Refused)] {
        let class = read(&format!(
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: fast}}\nprovisioner: x\nallowVolumeExpansion: {expansion}\n"
        ));
        let options = CompareOptions {
            definitions: class.iter().collect(),
            ..CompareOptions::default()
        };
        let found = compare(&read(&claim("2Gi")), &read(&claim("1Gi")), &options);
        assert_eq!(found[0].fields[0].verdict, expected);
    }
}

#[test]
fn secrets_are_compared_and_hidden() {
    let secret =
        |body: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{body}\n");
    assert_eq!(
        fields(
            &secret("data: {a: MQ==}"),
            &secret("stringData: {a: \"1\"}")
        ),
        [""; 0]
    );
    assert_eq!(
        fields(
            &secret("data: {a: MQ==}"),
            &secret("stringData: {a: \"2\"}")
        ),
        ["stringData.a hidden > hidden"]
    );
    let found = changes(&secret(""), &secret("data: {a: aHVudGVyMg==}"));
    assert!(!format!("{found:?}").contains("aHVudGVyMg=="));
    let (live, desired) = (
        deployment("", "env: [{name: TOKEN, value: old-one}]"),
        deployment("", "env: [{name: TOKEN, value: new-one}]"),
    );
    assert_eq!(
        fields(&live, &desired),
        ["spec.template.spec.containers[web].env[TOKEN].value hidden > hidden"]
    );
    let added = changes(
        &deployment("", ""),
        &deployment(
            "",
            "args: [\"--password=hunter2\"], env: [{name: TOKEN, value: hunter2}]",
        ),
    );
    assert!(!format!("{added:?}").contains("hunter2"), "{added:?}");
}

const CRD: &str = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.x.io}\nspec:\n  group: x.io\n  scope: Namespaced\n  names: {kind: Thing, plural: things}\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n          spec:\n            type: object\n            properties:\n              class: {type: string, x-kubernetes-validations: [{rule: self == oldSelf}]}\n              size: {type: integer, default: 1, maximum: 5}\n              ports: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {type: object}}\n";

#[test]
fn custom_kinds_are_unknown_without_a_definition() {
    let thing = |spec: &str| {
        format!("apiVersion: x.io/v1\nkind: Thing\nmetadata: {{name: a}}\nspec: {{{spec}}}\n")
    };
    assert_eq!(
        fields(&thing("class: a"), &thing("class: b")),
        ["spec.class a > b unknown"]
    );
    let metadata = thing("class: a").replace("{name: a}", "{name: a, labels: {x: y}}");
    assert_eq!(
        changes(&thing("class: a"), &metadata)[0].fields[0].verdict,
        Verdict::Allowed
    );
    let with = |spec: &str| format!("{CRD}---\n{}", thing(spec));
    assert_eq!(
        fields(&with("class: a"), &with("class: b")),
        ["spec.class a > b refused"]
    );
    assert_eq!(fields(&with("size: 2"), &with("")), ["spec.size 2 > 1"]);
    assert_eq!(fields(&with("size: 1"), &with("")), [""; 0]);
    assert_eq!(
        fields(&with("size: 2"), &with("size: 9")),
        ["spec.size 2 > 9 refused"]
    );
    assert_eq!(
        fields(
            &with("ports: [{name: a, port: 1}]"),
            &with("ports: [{name: a, port: 2}]")
        ),
        ["spec.ports[a].port 1 > 2"]
    );
    let tenant = |spec: &str| {
        format!(
            "apiVersion: kamaji.clastix.io/v1alpha1\nkind: TenantControlPlane\nmetadata: {{name: a}}\nspec: {{{spec}}}\n"
        )
    };
    assert_eq!(
        fields(
            &tenant("dataStoreSchema: a, x: 1"),
            &tenant("dataStoreSchema: b, x: 2")
        ),
        ["spec.dataStoreSchema a > b refused", "spec.x 1 > 2"]
    );
}

fn config(name: &str, data: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: \"{data}\"}}\n"
    )
}

fn summary(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|change| format!("{:?} {}", change.action, change.resource))
        .collect()
}

#[test]
fn changes_come_in_an_order_of_their_own() {
    let live = [config("a", "1"), config("gone", "2"), deployment("", "")].join("---\n");
    let desired = [
        deployment("replicas: 2", ""),
        config("new", "3"),
        config("a", "4"),
    ]
    .join("---\n");
    let expected = [
        "Update ConfigMap/prod/a",
        "Delete ConfigMap/prod/gone",
        "Create ConfigMap/prod/new",
        "Update Deployment/prod/web",
    ];
    let (mut live, mut desired) = (read(&live), read(&desired));
    let options = CompareOptions::default();
    assert_eq!(summary(&compare(&desired, &live, &options)), expected);
    live.reverse();
    desired.reverse();
    assert_eq!(summary(&compare(&desired, &live, &options)), expected);
}

#[test]
fn the_last_of_two_equal_identities_counts() {
    let desired = [config("a", "1"), config("a", "2")].join("---\n");
    assert_eq!(fields(&config("a", "1"), &desired), ["data.a 1 > 2"]);
}

#[test]
fn unreadable_parts_create_and_delete_nothing() {
    let (live, desired) = (read(&config("a", "1")), read(&config("b", "2")));
    let options = CompareOptions {
        live_incomplete: true,
        ..CompareOptions::default()
    };
    assert_eq!(
        summary(&compare(&desired, &live, &options)),
        ["Delete ConfigMap/prod/a"]
    );
    let options = CompareOptions {
        desired_incomplete: true,
        ..CompareOptions::default()
    };
    assert_eq!(
        summary(&compare(&desired, &live, &options)),
        ["Create ConfigMap/prod/b"]
    );
}

#[test]
fn hooks_are_compared_where_their_live_side_is_known() {
    let hook = |image: &str, policy: &str| {
        format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: a, annotations: {{helm.sh/hook: pre-install{policy}}}}}\nspec: {{template: {{spec: {{restartPolicy: Never, containers: [{{name: a, image: \"{image}\"}}]}}}}}}\n"
        )
    };
    let options = CompareOptions {
        live_hooks: true,
        ..CompareOptions::default()
    };
    for (policy, expected) in [
        ("", Action::Update),
        (", helm.sh/hook-delete-policy: hook-failed", Action::Replace),
    ] {
        let (live, desired) = (read(&hook("a:1", policy)), read(&hook("a:2", policy)));
        assert_eq!(compare(&desired, &live, &CompareOptions::default()), []);
        let found = compare(&desired, &live, &options);
        assert_eq!((found[0].action, found[0].hook), (expected, true));
    }
}

#[test]
fn only_certain_renames_are_renames() {
    let found = changes(&config("old", "same"), &config("new", "same"));
    assert_eq!(summary(&found), ["Rename ConfigMap/prod/new"]);
    assert_eq!(
        found[0].from.as_ref().map(ToString::to_string).as_deref(),
        Some("ConfigMap/prod/old")
    );
    let two = [config("new", "same"), config("newer", "same")].join("---\n");
    assert_eq!(
        summary(&changes(&config("old", "same"), &two)),
        [
            "Create ConfigMap/prod/new",
            "Create ConfigMap/prod/newer",
            "Delete ConfigMap/prod/old"
        ]
    );
    assert_eq!(
        summary(&changes(&config("old", "1"), &config("new", "2"))).len(),
        2
    );
}

#[test]
fn chart_labels_are_noise() {
    let labelled = |chart: &str, data: &str| {
        config("a", data).replace(
            "{name: a}",
            &format!("{{name: a, labels: {{helm.sh/chart: {chart}}}}}"),
        )
    };
    let found = changes(&labelled("c-1", "1"), &labelled("c-2", "1"));
    assert!(found[0].noise.is_some() && found[0].fields[0].noise.is_some());
    let found = changes(&labelled("c-1", "1"), &labelled("c-2", "2"));
    assert_eq!(found[0].noise, None);
}

#[test]
fn another_version_of_the_group_is_an_update_at_most() {
    let budget = |version: &str, count: u32| {
        format!(
            "apiVersion: {version}\nkind: PodDisruptionBudget\nmetadata: {{name: a}}\nspec: {{minAvailable: {count}}}\n"
        )
    };
    assert_eq!(
        changes(&budget("policy/v1beta1", 1), &budget("policy/v1", 1)),
        []
    );
    assert_eq!(
        fields(&budget("policy/v1beta1", 1), &budget("policy/v1", 2)),
        [
            "apiVersion policy/v1beta1 > policy/v1",
            "spec.minAvailable 1 > 2"
        ]
    );
}

#[test]
fn twenty_thousand_objects_are_compared() {
    let many = |data: &str| -> String {
        (0..20_000)
            .map(|number| config(&format!("c{number}"), if number == 7 { data } else { "x" }))
            .collect::<Vec<_>>()
            .join("---\n")
    };
    assert_eq!(fields(&many("1"), &many("2")), ["data.a 1 > 2"]);
}

#[test]
fn items_are_told_apart_by_their_whole_key() {
    let (live, desired) = (
        deployment(
            "",
            "ports: [{containerPort: 53, protocol: UDP, name: u}, {containerPort: 53, name: t}]",
        ),
        deployment("", "ports: [{containerPort: 53, name: x}]"),
    );
    let found = changes(&live, &desired);
    let paths: Vec<&str> = found[0]
        .fields
        .iter()
        .map(|field| field.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "spec.template.spec.containers[web].ports[53/UDP]",
            "spec.template.spec.containers[web].ports[53].name",
        ]
    );
    let (tcp, udp) = (
        deployment("", "ports: [{containerPort: 53}]"),
        deployment("", "ports: [{containerPort: 53, protocol: UDP}]"),
    );
    assert_eq!(
        fields(&tcp, &udp),
        ["spec.template.spec.containers[web].ports[53].protocol TCP > UDP"]
    );
}
