//! Methods and struct fields of Go types: `.Files.Get`, `.Values.AsMap`, `.Capabilities.APIVersions.Has` and kin.

use super::eval::Eval;
use super::{Form, Held};
use crate::HelmLine;
use crate::failure::Failure;
use crate::functions::{CallError, Outcome, Param, dates, semver};
use crate::input::Capabilities;
use crate::syntax::ast::{Expr, NodeRef};
use crate::value::{ElementType, FilesObject, Item, List, MapRef, MapType, Object, Val};
use source::{OriginId, Prov};
use std::rc::Rc;
use std::sync::Arc;

/// Parameters of a method, if the value's type has it.
fn method_params(val: &Val, name: &str) -> Option<&'static [Param]> {
    const NONE: &[Param] = &[];
    const ONE_STRING: &[Param] = &[Param::Str];
    match val {
        Val::Map(map) if map.map_type() == MapType::Values => match name {
            "YAML" | "AsMap" => Some(NONE),
            "Table" | "PathValue" => Some(ONE_STRING),
            // Its parameter is an io.Writer, which no template can make.
            "Encode" => Some(&[Param::Certificate]),
            _ => None,
        },
        Val::List(list) if list.element_type() == ElementType::VersionSet => {
            (name == "Has").then_some(ONE_STRING)
        }
        Val::Object(object) => match &**object {
            Object::Files(_) => match name {
                "Get" | "GetBytes" | "Glob" | "Lines" => Some(ONE_STRING),
                "AsConfig" | "AsSecrets" => Some(NONE),
                _ => None,
            },
            Object::KubeVersion(_) => matches!(name, "GitVersion" | "String").then_some(NONE),
            Object::Semver(_) => match name {
                "Major" | "Minor" | "Patch" | "Prerelease" | "Metadata" | "Original" | "String"
                | "IncMajor" | "IncMinor" | "IncPatch" => Some(NONE),
                "Compare" | "Equal" | "GreaterThan" | "GreaterThanEqual" | "LessThan"
                | "LessThanEqual" => Some(&[Param::Any]),
                "SetPrerelease" | "SetMetadata" => Some(ONE_STRING),
                _ => None,
            },
            Object::Time(_) => dates::method_params(name),
            _ => None,
        },
        _ => None,
    }
}

