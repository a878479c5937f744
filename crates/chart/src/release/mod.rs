//! A rendered release: its documents in Helm's order, and how Helm prints them.

mod classify;
mod head;
mod order;
mod print;
mod spaces;
mod split;

#[cfg(test)]
mod tests;

pub(crate) use classify::classify;

use crate::instance::Instance;
use gotemplate::{HelmLine, RenderedFile};
use source::{FileId, OriginId, OriginTable, ProvTables};
use std::ops::Range;
use std::sync::Arc;
use yaml::Value;

/// What `helm template` has when it comes to printing.
#[derive(Debug, Clone)]
pub struct Release {
    /// In install order.
    pub manifests: Vec<RenderedDocument>,
    /// In install order; weights do not count here, as in Helm.
    pub hooks: Vec<RenderedDocument>,
    /// Files under `crds/`, of the root chart and then of the sub-charts. They are printed on demand only.
    pub crds: Vec<CrdFile>,
    /// The rendered files in the order of their names; the documents are ranges of their texts.
    pub files: Vec<RenderedFile>,
    pub tables: ProvTables,
    /// Origins that some template read (with provenance only), ascending.
    pub read: Vec<OriginId>,
    pub origins: OriginTable,
    /// `.Values` of the root chart before any template ran; marks are origins.
    pub values: Value,
    /// What Helm says on standard error.
    pub warnings: Vec<String>,
    /// Nulls that took a default away, so that no template could see it.
    pub deleted: Vec<OriginId>,
    pub(crate) chart_name: String,
    pub(crate) helm: HelmLine,
}

/// One document of a rendered file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedDocument {
    /// The template's full name, as in `# Source:`.
    pub source: Arc<str>,
    /// Index into [`Release::files`].
    pub file: usize,
    /// The document's bytes in the text of that file: what Helm prints below `# Source:`.
    pub range: Range<usize>,
    pub head: DocumentHead,
    /// Some for hooks.
    pub hook: Option<HookInfo>,
}

/// What Helm reads of a document. Empty texts where the document has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentHead {
    pub api_version: String,
    pub kind: String,
    pub name: String,
}

/// What the annotations `helm.sh/hook*` say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HookInfo {
    /// In the order given: `pre-install`, `test`, …
    pub events: Vec<String>,
    pub weight: i64,
    /// `helm.sh/hook-delete-policy` as given, known words only.
    pub delete_policies: Vec<String>,
}

/// A file under `crds/`: printed raw, never templated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrdFile {
    /// `chart/crds/x.yaml`, as in `# Source:`.
    pub source: String,
    pub bytes: Arc<[u8]>,
    /// The file for places.
    pub file: FileId,
}

/// What to print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrintOptions {
    pub include_crds: bool,
    pub no_hooks: bool,
    pub skip_tests: bool,
    /// `--show-only`, in order.
    pub show_only: Vec<String>,
}

/// What `--output-dir` writes and says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputFiles {
    /// In the order of writing.
    pub files: Vec<OutputFile>,
    /// What is still printed on standard output after the lines `wrote …`.
    pub rest: Vec<u8>,
}

/// One write below `--output-dir`, to be announced as `wrote DIR/PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Relative to the output folder, with `/`.
    pub path: String,
    pub bytes: Vec<u8>,
    /// Append to the file if it exists; otherwise make it anew.
    pub append: bool,
}

impl Release {
    /// The standard output of `helm template`.
    ///
    /// # Errors
    /// `could not find template templates/x.yaml in chart` where `show_only` names nothing.
    pub fn print(&self, options: &PrintOptions) -> Result<Vec<u8>, String> {
        print::print(self, options)
    }

    /// What `helm template --output-dir` writes. `release_folder` is the release's name with `--release-name`.
    pub fn output_files(
        &self,
        options: &PrintOptions,
        release_folder: Option<&str>,
    ) -> OutputFiles {
        print::output_files(self, options, release_folder)
    }

    /// The rendered `NOTES.txt` of the root chart; `helm template` never prints it.
    pub fn notes(&self) -> Option<&[u8]> {
        let name = format!("{}/templates/{}", self.chart_name, classify::NOTES);
        self.files
            .iter()
            .find(|file| *file.name == *name)
            .map(|file| file.text.as_slice())
    }

    /// The bytes of a document.
    pub fn text(&self, document: &RenderedDocument) -> &[u8] {
        &self.files[document.file].text[document.range.clone()]
    }
}

/// The files under `crds/` of the charts that take part, parents first.
pub(crate) fn crds(root: &Instance<'_>) -> Vec<CrdFile> {
    let mut found = Vec::new();
    collect_crds(root, &root.name, &mut found);
    found
}

fn collect_crds(chart: &Instance<'_>, full_path: &str, found: &mut Vec<CrdFile>) {
    found.extend(chart.node.crds.iter().map(|crd| CrdFile {
        source: format!("{full_path}/{}", crd.path),
        bytes: Arc::clone(&crd.bytes),
        file: crd.file,
    }));
    for child in &chart.children {
        collect_crds(child, &format!("{full_path}/charts/{}", child.name), found);
    }
}
