//! A chart as it was read.

use crate::load::{ChartNode, Loading, load_root};
use gotemplate::HelmLine;
use source::{Problem, SourceFiles, Span};
use std::sync::Arc;

/// One file of a chart, as found in its folder or archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartFile {
    /// Relative to the chart's folder, with `/`.
    pub path: String,
    pub bytes: Arc<[u8]>,
}

/// A chart with all its sub-charts, not yet tied to any values.
#[derive(Debug)]
pub struct Chart {
    pub(crate) root: ChartNode,
    helm: HelmLine,
    warnings: Vec<String>,
}

impl Chart {
    /// Reads a chart from its files. `root_name` is the chart's folder or archive as reports print it (CHART of the
    /// command line without `./`); a file is registered in `registry` as `root_name/path`.
    ///
    /// Files are taken in the order of their paths for folders, in the archive's order for archives.
    ///
    /// # Errors
    /// Helm's text, with the place where there is one.
    pub fn load(
        root_name: &str,
        files: Vec<ChartFile>,
        from_archive: bool,
        registry: &SourceFiles,
        helm: HelmLine,
    ) -> Result<Self, Problem> {
        let mut loading = Loading {
            registry,
            helm,
            warnings: Vec::new(),
        };
        let root = load_root(&mut loading, root_name, files, from_archive)?;
        let mut warnings = loading.warnings;
        if root.metadata.deprecated {
            warnings.push(match helm {
                HelmLine::V4 => "this chart is deprecated".to_owned(),
                HelmLine::V3 => "WARNING: This chart is deprecated".to_owned(),
            });
        }
        Ok(Self {
            root,
            helm,
            warnings,
        })
    }

    /// `name` of Chart.yaml.
    pub fn name(&self) -> &str {
        &self.root.metadata.name
    }

    /// `version` of Chart.yaml.
    pub fn version(&self) -> &str {
        &self.root.metadata.version
    }

    /// The line of Helm that the chart was read for.
    pub fn helm(&self) -> HelmLine {
        self.helm
    }

    /// What Helm says on standard error while it reads the chart.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The constraint `kubeVersion` of Chart.yaml, with its place.
    pub fn kube_version(&self) -> Option<(&str, Option<Span>)> {
        let constraint = self.root.metadata.kube_version.as_str();
        (!constraint.is_empty()).then(|| (constraint, self.place("kubeVersion")))
    }

    /// Where a key of Chart.yaml stands (`version`, `kubeVersion`).
    pub fn place(&self, key: &str) -> Option<Span> {
        self.root.metadata.places.get(key).copied()
    }
}
