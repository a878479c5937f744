//! What a rendering gets: plain, sendable data. The engine's own values are built from it on the render thread.

use source::FileId;
use std::collections::BTreeMap;
use std::sync::Arc;
use yaml::Value;

/// The line of Helm whose output is reproduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HelmLine {
    /// 3.21.4
    V3,
    /// 4.2.4
    #[default]
    V4,
}

/// One template of a chart as it takes part in a rendering.
#[derive(Debug, Clone)]
pub struct TemplateRef {
    /// Full name: `chart/charts/alias/templates/x.yaml`.
    pub name: Arc<str>,
    /// The file in the [`crate::Library`].
    pub file: FileId,
    /// Index into [`RenderInput::charts`] of the chart whose context it gets.
    pub chart: usize,
    /// Partials (base name begins with `_`) are parsed, never executed by themselves.
    pub partial: bool,
}

/// The template context of one chart instance.
#[derive(Debug, Clone)]
pub struct ChartContext {
    /// `.Chart`, as a map with the keys that the Helm line shows (4: `Name`, `Version`, …).
    pub chart: ChartObject,
    /// `.Files`: path inside the chart to its bytes.
    pub files: Arc<BTreeMap<String, FileData>>,
    /// Keys that lead from the root values to this chart's `.Values` (`["sub", "subsub"]`; aliases).
    pub values_path: Vec<Arc<str>>,
    /// Indices into [`RenderInput::charts`] of the sub-charts, with the name under which `.Subcharts` shows them.
    pub subcharts: Vec<(Arc<str>, usize)>,
    /// `.Template.BasePath`: `chart/charts/alias/templates`.
    pub base_path: String,
}

/// `.Chart`.
#[derive(Debug, Clone)]
pub struct ChartObject {
    /// Helm 4's map: capitalised keys, `IsRoot` included; entries carry origins as marks. `Annotations` is
    /// `map[string]string` (Null where absent).
    pub fields: Value,
    /// Helm 3's `toYaml .Chart`: JSON tags, omitting empties, plus `IsRoot`.
    pub json: Value,
}

/// One file of `.Files`.
#[derive(Debug, Clone)]
pub struct FileData {
    pub bytes: Arc<[u8]>,
    /// Origin of its content (0: none).
    pub origin: u32,
}

/// `.Release`.
#[derive(Debug, Clone)]
pub struct ReleaseInfo {
    pub name: String,
    pub namespace: String,
    pub is_upgrade: bool,
    /// 1 in `helm template`.
    pub revision: i64,
    /// Origins of name, namespace, upgrade (0: none).
    pub origins: [u32; 3],
}

/// `.Capabilities`.
#[derive(Debug, Clone)]
pub struct Capabilities {
    /// `.KubeVersion.Version` (`v1.36.0`).
    pub kube_version: String,
    /// `.KubeVersion.String()` (`v1.29.3` for `v1.29.3-gke.5`).
    pub kube_version_normalized: String,
    pub kube_major: String,
    pub kube_minor: String,
    /// In Helm's order, extra ones last.
    pub api_versions: Arc<Vec<String>>,
    /// Origin of the Kubernetes version and of the API versions (0: none).
    pub origins: [u32; 2],
}

/// Everything that one rendering depends on; the same input gives the same bytes (volatile functions aside).
#[derive(Debug, Clone)]
pub struct RenderInput {
    /// The root's coalesced values; marks are `source::OriginId`s.
    pub values: Value,
    /// The root chart is index 0.
    pub charts: Vec<ChartContext>,
    /// All templates of all enabled charts, in any order.
    pub templates: Vec<TemplateRef>,
    pub release: ReleaseInfo,
    pub capabilities: Capabilities,
    pub helm: HelmLine,
}

/// Where randomness and time come from.
#[derive(Debug, Clone, Copy)]
pub struct Volatile {
    /// Seed of random functions.
    pub seed: u64,
    /// Seconds and nanoseconds since the Unix epoch, as `now` gives them.
    pub now: (i64, u32),
}

/// How to render.
#[derive(Debug, Clone)]
pub struct RenderOptions {
    /// Record why each byte exists (`check`, `diff`, `blame`); off for plain `render`.
    pub provenance: bool,
    pub volatile: Volatile,
    pub limits: RenderLimits,
    /// Set by a watchdog when the render time is up.
    pub cancel: Arc<std::sync::atomic::AtomicBool>,
}

/// Bounds of one rendering; an error names the limit and the place.
#[derive(Debug, Clone, Copy)]
pub struct RenderLimits {
    /// Evaluation steps.
    pub steps: u64,
    /// Bytes of rendered output, all files together.
    pub output_bytes: u64,
    /// Bytes of strings and containers that template functions may build in all.
    pub memory_bytes: u64,
}

impl Default for RenderLimits {
    fn default() -> Self {
        Self {
            steps: 200_000_000,
            output_bytes: 256 << 20,
            memory_bytes: 2 << 30,
        }
    }
}
