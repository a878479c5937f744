//! What one rendering of a chart is asked for.

use crate::{HelmError, Stage, UserValues};
use source::Place;
use version::KubeVersion;

/// One rendering: a release of the chart with given values on a given cluster.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The release's name.
    pub name: String,
    pub namespace: String,
    pub values: UserValues,
    /// See [`parse_kube_version`]; None is Helm's own default.
    pub kube_version: Option<KubeVersion>,
    /// `--api-versions`, added to Helm's default list.
    pub api_versions: Vec<String>,
    pub is_upgrade: bool,
    pub skip_schema_validation: bool,
    /// Leaves the chart's `kubeVersion` to a rule that can say more than Helm's refusal (`check`).
    pub skip_kube_version_check: bool,
    pub places: RequestPlaces,
}

/// Where the facts that are no values were given, for reports; all optional.
#[derive(Debug, Clone, Default)]
pub struct RequestPlaces {
    pub name: Option<Place>,
    pub namespace: Option<Place>,
    pub is_upgrade: Option<Place>,
    pub kube_version: Option<Place>,
    pub api_versions: Option<Place>,
}

/// Reads the argument of `--kube-version`. Helm does this before anything else.
///
/// # Errors
/// Helm's text: `invalid kube version 'abc': could not parse "abc" as version`.
pub fn parse_kube_version(text: &str) -> Result<KubeVersion, HelmError> {
    KubeVersion::parse(text).map_err(|error| {
        HelmError::new(
            Stage::Values,
            format!("invalid kube version '{text}': {error}"),
        )
    })
}
