//! What a rule sees and says: facts, rules, findings. No rendering, disk, network, clock or output.
#![warn(clippy::disallowed_methods)]

pub mod cluster;
pub mod evidence;
pub mod facts;
pub mod finding;
pub mod rule;
pub mod rules;

pub use facts::{ChartFacts, Facts, LiveFacts, ReleaseFacts};
pub use finding::{Finding, Label, RuleId, Severity, Unchecked};
pub use manifest::PlaceKind;
pub use rule::{Findings, Input, Rule, RuleMeta};
