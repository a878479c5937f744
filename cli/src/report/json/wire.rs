//! The JSON report, version 1, by its own names: what stands here keeps its name and meaning.

use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JsonReport<'a> {
    pub(super) version: u32,
    pub(super) environments: Vec<JsonEnvironment<'a>>,
    pub(super) findings: Vec<JsonFinding<'a>>,
    pub(super) changes: Vec<JsonChange<'a>>,
    pub(super) problems: Vec<JsonProblem<'a>>,
    pub(super) unchecked: Vec<JsonUnchecked<'a>>,
    pub(super) summary: JsonSummary,
}

#[derive(Serialize)]
pub(super) struct JsonEnvironment<'a> {
    pub(super) name: &'a str,
    pub(super) release: &'a str,
    pub(super) namespace: &'a str,
    pub(super) chart: Option<JsonChart<'a>>,
    pub(super) status: &'static str,
}

#[derive(Serialize)]
pub(super) struct JsonChart<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
}

#[derive(Serialize)]
pub(super) struct JsonFinding<'a> {
    pub(super) rule: &'a str,
    pub(super) severity: &'static str,
    pub(super) environments: &'a [String],
    pub(super) resource: Option<JsonResource<'a>>,
    pub(super) field: &'a str,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) primary: JsonPlace,
    pub(super) related: Vec<JsonPlace>,
    pub(super) fingerprint: &'a str,
    pub(super) allowed: Option<JsonAllowed<'a>>,
}

#[derive(Serialize)]
pub(super) struct JsonResource<'a> {
    pub(super) group: &'a str,
    pub(super) kind: &'a str,
    pub(super) namespace: Option<&'a str>,
    pub(super) name: &'a str,
}

/// All positions are null for a flag, whose text stands in `flag` then.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JsonPlace {
    #[serde(flatten)]
    pub(super) start: JsonPosition,
    pub(super) end_line: Option<u32>,
    pub(super) end_column: Option<u32>,
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) flag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
}

#[derive(Serialize, Default)]
pub(super) struct JsonPosition {
    pub(super) file: Option<String>,
    pub(super) line: Option<u32>,
    pub(super) column: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct JsonAllowed<'a> {
    pub(super) by: &'a str,
    pub(super) reason: String,
}

#[derive(Serialize)]
pub(super) struct JsonChange<'a> {
    pub(super) environment: &'a str,
    pub(super) resource: JsonResource<'a>,
    /// The old identity of a rename.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<JsonResource<'a>>,
    pub(super) action: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) hook: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) noise: Option<String>,
    pub(super) fields: Vec<JsonField<'a>>,
}

#[derive(Serialize)]
pub(super) struct JsonField<'a> {
    pub(super) path: &'a str,
    pub(super) before: serde_json::Value,
    pub(super) after: serde_json::Value,
    pub(super) verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) noise: Option<String>,
    pub(super) cause: Option<JsonCause>,
}

#[derive(Serialize)]
pub(super) struct JsonCause {
    pub(super) file: Option<String>,
    pub(super) line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) flag: Option<String>,
}

#[derive(Serialize)]
pub(super) struct JsonProblem<'a> {
    pub(super) environment: Option<&'a str>,
    pub(super) message: String,
    #[serde(flatten)]
    pub(super) position: JsonPosition,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) help: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<JsonNote>,
}

#[derive(Serialize)]
pub(super) struct JsonNote {
    #[serde(flatten)]
    pub(super) position: JsonPosition,
    pub(super) message: String,
}

#[derive(Serialize)]
pub(super) struct JsonUnchecked<'a> {
    pub(super) rule: &'a str,
    pub(super) environment: &'a str,
    pub(super) reason: String,
}

#[derive(Serialize)]
pub(super) struct JsonSummary {
    pub(super) error: usize,
    pub(super) warning: usize,
    pub(super) info: usize,
    pub(super) allowed: usize,
    pub(super) create: usize,
    pub(super) update: usize,
    pub(super) replace: usize,
    pub(super) delete: usize,
}
