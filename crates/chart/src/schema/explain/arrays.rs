//! Keywords about arrays.

use super::{Explainer, Walk};
use crate::schema::failure::Failure;
use crate::schema::numbers::count;
use jsonschema::Draft;
use serde_json::{Map as JsonMap, Value as Json};

type Keywords = JsonMap<String, Json>;

impl<'s> Explainer<'s> {
    pub(super) fn array(
        &self,
        keywords: &'s Keywords,
        items: &[Json],
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        let limit = |key: &str| {
            keywords
                .get(key)
                .and_then(Json::as_u64)
                .map(|limit| limit as usize)
        };
        let size = items.len();
        if let Some(least) = limit("minItems").filter(|least| size < *least) {
            let message = format!("minItems: got {}, want {}", count(size), count(least));
            failures.push(Failure::new(&walk.at, message));
        }
        if let Some(most) = limit("maxItems").filter(|most| size > *most) {
            let message = format!("maxItems: got {}, want {}", count(size), count(most));
            failures.push(Failure::new(&walk.at, message));
        }
        if keywords.get("uniqueItems").and_then(Json::as_bool) == Some(true)
            && let Some((first, second)) = duplicates(items)
        {
            let message = format!("items at {} and {} are equal", count(first), count(second));
            failures.push(Failure::new(&walk.at, message));
        }
        self.items(keywords, items, walk, failures);
        self.contains(keywords, items, walk, failures);
    }

    fn items(
        &self,
        keywords: &'s Keywords,
        items: &[Json],
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        let (tuple_key, rest_key) = match (self.draft, keywords.get("items")) {
            (Draft::Draft202012, _) => ("prefixItems", "items"),
            (_, Some(Json::Array(_))) => ("items", "additionalItems"),
            _ => ("", "items"),
        };
        let tuple = keywords
            .get(tuple_key)
            .and_then(Json::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        for (index, (schema, item)) in tuple.iter().zip(items).enumerate() {
            failures.extend(self.inside(schema, item, &index.to_string(), walk));
        }
        let rest = items.iter().enumerate().skip(tuple.len());
        match keywords.get(rest_key) {
            Some(Json::Bool(false)) if rest_key == "additionalItems" => {
                let surplus = rest.count();
                if surplus > 0 {
                    let message = format!("last {} additionalItem(s) not allowed", count(surplus));
                    failures.push(Failure::new(&walk.at, message));
                }
            }
            Some(schema) => {
                // Helm's validator counts the rest from 0 again.
                for (index, (_, item)) in rest.enumerate() {
                    failures.extend(self.inside(schema, item, &index.to_string(), walk));
                }
            }
            None => {}
        }
    }

    fn contains(
        &self,
        keywords: &'s Keywords,
        items: &[Json],
        walk: &mut Walk,
        failures: &mut Vec<Failure>,
    ) {
        let Some(schema) = keywords
            .get("contains")
            .filter(|_| self.draft != Draft::Draft4)
        else {
            return;
        };
        let (mut causes, mut matched) = (Vec::new(), Vec::new());
        for (index, item) in items.iter().enumerate() {
            match self.inside(schema, item, &index.to_string(), walk) {
                Some(failure) => causes.push(failure),
                None => matched.push(index),
            }
        }
        let modern = matches!(self.draft, Draft::Draft201909 | Draft::Draft202012);
        let limit = |key: &str| keywords.get(key).filter(|_| modern).and_then(Json::as_u64);
        let places = matched
            .iter()
            .map(usize::to_string)
            .collect::<Vec<_>>()
            .join(" ");
        let found = count(matched.len());
        match limit("minContains") {
            Some(least) if (matched.len() as u64) < least => {
                let least = count(least as usize);
                let reason = match matched.is_empty() {
                    true => "but none matched".to_owned(),
                    false => format!("but matched {found} items at {places}"),
                };
                let message =
                    format!("min {least} items required to match contains schema, {reason}");
                failures.push(Failure::new(&walk.at, message).because(causes));
            }
            None if matched.is_empty() => {
                failures
                    .push(Failure::new(&walk.at, "no items match contains schema").because(causes));
            }
            _ => {}
        }
        if let Some(most) = limit("maxContains").filter(|most| matched.len() as u64 > *most) {
            let most = count(most as usize);
            let message = format!(
                "max {most} items required to match contains schema, but matched {found} items at {places}"
            );
            failures.push(Failure::new(&walk.at, message));
        }
    }
}

/// The first two equal items.
fn duplicates(items: &[Json]) -> Option<(usize, usize)> {
    items.iter().enumerate().find_map(|(second, item)| {
        let first = items[..second]
            .iter()
            .position(|earlier| super::scalars::equal(earlier, item))?;
        Some((first, second))
    })
}
