//! A rule's settings as keelcheck.yaml has them.

use crate::nearest::nearest;
use crate::rule::RuleMeta;
use crate::rules::SettingsError;
use crate::time::parse_duration;
use std::collections::BTreeMap;
use yaml::{Entry, Value};

/// The settings of one rule; every key is one that the rule knows.
pub struct Settings<'a> {
    meta: &'a RuleMeta,
    value: Option<&'a Value>,
}

impl<'a> Settings<'a> {
    /// Err for a value that is no map, and for names that the rule does not know.
    pub fn of(meta: &'a RuleMeta, value: Option<&'a Value>) -> Result<Self, SettingsError> {
        let settings = Self {
            meta,
            value: value.filter(|value| !value.is_null()),
        };
        let map = match settings.value {
            None => return Ok(settings),
            Some(Value::Map(map)) => map,
            Some(_) => return Err(settings.error(None, "the settings are no map")),
        };
        let names = || meta.settings.iter().map(|(name, _)| *name);
        match map.keys().find(|key| names().all(|name| name != &***key)) {
            None => Ok(settings),
            Some(unknown) => Err(settings.unknown(unknown)),
        }
    }

    fn unknown(&self, name: &str) -> SettingsError {
        let id = &self.meta.id;
        let message = match nearest(name, self.meta.settings.iter().map(|(known, _)| *known)) {
            Some(known) => format!("rule `{id}` has no setting `{name}`; did you mean `{known}`?"),
            None if self.meta.settings.is_empty() => format!("rule `{id}` has no settings"),
            None => {
                let known: Vec<String> = self
                    .meta
                    .settings
                    .iter()
                    .map(|(known, _)| format!("`{known}`"))
                    .collect();
                format!(
                    "rule `{id}` has no setting `{name}`, only {}",
                    known.join(", ")
                )
            }
        };
        SettingsError {
            rule: id.to_string(),
            setting: Some(name.to_owned()),
            message,
        }
    }

    /// An error that names the rule.
    pub fn error(&self, setting: Option<&str>, message: &str) -> SettingsError {
        let rule = self.meta.id.to_string();
        SettingsError {
            message: format!("rule `{rule}`: {message}"),
            setting: setting.map(str::to_owned),
            rule,
        }
    }

    /// The value of a setting; None where it is not set.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.value?
            .get(name)
            .map(|entry| &entry.value)
            .filter(|value| !value.is_null())
    }

    /// A list of strings; a lone string is a list of one. Empty where it is not set.
    pub fn strings(&self, name: &str) -> Result<Vec<String>, String> {
        let text = |entry: &Entry| entry.value.as_str().map(str::to_owned);
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(vec![text.to_string()]),
            Some(value) => {
                let items = value
                    .as_list()
                    .and_then(|items| items.iter().map(text).collect::<Option<Vec<_>>>());
                items.ok_or_else(|| format!("`{name}` is no list of strings"))
            }
        }
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, String> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        value
            .as_i64()
            .map(Some)
            .ok_or_else(|| format!("`{name}` is no whole number"))
    }

    /// A map of durations (`15m`, `1h30m`, `2d`), in seconds.
    pub fn durations(&self, name: &str) -> Result<Option<BTreeMap<String, i64>>, String> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let map = value
            .as_map()
            .ok_or_else(|| format!("`{name}` is no map of durations"))?;
        let duration = |(key, entry): (&std::sync::Arc<str>, &Entry)| {
            let seconds = entry.value.as_str().and_then(parse_duration);
            let seconds = seconds
                .ok_or_else(|| format!("`{name}.{key}` is no duration such as 15m or 1h30m"))?;
            Ok((key.to_string(), seconds))
        };
        map.iter()
            .map(duration)
            .collect::<Result<_, String>>()
            .map(Some)
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::find;
    use yaml::{DecodeOptions, NoMarks, decode_text};

    fn error(text: &str) -> Option<String> {
        let value =
            decode_text(text.as_bytes(), DecodeOptions::MANIFEST, &mut NoMarks).expect("YAML");
        let entry = find("backup-stale").expect("a rule");
        entry.build(Some(&value)).err().map(|error| error.message)
    }

    #[test]
    fn wrong_settings_are_named() {
        let cases = [
            ("layers: {platform: 15m, persistent-data: 1h30m}", None),
            ("null", None),
            (
                "[layers]",
                Some("rule `backup-stale`: the settings are no map"),
            ),
            (
                "layers: 15m",
                Some("rule `backup-stale`: `layers` is no map of durations"),
            ),
            (
                "layers: {platform: 15}",
                Some("rule `backup-stale`: `layers.platform` is no duration such as 15m or 1h30m"),
            ),
            (
                "rpo: {}",
                Some("rule `backup-stale` has no setting `rpo`, only `layers`"),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(error(text).as_deref(), expected, "{text}");
        }
    }
}
