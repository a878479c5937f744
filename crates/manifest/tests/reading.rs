//! What `read_documents` makes of texts as people and tools write them.

use manifest::{Documents, Object, ReadOptions, Scope, Scopes, read_documents, settle_namespaces};
use source::{FileKind, SourceFiles};

fn read(text: &str) -> Documents {
    read_documents(
        text.as_bytes(),
        &ReadOptions {
            namespace: Some("prod"),
            ..ReadOptions::default()
        },
    )
}

fn ids(documents: &Documents) -> Vec<String> {
    documents
        .objects
        .iter()
        .map(|object| object.id.to_string())
        .collect()
}

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app.kubernetes.io/name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      initContainers:
      - {name: wait, image: busybox, restartPolicy: Always}
      containers:
      - name: web
        image: registry.example:5000/web:1.0
        ports:
        - {containerPort: 53, protocol: UDP}
        - {containerPort: 53}
        - {containerPort: 80}
        env:
        - {name: A, value: b}
";

fn deployment() -> Object {
    read(DEPLOYMENT).objects.pop().expect("an object")
}

#[test]
fn texts_give_their_objects() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n";
    let cases: &[(&str, String, &[&str])] = &[
        ("one document", pod.to_owned(), &["Pod/prod/a"]),
        (
            "leading and trailing markers",
            format!("---\n{pod}---\n"),
            &["Pod/prod/a"],
        ),
        (
            "twice",
            format!("{pod}---\n{pod}"),
            &["Pod/prod/a", "Pod/prod/a"],
        ),
        (
            "byte order mark and CRLF",
            format!("\u{feff}{}", pod.replace('\n', "\r\n")),
            &["Pod/prod/a"],
        ),
        (
            "empty, null and comment-only",
            format!("---\n# nothing\n---\nnull\n---\n~\n---\n\n---\n{pod}"),
            &["Pod/prod/a"],
        ),
        (
            "a directive",
            format!("%YAML 1.1\n---\n{pod}"),
            &["Pod/prod/a"],
        ),
        (
            "content on the marker line",
            "--- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n".to_owned(),
            &["Pod/prod/a"],
        ),
        (
            "dashes inside a text",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n    ---\n    y\n"
                .to_owned(),
            &["ConfigMap/prod/a"],
        ),
        (
            "JSON",
            r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "b"}}"#
                .to_owned(),
            &["Pod/b/a"],
        ),
        ("nothing", String::new(), &[]),
    ];
    for (what, text, expected) in cases {
        let documents = read(text);
        assert_eq!(ids(&documents), *expected, "{what}");
        assert_eq!(documents.unreadable, [], "{what}");
    }
}

#[test]
fn lists_are_flattened_at_any_depth() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- null\n- apiVersion: v1\n  kind: PodList\n  items:\n  - {metadata: {name: b}}\n- {apiVersion: v1, kind: SecretList, items: null}\n";
    let documents = read(text);
    assert_eq!(ids(&documents), ["Pod/prod/a", "Pod/prod/b"]);
    let second = &documents.objects[1];
    assert_eq!(
        &text[second.text.start as usize..second.text.end as usize],
        "{metadata: {name: b}}"
    );
    // A custom kind may end in List and have other content.
    assert_eq!(
        ids(&read(
            "apiVersion: x.io/v1\nkind: AllowList\nmetadata: {name: a}\nspec: {}\n"
        )),
        ["AllowList/prod/a"]
    );
}

#[test]
fn broken_documents_are_reported_and_the_others_read() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n# Source: c/templates/x.yaml\na: b: c\n---\n- a\n---\n7\n---\nkind: Pod\n---\napiVersion: v1\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: z}\n";
    let documents = read(text);
    assert_eq!(ids(&documents), ["Pod/prod/a", "Pod/prod/z"]);
    let messages: Vec<&str> = documents
        .unreadable
        .iter()
        .map(|unreadable| unreadable.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "yaml: line 6: mapping values are not allowed in this context",
            "the document is a list, not an object",
            "the document is a scalar, not an object",
            "the document has no apiVersion",
            "the document has no kind",
        ]
    );
    let broken = &documents.unreadable[0];
    assert_eq!(broken.source.as_deref(), Some("c/templates/x.yaml"));
    assert!(text[broken.text.start as usize..].starts_with("---\n# Source: c"));
    assert_eq!(text[..broken.offset as usize].matches('\n').count(), 5);
}

