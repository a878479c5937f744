//! What a value is: sprig's reflection, and `reflect.DeepEqual`.

use super::{Cx, Flow, Function, Outcome, Param};
use crate::value::{Item, List, MapRef, Object, Val};
use Param::{Any, Str};
use std::collections::HashSet;
use std::rc::Rc;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("typeOf", &[Any], Flow::Decided, type_of),
    Function::new("typeIs", &[Str, Any], Flow::Decided, type_is),
    Function::new("typeIsLike", &[Str, Any], Flow::Decided, type_is_like),
    Function::new("kindOf", &[Any], Flow::Decided, kind_of),
    Function::new("kindIs", &[Str, Any], Flow::Decided, kind_is),
    Function::new("deepEqual", &[Any, Any], Flow::Decided, deep_equal_values),
];

/// `typeOf v`: Go's name of the type; `<nil>` for nil.
fn type_of(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::string(type_name(cx, args, 0)).into())
}

/// `typeIs name v`
fn type_is(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    bool(type_name(cx, args, 1).as_bytes() == wanted(args))
}

/// `typeIsLike name v`: also for a pointer to the type.
fn type_is_like(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let name = type_name(cx, args, 1);
    let pointed = name.strip_prefix('*').map(str::as_bytes);
    bool(name.as_bytes() == wanted(args) || pointed == Some(wanted(args)))
}

/// `kindOf v`: the kind of the type, such as `map`; `invalid` for nil.
fn kind_of(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::string(kind(args, 0)).into())
}

/// `kindIs name v`
fn kind_is(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    bool(kind(args, 1).as_bytes() == wanted(args))
}

/// `deepEqual a b`
fn deep_equal_values(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    match args {
        [left, right] => bool(deep_equal(&left.val, &right.val)),
        _ => Err("deepEqual needs two arguments".into()),
    }
}

/// `reflect.DeepEqual`: same types, same contents. Containers that hold themselves are equal unless something else
/// in them differs.
pub(crate) fn deep_equal(left: &Val, right: &Val) -> bool {
    let mut compared = HashSet::new();
    let mut pending = vec![(left.clone(), right.clone())];
    while let Some((left, right)) = pending.pop() {
        let equal = match (&left, &right) {
            (Val::List(left), Val::List(right)) => {
                lists_match(left, right, &mut compared, &mut pending)
            }
            (Val::Map(left), Val::Map(right)) => {
                maps_match(left, right, &mut compared, &mut pending)
            }
            (left, right) => scalars_equal(left, right),
        };
        if !equal {
            return false;
        }
    }
    true
}

type Pending = Vec<(Val, Val)>;

fn lists_match(
    left: &List,
    right: &List,
    seen: &mut HashSet<(usize, usize)>,
    pending: &mut Pending,
) -> bool {
    let alike = left.element_type() == right.element_type()
        && left.is_nil() == right.is_nil()
        && left.len() == right.len();
    let addresses = (left.items().as_ptr().addr(), right.items().as_ptr().addr());
    if alike && !left.is_empty() && !left.same(right) && seen.insert(addresses) {
        pending.extend(left.values().cloned().zip(right.values().cloned()));
    }
    alike
}

fn maps_match(
    left: &MapRef,
    right: &MapRef,
    seen: &mut HashSet<(usize, usize)>,
    pending: &mut Pending,
) -> bool {
    if left.map_type() != right.map_type()
        || left.is_nil() != right.is_nil()
        || left.len() != right.len()
    {
        return false;
    }
    let (first, second) = (left.entries(), right.entries());
    let addresses = (
        std::ptr::from_ref(&*first).addr(),
        std::ptr::from_ref(&*second).addr(),
    );
    if left.same(right) || !seen.insert(addresses) {
        return true;
    }
    first
        .iter()
        .zip(second.iter())
        .all(|((key, item), (other_key, other))| {
            pending.push((item.val.clone(), other.val.clone()));
            key == other_key
        })
}

fn scalars_equal(left: &Val, right: &Val) -> bool {
    match (left, right) {
        (Val::Nil, Val::Nil) => true,
        (Val::Bool(left), Val::Bool(right)) => left == right,
        (Val::Int(left), Val::Int(right)) | (Val::Int64(left), Val::Int64(right)) => left == right,
        (Val::Uint8(left), Val::Uint8(right)) => left == right,
        (Val::Uint64(left), Val::Uint64(right)) => left == right,
        (Val::Float(left), Val::Float(right)) => left == right,
        (Val::Complex(a, b), Val::Complex(c, d)) => a == c && b == d,
        (Val::Str(left), Val::Str(right)) => left.bytes() == right.bytes(),
        (Val::Bytes(left), Val::Bytes(right)) => left == right,
        (Val::Object(left), Val::Object(right)) => objects_equal(left, right),
        _ => false,
    }
}

fn objects_equal(left: &Rc<Object>, right: &Rc<Object>) -> bool {
    if Rc::ptr_eq(left, right) {
        return true;
    }
    match (&**left, &**right) {
        (Object::Semver(left), Object::Semver(right)) => left == right,
        (Object::Time(left), Object::Time(right)) => left == right,
        (Object::HelmVersion, Object::HelmVersion) => true,
        (Object::Certificate(left), Object::Certificate(right)) => {
            (&left.cert, &left.key) == (&right.cert, &right.key)
        }
        // There is one set of capabilities in a rendering.
        (Object::Capabilities(_), Object::Capabilities(_))
        | (Object::KubeVersion(_), Object::KubeVersion(_)) => true,
        (Object::Files(left), Object::Files(right)) => {
            let contents = |files: &crate::value::FilesObject| -> Vec<_> {
                files
                    .files
                    .iter()
                    .map(|(path, file)| (path.clone(), file.bytes.clone()))
                    .collect()
            };
            contents(left) == contents(right)
        }
        _ => false,
    }
}

fn type_name(cx: &Cx<'_>, args: &[Item], index: usize) -> String {
    args.get(index)
        .map_or(&Val::Nil, |item| &item.val)
        .type_name(cx.helm)
}

fn kind(args: &[Item], index: usize) -> &'static str {
    args.get(index).map_or(&Val::Nil, |item| &item.val).kind()
}

fn wanted(args: &[Item]) -> &[u8] {
    args.first()
        .and_then(|item| item.val.as_str())
        .map_or(&[], |text| text.bytes())
}

fn bool(value: bool) -> Outcome {
    Ok(Val::Bool(value).into())
}
