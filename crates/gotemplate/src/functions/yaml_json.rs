//! Helm's YAML functions. (JSON: `json`.)

use super::decoded::Reading;
use super::{CallError, Cx, Flow, Function, Outcome, Param, dates, survey};
use crate::value::{Item, Object, Val, to_value};
use Param::{Any, Str};
use source::Prov;
use std::collections::BTreeSet;
use yaml::{DecodeOptions, Emitted, Entry, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("toYaml", &[Any], Flow::Own, to_yaml),
    must_to_yaml_entry(),
    Function::new("toYamlPretty", &[Any], Flow::Own, to_yaml_pretty),
    Function::new("fromYaml", &[Str], Flow::Own, from_yaml),
    Function::new("fromYamlArray", &[Str], Flow::Own, from_yaml_array),
];

const fn must_to_yaml_entry() -> Function {
    Function {
        helm4_only: true,
        ..Function::new("mustToYaml", &[Any], Flow::Own, must_to_yaml)
    }
}

/// `toYaml v`: YAML without the last newline; `""` for what has no YAML.
fn to_yaml(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    yaml_text(cx, args.first().unwrap_or(&Item::default()))
}

/// `mustToYaml v`
fn must_to_yaml(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    marshal(cx, args.first().unwrap_or(&Item::default()))
}

/// What `toYaml` gives for a value.
pub(crate) fn yaml_text(cx: &mut Cx<'_>, item: &Item) -> Outcome {
    match marshal(cx, item) {
        Err(CallError::Message(_)) => Ok(Item {
            val: Val::string(""),
            prov: cx.prov_of(std::slice::from_ref(item)),
        }),
        other => other,
    }
}

/// Each line rests on the entry that wrote it. Err holds Go's text.
fn marshal(cx: &mut Cx<'_>, item: &Item) -> Outcome {
    let item = survey::for_text(cx, item).map_err(|error| match error {
        CallError::Message(message) => format!("error marshaling into JSON: {message}").into(),
        limit => limit,
    })?;
    let mut provs = Vec::new();
    let tree = to_value(&item.val, cx.helm, &mut provs)
        .map_err(|message| format!("error marshaling into JSON: {message}"))?;
    let emitted = yaml::emit::try_emit(&Entry::unmarked(tree))?;
    Ok(without_last_newline(cx, &emitted, &provs, item.prov))
}

fn without_last_newline(cx: &mut Cx<'_>, emitted: &Emitted, provs: &[Prov], root: Prov) -> Item {
    let text = emitted
        .text
        .strip_suffix('\n')
        .unwrap_or(&emitted.text)
        .as_bytes();
    if cx.here.is_none() {
        return Val::string(text).into();
    }
    let prov_of = |mark: u32| match mark {
        0 => root,
        mark => provs.get(mark as usize).copied().unwrap_or(root),
    };
    let mut out = cx.text();
    let ends = emitted
        .marks
        .iter()
        .skip(1)
        .map(|(start, _)| *start as usize)
        .chain([text.len()]);
    for ((start, mark), end) in emitted.marks.iter().zip(ends) {
        let end = end.min(text.len());
        out.push(&text[(*start as usize).min(end)..end], prov_of(*mark));
    }
    Item {
        val: Val::Str(out.finish()),
        prov: root,
    }
}

/// `toYamlPretty v`: numbers by their Go type, sequences indented, nothing folded; `""` for what has no YAML.
fn to_yaml_pretty(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let prov = cx.prov_of(args);
    let item = match survey::for_text(cx, args.first().unwrap_or(&Item::default())) {
        Ok(item) => item,
        Err(CallError::Message(_)) => {
            return Ok(Item {
                val: Val::string(""),
                prov,
            });
        }
        Err(limit) => return Err(limit),
    };
    let mut pretty = Pretty {
        cx,
        strings: BTreeSet::new(),
        times: BTreeSet::new(),
        rests_on: prov,
    };
    let Some(tree) = pretty.value(&item.val) else {
        return Ok(Item {
            val: Val::string(""),
            prov,
        });
    };
    let Pretty {
        mut times,
        strings,
        rests_on,
        ..
    } = pretty;
    let mut text = yaml::emit_pretty(&tree);
    times.retain(|time| !strings.contains(time));
    // A time is a scalar without quotes, unlike a string that looks like one.
    for time in times {
        text = text.replace(&format!("\"{time}\""), &time);
    }
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(Item {
        val: Val::string(text),
        prov: rests_on,
    })
}

/// A value as goyaml v3 sees it.
struct Pretty<'a, 'b> {
    cx: &'a mut Cx<'b>,
    /// Texts that times and strings have.
    times: BTreeSet<String>,
    strings: BTreeSet<String>,
    rests_on: Prov,
}

