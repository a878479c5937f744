//! sprig's numbers: conversions, integer and decimal arithmetic, rounding, number sequences.

use super::cast::{self, to_float64, to_int64};
use super::decimal::Decimal;
use super::{CallError, Cx, Flow, Function, Outcome, Param, format};
use crate::value::{ElementType, Item, List, Val};
use Param::{Any, Float, Int, Str};
use yaml::number::parse_int;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("int", &[Any], Flow::Text, int),
    Function::new("int64", &[Any], Flow::Text, int64),
    Function::new("float64", &[Any], Flow::Text, float64),
    Function::new("atoi", &[Str], Flow::Text, atoi),
    Function::new("toDecimal", &[Any], Flow::Text, to_decimal),
    Function::variadic("add", &[], Any, Flow::Text, add),
    Function::new("add1", &[Any], Flow::Text, add1),
    Function::new("sub", &[Any, Any], Flow::Text, sub),
    Function::variadic("mul", &[Any], Any, Flow::Text, mul),
    Function::new("div", &[Any, Any], Flow::Text, div),
    Function::new("mod", &[Any, Any], Flow::Text, modulo),
    Function::variadic("max", &[Any], Any, Flow::Text, max),
    Function::variadic("biggest", &[Any], Any, Flow::Text, max),
    Function::variadic("min", &[Any], Any, Flow::Text, min),
    Function::variadic("maxf", &[Any], Any, Flow::Text, maxf),
    Function::variadic("minf", &[Any], Any, Flow::Text, minf),
    Function::new("floor", &[Any], Flow::Text, floor),
    Function::new("ceil", &[Any], Flow::Text, ceil),
    Function::variadic("round", &[Any, Int], Float, Flow::Text, round),
    Function::variadic("addf", &[], Any, Flow::Text, addf),
    Function::new("add1f", &[Any], Flow::Text, add1f),
    Function::variadic("subf", &[Any], Any, Flow::Text, subf),
    Function::variadic("mulf", &[Any], Any, Flow::Text, mulf),
    Function::variadic("divf", &[Any], Any, Flow::Text, divf),
    Function::new("until", &[Int], Flow::Text, until),
    Function::new("untilStep", &[Int, Int, Int], Flow::Text, until_step),
    Function::variadic("seq", &[], Int, Flow::Text, seq),
];

/// `int v`: anything as `int`, 0 where it is none.
fn int(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Int(int_at(args, 0)).into())
}

/// `int64 v`
fn int64(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Int64(int_at(args, 0)).into())
}

/// `float64 v`
fn float64(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Float(float_at(args, 0)).into())
}

/// `atoi s`: decimal digits only; too large a number gives the largest one.
fn atoi(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = args.first().and_then(|item| item.val.as_str());
    Ok(Val::Int(text.map_or(0, cast::atoi)).into())
}

/// `toDecimal v`: what `v` prints as, read as an octal number (`755` is 493).
fn to_decimal(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = args
        .first()
        .map(|item| format::display(&item.val, cx.helm))
        .unwrap_or_default();
    let number = std::str::from_utf8(&text)
        .ok()
        .and_then(|text| parse_int(text, 8).ok());
    Ok(Val::Int64(number.unwrap_or(0)).into())
}

/// `add a b …`: the sum as `int64`, wrapping around as Go's.
fn add(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let sum = args
        .iter()
        .fold(0i64, |sum, item| sum.wrapping_add(to_int64(&item.val)));
    Ok(Val::Int64(sum).into())
}

/// `add1 a`
fn add1(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Int64(int_at(args, 0).wrapping_add(1)).into())
}

/// `sub a b`
fn sub(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Int64(int_at(args, 0).wrapping_sub(int_at(args, 1))).into())
}

/// `mul a b …`
fn mul(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let product = args.iter().fold(1i64, |product, item| {
        product.wrapping_mul(to_int64(&item.val))
    });
    Ok(Val::Int64(product).into())
}

