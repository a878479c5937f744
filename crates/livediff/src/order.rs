//! The order of changes.

use crate::change::Change;

/// Kinds in the order in which Helm installs them; all others come after, by name.
const KIND_ORDER: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// By kind (Helm's order of installation, then by name), group, namespace and name.
pub(crate) fn sort_changes(changes: &mut [Change]) {
    changes.sort_by_cached_key(|change| {
        let id = &change.resource;
        let rank = KIND_ORDER
            .iter()
            .position(|kind| *kind == id.kind)
            .unwrap_or(KIND_ORDER.len());
        (
            rank,
            id.clone().kind,
            id.group.clone(),
            id.namespace.clone(),
            id.name.clone(),
            change.action,
        )
    });
}
