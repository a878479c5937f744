//! Label selectors with the API's semantics.

use std::collections::BTreeMap;
use yaml::{Entry, Map, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SelectorOperator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

/// One of `matchExpressions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    pub key: String,
    pub operator: SelectorOperator,
    pub values: Vec<String>,
}

/// All parts must hold; without parts it selects everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelSelector {
    pub match_labels: BTreeMap<String, String>,
    pub expressions: Vec<Requirement>,
}

impl LabelSelector {
    /// From `{matchLabels, matchExpressions}`. Err where the API would refuse it (unknown operator, `In` without
    /// values, `Exists` with values, labels that are no strings).
    pub fn from_value(value: &Value) -> Result<Self, String> {
        let mut selector = Self::default();
        for (key, entry) in value
            .at(&["matchLabels"])
            .and_then(Value::as_map)
            .into_iter()
            .flatten()
        {
            let text = entry
                .value
                .as_str()
                .ok_or_else(|| format!("label `{key}` is no string"))?;
            selector
                .match_labels
                .insert(key.as_ref().to_owned(), text.to_owned());
        }
        for entry in value
            .at(&["matchExpressions"])
            .and_then(Value::as_list)
            .unwrap_or_default()
        {
            selector.expressions.push(requirement(entry)?);
        }
        Ok(selector)
    }

    /// From a plain map, as Services have it; values that are no strings are left out.
    pub fn from_labels(labels: &Map) -> Self {
        let text = |(key, entry): (&std::sync::Arc<str>, &Entry)| {
            Some((key.as_ref().to_owned(), entry.value.as_str()?.to_owned()))
        };
        Self {
            match_labels: labels.iter().filter_map(text).collect(),
            expressions: Vec::new(),
        }
    }

    /// `{}`: selects everything (a Service with no selector at all selects nothing: that is the caller's business).
    pub fn is_empty(&self) -> bool {
        self.match_labels.is_empty() && self.expressions.is_empty()
    }

    /// Whether labels (None: no labels) satisfy it.
    pub fn matches(&self, labels: Option<&Map>) -> bool {
        let label = |key: &str| {
            labels
                .and_then(|labels| labels.get(key))
                .and_then(|entry| entry.value.as_str())
        };
        self.match_labels
            .iter()
            .all(|(key, wanted)| label(key) == Some(wanted))
            && self
                .expressions
                .iter()
                .all(|requirement| requirement.holds(label(&requirement.key)))
    }
}

impl Requirement {
    /// A label that is not there satisfies `NotIn` and `DoesNotExist`.
    fn holds(&self, label: Option<&str>) -> bool {
        let listed = |text: &str| self.values.iter().any(|value| value == text);
        match self.operator {
            SelectorOperator::In => label.is_some_and(listed),
            SelectorOperator::NotIn => !label.is_some_and(listed),
            SelectorOperator::Exists => label.is_some(),
            SelectorOperator::DoesNotExist => label.is_none(),
        }
    }
}

fn requirement(entry: &Entry) -> Result<Requirement, String> {
    let text = |key: &str| entry.value.at(&[key]).and_then(Value::as_str);
    let key = text("key").ok_or("an expression has no key")?;
    let operator = match text("operator") {
        Some("In") => SelectorOperator::In,
        Some("NotIn") => SelectorOperator::NotIn,
        Some("Exists") => SelectorOperator::Exists,
        Some("DoesNotExist") => SelectorOperator::DoesNotExist,
        other => return Err(format!("`{}` is no operator", other.unwrap_or_default())),
    };
    let values = entry
        .value
        .at(&["values"])
        .and_then(Value::as_list)
        .unwrap_or_default();
    let values: Vec<String> = values
        .iter()
        .filter_map(|value| value.value.as_str().map(str::to_owned))
        .collect();
    let wants_values = matches!(operator, SelectorOperator::In | SelectorOperator::NotIn);
    if wants_values == values.is_empty() {
        let what = if wants_values { "needs" } else { "takes no" };
        return Err(format!("the operator of `{key}` {what} values"));
    }
    Ok(Requirement {
        key: key.to_owned(),
        operator,
        values,
    })
}