/// `div a b`: truncates toward zero.
fn div(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Int64(int_at(args, 0).wrapping_div(divisor(args)?)).into())
}

/// `mod a b`: has the sign of `a`.
fn modulo(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Int64(int_at(args, 0).wrapping_rem(divisor(args)?)).into())
}

fn divisor(args: &[Item]) -> Result<i64, CallError> {
    match int_at(args, 1) {
        0 => Err("runtime error: integer divide by zero".into()),
        divisor => Ok(divisor),
    }
}

/// `max a b …`
fn max(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Int64(
        args.iter()
            .map(|item| to_int64(&item.val))
            .max()
            .unwrap_or(0),
    )
    .into())
}

/// `min a b …`
fn min(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Int64(
        args.iter()
            .map(|item| to_int64(&item.val))
            .min()
            .unwrap_or(0),
    )
    .into())
}

/// `maxf a b …`
fn maxf(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Float(fold_floats(args, larger)).into())
}

/// `minf a b …`
fn minf(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Float(fold_floats(args, |left, right| -larger(-left, -right))).into())
}

fn fold_floats(args: &[Item], choose: fn(f64, f64) -> f64) -> f64 {
    args.iter()
        .map(|item| to_float64(&item.val))
        .reduce(choose)
        .unwrap_or(0.0)
}

/// Go's `math.Max`: infinity beats NaN, NaN beats numbers, +0 beats -0.
fn larger(left: f64, right: f64) -> f64 {
    if left == f64::INFINITY || right == f64::INFINITY {
        return f64::INFINITY;
    }
    if left.is_nan() || right.is_nan() {
        return f64::NAN;
    }
    if left == 0.0 && right == 0.0 {
        return if left.is_sign_negative() { right } else { left };
    }
    if left > right { left } else { right }
}

/// `floor v`
fn floor(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Float(float_at(args, 0).floor()).into())
}

/// `ceil v`
fn ceil(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(Val::Float(float_at(args, 0).ceil()).into())
}

/// `round v places [on]`: up from the fraction `on` (0.5), else down; a negative fraction always goes down.
fn round(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let on = if args.len() > 2 {
        float_at(args, 2)
    } else {
        0.5
    };
    let power = power_of_ten(int_at(args, 1) as f64);
    let shifted = power * float_at(args, 0);
    let rounded = if shifted.fract() >= on {
        shifted.ceil()
    } else {
        shifted.floor()
    };
    Ok(Val::Float(rounded / power).into())
}

/// Go's `math.Pow(10, exponent)` for whole exponents, with the same sequence of roundings: squares of the fraction
/// and its binary exponent apart.
fn power_of_ten(exponent: f64) -> f64 {
    let (mut fraction, mut binary) = (0.625f64, 4i64);
    let (mut result, mut result_binary) = (1.0f64, 0i64);
    let mut remaining = exponent.abs().min(9.2e18) as u64;
    while remaining != 0 {
        if !(-4096..=4096).contains(&binary) {
            result_binary += binary;
            break;
        }
        if remaining & 1 == 1 {
            result *= fraction;
            result_binary += binary;
        }
        fraction *= fraction;
        binary *= 2;
        if fraction < 0.5 {
            fraction += fraction;
            binary -= 1;
        }
        remaining >>= 1;
    }
    if exponent < 0.0 {
        scale(1.0 / result, -result_binary)
    } else {
        scale(result, result_binary)
    }
}

/// `value * 2^power` in steps that cannot overflow by themselves.
fn scale(mut value: f64, mut power: i64) -> f64 {
    while power != 0 && value != 0.0 && value.is_finite() {
        let step = power.clamp(-1_000, 1_000);
        value *= 2f64.powi(step as i32);
        power -= step;
    }
    value
}

/// `addf a b …`
fn addf(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    decimals(Val::Float(0.0), args, |left, right| Ok(left.add(right)))
}

/// `add1f a`
fn add1f(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    decimals(Val::Float(1.0), args, |left, right| Ok(left.add(right)))
}

