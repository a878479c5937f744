//! A schema text made ready, or Helm's reason why it cannot be.

use super::explain::Explainer;
use super::failure::Failure;
use super::formats;
use super::patterns::{Patterns, refusal};
use super::references::{Target, is_data, resolve};
use crate::goformat::quote;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, Retrieve, Uri, ValidationError, Validator};
use serde_json::Value as Json;

/// A schema that values can be checked against.
#[derive(Debug)]
pub(super) struct CompiledSchema {
    root: Json,
    draft: Draft,
    validator: Validator,
    patterns: Patterns,
}

/// The name under which Helm's validator knows the schema.
const URL: &str = "file:///values.schema.json";

impl CompiledSchema {
    /// Reads and checks a schema.
    ///
    /// # Errors
    /// Helm's text.
    pub(super) fn new(text: &[u8]) -> Result<Self, String> {
        let root = read(text)?;
        let draft = draft_of(&root)?;
        let patterns = Patterns::default();
        check_metaschema(&root, draft)?;
        check_patterns(&root, draft, &patterns)?;
        check_references(&root, &root)?;
        let mut options = jsonschema::options()
            .with_draft(draft)
            .should_validate_formats(asserts_formats(draft))
            .with_pattern_options(PatternOptions::regex())
            .with_retriever(Offline);
        for (name, check) in formats::NEWER {
            options = options.with_format(name, check);
        }
        let validator = options.build(&root).map_err(|error| error.to_string())?;
        Ok(Self {
            root,
            draft,
            validator,
            patterns,
        })
    }

    /// What is wrong with values; None if nothing is.
    pub(super) fn failures(&self, values: &Json) -> Option<Vec<Failure>> {
        if self.validator.is_valid(values) {
            return None;
        }
        let explainer = Explainer::new(&self.root, self.draft, &self.patterns);
        let explained = explainer.explain(values).map(Failure::into_parts);
        Some(explained.unwrap_or_else(|| {
            self.validator
                .iter_errors(values)
                .map(plain_failure)
                .collect()
        }))
    }
}

/// Without words of Helm's, the validator's own.
fn plain_failure(error: ValidationError<'_>) -> Failure {
    Failure::new(&location(&error), error.to_string())
}

