//! Which changes the API server refuses (`data/immutable.yaml` and `data/valid.yaml`).

use crate::defaults::same;
use crate::difference::{Difference, Side};
use crate::shapes::table_value;
use crate::valid::Must;
use manifest::{LabelSelector, Quantity, ResourceId, Scopes};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use yaml::Value;

const IMMUTABLE: &str = include_str!("../data/immutable.yaml");
const VALID: &str = include_str!("../data/valid.yaml");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Added,
    Removed,
    Changed,
    Grown,
    Reduced,
}

type Path = Vec<String>;

#[derive(Debug, Default)]
struct Rule {
    fields: Vec<Path>,
    except: Vec<Path>,
    /// Empty: however it changed.
    when: Vec<How>,
    old: Vec<(Path, Value)>,
    new: Vec<(Path, Value)>,
    /// The new object has none of these.
    not: Vec<(Path, Value)>,
    same: Option<Path>,
    must: Option<Must>,
}

/// The rules of all kinds, by `group/kind`.
pub(crate) struct RefusalTable {
    kinds: BTreeMap<String, Vec<Rule>>,
}

/// The two sides of an object, with defaults filled in.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'a> {
    pub(crate) old: &'a Value,
    pub(crate) new: &'a Value,
}

/// What may not change.
pub(crate) fn immutable_table() -> &'static RefusalTable {
    static READ: OnceLock<RefusalTable> = OnceLock::new();
    READ.get_or_init(|| RefusalTable::read(&table_value(IMMUTABLE)))
}

/// What may not be.
pub(crate) fn valid_table() -> &'static RefusalTable {
    static READ: OnceLock<RefusalTable> = OnceLock::new();
    READ.get_or_init(|| RefusalTable::read(&table_value(VALID)))
}

/// Whether a refused field (its path as in a [`crate::FieldChange`]) is one that may not change at all, rather than
/// one whose new value is not valid. For fields of custom kinds only the table's own kinds are known.
pub fn is_immutable_field(resource: &ResourceId, path: &str) -> bool {
    let mut keys = Vec::new();
    for part in path.split('.') {
        keys.push(part.split('[').next().unwrap_or_default());
    }
    let fields = |rule: &Rule| {
        rule.fields.iter().any(|field| is_below(field, &keys))
            && !rule.except.iter().any(|field| is_below(field, &keys))
    };
    immutable_table()
        .rules(&resource.group, &resource.kind)
        .iter()
        .any(fields)
}

impl RefusalTable {
    fn read(table: &Value) -> Self {
        let rows = table.as_map().into_iter().flatten();
        let kind = |(key, entry): (&std::sync::Arc<str>, &yaml::Entry)| {
            let rules = entry.value.as_list().unwrap_or_default();
            (
                key.to_string(),
                rules.iter().map(|rule| Rule::read(&rule.value)).collect(),
            )
        };
        Self {
            kinds: rows.map(kind).collect(),
        }
    }

    /// Whether the table says anything about a kind.
    pub(crate) fn knows(&self, group: &str, kind: &str) -> bool {
        self.kinds.contains_key(&format!("{group}/{kind}"))
    }

