//! The command line, exactly as typed: no file is opened and no environment looked at to build these types.

mod release;

pub(crate) use release::{ChartArgs, PrintArgs, ReleaseArgs, ValuesArgs};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// GitOps pre-flight and policy checks for Kubernetes: renders Helm charts offline, diffs them with what runs,
/// and says on which line of which overlay the trouble stands.
#[derive(Debug, Parser)]
#[command(
    name = "keelcheck",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    after_help = "Examples:
  keelcheck demo
  keelcheck check kmetal charts/kmetal -f values/prod-eu.yaml --live live/manifest.yaml
  keelcheck check --format terminal --format sarif=keelcheck.sarif
  helm get manifest kmetal | keelcheck diff kmetal charts/kmetal -f values/prod-eu.yaml --live -

Exit codes of check: 0 clean, 1 findings at or above --fail-on, 2 could not complete."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colour (the environment variable NO_COLOR is honoured)
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print what `helm template` prints
    #[command(after_help = "Examples:
  keelcheck render kmetal charts/kmetal -n kmetal-flux -f values/common.yaml -f values/prod-eu.yaml
  keelcheck render charts/kmetal --set image.tag=1.2.3 --show-only templates/ui.yaml")]
    Render(RenderArgs),
    /// Show what an upgrade would change
    #[command(after_help = "Examples:
  keelcheck diff kmetal charts/kmetal -f values/prod-eu.yaml --live live/manifest.yaml
  helm get manifest kmetal | keelcheck diff kmetal charts/kmetal -f values/prod-eu.yaml --live -

Exit codes: 0, or with --detailed-exitcode 2 when there are changes; 1 error.")]
    Diff(DiffArgs),
    /// Check one chart, or every environment of keelcheck.yaml
    #[command(after_help = "Examples:
  keelcheck check
  keelcheck check --environment prod-eu --format github
  keelcheck check kmetal charts/kmetal -f values/prod-eu.yaml --live live/manifest.yaml \\
      --capture live/cluster.json --target-version 1.34.0

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not complete.")]
    Check(Box<CheckArgs>),
    /// Say which file and line decided a rendered field
    #[command(after_help = "Examples:
  keelcheck blame kmetal charts/kmetal -f values/prod-eu.yaml Deployment/ui spec.replicas
  keelcheck blame charts/kmetal Deployment/ui --format json")]
    Blame(BlameArgs),
    /// Say what a rule checks, why, and what to do
    #[command(after_help = "Example:
  keelcheck explain pdb-missing")]
    Explain(ExplainArgs),
    /// List the rules
    #[command(after_help = "Example:
  keelcheck rules --format json")]
    Rules(RulesArgs),
    /// Find charts and overlays and write keelcheck.yaml
    #[command(after_help = "Example:
  cd my-gitops-repository && keelcheck init")]
    Init(InitArgs),
    /// Write a small real project and check it
    #[command(after_help = "Examples:
  keelcheck demo
  keelcheck demo /tmp/keelcheck-demo")]
    Demo(DemoArgs),
    /// Print a completion script for a shell
    #[command(after_help = "Example:
  keelcheck completions bash > /etc/bash_completion.d/keelcheck")]
    Completions(CompletionsArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RenderArgs {
    #[command(flatten)]
    pub(crate) release: ReleaseArgs,
    #[command(flatten)]
    pub(crate) print: PrintArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    #[command(flatten)]
    pub(crate) release: ReleaseArgs,
    #[command(flatten)]
    pub(crate) live: LiveArgs,
    /// Exit with 2 when there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// Lines of context around changes (all of them where it is negative)
    #[arg(short = 'C', long, default_value_t = -1, allow_negative_numbers = true, value_name = "LINES")]
    pub(crate) context: i64,
    /// Leave out changes of objects of this kind (repeatable)
    #[arg(long, value_name = "KIND")]
    pub(crate) suppress: Vec<String>,
    /// Leave out changes of Secrets
    #[arg(short = 'q', long)]
    pub(crate) suppress_secrets: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = DiffOutput::Diff)]
    pub(crate) output: DiffOutput,
    /// Kubernetes after the upgrade
    #[arg(long, value_name = "VERSION")]
    pub(crate) target_version: Option<String>,
    /// Refused: secret values never reach any output
    #[arg(long, hide = true)]
    pub(crate) show_secrets: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffOutput {
    /// A unified diff of each object
    Diff,
    /// A line for each object
    Simple,
    /// A list of changes with their fields
    Json,
}

/// The live side of a comparison.
#[derive(Debug, Clone, Args, Default)]
pub(crate) struct LiveArgs {
    /// Output of `helm get manifest`, or a stored release (Secret sh.helm.release.v1.…); `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) live: Option<String>,
    /// Output of `helm get hooks`
    #[arg(long, value_name = "FILE")]
    pub(crate) live_hooks: Option<String>,
    /// Render the same chart and overlays at this git revision, as the baseline where there is no live manifest
    #[arg(long, value_name = "REF")]
    pub(crate) base: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) release: ReleaseArgs,
    #[command(flatten)]
    pub(crate) live: LiveArgs,
    /// Only this environment of keelcheck.yaml (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Vec<String>,
    /// The project file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Cluster facts: any `kubectl get … -o json/yaml` lists, `kubectl version -o json` (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) capture: Vec<String>,
    /// Backup and other evidence, recognised by content (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Vec<String>,
    /// Kubernetes now (default: the capture's)
    #[arg(long, value_name = "VERSION")]
    pub(crate) current_version: Option<String>,
    /// Kubernetes after the upgrade (default: the current one)
    #[arg(long, value_name = "VERSION")]
    pub(crate) target_version: Option<String>,
    /// The time that freshness is judged by (default: now)
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<String>,
    /// Only these rules (repeatable)
    #[arg(long, value_name = "ID")]
    pub(crate) rule: Vec<String>,
    /// Custom policies
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) pack: Vec<String>,
    /// The mildest severity that fails the check: error, warning, info or never (default error)
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<String>,
    /// A report: terminal, github, sarif, markdown or json, to standard output or a file (repeatable)
    #[arg(long, value_name = "FORMAT[=FILE]")]
    pub(crate) format: Vec<String>,
    /// Report only what is not in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write what is found now into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Refused: secret values never reach any output
    #[arg(long, hide = true)]
    pub(crate) show_secrets: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BlameArgs {
    #[command(flatten)]
    pub(crate) values: ValuesArgs,
    /// Name, chart, and what to look at
    #[arg(help = "[NAME] CHART [RESOURCE [FIELD]]: RESOURCE is Kind/name or Kind/namespace/name")]
    #[arg(required = true, num_args = 1..=4, value_name = "ARG")]
    pub(crate) args: Vec<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = BlameFormat::Terminal)]
    pub(crate) format: BlameFormat,
    /// The other way round: every rendered line that a value reaches
    #[arg(long, value_name = "PATH")]
    pub(crate) value: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BlameFormat {
    Terminal,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Id of a rule
    pub(crate) rule: String,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    #[arg(long, value_enum, default_value_t = RulesFormat::Terminal)]
    pub(crate) format: RulesFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    Terminal,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The project's folder
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where to write the project
    #[arg(default_value = "keelcheck-demo")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    pub(crate) shell: clap_complete::Shell,
}
