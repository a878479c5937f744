//! A chart with its templates compiled, ready to be rendered many times.

use crate::context::{FactOrigins, render_input};
use crate::dependencies::is_compatible;
use crate::load::ChartNode;
use crate::release::{classify, crds};
use crate::schema::SchemaCache;
use crate::settle::{Settled, error_at, settle};
use crate::{Chart, CrdFile, HelmError, Release, Request, Stage};
use gotemplate::{Capabilities, HelmLine, Library, RenderOptions, RenderedFile, TemplateError};
use source::{FileId, OriginId, OriginTable, Place, Problem, ProvTables, SourceFiles};
use std::sync::Arc;
use yaml::Value;

/// A chart with its templates compiled once; environments render from it in parallel.
pub struct Compiled {
    chart: Chart,
    library: Library,
    schemas: SchemaCache,
}

/// What the templates gave, before it is cut into documents.
#[derive(Debug, Clone)]
pub struct RenderedChart {
    /// All executed files in the order of their names, `NOTES.txt` included.
    pub files: Vec<RenderedFile>,
    /// Files under `crds/` of the charts that take part.
    pub crds: Vec<CrdFile>,
    pub tables: ProvTables,
    /// Origins that some template read (with provenance only), ascending.
    pub read: Vec<OriginId>,
    /// Origins of `values` and of the other facts that templates see.
    pub origins: OriginTable,
    /// Nulls that took a default away, so that no template could see it.
    pub deleted: Vec<OriginId>,
    /// `.Values` of the root chart before any template ran; marks are origins.
    pub values: Value,
    /// What Helm says on standard error.
    pub warnings: Vec<String>,
    pub(crate) chart_name: String,
    pub(crate) helm: HelmLine,
}

impl Compiled {
    pub fn new(chart: Chart) -> Self {
        let mut texts = Vec::new();
        collect_templates(&chart.root, &mut texts);
        Self {
            chart,
            library: Library::new(texts),
            schemas: SchemaCache::default(),
        }
    }

    pub fn chart(&self) -> &Chart {
        &self.chart
    }

    /// All of `helm template` up to its printing. `files` is the registry that the chart was loaded with.
    ///
    /// # Errors
    /// The error that Helm would print first.
    pub fn render(
        &self,
        request: &Request,
        options: &RenderOptions,
        files: &SourceFiles,
    ) -> Result<Release, HelmError> {
        self.render_files(request, options, files)?.into_release()
    }

    /// Enables dependencies, coalesces and validates values, executes the templates.
    ///
    /// # Errors
    /// The error that Helm would print first.
    pub fn render_files(
        &self,
        request: &Request,
        options: &RenderOptions,
        _files: &SourceFiles,
    ) -> Result<RenderedChart, HelmError> {
        let settled = settle(&self.chart, request, options.provenance)?;
        let Settled {
            root,
            values,
            mut origins,
            deleted,
            warnings,
        } = settled;
        if !request.skip_schema_validation {
            self.schemas.validate(&root, &values, &origins)?;
        }
        let helm = self.chart.helm();
        let mut facts = FactOrigins::new(&mut origins, options.provenance);
        let input = render_input(&root, Value::map(values), request, helm, &mut facts);
        if !request.skip_kube_version_check {
            self.check_kube_version(&input.capabilities)?;
        }
        let rendering = self
            .library
            .render(&input, options)
            .map_err(template_error)?;
        Ok(RenderedChart {
            files: rendering.files,
            crds: crds(&root),
            tables: rendering.tables,
            read: rendering.read,
            origins,
            deleted,
            values: input.values,
            warnings,
            chart_name: self.chart.name().to_owned(),
            helm,
        })
    }

    fn check_kube_version(&self, capabilities: &Capabilities) -> Result<(), HelmError> {
        let constraint = &self.chart.root.metadata.kube_version;
        if constraint.is_empty() || is_compatible(constraint, &capabilities.kube_version_normalized)
        {
            return Ok(());
        }
        let version = &capabilities.kube_version;
        let message = format!(
            "chart requires kubeVersion: {constraint} which is incompatible with Kubernetes {version}"
        );
        Err(error_at(&self.chart, Stage::Render, message, "kubeVersion"))
    }
}

fn collect_templates(node: &ChartNode, texts: &mut Vec<(FileId, Arc<[u8]>)>) {
    texts.extend(
        node.templates
            .iter()
            .map(|template| (template.file, Arc::clone(&template.text))),
    );
    for child in &node.children {
        collect_templates(child, texts);
    }
}

fn template_error(error: TemplateError) -> HelmError {
    let mut problem = Problem::new(error.message);
    problem.place = error.at.map(Place::File);
    for call in error.calls {
        problem = problem.note(Place::File(call), "called from here");
    }
    HelmError::from_problem(Stage::Render, problem)
}

impl RenderedChart {
    /// Cuts the files into documents, tells hooks from manifests, and sorts them.
    ///
    /// # Errors
    /// If a document is no YAML, or no object: `YAML parse error on c/templates/a.yaml: …`.
    pub fn into_release(self) -> Result<Release, HelmError> {
        classify(self)
    }
}
