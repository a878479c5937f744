//! What a rule may see: one environment's rendering, live state, cluster, evidence and versions. Unknown is unknown.

use crate::cluster::Cluster;
use crate::evidence::Evidence;
use livediff::Change;
use manifest::{KubeVersion, Object, PlaceKind, Provenance};
use source::Place;
use std::collections::BTreeSet;

/// Everything about one environment. An input that was not given is `None` (or empty with its `*_given` flag off),
/// and makes the rules that need it *unchecked*, never passed.
pub struct Facts<'a> {
    pub release: ReleaseFacts,
    pub chart: ChartFacts,
    /// The rendered objects, hooks included (`Object::hook`).
    pub rendered: &'a [Object],
    pub live: Option<LiveFacts<'a>>,
    /// What the upgrade changes; None without a live side.
    pub changes: Option<&'a [Change]>,
    pub cluster: Option<&'a Cluster>,
    /// None where no evidence file was given.
    pub evidence: Option<&'a [Evidence]>,
    /// Kubernetes now: given, or the capture's.
    pub current: Option<KubeVersion>,
    /// Kubernetes after the upgrade: given, or the current version.
    pub target: Option<KubeVersion>,
    /// Where the target version was given: the flag, or its line in keelcheck.yaml; None where it was not.
    pub target_place: Option<(Place, PlaceKind)>,
    /// Seconds since the Unix epoch by which freshness is judged.
    pub now: i64,
    pub provenance: Provenance<'a>,
}

/// The release that is checked.
#[derive(Debug, Clone, Default)]
pub struct ReleaseFacts {
    pub name: String,
    pub namespace: String,
}

/// Chart.yaml of the root chart, with places where its lines are known.
#[derive(Debug, Clone, Default)]
pub struct ChartFacts {
    pub name: String,
    pub version: String,
    pub app_version: Option<String>,
    /// The constraint `kubeVersion` and its place.
    pub kube_version: Option<(String, Option<Place>)>,
    /// The place of `version`.
    pub version_place: Option<Place>,
}

/// What runs.
pub struct LiveFacts<'a> {
    pub objects: &'a [Object],
    /// The stored release's status (`deployed`, `failed`, `pending-upgrade`), if it was given.
    pub status: Option<String>,
    /// Where the status stands: the stored release's name.
    pub status_place: Option<Place>,
    pub chart_version: Option<String>,
    /// The live side is the rendering of a git revision, not of a cluster.
    pub from_revision: bool,
}

impl<'a> Facts<'a> {
    /// The rendered workloads (whatever has a pod template), hooks left out.
    pub fn workloads(&self) -> impl Iterator<Item = &'a Object> + use<'a> {
        self.rendered
            .iter()
            .filter(|object| object.hook.is_none() && object.is_workload())
    }

    /// The rendered objects of a kind, hooks left out.
    pub fn of_kind<'k>(
        &self,
        group: &'k str,
        kind: &'k str,
    ) -> impl Iterator<Item = &'a Object> + use<'a, 'k> {
        self.rendered
            .iter()
            .filter(move |object| object.hook.is_none() && object.is(group, kind))
    }

    /// The objects of a kind that are there after the upgrade: the rendered ones, and of the captured ones those
    /// that no rendered object replaces and that are not left over from the previous revision of this release.
    pub fn after_upgrade(&self, group: &str, kind: &str) -> Vec<&'a Object> {
        let mut objects: Vec<&Object> = self.of_kind(group, kind).collect();
        let rendered: BTreeSet<_> = objects.iter().map(|object| &object.id).collect();
        let live = self.live.as_ref().map_or(&[][..], |live| live.objects);
        let stays = |object: &&Object| {
            !rendered.contains(&object.id)
                && !self.is_of_this_release(object)
                && !live.iter().any(|other| other.id == object.id)
        };
        let captured = self
            .cluster
            .into_iter()
            .flat_map(|cluster| cluster.of_kind(group, kind));
        let captured: Vec<&Object> = captured.filter(stays).collect();
        objects.extend(captured);
        objects
    }

    /// Whether Helm marked a captured object as this release's.
    fn is_of_this_release(&self, object: &Object) -> bool {
        object.annotation("meta.helm.sh/release-name") == Some(&self.release.name)
            && object.annotation("meta.helm.sh/release-namespace") == Some(&self.release.namespace)
    }

    /// The API servers' versions now: of the capture, else the current version. Empty where neither is known.
    pub fn api_server_versions(&self) -> Vec<KubeVersion> {
        let captured = self
            .cluster
            .map(Cluster::api_server_versions)
            .unwrap_or_default();
        if captured.is_empty() {
            self.current.into_iter().collect()
        } else {
            captured
        }
    }

    /// Every minor version that an upgrade from `current` to `target` passes, the target included; empty if either
    /// is unknown or nothing changes.
    pub fn hops(&self) -> Vec<KubeVersion> {
        let (Some(current), Some(target)) = (self.current, self.target) else {
            return Vec::new();
        };
        if current.major != target.major || target.minor <= current.minor {
            return if target == current {
                Vec::new()
            } else {
                vec![target]
            };
        }
        let minors = current.minor + 1..target.minor;
        minors
            .map(|minor| KubeVersion {
                minor,
                patch: 0,
                ..current
            })
            .chain([target])
            .collect()
    }
}
