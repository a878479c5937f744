//! Inside an action: pipelines, commands and operands.

use super::SyntaxError;
use super::ast::{Chain, Command, Expr, ExprKind, Idents, Number, Pipe, StringLiteral, VarDecl, Variable};
use super::number::{parse_char, parse_complex, parse_number};
use super::parser::Parser;
use super::print::expr_text;
use super::quote::quote;
use super::token::{Token, TokenKind};
use std::sync::Arc;

/// The context of a pipeline in parentheses, as error texts call it.
const PARENTHESIZED: &str = "parenthesized pipeline";

/// What stands on the left of `:=` or `=`.
#[derive(Default)]
struct Declarations {
    variables: Vec<Token>,
    is_assign: bool,
}

impl Parser<'_> {
    /// A pipeline up to the token that ends it, which is returned with it. `context` is for error texts.
    pub(super) fn pipeline(&mut self, context: &str, end: TokenKind) -> Result<(Pipe, Token), SyntaxError> {
        let pos = self.tokens.peek_non_space().start;
        let declarations = self.declarations(context)?;
        let mut cmds = Vec::new();
        let close = loop {
            let token = self.tokens.next_non_space();
            if token.kind == end {
                break token;
            }
            if !token.kind.starts_operand() {
                return Err(self.unexpected(token, context));
            }
            self.tokens.put_back(token);
            cmds.push(self.command()?);
        };
        self.check_commands(&cmds, context)?;
        let is_assign = declarations.is_assign;
        let decls = self.bind(declarations, context == PARENTHESIZED);
        Ok((Pipe { pos, is_assign, decls, cmds: cmds.into_boxed_slice() }, close))
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
            let follower =
                if adjacent.kind == TokenKind::Space { self.tokens.next_non_space() } else { adjacent };
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
        let Declarations { variables, is_assign } = declarations;
        let mut bind_one = |token: Token| {
            let name = self.names.intern(token.slice(self.tokens.text()));
            let slot = if is_assign {
                self.tree.variables.resolve(&name)
            } else {
                self.tree.variables.declare(Arc::clone(&name), in_parentheses)
            };
            VarDecl { pos: token.start, slot, name }
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
            Some(index) => {
                Err(self.error(format!("non executable command in pipeline stage {}", index + 2)))
            }
        }
    }

    /// Operands up to a `|`, which is consumed, or the end of the pipeline, which is not.
    fn command(&mut self) -> Result<Command, SyntaxError> {
        let pos = self.tokens.peek_non_space().start;
        let mut args = Vec::new();
        loop {
            args.extend(self.operand()?);
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
        if args.is_empty() {
            return Err(self.error("empty command".into()));
        }
        Ok(Command { pos, args: args.into_boxed_slice() })
    }

    /// A term and the fields that follow it without a space; `None` if the next token begins none.
    fn operand(&mut self) -> Result<Option<Expr>, SyntaxError> {
        let Some(term) = self.term()? else { return Ok(None) };
        let first = self.tokens.peek();
        if first.kind != TokenKind::Field {
            return Ok(Some(term));
        }
        let mut fields = Vec::new();
        while self.tokens.peek().kind == TokenKind::Field {
            let field = self.tokens.next();
            fields.push(self.field_name(field));
        }
        self.with_fields(term, fields, first.start).map(Some)
    }

    /// Fields and variables absorb more fields and move to the position of the first of them, as in Go.
    fn with_fields(&self, term: Expr, more: Vec<Arc<str>>, pos: u32) -> Result<Expr, SyntaxError> {
        let join = |fields: Idents| fields.into_iter().chain(more.iter().cloned()).collect::<Idents>();
        let kind = match term.kind {
            ExprKind::Field(fields) => ExprKind::Field(join(fields)),
            ExprKind::Variable(variable) => {
                let fields = join(variable.fields);
                ExprKind::Variable(Variable { fields, ..variable })
            }
            ExprKind::Identifier(_) | ExprKind::Pipe(_) | ExprKind::Chain(_) => {
                ExprKind::Chain(Box::new(Chain { node: term, fields: more.into() }))
            }
            ExprKind::Dot | ExprKind::Nil | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) => {
                let written = quote(&expr_text(self.tokens.text(), &term));
                return Err(self.error(format!("unexpected . after term {written}")));
            }
        };
        Ok(Expr { pos, kind })
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
                return Ok(Some(Expr { pos: pipe.pos, kind: ExprKind::Pipe(Box::new(pipe)) }));
            }
            TokenKind::String | TokenKind::RawString => {
                let value = self.unquote(token)?.into();
                ExprKind::String(StringLiteral { value, quoted: token.span() })
            }
            _ => {
                self.tokens.put_back(token);
                return Ok(None);
            }
        };
        Ok(Some(Expr { pos: token.start, kind }))
    }

    fn number(&self, parsed: Result<Number, String>) -> Result<ExprKind, SyntaxError> {
        parsed.map(|number| ExprKind::Number(Box::new(number))).map_err(|message| self.error(message))
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
        Ok(ExprKind::Variable(Variable { slot, name, fields: Idents::default() }))
    }

    /// The name without its dot.
    fn field_name(&mut self, token: Token) -> Arc<str> {
        self.names.intern(token.slice(self.tokens.text()).get(1..).unwrap_or_default())
    }
}
