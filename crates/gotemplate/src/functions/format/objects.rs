//! Go types with methods or fields of their own, as `fmt` sees them.

use crate::HelmLine;
use crate::functions::dates;
use crate::value::{ElementType, Item, List, MapRef, Object, Val};
use std::rc::Rc;
use std::sync::Arc;

/// How a type prints.
pub(super) enum Shape {
    Struct {
        /// The value is a pointer to the struct.
        pointer: bool,
        /// The struct's type, as `%#v` shows it.
        type_name: String,
        fields: Vec<(&'static str, Field)>,
        /// What `String()` gives, for types that have it.
        text: Option<String>,
        /// What `GoString()` gives, for types that have it.
        go_text: Option<String>,
    },
    Map {
        type_name: &'static str,
        entries: Vec<(Arc<str>, Item)>,
    },
}

/// A field of a struct.
pub(super) enum Field {
    Val(Val),
    /// A struct inside the struct.
    Struct {
        type_name: &'static str,
        fields: Vec<(&'static str, Self)>,
    },
}

impl From<Val> for Field {
    fn from(val: Val) -> Self {
        Self::Val(val)
    }
}

/// What a method gives that only an action can call, since it can take the value's address.
pub(super) fn action_text(val: &Val, helm: HelmLine) -> Option<String> {
    let Val::Object(object) = val else {
        return None;
    };
    match (&**object, helm) {
        (Object::KubeVersion(capabilities), HelmLine::V4) => {
            Some(capabilities.kube_version_normalized.clone())
        }
        (Object::KubeVersion(capabilities), HelmLine::V3) => {
            Some(capabilities.kube_version.clone())
        }
        _ => None,
    }
}

pub(super) fn shape(object: &Rc<Object>, helm: HelmLine) -> Shape {
    let type_name = object.type_name(helm).trim_start_matches('*').to_owned();
    let plain = |fields| Shape::Struct {
        pointer: object.kind() == "ptr",
        type_name: type_name.clone(),
        fields,
        text: None,
        go_text: None,
    };
    let vals = |fields: Vec<(&'static str, Val)>| {
        fields
            .into_iter()
            .map(|(name, val)| (name, Field::Val(val)))
            .collect::<Vec<_>>()
    };
    match &**object {
        Object::Files(files) => {
            let entries = files
                .files
                .iter()
                .map(|(path, file)| {
                    (
                        path.as_str().into(),
                        Val::Bytes(Arc::clone(&file.bytes)).into(),
                    )
                })
                .collect();
            Shape::Map {
                type_name: object.type_name(helm),
                entries,
            }
        }
        Object::Capabilities(capabilities) => plain(vals(vec![
            (
                "KubeVersion",
                Object::KubeVersion(Rc::clone(capabilities)).into(),
            ),
            ("APIVersions", versions(&capabilities.api_versions)),
            ("HelmVersion", Object::HelmVersion.into()),
        ])),
        Object::KubeVersion(capabilities) => {
            let mut fields = vec![
                ("Version", Val::string(&capabilities.kube_version)),
                (
                    "normalizedVersion",
                    Val::string(&capabilities.kube_version_normalized),
                ),
                ("Major", Val::string(&capabilities.kube_major)),
                ("Minor", Val::string(&capabilities.kube_minor)),
            ];
            if helm == HelmLine::V3 {
                fields.remove(1);
            }
            plain(vals(fields))
        }
        Object::HelmVersion => plain(
            crate::context::helm_version_fields(helm)
                .into_iter()
                .map(|(field, _, text)| (field, Field::Val(Val::string(text))))
                .collect(),
        ),
        Object::Chart { fields, .. } => plain(chart_fields(fields)),
        Object::Certificate(certificate) => plain(vals(vec![
            ("Cert", Val::string(&certificate.cert)),
            ("Key", Val::string(&certificate.key)),
        ])),
        Object::Semver(version) => Shape::Struct {
            pointer: true,
            type_name,
            fields: vals(vec![
                ("major", Val::Uint64(version.major())),
                ("minor", Val::Uint64(version.minor())),
                ("patch", Val::Uint64(version.patch())),
                ("pre", Val::string(version.prerelease())),
                ("metadata", Val::string(version.metadata())),
                ("original", Val::string(version.original())),
            ]),
            text: Some(version.to_string()),
            go_text: None,
        },
        Object::Time(time) => Shape::Struct {
            pointer: false,
            type_name,
            fields: Vec::new(),
            text: method_text(time, "String"),
            go_text: method_text(time, "GoString"),
        },
    }
}

/// What a method of a time without arguments gives.
fn method_text(time: &dates::Time, name: &str) -> Option<String> {
    match dates::time_member(time, name, &[])? {
        Ok(Item {
            val: Val::Str(text),
            ..
        }) => Some(text.lossy().into_owned()),
        _ => None,
    }
}

fn versions(texts: &Arc<Vec<String>>) -> Val {
    let items = texts.iter().map(|text| Val::string(text).into()).collect();
    Val::List(List::new(ElementType::VersionSet, items))
}

/// Helm 3's chart: the metadata embedded, then `IsRoot`.
fn chart_fields(fields: &MapRef) -> Vec<(&'static str, Field)> {
    /// Go's order of declaration.
    const METADATA: [&str; 17] = [
        "Name",
        "Home",
        "Sources",
        "Version",
        "Description",
        "Keywords",
        "Maintainers",
        "Icon",
        "APIVersion",
        "Condition",
        "Tags",
        "AppVersion",
        "Deprecated",
        "Annotations",
        "KubeVersion",
        "Dependencies",
        "Type",
    ];
    let field = |name: &'static str| {
        (
            name,
            Field::Val(fields.get(name).map_or(Val::Nil, |item| item.val)),
        )
    };
    let metadata = METADATA.into_iter().map(field).collect();
    vec![
        (
            "Metadata",
            Field::Struct {
                type_name: "chart.Metadata",
                fields: metadata,
            },
        ),
        field("IsRoot"),
    ]
}
