//! Helm's flags, with Helm's spelling and meaning.

use clap::Args;

/// `[NAME] CHART` and the values flags.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReleaseArgs {
    #[command(flatten)]
    pub(crate) values: ValuesArgs,
    /// The release's name, where two are given, and a chart folder or .tgz
    #[arg(
        help = "[NAME] CHART: the release's name (default release-name) and a chart folder or .tgz"
    )]
    #[arg(num_args = 0..=2, value_name = "ARG")]
    pub(crate) args: Vec<String>,
}

/// What `[NAME] CHART` means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChartArgs {
    /// None: Helm's `release-name`.
    pub(crate) name: Option<String>,
    pub(crate) chart: String,
}

impl ChartArgs {
    /// One argument is the chart, two are name and chart.
    pub(crate) fn new(args: &[String]) -> Option<Self> {
        match args {
            [chart] => Some(Self {
                name: None,
                chart: chart.clone(),
            }),
            [name, chart] => Some(Self {
                name: Some(name.clone()),
                chart: chart.clone(),
            }),
            _ => None,
        }
    }
}

/// All of Helm's flags that bear on what is rendered.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Helm options")]
pub(crate) struct ValuesArgs {
    /// Values files, in order (repeatable; commas separate several)
    #[arg(short = 'f', long = "values", value_name = "FILE")]
    pub(crate) values: Vec<String>,
    /// Set values (key1=val1,key2=val2)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Set string values
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set_string: Vec<String>,
    /// Set values from files (key1=path1)
    #[arg(long, value_name = "KEY=PATH")]
    pub(crate) set_file: Vec<String>,
    /// Set JSON values (key1=json1) or one JSON object
    #[arg(long, value_name = "JSON")]
    pub(crate) set_json: Vec<String>,
    /// Set a literal string value
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set_literal: Vec<String>,
    /// Namespace of the release (default: the environment variable HELM_NAMESPACE, else default)
    #[arg(short = 'n', long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Kubernetes version for Capabilities.KubeVersion
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,
    /// More API versions for Capabilities.APIVersions (repeatable; commas separate several)
    #[arg(short = 'a', long, value_name = "VERSION")]
    pub(crate) api_versions: Vec<String>,
    /// Set .Release.IsUpgrade instead of .Release.IsInstall
    #[arg(long)]
    pub(crate) is_upgrade: bool,
    /// Do not validate values against the charts' schemas
    #[arg(long)]
    pub(crate) skip_schema_validation: bool,
    /// The chart's version, as in Helm: a chart on disk must have it
    #[arg(long = "version", value_name = "VERSION")]
    pub(crate) chart_version: Option<String>,
    /// The line of Helm whose output is reproduced: 4 (4.2.4) or 3 (3.21.4)
    #[arg(long, value_name = "4|3", default_value = "4")]
    pub(crate) helm_version: String,
    /// Go template for the release's name
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) name_template: Option<String>,
    /// Accepted as in Helm; has no effect on `[NAME] CHART`
    #[arg(short = 'g', long, hide = true)]
    pub(crate) generate_name: bool,
    /// Include hooks in the rendering (accepted everywhere; on by default)
    #[arg(long)]
    pub(crate) no_hooks: bool,
    /// Leave out test hooks
    #[arg(long)]
    pub(crate) skip_tests: bool,
    /// Include the files under crds/
    #[arg(long)]
    pub(crate) include_crds: bool,
    /// Accepted as in Helm; CRDs are left out by default
    #[arg(long, hide = true)]
    pub(crate) skip_crds: bool,
    /// Reuse the stored release's values (needs --live with a stored release)
    #[arg(long)]
    pub(crate) reuse_values: bool,
    /// Start from the chart's own values (the default)
    #[arg(long)]
    pub(crate) reset_values: bool,
    /// Start from the chart's own values, then reuse the stored release's (needs --live with a stored release)
    #[arg(long)]
    pub(crate) reset_then_reuse_values: bool,
    /// Pins random and certificate functions (ours, not Helm's)
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
}

/// Flags that bear on printing only.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output options")]
pub(crate) struct PrintArgs {
    /// Print only what these templates rendered (repeatable)
    #[arg(short = 's', long, value_name = "TEMPLATE")]
    pub(crate) show_only: Vec<String>,
    /// Write the rendered files into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) output_dir: Option<std::path::PathBuf>,
    /// With --output-dir, put the files below a folder named after the release
    #[arg(long)]
    pub(crate) release_name: bool,
    /// Print what was rendered even where it is no valid YAML
    #[arg(long)]
    pub(crate) debug: bool,
}
