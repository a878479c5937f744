//! Calling functions: arity, arguments, short circuits, and what results rest on.

use super::args::Argument;
use super::eval::Eval;
use super::{Form, Held};
use crate::failure::Failure;
use crate::functions::{self, CallError, Flow, Function, Param};
use crate::syntax::ast::{Expr, NodeRef};
use crate::value::{Item, Val};

/// Evaluated arguments and whether the function saw a value for each.
type Arguments = (Vec<Item>, Vec<bool>);

impl<'u> Eval<'_, 'u, '_, '_> {
    /// Calls a function by name; `node` is what errors of the function point at.
    pub(super) fn function(
        &mut self,
        name: &str,
        node: NodeRef<'u>,
        args: &'u [Expr],
        last: Option<Held>,
    ) -> Result<Held, Box<Failure>> {
        if name == "and" || name == "or" {
            return self.short_circuit(name, args, last);
        }
        if let Some(params) = super::builtin::params(name) {
            let (items, _) = self.arguments(name, params, None, args, last)?;
            return self.builtin(name, node, items);
        }
        let Some(function) = functions::find(name) else {
            return Err(self.error(&format!("{name:?} is not a defined function")));
        };
        let (items, invalid) = self.arguments(name, function.params, function.rest, args, last)?;
        self.call(function, node, &items, &invalid)
    }

    fn call(
        &mut self,
        function: &Function,
        node: NodeRef<'u>,
        items: &[Item],
        invalid: &[bool],
    ) -> Result<Held, Box<Failure>> {
        self.host.tick()?;
        for item in items {
            if matches!(item.val, Val::Map(_) | Val::List(_))
                && !matches!(function.flow, Flow::Decided)
            {
                self.host.note_read_whole(item);
            }
        }
        let outcome = match (reflect_error(function.name, invalid), items.first()) {
            (Some(message), _) => Err(CallError::Message(message)),
            (None, Some(callee)) if function.name == "call" => {
                // No value of a chart is a function; Go's text shows the argument as it is written.
                let written = self.written_argument(node);
                Err(functions::compare::non_function(
                    &written,
                    &callee.val,
                    self.host.helm,
                ))
            }
            (None, _) => (function.run)(&mut self.host.cx(self.at), items),
        };
        match outcome {
            Ok(mut item) => {
                if self.host.options.provenance {
                    item.prov = self.flow(function.flow, item.prov, items);
                }
                let form = if item.val.is_nil() {
                    Form::Interface
                } else {
                    Form::Concrete
                };
                Ok(Held { item, form })
            }
            Err(error) => {
                self.node = node;
                Err(self.call_error(function.name, error))
            }
        }
    }

    /// The first argument of a command as its author wrote it.
    fn written_argument(&self, node: NodeRef<'u>) -> String {
        match node {
            NodeRef::Command(command) => command
                .args
                .get(1)
                .map(|argument| self.show_node(NodeRef::Expr(argument)))
                .unwrap_or_default(),
            _ => String::new(),
        }
    }

    fn flow(&mut self, flow: Flow, own: source::Prov, items: &[Item]) -> source::Prov {
        if flow == Flow::Own {
            return own;
        }
        let all = self.host.cx(self.at).prov_of(items);
        let tables = &mut self.host.tables;
        match flow {
            Flow::Own => own,
            Flow::Text => tables.join(own, all),
            Flow::Volatile => source::Prov {
                volatile: true,
                ..tables.join(own, all)
            },
            Flow::Decided => tables.decide(own, all),
        }
    }

    pub(super) fn call_error(&mut self, name: &str, error: CallError) -> Box<Failure> {
        match error {
            CallError::Message(message) => {
                self.wrap(Failure::new(message), &format!("error calling {name}: "))
            }
            CallError::Limit(message) => {
                Failure::limit(format!("{message} (in {name})")).at(self.at)
            }
        }
    }

    /// Evaluates arguments in order, the piped value last.
    pub(super) fn arguments(
        &mut self,
        name: &str,
        params: &[Param],
        rest: Option<Param>,
        args: &'u [Expr],
        last: Option<Held>,
    ) -> Result<Arguments, Box<Failure>> {
        let count = args.len() + usize::from(last.is_some());
        if rest.is_some() && count < params.len() {
            // Go counts the written arguments only here.
            let (want, got) = (params.len(), args.len());
            return Err(self.error(&format!(
                "wrong number of args for {name}: want at least {want} got {got}"
            )));
        }
        if rest.is_none() && count != params.len() {
            let want = params.len();
            return Err(self.error(&format!(
                "wrong number of args for {name}: want {want} got {count}"
            )));
        }
        let param = |index: usize| params.get(index).copied().or(rest).unwrap_or(Param::Any);
        let (mut items, mut invalid) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut push = |argument: Argument| {
            items.push(argument.item);
            invalid.push(argument.invalid);
        };
        for (index, expr) in args.iter().enumerate() {
            push(self.argument(expr, param(index))?);
        }
        if let Some(value) = last {
            push(self.assign(value, param(args.len()))?);
        }
        Ok((items, invalid))
    }

    /// `and` and `or`: the first operand that settles it, else the last.
    fn short_circuit(
        &mut self,
        name: &str,
        args: &'u [Expr],
        last: Option<Held>,
    ) -> Result<Held, Box<Failure>> {
        if args.is_empty() && last.is_none() {
            return Err(self.error(&format!(
                "wrong number of args for {name}: want at least 1 got 0"
            )));
        }
        let mut decider = Item::default();
        let mut value = Item::default();
        for expr in args {
            value = self.argument(expr, Param::Reflect)?.item;
            if value.val.is_true() == (name == "or") {
                return Ok(self.chosen(value, &decider));
            }
            decider = self.decided_by(decider, &value);
        }
        if let Some(last) = last {
            value = self.assign(last, Param::Reflect)?.item;
        }
        Ok(self.chosen(value, &decider))
    }

    fn chosen(&mut self, value: Item, decider: &Item) -> Held {
        Held::concrete(self.decided_by(value, decider))
    }
}

/// Go's builtins on a `reflect.Value` without a value.
fn reflect_error(name: &str, invalid: &[bool]) -> Option<String> {
    match name {
        "len" if invalid.first() == Some(&true) => {
            Some("reflect: call of reflect.Value.Type on zero Value".to_owned())
        }
        "index" if invalid.first() == Some(&true) => Some("index of untyped nil".to_owned()),
        _ => None,
    }
}
