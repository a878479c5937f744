//! The GitHub Action's scripts, run as a runner would run them: inputs as variables, environment files in a temporary
//! folder, an event file, and a small server in place of GitHub's API. Skipped where bash, curl or jq are missing.

mod api;
mod check;
mod comment;
mod install;
mod metadata;
mod runner;
