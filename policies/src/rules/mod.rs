//! The built-in rules: one file a rule, and for each two lines here.

mod api_deprecated;
mod api_removed;
mod api_removed_in_live_release;
mod backup_missing;
mod backup_stale;
mod chart_kube_version;
mod pdb_blocks_at_hpa_minimum;
mod pdb_blocks_drain;
mod pdb_both_fields;
mod pdb_matches_nothing;
mod pdb_missing;
mod pdb_overlap;
mod pdb_selector_empty;
mod pdb_single_replica;
mod pdb_unhealthy_policy;
mod pdb_unsupported_owner;
mod release_not_deployed;
mod skew_apiserver_ha;
mod skew_control_plane;
mod skew_kube_proxy;
mod skew_kubelet;
mod upgrade_minor_skipped;
mod upgrade_order;

use crate::nearest::nearest;
use crate::rule::{Rule, RuleMeta};
use crate::settings::Settings;
use std::collections::BTreeMap;
use std::fmt::Write;
use yaml::Value;

/// All built-in rules, in the order of the catalogue.
pub const BUILT_IN: &[RuleEntry] = &[
    skew_kubelet::ENTRY,
    skew_kube_proxy::ENTRY,
    skew_control_plane::ENTRY,
    skew_apiserver_ha::ENTRY,
    upgrade_minor_skipped::ENTRY,
    upgrade_order::ENTRY,
    chart_kube_version::ENTRY,
    release_not_deployed::ENTRY,
    api_removed::ENTRY,
    api_deprecated::ENTRY,
    api_removed_in_live_release::ENTRY,
    pdb_missing::ENTRY,
    pdb_blocks_drain::ENTRY,
    pdb_blocks_at_hpa_minimum::ENTRY,
    pdb_single_replica::ENTRY,
    pdb_matches_nothing::ENTRY,
    pdb_overlap::ENTRY,
    pdb_unsupported_owner::ENTRY,
    pdb_unhealthy_policy::ENTRY,
    pdb_selector_empty::ENTRY,
    pdb_both_fields::ENTRY,
    backup_missing::ENTRY,
    backup_stale::ENTRY,
];

/// Makes a rule from settings whose names are known; Err names the wrong value.
pub type Build = fn(settings: &Settings<'_>) -> Result<Box<dyn Rule>, String>;

/// A rule before it has settings.
#[derive(Clone, Copy)]
pub struct RuleEntry {
    pub meta: &'static RuleMeta,
    pub make: Build,
}

/// Settings that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    pub rule: String,
    /// The setting that is wrong, if it is one.
    pub setting: Option<String>,
    /// Stands alone: names rule and setting, with the nearest known name where one is near.
    pub message: String,
}

impl RuleEntry {
    pub fn id(&self) -> &'static str {
        &self.meta.id
    }

    /// Makes the rule from `settings` of keelcheck.yaml. Err names the wrong setting, with the nearest known name.
    pub fn build(&self, settings: Option<&Value>) -> Result<Box<dyn Rule>, SettingsError> {
        let settings = Settings::of(self.meta, settings)?;
        (self.make)(&settings).map_err(|message| settings.error(None, &message))
    }

    /// What `explain` prints: title, severity, inputs, the docs, settings. Markdown.
    pub fn explain(&self) -> String {
        explain(self.meta)
    }
}

/// The built-in rule of an id.
pub fn find(id: &str) -> Option<&'static RuleEntry> {
    BUILT_IN.iter().find(|entry| entry.id() == id)
}

/// The built-in rule's id that is nearest to a misspelt one.
pub fn nearest_id(id: &str) -> Option<&'static str> {
    nearest(id, BUILT_IN.iter().map(RuleEntry::id))
}

/// All rules, each with its settings. `settings` has the value of `rules.<id>.settings` by rule id.
///
/// Where a rule shares the settings of another (backup-missing those of backup-stale), it gets them here.
/// Err has all wrong settings at once. Ids that are no built-in rules are the caller's business.
pub fn build_all(
    settings: &BTreeMap<String, Value>,
) -> Result<Vec<Box<dyn Rule>>, Vec<SettingsError>> {
    let mut rules = Vec::new();
    let mut errors = Vec::new();
    for entry in BUILT_IN {
        let own = settings.get(entry.id());
        let shared = || settings.get(shared_settings(entry.id())?);
        match entry.build(own.or_else(shared)) {
            Ok(rule) => rules.push(rule),
            // Wrong settings of another rule are that rule's to report.
            Err(_) if own.is_none() => {}
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(rules)
    } else {
        Err(errors)
    }
}

/// The rule whose settings a rule takes where it has none itself.
pub fn shared_settings(id: &str) -> Option<&'static str> {
    (id == "backup-missing").then_some("backup-stale")
}

/// All rules with their default settings.
pub fn all() -> Vec<Box<dyn Rule>> {
    BUILT_IN
        .iter()
        .filter_map(|entry| entry.build(None).ok())
        .collect()
}

/// What `explain` prints for a rule, built in or from a pack.
pub fn explain(meta: &RuleMeta) -> String {
    let inputs: Vec<&str> = meta.inputs.iter().map(|input| input.name()).collect();
    let mut text = format!(
        "# {}\n\n{}\n\nSeverity: {}. Inputs: {}.\n\n{}\n",
        meta.id,
        meta.summary,
        meta.severity.name(),
        inputs.join(", "),
        meta.docs.trim()
    );
    if !meta.settings.is_empty() {
        text.push_str("\n## Settings\n\n");
    }
    for (name, meaning) in meta.settings {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "- `{name}`: {meaning}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_distinct_and_kebab_case() {
        let mut ids: Vec<&str> = BUILT_IN.iter().map(RuleEntry::id).collect();
        assert!(ids.iter().all(|id| {
            id.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        }));
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn misspelt_ids_get_the_nearest_one() {
        assert_eq!(nearest_id("skew-kublet"), Some("skew-kubelet"));
        assert_eq!(nearest_id("something-else-entirely"), None);
        assert!(find("skew-kubelet").is_some() && find("skew-kublet").is_none());
    }

    #[test]
    fn explanations_name_inputs_and_settings() {
        let text = find("backup-stale").expect("a rule").explain();
        assert!(
            text.contains("Inputs: evidence") && text.contains("- `layers`:"),
            "{text}"
        );
    }

    #[test]
    fn all_wrong_settings_are_said_at_once() {
        let mut map = yaml::Map::new();
        map.insert("layer".into(), yaml::Entry::unmarked(Value::from("1h")));
        let wrong = Value::map(map);
        let settings = [("backup-stale", &wrong), ("skew-kubelet", &wrong)]
            .map(|(id, value)| (id.to_owned(), value.clone()));
        let errors = build_all(&settings.into()).err().expect("errors");
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        let nearest = "rule `backup-stale` has no setting `layer`; did you mean `layers`?";
        // backup-missing shares the settings of backup-stale, and does not repeat their errors.
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(messages.contains(&nearest), "{messages:?}");
        assert!(
            messages.contains(&"rule `skew-kubelet` has no settings"),
            "{messages:?}"
        );
    }
}
