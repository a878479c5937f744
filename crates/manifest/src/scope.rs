//! Which kinds live in namespaces.

use crate::Object;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    Namespaced,
    Cluster,
}

/// The groups that are served by Kubernetes itself, those of removed versions included.
const BUILTIN_GROUPS: &[&str] = &[
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "auditregistration.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "extensions",
    "flowcontrol.apiserver.k8s.io",
    "internal.apiserver.k8s.io",
    "lifecycle.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "settings.k8s.io",
    "storage.k8s.io",
    "storagemigration.k8s.io",
];

/// The cluster-scoped kinds among them (as a 1.37 server lists them, and kinds that earlier versions served).
const CLUSTER_SCOPED: &[(&str, &str)] = &[
    ("", "ComponentStatus"),
    ("", "Namespace"),
    ("", "Node"),
    ("", "PersistentVolume"),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
    (
        "admissionregistration.k8s.io",
        "MutatingAdmissionPolicyBinding",
    ),
    (
        "admissionregistration.k8s.io",
        "MutatingWebhookConfiguration",
    ),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    (
        "admissionregistration.k8s.io",
        "ValidatingAdmissionPolicyBinding",
    ),
    (
        "admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration",
    ),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("auditregistration.k8s.io", "AuditSink"),
    ("authentication.k8s.io", "SelfSubjectReview"),
    ("authentication.k8s.io", "TokenReview"),
    ("authorization.k8s.io", "SelfSubjectAccessReview"),
    ("authorization.k8s.io", "SelfSubjectRulesReview"),
    ("authorization.k8s.io", "SubjectAccessReview"),
    ("certificates.k8s.io", "CertificateSigningRequest"),
    ("certificates.k8s.io", "ClusterTrustBundle"),
    ("extensions", "PodSecurityPolicy"),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
    ("internal.apiserver.k8s.io", "StorageVersion"),
    ("networking.k8s.io", "ClusterCIDR"),
    ("networking.k8s.io", "IPAddress"),
    ("networking.k8s.io", "IngressClass"),
    ("networking.k8s.io", "ServiceCIDR"),
    ("node.k8s.io", "RuntimeClass"),
    ("policy", "PodSecurityPolicy"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("resource.k8s.io", "DeviceClass"),
    ("resource.k8s.io", "DeviceTaintRule"),
    ("resource.k8s.io", "ResourceClass"),
    ("resource.k8s.io", "ResourcePoolStatusRequest"),
    ("resource.k8s.io", "ResourceSlice"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "CSIDriver"),
    ("storage.k8s.io", "CSINode"),
    ("storage.k8s.io", "StorageClass"),
    ("storage.k8s.io", "VolumeAttachment"),
    ("storage.k8s.io", "VolumeAttributesClass"),
    ("storagemigration.k8s.io", "StorageVersionMigration"),
];

/// Cluster-scoped kinds of widespread operators, whose CRDs are seldom in the chart that uses them (from the
/// projects' CRDs).
const KNOWN_CUSTOM: &[(&str, &str)] = &[
    ("cert-manager.io", "ClusterIssuer"),
    ("cilium.io", "CiliumClusterwideNetworkPolicy"),
    ("external-secrets.io", "ClusterExternalSecret"),
    ("external-secrets.io", "ClusterSecretStore"),
    ("gateway.networking.k8s.io", "GatewayClass"),
    ("kamaji.clastix.io", "DataStore"),
    ("karpenter.sh", "NodePool"),
    ("kyverno.io", "ClusterPolicy"),
    ("snapshot.storage.k8s.io", "VolumeSnapshotClass"),
    ("snapshot.storage.k8s.io", "VolumeSnapshotContent"),
];

/// Scopes of built-in kinds, and of custom kinds whose CRDs are at hand.
#[derive(Debug, Clone, Default)]
pub struct Scopes {
    custom: BTreeMap<String, BTreeMap<String, Scope>>,
}

impl Scopes {
    /// Learns from the CustomResourceDefinitions among these objects.
    pub fn learn<'a>(&mut self, objects: impl IntoIterator<Item = &'a Object>) {
        for object in objects
            .into_iter()
            .filter(|object| object.is("apiextensions.k8s.io", "CustomResourceDefinition"))
        {
            let text = |keys: &[&str]| object.str_at(keys).map(str::to_owned);
            let (group, kind) = (text(&["spec", "group"]), text(&["spec", "names", "kind"]));
            let scope = match object.str_at(&["spec", "scope"]) {
                Some("Cluster") => Scope::Cluster,
                _ => Scope::Namespaced,
            };
            if let (Some(group), Some(kind)) = (group, kind) {
                self.custom.entry(group).or_default().insert(kind, scope);
            }
        }
    }

    /// Unknown custom kinds count as namespaced.
    pub fn of(&self, group: &str, kind: &str) -> Scope {
        if let Some(scope) = self.custom.get(group).and_then(|kinds| kinds.get(kind)) {
            return *scope;
        }
        let listed = |table: &[(&str, &str)]| table.contains(&(group, kind));
        if listed(CLUSTER_SCOPED) || listed(KNOWN_CUSTOM) {
            Scope::Cluster
        } else {
            Scope::Namespaced
        }
    }

    /// Whether a group is served by Kubernetes itself (in any version); all others are custom.
    pub fn is_builtin(group: &str) -> bool {
        BUILTIN_GROUPS.contains(&group)
    }
}

/// Sets `id.namespace` of all objects from the written namespace, the release's, and the scopes; for sets that were
/// read from several texts.
pub fn settle_namespaces(objects: &mut [Object], release_namespace: Option<&str>, scopes: &Scopes) {
    for object in objects {
        object.id.namespace = match scopes.of(&object.id.group, &object.id.kind) {
            Scope::Cluster => None,
            Scope::Namespaced => object
                .written_namespace
                .clone()
                .or_else(|| release_namespace.map(str::to_owned)),
        };
    }
}
