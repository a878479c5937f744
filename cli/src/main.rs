//! keelcheck: GitOps pre-flight and policy checks for Kubernetes. This crate is the rim: arguments, disk, output.

mod args;
mod commands;
mod config;
mod live;
mod load;
mod objects;
mod output;
mod pipeline;
mod plan;
mod render;
mod report;
mod suggest;
mod triage;

use args::{Cli, Command};
use clap::{CommandFactory as _, Parser as _};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Commands of the contract that a later version brings.
const NOT_BUILT: &[&str] = &["plan", "drain", "capture", "policies"];

fn main() -> ExitCode {
    if let Some(name) = std::env::args()
        .nth(1)
        .filter(|name| NOT_BUILT.contains(&name.as_str()))
    {
        output::error_line(&format!("keelcheck {name} is not built yet"));
        return ExitCode::from(2);
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; everything else could not complete.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let colour = output::colour(cli.color);
    match cli.command {
        Command::Render(args) => commands::render::run(&args),
        Command::Diff(args) => commands::diff::run(&args, colour),
        Command::Check(args) => commands::check::run(&args, colour),
        Command::Blame(args) => commands::blame::run(&args, colour),
        Command::Explain(args) => commands::rules::explain(&args),
        Command::Rules(args) => commands::rules::list(&args),
        Command::Init(args) => commands::start::init(&args),
        Command::Demo(args) => commands::start::demo(&args, colour),
        Command::Completions(args) => {
            let mut text = Vec::new();
            clap_complete::generate(args.shell, &mut Cli::command(), "keelcheck", &mut text);
            match output::stdout(&text) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::from(2),
            }
        }
    }
}
