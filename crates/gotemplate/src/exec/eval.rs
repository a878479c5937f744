//! Evaluating pipelines, commands and operands, in the order and with the errors of Go's text/template.

use super::{Form, Held, Host, span};
use crate::failure::Failure;
use crate::lower::Unit;
use crate::syntax::ast::{
    Chain, Command, Expr, ExprKind, Node, NodeRef, Number, Pipe, UNDEFINED_SLOT, Variable,
};
use crate::value::{Item, Str, Val};
use minijinja::State;
use source::Span;

/// One run over some nodes of a unit.
pub(super) struct Eval<'a, 'u, 's, 'e> {
    pub(super) host: &'a mut Host,
    pub(super) state: &'a mut State<'s, 'e>,
    pub(super) unit: &'u Unit,
    /// Go's "current node": errors point at it.
    pub(super) node: NodeRef<'u>,
    /// The action that is being run.
    pub(super) at: Span,
}

const NOWHERE: &Node = &Node::Text(crate::syntax::ast::Span { start: 0, end: 0 });

impl<'a, 'u, 's, 'e> Eval<'a, 'u, 's, 'e> {
    pub(super) fn new(host: &'a mut Host, state: &'a mut State<'s, 'e>, unit: &'u Unit) -> Self {
        let at = Span {
            file: unit.file,
            start: 0,
            end: 0,
        };
        Self {
            host,
            state,
            unit,
            node: NodeRef::Node(NOWHERE),
            at,
        }
    }