fn location(error: &ValidationError<'_>) -> Vec<String> {
    error
        .instance_path()
        .as_str()
        .split('/')
        .skip(1)
        .map(unescaped)
        .collect()
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn read(text: &[u8]) -> Result<Json, String> {
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err("EOF".to_owned());
    }
    // The reader with Go's messages tells whether it is JSON; numbers keep their form in the other one.
    yaml::json::decode(text).map_err(|error| match error.as_str() {
        "unexpected end of JSON input" => "unexpected EOF".to_owned(),
        _ => error,
    })?;
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

fn draft_of(root: &Json) -> Result<Draft, String> {
    let Some(dialect) = root.get("$schema").and_then(Json::as_str) else {
        return Ok(Draft::Draft202012);
    };
    let name = dialect.trim_end_matches('#');
    let name = name
        .strip_prefix("https://")
        .or_else(|| name.strip_prefix("http://"));
    match name {
        Some("json-schema.org/draft-04/schema") => Ok(Draft::Draft4),
        Some("json-schema.org/draft-06/schema") => Ok(Draft::Draft6),
        Some("json-schema.org/draft-07/schema") => Ok(Draft::Draft7),
        Some("json-schema.org/draft/2019-09/schema") => Ok(Draft::Draft201909),
        Some("json-schema.org/draft/2020-12/schema" | "json-schema.org/schema") => {
            Ok(Draft::Draft202012)
        }
        _ => Err(format!(
            "failing loading {}: nothing is fetched",
            quote(dialect)
        )),
    }
}

/// Helm's validator takes formats seriously up to draft 7.
pub(super) fn asserts_formats(draft: Draft) -> bool {
    matches!(draft, Draft::Draft4 | Draft::Draft6 | Draft::Draft7)
}

/// Drafts whose metaschema is put together with `allOf`, which shows in messages.
fn has_vocabularies(draft: Draft) -> bool {
    !asserts_formats(draft)
}

fn check_metaschema(root: &Json, draft: Draft) -> Result<(), String> {
    let validated = match draft {
        Draft::Draft4 => jsonschema::draft4::meta::validate(root),
        Draft::Draft6 => jsonschema::draft6::meta::validate(root),
        Draft::Draft7 => jsonschema::draft7::meta::validate(root),
        Draft::Draft201909 => jsonschema::draft201909::meta::validate(root),
        _ => jsonschema::draft202012::meta::validate(root),
    };
    let Err(error) = validated else { return Ok(()) };
    let failure = metaschema_failure(&error);
    let schema_steps = schema_steps(root, failure.location());
    Err(metaschema_error(draft, &schema_steps, failure))
}

fn metaschema_failure(error: &ValidationError<'_>) -> Failure {
    let message = super::explain::leaf_message(error).unwrap_or_else(|| error.to_string());
    let causes = match error.kind() {
        ValidationErrorKind::AnyOf { context } => context
            .iter()
            .filter_map(|branch| branch.first())
            .map(metaschema_failure)
            .collect(),
        _ => Vec::new(),
    };
    Failure::new(&location(error), message).because(causes)
}

/// How many leading steps of a location lead to each schema on the way, the root included.
fn schema_steps(root: &Json, steps: &[String]) -> Vec<usize> {
    let mut ends = vec![0];
    let mut at = root;
    let mut is_schema = true;
    for (index, step) in steps.iter().enumerate() {
        let next = match at {
            Json::Object(map) => map.get(step),
            Json::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
            _ => None,
        };
        let Some(next) = next else { break };
        // A keyword's map or list of schemas is no schema itself.
        let holds_schemas = is_schema
            && (next.is_array()
                || matches!(
                    step.as_str(),
                    "properties"
                        | "patternProperties"
                        | "$defs"
                        | "definitions"
                        | "dependentSchemas"
                        | "dependencies"
                ));
        let is_last = index + 1 == steps.len();
        is_schema = !holds_schemas;
        if is_schema && next.is_object() && !is_last {
            ends.push(index + 1);
        }
        at = next;
    }
    ends
}

fn metaschema_error(draft: Draft, schema_steps: &[usize], failure: Failure) -> String {
    let name = match draft {
        Draft::Draft4 => "http://json-schema.org/draft-04/schema",
        Draft::Draft6 => "http://json-schema.org/draft-06/schema",
        Draft::Draft7 => "http://json-schema.org/draft-07/schema",
        Draft::Draft201909 => "https://json-schema.org/draft/2019-09/schema",
        _ => "https://json-schema.org/draft/2020-12/schema",
    };
    let mut failure = failure;
    if has_vocabularies(draft) {
        let steps = failure.location().to_vec();
        for end in schema_steps.iter().rev() {
            failure = Failure::new(&steps[..*end], "allOf failed").because(vec![failure]);
        }
    }
    format!(
        "\"{URL}#\" is not valid against metaschema: jsonschema validation failed with '{name}#'\n{failure}"
    )
}

/// Go's expressions know no look-around and no back-references, and the metaschema's check says so.
fn check_patterns(root: &Json, draft: Draft, patterns: &Patterns) -> Result<(), String> {
    let mut steps = Vec::new();
    let Some(pattern) = bad_pattern(root, &mut steps, patterns) else {
        return Ok(());
    };
    let message = format!(
        "{} is not valid regex: {}",
        super::failure::quoted(&pattern),
        refusal(&pattern)
    );
    Err(metaschema_error(
        draft,
        &schema_steps(root, &steps),
        Failure::new(&steps, message),
    ))
}

fn bad_pattern(schema: &Json, steps: &mut Vec<String>, patterns: &Patterns) -> Option<String> {
    let Json::Object(map) = schema else {
        let items = schema.as_array().into_iter().flatten().enumerate();
        return items
            .map(|(index, item)| (index.to_string(), item))
            .find_map(|(step, item)| descend(item, step, steps, patterns));
    };
    for (key, value) in map {
        let own = match (key.as_str(), value) {
            ("pattern", Json::String(pattern)) => Some(pattern),
            ("patternProperties", Json::Object(map)) => {
                map.keys().find(|pattern| !patterns.is_valid(pattern))
            }
            _ => None,
        };
        if let Some(pattern) = own.filter(|pattern| !patterns.is_valid(pattern)) {
            steps.push(key.clone());
            return Some(pattern.clone());
        }
        if !is_data(key)
            && let Some(found) = descend(value, key.clone(), steps, patterns)
        {
            return Some(found);
        }
    }
    None
}

fn descend(
    value: &Json,
    step: String,
    steps: &mut Vec<String>,
    patterns: &Patterns,
) -> Option<String> {
    steps.push(step);
    let found = bad_pattern(value, steps, patterns);
    if found.is_none() {
        steps.pop();
    }
    found
}

fn check_references(root: &Json, schema: &Json) -> Result<(), String> {
    let parts: Vec<(Option<&str>, &Json)> = match schema {
        Json::Object(map) => map
            .iter()
            .map(|(key, value)| (Some(key.as_str()), value))
            .collect(),
        Json::Array(items) => items.iter().map(|item| (None, item)).collect(),
        _ => return Ok(()),
    };
    for (key, value) in parts {
        match (key, value) {
            (Some("$ref"), Json::String(reference)) => check_reference(root, reference)?,
            (Some(key), _) if is_data(key) => {}
            _ => check_references(root, value)?,
        }
    }
    Ok(())
}

fn check_reference(root: &Json, reference: &str) -> Result<(), String> {
    let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    match resolve(root, reference) {
        Target::Schema(_) => Ok(()),
        Target::Elsewhere if document.starts_with("urn:") => Ok(()),
        Target::Elsewhere => Err(format!(
            "failing loading {}: nothing is fetched",
            quote(document)
        )),
        Target::Missing if fragment.starts_with('/') => {
            Err(format!("json-pointer in \"{URL}#{fragment}\" not found"))
        }
        Target::Missing => Err(format!(
            "anchor in \"{URL}#{fragment}\" not found in schema \"{URL}\""
        )),
    }
}

/// Fetches nothing; Helm lets unknown `urn:` references pass.
struct Offline;

impl Retrieve for Offline {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Json, Box<dyn std::error::Error + Send + Sync>> {
        if uri.as_str().starts_with("urn:") {
            return Ok(Json::Bool(true));
        }
        Err(format!(
            "failing loading {}: nothing is fetched",
            quote(uri.as_str())
        )
        .into())
    }
}
