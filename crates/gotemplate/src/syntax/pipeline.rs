//! Inside an action: pipelines, commands and operands.

use super::SyntaxError;
use super::ast::{
    Chain, Command, Expr, ExprKind, Idents, Number, Pipe, StringLiteral, VarDecl, Variable,
};
use super::number::{parse_char, parse_complex, parse_number};
use super::parser::Parser;
use super::print::expr_text;
use super::quote::quote;
use super::token::{Token, TokenKind};
use std::sync::Arc;

/// The context of a pipeline in parentheses, as error texts call it.
const PARENTHESIZED: &str = "parenthesized pipeline";

/// Parts of unfinished nodes, as stacks: a node's parts move from the top of the stack into the node at once, in a
/// single allocation of the right size.
#[derive(Default)]
pub(super) struct Pending {
    cmds: Vec<Command>,
    args: Vec<Expr>,
    fields: Vec<Arc<str>>,
}

fn take_from<T>(stack: &mut Vec<T>, first: usize) -> Box<[T]> {
    stack.drain(first..).collect()
}

/// What stands on the left of `:=` or `=`.
#[derive(Default)]
struct Declarations {
    variables: Vec<Token>,
    is_assign: bool,
}

impl Parser<'_> {
    /// A pipeline up to the token that ends it, which is returned with it. `context` is for error texts.
    pub(super) fn pipeline(
        &mut self,
        context: &str,
        end: TokenKind,
    ) -> Result<(Pipe, Token), SyntaxError> {
        let pos = self.tokens.peek_non_space().start;
        let declarations = self.declarations(context)?;
        let first = self.pending.cmds.len();
        let close = loop {
            let token = self.tokens.next_non_space();
            if token.kind == end {
                break token;
            }
            if !token.kind.starts_operand() {
                return Err(self.unexpected(token, context));
            }
            self.tokens.put_back(token);
            let command = self.command()?;
            self.pending.cmds.push(command);
        };
        let cmds = take_from(&mut self.pending.cmds, first);
        self.check_commands(&cmds, context)?;
        let is_assign = declarations.is_assign;
        let decls = self.bind(declarations, context == PARENTHESIZED);
        Ok((
            Pipe {
                pos,
                is_assign,
                decls,
                cmds,
            },
            close,
        ))
    }

    /// Variables and `:=` or `=`, if the pipeline begins with them. A variable that turns out to be an operand
    /// is put back; a space after it matters to the command and is put back, too.
    fn declarations(&mut self, context: &str) -> Result<Declarations, SyntaxError> {
        let mut found = Declarations::default();
        loop {
            let variable = self.tokens.next_non_space();
            if variable.kind != TokenKind::Variable {
                self.tokens.put_back(variable);
                return Ok(found);
            }
            let adjacent = self.tokens.next();
            let follower = if adjacent.kind == TokenKind::Space {
                self.tokens.next_non_space()
            } else {
                adjacent
            };
            match follower.kind {
                TokenKind::Assign | TokenKind::Declare => {
                    found.is_assign = follower.kind == TokenKind::Assign;
                    self.mention(&mut found, variable);
                    return Ok(found);
                }
                TokenKind::Char if follower.slice(self.tokens.text()) == b"," => {
                    self.mention(&mut found, variable);
                    self.check_comma(context, found.variables.len())?;
                }
                _ => {
                    self.tokens.put_back(follower);
                    if adjacent.kind == TokenKind::Space {
                        self.tokens.put_back(adjacent);
                    }
                    self.tokens.put_back(variable);
                    return Ok(found);
                }
            }
        }
    }

    fn mention(&mut self, found: &mut Declarations, variable: Token) {
        found.variables.push(variable);
        let name = self.names.intern(variable.slice(self.tokens.text()));
        self.tree.variables.mention(name);
    }

    /// Only `range` may declare two variables, and only one more may follow the comma.
    fn check_comma(&mut self, context: &str, count: usize) -> Result<(), SyntaxError> {
        if context != "range" || count >= 2 {
            return Err(self.error(format!("too many declarations in {context}")));
        }
        match self.tokens.peek_non_space().kind {
            TokenKind::Variable | TokenKind::RightDelim | TokenKind::RightParen => Ok(()),
            _ => Err(self.error("range can only initialize variables".into())),
        }
    }

    /// Finds or makes the variables' slots, now that the pipeline's own uses are resolved.
    fn bind(&mut self, declarations: Declarations, in_parentheses: bool) -> Box<[VarDecl]> {
        let Declarations {
            variables,
            is_assign,
        } = declarations;
        let mut bind_one = |token: Token| {
            let name = self.names.intern(token.slice(self.tokens.text()));
            let slot = if is_assign {
                self.tree.variables.resolve(&name)
            } else {
                self.tree
                    .variables
                    .declare(Arc::clone(&name), in_parentheses)
            };
            VarDecl { slot, name }
        };
        variables.into_iter().map(&mut bind_one).collect()
    }

    fn check_commands(&self, cmds: &[Command], context: &str) -> Result<(), SyntaxError> {
        if cmds.is_empty() {
            return Err(self.error(format!("missing value for {context}")));
        }
        let is_constant = |command: &Command| {
            matches!(
                command.args.first().map(|first| &first.kind),
                Some(
                    ExprKind::Bool(_)
                        | ExprKind::Dot
                        | ExprKind::Nil
                        | ExprKind::Number(_)
                        | ExprKind::String(_)
                )
            )
        };
        match cmds.iter().skip(1).position(is_constant) {
            None => Ok(()),
            Some(index) => Err(self.error(format!(
                "non executable command in pipeline stage {}",
                index + 2
            ))),
        }
    }

    /// Operands up to a `|`, which is consumed, or the end of the pipeline, which is not.
    fn command(&mut self) -> Result<Command, SyntaxError> {
        let pos = self.tokens.peek_non_space().start;
        let first = self.pending.args.len();
        loop {
            let operand = self.operand()?;
            self.pending.args.extend(operand);
            let token = self.tokens.next();
            match token.kind {
                TokenKind::Space => {}
                TokenKind::Pipe => break,
                TokenKind::RightDelim | TokenKind::RightParen => {
                    self.tokens.put_back(token);
                    break;
                }
                _ => return Err(self.unexpected(token, "operand")),
            }
        }
        let args = take_from(&mut self.pending.args, first);
        if args.is_empty() {
            return Err(self.error("empty command".into()));
        }
        Ok(Command { pos, args })
    }

    /// A term and the fields that follow it without a space; `None` if the next token begins none.
    ///
    /// Fields and variables absorb more fields and move to the position of the first of them, as in Go.
    fn operand(&mut self) -> Result<Option<Expr>, SyntaxError> {
        let Some(term) = self.term()? else {
            return Ok(None);
        };
        let more = self.tokens.peek();
        if more.kind != TokenKind::Field {
            return Ok(Some(term));
        }
        let pos = more.start;
        let kind = match term.kind {
            ExprKind::Field(known) => ExprKind::Field(self.fields_after(known)),
            ExprKind::Variable(variable) => {
                let fields = self.fields_after(variable.fields);
                ExprKind::Variable(Variable { fields, ..variable })
            }
            ExprKind::Identifier(_) | ExprKind::Pipe(_) | ExprKind::Chain(_) => {
                let fields = self.fields_after(Idents::default());
                ExprKind::Chain(Box::new(Chain { node: term, fields }))
            }
            ExprKind::Dot
            | ExprKind::Nil
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::String(_) => {
                self.fields_after(Idents::default());
                let written = quote(&expr_text(self.tokens.text(), &term));
                return Err(self.error(format!("unexpected . after term {written}")));
            }
        };
        Ok(Some(Expr { pos, kind }))
    }

    /// These fields and those that come next.
    fn fields_after(&mut self, known: Idents) -> Idents {
        let first = self.pending.fields.len();
        self.pending.fields.extend(known);
        loop {
            let token = self.tokens.next();
            if token.kind != TokenKind::Field {
                self.tokens.put_back(token);
                return take_from(&mut self.pending.fields, first);
            }
            let name = self.field_name(token);
            self.pending.fields.push(name);
        }
    }

    fn term(&mut self) -> Result<Option<Expr>, SyntaxError> {
        let token = self.tokens.next_non_space();
        let written = token.slice(self.tokens.text());
        let kind = match token.kind {
            TokenKind::Identifier => self.function(token)?,
            TokenKind::Dot => ExprKind::Dot,
            TokenKind::Nil => ExprKind::Nil,
            TokenKind::Variable => self.variable(token)?,
            TokenKind::Field => ExprKind::Field([self.field_name(token)].into()),
            TokenKind::Bool => ExprKind::Bool(written == b"true"),
            TokenKind::CharConstant => self.number(parse_char(written))?,
            TokenKind::Complex => self.number(parse_complex(written))?,
            TokenKind::Number => self.number(parse_number(written))?,
            TokenKind::LeftParen => {
                self.enter()?;
                let (pipe, _) = self.pipeline(PARENTHESIZED, TokenKind::RightParen)?;
                self.leave();
                // The parentheses are no node of their own in Go: the position is the pipeline's.
                return Ok(Some(Expr {
                    pos: pipe.pos,
                    kind: ExprKind::Pipe(Box::new(pipe)),
                }));
            }
            TokenKind::String | TokenKind::RawString => {
                let value = self.unquote(token)?.into();
                ExprKind::String(StringLiteral {
                    value,
                    quoted: token.span(),
                })
            }
            _ => {
                self.tokens.put_back(token);
                return Ok(None);
            }
        };
        Ok(Some(Expr {
            pos: token.start,
            kind,
        }))
    }

    fn number(&self, parsed: Result<Number, String>) -> Result<ExprKind, SyntaxError> {
        parsed
            .map(|number| ExprKind::Number(Box::new(number)))
            .map_err(|message| self.error(message))
    }

    fn function(&mut self, token: Token) -> Result<ExprKind, SyntaxError> {
        let name = self.names.intern(token.slice(self.tokens.text()));
        if (self.is_function)(&name) {
            return Ok(ExprKind::Identifier(name));
        }
        Err(self.error(format!("function {} not defined", quote(name.as_bytes()))))
    }

    fn variable(&mut self, token: Token) -> Result<ExprKind, SyntaxError> {
        let written = token.slice(self.tokens.text());
        if !self.tree.variables.is_mentioned(written) {
            return Err(self.error(format!("undefined variable {}", quote(written))));
        }
        let name = self.names.intern(written);
        let slot = self.tree.variables.resolve(&name);
        Ok(ExprKind::Variable(Variable {
            slot,
            name,
            fields: Idents::default(),
        }))
    }

    /// The name without its dot.
    fn field_name(&mut self, token: Token) -> Arc<str> {
        self.names
            .intern(token.slice(self.tokens.text()).get(1..).unwrap_or_default())
    }
}
