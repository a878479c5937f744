//! Go's own builtins on any value: comparisons, `not`, `index`, `len` and `call`.
//!
//! `and` and `or` belong to the evaluator, and `slice` is sprig's (`lists`).

use super::{CallError, Cx, Flow, Function, Outcome, Param, format, origins};
use crate::HelmLine;
use crate::value::{Item, MapRef, MapType, Object, Val};
use Param::Reflect;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::variadic("eq", &[Reflect], Reflect, Flow::Decided, eq),
    Function::new("ne", &[Reflect, Reflect], Flow::Decided, ne),
    Function::new("lt", &[Reflect, Reflect], Flow::Decided, lt),
    Function::new("le", &[Reflect, Reflect], Flow::Decided, le),
    Function::new("gt", &[Reflect, Reflect], Flow::Decided, gt),
    Function::new("ge", &[Reflect, Reflect], Flow::Decided, ge),
    Function::new("not", &[Reflect], Flow::Decided, not),
    Function::variadic("index", &[Reflect], Reflect, Flow::Own, index),
    Function::new("len", &[Reflect], Flow::Decided, len),
    Function::variadic("call", &[Reflect], Reflect, Flow::Decided, call),
];

/// `eq a b …`: whether `a` equals one of the others; those behind the first hit are not looked at.
fn eq(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let Some((first, others)) = args.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Err("missing argument for comparison".into());
    };
    for other in others {
        if equal(cx, &first.val, &other.val)? {
            return bool(true);
        }
    }
    bool(false)
}

/// `ne a b`
fn ne(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let [left, right] = pair(args)?;
    bool(!equal(cx, left, right)?)
}

/// `lt a b`
fn lt(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let [left, right] = pair(args)?;
    bool(less(cx, left, right)?)
}

/// `le a b`
fn le(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let [left, right] = pair(args)?;
    bool(less_or_equal(cx, left, right)?)
}

/// `gt a b`: the negation of `le`, for NaN too.
fn gt(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let [left, right] = pair(args)?;
    bool(!less_or_equal(cx, left, right)?)
}

/// `ge a b`: the negation of `lt`.
fn ge(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let [left, right] = pair(args)?;
    bool(!less(cx, left, right)?)
}

/// `not v`
fn not(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    bool(!args.first().is_some_and(|item| item.val.is_true()))
}

/// `index v k …`: the entry of an entry of … a map, list or string.
fn index(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let Some((first, keys)) = args.split_first() else {
        return Err("missing argument".into());
    };
    if first.val.is_nil() {
        return Err("index of untyped nil".into());
    }
    let mut item = first.clone();
    for key in keys {
        item = step(cx, &item, key)?;
    }
    Ok(item)
}

/// `len v`: bytes of a string, items of a list, entries of a map.
fn len(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let length = match &args.first().map_or(&Val::Nil, |item| &item.val) {
        // The evaluator itself fails for what is no value at all; this is a nil that has a type.
        Val::Nil => return Err("len of nil pointer".into()),
        Val::Str(text) => text.len(),
        Val::Bytes(bytes) => bytes.len(),
        Val::List(list) => list.len(),
        Val::Map(map) => map.len(),
        Val::Object(object) if let Object::Files(files) = &**object => files.files.len(),
        other => return Err(format!("len of type {}", pointed_type(other, cx.helm)).into()),
    };
    Ok(Val::Int(length as i64).into())
}

/// `call f arg …`: no template of Helm's has a function value.
fn call(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Err(non_function(
        "value",
        args.first().map_or(&Val::Nil, |item| &item.val),
        cx.helm,
    ))
}

/// How `call` fails; Go names the argument as it is written in the template.
pub(crate) fn non_function(written: &str, val: &Val, helm: HelmLine) -> CallError {
    match val {
        Val::Nil => "call of nil".into(),
        val => format!("non-function {written} of type {}", val.type_name(helm)).into(),
    }
}

