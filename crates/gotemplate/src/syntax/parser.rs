//! Templates, blocks and actions. Open blocks lie on an explicit stack, so that their nesting costs no call stack.

use super::ast::{
    Action, Body, Define, Jump, Node, NodeList, ParsedFile, Source, Span, TemplateCall,
};
use super::block::{BlockKind, OpenBlock};
use super::lexer::Lexer;
use super::names::Names;
use super::pipeline::Pending;
use super::quote::{INVALID_SYNTAX, quote, unquote};
use super::token::{Token, TokenKind};
use super::token_stream::TokenStream;
use super::variables::Variables;
use super::{MAX_NESTING, SyntaxError};
use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

/// Everything that is known while a file is being parsed.
pub(super) struct Parser<'t> {
    source: Arc<Source>,
    pub(super) tokens: TokenStream<'t>,
    pub(super) names: Names<'t>,
    pub(super) pending: Pending,
    pub(super) is_function: &'t dyn Fn(&str) -> bool,
    /// The template that the next node belongs to.
    pub(super) tree: Tree,
    /// The templates around it, the file's own first.
    outer: Vec<Tree>,
    defines: Vec<Define>,
    /// Where in `defines` a name is.
    define_index: HashMap<Arc<str>, usize>,
    /// Start of the action that is being parsed. As in Go it is forgotten once an action inside a block has ended,
    /// although the block has not.
    pub(super) action_start: Option<u32>,
    /// Open blocks, templates and parentheses.
    depth: usize,
}

/// A template that is being parsed.
pub(super) struct Tree {
    kind: TreeKind,
    /// The innermost open list.
    pub(super) nodes: Vec<Node>,
    pub(super) blocks: Vec<OpenBlock>,
    pub(super) variables: Variables,
    /// Bodies of `range` that are open in this template.
    pub(super) range_depth: usize,
}

enum TreeKind {
    /// The file itself.
    File,
    Define(Header),
    Block(Header),
}

/// What a `define` or `block` action says.
struct Header {
    name: Arc<str>,
    /// Offset of its `{{`.
    start: u32,
    /// Start of the surrounding template's last token.
    last_start: u32,
}

impl<'t> Parser<'t> {
    pub(super) fn new(name: &str, text: &'t [u8], is_function: &'t dyn Fn(&str) -> bool) -> Self {
        let mut names = Names::default();
        let tree = Tree::new(TreeKind::File, names.intern(b"$"));
        Self {
            source: Arc::new(Source {
                name: name.into(),
                text: text.into(),
            }),
            tokens: TokenStream::new(Lexer::new(text, is_function)),
            names,
            pending: Pending::default(),
            is_function,
            tree,
            outer: Vec::new(),
            defines: Vec::new(),
            define_index: HashMap::new(),
            action_start: None,
            depth: 0,
        }
    }

    /// Parses the whole text.
    pub(super) fn parse(mut self) -> Result<ParsedFile, SyntaxError> {
        loop {
            let token = self.tokens.next_non_space();
            match token.kind {
                TokenKind::Text => self.tree.nodes.push(Node::Text(token.span())),
                TokenKind::LeftDelim => self.action(token)?,
                TokenKind::Eof if self.is_top_level() => return self.finish(),
                TokenKind::Eof => return Err(self.error("unexpected EOF".into())),
                _ => return Err(self.unexpected(token, "input")),
            }
        }
    }

    /// An error at the current line.
    pub(super) fn error(&self, message: String) -> SyntaxError {
        self.error_at(self.tokens.last_start(), message)
    }

    fn error_at(&self, offset: u32, message: String) -> SyntaxError {
        SyntaxError {
            message,
            line: self.line_of(offset),
        }
    }

    /// The error of a token that does not belong here; what the lexer found wrong goes first.
    pub(super) fn unexpected(&self, token: Token, context: &str) -> SyntaxError {
        if token.kind != TokenKind::Error {
            return self.error(format!(
                "unexpected {} in {context}",
                token.describe(self.tokens.text())
            ));
        }
        let message = self.tokens.failure();
        let action_line = self.action_start.map(|start| self.line_of(start));
        match action_line.filter(|&line| line != self.line_of(token.start)) {
            None => self.error(message.into()),
            Some(line) => {
                let name = &self.source.name;
                let place = if message.ends_with(" action") {
                    ""
                } else {
                    " in action"
                };
                self.error(format!("{message}{place} started at {name}:{line}"))
            }
        }
    }