    /// Runs text, actions and template calls.
    pub(super) fn run(&mut self, nodes: &'u [Node]) -> Result<(), Box<Failure>> {
        for node in nodes {
            self.host.tick()?;
            self.node = NodeRef::Node(node);
            self.at = span(self.unit, node.span());
            match node {
                Node::Text(text) => self.write_text(*text)?,
                Node::Action(action) => {
                    let value = self.pipeline(&action.pipe)?;
                    if action.pipe.decls.is_empty() {
                        self.node = NodeRef::Node(node);
                        self.print(&value)?;
                    }
                }
                Node::Template(call) => self.template_call(call)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Evaluates a pipeline and sets its variables.
    pub(super) fn pipeline(&mut self, pipe: &'u Pipe) -> Result<Held, Box<Failure>> {
        self.node = NodeRef::Pipe(pipe);
        if self.at.end == 0 {
            self.at = Span {
                file: self.unit.file,
                start: pipe.pos,
                end: pipe.pos + 1,
            };
        }
        let value = self.commands(pipe)?;
        for declaration in &pipe.decls {
            if declaration.slot == UNDEFINED_SLOT {
                return Err(self.error(&format!("undefined variable: {}", declaration.name)));
            }
            self.host
                .top()
                .set_variable(declaration.slot, value.clone());
        }
        Ok(value)
    }

    pub(super) fn commands(&mut self, pipe: &'u Pipe) -> Result<Held, Box<Failure>> {
        self.host.check_stack()?;
        let mut value: Option<Held> = None;
        for command in &pipe.cmds {
            value = Some(self.command(command, value)?.opened());
        }
        Ok(value.unwrap_or_else(Held::invalid))
    }

    fn command(&mut self, command: &'u Command, last: Option<Held>) -> Result<Held, Box<Failure>> {
        let Some((first, args)) = command.args.split_first() else {
            return Ok(Held::invalid());
        };
        match &first.kind {
            ExprKind::Field(names) => {
                self.node = NodeRef::Expr(first);
                let dot = self.dot();
                self.field_chain(dot, first, names, args, last)
            }
            ExprKind::Chain(chain) => self.chain(first, chain, args, last),
            ExprKind::Identifier(name) => {
                self.node = NodeRef::Expr(first);
                self.function(name, NodeRef::Command(command), args, last)
            }
            ExprKind::Pipe(pipe) => {
                self.not_a_function(first, args, &last)?;
                self.pipeline(pipe)
            }
            ExprKind::Variable(variable) => self.variable(first, variable, args, last),
            _ => {
                self.node = NodeRef::Expr(first);
                self.not_a_function(first, args, &last)?;
                self.constant(first)
            }
        }
    }

    fn constant(&mut self, expr: &'u Expr) -> Result<Held, Box<Failure>> {
        let val = match &expr.kind {
            ExprKind::Bool(value) => Val::Bool(*value),
            ExprKind::Dot => return Ok(self.dot()),
            ExprKind::Nil => return Err(self.error("nil is not a command")),
            ExprKind::Number(number) => self.ideal(number)?,
            ExprKind::String(text) => Val::Str(Str::with_map(text.value.clone(), Vec::new())),
            _ => {
                let text = self.show_node(NodeRef::Expr(expr));
                return Err(self.error(&format!("can't evaluate command {text:?}")));
            }
        };
        Ok(Held {
            item: val.into(),
            form: Form::Concrete,
        })
    }

    /// The type that an untyped constant gets where any type will do.
    pub(super) fn ideal(&mut self, number: &Number) -> Result<Val, Box<Failure>> {
        let text = number.text.as_bytes();
        let rune = text.first() == Some(&b'\'');
        let hex = text.len() > 2
            && text[0] == b'0'
            && matches!(text[1], b'x' | b'X')
            && !number.text.contains(['p', 'P']);
        if number.is_complex {
            Ok(Val::Complex(number.real, number.imag))
        } else if number.is_float
            && !hex
            && !rune
            && number.text.contains(['.', 'e', 'E', 'p', 'P'])
        {
            Ok(Val::Float(number.float))
        } else if number.is_int {
            Ok(Val::Int(number.int))
        } else {
            Err(self.error(&format!("{} overflows int", number.text)))
        }
    }

    pub(super) fn dot(&mut self) -> Held {
        self.host.top().dot.clone()
    }

    pub(super) fn chain(
        &mut self,
        expr: &'u Expr,
        chain: &'u Chain,
        args: &'u [Expr],
        last: Option<Held>,
    ) -> Result<Held, Box<Failure>> {
        self.node = NodeRef::Expr(expr);
        if matches!(chain.node.kind, ExprKind::Nil) {
            let text = self.show_node(NodeRef::Expr(expr));
            return Err(self.error(&format!("indirection through explicit nil in {text}")));
        }
        let receiver = self.untyped_argument(&chain.node)?;
        self.field_chain(receiver, expr, &chain.fields, args, last)
    }

    pub(super) fn variable(
        &mut self,
        expr: &'u Expr,
        variable: &'u Variable,
        args: &'u [Expr],
        last: Option<Held>,
    ) -> Result<Held, Box<Failure>> {
        self.node = NodeRef::Expr(expr);
        let slot = variable.slot;
        if slot == UNDEFINED_SLOT {
            return Err(self.error(&format!("undefined variable: {}", variable.name)));
        }
        let Some(value) = self.host.top().variable(slot).cloned() else {
            return Err(self.error(&format!("undefined variable: {}", variable.name)));
        };
        if variable.fields.is_empty() {
            self.not_a_function(expr, args, &last)?;
            return Ok(value);
        }
        self.field_chain(value, expr, &variable.fields, args, last)
    }

    fn not_a_function(
        &mut self,
        first: &'u Expr,
        args: &[Expr],
        last: &Option<Held>,
    ) -> Result<(), Box<Failure>> {
        if args.is_empty() && last.is_none() {
            return Ok(());
        }
        let text = self.show_node(NodeRef::Expr(first));
        Err(self.error(&format!("can't give argument to non-function {text}")))
    }

    /// An error at the current node: `template: FILE:LINE:COLUMN: executing "NAME" at <NODE>: MESSAGE`.
    pub(super) fn error(&mut self, message: &str) -> Box<Failure> {
        let prefix = self.error_prefix();
        Failure::new(format!("{prefix}{message}")).at(self.node_span())
    }

    /// Wraps an error of a function: `…: error calling NAME: ` in front of it.
    pub(super) fn wrap(&mut self, failure: Box<Failure>, message: &str) -> Box<Failure> {
        if failure.limit {
            return failure.at(self.node_span());
        }
        let prefix = self.error_prefix();
        let span = self.node_span();
        let mut failure = failure.wrap(format!("{prefix}{message}"));
        if failure.at.is_some() {
            failure.called_from(span);
        }
        failure.at(span)
    }

    fn node_span(&self) -> Span {
        let start = self.node.pos();
        Span {
            file: self.unit.file,
            start,
            end: start + 1,
        }
    }

    fn error_prefix(&mut self) -> String {
        let context = crate::syntax::print::error_context(&self.unit.source, self.node);
        let template = &self.host.top().template;
        format!(
            "template: {}:{}:{}: executing {} at <{}>: ",
            template.parsed_in,
            context.line,
            context.column,
            go_quote(&template.name),
            context.text,
        )
    }

    pub(super) fn show_node(&self, node: NodeRef<'_>) -> String {
        crate::syntax::print::error_context(&self.unit.source, node).text
    }

    /// A value as `%v` prints it, for messages.
    pub(super) fn show(&self, val: &Val) -> String {
        String::from_utf8_lossy(&crate::functions::format::display(val, self.host.helm))
            .into_owned()
    }

    /// An item with the union of two provenances as decision.
    pub(super) fn decided_by(&mut self, mut item: Item, decider: &Item) -> Item {
        if self.host.options.provenance {
            item.prov = self.host.tables.decide(item.prov, decider.prov);
        }
        item
    }
}

/// `%q` of a template name.
fn go_quote(text: &str) -> String {
    String::from_utf8_lossy(&crate::functions::format::go_quote(text.as_bytes())).into_owned()
}