fn step(cx: &mut Cx<'_>, item: &Item, key: &Item) -> Outcome {
    let keys = std::slice::from_ref(key);
    let found = match &item.val {
        Val::Nil => return Err("index of nil pointer".into()),
        Val::Map(map) => match in_map(map, &key.val, cx.helm)? {
            Some(found) => found,
            None => {
                let zero = if map.map_type() == MapType::Strings {
                    Val::string("")
                } else {
                    Val::Nil
                };
                return Ok(origins::missing(cx, zero, item, keys));
            }
        },
        Val::List(list) => {
            let at = position(&key.val, list.len(), "slice", cx.helm)?;
            list.items()[at].clone()
        }
        Val::Str(text) => {
            Val::Uint8(text.bytes()[position(&key.val, text.len(), "string", cx.helm)?]).into()
        }
        Val::Bytes(bytes) => {
            Val::Uint8(bytes[position(&key.val, bytes.len(), "slice", cx.helm)?]).into()
        }
        Val::Object(object) if let Object::Files(files) = &**object => {
            let file = files.files.get(key_text(&key.val, cx.helm)?.as_ref());
            Val::Bytes(file.map_or_else(|| Vec::new().into(), |file| Arc::clone(&file.bytes)))
                .into()
        }
        other => {
            return Err(
                format!("can't index item of type {}", pointed_type(other, cx.helm)).into(),
            );
        }
    };
    Ok(origins::entry(cx, item, found, keys))
}

fn in_map(map: &MapRef, key: &Val, helm: HelmLine) -> Result<Option<Item>, CallError> {
    Ok(map.get(&key_text(key, helm)?))
}

/// The key of a map whose keys are strings.
fn key_text(key: &Val, helm: HelmLine) -> Result<Cow<'_, str>, CallError> {
    match key {
        Val::Str(text) => Ok(text.lossy()),
        Val::Nil => Err("value is nil; should be of type string".into()),
        other => Err(format!("value has type {}; should be string", other.type_name(helm)).into()),
    }
}

/// An index into a list or string. Exactly the length passes Go's own check and then fails in reflect.
fn position(key: &Val, length: usize, what: &str, helm: HelmLine) -> Result<usize, CallError> {
    let index = match key {
        Val::Int(index) | Val::Int64(index) => *index,
        Val::Uint8(index) => i64::from(*index),
        Val::Uint64(index) => index.cast_signed(),
        Val::Nil => return Err("cannot index slice/array with nil".into()),
        other => {
            return Err(format!(
                "cannot index slice/array with type {}",
                other.type_name(helm)
            )
            .into());
        }
    };
    match usize::try_from(index) {
        Ok(at) if at < length => Ok(at),
        Ok(at) if at == length => Err(format!("reflect: {what} index out of range").into()),
        _ => Err(format!("index out of range: {index}").into()),
    }
}

/// The type of a value, behind the pointer if it is one.
fn pointed_type(val: &Val, helm: HelmLine) -> String {
    let name = val.type_name(helm);
    name.strip_prefix('*').map_or(name.clone(), str::to_owned)
}

/// Kinds that Go compares by value.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Basic<'a> {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Complex(f64, f64),
    Str(&'a [u8]),
}

fn basic(val: &Val) -> Option<Basic<'_>> {
    Some(match val {
        Val::Bool(value) => Basic::Bool(*value),
        Val::Int(value) | Val::Int64(value) => Basic::Int(*value),
        Val::Uint8(value) => Basic::Uint(u64::from(*value)),
        Val::Uint64(value) => Basic::Uint(*value),
        Val::Float(value) => Basic::Float(*value),
        Val::Complex(real, imaginary) => Basic::Complex(*real, *imaginary),
        Val::Str(text) => Basic::Str(text.bytes()),
        _ => return None,
    })
}

/// Go's `==` for templates; integers of either sign compare, other kinds must agree.
fn equal(cx: &mut Cx<'_>, left: &Val, right: &Val) -> Result<bool, CallError> {
    match (basic(left), basic(right)) {
        (Some(Basic::Int(left)), Some(Basic::Uint(right)))
        | (Some(Basic::Uint(right)), Some(Basic::Int(left))) => {
            Ok(u64::try_from(left).is_ok_and(|left| left == right))
        }
        (Some(l), Some(r)) if std::mem::discriminant(&l) == std::mem::discriminant(&r) => {
            Ok(l == r)
        }
        (None, None) => equal_references(cx, left, right),
        _ if left.is_nil() || right.is_nil() => Ok(false),
        _ => Err(incompatible(left, right, cx.helm)),
    }
}

fn incompatible(left: &Val, right: &Val, helm: HelmLine) -> CallError {
    let (left, right) = (left.type_name(helm), right.type_name(helm));
    format!("incompatible types for comparison: {left} and {right}").into()
}

