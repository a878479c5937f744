//! The binary as users run it: exit codes, texts, reports, on the charts in `fixtures`.

mod broken;
mod commands;
mod readme;
mod reports;
mod run;
