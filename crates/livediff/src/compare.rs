//! Desired against live, object by object.

use crate::change::{Action, Change, FieldChange, FieldValue, Verdict};
use crate::defaults::with_defaults;
use crate::definition::{Definition, Definitions};
use crate::difference::{Comparison, Difference, Side};
use crate::immutable::{Sides, immutable_table, refuses};
use crate::noise::{field_noise, object_noise};
use crate::order::sort_changes;
use crate::rename::join_renames;
use crate::shapes::shape_table;
use manifest::{FieldPath, KubeVersion, Object, ResourceId, Scopes, is_secret_field, mask_text};
use std::collections::{BTreeMap, BTreeSet};
use yaml::{Entry, Map, Value};

/// What is known beside the two sides.
#[derive(Debug, Clone, Default)]
pub struct CompareOptions<'a> {
    /// Kubernetes after the upgrade. No row of the tables is bound to a version yet: they are those of 1.37.
    pub target: Option<KubeVersion>,
    /// CRDs at hand beside those among the objects, for the verdicts on custom kinds; StorageClasses too, which say
    /// whether claims may grow.
    pub definitions: Vec<&'a Object>,
    /// Whether the live side holds hooks (`--live-hooks`, or a stored release): else hooks are not compared.
    pub live_hooks: bool,
    /// Something of the live side could not be read: nothing is called created.
    pub live_incomplete: bool,
    /// Something of the desired side could not be read: nothing is called deleted.
    pub desired_incomplete: bool,
}

/// What an upgrade from `live` (a live manifest, a capture, or a rendering of the base revision) to `desired` changes.
///
/// One entry for each object that differs after defaulting. Order: kind (Helm's install order, custom kinds after,
/// by name), then group, namespace, name; independent of the order of the inputs. Where an object is given twice,
/// the last one counts, as the API server would have it.
pub fn compare(desired: &[Object], live: &[Object], options: &CompareOptions<'_>) -> Vec<Change> {
    let at_hand = || {
        live.iter()
            .chain(options.definitions.iter().copied())
            .chain(desired)
    };
    let known = Known {
        definitions: Definitions::learn(at_hand()),
        fixed_classes: fixed_classes(at_hand()),
    };
    let (new, old) = (by_identity(desired, options), by_identity(live, options));
    let mut changes = Vec::new();
    for (id, index) in &new {
        match old.get(id) {
            Some(live_index) => {
                let pair = Pair {
                    desired: &desired[*index],
                    live: &live[*live_index],
                    known: &known,
                };
                changes.extend(pair.change(*index, *live_index));
            }
            None if !options.live_incomplete => {
                changes.push(lone(&desired[*index], Action::Create, Some(*index), None));
            }
            None => {}
        }
    }
    let gone = old
        .iter()
        .filter(|(id, _)| !new.contains_key(*id) && !options.desired_incomplete);
    changes.extend(gone.map(|(_, index)| lone(&live[*index], Action::Delete, None, Some(*index))));
    join_renames(&mut changes, desired, live);
    sort_changes(&mut changes);
    changes
}

/// The objects that take part, the last of equal ones.
fn by_identity<'a>(
    objects: &'a [Object],
    options: &CompareOptions<'_>,
) -> BTreeMap<&'a ResourceId, usize> {
    let takes_part = |object: &Object| options.live_hooks || object.hook.is_none();
    let indexed = objects
        .iter()
        .enumerate()
        .filter(|(_, object)| takes_part(object));
    indexed.map(|(index, object)| (&object.id, index)).collect()
}

fn lone(object: &Object, action: Action, desired: Option<usize>, live: Option<usize>) -> Change {
    Change {
        resource: object.id.clone(),
        from: None,
        action,
        fields: Vec::new(),
        hook: object.hook.is_some(),
        noise: None,
        desired,
        live,
    }
}

/// What other objects say about the verdicts.
struct Known {
    definitions: Definitions,
    /// Storage classes whose claims may not grow.
    fixed_classes: BTreeSet<String>,
}

fn fixed_classes<'a>(objects: impl Iterator<Item = &'a Object>) -> BTreeSet<String> {
    let classes = objects.filter(|object| object.is("storage.k8s.io", "StorageClass"));
    let fixed = classes.filter(|class| class.bool_at(&["allowVolumeExpansion"]) != Some(true));
    fixed.map(|class| class.id.name.clone()).collect()
}

/// One object on both sides.
struct Pair<'a> {
    desired: &'a Object,
    live: &'a Object,
    known: &'a Known,
}

