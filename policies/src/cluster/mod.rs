//! Cluster facts from captures: whatever `kubectl get … -o json|yaml` and `kubectl version -o json` print.

use crate::document::{InputFile, tree_of};
use manifest::{ImageRef, KubeVersion, Object, Unreadable};
use source::{FileId, Problem};
use std::collections::BTreeSet;
use yaml::Value;

/// What all captures of an environment say.
#[derive(Debug, Default)]
pub struct Cluster {
    /// All captured objects; places are in the captures.
    pub objects: Vec<Object>,
    /// `serverVersion.gitVersion` of `kubectl version -o json`.
    pub server_version: Option<KubeVersion>,
}

/// One capture file.
pub struct CaptureFile<'a> {
    pub file: FileId,
    /// As printed.
    pub name: &'a str,
    pub text: &'a [u8],
}

/// A component of the control plane that runs as a static pod.
#[derive(Debug, Clone, Copy)]
pub struct ControlPlanePod<'a> {
    /// `kube-apiserver`.
    pub component: &'static str,
    pub pod: &'a Object,
    pub version: KubeVersion,
}

/// kube-proxy as it runs on one node.
#[derive(Debug, Clone)]
pub struct KubeProxy<'a> {
    pub version: KubeVersion,
    /// The pod or DaemonSet that says so.
    pub source: &'a Object,
    /// Path of the image in it.
    pub image: manifest::FieldPath,
}

pub const API_SERVER: &str = "kube-apiserver";

/// By the label `component` of their pods, and as their containers are called.
const CONTROL_PLANE: [&str; 4] = [
    API_SERVER,
    "kube-controller-manager",
    "kube-scheduler",
    "cloud-controller-manager",
];

impl Cluster {
    /// Reads captures. A file that is empty, cut off or of no known form is a problem that names it.
    ///
    /// An object that several captures show counts once, as the last one shows it.
    pub fn read(captures: &[CaptureFile<'_>]) -> (Self, Vec<Problem>) {
        let mut cluster = Self::default();
        let mut problems = Vec::new();
        for capture in captures {
            let file = InputFile {
                file: capture.file,
                name: capture.name,
                text: capture.text,
                purpose: "capture",
            };
            cluster.read_file(&file, &mut problems);
        }
        cluster.drop_repeats();
        (cluster, problems)
    }

    fn read_file(&mut self, file: &InputFile<'_>, problems: &mut Vec<Problem>) {
        if file.is_blank() {
            return problems.push(file.problem(0, "the file is empty"));
        }
        if let Some(version) = server_version_of_text(file.text) {
            self.server_version = Some(version);
            return;
        }
        let mut documents = file.documents();
        let nothing = documents.objects.is_empty() && documents.unreadable.is_empty();
        // `kubectl get` of a kind without objects prints a list without items, which is an answer.
        if nothing
            && file
                .trees()
                .iter()
                .all(|tree| tree.kind_of_empty_list().is_none())
        {
            return problems.push(file.problem(0, "the file holds no object"));
        }
        self.objects.append(&mut documents.objects);
        for unreadable in &documents.unreadable {
            match version_document(file.text, unreadable) {
                Some(version) => self.server_version = version.or(self.server_version),
                None => {
                    problems.push(file.problem(unreadable.offset, &refusal(&unreadable.message)));
                }
            }
        }
    }

    /// Two prints of one cluster overlap; the later one is newer.
    fn drop_repeats(&mut self) {
        let mut seen = BTreeSet::new();
        let mut kept: Vec<Object> = std::mem::take(&mut self.objects)
            .into_iter()
            .rev()
            .filter(|object| object.id.name.is_empty() || seen.insert(object.id.clone()))
            .collect();
        kept.reverse();
        self.objects = kept;
    }

    /// The captured objects of a kind.
    pub fn of_kind<'a>(&'a self, group: &str, kind: &str) -> impl Iterator<Item = &'a Object> {
        self.objects
            .iter()
            .filter(move |object| object.is(group, kind))
    }

    pub fn nodes(&self) -> impl Iterator<Item = &Object> {
        self.of_kind("", "Node")
    }

    pub fn pods(&self) -> impl Iterator<Item = &Object> {
        self.of_kind("", "Pod")
    }

    /// The control plane's pods whose version is known, in the order of the captures.
    pub fn control_plane_versions(&self) -> Vec<ControlPlanePod<'_>> {
        self.pods().filter_map(control_plane_pod).collect()
    }

    /// The pods of the API servers.
    pub fn api_servers(&self) -> Vec<ControlPlanePod<'_>> {
        let mut pods = self.control_plane_versions();
        pods.retain(|pod| pod.component == API_SERVER);
        pods
    }

    /// The API servers' versions: of their pods, else what `kubectl version` says. Empty where neither is captured.
    pub fn api_server_versions(&self) -> Vec<KubeVersion> {
        let pods: Vec<KubeVersion> = self.api_servers().iter().map(|pod| pod.version).collect();
        if pods.is_empty() {
            self.server_version.into_iter().collect()
        } else {
            pods
        }
    }

    /// The version that the cluster is at: the oldest API server's.
    pub fn current_version(&self) -> Option<KubeVersion> {
        self.api_server_versions().into_iter().min()
    }

    /// kube-proxy of a node: of the pod that runs there, else of the DaemonSet whose node selector fits.
    pub fn kube_proxy_of(&self, node: &Object) -> Option<KubeProxy<'_>> {
        let name = node.name();
        let pod = self
            .pods()
            .filter(|pod| pod.str_at(&["spec", "nodeName"]) == Some(name))
            .find_map(kube_proxy);
        pod.or_else(|| {
            let sets = self
                .of_kind("apps", "DaemonSet")
                .filter(|set| selects_node(set, node));
            sets.into_iter().find_map(kube_proxy)
        })
    }
}