/// Values without a basic kind: only nil-ness, structs and pointers compare.
fn equal_references(cx: &mut Cx<'_>, left: &Val, right: &Val) -> Result<bool, CallError> {
    if !left.is_nil() && !right.is_nil() && left.kind() != right.kind() {
        let [first, second] = [left, right].map(|val| val.type_name(cx.helm));
        let (left, right) = (as_string(cx, left)?, format::display(right, cx.helm));
        let right = String::from_utf8_lossy(&right);
        return Err(format!("non-comparable types {left}: {first}, {second}: {right}").into());
    }
    if is_nil(left) || is_nil(right) {
        return Ok(is_nil(left) == is_nil(right));
    }
    match (left, right) {
        (Val::Object(left), Val::Object(object)) if comparable(object) => {
            Ok(same_object(left, object))
        }
        _ => {
            let (text, name) = (as_string(cx, right)?, right.type_name(cx.helm));
            Err(format!("non-comparable type {text}: {name}").into())
        }
    }
}

/// A value under `%s`.
fn as_string(cx: &mut Cx<'_>, val: &Val) -> Result<String, CallError> {
    let printf = super::find("printf").ok_or("printf is missing")?;
    let text = (printf.run)(cx, &[Val::string("%s").into(), val.clone().into()])?;
    Ok(text
        .val
        .as_str()
        .map(|text| text.lossy().into_owned())
        .unwrap_or_default())
}

fn is_nil(val: &Val) -> bool {
    match val {
        Val::Nil => true,
        Val::List(list) => list.is_nil(),
        Val::Map(map) => map.is_nil(),
        _ => false,
    }
}

/// Whether Go's `==` is defined for the type: not for maps, nor for structs that hold slices.
fn comparable(object: &Object) -> bool {
    !matches!(object, Object::Files(_) | Object::Chart { .. })
}

/// Pointers are equal if they are the same, structs if their fields are.
fn same_object(left: &Rc<Object>, right: &Rc<Object>) -> bool {
    match (&**left, &**right) {
        (Object::Time(left), Object::Time(right)) => left == right,
        (Object::KubeVersion(left), Object::KubeVersion(right)) => {
            left.kube_version == right.kube_version
                && left.kube_version_normalized == right.kube_version_normalized
                && left.kube_major == right.kube_major
                && left.kube_minor == right.kube_minor
        }
        (Object::Capabilities(left), Object::Capabilities(right)) => Rc::ptr_eq(left, right),
        (Object::HelmVersion, Object::HelmVersion) => true,
        (Object::Certificate(left), Object::Certificate(right)) => {
            (&left.cert, &left.key) == (&right.cert, &right.key)
        }
        _ => Rc::ptr_eq(left, right),
    }
}

/// Go's `<` for templates.
fn less(cx: &mut Cx<'_>, left: &Val, right: &Val) -> Result<bool, CallError> {
    const NOT_ORDERED: &str = "invalid type for comparison";
    let (Some(first), Some(second)) = (basic(left), basic(right)) else {
        return Err(NOT_ORDERED.into());
    };
    Ok(match (first, second) {
        (Basic::Int(left), Basic::Int(right)) => left < right,
        (Basic::Uint(left), Basic::Uint(right)) => left < right,
        (Basic::Float(left), Basic::Float(right)) => left < right,
        (Basic::Str(left), Basic::Str(right)) => left.cmp(right) == Ordering::Less,
        (Basic::Int(left), Basic::Uint(right)) => {
            u64::try_from(left).map_or(true, |left| left < right)
        }
        (Basic::Uint(left), Basic::Int(right)) => {
            u64::try_from(right).is_ok_and(|right| left < right)
        }
        (first, second) if std::mem::discriminant(&first) == std::mem::discriminant(&second) => {
            return Err(NOT_ORDERED.into());
        }
        _ => return Err(incompatible(left, right, cx.helm)),
    })
}

fn less_or_equal(cx: &mut Cx<'_>, left: &Val, right: &Val) -> Result<bool, CallError> {
    Ok(less(cx, left, right)? || equal(cx, left, right)?)
}

fn pair(args: &[Item]) -> Result<[&Val; 2], CallError> {
    match args {
        [left, right] => Ok([&left.val, &right.val]),
        _ => Err("missing argument for comparison".into()),
    }
}

fn bool(value: bool) -> Outcome {
    Ok(Val::Bool(value).into())
}
