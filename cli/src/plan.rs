//! What will be rendered for one environment: inputs named, nothing read yet.

use crate::args::{ChartArgs, ValuesArgs};
use crate::load::{Inputs, Origin, printed};
use chart::{HelmLine, TypedSet, UserValues, ValuesFile, ValuesInput};
use source::{Place, Problem, SourceFiles};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One environment of keelcheck.yaml, or the one of the command line.
#[derive(Debug, Clone)]
pub(crate) struct EnvironmentPlan {
    pub(crate) name: String,
    pub(crate) chart: String,
    pub(crate) release: String,
    pub(crate) namespace: String,
    pub(crate) helm: HelmLine,
    pub(crate) values: ValuesPlan,
    pub(crate) kube_version: Option<String>,
    pub(crate) api_versions: Vec<String>,
    pub(crate) is_upgrade: bool,
    pub(crate) include_crds: bool,
    pub(crate) skip_schema_validation: bool,
    pub(crate) live: Option<String>,
    pub(crate) live_hooks: Option<String>,
    pub(crate) captures: Vec<String>,
    pub(crate) evidence: Vec<String>,
    pub(crate) current: Option<String>,
    pub(crate) target: Option<String>,
    /// Where the target was given.
    pub(crate) target_place: Option<(Place, policies::PlaceKind)>,
    pub(crate) seed: Option<u64>,
}

/// The value layers, as named.
#[derive(Debug, Clone, Default)]
pub(crate) struct ValuesPlan {
    pub(crate) files: Vec<String>,
    pub(crate) typed: Vec<TypedSet>,
    pub(crate) set: Vec<String>,
    pub(crate) set_string: Vec<String>,
    pub(crate) set_file: Vec<String>,
    pub(crate) set_json: Vec<String>,
    pub(crate) set_literal: Vec<String>,
}

impl EnvironmentPlan {
    /// The environment of a command line.
    pub(crate) fn from_args(chart: &ChartArgs, args: &ValuesArgs) -> Result<Self, String> {
        let release = release_name(chart, args)?;
        Ok(Self {
            name: release.clone(),
            chart: chart.chart.clone(),
            release,
            namespace: namespace(args),
            helm: helm_line(&args.helm_version)?,
            values: ValuesPlan {
                files: args
                    .values
                    .iter()
                    .flat_map(|list| split_csv(list))
                    .collect(),
                typed: Vec::new(),
                set: args.set.clone(),
                set_string: args.set_string.clone(),
                set_file: args.set_file.clone(),
                set_json: args.set_json.clone(),
                set_literal: args.set_literal.clone(),
            },
            kube_version: args.kube_version.clone(),
            api_versions: args
                .api_versions
                .iter()
                .flat_map(|list| split_csv(list))
                .collect(),
            is_upgrade: args.is_upgrade,
            include_crds: args.include_crds,
            skip_schema_validation: args.skip_schema_validation,
            live: None,
            live_hooks: None,
            captures: Vec::new(),
            evidence: Vec::new(),
            current: None,
            target: None,
            target_place: None,
            seed: args.seed,
        })
    }
}

/// `--helm-version`.
pub(crate) fn helm_line(text: &str) -> Result<HelmLine, String> {
    match text {
        "4" => Ok(HelmLine::V4),
        "3" => Ok(HelmLine::V3),
        other => Err(format!("--helm-version {other}: 4 or 3")),
    }
}

fn namespace(args: &ValuesArgs) -> String {
    let from_environment = || {
        std::env::var("HELM_NAMESPACE")
            .ok()
            .filter(|name| !name.is_empty())
    };
    args.namespace
        .clone()
        .or_else(from_environment)
        .unwrap_or_else(|| "default".to_owned())
}

fn release_name(chart: &ChartArgs, args: &ValuesArgs) -> Result<String, String> {
    match (&chart.name, &args.name_template) {
        (Some(_), Some(_)) => Err("cannot set --name-template and also specify a name".to_owned()),
        (Some(_), None) if args.generate_name => {
            Err("cannot set --generate-name and also specify a name".to_owned())
        }
        (Some(name), None) => Ok(name.clone()),
        (None, Some(template)) => crate::render::name_from_template(template),
        (None, None) => Ok("release-name".to_owned()),
    }
}

/// A slice flag of Helm's: commas separate, double quotes protect.
fn split_csv(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => parts.push(String::new()),
            other => {
                if let Some(last) = parts.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    parts
}

/// Reads and merges the value layers of an environment.
pub(crate) fn read_values(
    plan: &EnvironmentPlan,
    origin: &Origin<'_>,
    inputs: &Inputs,
    files: &SourceFiles,
) -> Result<UserValues, Problem> {
    let values = &plan.values;
    let mut input = ValuesInput {
        set_json: values.set_json.clone(),
        typed: values.typed.clone(),
        set: values.set.clone(),
        set_string: values.set_string.clone(),
        set_file: values.set_file.clone(),
        set_literal: values.set_literal.clone(),
        ..ValuesInput::default()
    };
    for name in &values.files {
        input.files.push(ValuesFile {
            name: printed(name),
            bytes: read_layer(name, "-f", origin, inputs)?,
        });
    }
    let mut contents = BTreeMap::new();
    for path in values
        .set_file
        .iter()
        .flat_map(|argument| chart::set_file_paths(argument))
    {
        let bytes = read_layer(&path, "--set-file", origin, inputs);
        contents.insert(path, bytes.map_err(|problem| problem.message));
    }
    input.file_contents = contents;
    UserValues::read(&input, files, plan.helm)
}

fn read_layer(
    name: &str,
    flag: &str,
    origin: &Origin<'_>,
    inputs: &Inputs,
) -> Result<Arc<[u8]>, Problem> {
    match origin {
        Origin::Revision(revision) if name != "-" => {
            revision.file(name).map(Arc::from).ok_or_else(|| {
                Problem::new(format!(
                    "--base {}: {name} is not there at that revision",
                    revision.name
                ))
            })
        }
        _ => inputs.read(name, flag).map_err(Problem::new),
    }
}

/// The place of a flag, for facts that are no values.
pub(crate) fn flag(text: String) -> Place {
    Place::Flag { text: text.into() }
}