impl Pretty<'_, '_> {
    /// None for what goyaml cannot write.
    fn value(&mut self, val: &Val) -> Option<Value> {
        Some(match val {
            Val::Complex(..) => return None,
            Val::Str(text) => match std::str::from_utf8(text.bytes()) {
                Ok(text) => {
                    self.note_string(text);
                    Value::string(text)
                }
                Err(_) => Value::Bytes(text.shared()),
            },
            Val::Bytes(bytes) => Value::list(
                bytes
                    .iter()
                    .map(|byte| Entry::unmarked(Value::Int(i64::from(*byte))))
                    .collect(),
            ),
            // goyaml writes nil slices and maps as empty ones.
            Val::List(list) => Value::list(
                list.items()
                    .iter()
                    .map(|item| self.entry(item))
                    .collect::<Option<_>>()?,
            ),
            Val::Map(map) => {
                let entries = map.snapshot().into_iter();
                Value::map(
                    entries
                        .map(|(key, item)| Some((key, self.entry(&item)?)))
                        .collect::<Option<_>>()?,
                )
            }
            Val::Object(object) => self.object(object)?,
            plain => to_value(plain, self.cx.helm, &mut Vec::new()).ok()?,
        })
    }

    fn entry(&mut self, item: &Item) -> Option<Entry> {
        self.rests_on = self.cx.tables.join(self.rests_on, item.prov);
        self.value(&item.val).map(Entry::unmarked)
    }

    /// goyaml names the fields of structs in lower case and ignores their JSON names.
    fn object(&mut self, object: &Object) -> Option<Value> {
        let fields = |fields: &[(&str, &str)]| {
            let entry = |(name, text): &(&str, &str)| {
                ((*name).into(), Entry::unmarked(Value::string(text)))
            };
            Value::map(fields.iter().map(entry).collect())
        };
        Some(match object {
            Object::Time(time) => {
                let text = dates::rfc3339_nano(time);
                self.times.insert(text.clone());
                Value::string(text)
            }
            Object::KubeVersion(capabilities) => fields(&[
                ("version", &capabilities.kube_version),
                ("major", &capabilities.kube_major),
                ("minor", &capabilities.kube_minor),
            ]),
            Object::Certificate(certificate) => {
                fields(&[("cert", &certificate.cert), ("key", &certificate.key)])
            }
            Object::Files(files) => {
                let entries = files.files.iter().map(|(path, file)| {
                    let bytes = Val::Bytes(file.bytes.clone());
                    Some((path.as_str().into(), self.entry(&bytes.into())?))
                });
                Value::map(entries.collect::<Option<_>>()?)
            }
            _ => to_value(&Val::from(object.clone()), self.cx.helm, &mut Vec::new()).ok()?,
        })
    }

    fn note_string(&mut self, text: &str) {
        // Only what looks like a time can be taken for one.
        if text.len() >= 20 && text.as_bytes()[10] == b'T' {
            self.strings.insert(text.to_owned());
        }
    }
}

/// `fromYaml s`: the map of the first document; a map with the key `Error` for what is no map.
fn from_yaml(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let Some((source, text)) = string(args) else {
        return Err("fromYaml needs a string".into());
    };
    let mut reading = Reading::new(cx, source, text);
    Ok(match decode(cx, &mut reading)? {
        Ok(tree @ Value::Map(_)) => reading.value(cx, &tree),
        Ok(Value::Null) => reading.empty_map(),
        Ok(other) => reading.error_map(&mismatch(&other, "map[string]interface {}")),
        Err(message) => reading.error_map(&message),
    })
}

/// `fromYamlArray s`: the list of the first document; a list with the error's text for what is no list.
fn from_yaml_array(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let Some((source, text)) = string(args) else {
        return Err("fromYamlArray needs a string".into());
    };
    let mut reading = Reading::new(cx, source, text);
    Ok(match decode(cx, &mut reading)? {
        Ok(tree @ Value::List(_)) => reading.value(cx, &tree),
        Ok(Value::Null) => Item {
            val: Val::list(Vec::new()),
            prov: reading.whole,
        },
        Ok(other) => reading.error_list(&mismatch(&other, "[]interface {}")),
        Err(message) => reading.error_list(&message),
    })
}

fn decode(cx: &mut Cx<'_>, reading: &mut Reading<'_>) -> Result<Result<Value, String>, CallError> {
    cx.charge(reading.text().len() as u64 * 8)?;
    let decoded = yaml::decode_text(reading.text(), DecodeOptions::VALUES, reading);
    Ok(decoded.map_err(|error| error.message))
}

fn mismatch(tree: &Value, wanted: &str) -> String {
    let kind = super::json::kind_of(tree);
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type {wanted}"
    )
}

fn string(args: &[Item]) -> Option<(&Item, &crate::value::Str)> {
    let item = args.first()?;
    Some((item, item.val.as_str()?))
}
