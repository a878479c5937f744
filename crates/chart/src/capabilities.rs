//! What an offline Helm believes of the cluster.

use crate::request::Request;
use gotemplate::Capabilities;
use std::sync::Arc;

/// `.Capabilities.KubeVersion` without `--kube-version`, of Helm 4.2 and 3.21 alike.
pub fn default_kube_version() -> &'static str {
    "v1.36.0"
}

/// `.Capabilities.APIVersions` without `--api-versions`, in Helm's order: the groups that client-go 0.36 knows, removed
/// ones included, never with a kind. Helm 4.2 and 3.21 have the same.
pub fn default_api_versions() -> &'static [&'static str] {
    &[
        "v1",
        "admissionregistration.k8s.io/v1",
        "admissionregistration.k8s.io/v1alpha1",
        "admissionregistration.k8s.io/v1beta1",
        "internal.apiserver.k8s.io/v1alpha1",
        "apps/v1",
        "apps/v1beta1",
        "apps/v1beta2",
        "authentication.k8s.io/v1",
        "authentication.k8s.io/v1alpha1",
        "authentication.k8s.io/v1beta1",
        "authorization.k8s.io/v1",
        "authorization.k8s.io/v1beta1",
        "autoscaling/v1",
        "autoscaling/v2",
        "batch/v1",
        "batch/v1beta1",
        "certificates.k8s.io/v1",
        "certificates.k8s.io/v1beta1",
        "certificates.k8s.io/v1alpha1",
        "coordination.k8s.io/v1alpha2",
        "coordination.k8s.io/v1beta1",
        "coordination.k8s.io/v1",
        "discovery.k8s.io/v1",
        "discovery.k8s.io/v1beta1",
        "events.k8s.io/v1",
        "events.k8s.io/v1beta1",
        "extensions/v1beta1",
        "flowcontrol.apiserver.k8s.io/v1",
        "flowcontrol.apiserver.k8s.io/v1beta1",
        "flowcontrol.apiserver.k8s.io/v1beta2",
        "flowcontrol.apiserver.k8s.io/v1beta3",
        "networking.k8s.io/v1",
        "networking.k8s.io/v1beta1",
        "node.k8s.io/v1",
        "node.k8s.io/v1alpha1",
        "node.k8s.io/v1beta1",
        "policy/v1",
        "policy/v1beta1",
        "rbac.authorization.k8s.io/v1",
        "rbac.authorization.k8s.io/v1beta1",
        "rbac.authorization.k8s.io/v1alpha1",
        "resource.k8s.io/v1",
        "resource.k8s.io/v1beta2",
        "resource.k8s.io/v1beta1",
        "resource.k8s.io/v1alpha3",
        "scheduling.k8s.io/v1alpha2",
        "scheduling.k8s.io/v1beta1",
        "scheduling.k8s.io/v1",
        "storage.k8s.io/v1beta1",
        "storage.k8s.io/v1",
        "storage.k8s.io/v1alpha1",
        "storagemigration.k8s.io/v1beta1",
        "apiextensions.k8s.io/v1beta1",
        "apiextensions.k8s.io/v1",
    ]
}

/// `.Capabilities` of a request. `origins` are those of the Kubernetes version and of the API versions.
pub(crate) fn capabilities(request: &Request, origins: [u32; 2]) -> Capabilities {
    let defaults = default_api_versions()
        .iter()
        .map(|version| (*version).to_owned());
    let api_versions = Arc::new(
        defaults
            .chain(request.api_versions.iter().cloned())
            .collect(),
    );
    let Some(version) = &request.kube_version else {
        let default = default_kube_version().to_owned();
        return Capabilities {
            kube_version_normalized: default.clone(),
            kube_version: default,
            kube_major: "1".to_owned(),
            kube_minor: "36".to_owned(),
            api_versions,
            origins,
        };
    };
    Capabilities {
        kube_version: version.version().to_owned(),
        kube_version_normalized: version.to_string(),
        kube_major: version.major().to_string(),
        kube_minor: version.minor().to_string(),
        api_versions,
        origins,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_kube_version;

    #[test]
    fn a_given_version_keeps_its_text_and_is_tested_by_its_numbers() {
        let kube_version = Some(parse_kube_version("1.29.3-gke.5").unwrap());
        let api_versions = vec!["example.com/v1/Thing".to_owned()];
        let found = capabilities(
            &Request {
                kube_version,
                api_versions,
                ..Request::default()
            },
            [0, 0],
        );
        assert_eq!(found.kube_version, "v1.29.3-gke.5");
        assert_eq!(found.kube_version_normalized, "v1.29.3");
        assert_eq!(
            (found.kube_major.as_str(), found.kube_minor.as_str()),
            ("1", "29")
        );
        assert_eq!(
            found.api_versions.last().map(String::as_str),
            Some("example.com/v1/Thing")
        );
    }

    #[test]
    fn what_is_no_version_is_refused_with_helms_text() {
        let error = parse_kube_version("abc").unwrap_err();
        assert_eq!(
            error.message,
            "invalid kube version 'abc': could not parse \"abc\" as version"
        );
        assert!(!error.debug_hint);
    }
}
