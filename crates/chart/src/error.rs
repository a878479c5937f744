//! Failures with Helm's own text.

use source::Problem;
use std::fmt;

/// The step at which rendering a chart failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Reading `-f` files and `--set` arguments.
    Values,
    /// Reading the chart.
    Load,
    /// Checking and enabling dependencies, `import-values`, the release's name.
    Dependencies,
    /// Coalescing values, the JSON schema.
    Schema,
    /// `kubeVersion`, parsing and executing templates.
    Render,
    /// Splitting, classifying and printing what was rendered.
    Manifests,
}

/// Why `helm template` would fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelmError {
    pub stage: Stage,
    /// Helm's text without `Error: ` and without the hint about `--debug`.
    pub message: String,
    /// Whether Helm appends `\n\nUse --debug flag to render out invalid YAML`.
    pub debug_hint: bool,
    /// The same for our own reports: the message, and the place that it is about.
    pub problem: Box<Problem>,
}

impl HelmError {
    pub(crate) fn new(stage: Stage, message: impl Into<String>) -> Self {
        Self::from_problem(stage, Problem::new(message))
    }

    /// A failure of a step, as its problem tells it.
    pub fn from_problem(stage: Stage, problem: Problem) -> Self {
        let debug_hint = stage >= Stage::Render;
        Self {
            stage,
            message: problem.message.clone(),
            debug_hint,
            problem: Box::new(problem),
        }
    }
}

impl fmt::Display for HelmError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for HelmError {}
