//! Tests of the whole syntax: what Go said of the same templates, scopes, and input made to break things.

mod files;
mod recorded;
mod robustness;
mod slots;

use super::ast::{Expr, ExprKind, Node, NodeList, NodeRef, Pipe};
use super::{SyntaxError, ast::ParsedFile};

/// The name that the recorded cases were parsed under.
const NAME: &str = "c/t.yaml";

/// Names that count as functions in these tests.
const FUNCTIONS: [&str; 13] = [
    "and", "dict", "eq", "include", "index", "int", "list", "lookup", "not", "or", "printf",
    "quote", "upper",
];

fn parse(text: impl AsRef<[u8]>) -> Result<ParsedFile, SyntaxError> {
    super::parse(NAME, text.as_ref(), &|name| FUNCTIONS.contains(&name))
}

fn parse_ok(text: impl AsRef<[u8]>) -> ParsedFile {
    parse(&text).unwrap_or_else(|error| {
        let text = String::from_utf8_lossy(text.as_ref());
        panic!("line {}: {error}: {text}", error.line)
    })
}

/// Shows every node to `visit` in the order of the text.
fn walk<'a>(nodes: &'a NodeList, visit: &mut dyn FnMut(NodeRef<'a>)) {
    for node in nodes {
        visit(NodeRef::Node(node));
        match node {
            Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
            Node::Action(action) => walk_pipe(&action.pipe, visit),
            Node::Template(call) => call.pipe.iter().for_each(|pipe| walk_pipe(pipe, visit)),
            Node::If(conditional) | Node::With(conditional) => {
                for branch in &conditional.branches {
                    walk_pipe(&branch.pipe, visit);
                    walk(&branch.body, visit);
                }
                conditional
                    .else_body
                    .iter()
                    .for_each(|part| walk(&part.body, visit));
            }
            Node::Range(range) => {
                walk_pipe(&range.pipe, visit);
                walk(&range.body, visit);
                range
                    .else_body
                    .iter()
                    .for_each(|part| walk(&part.body, visit));
            }
        }
    }
}

fn walk_pipe<'a>(pipe: &'a Pipe, visit: &mut dyn FnMut(NodeRef<'a>)) {
    visit(NodeRef::Pipe(pipe));
    for command in &pipe.cmds {
        visit(NodeRef::Command(command));
        for arg in &command.args {
            walk_expr(arg, visit);
        }
    }
}

fn walk_expr<'a>(expr: &'a Expr, visit: &mut dyn FnMut(NodeRef<'a>)) {
    visit(NodeRef::Expr(expr));
    match &expr.kind {
        ExprKind::Chain(chain) => walk_expr(&chain.node, visit),
        ExprKind::Pipe(pipe) => walk_pipe(pipe, visit),
        _ => {}
    }
}
