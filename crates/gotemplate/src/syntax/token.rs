//! The words of the template language.

use super::ast::Span;
use super::quote::quote;

/// A piece of the template text. Texts stay in the source; a token only says where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What a token is. The keywords stand last: error texts show them in angle brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TokenKind {
    /// The lexer gave up; its message is kept there.
    Error,
    Eof,
    /// Literal text outside of actions.
    Text,
    LeftDelim,
    RightDelim,
    /// A run of white space inside an action; it separates arguments.
    Space,
    /// `true` or `false`.
    Bool,
    /// Some other printable ASCII character.
    Char,
    CharConstant,
    /// A number of two parts, such as `1+2i`.
    Complex,
    Number,
    /// A string in double quotes, with them.
    String,
    /// A string in backquotes, with them.
    RawString,
    /// `=`
    Assign,
    /// `:=`
    Declare,
    /// `.name`
    Field,
    Identifier,
    /// `$` or `$name`
    Variable,
    LeftParen,
    RightParen,
    /// `|`
    Pipe,
    /// A lone `.`, which Go counts among the keywords.
    Dot,
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// Texts longer than this many bytes are cut in error texts.
const SHOWN_LENGTH: usize = 10;

impl TokenKind {
    /// The keyword that is spelled like this.
    pub(super) fn of_keyword(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"block" => Self::Block,
            b"break" => Self::Break,
            b"continue" => Self::Continue,
            b"define" => Self::Define,
            b"else" => Self::Else,
            b"end" => Self::End,
            b"if" => Self::If,
            b"nil" => Self::Nil,
            b"range" => Self::Range,
            b"template" => Self::Template,
            b"with" => Self::With,
            _ => return None,
        })
    }

    /// Whether a command can begin with it.
    pub(super) fn starts_operand(self) -> bool {
        matches!(
            self,
            Self::Bool
                | Self::CharConstant
                | Self::Complex
                | Self::Dot
                | Self::Field
                | Self::Identifier
                | Self::Number
                | Self::Nil
                | Self::RawString
                | Self::String
                | Self::Variable
                | Self::LeftParen
        )
    }
}

impl Token {
    pub(super) fn span(self) -> Span {
        Span {
            start: self.start,
            end: self.end,
        }
    }

    /// The bytes of this token.
    pub(super) fn slice(self, text: &[u8]) -> &[u8] {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }

    /// How error texts show the token. Not for [`TokenKind::Error`].
    pub(super) fn describe(self, text: &[u8]) -> String {
        let written = self.slice(text);
        if self.kind == TokenKind::Eof {
            "EOF".into()
        } else if self.kind >= TokenKind::Dot {
            format!("<{}>", String::from_utf8_lossy(written))
        } else if written.len() > SHOWN_LENGTH {
            format!("{}...", quote(first_runes(written, SHOWN_LENGTH)))
        } else {
            quote(written)
        }
    }
}

/// The first `count` characters; a byte that belongs to none counts as one.
fn first_runes(text: &[u8], count: usize) -> &[u8] {
    let mut end = 0;
    for _ in 0..count {
        end += super::unicode::decode(text, end).map_or(0, |(_, width)| width);
    }
    text.get(..end).unwrap_or(text)
}
