//! `if`, `with` and `range`: their branches, and what of their variables lives where.

use super::SyntaxError;
use super::ast::{Branch, Conditional, ElseBody, Node, Pipe, RangeLoop, Span};
use super::parser::Parser;
use super::token::{Token, TokenKind};
use super::variables::Mark;
use std::mem;

/// An `if`, `with` or `range` whose `{{end}}` is still to come.
pub(super) struct OpenBlock {
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
pub(super) enum BlockKind {
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

impl Parser<'_> {
    pub(super) fn open_block(&mut self, delim: Token, kind: BlockKind) -> Result<(), SyntaxError> {
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
    pub(super) fn else_part(&mut self, delim: Token) -> Result<(), SyntaxError> {
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
            self.action_start = None;
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

    pub(super) fn close_block(&mut self, mut block: OpenBlock, close: Token) {
        let else_body = self.end_section(&mut block, Section::Else(close.span()));
        self.tree.variables.end_block(block.before);
        let span = Span {
            start: block.start,
            end: close.end,
        };
        let branches = block.branches.into_boxed_slice();
        let node = match block.kind {
            BlockKind::If => Node::If(Conditional {
                branches,
                else_body,
                span,
            }),
            BlockKind::With => Node::With(Conditional {
                branches,
                else_body,
                span,
            }),
            BlockKind::Range => {
                // A range has exactly one branch.
                let mut branches = branches.into_vec();
                let Some(Branch {
                    pipe,
                    body,
                    span: header,
                }) = branches.pop()
                else {
                    return;
                };
                Node::Range(Box::new(RangeLoop {
                    pipe,
                    body,
                    else_body,
                    header,
                    span,
                }))
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
}
