//! Normalise, compare desired with live, name the change. Knows no charts, no rules.
#![warn(clippy::disallowed_methods)]

mod change;
mod compare;
mod defaults;
mod definition;
mod derived;
mod difference;
mod immutable;
mod noise;
mod order;
mod rename;
mod shapes;
mod text;
mod valid;

pub use change::{Action, Change, FieldChange, FieldValue, Verdict};
pub use compare::{CompareOptions, compare};
pub use defaults::with_defaults;
pub use immutable::is_immutable_field;
pub use text::{DiffLine, Hunk, LineTag, canonical_yaml, unified};
