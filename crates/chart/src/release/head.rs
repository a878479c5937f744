//! What Helm reads of a document before it knows where it belongs.

use super::{DocumentHead, HookInfo};
use crate::gojson::{Decoding, Field, same_name};
use gotemplate::HelmLine;
use std::collections::BTreeMap;
use yaml::parse::ParseError;
use yaml::{DecodeOptions, Map, NoMarks, decode_text};

/// A document's head, and its annotations.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) head: DocumentHead,
    annotations: BTreeMap<String, String>,
}

/// Where a document goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Destination {
    Manifests,
    Hooks(HookInfo),
    /// An unknown hook event: Helm drops the document. Holds the annotation.
    Dropped(String),
}

/// Reads the head of a document.
///
/// # Errors
/// Helm's text behind `YAML parse error on FILE: `.
pub(super) fn read_head(document: &[u8], helm: HelmLine) -> Result<Head, ParseError> {
    let value = decode_text(document, DecodeOptions::MANIFEST, &mut NoMarks)?;
    let package = match helm {
        HelmLine::V4 => "util",
        HelmLine::V3 => "releaseutil",
    };
    let mut decoding = Decoding::default();
    let mut head = Head::default();
    let map = decoding.document(&value, &format!("{package}.SimpleHead"));
    for (key, entry) in map.into_iter().flatten() {
        let field = |path| Field {
            structure: "SimpleHead",
            path,
        };
        if same_name(key, "apiVersion") {
            decoding.string(
                &entry.value,
                field("apiVersion"),
                &mut head.head.api_version,
            );
        } else if same_name(key, "kind") {
            decoding.string(&entry.value, field("kind"), &mut head.head.kind);
        } else if same_name(key, "metadata") {
            let metadata = decoding.map(&entry.value, field("metadata"), METADATA_TYPE);
            read_metadata(metadata, &mut head, &mut decoding);
        }
    }
    decoding
        .finish()
        .map_err(|message| ParseError { message, offset: 0 })?;
    Ok(head)
}

/// Go's name of the struct that `metadata` is read into.
const METADATA_TYPE: &str = r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

fn read_metadata(metadata: Option<&Map>, head: &mut Head, decoding: &mut Decoding) {
    for (key, entry) in metadata.into_iter().flatten() {
        let field = |path| Field {
            structure: "",
            path,
        };
        if same_name(key, "name") {
            decoding.string(&entry.value, field("metadata.name"), &mut head.head.name);
        } else if same_name(key, "annotations") {
            let field = field("metadata.annotations");
            let annotations = decoding.map(&entry.value, field, "map[string]string");
            for (key, entry) in annotations.into_iter().flatten() {
                let text = head.annotations.entry(key.to_string()).or_default();
                decoding.string(&entry.value, field, text);
            }
        }
    }
}

impl Head {
    /// Tells hooks from manifests.
    pub(super) fn destination(&self) -> Destination {
        let Some(events) = self.annotations.get("helm.sh/hook") else {
            return Destination::Manifests;
        };
        let known = events
            .split(',')
            .map(|event| known_event(&event.trim().to_lowercase()))
            .collect();
        let Some(known) = known else {
            return Destination::Dropped(events.clone());
        };
        let weight = self
            .annotations
            .get("helm.sh/hook-weight")
            .and_then(|weight| weight.parse().ok());
        let policies = self.annotations.get("helm.sh/hook-delete-policy");
        Destination::Hooks(HookInfo {
            events: known,
            weight: weight.unwrap_or_default(),
            delete_policies: policies.map(|policies| words(policies)).unwrap_or_default(),
        })
    }
}

fn words(list: &str) -> Vec<String> {
    list.split(',')
        .map(|word| word.trim().to_lowercase())
        .collect()
}

fn known_event(event: &str) -> Option<String> {
    const EVENTS: [&str; 9] = [
        "pre-install",
        "post-install",
        "pre-delete",
        "post-delete",
        "pre-upgrade",
        "post-upgrade",
        "pre-rollback",
        "post-rollback",
        "test",
    ];
    let event = if event == "test-success" {
        "test"
    } else {
        event
    };
    EVENTS.contains(&event).then(|| event.to_owned())
}
