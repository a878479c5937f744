//! TOML as BurntSushi's encoder 1.6 lays it out: plain values before tables, two spaces a level below the first.

use crate::HelmLine;
use crate::value::{Item, List, MapRef, Object, TextBuilder, Val};
use source::Prov;
use std::sync::Arc;
use yaml::number::format_percent_v;

/// Writes a value behind what is in `out`. Err holds the library's text.
pub(crate) fn write(out: TextBuilder, item: &Item, helm: HelmLine) -> Result<TextBuilder, String> {
    let mut encoder = Encoder { out, helm };
    encoder.encode(&[], &item.val, item.prov)?;
    Ok(encoder.out)
}

struct Encoder {
    out: TextBuilder,
    helm: HelmLine,
}

/// What a value is to TOML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing can stand for it.
    Nil,
    Scalar,
    Array,
    Table,
    ArrayOfTables,
}

type Key<'a> = [&'a str];

impl Encoder {
    fn encode(&mut self, key: &Key<'_>, val: &Val, prov: Prov) -> Result<(), String> {
        if let Val::Complex(..) = val {
            let key = dotted(key);
            return Err(format!("unsupported type for key '{key}': complex128"));
        }
        match (self.kind(val)?, val) {
            (Kind::Nil, Val::Nil | Val::Map(_)) => Ok(()),
            (Kind::ArrayOfTables, Val::List(list)) => self.array_of_tables(key, list, prov),
            (Kind::Table, val) => self.table(key, val, prov),
            (_, val) => self.key_value(key, val, prov, false),
        }
    }

    /// Lists of lists are looked into as well: a nil anywhere in one is an error.
    fn kind(&self, val: &Val) -> Result<Kind, String> {
        Ok(match val {
            Val::Nil => Kind::Nil,
            Val::Complex(..) => return Err("unsupported type: complex128".to_owned()),
            Val::Bytes(_) => Kind::Array,
            Val::List(list) if list.is_nil() => Kind::Nil,
            Val::Map(map) if map.is_nil() => Kind::Nil,
            Val::Map(_) => Kind::Table,
            Val::List(list) => {
                let mut all_tables = !list.is_empty();
                for val in list.values() {
                    match self.kind(val)? {
                        Kind::Nil => {
                            return Err("toml: cannot encode array with nil element".to_owned());
                        }
                        kind => all_tables &= kind == Kind::Table,
                    }
                }
                if all_tables {
                    Kind::ArrayOfTables
                } else {
                    Kind::Array
                }
            }
            Val::Object(object) => match &**object {
                Object::Time(_) | Object::Semver(_) => Kind::Scalar,
                _ => Kind::Table,
            },
            _ => Kind::Scalar,
        })
    }

    fn key_value(
        &mut self,
        key: &Key<'_>,
        val: &Val,
        prov: Prov,
        inline: bool,
    ) -> Result<(), String> {
        let Some((name, tables)) = key.split_last() else {
            return self.element(val, prov);
        };
        self.push(
            &format!("{}{} = ", "  ".repeat(tables.len()), quoted_key(name)),
            prov,
        );
        self.element(val, prov)?;
        if !inline {
            self.new_line(prov);
        }
        Ok(())
    }

    fn array_of_tables(&mut self, key: &Key<'_>, list: &List, prov: Prov) -> Result<(), String> {
        let Some((_, tables)) = key.split_last() else {
            return Err("toml: top-level values must be Go maps or structs".to_owned());
        };
        for item in list.items() {
            let prov = of(item, prov);
            self.new_line(prov);
            self.push(
                &format!("{}[[{}]]", "  ".repeat(tables.len()), dotted(key)),
                prov,
            );
            self.new_line(prov);
            self.members(key, &item.val, prov, false)?;
        }
        Ok(())
    }

    fn table(&mut self, key: &Key<'_>, val: &Val, prov: Prov) -> Result<(), String> {
        if key.len() == 1 {
            self.new_line(prov);
        }
        if let Some((_, tables)) = key.split_last() {
            self.push(
                &format!("{}[{}]", "  ".repeat(tables.len()), dotted(key)),
                prov,
            );
            self.new_line(prov);
        }
        self.members(key, val, prov, false)
    }

