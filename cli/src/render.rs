//! Rendering one environment: chart and layers in, documents out.

use crate::load::{Inputs, Origin};
use crate::plan::{EnvironmentPlan, flag, read_values};
use chart::{
    Compiled, HelmError, HelmLine, Release, RenderOptions, Request, RequestPlaces, Stage,
    parse_kube_version,
};
use gotemplate::{RenderLimits, Volatile};
use source::SourceFiles;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A rendering that takes longer is stopped.
const RENDER_TIME: Duration = Duration::from_secs(60);

/// Charts compiled in this run, shared by all environments.
#[derive(Default)]
pub(crate) struct Charts {
    compiled: Mutex<HashMap<(String, HelmLine), Slot>>,
}

type Slot = Arc<OnceLock<Result<Arc<Compiled>, HelmError>>>;

impl Charts {
    /// Loads and compiles a chart once.
    pub(crate) fn get(
        &self,
        plan: &EnvironmentPlan,
        origin: &Origin<'_>,
        files: &SourceFiles,
    ) -> Result<Arc<Compiled>, HelmError> {
        let load = || {
            let chart = crate::load::chart(&plan.chart, origin, files, plan.helm)
                .map_err(|problem| HelmError::from_problem(Stage::Load, problem))?;
            Ok(Arc::new(Compiled::new(chart)))
        };
        if matches!(origin, Origin::Revision(_)) {
            return load();
        }
        let slot = {
            let mut compiled = self
                .compiled
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            Arc::clone(compiled.entry((plan.chart.clone(), plan.helm)).or_default())
        };
        slot.get_or_init(load).clone()
    }
}

/// What a rendering is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Helm's own output and errors.
    Print,
    /// `check`, `diff`, `blame`: with provenance, and the chart's `kubeVersion` left to its rule.
    Judge,
}

/// Renders an environment. Steps follow Helm's order, so that the first error is Helm's.
pub(crate) fn render(
    plan: &EnvironmentPlan,
    purpose: Purpose,
    origin: &Origin<'_>,
    charts: &Charts,
    inputs: &Inputs,
    files: &SourceFiles,
) -> Result<(Arc<Compiled>, Release), HelmError> {
    let kube_version = plan
        .kube_version
        .as_deref()
        .map(parse_kube_version)
        .transpose()?;
    let values = read_values(plan, origin, inputs, files)
        .map_err(|problem| HelmError::from_problem(Stage::Values, problem))?;
    let compiled = charts.get(plan, origin, files)?;
    let request = Request {
        name: plan.release.clone(),
        namespace: plan.namespace.clone(),
        values,
        kube_version,
        api_versions: plan.api_versions.clone(),
        is_upgrade: plan.is_upgrade,
        skip_schema_validation: plan.skip_schema_validation,
        skip_kube_version_check: purpose == Purpose::Judge,
        places: RequestPlaces {
            name: Some(flag(format!("NAME {}", plan.release))),
            namespace: Some(flag(format!("--namespace {}", plan.namespace))),
            is_upgrade: plan.is_upgrade.then(|| flag("--is-upgrade".to_owned())),
            kube_version: plan
                .kube_version
                .as_ref()
                .map(|text| flag(format!("--kube-version {text}"))),
            api_versions: (!plan.api_versions.is_empty())
                .then(|| flag(format!("--api-versions {}", plan.api_versions.join(",")))),
        },
    };
    let options = options(purpose == Purpose::Judge, plan.seed);
    let release = compiled.render(&request, &options, files)?;
    options.cancel.store(true, Ordering::Relaxed);
    Ok((compiled, release))
}

/// Options of a rendering, with its watchdog started.
fn options(provenance: bool, seed: Option<u64>) -> RenderOptions {
    let cancel = Arc::new(AtomicBool::new(false));
    let watched = Arc::clone(&cancel);
    std::thread::spawn(move || {
        std::thread::sleep(RENDER_TIME);
        watched.store(true, Ordering::Relaxed);
    });
    let now = match seed {
        // Pinned output pins the clock too.
        Some(_) => Duration::ZERO,
        None => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default(),
    };
    RenderOptions {
        provenance,
        volatile: Volatile {
            seed: seed.unwrap_or_else(|| RandomState::new().hash_one(now)),
            now: (
                i64::try_from(now.as_secs()).unwrap_or(i64::MAX),
                now.subsec_nanos(),
            ),
        },
        limits: RenderLimits::default(),
        cancel,
    }
}

/// `--name-template`: a Go template with all functions and a nil dot.
pub(crate) fn name_from_template(template: &str) -> Result<String, String> {
    use gotemplate::{
        Capabilities, ChartContext, ChartObject, Library, ReleaseInfo, RenderInput, TemplateRef,
    };
    let file = source::FileId(0);
    let library = Library::new(vec![(file, template.as_bytes().into())]);
    let nothing = yaml::Value::map(yaml::Map::new());
    let input = RenderInput {
        values: nothing.clone(),
        charts: vec![ChartContext {
            chart: ChartObject {
                fields: nothing.clone(),
                json: nothing,
            },
            files: Arc::default(),
            values_path: Vec::new(),
            subcharts: Vec::new(),
            base_path: String::new(),
        }],
        templates: vec![TemplateRef {
            name: "name-template".into(),
            file,
            chart: 0,
            partial: false,
        }],
        release: ReleaseInfo {
            name: String::new(),
            namespace: String::new(),
            is_upgrade: false,
            revision: 1,
            origins: [0; 3],
        },
        capabilities: Capabilities {
            kube_version: String::new(),
            kube_version_normalized: String::new(),
            kube_major: String::new(),
            kube_minor: String::new(),
            api_versions: Arc::default(),
            origins: [0; 2],
        },
        helm: HelmLine::V4,
    };
    let rendering = library
        .render(&input, &options(false, None))
        .map_err(|error| error.message)?;
    Ok(rendering
        .files
        .first()
        .map(|file| String::from_utf8_lossy(&file.text).into_owned())
        .unwrap_or_default())
}