/// `subf a b …`
fn subf(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    decimals_from_first(args, |left, right| Ok(left.sub(right)))
}

/// `mulf a b …`
fn mulf(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    decimals_from_first(args, |left, right| Ok(left.mul(right)))
}

/// `divf a b …`: each quotient to 16 digits after the point.
fn divf(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    decimals_from_first(args, Decimal::div)
}

type Operation = fn(&Decimal, &Decimal) -> Result<Decimal, String>;

fn decimals_from_first(args: &[Item], operation: Operation) -> Outcome {
    let Some((first, rest)) = args.split_first() else {
        return Err("no arguments".into());
    };
    decimals(first.val.clone(), rest, operation)
}

/// Folds in decimal arithmetic; the result is a `float64`.
fn decimals(first: Val, rest: &[Item], operation: Operation) -> Outcome {
    let mut result = Decimal::from_float(to_float64(&first))?;
    for item in rest {
        result = operation(&result, &Decimal::from_float(to_float64(&item.val))?)?;
    }
    Ok(Val::Float(result.to_float()).into())
}

/// `until n`: 0, 1, … below `n`, or 0, -1, … above a negative `n`.
fn until(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let stop = int_at(args, 0);
    numbers(
        cx,
        Steps {
            start: 0,
            stop,
            step: if stop < 0 { -1 } else { 1 },
        },
    )
}

/// `untilStep start stop step`
fn until_step(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    numbers(
        cx,
        Steps {
            start: int_at(args, 0),
            stop: int_at(args, 1),
            step: int_at(args, 2),
        },
    )
}

fn numbers(cx: &mut Cx<'_>, steps: Steps) -> Outcome {
    cx.charge(steps.count().saturating_mul(size_of::<Item>() as u64))?;
    let items = steps.values().map(|value| Val::Int(value).into()).collect();
    Ok(Val::List(List::new(ElementType::Int, items)).into())
}

/// `seq [[start [step]] end]`: as the Unix command, in one line.
fn seq(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let ints: Vec<i64> = args.iter().map(|item| to_int64(&item.val)).collect();
    let (start, step, end) = match ints[..] {
        [end] => (1, None, end),
        [start, end] => (start, None, end),
        [start, step, end] => (start, Some(step), end),
        _ => return Ok(Val::string("").into()),
    };
    let direction = if end < start { -1 } else { 1 };
    if direction < 0 && step.is_some_and(|step| step > 0) {
        return Ok(Val::string("").into());
    }
    // Wraps around at the largest integer as in Go, where the sequence is then empty.
    let steps = Steps {
        start,
        stop: end.wrapping_add(direction),
        step: step.unwrap_or(direction),
    };
    cx.charge(steps.count().saturating_mul(21))?;
    let mut text = String::new();
    for value in steps.values() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&value.to_string());
    }
    Ok(Val::string(text).into())
}

/// `start`, `start + step`, … up to but without `stop`; empty where `step` leads away from it.
struct Steps {
    start: i64,
    stop: i64,
    step: i64,
}

impl Steps {
    fn count(&self) -> u64 {
        let distance = i128::from(self.stop) - i128::from(self.start);
        let step = i128::from(self.step);
        if step == 0 || distance == 0 || (distance < 0) != (step < 0) {
            return 0;
        }
        u64::try_from((distance.abs() + step.abs() - 1) / step.abs()).unwrap_or(u64::MAX)
    }

    fn values(&self) -> impl Iterator<Item = i64> {
        let (start, step) = (self.start, self.step);
        (0..self.count())
            .map(move |index| start.wrapping_add(step.wrapping_mul(index.cast_signed())))
    }
}

fn int_at(args: &[Item], index: usize) -> i64 {
    args.get(index).map_or(0, |item| to_int64(&item.val))
}

fn float_at(args: &[Item], index: usize) -> f64 {
    args.get(index).map_or(0.0, |item| to_float64(&item.val))
}
