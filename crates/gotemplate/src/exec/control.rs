//! The operations of lowered programs that steer: conditions, loops, and leaving them.

use super::eval::Eval;
use super::{Form, Held, Host, Loop, Turns, span};
use crate::failure::Failure;
use crate::lower::{Operation, Unit};
use crate::machine::Step;
use crate::syntax::ast::{NodeRef, Pipe, Span};
use crate::value::{ElementType, Item, Val};
use minijinja::State;
use source::{Condition, Prov, Untaken};

pub(super) fn step(
    host: &mut Host,
    state: &mut State,
    unit: &Unit,
    operation: usize,
) -> Result<Step, Box<Failure>> {
    let Some(current) = unit.operations.get(operation) else {
        return Ok(Step::Nothing);
    };
    match current {
        Operation::Run(nodes) => {
            Eval::new(host, state, unit).run(nodes)?;
            Ok(Step::Nothing)
        }
        Operation::Condition {
            pipe,
            with,
            first,
            body,
            rest,
        } => {
            if *first {
                let conditions = host.conditions;
                let activation = host.top();
                let dot = activation.dot.clone();
                activation.saves.push((dot, conditions));
            }
            let value = Eval::new(host, state, unit).pipeline(pipe)?;
            let truth = value.item.val.is_true();
            decide(host, unit, pipe, value.item.prov, truth, (*body, *rest));
            if truth && *with {
                host.top().dot = value;
            }
            Ok(Step::Truth(truth))
        }
        Operation::Leave => {
            if let Some((dot, conditions)) = host.top().saves.pop() {
                host.top().dot = dot;
                host.conditions = conditions;
            }
            Ok(Step::Nothing)
        }
        Operation::Range { pipe, body, rest } => {
            let turns = range(host, state, unit, operation, pipe, (*body, *rest))?;
            Ok(Step::Turns(turns))
        }
        Operation::Next => {
            next_turn(host, unit)?;
            Ok(Step::Nothing)
        }
        Operation::Done => Ok(Step::Truth(done(host))),
        Operation::DoneAsLoop => Ok(Step::Turns(usize::from(done(host)))),
    }
}

/// Notes which way a condition went, and the branch that it kept out.
fn decide(
    host: &mut Host,
    unit: &Unit,
    pipe: &Pipe,
    reads: Prov,
    taken: bool,
    parts: (Span, Option<Span>),
) {
    if !host.options.provenance {
        return;
    }
    let (body, rest) = parts;
    let at = host
        .top()
        .text_from
        .map_or_else(|| span(unit, pipe_span(pipe, body)), |text| text.at);
    let parent = host.conditions;
    let condition = host.tables.push_condition(Condition {
        parent,
        at,
        reads,
        taken,
    });
    host.conditions = condition;
    let call = host.call;
    let untaken = if taken { rest } else { Some(body) };
    if let Some(part) = untaken {
        host.tables.untaken.push(Untaken {
            body: span(unit, part),
            condition,
            call,
        });
    }
}

/// From the pipeline's first token to the end of its action.
fn pipe_span(pipe: &Pipe, body: Span) -> Span {
    Span {
        start: pipe.pos,
        end: body.start.max(pipe.pos),
    }
}

fn range(
    host: &mut Host,
    state: &mut State,
    unit: &Unit,
    operation: usize,
    pipe: &Pipe,
    parts: (Span, Option<Span>),
) -> Result<usize, Box<Failure>> {
    let mut eval = Eval::new(host, state, unit);
    let value = eval.pipeline_value(pipe)?;
    let turns = turns(&mut eval, &value, pipe.decls.len())?;
    let conditions = host.conditions;
    let count = turns.len();
    decide(host, unit, pipe, value.item.prov, count > 0, parts);
    let activation = host.top();
    // In an `else` part the variables hold the collection itself.
    for declaration in &pipe.decls {
        activation.set_variable(declaration.slot, value.clone());
    }
    let dot = activation.dot.clone();
    let saves = activation.saves.len();
    activation.loops.push(Loop {
        operation,
        turns,
        next: 0,
        saves,
        dot,
        conditions,
    });
    Ok(count)
}

