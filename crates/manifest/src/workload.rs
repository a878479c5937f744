//! Pod templates, containers, replicas and selectors of every workload kind.

use crate::merge_key::{item_names, merge_keys};
use crate::path::FieldPath;
use crate::{LabelSelector, Object};
use yaml::{Map, Value};

/// Where a kind has its pod's spec: the keys that lead there.
pub(crate) fn pod_spec_keys(group: &str, kind: &str) -> Option<&'static [&'static str]> {
    match (group, kind) {
        ("", "Pod") => Some(&["spec"]),
        ("", "PodTemplate") => Some(&["template", "spec"]),
        ("", "ReplicationController")
        | ("apps" | "extensions", "Deployment" | "DaemonSet" | "ReplicaSet")
        | ("apps", "StatefulSet")
        | ("batch", "Job") => Some(&["spec", "template", "spec"]),
        ("batch", "CronJob") => Some(&["spec", "jobTemplate", "spec", "template", "spec"]),
        _ => None,
    }
}

/// The pod that a workload makes (for a Pod: itself).
#[derive(Debug, Clone)]
pub struct PodTemplate<'a> {
    pub object: &'a Object,
    /// Path of the template (`spec.template`; empty for a Pod).
    pub path: FieldPath,
    pub metadata: Option<&'a Map>,
    pub spec: &'a Map,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContainerRole {
    Main,
    Init,
    /// An init container with `restartPolicy: Always`.
    Sidecar,
    Ephemeral,
}

/// One container of a pod template.
#[derive(Debug, Clone)]
pub struct Container<'a> {
    pub object: &'a Object,
    pub role: ContainerRole,
    /// `""` where there is none.
    pub name: &'a str,
    pub spec: &'a Map,
    /// `spec.template.spec.containers[web]`.
    pub path: FieldPath,
}

impl<'a> Container<'a> {
    /// The image as written; `""` where there is none.
    pub fn image(&self) -> &'a str {
        self.value("image")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub fn value(&self, key: &str) -> Option<&'a Value> {
        self.spec.get(key).map(|entry| &entry.value)
    }

    pub fn at(&self, keys: &[&str]) -> Option<&'a Value> {
        let (first, rest) = keys.split_first()?;
        self.value(first)?.at(rest)
    }

    /// The path of a field of the container.
    pub fn field(&self, key: &str) -> FieldPath {
        self.path.clone().key(key)
    }
}

impl<'a> PodTemplate<'a> {
    /// Init containers first, then the main ones, then ephemeral ones; each in order.
    pub fn containers(&self) -> Vec<Container<'a>> {
        ["initContainers", "containers", "ephemeralContainers"]
            .into_iter()
            .flat_map(|list| self.containers_of(list))
            .collect()
    }

    fn containers_of(&self, list: &str) -> Vec<Container<'a>> {
        let items = self
            .value(list)
            .and_then(Value::as_list)
            .unwrap_or_default();
        let path = self.spec_path().key(list);
        let keys = merge_keys(
            &self.object.id.group,
            &self.object.id.kind,
            &path.map_keys(),
        );
        let container = |((index, entry), name): ((usize, &'a yaml::Entry), Option<String>)| {
            let spec = entry.value.as_map()?;
            Some(Container {
                object: self.object,
                role: role(list, &entry.value),
                name: entry
                    .value
                    .at(&["name"])
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
                spec,
                path: path.clone().list_item(name.as_deref(), index),
            })
        };
        items
            .iter()
            .enumerate()
            .zip(item_names(keys, items))
            .filter_map(container)
            .collect()
    }

    pub fn labels(&self) -> Option<&'a Map> {
        self.metadata?.get("labels")?.value.as_map()
    }

    pub fn annotations(&self) -> Option<&'a Map> {
        self.metadata?.get("annotations")?.value.as_map()
    }

    pub fn value(&self, key: &str) -> Option<&'a Value> {
        self.spec.get(key).map(|entry| &entry.value)
    }

    pub fn at(&self, keys: &[&str]) -> Option<&'a Value> {
        let (first, rest) = keys.split_first()?;
        self.value(first)?.at(rest)
    }

    /// Path of the pod's spec: `spec.template.spec`.
    pub fn spec_path(&self) -> FieldPath {
        self.path.clone().key("spec")
    }
}

fn role(list: &str, container: &Value) -> ContainerRole {
    let restarts = container.at(&["restartPolicy"]).and_then(Value::as_str) == Some("Always");
    match list {
        "initContainers" if restarts => ContainerRole::Sidecar,
        "initContainers" => ContainerRole::Init,
        "ephemeralContainers" => ContainerRole::Ephemeral,
        _ => ContainerRole::Main,
    }
}

impl Object {
    /// Of Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob and PodTemplate;
    /// None for other kinds, and where there is no pod spec.
    pub fn pod_template(&self) -> Option<PodTemplate<'_>> {
        let (_, template) = pod_spec_keys(&self.id.group, &self.id.kind)?.split_last()?;
        let holder = self.at(template)?;
        Some(PodTemplate {
            object: self,
            path: FieldPath::keys(template.iter().copied()),
            metadata: holder.at(&["metadata"]).and_then(Value::as_map),
            spec: holder.at(&["spec"])?.as_map()?,
        })
    }

    /// All containers of the pod template; none for other kinds.
    pub fn containers(&self) -> Vec<Container<'_>> {
        self.pod_template()
            .map(|template| template.containers())
            .unwrap_or_default()
    }

    /// `spec.replicas` of a scalable workload with the API's default 1 (0 stays 0); None for kinds without replicas.
    pub fn replicas(&self) -> Option<i64> {
        let scalable = matches!(
            (self.group(), self.kind()),
            ("apps" | "extensions", "Deployment" | "ReplicaSet")
                | ("apps", "StatefulSet")
                | ("", "ReplicationController")
        );
        scalable.then(|| self.i64_at(&["spec", "replicas"]).unwrap_or(1))
    }

    /// The workload's, budget's or policy's selector of pods (for Services and ReplicationControllers the plain map
    /// as one; a ReplicationController without takes its template's labels). None where the kind has none, none is
    /// written, or the API would refuse it.
    pub fn selector(&self) -> Option<LabelSelector> {
        match (self.group(), self.kind()) {
            ("", "Service") => self
                .map_at(&["spec", "selector"])
                .map(LabelSelector::from_labels),
            ("", "ReplicationController") => {
                let labels = self
                    .map_at(&["spec", "selector"])
                    .filter(|labels| !labels.is_empty());
                let labels = labels.or_else(|| self.pod_template()?.labels());
                labels.map(LabelSelector::from_labels)
            }
            ("networking.k8s.io", "NetworkPolicy") => self.selector_at(&["spec", "podSelector"]),
            _ => self.selector_at(&["spec", "selector"]),
        }
    }

    fn selector_at(&self, keys: &[&str]) -> Option<LabelSelector> {
        LabelSelector::from_value(self.at(keys).filter(|value| !value.is_null())?).ok()
    }

    /// Whether this is a kind that makes pods (a Pod itself included).
    pub fn is_workload(&self) -> bool {
        self.kind() != "PodTemplate" && pod_spec_keys(self.group(), self.kind()).is_some()
    }
}
