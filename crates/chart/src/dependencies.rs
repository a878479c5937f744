//! Which sub-charts take part: presence, versions, aliases, tags and conditions.

use crate::instance::Instance;
use crate::load::ChartNode;
use crate::metadata::Dependency;
use crate::values::coalesce::{Coalescing, Mismatch, Nulls};
use crate::values::origins::Recorder;
use gotemplate::HelmLine;
use std::collections::BTreeSet;
use std::sync::Arc;
use version::{Constraint, Version};
use yaml::{Map, Value};

/// Checks that each declared dependency has a sub-chart of its name, whatever the version.
///
/// # Errors
/// Helm's text with the missing names.
pub(crate) fn check_presence(root: &ChartNode) -> Result<(), String> {
    let is_missing = |dependency: &&Dependency| {
        root.children
            .iter()
            .all(|child| child.metadata.name != dependency.name)
    };
    let missing: Vec<&str> = root
        .metadata
        .declared()
        .filter(is_missing)
        .map(|dependency| dependency.name.as_str())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to \
         fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: {}",
        missing.join(", ")
    ))
}

/// Settles names and takes disabled sub-charts out, in the whole tree below `chart`.
pub(crate) fn enable(
    chart: &mut Instance<'_>,
    user_values: &Map,
    helm: HelmLine,
    warnings: &mut Vec<String>,
) -> Result<(), Mismatch> {
    enable_below(chart, user_values, "", helm, warnings)
}

/// `passed` are the values that the chart is given; `path` is how conditions of this level are prefixed (`sub.`).
fn enable_below(
    chart: &mut Instance<'_>,
    passed: &Map,
    path: &str,
    helm: HelmLine,
    warnings: &mut Vec<String>,
) -> Result<(), Mismatch> {
    let Some(mut declared) = chart.dependencies.take() else {
        return Ok(());
    };
    chart.children = settle_names(std::mem::take(&mut chart.children), &mut declared);
    // Coalescing looks at no declarations, so that it does not matter that they are out.
    let mut values = passed.clone();
    let mut pass = Coalescing {
        helm,
        nulls: Nulls::Delete,
        recorder: Recorder::off(),
        warnings,
    };
    pass.coalesce(chart, &mut values)?;

    for dependency in &mut declared {
        dependency.enabled = true;
    }
    apply_tags(&mut declared, &values, helm, warnings);
    apply_conditions(&mut declared, &values, path, helm, warnings);
    let disabled: BTreeSet<String> = declared
        .iter()
        .filter(|dependency| !dependency.enabled)
        .map(|dependency| dependency.name.clone())
        .collect();
    chart
        .children
        .retain(|child| !disabled.contains(&*child.name));
    declared.retain(|dependency| dependency.enabled && !disabled.contains(&dependency.name));
    for child in &mut chart.children {
        let path = format!("{path}{}.", child.name);
        enable_below(child, &values, &path, helm, warnings)?;
    }
    chart.dependencies = (!declared.is_empty()).then_some(declared);
    Ok(())
}

/// Undeclared sub-charts, then one for each declaration that has one, under its alias.
fn settle_names<'c>(loaded: Vec<Instance<'c>>, declared: &mut [Dependency]) -> Vec<Instance<'c>> {
    let mut settled: Vec<_> = loaded
        .iter()
        .filter(|child| !declared.iter().any(|dependency| fits(dependency, child)))
        .cloned()
        .collect();
    for dependency in declared {
        if let Some(child) = loaded.iter().find(|child| fits(dependency, child)) {
            let mut child = child.clone();
            if !dependency.alias.is_empty() {
                child.name = dependency.alias.as_str().into();
            }
            settled.push(child);
        }
        if !dependency.alias.is_empty() {
            dependency.name.clone_from(&dependency.alias);
        }
    }
    settled
}

fn fits(dependency: &Dependency, child: &Instance<'_>) -> bool {
    *child.name == *dependency.name
        && is_compatible(&dependency.version, &child.node.metadata.version)
}

/// Whether a version satisfies a constraint; what cannot be read satisfies nothing.
pub(crate) fn is_compatible(constraint: &str, version: &str) -> bool {
    match (Constraint::parse(constraint), Version::parse(version)) {
        (Ok(constraint), Ok(version)) => constraint.check(&version),
        _ => false,
    }
}

fn apply_tags(
    declared: &mut [Dependency],
    values: &Map,
    helm: HelmLine,
    warnings: &mut Vec<String>,
) {
    let Some(Value::Map(tags)) = values.get("tags").map(|entry| &entry.value) else {
        return;
    };
    for dependency in declared {
        let (mut some_true, mut some_false) = (false, false);
        for tag in &dependency.tags {
            match tags.get(tag.as_str()).map(|entry| &entry.value) {
                None => {}
                Some(Value::Bool(true)) => some_true = true,
                Some(Value::Bool(false)) => some_false = true,
                Some(_) => warn_non_bool(warnings, helm, "tag", tag, &dependency.name),
            }
        }
        dependency.enabled = some_true || !some_false;
    }
}

fn apply_conditions(
    declared: &mut [Dependency],
    values: &Map,
    path: &str,
    helm: HelmLine,
    warnings: &mut Vec<String>,
) {
    for dependency in declared {
        let condition = dependency.condition.trim().to_owned();
        for alternative in condition
            .split(',')
            .filter(|alternative| !alternative.is_empty())
        {
            match scalar_at(values, &format!("{path}{alternative}")) {
                None => {}
                Some(Value::Bool(enabled)) => {
                    dependency.enabled = *enabled;
                    break;
                }
                Some(_) => warn_non_bool(warnings, helm, "path", alternative, &dependency.name),
            }
        }
    }
}

fn warn_non_bool(warnings: &mut Vec<String>, helm: HelmLine, what: &str, key: &str, chart: &str) {
    let warning = match helm {
        HelmLine::V4 => format!("returned non-bool value {what}={key} chart={chart}"),
        HelmLine::V3 => {
            format!("Warning: {what} '{key}' for chart {chart} returned non-bool value")
        }
    };
    if !warnings.contains(&warning) {
        warnings.push(warning);
    }
}

/// The value at a dotted path, unless it is a map.
fn scalar_at<'v>(values: &'v Map, path: &str) -> Option<&'v Value> {
    let (tables, key) = path
        .rsplit_once('.')
        .map_or((None, path), |(tables, key)| (Some(tables), key));
    let table = match tables {
        Some(tables) => table_at(values, tables)?,
        None => values,
    };
    table
        .get(key)
        .map(|entry| &entry.value)
        .filter(|value| value.as_map().is_none())
}

/// The map at a dotted path.
pub(crate) fn table_at<'v>(values: &'v Map, path: &str) -> Option<&'v Arc<Map>> {
    let mut table: Option<&Arc<Map>> = None;
    for key in path.split('.') {
        let entry = table.map_or(values, |table| table).get(key)?;
        let Value::Map(inner) = &entry.value else {
            return None;
        };
        table = Some(inner);
    }
    table
}