#[test]
fn cluster_scoped_kinds_have_no_namespace() {
    let crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.x.io}\nspec: {group: x.io, scope: Cluster, names: {kind: Thing, plural: things}}\n";
    let text = format!(
        "apiVersion: x.io/v1\nkind: Thing\nmetadata: {{name: a, namespace: b}}\n---\n{crd}---\napiVersion: x.io/v1\nkind: Other\nmetadata: {{name: c}}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: d, namespace: e}}\n"
    );
    let documents = read(&text);
    let expected = [
        "Thing/a",
        "CustomResourceDefinition/things.x.io",
        "Other/prod/c",
        "ClusterRole/d",
    ];
    assert_eq!(ids(&documents), expected);

    let mut apart = read("apiVersion: x.io/v1\nkind: Thing\nmetadata: {name: a}\n").objects;
    assert_eq!(apart[0].id.to_string(), "Thing/prod/a");
    let mut scopes = Scopes::default();
    scopes.learn(&documents.objects);
    assert_eq!(scopes.of("x.io", "Thing"), Scope::Cluster);
    settle_namespaces(&mut apart, Some("prod"), &scopes);
    assert_eq!(apart[0].id.to_string(), "Thing/a");
}

#[test]
fn sources_and_hooks_are_read() {
    let text = "---\n# Source: shop/templates/a.yaml\n---\n# Source: shop/templates/b.yaml\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: b\n  annotations:\n    helm.sh/hook: pre-install, pre-upgrade\n    helm.sh/hook-weight: \"-5\"\n";
    let object = read(text).objects.pop().expect("an object");
    assert_eq!(object.source.as_deref(), Some("shop/templates/b.yaml"));
    let hook = object.hook.expect("a hook");
    assert_eq!(
        (hook.events.join("+"), hook.weight),
        ("pre-install+pre-upgrade".to_owned(), -5)
    );
    assert!(hook.is_recreated() && !hook.is_test());
    let kept = text.replace(
        "    helm.sh/hook-weight: \"-5\"\n",
        "    helm.sh/hook-delete-policy: hook-failed\n",
    );
    assert!(
        !read(&kept).objects[0]
            .hook
            .as_ref()
            .expect("a hook")
            .is_recreated()
    );
}

#[test]
fn fields_are_found_by_printed_paths() {
    let object = deployment();
    let cases = [
        (
            "spec.template.spec.containers[web].image",
            Some("registry.example:5000/web:1.0"),
        ),
        (
            "spec.template.spec.containers[0].image",
            Some("registry.example:5000/web:1.0"),
        ),
        ("metadata.labels.app.kubernetes.io/name", Some("web")),
        ("spec.template.spec.containers[web].env[A].value", Some("b")),
        ("spec.template.spec.containers[db].image", None),
        ("spec.nothing", None),
    ];
    for (path, expected) in cases {
        let found = object.get(path).and_then(|field| field.value.as_str());
        assert_eq!(found, expected, "{path}");
    }
    let field = object
        .get("spec.template.spec.containers[0].image")
        .expect("the image");
    assert_eq!(field.path, "spec.template.spec.containers[web].image");
    let (key, value) = (
        field.key_range.expect("a key"),
        field.value_range.expect("a value"),
    );
    assert_eq!(&DEPLOYMENT[key.start as usize..key.end as usize], "image");
    assert_eq!(
        &DEPLOYMENT[value.start as usize..value.end as usize],
        "registry.example:5000/web:1.0"
    );
}

#[test]
fn list_items_that_share_a_key_are_told_apart() {
    let object = deployment();
    let mut ports = Vec::new();
    object.for_each_leaf(&mut |path, _| {
        let path = path.to_string();
        if path.ends_with("containerPort") {
            ports.push(path.rsplit_once("ports").expect("a port").1.to_owned());
        }
    });
    assert_eq!(
        ports,
        [
            "[53/UDP].containerPort",
            "[53/TCP].containerPort",
            "[80].containerPort"
        ]
    );
    assert!(
        object
            .get("spec.template.spec.containers[web].ports[53/TCP]")
            .is_some()
    );
}

#[test]
fn byte_offsets_are_those_of_the_file() {
    let files = SourceFiles::new();
    let text = format!("\u{feff}# é\n---\n{DEPLOYMENT}");
    let file = files.add("live.yaml", FileKind::Live, text.as_bytes());
    let options = ReadOptions {
        file: Some(file),
        ..ReadOptions::default()
    };
    let object = read_documents(text.as_bytes(), &options)
        .objects
        .pop()
        .expect("an object");
    let range = object
        .get("metadata.name")
        .and_then(|field| field.value_range)
        .expect("a range");
    assert_eq!(&text[range.start as usize..range.end as usize], "web");
    let span = object.span(&range).expect("a span");
    assert_eq!(
        files.positions(span).0,
        source::LineColumn { line: 6, column: 9 }
    );
}

