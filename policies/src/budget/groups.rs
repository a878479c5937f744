//! Whatever makes pods after the upgrade: rendered workloads, captured ones, and captured pods of unknown makers.

use crate::cluster::selects_node;
use crate::facts::Facts;
use manifest::{FieldAt, FieldPath, Object, ResourceId};
use std::collections::{BTreeMap, BTreeSet};
use yaml::Map;

/// Pods with one owner.
#[derive(Debug, Clone)]
pub struct PodGroup<'a> {
    /// The owner; a bare pod itself.
    pub id: ResourceId,
    /// The owner or bare pod, where it is at hand.
    pub object: Option<&'a Object>,
    pub is_rendered: bool,
    /// Labels of the pod template, or of the captured pods where the template is not known.
    pub labels: Vec<Option<&'a Map>>,
    pub scaling: Scaling,
    /// Number of pods where no scale gives it.
    pub pods: Option<i64>,
    pub autoscaler: Option<Autoscaler<'a>>,
}

/// What the disruption controller can learn of an owner's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaling {
    Replicas(i64),
    /// The owner has no scale subresource (DaemonSet, Job, some custom resources).
    Unsupported,
    /// Pods without a controller.
    Bare,
}

/// A HorizontalPodAutoscaler, or KEDA's ScaledObject.
#[derive(Debug, Clone)]
pub struct Autoscaler<'a> {
    pub object: &'a Object,
    /// The fewest replicas at which pods run at all: never 0.
    pub minimum: i64,
}

impl<'a> Autoscaler<'a> {
    fn key(object: &Object) -> &'static str {
        if object.kind() == "ScaledObject" {
            "minReplicaCount"
        } else {
            "minReplicas"
        }
    }

    pub fn minimum_field(&self) -> FieldAt<'a> {
        FieldAt::new(
            self.object,
            FieldPath::keys(["spec", Self::key(self.object)]),
        )
    }

    /// All autoscalers after the upgrade; the rendered ones first, ScaledObjects before the autoscalers made from them.
    fn after_upgrade(facts: &Facts<'a>) -> Vec<Self> {
        let mut objects = facts.after_upgrade("keda.sh", "ScaledObject");
        objects.extend(facts.after_upgrade("autoscaling", "HorizontalPodAutoscaler"));
        objects.sort_by_key(|object| !facts.is_rendered(object));
        let autoscaler = |object: &'a Object| Self {
            object,
            minimum: object
                .i64_at(&["spec", Self::key(object)])
                .unwrap_or(1)
                .max(1),
        };
        objects.into_iter().map(autoscaler).collect()
    }

    fn targets(&self, workload: &ResourceId) -> bool {
        let target = |key: &str| self.object.str_at(&["spec", "scaleTargetRef", key]);
        let default_kind = (self.object.kind() == "ScaledObject").then_some("Deployment");
        let group_fits =
            target("apiVersion").is_none_or(|version| group_of(version) == workload.group);
        self.object.namespace() == workload.namespace.as_deref()
            && target("kind").or(default_kind) == Some(&workload.kind)
            && target("name") == Some(&workload.name)
            && group_fits
    }
}

impl Facts<'_> {
    fn is_rendered(&self, object: &Object) -> bool {
        self.rendered
            .iter()
            .any(|rendered| std::ptr::eq(rendered, object))
    }
}

/// Kinds with pod templates, the owners of others first.
const TEMPLATES: [(&str, &str); 9] = [
    ("apps", "Deployment"),
    ("extensions", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("extensions", "DaemonSet"),
    ("apps", "ReplicaSet"),
    ("", "ReplicationController"),
    ("batch", "CronJob"),
    ("batch", "Job"),
];

/// Everything that makes pods after the upgrade, rendered workloads first.
///
/// Captured pods count by themselves only where what makes them is not at hand.
pub fn pod_groups<'a>(facts: &Facts<'a>) -> Vec<PodGroup<'a>> {
    let mut grouping = Grouping::new(facts);
    for (group, kind) in TEMPLATES {
        for object in facts.after_upgrade(group, kind) {
            grouping.add_workload(object);
        }
    }
    for pod in facts.after_upgrade("", "Pod") {
        grouping.add_pod(pod);
    }
    let autoscalers = Autoscaler::after_upgrade(facts);
    for group in &mut grouping.groups {
        let scaler = autoscalers.iter().find(|scaler| scaler.targets(&group.id));
        group.autoscaler = scaler.cloned();
    }
    grouping.groups.sort_by_key(|group| !group.is_rendered);
    grouping.groups
}

struct Grouping<'a, 'f> {
    facts: &'f Facts<'a>,
    rendered: BTreeSet<&'a ResourceId>,
    captured: BTreeMap<&'a ResourceId, &'a Object>,
    previous: BTreeSet<&'a ResourceId>, // whether or not a capture shows them
    /// Where in `groups` an owner is.
    places: BTreeMap<ResourceId, usize>,
    groups: Vec<PodGroup<'a>>,
}

