//! Captures in the forms that kubectl prints.

use super::*;

fn read(texts: &[&str]) -> (Cluster, Vec<Problem>) {
    let files: Vec<CaptureFile<'_>> = texts
        .iter()
        .zip(0..)
        .map(|(text, id)| CaptureFile {
            file: FileId(id),
            name: "c.json",
            text: text.as_bytes(),
        })
        .collect();
    Cluster::read(&files)
}

const API_SERVER_POD: &str = "
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver-a, namespace: kube-system, labels: {component: kube-apiserver}}
spec: {nodeName: a, containers: [{name: kube-apiserver, image: 'registry.example:5000/kube-apiserver:v1.34.1'}]}
";

#[test]
fn lists_and_versions_of_several_files_are_one_cluster() {
    let list = r#"{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}}]}"#;
    let nodes =
        r#"{"apiVersion": "v1", "kind": "NodeList", "items": [{"metadata": {"name": "b"}}]}"#;
    let version = r#"{"clientVersion": {"gitVersion": "v1.37.2"}, "serverVersion": {"minor": "33+", "gitVersion": "v1.33.4-eks-1"}}"#;
    let (cluster, problems) = read(&[list, nodes, version]);
    assert_eq!(problems, []);
    assert_eq!(
        cluster.nodes().map(Object::name).collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert_eq!(cluster.server_version, KubeVersion::parse("1.33.4"));
    assert_eq!(
        cluster.api_server_versions(),
        cluster.server_version.into_iter().collect::<Vec<_>>()
    );
}

#[test]
fn prints_that_follow_each_other_in_one_file_are_read() {
    let both = "{\"serverVersion\": {\"gitVersion\": \"v1.34.0\"}}\n{\"apiVersion\": \"v1\", \"kind\": \"NodeList\", \"items\": []}\n";
    let (cluster, problems) = read(&[both]);
    assert_eq!(problems, []);
    assert_eq!(cluster.server_version, KubeVersion::parse("1.34"));
}

#[test]
fn pods_of_api_servers_say_more_than_the_version_print() {
    let (cluster, problems) = read(&[
        API_SERVER_POD,
        "{\"serverVersion\": {\"gitVersion\": \"v1.33.0\"}}",
    ]);
    assert_eq!(problems, []);
    assert_eq!(cluster.current_version(), KubeVersion::parse("1.34.1"));
    let by_container = API_SERVER_POD.replace(", labels: {component: kube-apiserver}", "");
    assert_eq!(read(&[&by_container]).0.api_servers().len(), 1);
    let elsewhere = API_SERVER_POD.replace("namespace: kube-system", "namespace: tenant");
    assert_eq!(read(&[&elsewhere]).0.api_servers().len(), 0);
}

#[test]
fn the_last_print_of_an_object_counts() {
    let node = |version: &str| {
        format!(
            "{{apiVersion: v1, kind: Node, metadata: {{name: a}}, status: {{nodeInfo: {{kubeletVersion: {version}}}}}}}"
        )
    };
    let (cluster, _) = read(&[&node("v1.33.0"), &node("v1.34.0")]);
    let versions: Vec<_> = cluster.nodes().map(kubelet_version).collect();
    assert_eq!(versions, [KubeVersion::parse("1.34.0")]);
}

#[test]
fn broken_files_are_problems_with_name_and_line() {
    let cases = [
        ("", "capture file c.json:1: the file is empty"),
        (
            "# nothing\n",
            "capture file c.json:1: the file holds no object",
        ),
        (
            "{\"kind\": \"List\",\n \"apiVersion\": \"v1\",\n \"items\": [",
            "the file is cut off or no YAML or JSON",
        ),
        ("replicas: 2\n", "the document has no kind: it is neither"),
        (
            "apiVersion: v1\nitems:\n- kind: Node\n",
            "the document has no kind: it is neither",
        ),
        ("just words\n", "the document is a scalar"),
    ];
    for (text, expected) in cases {
        let (_, problems) = read(&[text]);
        assert_eq!(problems.len(), 1, "{text}");
        assert!(
            problems[0].message.contains(expected),
            "{}",
            problems[0].message
        );
        assert!(
            problems[0].message.starts_with("capture file c.json:"),
            "{}",
            problems[0].message
        );
        assert!(problems[0].place.is_some());
    }
}

#[test]
fn an_empty_list_is_an_answer() {
    for text in [
        "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": []}",
        "apiVersion: v1\nitems: []\nkind: List\n",
    ] {
        assert_eq!(read(&[text]).1, [], "{text}");
    }
}

#[test]
fn the_proxy_of_a_node_comes_from_its_pod_or_a_fitting_daemon_set() {
    let text = "
{apiVersion: v1, kind: Node, metadata: {name: a, labels: {kubernetes.io/os: linux}}}
---
{apiVersion: v1, kind: Node, metadata: {name: b, labels: {kubernetes.io/os: windows}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-proxy, namespace: kube-system}
spec:
  template:
    spec:
      nodeSelector: {kubernetes.io/os: linux}
      containers: [{name: kube-proxy, image: 'mirror.example:5000/k8s/kube-proxy:v1.33.2-eksbuild.1'}]
---
apiVersion: v1
kind: Pod
metadata: {name: proxy-b, namespace: kube-system}
spec: {nodeName: b, containers: [{name: p, image: 'kube-proxy-windows:v1.32.0'}]}
";
    let (cluster, problems) = read(&[text]);
    assert_eq!(problems, []);
    let versions: Vec<_> = cluster
        .nodes()
        .map(|node| {
            cluster
                .kube_proxy_of(node)
                .map(|proxy| proxy.version.minor_text())
        })
        .collect();
    assert_eq!(versions, [Some("1.33".to_owned()), Some("1.32".to_owned())]);
}