    /// Direct values first, then what needs a header. Nils are left out, but in line a comma may remain.
    fn members(
        &mut self,
        key: &Key<'_>,
        val: &Val,
        prov: Prov,
        inline: bool,
    ) -> Result<(), String> {
        let entries = self.entries(val);
        let (mut direct, mut tables) = (Vec::new(), Vec::new());
        for (name, item) in &entries {
            match self.kind(&item.val)? {
                Kind::Table | Kind::ArrayOfTables => tables.push((name, item)),
                _ => direct.push((name, item)),
            }
        }
        if inline {
            self.push("{", prov);
        }
        let all = direct.len() + tables.len();
        for (index, (name, item)) in direct.into_iter().chain(tables).enumerate() {
            if self.kind(&item.val)? == Kind::Nil {
                continue;
            }
            let prov = of(item, prov);
            if inline {
                self.key_value(&[name], &item.val, prov, true)?;
                if index + 1 != all {
                    self.push(", ", prov);
                }
            } else {
                self.encode(&[key, &[&**name]].concat(), &item.val, prov)?;
            }
        }
        if inline {
            self.push("}", prov);
        }
        Ok(())
    }

    fn entries(&self, val: &Val) -> Vec<(Arc<str>, Item)> {
        match val {
            Val::Map(map) => MapRef::snapshot(map),
            Val::Object(object) => match &**object {
                Object::Files(files) => {
                    let bytes = |file: &crate::FileData| Val::Bytes(Arc::clone(&file.bytes)).into();
                    files
                        .files
                        .iter()
                        .map(|(path, file)| (Arc::from(path.as_str()), bytes(file)))
                        .collect()
                }
                object => super::json::fields(object, self.helm)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|(name, item)| (Arc::from(name), item))
                    .collect(),
            },
            _ => Vec::new(),
        }
    }

    fn element(&mut self, val: &Val, prov: Prov) -> Result<(), String> {
        let text = match val {
            Val::Nil => return Err("toml: cannot encode array with nil element".to_owned()),
            Val::Bool(value) => value.to_string(),
            Val::Int(value) | Val::Int64(value) => value.to_string(),
            Val::Uint8(value) => value.to_string(),
            Val::Uint64(value) => value.to_string(),
            Val::Float(value) => float(*value),
            Val::Complex(..) => return Err("unexpected type: complex128".to_owned()),
            Val::Str(text) => quoted(&text.lossy()),
            Val::Bytes(bytes) => format!(
                "[{}]",
                bytes
                    .iter()
                    .map(u8::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            Val::List(list) => return self.array(list, prov),
            Val::Map(_) => return self.members(&[], val, prov, true),
            Val::Object(object) => match &**object {
                Object::Time(time) => super::dates::rfc3339_nano(time),
                Object::Semver(version) => quoted(&version.to_string()),
                _ => return self.members(&[], val, prov, true),
            },
        };
        self.push(&text, prov);
        Ok(())
    }

    fn array(&mut self, list: &List, prov: Prov) -> Result<(), String> {
        self.push("[", prov);
        for (index, item) in list.items().iter().enumerate() {
            if index > 0 {
                self.push(", ", prov);
            }
            self.element(&item.val, of(item, prov))?;
        }
        self.push("]", prov);
        Ok(())
    }

    /// A line break, unless nothing has been written yet.
    fn new_line(&mut self, prov: Prov) {
        if self.out.len() > 0 {
            self.push("\n", prov);
        }
    }

    fn push(&mut self, text: &str, prov: Prov) {
        self.out.push(text.as_bytes(), prov);
    }
}

/// What an entry rests on; on its container if nothing is known.
fn of(item: &Item, container: Prov) -> Prov {
    if item.prov.is_none() {
        container
    } else {
        item.prov
    }
}

/// TOML's floats have a point or an exponent.
fn float(value: f64) -> String {
    if value.is_nan() {
        return if value.is_sign_negative() {
            "-nan"
        } else {
            "nan"
        }
        .to_owned();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let text = format_percent_v(value);
    if text.contains(['e', '.']) {
        text
    } else {
        format!("{text}.0")
    }
}

fn dotted(key: &Key<'_>) -> String {
    key.iter()
        .map(|name| quoted_key(name))
        .collect::<Vec<_>>()
        .join(".")
}

fn quoted_key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !name.is_empty() && name.bytes().all(is_bare) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' | '\u{7f}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
