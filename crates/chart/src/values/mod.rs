//! Values: `-f` files, the `--set` family and chart defaults, each entry with the place that set it.

pub(crate) mod coalesce;
pub(crate) mod documents;
mod json;
pub(crate) mod merge;
pub(crate) mod origins;
mod read;
mod set;

#[cfg(test)]
mod tests;

use gotemplate::HelmLine;
use source::{OriginTable, Place, Problem, SourceFiles};
use std::collections::BTreeMap;
use std::sync::Arc;
use yaml::Value;

/// Everything that gives values beside the chart. Kinds are applied in the order of the fields, whatever their order
/// on the command line: that is Helm's precedence.
#[derive(Debug, Clone, Default)]
pub struct ValuesInput {
    /// `-f`, in order.
    pub files: Vec<ValuesFile>,
    pub set_json: Vec<String>,
    /// `set` of keelcheck.yaml: like `--set`, with values that have a type and a place in a file.
    pub typed: Vec<TypedSet>,
    pub set: Vec<String>,
    pub set_string: Vec<String>,
    pub set_file: Vec<String>,
    /// The files that `set_file` names (see [`set_file_paths`]); Err holds Go's text
    /// (`open x: no such file or directory`).
    pub file_contents: BTreeMap<String, Result<Arc<[u8]>, String>>,
    pub set_literal: Vec<String>,
}

/// A values file.
#[derive(Debug, Clone)]
pub struct ValuesFile {
    /// As printed in reports and error texts.
    pub name: String,
    pub bytes: Arc<[u8]>,
}

/// One entry of `set` in keelcheck.yaml.
#[derive(Debug, Clone)]
pub struct TypedSet {
    /// A `--set` path: `image.tag`, `hosts[0].name`.
    pub path: String,
    pub value: Value,
    pub place: Place,
}

/// The merged user values; marks are ids in `origins`.
#[derive(Debug, Clone)]
pub struct UserValues {
    pub values: Value,
    pub origins: OriginTable,
}

impl Default for UserValues {
    fn default() -> Self {
        Self {
            values: Value::map(yaml::Map::new()),
            origins: OriginTable::default(),
        }
    }
}

impl UserValues {
    /// Reads and merges user values. Files are registered under their names.
    ///
    /// # Errors
    /// Helm's text: `failed to parse values.yaml: …`, `failed parsing --set data: …`.
    pub fn read(input: &ValuesInput, files: &SourceFiles, helm: HelmLine) -> Result<Self, Problem> {
        read::read(input, files, helm)
    }
}

/// The paths of the files that a `--set-file` argument names, in order; what stands before an error in the argument
/// counts.
pub fn set_file_paths(argument: &str) -> Vec<String> {
    read::set_file_paths(argument)
}
