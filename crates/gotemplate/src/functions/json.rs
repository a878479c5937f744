//! JSON: sprig's functions, and Helm's own that took their names.

use super::decoded::Reading;
use super::{CallError, Cx, Flow, Function, Outcome, Param, survey};
use crate::HelmLine;
use crate::input::Capabilities;
use crate::value::{ElementType, Item, List, Object, TextBuilder, Val};
use Param::{Any, Str};
use source::Prov;
use std::rc::Rc;
use std::sync::Arc;
use yaml::json::EncodeOptions;
use yaml::{DecodeOptions, Entry, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("toJson", &[Any], Flow::Own, to_json),
    Function::new("mustToJson", &[Any], Flow::Own, must_to_json),
    Function::new("toPrettyJson", &[Any], Flow::Own, to_pretty_json),
    Function::new("mustToPrettyJson", &[Any], Flow::Own, must_to_pretty_json),
    Function::new("toRawJson", &[Any], Flow::Own, to_raw_json),
    Function::new("mustToRawJson", &[Any], Flow::Own, to_raw_json),
    Function::new("fromJson", &[Str], Flow::Own, from_json),
    Function::new("fromJsonArray", &[Str], Flow::Own, from_json_array),
    Function::new("mustFromJson", &[Str], Flow::Own, must_from_json),
];

const COMPACT: EncodeOptions = EncodeOptions {
    escape_html: true,
    indent: false,
};
const PRETTY: EncodeOptions = EncodeOptions {
    escape_html: true,
    indent: true,
};
const RAW: EncodeOptions = EncodeOptions {
    escape_html: false,
    indent: false,
};

/// `toJson v`: `""` for what has no JSON.
fn to_json(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    silent(cx, args, COMPACT)
}

/// `mustToJson v`
fn must_to_json(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    marshal(cx, args, COMPACT)
}

/// `toPrettyJson v`: two spaces a level; `""` for what has no JSON.
fn to_pretty_json(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    silent(cx, args, PRETTY)
}

/// `mustToPrettyJson v`
fn must_to_pretty_json(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    marshal(cx, args, PRETTY)
}

/// `toRawJson v`: `<`, `>` and `&` as they are. Fails as its `must` form does.
fn to_raw_json(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    marshal(cx, args, RAW)
}

fn silent(cx: &mut Cx<'_>, args: &[Item], options: EncodeOptions) -> Outcome {
    match marshal(cx, args, options) {
        Err(CallError::Message(_)) => Ok(Item {
            val: Val::string(""),
            prov: cx.prov_of(args),
        }),
        other => other,
    }
}

/// Each entry's text rests on the entry. Err holds Go's text.
fn marshal(cx: &mut Cx<'_>, args: &[Item], options: EncodeOptions) -> Outcome {
    let nil = Item::default();
    let item = survey::for_text(cx, args.first().unwrap_or(&nil))?;
    let mut writer = Writer {
        out: cx.text(),
        helm: cx.helm,
        options,
        depth: 0,
    };
    writer.value(&item.val, item.prov)?;
    Ok(Item {
        val: Val::Str(writer.out.finish()),
        prov: item.prov,
    })
}

/// Writes containers itself, for Go's structs keep the order of their fields and each entry its origin.
struct Writer {
    out: TextBuilder,
    helm: HelmLine,
    options: EncodeOptions,
    depth: usize,
}

impl Writer {
    fn value(&mut self, val: &Val, prov: Prov) -> Result<(), String> {
        let plain = match val {
            Val::Complex(..) => return Err("json: unsupported type: complex128".to_owned()),
            Val::List(list) if !list.is_nil() => return self.list(list, prov),
            Val::Map(map) if !map.is_nil() => {
                let members: Vec<_> = map.snapshot();
                return self.members(members.iter().map(|(key, item)| (&**key, item)), prov);
            }
            // What is no UTF-8 is written with escapes, which bytes ask for.
            Val::Str(text) if std::str::from_utf8(text.bytes()).is_err() => {
                Value::Bytes(text.shared())
            }
            Val::Object(object) => match fields(object, self.helm) {
                Some(fields) => {
                    return self.members(fields.iter().map(|(name, item)| (*name, item)), prov);
                }
                None => crate::value::to_value(val, self.helm, &mut Vec::new())?,
            },
            plain => crate::value::to_value(plain, self.helm, &mut Vec::new())?,
        };
        let text = yaml::json::encode(&Entry::unmarked(plain), self.options)?.text;
        self.out.push(text.as_bytes(), prov);
        Ok(())
    }

    fn list(&mut self, list: &List, prov: Prov) -> Result<(), String> {
        self.container(b"[", b"]", list.items().iter(), prov, |writer, item| {
            writer.value(&item.val, writer.of(item, prov))
        })
    }

