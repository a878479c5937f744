//! From a chart and user values to the charts that take part, and the values that templates see.

#[cfg(test)]
mod tests;

use crate::dependencies::{check_presence, enable};
use crate::import_values::import;
use crate::instance::Instance;
use crate::values::coalesce::{Coalescing, Mismatch, Nulls};
use crate::values::origins::Recorder;
use crate::{Chart, HelmError, Request, Stage, validate_release_name};
use gotemplate::HelmLine;
use source::{OriginId, OriginTable, Place, Problem};
use yaml::Map;

/// A chart tree with its values, before any template runs.
#[derive(Debug)]
pub(crate) struct Settled<'c> {
    pub(crate) root: Instance<'c>,
    /// Marks are ids in `origins`.
    pub(crate) values: Map,
    pub(crate) origins: OriginTable,
    /// Nulls that took a default away.
    pub(crate) deleted: Vec<OriginId>,
    /// What Helm says on standard error.
    pub(crate) warnings: Vec<String>,
}

/// Enables dependencies, imports and coalesces values.
///
/// # Errors
/// The error that Helm would print first.
pub(crate) fn settle<'c>(
    chart: &'c Chart,
    request: &Request,
    provenance: bool,
) -> Result<Settled<'c>, HelmError> {
    check(chart, request)?;
    let helm = chart.helm();
    let mut values = request.values.values.as_map().cloned().unwrap_or_default();
    let mut origins = request.values.origins.clone();
    let mut warnings = chart.warnings().to_vec();
    let root = process_dependencies(chart, &values, provenance, &mut origins, &mut warnings)?;

    let recorder = if provenance {
        Recorder::on(&mut origins)
    } else {
        Recorder::off()
    };
    let mut pass = Coalescing {
        helm,
        nulls: Nulls::Delete,
        recorder,
        warnings: &mut warnings,
    };
    let coalesced = pass.coalesce(&root, &mut values);
    let deleted = pass.recorder.into_deleted();
    coalesced.map_err(|mismatch| mismatch_error(Stage::Schema, mismatch, "", &origins))?;
    Ok(Settled {
        root,
        values,
        origins,
        deleted,
        warnings,
    })
}

/// What Helm checks before it looks at values.
fn check(chart: &Chart, request: &Request) -> Result<(), HelmError> {
    let metadata = &chart.root.metadata;
    if !matches!(metadata.chart_type.as_str(), "" | "application") {
        let message = format!("{} charts are not installable", metadata.chart_type);
        return Err(error_at(chart, Stage::Load, message, "type"));
    }
    check_presence(&chart.root)
        .map_err(|message| error_at(chart, Stage::Dependencies, message, "dependencies"))?;
    validate_release_name(&request.name, chart.helm()).map_err(|message| {
        let problem = Problem {
            place: request.places.name.clone(),
            ..Problem::new(message)
        };
        HelmError::from_problem(Stage::Dependencies, problem)
    })
}

fn process_dependencies<'c>(
    chart: &'c Chart,
    user_values: &Map,
    provenance: bool,
    origins: &mut OriginTable,
    warnings: &mut Vec<String>,
) -> Result<Instance<'c>, HelmError> {
    let helm = chart.helm();
    let prefix = match helm {
        HelmLine::V4 => "chart dependencies processing failed: ",
        HelmLine::V3 => "",
    };
    let failed = |mismatch, origins: &OriginTable| {
        mismatch_error(Stage::Dependencies, mismatch, prefix, origins)
    };
    let mut root = Instance::new(&chart.root);
    enable(&mut root, user_values, helm, warnings).map_err(|mismatch| failed(mismatch, origins))?;
    if provenance {
        root.adopt(origins);
    } else {
        root.forget_places();
    }
    let recorder = if provenance {
        Recorder::on(origins)
    } else {
        Recorder::off()
    };
    let mut pass = Coalescing {
        helm,
        nulls: Nulls::Keep,
        recorder,
        warnings,
    };
    import(&mut root, &mut pass).map_err(|mismatch| failed(mismatch, origins))?;
    Ok(root)
}

/// An error about a key of the root chart's Chart.yaml.
pub(crate) fn error_at(chart: &Chart, stage: Stage, message: String, key: &str) -> HelmError {
    let place = chart.place(key).map(Place::File);
    HelmError::from_problem(
        stage,
        Problem {
            place,
            ..Problem::new(message)
        },
    )
}

fn mismatch_error(
    stage: Stage,
    mismatch: Mismatch,
    prefix: &str,
    origins: &OriginTable,
) -> HelmError {
    let place = origins
        .get(mismatch.origin)
        .map(|origin| origin.place.clone());
    let message = format!("{prefix}{}", mismatch.message);
    HelmError::from_problem(
        stage,
        Problem {
            place,
            ..Problem::new(message)
        },
    )
}