/// `status.nodeInfo.kubeletVersion` of a node.
pub fn kubelet_version(node: &Object) -> Option<KubeVersion> {
    KubeVersion::parse(node.str_at(&["status", "nodeInfo", "kubeletVersion"])?)
}

/// Whether a node is one of the control plane's.
pub fn is_control_plane(node: &Object) -> bool {
    [
        "node-role.kubernetes.io/control-plane",
        "node-role.kubernetes.io/master",
    ]
    .iter()
    .any(|role| node.label(role).is_some())
}

/// The extremes of some versions; None for none.
pub fn oldest_and_newest(versions: &[KubeVersion]) -> Option<(KubeVersion, KubeVersion)> {
    Some((*versions.iter().min()?, *versions.iter().max()?))
}

fn control_plane_pod(pod: &Object) -> Option<ControlPlanePod<'_>> {
    if pod.namespace() != Some("kube-system") {
        return None;
    }
    let containers = pod.containers();
    let known = |name: &str| {
        CONTROL_PLANE
            .into_iter()
            .find(|component| *component == name)
    };
    let component = pod.label("component").and_then(known).or_else(|| {
        containers
            .iter()
            .find_map(|container| known(container.name))
    })?;
    let main = containers
        .iter()
        .find(|container| container.name == component);
    let main = main.or_else(|| {
        containers
            .iter()
            .find(|container| container.role == manifest::ContainerRole::Main)
    })?;
    Some(ControlPlanePod {
        component,
        pod,
        version: image_version(main.image())?,
    })
}

/// kube-proxy's image in a pod or DaemonSet of kube-system, whatever the mirror and architecture.
pub fn kube_proxy(workload: &Object) -> Option<KubeProxy<'_>> {
    if workload.namespace() != Some("kube-system") {
        return None;
    }
    let is_proxy = |image: &ImageRef| image.base_name().starts_with("kube-proxy");
    let containers = workload.containers();
    let container = containers.iter().find(|container| {
        container.name == "kube-proxy"
            || ImageRef::parse(container.image())
                .as_ref()
                .is_some_and(is_proxy)
    })?;
    Some(KubeProxy {
        version: image_version(container.image())?,
        source: workload,
        image: container.field("image"),
    })
}

/// The Kubernetes version that an image's tag names.
fn image_version(image: &str) -> Option<KubeVersion> {
    KubeVersion::parse(ImageRef::parse(image)?.tag.as_deref()?)
}

/// Whether the node selector of a workload's pods fits a node.
pub fn selects_node(workload: &Object, node: &Object) -> bool {
    let template = workload.pod_template();
    let wanted = template
        .as_ref()
        .and_then(|template| template.value("nodeSelector"))
        .and_then(Value::as_map);
    wanted
        .into_iter()
        .flatten()
        .all(|(key, wanted)| node.label(key) == wanted.value.as_str())
}

/// `Server Version: v1.34.1` of `kubectl version` without `-o`.
fn server_version_of_text(text: &[u8]) -> Option<KubeVersion> {
    let text = std::str::from_utf8(text).ok()?;
    if !text.trim_start().starts_with("Client Version:") {
        return None;
    }
    text.lines()
        .find_map(|line| KubeVersion::parse(line.strip_prefix("Server Version:")?))
}

/// Reads a document without a kind as what `kubectl version -o json` or the API's `/version` print. None: it is
/// something else; `Some(None)`: a print without a server.
fn version_document(text: &[u8], document: &Unreadable) -> Option<Option<KubeVersion>> {
    let root = tree_of(text.get(document.text.start as usize..document.text.end as usize)?)?;
    let version = |keys: &[&str]| {
        root.at(keys)
            .and_then(Value::as_str)
            .and_then(KubeVersion::parse)
    };
    if root.get("serverVersion").is_some() {
        return version(&["serverVersion", "gitVersion"]).map(Some);
    }
    let client_only = root.at(&["clientVersion", "gitVersion"]).is_some();
    if client_only {
        Some(None)
    } else {
        version(&["gitVersion"]).map(Some)
    }
}

fn refusal(message: &str) -> String {
    if message.starts_with("the document") {
        format!("{message}: it is neither a kubectl print of objects nor of `kubectl version`")
    } else {
        format!("{message}: the file is cut off or no YAML or JSON")
    }
}

#[cfg(test)]
mod tests;
