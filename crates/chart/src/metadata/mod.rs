//! Chart.yaml: the facts about a chart, as Helm's struct has them.

mod decode;
mod validate;

pub(crate) use decode::{check_api_version, decode_into};
pub(crate) use validate::validate;

use source::Span;
use std::collections::BTreeMap;
use yaml::Value;

/// Chart.yaml after decoding; empty texts where a key is missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metadata {
    pub(crate) name: String,
    pub(crate) home: String,
    pub(crate) sources: Vec<String>,
    pub(crate) version: String,
    pub(crate) description: String,
    pub(crate) keywords: Vec<String>,
    /// None for a null entry, which validation refuses.
    pub(crate) maintainers: Vec<Option<Maintainer>>,
    pub(crate) icon: String,
    pub(crate) api_version: String,
    pub(crate) condition: String,
    pub(crate) tags: String,
    pub(crate) app_version: String,
    pub(crate) deprecated: bool,
    pub(crate) annotations: Option<BTreeMap<String, String>>,
    pub(crate) kube_version: String,
    /// None where there is no list, which switches all processing of dependencies off. Entries as above.
    pub(crate) dependencies: Option<Vec<Option<Dependency>>>,
    pub(crate) chart_type: String,
    /// Where the keys stand, by their JSON names.
    pub(crate) places: BTreeMap<&'static str, Span>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Maintainer {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) url: String,
}

/// One declared dependency.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) repository: String,
    pub(crate) condition: String,
    pub(crate) tags: Vec<String>,
    pub(crate) enabled: bool,
    /// Strings, or maps with `child` and `parent`.
    pub(crate) import_values: Vec<Value>,
    pub(crate) alias: String,
}

impl Metadata {
    pub(crate) fn is_library(&self) -> bool {
        self.chart_type.eq_ignore_ascii_case("library")
    }

    /// The declared dependencies; null entries do not survive validation.
    pub(crate) fn declared(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().flatten().flatten()
    }
}
