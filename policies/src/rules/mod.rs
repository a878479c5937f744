//! The built-in rules: one file a rule, one line in the list.

use crate::rule::Rule;
use yaml::Value;

/// Settings of a rule as keelcheck.yaml has them; Err names the wrong key or value.
pub type Build = fn(settings: Option<&Value>) -> Result<Box<dyn Rule>, String>;

/// All built-in rules, in the order of the catalogue.
pub const BUILT_IN: &[Build] = &[];

/// All rules with their default settings.
pub fn all() -> Vec<Box<dyn Rule>> {
    BUILT_IN.iter().filter_map(|build| build(None).ok()).collect()
}
