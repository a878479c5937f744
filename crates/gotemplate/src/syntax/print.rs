//! Nodes as Go prints them, which is what errors show, and the places that errors name.

use super::ast::{
    Branch, Command, Conditional, Expr, ExprKind, Node, NodeRef, Pipe, RangeLoop, Source,
    TemplateCall,
};
use super::quote::quote;
use std::fmt;
use std::sync::Arc;

/// Where an error happened and in what, in Go the result of `Tree.ErrorContext`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErrorContext {
    /// The name that the text was parsed under.
    pub(crate) name: Arc<str>,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Bytes before the node in its line.
    pub(crate) column: usize,
    /// The node, printed in full: Go 1.26 does not cut it.
    pub(crate) text: String,
}

/// Shows the location, `name:line:column`.
impl fmt::Display for ErrorContext {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}", self.name, self.line, self.column)
    }
}

/// What an error at this node says about its place.
pub(crate) fn error_context(source: &Source, node: NodeRef<'_>) -> ErrorContext {
    let (line, column) = source.line_and_column(node.pos());
    let text = String::from_utf8_lossy(&node_text(source, node)).into();
    ErrorContext {
        name: Arc::clone(&source.name),
        line,
        column,
        text,
    }
}

/// The node in Go's canonical form: single spaces, literals as written.
pub(crate) fn node_text(source: &Source, node: NodeRef<'_>) -> Vec<u8> {
    let mut printer = Printer {
        text: &source.text,
        out: Vec::new(),
    };
    match node {
        NodeRef::Node(node) => printer.node(node),
        NodeRef::Pipe(pipe) => printer.pipe(pipe),
        NodeRef::Command(command) => printer.command(command),
        NodeRef::Expr(expr) => printer.expr(expr),
    }
    printer.out
}

/// An operand alone, while its source does not exist yet. A pipeline is printed without its parentheses.
pub(super) fn expr_text(text: &[u8], expr: &Expr) -> Vec<u8> {
    let mut printer = Printer {
        text,
        out: Vec::new(),
    };
    printer.expr(expr);
    printer.out
}

impl Source {
    /// The line of an offset, counted from 1, and the number of bytes before it in that line.
    pub(crate) fn line_and_column(&self, pos: u32) -> (usize, usize) {
        let before = self.text.get(..pos as usize).unwrap_or(&self.text);
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |end| end + 1);
        let lines = before.iter().filter(|&&byte| byte == b'\n').count();
        (lines + 1, before.len() - line_start)
    }
}

struct Printer<'a> {
    text: &'a [u8],
    out: Vec<u8>,
}

impl Printer<'_> {
    fn node(&mut self, node: &Node) {
        match node {
            Node::Text(span) => self
                .out
                .extend_from_slice(self.text.get(span.range()).unwrap_or_default()),
            Node::Action(action) => {
                self.push("{{");
                self.pipe(&action.pipe);
                self.push("}}");
            }
            Node::If(conditional) => self.conditional("if", conditional),
            Node::With(conditional) => self.conditional("with", conditional),
            Node::Range(range) => self.range(range),
            Node::Template(call) => self.template(call),
            Node::Break(_) => self.push("{{break}}"),
            Node::Continue(_) => self.push("{{continue}}"),
        }
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    /// Go nests the later branches in `else` parts, and so shows them.
    fn conditional(&mut self, word: &str, conditional: &Conditional) {
        for (index, Branch { pipe, body, .. }) in conditional.branches.iter().enumerate() {
            if index > 0 {
                self.push("{{else}}");
            }
            self.opening(word, pipe);
            self.nodes(body);
        }
        if let Some(part) = &conditional.else_body {
            self.push("{{else}}");
            self.nodes(&part.body);
        }
        for _ in 0..conditional.branches.len() {
            self.push("{{end}}");
        }
    }

    fn range(&mut self, range: &RangeLoop) {
        self.opening("range", &range.pipe);
        self.nodes(&range.body);
        if let Some(part) = &range.else_body {
            self.push("{{else}}");
            self.nodes(&part.body);
        }
        self.push("{{end}}");
    }

    fn opening(&mut self, word: &str, pipe: &Pipe) {
        self.push("{{");
        self.push(word);
        self.push(" ");
        self.pipe(pipe);
        self.push("}}");
    }

    fn template(&mut self, call: &TemplateCall) {
        self.push("{{template ");
        self.push(&quote(call.name.as_bytes()));
        if let Some(pipe) = &call.pipe {
            self.push(" ");
            self.pipe(pipe);
        }
        self.push("}}");
    }

    fn pipe(&mut self, pipe: &Pipe) {
        for (index, variable) in pipe.decls.iter().enumerate() {
            self.push(if index > 0 { ", " } else { "" });
            self.push(&variable.name);
        }
        match (pipe.decls.is_empty(), pipe.is_assign) {
            (true, _) => {}
            (false, true) => self.push(" = "),
            (false, false) => self.push(" := "),
        }
        for (index, command) in pipe.cmds.iter().enumerate() {
            self.push(if index > 0 { " | " } else { "" });
            self.command(command);
        }
    }

    fn command(&mut self, command: &Command) {
        for (index, arg) in command.args.iter().enumerate() {
            self.push(if index > 0 { " " } else { "" });
            self.operand(arg);
        }
    }

    /// An operand as part of something else: a pipeline needs parentheses.
    fn operand(&mut self, expr: &Expr) {
        if let ExprKind::Pipe(pipe) = &expr.kind {
            self.push("(");
            self.pipe(pipe);
            self.push(")");
        } else {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Dot => self.push("."),
            ExprKind::Nil => self.push("nil"),
            ExprKind::Bool(value) => self.push(if *value { "true" } else { "false" }),
            ExprKind::Number(number) => self.push(&number.text),
            ExprKind::String(string) => {
                self.out
                    .extend_from_slice(self.text.get(string.quoted.range()).unwrap_or_default());
            }
            ExprKind::Identifier(name) => self.push(name),
            ExprKind::Field(fields) => self.fields(fields),
            ExprKind::Variable(variable) => {
                self.push(&variable.name);
                self.fields(&variable.fields);
            }
            ExprKind::Chain(chain) => {
                self.operand(&chain.node);
                self.fields(&chain.fields);
            }
            ExprKind::Pipe(pipe) => self.pipe(pipe),
        }
    }

    fn fields(&mut self, fields: &[Arc<str>]) {
        for field in fields {
            self.push(".");
            self.push(field);
        }
    }

    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}
