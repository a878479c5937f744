//! The order in which Helm installs kinds.

use gotemplate::HelmLine;
use std::cmp::Ordering;

const INSTALL_ORDER: [&str; 38] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
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

/// How many of them Helm 3 knows.
const KNOWN_TO_V3: usize = INSTALL_ORDER.len() - 2;

/// Known kinds by their place in the list, then the others by name.
pub(super) fn compare_kinds(left: &str, right: &str, helm: HelmLine) -> Ordering {
    let known = match helm {
        HelmLine::V4 => &INSTALL_ORDER[..],
        HelmLine::V3 => &INSTALL_ORDER[..KNOWN_TO_V3],
    };
    let place = |kind: &str| known.iter().position(|name| *name == kind);
    match (place(left), place(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.cmp(right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_kinds_come_first_and_the_rest_by_name() {
        let mut kinds = [
            "Widget",
            "Deployment",
            "",
            "MutatingWebhookConfiguration",
            "Namespace",
            "Alpha",
        ];
        kinds.sort_by(|left, right| compare_kinds(left, right, HelmLine::V4));
        assert_eq!(
            kinds,
            [
                "Namespace",
                "Deployment",
                "MutatingWebhookConfiguration",
                "",
                "Alpha",
                "Widget"
            ]
        );
        kinds.sort_by(|left, right| compare_kinds(left, right, HelmLine::V3));
        assert_eq!(
            kinds,
            [
                "Namespace",
                "Deployment",
                "",
                "Alpha",
                "MutatingWebhookConfiguration",
                "Widget"
            ]
        );
    }
}