    fn rules(&self, group: &str, kind: &str) -> &[Rule] {
        let group = if group == "extensions" { "apps" } else { group };
        self.kinds
            .get(&format!("{group}/{kind}"))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Whether a rule of the table refuses this difference.
    fn holds(
        &self,
        group: &str,
        kind: &str,
        difference: &Difference<'_>,
        sides: Sides<'_>,
    ) -> bool {
        let general = self
            .kinds
            .get("*")
            .filter(|_| Scopes::is_builtin(group))
            .map(Vec::as_slice)
            .unwrap_or_default();
        self.rules(group, kind)
            .iter()
            .chain(general)
            .any(|rule| rule.holds(difference, sides))
    }
}

/// Whether the API server refuses this difference.
pub(crate) fn refuses(
    group: &str,
    kind: &str,
    difference: &Difference<'_>,
    sides: Sides<'_>,
) -> bool {
    immutable_table().holds(group, kind, difference, sides)
        || valid_table().holds(group, kind, difference, sides)
        || misses_selector(group, kind, difference, sides)
}

/// The labels of the pods must satisfy the workload's own selector.
fn misses_selector(group: &str, kind: &str, difference: &Difference<'_>, sides: Sides<'_>) -> bool {
    let selects = matches!(
        (group, kind),
        (
            "apps",
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet"
        )
    );
    if !selects
        || !is_below(
            &split("spec.template.metadata.labels"),
            &difference.path.map_keys(),
        )
    {
        return false;
    }
    let Some(Ok(selector)) = sides
        .new
        .at(&["spec", "selector"])
        .map(LabelSelector::from_value)
    else {
        return false;
    };
    let labels = sides
        .new
        .at(&["spec", "template", "metadata", "labels"])
        .and_then(Value::as_map);
    let wanted = difference.path.map_keys().get(4).is_none_or(|key| {
        selector.match_labels.contains_key(*key)
            || selector.expressions.iter().any(|part| part.key == *key)
    });
    wanted && !selector.matches(labels)
}

impl Rule {
    fn read(row: &Value) -> Self {
        let texts = |key: &str| -> Vec<String> {
            let items = row.at(&[key]).and_then(Value::as_list).unwrap_or_default();
            items
                .iter()
                .filter_map(|item| item.value.as_str().map(str::to_owned))
                .collect()
        };
        let conditions = |key: &str| -> Vec<(Path, Value)> {
            let map = row.at(&[key]).and_then(Value::as_map).into_iter().flatten();
            map.map(|(path, entry)| (split(path), entry.value.clone()))
                .collect()
        };
        let how = |text: &String| match text.as_str() {
            "added" => Some(How::Added),
            "removed" => Some(How::Removed),
            "changed" => Some(How::Changed),
            "grown" => Some(How::Grown),
            "reduced" => Some(How::Reduced),
            _ => None,
        };
        Self {
            fields: texts("fields").iter().map(|path| split(path)).collect(),
            except: texts("except").iter().map(|path| split(path)).collect(),
            when: texts("when").iter().filter_map(how).collect(),
            old: conditions("old"),
            new: conditions("new"),
            not: conditions("not"),
            must: row.at(&["must"]).map(Must::read),
            same: row.at(&["same"]).and_then(Value::as_str).map(split),
        }
    }

    fn holds(&self, difference: &Difference<'_>, sides: Sides<'_>) -> bool {
        let keys = difference.path.map_keys();
        let how = how(difference);
        self.fields.iter().any(|field| is_below(field, &keys))
            && !self.is_excepted(&keys, difference)
            && (self.when.is_empty() || self.when.iter().any(|when| how.contains(when)))
            && self
                .old
                .iter()
                .all(|(path, wanted)| has(sides.old, path, wanted))
            && self
                .new
                .iter()
                .all(|(path, wanted)| has(sides.new, path, wanted))
            && !self
                .not
                .iter()
                .any(|(path, wanted)| has(sides.new, path, wanted))
            && self
                .must
                .as_ref()
                .is_none_or(|must| match &difference.after {
                    Some(Side::Entry(after)) => must.is_broken_by(&after.value),
                    _ => false,
                })
            && self.same.as_ref().is_none_or(|path| {
                let side = |root: &Value| value_at(root, path).cloned().unwrap_or_default();
                same(&side(sides.old), &side(sides.new))
            })
    }

