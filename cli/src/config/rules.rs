//! `rules`: on, off, severity and settings.

use super::reader::{Fields, Item, Reader, kind_of};
use super::{RuleConfig, RuleNames, severity};
use crate::suggest;
use policies::Severity;
use std::collections::BTreeMap;
use yaml::Value;

const KEYS: &[&str] = &["severity", "settings"];

/// What `severity` takes. YAML 1.1 reads `off` as false.
const SEVERITIES: &[&str] = &["error", "warning", "info", "off"];

pub(super) fn read(
    reader: &mut Reader<'_>,
    item: Option<Item<'_>>,
    known: &RuleNames<'_>,
) -> BTreeMap<String, RuleConfig> {
    let Some(item) = item else {
        return BTreeMap::new();
    };
    let entries = reader.entries(item, "`rules`");
    let mut rules = BTreeMap::new();
    for (id, entry) in entries {
        if let Some(complaint) = known.complaint(&id) {
            let help = "`keelcheck rules` lists the rules".to_owned();
            reader.error_with_help(entry, complaint, help);
        }
        let rule = read_one(reader, &id, entry);
        rules.insert(id.to_string(), rule);
    }
    rules
}

/// A mapping, or a lone severity, `on` or `off`.
fn read_one(reader: &mut Reader<'_>, id: &str, item: Item<'_>) -> RuleConfig {
    let owner = format!("rule `{id}`");
    let mut rule = RuleConfig {
        enabled: true,
        severity: None,
        settings: None,
        setting_places: BTreeMap::new(),
        place: item.key_place(),
    };
    match item.value {
        Value::Map(_) => {
            let fields = reader.fields(item, &owner, KEYS);
            if let Some(item) = fields.get("severity") {
                read_severity(reader, &owner, item, &mut rule);
            }
            read_settings(reader, &owner, &fields, &mut rule);
        }
        Value::Null => {}
        Value::List(_) => {
            let message = format!(
                "{owner} must be a severity, `off` or a mapping, not {}",
                kind_of(item.value)
            );
            reader.error(item, message);
        }
        _ => read_severity(reader, &owner, item, &mut rule),
    }
    rule
}

fn read_severity(reader: &mut Reader<'_>, owner: &str, item: Item<'_>, rule: &mut RuleConfig) {
    match severity_or_off(reader, item) {
        Ok(Some(severity)) => rule.severity = Some(severity),
        // `on` says no more than that the rule runs.
        Ok(None) => {
            rule.enabled = reader.word(item) != "off" && *item.value != Value::Bool(false);
        }
        Err(word) => {
            let hint = suggest::hint(&word, SEVERITIES.iter().copied());
            reader.error(
                item,
                format!("{owner}: severity `{word}` is none of error, warning, info and off{hint}"),
            );
        }
    }
}

/// None for `on` and `off`; Err with the word for anything else.
fn severity_or_off(reader: &Reader<'_>, item: Item<'_>) -> Result<Option<Severity>, String> {
    let word = reader.word(item);
    let is_switch = matches!(item.value, Value::Bool(_)) || word == "off" || word == "on";
    match severity(&word) {
        Some(severity) => Ok(Some(severity)),
        None if is_switch => Ok(None),
        None => Err(word),
    }
}

fn read_settings(reader: &mut Reader<'_>, owner: &str, fields: &Fields<'_>, rule: &mut RuleConfig) {
    let Some(item) = fields.get("settings") else {
        return;
    };
    let entries = reader.entries(item, &format!("{owner}: `settings`"));
    rule.setting_places = entries
        .into_iter()
        .map(|(name, entry)| (name.to_string(), entry.key_place()))
        .collect();
    if matches!(item.value, Value::Map(_)) {
        rule.settings = Some(item.value.clone());
    }
}
