//! `values.schema.json`: whether the coalesced values fit, and Helm's words where they do not.
//!
//! The verdict is the `jsonschema` crate's. Only where values do not fit, [`explain`] walks schema and values again, in
//! the order of Helm's own validator, to say so as Helm does.

mod compile;
mod explain;
mod failure;
mod formats;
mod instance;
mod numbers;
mod patterns;
mod references;

#[cfg(test)]
mod tests;

use crate::goformat::type_name;
use crate::instance::Instance;
use crate::{HelmError, Stage};
use compile::CompiledSchema;
use failure::Failure;
use source::{FileId, OriginId, OriginTable, Place, Problem};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use yaml::{Map, Value};

/// The schemas of a chart tree, each compiled once.
#[derive(Debug, Default)]
pub(crate) struct SchemaCache {
    compiled: RwLock<BTreeMap<FileId, Arc<Compilation>>>,
}

/// Err holds Helm's text.
type Compilation = Result<CompiledSchema, String>;

/// What is wrong in a chart tree.
#[derive(Debug, Default)]
struct Findings {
    /// Chart by chart, as Helm prints it.
    text: String,
    /// The first value at fault.
    place: Option<Place>,
}

impl SchemaCache {
    /// Checks the coalesced values of a tree, the root chart's first.
    ///
    /// # Errors
    /// Helm's text for all charts, with the place of the first value at fault.
    pub(crate) fn validate(
        &self,
        root: &Instance<'_>,
        values: &Map,
        origins: &OriginTable,
    ) -> Result<(), HelmError> {
        let mut findings = Findings::default();
        self.chart(root, values, origins, &mut findings);
        if findings.text.is_empty() {
            return Ok(());
        }
        let message = format!(
            "values don't meet the specifications of the schema(s) in the following chart(s):\n{}",
            findings.text
        );
        let problem = Problem {
            place: findings.place,
            ..Problem::new(message)
        };
        Err(HelmError::from_problem(Stage::Schema, problem))
    }

    fn chart(
        &self,
        chart: &Instance<'_>,
        values: &Map,
        origins: &OriginTable,
        findings: &mut Findings,
    ) {
        if let Some((file, text)) = &chart.node.schema {
            let compilation = self.compiled(*file, text);
            check(&compilation, &chart.name, values, origins, *file, findings);
        }
        for child in &chart.children {
            match values.get(&child.name).map(|entry| &entry.value) {
                None | Some(Value::Null) => {}
                Some(Value::Map(section)) => self.chart(child, section, origins, findings),
                Some(other) => {
                    let (name, found) = (&child.name, type_name(other));
                    let reason =
                        format!("invalid type for values: expected object (map), got {found}");
                    findings.text += &format!("{name}:\n{reason}\n");
                }
            }
        }
    }

    fn compiled(&self, file: FileId, text: &[u8]) -> Arc<Compilation> {
        let known = self
            .compiled
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&file)
            .cloned();
        known.unwrap_or_else(|| {
            let compilation = Arc::new(CompiledSchema::new(text));
            let mut compiled = self
                .compiled
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            Arc::clone(compiled.entry(file).or_insert(compilation))
        })
    }
}

fn check(
    compilation: &Compilation,
    chart: &str,
    values: &Map,
    origins: &OriginTable,
    file: FileId,
    findings: &mut Findings,
) {
    let schema = match compilation {
        Ok(schema) => schema,
        Err(message) => {
            findings.text += &format!("{chart}:\n{message}");
            findings.place.get_or_insert(Place::File(source::Span {
                file,
                start: 0,
                end: 0,
            }));
            return;
        }
    };
    let Some(failures) = schema.failures(&instance::from_values(values)) else {
        return;
    };
    let lines: Vec<String> = failures.iter().map(Failure::to_string).collect();
    findings.text += &format!("{chart}:\n{}\n", lines.join("\n"));
    if findings.place.is_none() {
        findings.place = failures
            .first()
            .and_then(|failure| place_of(failure, values, origins));
    }
}

/// Where the value at fault was set; its nearest container if it was not set at all.
fn place_of(failure: &Failure, values: &Map, origins: &OriginTable) -> Option<Place> {
    let mut place = None;
    let mut at = Value::map(values.clone());
    for step in failure.location() {
        let entry = match &at {
            Value::Map(map) => map.get(step.as_str()).cloned(),
            Value::List(items) => step
                .parse()
                .ok()
                .and_then(|index: usize| items.get(index).cloned()),
            _ => None,
        };
        let Some(entry) = entry else { break };
        if let Some(origin) = origins.get(OriginId(entry.mark)) {
            place = Some(origin.place.clone());
        }
        at = entry.value;
    }
    place
}
