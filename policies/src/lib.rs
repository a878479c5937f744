//! What a rule sees and says: facts, rules, findings. No rendering, disk, network, clock or output.
#![warn(clippy::disallowed_methods)]

mod api_lifecycle;
pub mod budget;
pub mod cluster;
mod document;
pub mod evidence;
pub mod facts;
pub mod finding;
pub mod nearest;
pub mod rule;
pub mod rules;
pub mod settings;
mod switched_off;
pub mod time;
mod version_window;

pub use facts::{ChartFacts, Facts, LiveFacts, ReleaseFacts};
pub use finding::{Finding, Label, RuleId, Severity, Unchecked};
pub use manifest::PlaceKind;
pub use rule::{Findings, Input, Report, Rule, RuleMeta};
