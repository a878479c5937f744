//! The pods that a budget selects, as sums over their groups.

use super::groups::{PodGroup, Scaling};
use manifest::{FieldAt, FieldPath};

/// The groups that one budget selects.
#[derive(Debug, Clone)]
pub struct Selection<'g, 'a> {
    pub groups: Vec<&'g PodGroup<'a>>,
}

/// At which size a workload is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// The autoscaler's minimum where there is one, else the replicas.
    Smallest,
    /// `spec.replicas`, whatever an autoscaler makes of it.
    Written,
}

impl<'a> Selection<'_, 'a> {
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The sum of the owners' scales. Bare pods have none and do not count; None where an owner has no scale
    /// subresource, which stops the controller.
    pub fn scale(&self, size: Size) -> Option<i64> {
        self.groups
            .iter()
            .try_fold(0_i64, |sum, group| match group.scaling {
                Scaling::Replicas(_) => Some(sum.saturating_add(group.replicas(size)?)),
                Scaling::Bare => Some(sum),
                Scaling::Unsupported => None,
            })
    }

    /// How many pods there are; None where that cannot be known.
    pub fn pods(&self, size: Size) -> Option<i64> {
        self.groups.iter().try_fold(0_i64, |sum, group| {
            Some(sum.saturating_add(group.pods_at(size)?))
        })
    }

    /// Whether a drain evicts any of them: pods of DaemonSets stay.
    pub fn is_evicted_by_drains(&self) -> bool {
        let evicted = |group: &&PodGroup<'_>| {
            group.id.kind != "DaemonSet" && group.pods_at(Size::Smallest) != Some(0)
        };
        self.groups.iter().any(evicted)
    }

    /// `Deployment web, StatefulSet db`, at most three.
    pub fn text(&self) -> String {
        let names: Vec<String> = self
            .groups
            .iter()
            .take(3)
            .map(|group| group.text())
            .collect();
        let more = self.groups.len().saturating_sub(names.len());
        let tail = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        names.join(", ") + &tail
    }

    /// The fields that the sizes rest on: replicas, and the autoscalers' minimums.
    pub fn size_fields(&self) -> Vec<FieldAt<'a>> {
        self.groups
            .iter()
            .flat_map(|group| group.size_fields())
            .collect()
    }
}

impl<'a> PodGroup<'a> {
    /// The replicas of a scalable owner.
    pub fn replicas(&self, size: Size) -> Option<i64> {
        match (self.scaling, size, &self.autoscaler) {
            (Scaling::Replicas(_), Size::Smallest, Some(autoscaler)) => Some(autoscaler.minimum),
            (Scaling::Replicas(replicas), _, _) => Some(replicas),
            _ => None,
        }
    }

    /// How many pods it has when all is well.
    pub fn pods_at(&self, size: Size) -> Option<i64> {
        self.replicas(size).or(self.pods)
    }

    /// `Deployment web`.
    pub fn text(&self) -> String {
        format!("{} {}", self.id.kind, self.id.name)
    }

    /// The replicas as written, then the autoscaler's minimum.
    pub fn size_fields(&self) -> Vec<FieldAt<'a>> {
        let mut fields = Vec::new();
        let is_written = |key| {
            self.object
                .filter(|object| object.at(&["spec", key]).is_some())
        };
        if let Some(object) = is_written("replicas") {
            fields.push(FieldAt::new(object, FieldPath::keys(["spec", "replicas"])));
        }
        fields.extend(
            self.autoscaler
                .as_ref()
                .map(|autoscaler| autoscaler.minimum_field()),
        );
        fields
    }
}
