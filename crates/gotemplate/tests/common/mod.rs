//! Renders template texts without a chart: files, values as YAML, and the context that `helm template` has.

use gotemplate::{
    Capabilities, ChartContext, ChartObject, HelmLine, Library, ReleaseInfo, RenderInput,
    RenderLimits, RenderOptions, Rendering, TemplateError, TemplateRef, Volatile,
};
use source::FileId;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use yaml::Value;

/// Renders files of a chart `c`, named by their paths inside it.
pub(crate) fn render(
    files: &[(&str, &str)],
    values: Value,
    options: &RenderOptions,
) -> Result<Rendering, TemplateError> {
    let texts = files
        .iter()
        .enumerate()
        .map(|(index, (_, text))| (FileId(index as u32), Arc::from(text.as_bytes())));
    let library = Library::new(texts.collect());
    library.render(&input(files, values), options)
}

pub(crate) fn options(provenance: bool) -> RenderOptions {
    RenderOptions {
        provenance,
        volatile: Volatile {
            seed: 7,
            now: (1_700_000_000, 0),
        },
        limits: RenderLimits::default(),
        cancel: Arc::new(AtomicBool::new(false)),
    }
}

pub(crate) fn input(files: &[(&str, &str)], values: Value) -> RenderInput {
    let templates = files
        .iter()
        .enumerate()
        .map(|(index, (path, _))| TemplateRef {
            name: format!("c/{path}").into(),
            file: FileId(index as u32),
            chart: 0,
            partial: path
                .rsplit('/')
                .next()
                .is_some_and(|base| base.starts_with('_')),
        });
    let name = yaml::Entry::unmarked(Value::from("c"));
    let fields = Value::map([("Name".into(), name)].into_iter().collect());
    RenderInput {
        values,
        charts: vec![ChartContext {
            chart: ChartObject {
                json: fields.clone(),
                fields,
            },
            files: Arc::default(),
            values_path: Vec::new(),
            subcharts: Vec::new(),
            base_path: "c/templates".to_owned(),
        }],
        templates: templates.collect(),
        release: ReleaseInfo {
            name: "rel".to_owned(),
            namespace: "ns".to_owned(),
            is_upgrade: false,
            revision: 1,
            origins: [0; 3],
        },
        capabilities: Capabilities {
            kube_version: "v1.36.0".to_owned(),
            kube_version_normalized: "v1.36.0".to_owned(),
            kube_major: "1".to_owned(),
            kube_minor: "36".to_owned(),
            api_versions: Arc::new(vec!["v1".to_owned(), "apps/v1".to_owned()]),
            origins: [0; 2],
        },
        helm: HelmLine::V4,
    }
}
