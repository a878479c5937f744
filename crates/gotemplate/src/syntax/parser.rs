//! Templates, blocks and actions. Open blocks lie on an explicit stack, so that their nesting costs no call stack.

use super::ast::{
    Action, Body, Branch, Conditional, Define, ElseBody, Jump, Node, NodeList, ParsedFile, Pipe, RangeLoop, Source,
    Span, TemplateCall,
};
use super::lexer::Lexer;
use super::names::Names;
use super::quote::{INVALID_SYNTAX, quote, unquote};
use super::token::{Token, TokenKind};
use super::token_stream::TokenStream;
use super::variables::{Mark, Variables};
use super::{MAX_NESTING, SyntaxError};
use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

/// Everything that is known while a file is being parsed.
pub(super) struct Parser<'t> {
    source: Arc<Source>,
    pub(super) tokens: TokenStream<'t>,
    pub(super) names: Names<'t>,
    pub(super) is_function: &'t dyn Fn(&str) -> bool,
    /// The template that the next node belongs to.
    pub(super) tree: Tree,
    /// The templates around it, the file's own first.
    outer: Vec<Tree>,
    defines: Vec<Define>,
    /// Where in `defines` a name is.
    define_index: HashMap<Arc<str>, usize>,
    /// Line of the action that is being parsed, or 0. As in Go it is forgotten once an action inside a block has
    /// ended, although the block has not.
    action_line: u32,
    /// Open blocks, templates and parentheses.
    depth: usize,
}

/// A template that is being parsed.
pub(super) struct Tree {
    kind: TreeKind,
    /// The innermost open list.
    nodes: Vec<Node>,
    blocks: Vec<OpenBlock>,
    pub(super) variables: Variables,
    /// Bodies of `range` that are open in this template.
    range_depth: usize,
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
    pos: u32,
    /// Offset of its `{{`.
    start: u32,
    /// Line of the surrounding template's last token.
    last_line: u32,
}

/// An `if`, `with` or `range` whose `{{end}}` is still to come.
struct OpenBlock {
    kind: BlockKind,
    /// Offset of its `{{`.
    start: u32,
    /// The list in which the block stands.
    outer: Vec<Node>,
    /// Branches that are complete.
    branches: Vec<Branch>,
    section: Section,
    /// Variables before the block.
    before: Mark,
    /// Variables after the pipeline of the latest branch: what an `else` part sees.
    after_pipe: Mark,
}