impl Pair<'_> {
    fn change(&self, desired: usize, live: usize) -> Option<Change> {
        let (group, kind) = (self.desired.group(), self.desired.kind());
        let definition = self
            .known
            .definitions
            .of(group, kind, self.desired.version());
        let fill = |object: &Object| {
            let mut root = with_defaults(group, kind, &object.root);
            if let Some(definition) = definition {
                definition.fill(&mut root);
            }
            root
        };
        let (old, new) = (fill(self.live), fill(self.desired));
        let (old_map, new_map) = (old.as_map()?, new.as_map()?);
        let comparison = Comparison {
            table: shape_table(),
            group,
            kind,
            custom: !Scopes::is_builtin(group),
            list_keys: definition.map(Definition::list_keys).unwrap_or_default(),
        };
        let found = comparison.objects(old_map, new_map, shape_table().of_kind(group, kind));
        let sides = Sides {
            old: &old,
            new: &new,
        };
        let mut fields: Vec<FieldChange> = found
            .iter()
            .map(|difference| self.field(difference, sides, definition))
            .collect();
        if fields.is_empty() {
            return None;
        }
        fields.sort_by(|left, right| left.path.cmp(&right.path));
        let refused = fields.iter().any(|field| field.verdict == Verdict::Refused);
        Some(Change {
            action: if refused {
                Action::Replace
            } else {
                Action::Update
            },
            noise: object_noise(&fields),
            fields,
            ..lone(self.desired, Action::Update, Some(desired), Some(live))
        })
    }

    fn field(
        &self,
        difference: &Difference<'_>,
        sides: Sides<'_>,
        definition: Option<&Definition>,
    ) -> FieldChange {
        let path = self.written_path(&difference.path);
        let value = |side: &Option<Side<'_>>| self.value(&path, side.as_ref());
        FieldChange {
            before: value(&difference.before),
            after: value(&difference.after),
            verdict: self.verdict(difference, sides, definition),
            noise: field_noise(self.desired, &path, difference.after.as_ref()),
            path: path.to_string(),
        }
    }

    /// Secrets are compared by `data`, but a key stands where the manifest writes it.
    fn written_path(&self, path: &FieldPath) -> FieldPath {
        let keys = path.map_keys();
        if let (true, ["data", key]) = (self.desired.is("", "Secret"), keys.as_slice()) {
            let writes = |object: &Object, field: &str| object.at(&[field, key]).is_some();
            let (new, old) = (self.desired, self.live);
            let in_new = writes(new, "stringData");
            let only_in_old =
                !writes(new, "data") && writes(old, "stringData") && !writes(old, "data");
            if in_new || only_in_old {
                return FieldPath::keys(["stringData", *key]);
            }
        }
        path.clone()
    }

    fn verdict(
        &self,
        difference: &Difference<'_>,
        sides: Sides<'_>,
        definition: Option<&Definition>,
    ) -> Verdict {
        let (group, kind) = (self.desired.group(), self.desired.kind());
        let recreated = self
            .desired
            .hook
            .as_ref()
            .is_some_and(manifest::Hook::is_recreated);
        if recreated {
            return Verdict::Allowed;
        }
        if refuses(group, kind, difference, sides) || self.grows_a_fixed_claim(difference, sides) {
            return Verdict::Refused;
        }
        let keys = difference.path.map_keys();
        if Scopes::is_builtin(group) || keys.first() == Some(&"metadata") {
            return Verdict::Allowed;
        }
        match definition {
            Some(definition) if definition.refuses(&keys, sides) => Verdict::Refused,
            Some(_) => Verdict::Allowed,
            None if immutable_table().knows(group, kind) => Verdict::Allowed,
            None => Verdict::Unknown,
        }
    }

    /// What is reduced is refused by the table; what is left is growth.
    fn grows_a_fixed_claim(&self, difference: &Difference<'_>, sides: Sides<'_>) -> bool {
        let class = sides
            .new
            .at(&["spec", "storageClassName"])
            .and_then(Value::as_str);
        self.desired.is("", "PersistentVolumeClaim")
            && difference.path.map_keys() == ["spec", "resources", "requests", "storage"]
            && class.is_some_and(|class| self.known.fixed_classes.contains(class))
    }

    fn value(&self, path: &FieldPath, side: Option<&Side<'_>>) -> FieldValue {
        match side {
            None => FieldValue::Absent,
            Some(Side::Order(names)) => FieldValue::Scalar(Value::from(names.as_str())),
            Some(Side::Entry(_)) if is_secret_field(self.desired, path) => FieldValue::Hidden,
            Some(Side::Entry(entry)) => {
                FieldValue::Scalar(masked(self.desired, path, &entry.value))
            }
        }
    }
}

/// The value with what is secret in it hidden.
fn masked(object: &Object, path: &FieldPath, value: &Value) -> Value {
    if is_secret_field(object, path) && !matches!(value, Value::Bool(_) | Value::Null) {
        return Value::from("(hidden)");
    }
    match value {
        Value::Map(map) => {
            let entry = |(key, entry): (&std::sync::Arc<str>, &Entry)| {
                let value = masked(object, &path.clone().key(key), &entry.value);
                (
                    std::sync::Arc::clone(key),
                    Entry {
                        value,
                        mark: entry.mark,
                    },
                )
            };
            Value::map(map.iter().map(entry).collect::<Map>())
        }
        Value::List(items) => {
            let keys = manifest::merge_keys(object.group(), object.kind(), &path.map_keys());
            let item = |((index, entry), name): ((usize, &Entry), Option<String>)| {
                let path = path.clone().list_item(name.as_deref(), index);
                Entry {
                    value: masked(object, &path, &entry.value),
                    mark: entry.mark,
                }
            };
            Value::list(
                items
                    .iter()
                    .enumerate()
                    .zip(manifest::item_names(keys, items))
                    .map(item)
                    .collect(),
            )
        }
        Value::String(text) => match mask_text(text) {
            std::borrow::Cow::Borrowed(_) => value.clone(),
            std::borrow::Cow::Owned(text) => Value::from(text.as_str()),
        },
        other => other.clone(),
    }
}
