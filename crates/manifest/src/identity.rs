//! What an object is called.

use std::fmt;

/// group/kind/namespace/name: the identity by which objects are matched. apiVersion's version is no part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId {
    /// `""` for core.
    pub group: String,
    pub kind: String,
    /// The release's where the manifest gives none; None for cluster-scoped kinds.
    pub namespace: Option<String>,
    pub name: String,
}

impl fmt::Display for ResourceId {
    /// `Deployment/prod/web`, `Namespace/prod`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(out, "{}/{namespace}/{}", self.kind, self.name),
            None => write!(out, "{}/{}", self.kind, self.name),
        }
    }
}