impl<'u> Eval<'_, 'u, '_, '_> {
    /// Calls a method; None where the type has none of that name.
    pub(super) fn method(
        &mut self,
        receiver: &Held,
        name: &str,
        node: NodeRef<'u>,
        args: &'u [Expr],
        last: &Option<Held>,
    ) -> Result<Option<Held>, Box<Failure>> {
        let Some(params) = method_params(&receiver.item.val, name) else {
            return Ok(None);
        };
        let (items, _) = self.arguments(name, params, None, args, last.clone())?;
        match self.run_method(&receiver.item, name, &items) {
            Ok(mut item) => {
                if item.prov.is_none() && self.host.options.provenance {
                    let all = self.host.cx(self.at).prov_of(&items);
                    item.prov = self.host.tables.decide(receiver.item.prov, all);
                }
                let form = if item.val.is_nil() {
                    Form::Interface
                } else {
                    Form::Concrete
                };
                Ok(Some(Held { item, form }))
            }
            Err(error) => {
                self.node = node;
                Err(self.call_error(name, error))
            }
        }
    }

    fn run_method(&mut self, receiver: &Item, name: &str, items: &[Item]) -> Outcome {
        let argument = items
            .first()
            .and_then(|item| item.val.as_str())
            .map(|text| text.lossy().into_owned());
        let argument = argument.unwrap_or_default();
        match &receiver.val {
            Val::Map(map) => self.values_method(receiver, map, name, &argument),
            Val::List(list) => {
                let has = list
                    .values()
                    .any(|val| val.as_str().is_some_and(|text| text.lossy() == argument));
                Ok(Val::Bool(has).into())
            }
            Val::Object(object) => match &**object {
                Object::Files(files) => self.files_method(files, name, &argument),
                Object::KubeVersion(capabilities) => Ok(match name {
                    "String" => Val::string(&capabilities.kube_version_normalized).into(),
                    _ => Val::string(&capabilities.kube_version).into(),
                }),
                Object::Semver(version) => semver::semver_member(version, name, items)
                    .unwrap_or_else(|| Err(CallError::from("no such method"))),
                Object::Time(time) => dates::time_member(time, name, items)
                    .unwrap_or_else(|| Err(CallError::from("no such method"))),
                _ => Err(CallError::from("no such method")),
            },
            _ => Err(CallError::from("no such method")),
        }
    }

    /// Methods of Helm's `Values` type.
    fn values_method(&mut self, receiver: &Item, map: &MapRef, name: &str, path: &str) -> Outcome {
        match name {
            "AsMap" => Ok(Item {
                val: Val::Map(map.retyped(MapType::Plain)),
                prov: receiver.prov,
            }),
            "YAML" => {
                let mut item =
                    crate::functions::yaml_json::yaml_text(&mut self.host.cx(self.at), receiver)?;
                if let Val::Str(text) = &item.val {
                    item.val = Val::string([text.bytes(), b"\n"].concat());
                }
                Ok(item)
            }
            "Table" => {
                let found = walk(map, path);
                match found {
                    Some(Item {
                        val: Val::Map(table),
                        prov,
                    }) => Ok(Item {
                        val: Val::Map(table.retyped(MapType::Values)),
                        prov,
                    }),
                    _ => Err(CallError::from(format!("{path:?} is not a table"))),
                }
            }
            "PathValue" => match walk(map, path) {
                Some(item) if !matches!(item.val, Val::Map(_)) => Ok(item),
                _ => {
                    let last = path.rsplit('.').next().unwrap_or(path);
                    Err(CallError::from(format!("{last:?} is not a value")))
                }
            },
            _ => Err(CallError::from("no such method")),
        }
    }

    /// Methods of `.Files`.
    fn files_method(&mut self, files: &FilesObject, name: &str, argument: &str) -> Outcome {
        let content = files.files.get(argument);
        let bytes = content
            .map(|file| Arc::clone(&file.bytes))
            .unwrap_or_else(|| Vec::new().into());
        let origin = content.map_or(OriginId::NONE, |file| OriginId(file.origin));
        let prov = Prov {
            text: self.host.tables.single(origin),
            ..Prov::NONE
        };
        Ok(match name {
            "Get" => Item {
                val: Val::Str(crate::value::Str::with_map(bytes, Vec::new())),
                prov,
            },
            "GetBytes" => Item {
                val: Val::Bytes(bytes),
                prov,
            },
            "Lines" => Item {
                val: lines(content.is_some(), &bytes, prov)?,
                prov,
            },
            "Glob" => Object::Files(FilesObject {
                files: glob(files, argument),
            })
            .into(),
            _ => {
                let map = as_config(files, name == "AsSecrets");
                crate::functions::yaml_json::yaml_text(
                    &mut self.host.cx(self.at),
                    &Val::Map(map).into(),
                )?
            }
        })
    }

    /// `range .Files`: paths and contents.
    pub(super) fn file_pairs(&mut self, val: &Val) -> Option<Vec<(Item, Held)>> {
        let Val::Object(object) = val else {
            return None;
        };
        let Object::Files(files) = &**object else {
            return None;
        };
        let pairs = files.files.iter().map(|(path, file)| {
            let prov = Prov {
                text: self.host.tables.single(OriginId(file.origin)),
                ..Prov::NONE
            };
            let key = Item {
                val: Val::string(path),
                prov,
            };
            (
                key,
                Held::concrete(Item {
                    val: Val::Bytes(Arc::clone(&file.bytes)),
                    prov,
                }),
            )
        });
        Some(pairs.collect())
    }
}