impl<'a, 'f> Grouping<'a, 'f> {
    fn new(facts: &'f Facts<'a>) -> Self {
        let captured = facts
            .cluster
            .into_iter()
            .flat_map(|cluster| &cluster.objects);
        let live = facts.live.as_ref().map_or(&[][..], |live| live.objects);
        Self {
            facts,
            rendered: facts.rendered.iter().map(|object| &object.id).collect(),
            captured: captured.map(|object| (&object.id, object)).collect(),
            previous: live.iter().map(|object| &object.id).collect(),
            places: BTreeMap::new(),
            groups: Vec::new(),
        }
    }

    fn add_workload(&mut self, object: &'a Object) {
        let Some(template) = object.pod_template().filter(|_| !is_finished_job(object)) else {
            return;
        };
        // A ReplicaSet of a Deployment (a Job of a CronJob) is there already, or goes together with it.
        if let Some(owner) = controller_of(object)
            && (self.places.contains_key(&owner) || self.goes_away(&owner))
        {
            return;
        }
        let (scaling, pods) = match object.replicas() {
            Some(replicas) => (Scaling::Replicas(replicas), None),
            None => (Scaling::Unsupported, self.pods_of_unscaled(object)),
        };
        self.push(PodGroup {
            id: object.id.clone(),
            object: Some(object),
            is_rendered: self.facts.is_rendered(object),
            labels: vec![template.labels()],
            scaling,
            pods,
            autoscaler: None,
        });
    }

    fn push(&mut self, group: PodGroup<'a>) {
        self.places.insert(group.id.clone(), self.groups.len());
        self.groups.push(group);
    }

    /// How many pods a DaemonSet or Job has, a CronJob between two runs; None where only a cluster could tell.
    fn pods_of_unscaled(&self, object: &Object) -> Option<i64> {
        if object.kind() == "CronJob" {
            return Some(0);
        }
        if object.kind() == "Job" {
            let parallelism = object.i64_at(&["spec", "parallelism"]).unwrap_or(1);
            let completions = object.i64_at(&["spec", "completions"]);
            return Some(completions.map_or(parallelism, |count| count.min(parallelism)));
        }
        let nodes: Vec<&Object> = self.facts.cluster?.nodes().collect();
        let on_nodes = object.kind() == "DaemonSet" && !nodes.is_empty();
        on_nodes.then(|| {
            nodes
                .iter()
                .filter(|node| selects_node(object, node))
                .count() as i64
        })
    }

    /// An object of the previous revision that is rendered no more, or a captured one that the upgrade removes.
    fn goes_away(&self, id: &ResourceId) -> bool {
        let known_maker = TEMPLATES.contains(&(id.group.as_str(), id.kind.as_str()));
        !self.rendered.contains(id)
            && (self.previous.contains(id) || (known_maker && self.captured.contains_key(id)))
    }

    fn add_pod(&mut self, pod: &'a Object) {
        let is_finished = matches!(
            pod.str_at(&["status", "phase"]),
            Some("Succeeded" | "Failed")
        );
        if is_finished {
            return;
        }
        let labels = pod.labels();
        let Some(owner) = self.root_of(pod) else {
            return self.push(PodGroup {
                id: pod.id.clone(),
                object: Some(pod),
                is_rendered: self.facts.is_rendered(pod),
                labels: vec![labels],
                scaling: Scaling::Bare,
                pods: Some(1),
                autoscaler: None,
            });
        };
        match self.places.get(&owner) {
            Some(place) => self.groups[*place].take_in(labels),
            None if self.goes_away(&owner) => {}
            None => self.add_unknown_owner(owner, labels),
        }
    }

    /// The topmost controller of a pod that is a group, else the topmost that is known; None for a bare pod.
    fn root_of(&self, pod: &Object) -> Option<ResourceId> {
        let first = controller_of(pod)?;
        let deployment = deployment_of(&first, pod.label("pod-template-hash"));
        let above = |id: &ResourceId| {
            self.captured
                .get(id)
                .and_then(|object| controller_of(object))
        };
        let mut owners: Vec<ResourceId> = std::iter::successors(Some(first), above)
            .take(MOST_OWNERS)
            .collect();
        if owners.len() == 1 {
            owners.extend(deployment.filter(|_| !self.captured.contains_key(&owners[0])));
        }
        let grouped = owners
            .iter()
            .rposition(|owner| self.places.contains_key(owner));
        let chosen = grouped.unwrap_or(owners.len() - 1);
        Some(owners.swap_remove(chosen))
    }

