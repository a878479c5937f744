//! Choosing among values by whether they are empty.

use super::{Cx, Flow, Function, Outcome, Param, origins};
use crate::value::{Item, Val};
use Param::{Any, Bool};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::variadic("default", &[Any], Any, Flow::Own, default),
    Function::new("empty", &[Any], Flow::Decided, empty),
    Function::variadic("coalesce", &[], Any, Flow::Own, coalesce),
    Function::variadic("all", &[], Any, Flow::Decided, all),
    Function::variadic("any", &[], Any, Flow::Decided, any),
    Function::new("ternary", &[Any, Any, Bool], Flow::Own, ternary),
];

/// `default d v`: `v`, or `d` where `v` is empty or not given. Further arguments are ignored.
fn default(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    match args {
        [_, given, ..] if given.val.is_true() => Ok(given.clone()),
        [fallback, tested @ ..] => Ok(origins::decided(
            cx,
            fallback.clone(),
            &tested[..tested.len().min(1)],
        )),
        [] => Err("default needs an argument".into()),
    }
}

/// `empty v`: whether `v` is nil, false, 0, or has no length.
fn empty(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Bool(args.iter().all(|item| !item.val.is_true())).into())
}

/// `coalesce a b …`: the first that is not empty, else nil.
fn coalesce(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let found = args.iter().position(|item| item.val.is_true());
    let item = found.map(|index| args[index].clone()).unwrap_or_default();
    Ok(origins::decided(
        cx,
        item,
        &args[..found.unwrap_or(args.len())],
    ))
}

/// `all a b …`: whether none is empty; true without arguments.
fn all(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Bool(args.iter().all(|item| item.val.is_true())).into())
}

/// `any a b …`: whether one is not empty.
fn any(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Bool(args.iter().any(|item| item.val.is_true())).into())
}

/// `ternary yes no condition`
fn ternary(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let [yes, no, condition] = args else {
        return Err("ternary needs three arguments".into());
    };
    let chosen = if matches!(condition.val, Val::Bool(true)) {
        yes
    } else {
        no
    };
    Ok(origins::decided(
        cx,
        chosen.clone(),
        std::slice::from_ref(condition),
    ))
}
