//! Values against a schema, step by step in the order of Helm's validator, for the sake of its messages.

mod arrays;
mod combined;
mod objects;
mod scalars;

pub(super) use scalars::leaf_message;

use super::compile::asserts_formats;
use super::failure::Failure;
use super::formats;
use super::patterns::Patterns;
use super::references::{Target, resolve};
use jsonschema::Draft;
use serde_json::{Map as JsonMap, Value as Json};

/// Walks a schema and values.
pub(super) struct Explainer<'s> {
    root: &'s Json,
    draft: Draft,
    patterns: &'s Patterns,
}

/// Where the walk is.
struct Walk {
    /// Keys and indices that lead to the value.
    at: Vec<String>,
    /// Addresses of the schemas and values that are being looked at, to notice circles.
    active: Vec<(usize, usize)>,
}

/// Steps of nesting beyond which the walk gives up; schemas that refer to themselves are unrolled by the values.
const MAX_DEPTH: usize = 500;

impl<'s> Explainer<'s> {
    pub(super) fn new(root: &'s Json, draft: Draft, patterns: &'s Patterns) -> Self {
        Self {
            root,
            draft,
            patterns,
        }
    }

    /// What is wrong with values; None if nothing is found.
    pub(super) fn explain(&self, values: &Json) -> Option<Failure> {
        self.schema(
            self.root,
            values,
            &mut Walk {
                at: Vec::new(),
                active: Vec::new(),
            },
        )
    }

    fn schema(&self, schema: &'s Json, value: &Json, walk: &mut Walk) -> Option<Failure> {
        let keywords = match schema {
            Json::Bool(false) => return Some(Failure::new(&walk.at, "false schema")),
            Json::Object(keywords) => keywords,
            _ => return None,
        };
        let visit = (
            std::ptr::from_ref(schema).addr(),
            std::ptr::from_ref(value).addr(),
        );
        if walk.active.len() >= MAX_DEPTH || walk.active.contains(&visit) {
            return None;
        }
        walk.active.push(visit);
        let failure = self.keywords(keywords, value, walk);
        walk.active.pop();
        failure
    }

    fn keywords(
        &self,
        keywords: &'s JsonMap<String, Json>,
        value: &Json,
        walk: &mut Walk,
    ) -> Option<Failure> {
        let reference = keywords.get("$ref").and_then(Json::as_str);
        let only_reference = asserts_formats(self.draft) && reference.is_some();
        if !only_reference && let Some(message) = self.first_mismatch(keywords, value) {
            return Some(Failure::new(&walk.at, message));
        }
        let mut failures = Vec::new();
        if let Some(reference) = reference {
            failures.extend(self.reference(reference, value, walk));
        }
        if !only_reference {
            self.by_type(keywords, value, walk, &mut failures);
            for key in ["$recursiveRef", "$dynamicRef"] {
                if let Some(reference) = keywords.get(key).and_then(Json::as_str) {
                    failures.extend(self.reference(reference, value, walk));
                }
            }
            self.combined(keywords, value, walk, &mut failures);
        }
        Failure::of_schema(&walk.at, failures)
    }

    /// Keywords after which Helm's validator looks no further.
    fn first_mismatch(&self, keywords: &JsonMap<String, Json>, value: &Json) -> Option<String> {
        let format = keywords
            .get("format")
            .and_then(Json::as_str)
            .filter(|_| asserts_formats(self.draft));
        scalars::type_mismatch(keywords, value)
            .or_else(|| scalars::constant_mismatch(keywords, value))
            .or_else(|| formats::violation(format?, value, self.draft))
    }

    fn by_type(
        &self,
        keywords: &'s JsonMap<String, Json>,
        value: &Json,
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        match value {
            Json::Object(object) => self.object(keywords, object, walk, failures),
            Json::Array(items) => self.array(keywords, items, walk, failures),
            Json::String(text) => {
                let messages = scalars::string_mismatches(keywords, text, self.patterns);
                failures.extend(
                    messages
                        .into_iter()
                        .map(|message| Failure::new(&walk.at, message)),
                );
            }
            Json::Number(number) => {
                let messages =
                    scalars::number_mismatches(keywords, number.as_f64().unwrap_or_default());
                failures.extend(
                    messages
                        .into_iter()
                        .map(|message| Failure::new(&walk.at, message)),
                );
            }
            Json::Null | Json::Bool(_) => {}
        }
    }

    fn reference(&self, reference: &str, value: &Json, walk: &mut Walk) -> Option<Failure> {
        let Target::Schema(target) = resolve(self.root, reference) else {
            return None;
        };
        let failure = self.schema(target, value, walk)?;
        Some(Failure::of_reference(&walk.at, failure))
    }

    /// Looks at a value one step further in.
    fn inside(
        &self,
        schema: &'s Json,
        value: &Json,
        step: &str,
        walk: &mut Walk,
    ) -> Option<Failure> {
        walk.at.push(step.to_owned());
        let failure = self.schema(schema, value, walk);
        walk.at.pop();
        failure
    }
}