    /// A container that came or went is excepted if all that is in it is.
    fn is_excepted(&self, keys: &[&str], difference: &Difference<'_>) -> bool {
        if self.except.iter().any(|field| is_below(field, keys)) {
            return true;
        }
        let holds_exception = self
            .except
            .iter()
            .any(|field| field.len() > keys.len() && is_below_prefix(field, keys));
        let side = difference.before.as_ref().or(difference.after.as_ref());
        match side {
            Some(Side::Entry(entry))
                if holds_exception && difference.path.last_key() == keys.last().copied() =>
            {
                match &entry.value {
                    Value::Map(map) => map.keys().all(|key| {
                        let below: Vec<&str> = keys.iter().copied().chain([&**key]).collect();
                        self.except.iter().any(|field| is_below(field, &below))
                    }),
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

fn how(difference: &Difference<'_>) -> Vec<How> {
    let (before, after) = match (&difference.before, &difference.after) {
        (None, _) => return vec![How::Added],
        (_, None) => return vec![How::Removed],
        (Some(Side::Entry(before)), Some(Side::Entry(after))) => (&before.value, &after.value),
        _ => return vec![How::Changed],
    };
    let amounts = Quantity::from_value(before).zip(Quantity::from_value(after));
    match amounts.map(|(before, after)| before.cmp(&after)) {
        Some(std::cmp::Ordering::Less) => vec![How::Changed, How::Grown],
        Some(std::cmp::Ordering::Greater) => vec![How::Changed, How::Reduced],
        _ => vec![How::Changed],
    }
}

fn split(path: &str) -> Path {
    path.split('.').map(str::to_owned).collect()
}

/// Whether map keys lead to a field of the table or below it.
fn is_below(field: &[String], keys: &[&str]) -> bool {
    match field.split_first() {
        None => true,
        Some((first, rest)) if first == "**" => {
            (0..=keys.len()).any(|at| is_below(rest, &keys[at..]))
        }
        Some((first, rest)) => keys
            .split_first()
            .is_some_and(|(key, keys)| (first == "*" || first == key) && is_below(rest, keys)),
    }
}

fn is_below_prefix(field: &[String], keys: &[&str]) -> bool {
    keys.iter()
        .zip(field)
        .all(|(key, part)| part == "*" || part == key)
}

fn value_at<'a>(root: &'a Value, path: &Path) -> Option<&'a Value> {
    root.at(&path.iter().map(String::as_str).collect::<Vec<_>>())
        .filter(|value| !value.is_null())
}

/// `null` wants nothing there (or an empty list), `*` anything, a list any of its items.
fn has(root: &Value, path: &Path, wanted: &Value) -> bool {
    match (value_at(root, path), wanted) {
        (None, wanted) => wanted.is_null(),
        (Some(Value::List(items)), Value::Null) => items.is_empty(),
        (Some(_), Value::String(any)) if &**any == "*" => true,
        (Some(value), Value::List(any)) => any.iter().any(|wanted| same(&wanted.value, value)),
        (Some(value), wanted) => same(value, wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_are_read_whole() {
        for (text, table) in [(IMMUTABLE, immutable_table()), (VALID, valid_table())] {
            let rows = table_value(text);
            let rows = rows.as_map().expect("the table parses");
            assert_eq!(rows.len(), table.kinds.len());
            for (kind, entry) in rows {
                let rules = &table.kinds[&**kind];
                assert_eq!(
                    entry.value.as_list().map(<[_]>::len),
                    Some(rules.len()),
                    "{kind}"
                );
                assert!(rules.iter().all(|rule| !rule.fields.is_empty()), "{kind}");
            }
        }
    }

    #[test]
    fn immutable_fields_are_told_from_invalid_values() {
        let id = |group: &str, kind: &str| ResourceId {
            group: group.to_owned(),
            kind: kind.to_owned(),
            namespace: None,
            name: "a".to_owned(),
        };
        assert!(is_immutable_field(
            &id("apps", "Deployment"),
            "spec.selector.matchLabels.app"
        ));
        assert!(!is_immutable_field(
            &id("apps", "Deployment"),
            "spec.replicas"
        ));
        assert!(is_immutable_field(
            &id("apps", "StatefulSet"),
            "spec.volumeClaimTemplates[0].spec"
        ));
        assert!(!is_immutable_field(
            &id("apps", "StatefulSet"),
            "spec.template.spec.containers[a.b].image"
        ));
    }
}