    fn members<'m>(
        &mut self,
        members: impl Iterator<Item = (&'m str, &'m Item)>,
        prov: Prov,
    ) -> Result<(), String> {
        self.container(b"{", b"}", members, prov, |writer, (key, item)| {
            let rests_on = writer.of(item, prov);
            let key =
                yaml::json::encode(&Entry::unmarked(Value::string(key)), writer.options)?.text;
            let colon = if writer.options.indent { ": " } else { ":" };
            writer
                .out
                .push(format!("{key}{colon}").as_bytes(), rests_on);
            writer.value(&item.val, rests_on)
        })
    }

    fn container<T>(
        &mut self,
        open: &[u8],
        close: &[u8],
        items: impl Iterator<Item = T>,
        prov: Prov,
        mut write: impl FnMut(&mut Self, T) -> Result<(), String>,
    ) -> Result<(), String> {
        self.out.push(open, prov);
        self.depth += 1;
        let mut empty = true;
        for item in items {
            if !empty {
                self.out.push(b",", prov);
            }
            empty = false;
            self.new_line(prov);
            write(self, item)?;
        }
        self.depth -= 1;
        if !empty {
            self.new_line(prov);
        }
        self.out.push(close, prov);
        Ok(())
    }

    fn new_line(&mut self, prov: Prov) {
        if self.options.indent {
            let indent = "  ".repeat(self.depth);
            self.out.push(format!("\n{indent}").as_bytes(), prov);
        }
    }

    /// What an entry rests on; on its container if nothing is known.
    fn of(&self, item: &Item, container: Prov) -> Prov {
        if item.prov.is_none() {
            container
        } else {
            item.prov
        }
    }
}

/// The fields of a Go struct in their order, under their JSON names; None for other types.
pub(crate) fn fields(object: &Object, helm: HelmLine) -> Option<Vec<(&'static str, Item)>> {
    let text = |text: &str| Item::from(Val::string(text));
    Some(match object {
        Object::KubeVersion(capabilities) => vec![
            ("Version", text(&capabilities.kube_version)),
            ("Major", text(&capabilities.kube_major)),
            ("Minor", text(&capabilities.kube_minor)),
        ],
        Object::Capabilities(capabilities) => vec![
            (
                "KubeVersion",
                Val::from(Object::KubeVersion(Rc::clone(capabilities))).into(),
            ),
            ("APIVersions", api_versions(capabilities).into()),
            ("HelmVersion", Val::from(Object::HelmVersion).into()),
        ],
        Object::HelmVersion => crate::context::helm_version_fields(helm)
            .into_iter()
            .filter(|(_, _, value)| !value.is_empty())
            .map(|(_, name, value)| (name, text(&value)))
            .collect(),
        Object::Certificate(certificate) => {
            vec![
                ("Cert", text(&certificate.cert)),
                ("Key", text(&certificate.key)),
            ]
        }
        Object::Files(_) | Object::Chart { .. } | Object::Semver(_) | Object::Time(_) => {
            return None;
        }
    })
}

fn api_versions(capabilities: &Capabilities) -> Val {
    let items = capabilities
        .api_versions
        .iter()
        .map(|text| Val::string(text).into())
        .collect();
    Val::List(List::new(ElementType::VersionSet, items))
}

/// `fromJson s`: a map; a map with the key `Error` for what is no map.
fn from_json(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (reading, decoded) = read(cx, args)?;
    Ok(match decoded {
        Ok(tree @ Value::Map(_)) => reading.value(cx, &tree),
        Ok(Value::Null) => reading.nil_map(),
        Ok(other) => reading.error_map(&mismatch(&other, "map[string]interface {}")),
        Err(message) => reading.error_map(&message),
    })
}

/// `fromJsonArray s`: a list; a list with the error's text for what is no list.
fn from_json_array(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (reading, decoded) = read(cx, args)?;
    Ok(match decoded {
        Ok(tree @ Value::List(_)) => reading.value(cx, &tree),
        Ok(Value::Null) => Item {
            val: Val::List(List::nil(ElementType::Interface)),
            prov: reading.whole,
        },
        Ok(other) => reading.error_list(&mismatch(&other, "[]interface {}")),
        Err(message) => reading.error_list(&message),
    })
}

/// `mustFromJson s`: any JSON value.
fn must_from_json(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (reading, decoded) = read(cx, args)?;
    let tree = decoded?;
    Ok(reading.value(cx, &tree))
}

type Decoded<'a> = (Reading<'a>, Result<Value, String>);

fn read<'a>(cx: &mut Cx<'_>, args: &'a [Item]) -> Result<Decoded<'a>, CallError> {
    let Some((source, text)) = args
        .first()
        .and_then(|item| Some((item, item.val.as_str()?)))
    else {
        return Err("a string is needed".into());
    };
    cx.charge(text.len() as u64 * 8)?;
    let mut reading = Reading::new(cx, source, text);
    let mut decoded = yaml::json::decode(text.bytes());
    if reading.has_parts()
        && let Ok(tree) = &mut decoded
        && let Ok(marked) = yaml::decode_text(text.bytes(), DecodeOptions::VALUES, &mut reading)
    {
        take_marks(tree, &marked);
    }
    Ok((reading, decoded))
}

/// JSON is YAML, whose reader knows places: its marks go to the same entries of the JSON reader's tree.
fn take_marks(tree: &mut Value, marked: &Value) {
    match (tree, marked) {
        (Value::List(items), Value::List(marked)) => {
            for (item, marked) in Arc::make_mut(items).iter_mut().zip(marked.iter()) {
                take_mark(item, marked);
            }
        }
        (Value::Map(map), Value::Map(marked)) => {
            for (key, entry) in Arc::make_mut(map) {
                if let Some(marked) = marked.get(key) {
                    take_mark(entry, marked);
                }
            }
        }
        _ => {}
    }
}

fn take_mark(entry: &mut Entry, marked: &Entry) {
    entry.mark = marked.mark;
    take_marks(&mut entry.value, &marked.value);
}

fn mismatch(tree: &Value, wanted: &str) -> String {
    format!(
        "json: cannot unmarshal {} into Go value of type {wanted}",
        kind_of(tree)
    )
}

/// What Go's decoder calls a value that it cannot use.
pub(crate) fn kind_of(tree: &Value) -> &'static str {
    match tree {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => "number",
        Value::String(_) | Value::Bytes(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    }
}
