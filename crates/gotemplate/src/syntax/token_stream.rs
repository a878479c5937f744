//! Tokens with as much looking ahead as Go's grammar needs.

use super::lexer::Lexer;
use super::token::{Token, TokenKind};

/// The lexer's tokens, some of which may have been put back.
pub(super) struct TokenStream<'t> {
    lexer: Lexer<'t>,
    /// Tokens that were put back; the next one is at the end. Three at most.
    returned: Vec<Token>,
    /// Start of the token that the lexer made last, which may lie ahead of the one in hand. Its line is the line of
    /// parse errors.
    last_start: u32,
}

impl<'t> TokenStream<'t> {
    pub(super) fn new(lexer: Lexer<'t>) -> Self {
        Self {
            lexer,
            returned: Vec::with_capacity(3),
            last_start: 0,
        }
    }

    pub(super) fn text(&self) -> &'t [u8] {
        self.lexer.text()
    }

    /// What the last [`TokenKind::Error`] says.
    pub(super) fn failure(&self) -> &str {
        self.lexer.failure()
    }

    pub(super) fn last_start(&self) -> u32 {
        self.last_start
    }

    pub(super) fn next(&mut self) -> Token {
        self.returned.pop().unwrap_or_else(|| {
            let token = self.lexer.next();
            self.last_start = token.start;
            token
        })
    }

    /// The next token that is no space; spaces before it are lost.
    pub(super) fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != TokenKind::Space {
                return token;
            }
        }
    }

    /// Puts a token back, so that it comes next again.
    pub(super) fn put_back(&mut self, token: Token) {
        self.returned.push(token);
    }

    pub(super) fn peek(&mut self) -> Token {
        let token = self.next();
        self.put_back(token);
        token
    }

    pub(super) fn peek_non_space(&mut self) -> Token {
        let token = self.next_non_space();
        self.put_back(token);
        token
    }
}