    fn add_unknown_owner(&mut self, id: ResourceId, labels: Option<&'a Map>) {
        let object = self.captured.get(&id).copied();
        let scaling = match (id.group.as_str(), id.kind.as_str()) {
            ("apps" | "extensions", "DaemonSet") | ("batch", _) | ("", "Node") => {
                Scaling::Unsupported
            }
            ("apps" | "extensions", _) | ("", "ReplicationController") => Scaling::Replicas(0),
            _ => self.custom_scaling(&id, object),
        };
        // Without the owner's word its pods are counted, each as it comes.
        let counts = object.is_none() || matches!(scaling, Scaling::Unsupported);
        let (scaling, pods) = match scaling {
            Scaling::Replicas(_) if counts => (Scaling::Replicas(0), Some(0)),
            Scaling::Unsupported => (scaling, Some(0)),
            known => (known, None),
        };
        let mut group = PodGroup {
            id,
            object,
            is_rendered: false,
            labels: Vec::new(),
            scaling,
            pods,
            autoscaler: None,
        };
        group.take_in(labels);
        self.push(group);
    }

    /// The scale of a custom resource, as the scale subresource of its definition says.
    fn custom_scaling(&self, id: &ResourceId, object: Option<&Object>) -> Scaling {
        let definitions = self
            .facts
            .after_upgrade("apiextensions.k8s.io", "CustomResourceDefinition");
        let is_its = |definition: &&&Object| {
            definition.str_at(&["spec", "group"]) == Some(&id.group)
                && definition.str_at(&["spec", "names", "kind"]) == Some(&id.kind)
        };
        let Some(definition) = definitions.iter().find(is_its) else {
            let replicas = object.and_then(|object| object.i64_at(&["spec", "replicas"]));
            return Scaling::Replicas(replicas.unwrap_or(0));
        };
        let version = object.map_or("", |object| object.version());
        let versions = definition.list_at(&["spec", "versions"]);
        let its_version = versions
            .iter()
            .find(|entry| entry.value.at(&["name"]).and_then(yaml::Value::as_str) == Some(version));
        let scale = its_version.and_then(|entry| entry.value.at(&["subresources", "scale"]));
        let Some(scale) = scale else {
            return Scaling::Unsupported;
        };
        let path = scale
            .at(&["specReplicasPath"])
            .and_then(yaml::Value::as_str)
            .unwrap_or(".spec.replicas");
        let keys: Vec<&str> = path.trim_start_matches('.').split('.').collect();
        Scaling::Replicas(object.and_then(|object| object.i64_at(&keys)).unwrap_or(0))
    }
}

/// Owners above a pod: ReplicaSet, Deployment, and two of custom kinds.
const MOST_OWNERS: usize = 4;

impl<'a> PodGroup<'a> {
    /// One more captured pod of this group; a pod template says what its pods are without them.
    fn take_in(&mut self, labels: Option<&'a Map>) {
        if self
            .object
            .is_some_and(|object| object.pod_template().is_some())
        {
            return;
        }
        if let Some(pods) = &mut self.pods {
            *pods += 1;
            if let Scaling::Replicas(replicas) = &mut self.scaling {
                *replicas = *pods;
            }
        }
        if !self.labels.contains(&labels) {
            self.labels.push(labels);
        }
    }
}

fn is_finished_job(object: &Object) -> bool {
    let text = |entry: &yaml::Entry, key| {
        entry
            .value
            .at(&[key])
            .and_then(yaml::Value::as_str)
            .map(str::to_owned)
    };
    let ends = |entry: &yaml::Entry| {
        let kind = text(entry, "type");
        matches!(kind.as_deref(), Some("Complete" | "Failed"))
            && text(entry, "status").as_deref() == Some("True")
    };
    object.is("batch", "Job") && object.list_at(&["status", "conditions"]).iter().any(ends)
}

/// The controller that `metadata.ownerReferences` names.
fn controller_of(object: &Object) -> Option<ResourceId> {
    let owners = object.list_at(&["metadata", "ownerReferences"]);
    let is_controller = |entry: &&yaml::Entry| {
        entry
            .value
            .at(&["controller"])
            .and_then(yaml::Value::as_bool)
            == Some(true)
    };
    let owner = &owners.iter().find(is_controller)?.value;
    let text = |key: &str| owner.at(&[key]).and_then(yaml::Value::as_str);
    let namespace = object
        .id
        .namespace
        .clone()
        .filter(|_| text("kind") != Some("Node"));
    Some(ResourceId {
        group: group_of(text("apiVersion")?).to_owned(),
        kind: text("kind")?.to_owned(),
        namespace,
        name: text("name")?.to_owned(),
    })
}

/// The Deployment of a ReplicaSet that no capture shows: its name without the template's hash.
fn deployment_of(owner: &ResourceId, hash: Option<&str>) -> Option<ResourceId> {
    let name = owner.name.strip_suffix(hash?)?.strip_suffix('-')?;
    let is_replica_set = owner.group == "apps" && owner.kind == "ReplicaSet";
    is_replica_set.then(|| ResourceId {
        kind: "Deployment".to_owned(),
        name: name.to_owned(),
        ..owner.clone()
    })
}

fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}
