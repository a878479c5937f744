//! Lowering: a template body becomes a short minijinja program and the table of operations that it calls.
//!
//! minijinja runs the control flow (conditions, loops, `break`, `continue`); each filter call names an operation
//! by its index, and the host evaluates Go's expressions and writes the output (ARCHITECTURE.md says why).
//! Straight-line nodes are one operation; a body without control flow needs no machine at all.

use crate::syntax::ast::{
    Body, Branch, Conditional, ElseBody, Node, Pipe, RangeLoop, Source, Span,
};
use source::FileId;
use std::fmt::Write as _;
use std::sync::Arc;

/// A body ready to run. Ids are unique within a library or, for `tpl`, within a rendering.
#[derive(Debug)]
pub(crate) struct Unit {
    /// The template's name as Go's `executing "…"` shows it is the caller's business: aliases of a chart share
    /// units. This is the name of the minijinja template.
    pub(crate) id: String,
    pub(crate) file: FileId,
    pub(crate) source: Arc<Source>,
    pub(crate) operations: Vec<Operation>,
    /// The minijinja source.
    pub(crate) program: String,
    pub(crate) slots: Box<[crate::syntax::ast::SlotInfo]>,
    /// Nothing but white space and comments: replaces no other definition.
    pub(crate) is_empty: bool,
}

/// What the program calls.
#[derive(Debug)]
pub(crate) enum Operation {
    /// Text, actions and template calls in a row.
    Run(Box<[Node]>),
    /// Evaluates a branch's condition; enters the branch where it is true.
    Condition {
        pipe: Pipe,
        with: bool,
        first: bool,
        body: Span,
        rest: Option<Span>,
    },
    /// Leaves a conditional: dot and the condition stack are what they were.
    Leave,
    /// Evaluates a loop's source and starts the loop; gives the number of turns.
    Range {
        pipe: Pipe,
        body: Span,
        rest: Option<Span>,
    },
    /// Starts a turn: dot and variables.
    Next,
    /// Ends a loop; gives whether it had no turn.
    Done,
    /// The same, as a loop of one turn or none: for an `else` part that holds a `break`, which in Go leaves that
    /// part only.
    DoneAsLoop,
}

impl Unit {
    /// Whether the body is one straight line.
    pub(crate) fn straight(&self) -> Option<&[Node]> {
        match &self.operations[..] {
            [] => Some(&[]),
            [Operation::Run(nodes)] => Some(nodes),
            _ => None,
        }
    }
}

/// Lowers a body.
pub(crate) fn lower(id: String, file: FileId, body: Body) -> Unit {
    let mut lowering = Lowering::default();
    lowering.list(body.nodes.into_vec());
    Unit {
        id,
        file,
        source: body.source,
        operations: lowering.operations,
        program: lowering.program,
        slots: body.slots,
        is_empty: body.is_empty,
    }
}

#[derive(Default)]
struct Lowering {
    operations: Vec<Operation>,
    program: String,
}

impl Lowering {
    fn add(&mut self, operation: Operation) -> usize {
        self.operations.push(operation);
        self.operations.len() - 1
    }

    fn call(&mut self, operation: Operation, filter: char) {
        let index = self.add(operation);
        let _ = write!(self.program, "{{{{{index}|{filter}}}}}");
    }

    fn list(&mut self, nodes: Vec<Node>) {
        let mut straight = Vec::new();
        for node in nodes {
            if matches!(node, Node::Text(_) | Node::Action(_) | Node::Template(_)) {
                straight.push(node);
                continue;
            }
            self.flush(&mut straight);
            match node {
                Node::If(conditional) => self.conditional(conditional, false),
                Node::With(conditional) => self.conditional(conditional, true),
                Node::Range(range) => self.range(*range),
                Node::Break(_) => self.program.push_str("{%break%}"),
                Node::Continue(_) => self.program.push_str("{%continue%}"),
                Node::Text(_) | Node::Action(_) | Node::Template(_) => {}
            }
        }
        self.flush(&mut straight);
    }

    fn flush(&mut self, straight: &mut Vec<Node>) {
        if !straight.is_empty() {
            let nodes = std::mem::take(straight).into_boxed_slice();
            self.call(Operation::Run(nodes), 'x');
        }
    }

    fn conditional(&mut self, conditional: Conditional, with: bool) {
        let end = conditional.span.end;
        let else_start = conditional.else_body.as_ref().map(|part| part.span.start);
        let starts: Vec<u32> = conditional
            .branches
            .iter()
            .map(|branch| branch.span.start)
            .collect();
        for (index, branch) in conditional.branches.into_vec().into_iter().enumerate() {
            let Branch { pipe, body, span } = branch;
            let next = starts.get(index + 1).copied().or(else_start);
            let operation = Operation::Condition {
                pipe,
                with,
                first: index == 0,
                body: Span {
                    start: span.end,
                    end: next.unwrap_or(end),
                },
                rest: next.map(|start| Span { start, end }),
            };
            let operation = self.add(operation);
            let word = if index == 0 { "if" } else { "elif" };
            let _ = write!(self.program, "{{%{word} {operation}|c%}}");
            self.list(body.into_vec());
        }
        if let Some(ElseBody { body, .. }) = conditional.else_body
            && !body.is_empty()
        {
            self.program.push_str("{%else%}");
            self.list(body.into_vec());
        }
        self.program.push_str("{%endif%}");
        self.call(Operation::Leave, 'l');
    }

    fn range(&mut self, range: RangeLoop) {
        let else_start = range.else_body.as_ref().map(|part| part.span.start);
        let operation = self.add(Operation::Range {
            pipe: range.pipe,
            body: Span {
                start: range.header.end,
                end: else_start.unwrap_or(range.span.end),
            },
            rest: else_start.map(|start| Span {
                start,
                end: range.span.end,
            }),
        });
        let _ = write!(self.program, "{{%for _ in {operation}|r%}}");
        self.call(Operation::Next, 'n');
        self.list(range.body.into_vec());
        self.program.push_str("{%endfor%}");
        let else_body = range
            .else_body
            .map(|part| part.body.into_vec())
            .unwrap_or_default();
        if breaks(&else_body) {
            let operation = self.add(Operation::DoneAsLoop);
            let _ = write!(self.program, "{{%for _ in {operation}|r%}}");
            self.list(else_body);
            self.program.push_str("{%endfor%}");
        } else {
            let operation = self.add(Operation::Done);
            let _ = write!(self.program, "{{%if {operation}|c%}}");
            self.list(else_body);
            self.program.push_str("{%endif%}");
        }
        self.call(Operation::Leave, 'l');
    }
}

/// Whether a `break` stands among the nodes, not counting those of loops inside.
fn breaks(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Break(_) => true,
        Node::If(conditional) | Node::With(conditional) => {
            conditional
                .branches
                .iter()
                .any(|branch| breaks(&branch.body))
                || conditional
                    .else_body
                    .as_ref()
                    .is_some_and(|part| breaks(&part.body))
        }
        _ => false,
    })
}