#[test]
fn every_workload_kind_has_its_pod_template() {
    let spec = "{containers: [{name: c, image: x}]}";
    let cases = [
        ("v1", "Pod", format!("spec: {spec}"), "spec"),
        (
            "v1",
            "ReplicationController",
            format!("spec: {{template: {{spec: {spec}}}}}"),
            "spec.template.spec",
        ),
        (
            "apps/v1",
            "Deployment",
            format!("spec: {{template: {{spec: {spec}}}}}"),
            "spec.template.spec",
        ),
        (
            "apps/v1",
            "StatefulSet",
            format!("spec: {{template: {{spec: {spec}}}}}"),
            "spec.template.spec",
        ),
        (
            "apps/v1",
            "DaemonSet",
            format!("spec: {{template: {{spec: {spec}}}}}"),
            "spec.template.spec",
        ),
        (
            "apps/v1",
            "ReplicaSet",
            format!("spec: {{template: {{spec: {spec}}}}}"),
            "spec.template.spec",
        ),
        (
            "batch/v1",
            "Job",
            format!("spec: {{template: {{spec: {spec}}}}}"),
            "spec.template.spec",
        ),
        (
            "batch/v1",
            "CronJob",
            format!("spec: {{jobTemplate: {{spec: {{template: {{spec: {spec}}}}}}}}}"),
            "spec.jobTemplate.spec.template.spec",
        ),
    ];
    for (version, kind, body, path) in cases {
        let text = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n{body}\n");
        let object = read(&text).objects.pop().expect(kind);
        let template = object.pod_template().expect(kind);
        assert_eq!(template.spec_path().to_string(), path);
        assert_eq!(
            template.containers()[0].path.to_string(),
            format!("{path}.containers[c]")
        );
        assert!(object.is_workload());
    }
    let object = deployment();
    let roles: Vec<_> = object
        .containers()
        .iter()
        .map(|container| (container.name, container.role))
        .collect();
    assert_eq!(
        roles,
        [
            ("wait", manifest::ContainerRole::Sidecar),
            ("web", manifest::ContainerRole::Main)
        ]
    );
    assert_eq!(object.replicas(), Some(1));
}

#[test]
fn selectors_match_as_the_api_has_them() {
    let object = deployment();
    let labels = object.pod_template().and_then(|template| template.labels());
    let cases = [
        ("{}", true),
        ("{matchLabels: {app: web}}", true),
        ("{matchLabels: {app: db}}", false),
        (
            "{matchExpressions: [{key: app, operator: In, values: [web, db]}]}",
            true,
        ),
        (
            "{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}",
            false,
        ),
        (
            "{matchExpressions: [{key: tier, operator: NotIn, values: [x]}]}",
            true,
        ),
        (
            "{matchExpressions: [{key: tier, operator: DoesNotExist}]}",
            true,
        ),
        (
            "{matchExpressions: [{key: app, operator: Exists}, {key: tier, operator: Exists}]}",
            false,
        ),
    ];
    for (selector, expected) in cases {
        let text = format!(
            "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: a}}\nspec: {{selector: {selector}}}\n"
        );
        let budget = read(&text).objects.pop().expect("a budget");
        assert_eq!(
            budget.selector().expect(selector).matches(labels),
            expected,
            "{selector}"
        );
    }
    for refused in [
        "{matchExpressions: [{key: a, operator: In}]}",
        "{matchExpressions: [{key: a, operator: Is, values: [b]}]}",
    ] {
        let text = format!(
            "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: a}}\nspec: {{selector: {refused}}}\n"
        );
        assert_eq!(read(&text).objects[0].selector(), None, "{refused}");
    }
}

#[test]
fn secret_fields_are_told_from_structure() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {user: YWRtaW4=}\nstringData: {note: x}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec:\n  volumes: [{name: s, secret: {secretName: tls}}]\n  containers:\n  - name: c\n    env: [{name: DB_PASSWORD, value: hunter2}, {name: USER, value: me}]\n    volumeMounts: [{name: s, mountPath: /var/run/secrets/x}]\n---\napiVersion: x.io/v1\nkind: Db\nmetadata: {name: c}\nspec: {credentials: {user: me}, size: 3}\n";
    let mut secret = Vec::new();
    for object in &read(text).objects {
        object.for_each_leaf(&mut |path, _| {
            if manifest::is_secret_field(object, path) {
                secret.push(path.to_string());
            }
        });
    }
    assert_eq!(
        secret,
        [
            "data.user",
            "stringData.note",
            "spec.containers[c].env[DB_PASSWORD].value",
            "spec.credentials.user"
        ]
    );
}

#[test]
fn secrets_are_hidden_plain_and_encoded() {
    let objects =
        read("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {user: c3dvcmRmaXNo}\n")
            .objects;
    let mut redactor = manifest::Redactor::default();
    redactor.learn(&objects[0]);
    assert_eq!(
        redactor.redact("is swordfish, or c3dvcmRmaXNo"),
        "is (hidden), or (hidden)"
    );
}
