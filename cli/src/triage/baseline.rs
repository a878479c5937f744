//! The baseline file: what was found before, by fingerprint.

use crate::report::model::ReportedFinding;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The fingerprints of findings that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Baseline {
    fingerprints: BTreeSet<String>,
}

impl Baseline {
    pub(super) fn has(&self, fingerprint: &str) -> bool {
        self.fingerprints.contains(fingerprint)
    }
}

/// The version of the file that this program reads and writes.
const VERSION: u64 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "keelcheckBaseline")]
    version: u64,
    findings: Vec<Entry>,
}

/// Rule and resource are there for people who read the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fingerprint: String,
    rule: String,
    resource: Option<String>,
}

/// Reads a baseline.
///
/// # Errors
/// Where the text is none that keelcheck wrote.
pub(crate) fn read(text: &str) -> Result<Baseline, String> {
    const FOREIGN: &str = "this is no baseline that keelcheck wrote";
    let file: File = serde_json::from_str(text).map_err(|error| format!("{FOREIGN}: {error}"))?;
    if file.version != VERSION {
        return Err(format!(
            "this baseline has version {}, and only {VERSION} is known",
            file.version
        ));
    }
    let is_fingerprint = |text: &str| {
        text.len() == 32
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    match file
        .findings
        .iter()
        .find(|entry| !is_fingerprint(&entry.fingerprint))
    {
        Some(entry) => Err(format!(
            "{FOREIGN}: {:?} is no fingerprint",
            entry.fingerprint
        )),
        None => {
            let fingerprints = file
                .findings
                .into_iter()
                .map(|entry| entry.fingerprint)
                .collect();
            Ok(Baseline { fingerprints })
        }
    }
}

/// A baseline of all findings that are not allowed otherwise. A later one wants [`super::Triaged::known`] too.
pub(crate) fn write<'a>(findings: impl IntoIterator<Item = &'a ReportedFinding>) -> String {
    let counting = findings
        .into_iter()
        .filter(|finding| finding.allowed.is_none());
    let file = File {
        version: VERSION,
        findings: counting
            .map(|finding| Entry {
                fingerprint: finding.fingerprint.clone(),
                rule: finding.finding.rule.to_string(),
                resource: finding.finding.resource.as_ref().map(ToString::to_string),
            })
            .collect(),
    };
    // Strings and numbers can always be written.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_keelcheck_wrote_is_a_baseline() {
        let entry = |fingerprint: &str| {
            format!(
                r#"{{"keelcheckBaseline":1,"findings":[{{"fingerprint":"{fingerprint}","rule":"r","resource":null}}]}}"#
            )
        };
        assert_eq!(read(&write([])), Ok(Baseline::default()));
        assert!(
            read(&entry(&"0f".repeat(16))).is_ok_and(|baseline| baseline.has(&"0f".repeat(16)))
        );
        let foreign = [
            String::new(),
            "{}".to_owned(),
            "[]".to_owned(),
            "null".to_owned(),
            "not json".to_owned(),
            r#"{"version": 1, "findings": []}"#.to_owned(),
            r#"{"keelcheckBaseline": 1}"#.to_owned(),
            r#"{"keelcheckBaseline": 2, "findings": []}"#.to_owned(),
            r#"{"keelcheckBaseline": 1, "findings": {}}"#.to_owned(),
            r#"{"keelcheckBaseline": 1, "findings": []} x"#.to_owned(),
            entry(""),
            entry("xyz"),
            entry(&"0F".repeat(16)),
        ];
        for text in foreign {
            assert!(read(&text).is_err(), "{text}");
        }
    }
}