/// The part of a block that is being parsed, and its opening action.
enum Section {
    Branch(Pipe, Span),
    Else(Span),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BlockKind {
    If,
    With,
    Range,
}

impl BlockKind {
    fn word(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }
}

impl<'t> Parser<'t> {
    pub(super) fn new(name: &str, text: &'t [u8], is_function: &'t dyn Fn(&str) -> bool) -> Self {
        let mut names = Names::default();
        let tree = Tree::new(TreeKind::File, names.intern(b"$"));
        Self {
            source: Arc::new(Source { name: name.into(), text: text.into() }),
            tokens: TokenStream::new(Lexer::new(text, is_function)),
            names,
            is_function,
            tree,
            outer: Vec::new(),
            defines: Vec::new(),
            define_index: HashMap::new(),
            action_line: 0,
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
        SyntaxError { message, line: self.tokens.last_line() }
    }

    /// The error of a token that does not belong here; what the lexer found wrong goes first.
    pub(super) fn unexpected(&self, token: Token, context: &str) -> SyntaxError {
        if token.kind != TokenKind::Error {
            return self.error(format!("unexpected {} in {context}", token.describe(self.tokens.text())));
        }
        let message = self.tokens.failure();
        if self.action_line == 0 || self.action_line == token.line {
            return self.error(message.into());
        }
        let (name, line) = (&self.source.name, self.action_line);
        let place = if message.ends_with(" action") { "" } else { " in action" };
        self.error(format!("{message}{place} started at {name}:{line}"))
    }

    /// Counts one more level of nesting.
    pub(super) fn enter(&mut self) -> Result<(), SyntaxError> {
        if self.depth >= MAX_NESTING {
            return Err(self.error(format!("blocks and parentheses nest more than {MAX_NESTING} levels deep")));
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
        self.action_line = delim.line;
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
        self.action_line = 0;
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
        self.tree.nodes.push(node(Jump { pos: word.start, span: delim.span().to(close) }));
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
        self.tree.nodes.push(Node::Template(Box::new(TemplateCall { name, pipe, pos, span })));
        Ok(())
    }

    /// `block`: a call in this template, and a new template that follows.
    fn open_block_template(&mut self, delim: Token) -> Result<(), SyntaxError> {
        const CONTEXT: &str = "block clause";
        let (name, pos) = self.template_name(CONTEXT)?;
        let (pipe, close) = self.pipeline(CONTEXT, TokenKind::RightDelim)?;
        let span = delim.span().to(close);
        let call = TemplateCall { name: Arc::clone(&name), pipe: Some(pipe), pos, span };
        self.tree.nodes.push(Node::Template(Box::new(call)));
        let last_line = self.tokens.last_line();
        self.open_tree(TreeKind::Block(Header { name, pos, start: delim.start, last_line }))
    }

    fn open_define(&mut self, delim: Token) -> Result<(), SyntaxError> {
        const CONTEXT: &str = "define clause";
        let (name, pos) = self.template_name(CONTEXT)?;
        self.expect(TokenKind::RightDelim, CONTEXT)?;
        let last_line = self.tokens.last_line();
        self.open_tree(TreeKind::Define(Header { name, pos, start: delim.start, last_line }))
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

    fn open_block(&mut self, delim: Token, kind: BlockKind) -> Result<(), SyntaxError> {
        self.enter()?;
        let before = self.tree.variables.mark();
        let (pipe, close) = self.pipeline(kind.word(), TokenKind::RightDelim)?;
        if kind == BlockKind::Range {
            self.tree.range_depth += 1;
        }
        let block = OpenBlock {
            kind,
            start: delim.start,
            outer: mem::take(&mut self.tree.nodes),
            branches: Vec::new(),
            section: Section::Branch(pipe, delim.span().to(close)),
            before,
            after_pipe: self.tree.variables.mark(),
        };
        self.tree.blocks.push(block);
        Ok(())
    }

    /// `else`, alone or before `if` or `with`.
    fn else_part(&mut self, delim: Token) -> Result<(), SyntaxError> {
        let next = self.tokens.next_non_space();
        let chained = matches!(next.kind, TokenKind::If | TokenKind::With);
        if !chained && next.kind != TokenKind::RightDelim {
            return Err(self.unexpected(next, "else"));
        }
        let Some(mut block) = self.tree.blocks.pop() else {
            return Err(self.else_without_block());
        };
        if matches!(block.section, Section::Else(_)) {
            return Err(self.error("expected end; found {{else}}".into()));
        }
        let continues = match block.kind {
            BlockKind::If => next.kind == TokenKind::If,
            BlockKind::With => next.kind == TokenKind::With,
            BlockKind::Range => false,
        };
        let else_span = delim.span().to(next);
        self.end_section(&mut block, Section::Else(else_span));
        if continues {
            // Go has left the `else` action here, so errors of what follows do not tell where the action started.
            self.action_line = 0;
            let (pipe, close) = self.pipeline(block.kind.word(), TokenKind::RightDelim)?;
            block.section = Section::Branch(pipe, delim.span().to(close));
            block.after_pipe = self.tree.variables.mark();
        } else if chained {
            // `{{else if}}` where it cannot continue the block: the word stands where text was expected.
            self.tokens.put_back(next);
        }
        self.tree.blocks.push(block);
        Ok(())
    }

    fn else_without_block(&self) -> SyntaxError {
        match &self.tree.kind {
            TreeKind::File => self.error("unexpected {{else}}".into()),
            TreeKind::Define(_) => self.error("unexpected {{else}} in define clause".into()),
            TreeKind::Block(header) => SyntaxError {
                message: "unexpected {{else}} in block clause".into(),
                line: header.last_line,
            },
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

    fn close_block(&mut self, mut block: OpenBlock, close: Token) {
        let else_body = self.end_section(&mut block, Section::Else(close.span()));
        self.tree.variables.end_block(block.before);
        let span = Span { start: block.start, end: close.end };
        let branches = block.branches.into_boxed_slice();
        let node = match block.kind {
            BlockKind::If => Node::If(Conditional { branches, else_body, span }),
            BlockKind::With => Node::With(Conditional { branches, else_body, span }),
            BlockKind::Range => {
                // A range has exactly one branch.
                let mut branches = branches.into_vec();
                let Some(Branch { pipe, body, span: header }) = branches.pop() else { return };
                Node::Range(Box::new(RangeLoop { pipe, body, else_body, header, span }))
            }
        };
        self.tree.nodes = block.outer;
        self.tree.nodes.push(node);
    }

    /// Ends the part of a block that was being parsed. Returns it if it was the `else` part.
    fn end_section(&mut self, block: &mut OpenBlock, next: Section) -> Option<ElseBody> {
        let body = mem::take(&mut self.tree.nodes).into_boxed_slice();
        self.tree.variables.end_branch(block.after_pipe);
        match mem::replace(&mut block.section, next) {
            Section::Else(span) => Some(ElseBody { body, span }),
            Section::Branch(pipe, span) => {
                if block.kind == BlockKind::Range {
                    self.tree.range_depth -= 1;
                }
                block.branches.push(Branch { pipe, body, span });
                None
            }
        }
    }

    /// Adds the template of a `define` or `block` that has ended.
    fn close_tree(&mut self, tree: Tree, close: Token) -> Result<(), SyntaxError> {
        let (TreeKind::Define(header) | TreeKind::Block(header)) = tree.kind else { return Ok(()) };
        let span = Span { start: header.start, end: close.end };
        let body = self.body(tree.nodes, tree.variables);
        let define = Define { name: header.name, body, pos: header.pos, span };
        match self.define_index.get(&define.name).and_then(|&index| self.defines.get_mut(index)) {
            None => {
                self.define_index.insert(Arc::clone(&define.name), self.defines.len());
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
        let variables = mem::replace(&mut self.tree.variables, Variables::new(self.names.intern(b"$")));
        let mut main = self.body(nodes, variables);
        if let Some(&index) = self.define_index.get(&*self.source.name) {
            let define = self.defines.remove(index);
            match (define.body.is_empty, main.is_empty) {
                (true, _) => {}
                (false, true) => main = define.body,
                (false, false) => return Err(self.defined_twice(&define.name)),
            }
        }
        Ok(ParsedFile { main, defines: self.defines })
    }

    fn defined_twice(&self, name: &str) -> SyntaxError {
        self.error(format!("template: multiple definition of template {}", quote(name.as_bytes())))
    }

    fn body(&self, nodes: Vec<Node>, variables: Variables) -> Body {
        let nodes: NodeList = nodes.into_boxed_slice();
        let is_blank = |node: &Node| match node {
            Node::Text(span) => {
                std::str::from_utf8(self.source.slice(*span)).is_ok_and(|text| text.trim().is_empty())
            }
            _ => false,
        };
        let is_empty = nodes.iter().all(is_blank);
        Body { source: Arc::clone(&self.source), nodes, slots: variables.into_slots(), is_empty }
    }

    fn expect(&mut self, kind: TokenKind, context: &str) -> Result<Token, SyntaxError> {
        let token = self.tokens.next_non_space();
        if token.kind == kind { Ok(token) } else { Err(self.unexpected(token, context)) }
    }

    fn is_top_level(&self) -> bool {
        self.outer.is_empty() && self.tree.blocks.is_empty()
    }
}

impl Tree {
    fn new(kind: TreeKind, dollar: Arc<str>) -> Self {
        Self { kind, nodes: Vec::new(), blocks: Vec::new(), variables: Variables::new(dollar), range_depth: 0 }
    }
}

impl Span {
    /// From the start of this one to the end of a token.
    fn to(self, last: Token) -> Self {
        Self { start: self.start, end: last.end }
    }
}