    fn line_of(&self, offset: u32) -> u32 {
        let (line, _) = self.source.line_and_column(offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// Counts one more level of nesting.
    pub(super) fn enter(&mut self) -> Result<(), SyntaxError> {
        if self.depth >= MAX_NESTING {
            return Err(self.error(format!(
                "blocks and parentheses nest more than {MAX_NESTING} levels deep"
            )));
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// The value of a string literal.
    pub(super) fn unquote(&self, literal: Token) -> Result<Vec<u8>, SyntaxError> {
        unquote(literal.slice(self.tokens.text())).ok_or_else(|| self.error(INVALID_SYNTAX.into()))
    }

    /// An action; its left delimiter is `delim`.
    fn action(&mut self, delim: Token) -> Result<(), SyntaxError> {
        let word = self.tokens.next_non_space();
        if word.kind == TokenKind::Define && self.is_top_level() {
            return self.open_define(delim);
        }
        self.action_start = Some(delim.start);
        match word.kind {
            TokenKind::If => return self.open_block(delim, BlockKind::If),
            TokenKind::With => return self.open_block(delim, BlockKind::With),
            TokenKind::Range => return self.open_block(delim, BlockKind::Range),
            TokenKind::Block => self.open_block_template(delim)?,
            TokenKind::Break | TokenKind::Continue => self.jump(delim, word)?,
            TokenKind::Else => self.else_part(delim)?,
            TokenKind::End => self.end()?,
            TokenKind::Template => self.template_call(delim)?,
            _ => {
                self.tokens.put_back(word);
                let (pipe, close) = self.pipeline("command", TokenKind::RightDelim)?;
                let span = delim.span().to(close);
                self.tree.nodes.push(Node::Action(Action { pipe, span }));
            }
        }
        self.action_start = None;
        Ok(())
    }

    fn jump(&mut self, delim: Token, word: Token) -> Result<(), SyntaxError> {
        let (text, node): (_, fn(Jump) -> Node) = match word.kind {
            TokenKind::Break => ("{{break}}", Node::Break),
            _ => ("{{continue}}", Node::Continue),
        };
        let close = self.expect(TokenKind::RightDelim, text)?;
        if self.tree.range_depth == 0 {
            return Err(self.error(format!("{text} outside {{{{range}}}}")));
        }
        self.tree.nodes.push(node(Jump {
            pos: word.start,
            span: delim.span().to(close),
        }));
        Ok(())
    }

    fn template_call(&mut self, delim: Token) -> Result<(), SyntaxError> {
        const CONTEXT: &str = "template clause";
        let (name, pos) = self.template_name(CONTEXT)?;
        let next = self.tokens.next_non_space();
        let (pipe, close) = if next.kind == TokenKind::RightDelim {
            (None, next)
        } else {
            self.tokens.put_back(next);
            let (pipe, close) = self.pipeline(CONTEXT, TokenKind::RightDelim)?;
            (Some(pipe), close)
        };
        let span = delim.span().to(close);
        self.tree.nodes.push(Node::Template(Box::new(TemplateCall {
            name,
            pipe,
            pos,
            span,
        })));
        Ok(())
    }

    /// `block`: a call in this template, and a new template that follows.
    fn open_block_template(&mut self, delim: Token) -> Result<(), SyntaxError> {
        const CONTEXT: &str = "block clause";
        let (name, pos) = self.template_name(CONTEXT)?;
        let (pipe, close) = self.pipeline(CONTEXT, TokenKind::RightDelim)?;
        let span = delim.span().to(close);
        let call = TemplateCall {
            name: Arc::clone(&name),
            pipe: Some(pipe),
            pos,
            span,
        };
        self.tree.nodes.push(Node::Template(Box::new(call)));
        let last_start = self.tokens.last_start();
        self.open_tree(TreeKind::Block(Header {
            name,
            start: delim.start,
            last_start,
        }))
    }

    fn open_define(&mut self, delim: Token) -> Result<(), SyntaxError> {
        const CONTEXT: &str = "define clause";
        let (name, _) = self.template_name(CONTEXT)?;
        self.expect(TokenKind::RightDelim, CONTEXT)?;
        let last_start = self.tokens.last_start();
        self.open_tree(TreeKind::Define(Header {
            name,
            start: delim.start,
            last_start,
        }))
    }

    fn open_tree(&mut self, kind: TreeKind) -> Result<(), SyntaxError> {
        self.enter()?;
        let tree = Tree::new(kind, self.names.intern(b"$"));
        self.outer.push(mem::replace(&mut self.tree, tree));
        Ok(())
    }

    fn template_name(&mut self, context: &str) -> Result<(Arc<str>, u32), SyntaxError> {
        let token = self.tokens.next_non_space();
        if !matches!(token.kind, TokenKind::String | TokenKind::RawString) {
            return Err(self.unexpected(token, context));
        }
        let name = self.unquote(token)?;
        Ok((String::from_utf8_lossy(&name).into(), token.start))
    }

    pub(super) fn else_without_block(&self) -> SyntaxError {
        match &self.tree.kind {
            TreeKind::File => self.error("unexpected {{else}}".into()),
            TreeKind::Define(_) => self.error("unexpected {{else}} in define clause".into()),
            TreeKind::Block(header) => self.error_at(
                header.last_start,
                "unexpected {{else}} in block clause".into(),
            ),
        }
    }

    fn end(&mut self) -> Result<(), SyntaxError> {
        let close = self.expect(TokenKind::RightDelim, "end")?;
        if let Some(block) = self.tree.blocks.pop() {
            self.leave();
            self.close_block(block, close);
            return Ok(());
        }
        let Some(outer) = self.outer.pop() else {
            return Err(self.error("unexpected {{end}}".into()));
        };
        self.leave();
        let tree = mem::replace(&mut self.tree, outer);
        self.close_tree(tree, close)
    }

    /// Adds the template of a `define` or `block` that has ended.
    fn close_tree(&mut self, tree: Tree, close: Token) -> Result<(), SyntaxError> {
        let (TreeKind::Define(header) | TreeKind::Block(header)) = tree.kind else {
            return Ok(());
        };
        let span = Span {
            start: header.start,
            end: close.end,
        };
        let body = self.body(tree.nodes, tree.variables);
        let define = Define {
            name: header.name,
            body,
            span,
        };
        match self
            .define_index
            .get(&define.name)
            .and_then(|&index| self.defines.get_mut(index))
        {
            None => {
                self.define_index
                    .insert(Arc::clone(&define.name), self.defines.len());
                self.defines.push(define);
            }
            Some(known) if known.body.is_empty => *known = define,
            Some(_) if define.body.is_empty => {}
            Some(_) => return Err(self.defined_twice(&define.name)),
        }
        Ok(())
    }

    fn finish(mut self) -> Result<ParsedFile, SyntaxError> {
        let nodes = mem::take(&mut self.tree.nodes);
        let variables = mem::replace(
            &mut self.tree.variables,
            Variables::new(self.names.intern(b"$")),
        );
        let mut main = self.body(nodes, variables);
        if let Some(&index) = self.define_index.get(&*self.source.name) {
            let define = self.defines.remove(index);
            match (define.body.is_empty, main.is_empty) {
                (true, _) => {}
                (false, true) => main = define.body,
                (false, false) => return Err(self.defined_twice(&define.name)),
            }
        }
        Ok(ParsedFile {
            main,
            defines: self.defines,
        })
    }

    fn defined_twice(&self, name: &str) -> SyntaxError {
        self.error(format!(
            "template: multiple definition of template {}",
            quote(name.as_bytes())
        ))
    }

    fn body(&self, nodes: Vec<Node>, variables: Variables) -> Body {
        let nodes: NodeList = nodes.into_boxed_slice();
        let is_blank = |node: &Node| match node {
            Node::Text(span) => std::str::from_utf8(self.source.slice(*span))
                .is_ok_and(|text| text.trim().is_empty()),
            _ => false,
        };
        let is_empty = nodes.iter().all(is_blank);
        Body {
            source: Arc::clone(&self.source),
            nodes,
            slots: variables.into_slots(),
            is_empty,
        }
    }

    fn expect(&mut self, kind: TokenKind, context: &str) -> Result<Token, SyntaxError> {
        let token = self.tokens.next_non_space();
        if token.kind == kind {
            Ok(token)
        } else {
            Err(self.unexpected(token, context))
        }
    }

    fn is_top_level(&self) -> bool {
        self.outer.is_empty() && self.tree.blocks.is_empty()
    }
}

impl Tree {
    fn new(kind: TreeKind, dollar: Arc<str>) -> Self {
        Self {
            kind,
            nodes: Vec::new(),
            blocks: Vec::new(),
            variables: Variables::new(dollar),
            range_depth: 0,
        }
    }
}

impl Span {
    /// From the start of this one to the end of a token.
    pub(super) fn to(self, last: Token) -> Self {
        Self {
            start: self.start,
            end: last.end,
        }
    }
}
