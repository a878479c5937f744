//! Keywords that combine schemas, and what they leave unevaluated.

use super::{Explainer, Walk};
use crate::schema::failure::Failure;
use jsonschema::Draft;
use serde_json::{Map as JsonMap, Value as Json};
use std::collections::BTreeSet;

type Keywords = JsonMap<String, Json>;

impl<'s> Explainer<'s> {
    pub(super) fn combined(
        &self,
        keywords: &'s Keywords,
        value: &Json,
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        if let Some(schema) = keywords.get("not")
            && self.schema(schema, value, walk).is_none()
        {
            failures.push(Failure::new(&walk.at, "not failed"));
        }
        let all = self.branches(keywords, "allOf", value, walk);
        let causes: Vec<Failure> = all.into_iter().flatten().collect();
        if !causes.is_empty() {
            failures.push(Failure::new(&walk.at, "allOf failed").because(causes));
        }
        let any = self.branches(keywords, "anyOf", value, walk);
        if !any.is_empty() && any.iter().all(Option::is_some) {
            let causes = any.into_iter().flatten().collect();
            failures.push(Failure::new(&walk.at, "anyOf failed").because(causes));
        }
        self.one_of(keywords, value, walk, failures);
        if self.draft != Draft::Draft4 && self.draft != Draft::Draft6 {
            self.condition(keywords, value, walk, failures);
        }
        self.unevaluated(keywords, value, walk, failures);
    }

    /// The failures of each branch of a keyword, None for a branch that fits.
    fn branches(
        &self,
        keywords: &'s Keywords,
        key: &str,
        value: &Json,
        walk: &mut Walk,
    ) -> Vec<Option<Failure>> {
        let schemas = keywords
            .get(key)
            .and_then(Json::as_array)
            .into_iter()
            .flatten();
        schemas
            .map(|schema| self.schema(schema, value, walk))
            .collect()
    }

    fn one_of(
        &self,
        keywords: &'s Keywords,
        value: &Json,
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        let branches = self.branches(keywords, "oneOf", value, walk);
        if branches.is_empty() {
            return;
        }
        let mut fitting = branches
            .iter()
            .enumerate()
            .filter(|(_, failure)| failure.is_none());
        match (fitting.next(), fitting.next()) {
            (Some((first, _)), Some((second, _))) => {
                let message = format!("oneOf failed, subschemas {first}, {second} matched");
                failures.push(Failure::new(&walk.at, message));
            }
            (Some(_), None) => {}
            (None, _) => {
                let causes = branches.into_iter().flatten().collect();
                failures.push(Failure::new(&walk.at, "oneOf failed, none matched").because(causes));
            }
        }
    }

    fn condition(
        &self,
        keywords: &'s Keywords,
        value: &Json,
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        let Some(condition) = keywords.get("if") else {
            return;
        };
        let branch = match self.schema(condition, value, walk) {
            None => "then",
            Some(_) => "else",
        };
        if let Some(schema) = keywords.get(branch) {
            failures.extend(self.schema(schema, value, walk));
        }
    }

    fn unevaluated(
        &self,
        keywords: &'s Keywords,
        value: &Json,
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        let (Some(schema), Json::Object(object)) = (keywords.get("unevaluatedProperties"), value)
        else {
            return;
        };
        let mut evaluated = BTreeSet::new();
        self.evaluated(keywords, value, walk, &mut evaluated);
        for (name, value) in object.iter().filter(|(name, _)| !evaluated.contains(*name)) {
            failures.extend(self.inside(schema, value, name, walk));
        }
    }

    /// The properties that a schema, or one that it applies in place, has a say about.
    fn evaluated(
        &self,
        keywords: &'s Keywords,
        value: &Json,
        walk: &mut Walk,
        evaluated: &mut BTreeSet<String>,
    ) {
        let Json::Object(object) = value else { return };
        let named = |key: &str, name: &str| {
            keywords
                .get(key)
                .is_some_and(|schemas| schemas.get(name).is_some())
        };
        let patterns: Vec<&String> = keywords
            .get("patternProperties")
            .and_then(Json::as_object)
            .into_iter()
            .flat_map(JsonMap::keys)
            .collect();
        for name in object.keys() {
            let by_pattern = || {
                patterns
                    .iter()
                    .any(|pattern| self.patterns.matches(pattern, name))
            };
            if keywords.contains_key("additionalProperties")
                || named("properties", name)
                || by_pattern()
            {
                evaluated.insert(name.clone());
            }
        }
        let in_place = ["allOf", "anyOf", "oneOf"]
            .iter()
            .filter_map(|key| keywords.get(*key).and_then(Json::as_array))
            .flatten()
            .chain(
                ["if", "then", "else"]
                    .iter()
                    .filter_map(|key| keywords.get(*key)),
            )
            .chain(self.referenced(keywords));
        for schema in in_place {
            if let Json::Object(inner) = schema
                && walk.active.len() < super::MAX_DEPTH
                && self.schema(schema, value, walk).is_none()
            {
                walk.active.push((0, 0));
                self.evaluated(inner, value, walk, evaluated);
                walk.active.pop();
            }
        }
    }

    fn referenced(&self, keywords: &'s Keywords) -> Option<&'s Json> {
        let reference = keywords.get("$ref").and_then(Json::as_str)?;
        match super::resolve(self.root, reference) {
            super::Target::Schema(schema) => Some(schema),
            _ => None,
        }
    }
}