/// What `range` goes over: maps by key, integers, slices.
fn turns(
    eval: &mut Eval<'_, '_, '_, '_>,
    value: &Held,
    variables: usize,
) -> Result<Turns, Box<Failure>> {
    let prov = value.item.prov;
    let or_container = |item: &Item| {
        let mut item = item.clone();
        if item.prov.is_none() {
            item.prov = prov;
        }
        item
    };
    let int_turns = |count: i64, make: fn(i64) -> Val| {
        if variables > 1 {
            Err(format!(
                "can't use {count} to iterate over more than one variable"
            ))
        } else {
            Ok(Turns::Ints(count, make))
        }
    };
    let result = match &value.item.val {
        Val::Nil => Ok(Turns::Pairs(Vec::new())),
        Val::Int(count) => int_turns(*count, Val::Int),
        Val::Int64(count) => int_turns(*count, Val::Int64),
        Val::Uint8(count) => int_turns(i64::from(*count), |turn| Val::Uint8(turn as u8)),
        Val::Uint64(count) => int_turns(i64::try_from(*count).unwrap_or(i64::MAX), |turn| {
            Val::Uint64(turn.unsigned_abs())
        }),
        Val::List(list) => {
            let concrete = list.element_type() != ElementType::Interface;
            let pairs = list.items().iter().enumerate().map(|(index, item)| {
                let index = Item {
                    val: Val::Int(index as i64),
                    prov,
                };
                let form = if concrete {
                    Form::Concrete
                } else {
                    Form::Interface
                };
                (
                    index,
                    Held {
                        item: or_container(item),
                        form,
                    },
                )
            });
            Ok(Turns::Pairs(pairs.collect()))
        }
        Val::Bytes(bytes) => {
            let pairs = bytes.iter().enumerate().map(|(index, byte)| {
                let item = |val| Item { val, prov };
                (
                    item(Val::Int(index as i64)),
                    Held::concrete(item(Val::Uint8(*byte))),
                )
            });
            Ok(Turns::Pairs(pairs.collect()))
        }
        Val::Map(map) => {
            let pairs = map.snapshot().into_iter().map(|(key, item)| {
                let item = or_container(&item);
                let key = Item {
                    val: Val::Str(key.into()),
                    prov: item.prov,
                };
                (key, Held::element(item))
            });
            Ok(Turns::Pairs(pairs.collect()))
        }
        other => match eval.file_pairs(other) {
            Some(pairs) => Ok(Turns::Pairs(pairs)),
            None => Err(format!("range can't iterate over {}", eval.show(other))),
        },
    };
    result.map_err(|message| eval.error(&message))
}

fn next_turn(host: &mut Host, unit: &Unit) -> Result<(), Box<Failure>> {
    host.tick()?;
    let activation = host.top();
    let Some(current) = activation.loops.last_mut() else {
        return Ok(());
    };
    // A `continue` may have left conditionals open.
    activation.saves.truncate(current.saves);
    let (key, element) = match &current.turns {
        // The element of a loop over integers has its own type.
        Turns::Ints(_, make) => {
            let value = Item::from(make(current.next as i64));
            (Item::default(), Held::concrete(value))
        }
        Turns::Pairs(pairs) => pairs
            .get(current.next)
            .cloned()
            .unwrap_or((Item::default(), Held::invalid())),
    };
    current.next += 1;
    let Some(Operation::Range { pipe, .. }) = unit.operations.get(current.operation) else {
        return Ok(());
    };
    let key = if key.val.is_nil() {
        Held::invalid()
    } else {
        Held::concrete(key)
    };
    activation.forget_skippable();
    match &pipe.decls[..] {
        [] => {}
        [only] => activation.set_variable(only.slot, element.clone()),
        [first, second, ..] => {
            activation.set_variable(first.slot, key);
            activation.set_variable(second.slot, element.clone());
        }
    }
    activation.dot = element;
    let condition = host.loop_condition();
    host.conditions = condition;
    Ok(())
}

fn done(host: &mut Host) -> bool {
    let Some(ended) = host.top().loops.pop() else {
        return true;
    };
    let empty = ended.turns.len() == 0;
    let inside = host.loop_condition_of(&ended, empty);
    let activation = host.top();
    activation.saves.truncate(ended.saves);
    activation.saves.push((ended.dot.clone(), ended.conditions));
    activation.dot = ended.dot;
    host.conditions = inside;
    empty
}

impl Host {
    /// The condition stack at the start of a turn: what was pushed for the loop itself.
    fn loop_condition(&mut self) -> source::ConditionId {
        let conditions = self.conditions;
        let Some(parent) = self.top().loops.last().map(|current| current.conditions) else {
            return conditions;
        };
        self.innermost_below(conditions, parent)
    }

    fn loop_condition_of(&mut self, ended: &Loop, empty: bool) -> source::ConditionId {
        let conditions = self.conditions;
        if empty {
            self.innermost_below(conditions, ended.conditions)
        } else {
            ended.conditions
        }
    }

    /// Climbs from `from` to the condition whose parent is `parent`.
    fn innermost_below(
        &self,
        from: source::ConditionId,
        parent: source::ConditionId,
    ) -> source::ConditionId {
        let mut at = from;
        while at != parent && at.0 != 0 {
            let above = self.tables.conditions[at.0 as usize - 1].parent;
            if above == parent {
                return at;
            }
            at = above;
        }
        from
    }
}

impl<'u> Eval<'_, 'u, '_, '_> {
    /// A pipeline of a loop: its variables are set turn by turn, not by the pipeline.
    fn pipeline_value(&mut self, pipe: &'u Pipe) -> Result<Held, Box<Failure>> {
        self.node = NodeRef::Pipe(pipe);
        self.commands(pipe)
    }
}