fn walk(map: &MapRef, path: &str) -> Option<Item> {
    let mut at = Item::from(Val::Map(map.clone()));
    for key in path.split('.') {
        let Val::Map(table) = &at.val else {
            return None;
        };
        at = table.get(key)?;
    }
    Some(at)
}

/// One trailing newline is dropped; an empty file panics in Helm.
fn lines(exists: bool, bytes: &[u8], prov: Prov) -> Result<Val, CallError> {
    if !exists {
        return Ok(Val::List(List::new(ElementType::String, Vec::new())));
    }
    let Some(last) = bytes.last() else {
        return Err(CallError::from("runtime error: index out of range [-1]"));
    };
    let text = if *last == b'\n' {
        &bytes[..bytes.len() - 1]
    } else {
        bytes
    };
    let items = text
        .split(|byte| *byte == b'\n')
        .map(|line| Item {
            val: Val::string(line),
            prov,
        })
        .collect();
    Ok(Val::List(List::new(ElementType::String, items)))
}

fn glob(
    files: &FilesObject,
    pattern: &str,
) -> Arc<std::collections::BTreeMap<String, crate::FileData>> {
    let matcher = crate::functions::glob::Glob::parse(pattern);
    let matching = files.files.iter().filter(|(path, _)| matcher.matches(path));
    Arc::new(
        matching
            .map(|(path, file)| (path.clone(), file.clone()))
            .collect(),
    )
}

fn as_config(files: &FilesObject, secret: bool) -> MapRef {
    use base64::Engine as _;
    let entries = files.files.iter().map(|(path, file)| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let text = if secret {
            Val::string(base64::engine::general_purpose::STANDARD.encode(&file.bytes))
        } else {
            Val::Str(crate::value::Str::with_map(
                Arc::clone(&file.bytes),
                Vec::new(),
            ))
        };
        (Arc::from(name), text.into())
    });
    MapRef::new(MapType::Strings, entries.collect())
}

/// A field of a struct; None where the type has none of that name.
pub(super) fn struct_field(object: &Rc<Object>, name: &str, helm: HelmLine) -> Option<Held> {
    let text = |text: &str| Some(Held::concrete(Val::string(text).into()));
    match &**object {
        Object::Capabilities(capabilities) => capabilities_field(capabilities, name),
        Object::KubeVersion(capabilities) => match name {
            "Version" => text(&capabilities.kube_version),
            "Major" => text(&capabilities.kube_major),
            "Minor" => text(&capabilities.kube_minor),
            _ => None,
        },
        Object::HelmVersion => crate::context::helm_version_fields(helm)
            .into_iter()
            .find(|(field, ..)| *field == name)
            .and_then(|(.., value)| text(&value)),
        Object::Chart { fields, .. } => {
            // A Go struct: absent fields are errors, present ones have their own types.
            let item = fields.get(name)?;
            Some(Held {
                item,
                form: Form::Concrete,
            })
        }
        Object::Certificate(certificate) => match name {
            "Cert" => text(&certificate.cert),
            "Key" => text(&certificate.key),
            _ => None,
        },
        Object::Files(files) => {
            let bytes = files.files.get(name).map(|file| Arc::clone(&file.bytes));
            Some(Held::concrete(
                Val::Bytes(bytes.unwrap_or_else(|| Vec::new().into())).into(),
            ))
        }
        _ => None,
    }
}

fn capabilities_field(capabilities: &Rc<Capabilities>, name: &str) -> Option<Held> {
    let val = match name {
        "KubeVersion" => Val::from(Object::KubeVersion(Rc::clone(capabilities))),
        "HelmVersion" => Val::from(Object::HelmVersion),
        "APIVersions" => {
            let items = capabilities
                .api_versions
                .iter()
                .map(|text| Val::string(text).into())
                .collect();
            Val::List(List::new(ElementType::VersionSet, items))
        }
        _ => return None,
    };
    Some(Held::concrete(val.into()))
}
