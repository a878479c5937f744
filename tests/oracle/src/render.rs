//! Rendering in-process, through the same crates as the binary.

use chart::{
    Chart, ChartFile, Compiled, HelmError, HelmLine, PrintOptions, RenderOptions, Request, Stage,
    UserValues, ValuesInput,
};
use gotemplate::{RenderLimits, Volatile};
use source::SourceFiles;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Options of a measured rendering: plain, seeded.
pub(crate) fn options() -> RenderOptions {
    RenderOptions {
        provenance: false,
        volatile: Volatile {
            seed: 1,
            now: (1_764_000_000, 0),
        },
        limits: RenderLimits::default(),
        cancel: Arc::new(AtomicBool::new(false)),
    }
}

/// What to render.
pub(crate) struct Job<'a> {
    pub(crate) root_name: &'a str,
    pub(crate) files: Vec<ChartFile>,
    pub(crate) from_archive: bool,
    pub(crate) values: ValuesInput,
    pub(crate) request: Request,
    pub(crate) helm: HelmLine,
    pub(crate) kube_version: Option<&'a str>,
}

/// Up to the rendered files.
pub(crate) fn files(
    job: Job<'_>,
    registry: &SourceFiles,
) -> Result<chart::RenderedChart, HelmError> {
    let (compiled, request) = compile(job, registry)?;
    compiled.render_files(&request, &options(), registry)
}

/// Up to the printed text.
pub(crate) fn print(
    job: Job<'_>,
    print: &PrintOptions,
    registry: &SourceFiles,
) -> Result<Vec<u8>, HelmError> {
    let (compiled, request) = compile(job, registry)?;
    let release = compiled.render(&request, &options(), registry)?;
    release
        .print(print)
        .map_err(|message| HelmError::from_problem(Stage::Manifests, source::Problem::new(message)))
}

fn compile(job: Job<'_>, registry: &SourceFiles) -> Result<(Compiled, Request), HelmError> {
    let mut request = job.request;
    if let Some(version) = job.kube_version {
        request.kube_version = Some(chart::parse_kube_version(version)?);
    }
    let values = UserValues::read(&job.values, registry, job.helm);
    request.values = values.map_err(|problem| HelmError::from_problem(Stage::Values, problem))?;
    let loaded = Chart::load(
        job.root_name,
        job.files,
        job.from_archive,
        registry,
        job.helm,
    );
    let loaded = loaded.map_err(|problem| HelmError::from_problem(Stage::Load, problem))?;
    Ok((Compiled::new(loaded), request))
}
