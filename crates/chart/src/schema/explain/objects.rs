//! Keywords about objects.

use super::{Explainer, Walk};
use crate::schema::failure::{Failure, quoted, quoted_list};
use crate::schema::numbers::count;
use jsonschema::Draft;
use serde_json::{Map as JsonMap, Value as Json};

type Object = JsonMap<String, Json>;

impl<'s> Explainer<'s> {
    pub(super) fn object(
        &self,
        keywords: &'s Object,
        object: &Object,
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        let limit = |key: &str| {
            keywords
                .get(key)
                .and_then(Json::as_u64)
                .map(|limit| limit as usize)
        };
        let size = object.len();
        if let Some(least) = limit("minProperties").filter(|least| size < *least) {
            let message = format!("minProperties: got {}, want {}", count(size), count(least));
            failures.push(Failure::new(&walk.at, message));
        }
        if let Some(most) = limit("maxProperties").filter(|most| size > *most) {
            let message = format!("maxProperties: got {}, want {}", count(size), count(most));
            failures.push(Failure::new(&walk.at, message));
        }
        if let Some(missing) = missing(keywords.get("required"), object) {
            let noun = if missing.len() == 1 {
                "property"
            } else {
                "properties"
            };
            failures.push(Failure::new(
                &walk.at,
                format!("missing {noun} {}", quoted_list(missing)),
            ));
        }
        self.dependencies(keywords, object, walk, failures);
        self.properties(keywords, object, walk, failures);
        if self.draft != Draft::Draft4 {
            self.property_names(keywords, object, walk, failures);
        }
        self.dependent(keywords, object, walk, failures);
    }

    fn dependencies(
        &self,
        keywords: &'s Object,
        object: &Object,
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        for (name, dependency) in
            entries(keywords, "dependencies").filter(|(name, _)| object.contains_key(*name))
        {
            if dependency.is_array() {
                failures.extend(dependent_failure(name, dependency, object, walk));
            } else {
                failures.extend(self.schema(dependency, &Json::Object(object.clone()), walk));
            }
        }
    }

    fn properties(
        &self,
        keywords: &'s Object,
        object: &Object,
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        let mut unexpected = Vec::new();
        for (name, value) in object {
            let mut evaluated = false;
            if let Some(schema) = keywords
                .get("properties")
                .and_then(|schemas| schemas.get(name))
            {
                evaluated = true;
                failures.extend(self.inside(schema, value, name, walk));
            }
            for (pattern, schema) in entries(keywords, "patternProperties") {
                if self.patterns.matches(pattern, name) {
                    evaluated = true;
                    failures.extend(self.inside(schema, value, name, walk));
                }
            }
            match keywords.get("additionalProperties") {
                Some(Json::Bool(false)) if !evaluated => unexpected.push(name.as_str()),
                Some(schema) if !evaluated => {
                    failures.extend(self.inside(schema, value, name, walk));
                }
                _ => {}
            }
        }
        if !unexpected.is_empty() {
            let message = format!(
                "additional properties {} not allowed",
                quoted_list(unexpected)
            );
            failures.push(Failure::new(&walk.at, message));
        }
    }

    fn property_names(
        &self,
        keywords: &'s Object,
        object: &Object,
        walk: &Walk,
        failures: &mut Vec<Failure>,
    ) {
        let Some(schema) = keywords.get("propertyNames") else {
            return;
        };
        for name in object.keys() {
            // A name is looked at for itself, as if it were a document.
            let mut own = Walk {
                at: Vec::new(),
                active: walk.active.clone(),
            };
            if let Some(failure) = self.schema(schema, &Json::from(name.as_str()), &mut own) {
                let message = format!("invalid propertyName {}", quoted(name));
                failures.push(Failure::new(&[], message).because(failure.into_parts()));
            }
        }
    }

    fn dependent(
        &self,
        keywords: &'s Object,
        object: &Object,
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        if !matches!(self.draft, Draft::Draft201909 | Draft::Draft202012) {
            return;
        }
        for (_, schema) in
            entries(keywords, "dependentSchemas").filter(|(name, _)| object.contains_key(*name))
        {
            failures.extend(self.schema(schema, &Json::Object(object.clone()), walk));
        }
        for (name, names) in
            entries(keywords, "dependentRequired").filter(|(name, _)| object.contains_key(*name))
        {
            failures.extend(dependent_failure(name, names, object, walk));
        }
    }
}

/// The entries of a keyword's map.
fn entries<'s>(keywords: &'s Object, key: &str) -> impl Iterator<Item = (&'s String, &'s Json)> {
    keywords
        .get(key)
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
}

/// The names of a list that an object lacks; None if it has all.
fn missing<'s>(names: Option<&'s Json>, object: &Object) -> Option<Vec<&'s str>> {
    let names = names?.as_array()?.iter().filter_map(Json::as_str);
    let missing: Vec<&str> = names.filter(|name| !object.contains_key(*name)).collect();
    (!missing.is_empty()).then_some(missing)
}

fn dependent_failure(name: &str, names: &Json, object: &Object, walk: &Walk) -> Option<Failure> {
    let missing = missing(Some(names), object)?;
    let message = format!(
        "properties {} required, if {} exists",
        quoted_list(missing),
        quoted(name)
    );
    Some(Failure::new(&walk.at, message))
}
