//! Between the plain trees of `yaml` and template values.

use super::{ElementType, Item, List, MapRef, MapType, Object, Str, Val};
use source::{OriginId, Prov, ProvTables};
use std::sync::Arc;
use yaml::{Entry, Value};

impl Val {
    /// A tree whose marks are origins (values, `.Chart`): each entry rests on its own origin.
    pub(crate) fn from_origins(value: &Value, tables: &mut ProvTables) -> Self {
        Self::from_value(value, &mut |entry| Prov {
            text: tables.single(OriginId(entry.mark)),
            ..Prov::NONE
        })
    }

    /// A tree that was read from text (`fromYaml`, `fromJson`); `prov_of` says what each entry rests on.
    pub(crate) fn from_value(value: &Value, prov_of: &mut dyn FnMut(&Entry) -> Prov) -> Self {
        match value {
            Value::Null => Self::Nil,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int64(*value),
            Value::Uint(value) => Self::Uint64(*value),
            Value::Float(value) => Self::Float(*value),
            Value::String(text) => Self::Str(Str::from(Arc::clone(text))),
            Value::Bytes(bytes) => Self::Str(Str::with_map(Arc::clone(bytes), Vec::new())),
            Value::List(items) => {
                let items = items
                    .iter()
                    .map(|entry| Item::read(entry, prov_of))
                    .collect();
                Self::List(List::new(ElementType::Interface, items))
            }
            Value::Map(map) => {
                let entries = map
                    .iter()
                    .map(|(key, entry)| (Arc::clone(key), Item::read(entry, prov_of)))
                    .collect();
                Self::Map(MapRef::new(MapType::Plain, entries))
            }
        }
    }
}

impl Item {
    fn read(entry: &Entry, prov_of: &mut dyn FnMut(&Entry) -> Prov) -> Self {
        let prov = prov_of(entry);
        Self {
            val: Val::from_value(&entry.value, prov_of),
            prov,
        }
    }
}

/// How deep a value may nest when it is turned into text; Go's JSON encoder gives up on cycles at 1,000 pointers
/// or maps, and so do we.
const MAX_DEPTH: usize = 1_000;

/// A template value as a plain tree, as encoding/json sees it. Each entry's mark is an index into `provs`.
///
/// Errors carry Go's text where Go fails (a cycle), so that `toYaml` can give its empty string.
pub(crate) fn to_value(
    val: &Val,
    helm: crate::HelmLine,
    provs: &mut Vec<Prov>,
) -> Result<Value, String> {
    Encoder { helm, provs }.value(val, 0)
}

struct Encoder<'a> {
    helm: crate::HelmLine,
    provs: &'a mut Vec<Prov>,
}

impl Encoder<'_> {
    fn entry(&mut self, item: &Item, depth: usize) -> Result<Entry, String> {
        let mark = self.mark(item.prov);
        Ok(Entry {
            value: self.value(&item.val, depth)?,
            mark,
        })
    }

    fn mark(&mut self, prov: Prov) -> u32 {
        if prov.is_none() {
            return 0;
        }
        if self.provs.is_empty() {
            self.provs.push(Prov::NONE);
        }
        if self.provs.last() != Some(&prov) {
            self.provs.push(prov);
        }
        self.provs.len() as u32 - 1
    }

    fn value(&mut self, val: &Val, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err("json: unsupported value: encountered a cycle".to_owned());
        }
        Ok(match val {
            Val::Nil => Value::Null,
            Val::Bool(value) => Value::Bool(*value),
            Val::Int(value) | Val::Int64(value) => Value::Int(*value),
            Val::Uint8(value) => Value::Int(i64::from(*value)),
            Val::Uint64(value) => Value::Uint(*value),
            Val::Float(value) => Value::Float(*value),
            Val::Complex(..) => return Err("json: unsupported type: complex128".to_owned()),
            Val::Str(text) => Value::String(text.lossy().as_ref().into()),
            Val::Bytes(bytes) => Value::String(base64(bytes).into()),
            Val::List(list) if list.is_nil() => Value::Null,
            Val::List(list) => {
                let items: Result<_, _> = list
                    .items()
                    .iter()
                    .map(|item| self.entry(item, depth + 1))
                    .collect();
                Value::list(items?)
            }
            Val::Map(map) if map.is_nil() => Value::Null,
            Val::Map(map) => {
                let entries: Result<_, String> = map
                    .entries()
                    .iter()
                    .map(|(key, item)| Ok((Arc::clone(key), self.entry(item, depth + 1)?)))
                    .collect();
                Value::map(entries?)
            }
            Val::Object(object) => self.object(object),
        })
    }

    fn object(&mut self, object: &Object) -> Value {
        let strings = |pairs: &[(&str, &str)]| {
            Value::map(
                pairs
                    .iter()
                    .map(|(key, text)| ((*key).into(), Entry::unmarked(Value::string(text))))
                    .collect(),
            )
        };
        match object {
            Object::Files(files) => Value::map(
                files
                    .files
                    .iter()
                    .map(|(path, file)| {
                        (
                            path.as_str().into(),
                            Entry::unmarked(Value::string(base64(&file.bytes))),
                        )
                    })
                    .collect(),
            ),
            Object::KubeVersion(capabilities) => kube_version(capabilities),
            Object::Capabilities(capabilities) => {
                let versions = capabilities.api_versions.iter();
                let versions = versions
                    .map(|text| Entry::unmarked(Value::string(text)))
                    .collect();
                Value::map(
                    [
                        ("KubeVersion", kube_version(capabilities)),
                        ("APIVersions", Value::list(versions)),
                        ("HelmVersion", helm_version(self.helm)),
                    ]
                    .into_iter()
                    .map(|(key, value)| (key.into(), Entry::unmarked(value)))
                    .collect(),
                )
            }
            Object::HelmVersion => helm_version(self.helm),
            Object::Chart { object, .. } => object.json.clone(),
            Object::Certificate(certificate) => {
                strings(&[("Cert", &certificate.cert), ("Key", &certificate.key)])
            }
            Object::Semver(version) => Value::string(version.to_string()),
            Object::Time(time) => Value::string(crate::functions::dates::rfc3339_nano(time)),
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn kube_version(capabilities: &crate::Capabilities) -> Value {
    Value::map(
        [
            ("Version", &capabilities.kube_version),
            ("Major", &capabilities.kube_major),
            ("Minor", &capabilities.kube_minor),
        ]
        .into_iter()
        .map(|(key, text)| (key.into(), Entry::unmarked(Value::string(text))))
        .collect(),
    )
}

fn helm_version(helm: crate::HelmLine) -> Value {
    Value::map(
        crate::context::helm_version_fields(helm)
            .into_iter()
            .map(|(_, key, text)| (key.into(), Entry::unmarked(Value::string(text))))
            .collect(),
    )
}
