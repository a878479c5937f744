//! What a rendering gives back.

use source::{OutputMap, ProvTables};
use std::sync::Arc;

/// One executed file.
#[derive(Debug, Clone)]
pub struct RenderedFile {
    /// Full template name.
    pub name: Arc<str>,
    /// After removal of `<no value>`; NOTES.txt included, unsplit and untrimmed.
    pub text: Vec<u8>,
    /// Empty where provenance was off.
    pub map: OutputMap,
}

/// All executed files, in the order of their names, and the tables that their maps refer to.
#[derive(Debug, Clone, Default)]
pub struct Rendering {
    pub files: Vec<RenderedFile>,
    pub tables: ProvTables,
    /// Origins that were read anywhere, in ascending order (provenance mode only); a value handed whole to
    /// `toYaml`, `tpl`, `range` or a sub-chart counts as read with all that is in it.
    pub read: Vec<source::OriginId>,
}
