//! sprig's version objects and constraints.

use super::{Cx, Flow, Function, Outcome, Param};
use crate::value::{Item, Object, Val};
use Param::Str;
use std::cmp::Ordering;
use version::{Constraint, Version, VersionError};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("semver", &[Str], Flow::Text, semver),
    Function::new("semverCompare", &[Str, Str], Flow::Decided, semver_compare),
];

/// `semver s`: a version object.
fn semver(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let version = Version::parse(&text(args, 0)).map_err(|error| error.to_string())?;
    Ok(Object::Semver(version).into())
}

/// `semverCompare constraint version`
fn semver_compare(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let constraint = Constraint::parse(&text(args, 0)).map_err(|error| error.to_string())?;
    let version = Version::parse(&text(args, 1)).map_err(|error| error.to_string())?;
    Ok(Val::Bool(constraint.check(&version)).into())
}

/// A method of a version object; None where Go's type has none of that name.
pub(crate) fn semver_member(version: &Version, name: &str, args: &[Item]) -> Option<Outcome> {
    if let Some(compares) = comparison(name) {
        return Some(other_version(args).map(|other| compares(version.compare(other)).into()));
    }
    let derived = |result: Result<Version, VersionError>| {
        result
            .map(|version| Object::Semver(version).into())
            .map_err(|error| error.to_string().into())
    };
    Some(match name {
        "Major" => Ok(Val::Uint64(version.major()).into()),
        "Minor" => Ok(Val::Uint64(version.minor()).into()),
        "Patch" => Ok(Val::Uint64(version.patch()).into()),
        "Prerelease" => Ok(Val::string(version.prerelease()).into()),
        "Metadata" => Ok(Val::string(version.metadata()).into()),
        "Original" => Ok(Val::string(version.original()).into()),
        "String" => Ok(Val::string(version.to_string()).into()),
        "IncMajor" => derived(version.inc_major()),
        "IncMinor" => derived(version.inc_minor()),
        "IncPatch" => derived(version.inc_patch()),
        "SetPrerelease" => derived(version.with_prerelease(&text(args, 0))),
        "SetMetadata" => derived(version.with_metadata(&text(args, 0))),
        _ => return None,
    })
}

/// What a comparing method makes of the order of its versions.
fn comparison(name: &str) -> Option<fn(Ordering) -> Val> {
    Some(match name {
        "Compare" => |order| Val::Int(order as i64),
        "Equal" => |order| Val::Bool(order.is_eq()),
        "GreaterThan" => |order| Val::Bool(order.is_gt()),
        "GreaterThanEqual" => |order| Val::Bool(order.is_ge()),
        "LessThan" => |order| Val::Bool(order.is_lt()),
        "LessThanEqual" => |order| Val::Bool(order.is_le()),
        _ => return None,
    })
}

fn other_version(args: &[Item]) -> Result<&Version, super::CallError> {
    match args.first().map(|item| &item.val) {
        Some(Val::Object(object)) if let Object::Semver(version) = &**object => Ok(version),
        // Go compares with a nil pointer.
        Some(Val::Nil) => {
            Err("runtime error: invalid memory address or nil pointer dereference".into())
        }
        _ => Err("wrong type for value; expected *semver.Version".into()),
    }
}

fn text(args: &[Item], index: usize) -> String {
    args.get(index)
        .and_then(|item| item.val.as_str())
        .map(|text| text.lossy().into_owned())
        .unwrap_or_default()
}
