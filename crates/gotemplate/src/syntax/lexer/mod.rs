//! From bytes to tokens. Trim markers and comments are dealt with here; the parser never sees them.

mod number;

use super::quote::code_point;
use super::token::{Token, TokenKind};
use super::unicode::{decode, is_alphanumeric};

/// Reads tokens one by one, on demand.
pub(super) struct Lexer<'t> {
    text: &'t [u8],
    /// Offset of the next unread byte.
    at: usize,
    /// Parentheses that are open in the current action.
    parens: u32,
    inside_action: bool,
    /// False if functions of these names exist.
    break_is_keyword: bool,
    continue_is_keyword: bool,
    failure: Option<Failure>,
}

/// Why the lexer stopped for good.
struct Failure {
    message: String,
    token: Token,
}

/// A delimiter on the right: with ` -` before it or bare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RightDelim {
    Bare,
    Trimming,
}

const LEFT_DELIM: &[u8] = b"{{";
const RIGHT_DELIM: &[u8] = b"}}";
const LEFT_COMMENT: &[u8] = b"/*";
const RIGHT_COMMENT: &[u8] = b"*/";
/// A minus and the white space that must separate it from the action's text.
const TRIM_MARKER_LENGTH: usize = 2;

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t [u8], is_function: &dyn Fn(&str) -> bool) -> Self {
        Self {
            text,
            at: 0,
            parens: 0,
            inside_action: false,
            break_is_keyword: !is_function("break"),
            continue_is_keyword: !is_function("continue"),
            failure: None,
        }
    }

    /// The text that is being read.
    pub(super) fn text(&self) -> &'t [u8] {
        self.text
    }

    /// What the last [`TokenKind::Error`] says.
    pub(super) fn failure(&self) -> &str {
        self.failure.as_ref().map_or("", |failure| &failure.message)
    }

    /// The next token. After the end come ends, after an error the same error.
    pub(super) fn next(&mut self) -> Token {
        match &self.failure {
            Some(failure) => failure.token,
            None if self.inside_action => self.inside(),
            None => self.outside(),
        }
    }

    /// Literal text up to the next action, or the action's left delimiter. Comments are skipped.
    fn outside(&mut self) -> Token {
        loop {
            let start = self.at;
            let Some(delim) = find(self.text, start, LEFT_DELIM) else {
                let end = self.text.len();
                let kind = if start < end {
                    TokenKind::Text
                } else {
                    TokenKind::Eof
                };
                return self.token(kind, start, end);
            };
            let after = delim + LEFT_DELIM.len();
            let trims = self.has_left_trim_marker(after);
            let end = if trims {
                self.trimmed_end(start, delim)
            } else {
                delim
            };
            if end > start {
                let token = self.token(TokenKind::Text, start, end);
                self.at = delim;
                return token;
            }
            let inner = if trims {
                after + TRIM_MARKER_LENGTH
            } else {
                after
            };
            if !self.starts_with(inner, LEFT_COMMENT) {
                let token = self.token(TokenKind::LeftDelim, delim, after);
                self.at = inner;
                self.inside_action = true;
                self.parens = 0;
                return token;
            }
            if let Err(failed) = self.skip_comment(inner) {
                return failed;
            }
        }
    }

    /// Goes past a comment, its right delimiter and the white space that this trims.
    fn skip_comment(&mut self, start: usize) -> Result<(), Token> {
        let Some(close) = find(self.text, start + LEFT_COMMENT.len(), RIGHT_COMMENT) else {
            return Err(self.fail(start, "unclosed comment".into()));
        };
        let delim = close + RIGHT_COMMENT.len();
        let Some(kind) = self.right_delim(delim) else {
            return Err(self.fail(start, "comment ends before closing delimiter".into()));
        };
        self.at = self.after_right_delim(delim, kind);
        Ok(())
    }

    /// A token of an action.
    fn inside(&mut self) -> Token {
        let start = self.at;
        if let Some(kind) = self.right_delim(start) {
            return if self.parens == 0 {
                self.close(start, kind)
            } else {
                self.fail(start, "unclosed left paren".into())
            };
        }
        let Some((c, width)) = decode(self.text, start) else {
            return self.fail(start, "unclosed action".into());
        };
        let after = start + width;
        match c {
            ' ' | '\t' | '\r' | '\n' => self.space(start),
            '=' => self.token(TokenKind::Assign, start, after),
            ':' if self.byte(after) == Some(b'=') => {
                self.token(TokenKind::Declare, start, after + 1)
            }
            ':' => self.fail(start, "expected :=".into()),
            '|' => self.token(TokenKind::Pipe, start, after),
            '"' => self.quoted(start, b'"', TokenKind::String, "unterminated quoted string"),
            '\'' => self.quoted(
                start,
                b'\'',
                TokenKind::CharConstant,
                "unterminated character constant",
            ),
            '`' => self.raw_string(start),
            '$' => self.field_or_variable(start, TokenKind::Variable, TokenKind::Variable),
            '.' if self.byte(after).is_some_and(|next| !next.is_ascii_digit()) => {
                self.field_or_variable(start, TokenKind::Field, TokenKind::Dot)
            }
            '.' | '+' | '-' | '0'..='9' => self.number(start),
            '(' | ')' => self.parenthesis(start, c),
            _ if is_alphanumeric(c) => self.identifier(start),
            '!'..='~' => self.token(TokenKind::Char, start, after),
            _ => self.fail(
                start,
                format!("unrecognized character in action: {}", code_point(c)),
            ),
        }
    }

    fn close(&mut self, start: usize, kind: RightDelim) -> Token {
        let delim = if kind == RightDelim::Trimming {
            start + TRIM_MARKER_LENGTH
        } else {
            start
        };
        let token = self.token(TokenKind::RightDelim, delim, delim + RIGHT_DELIM.len());
        self.at = self.after_right_delim(start, kind);
        self.inside_action = false;
        token
    }

    /// A run of white space, but the last one belongs to a trimming delimiter that may follow. A single one goes
    /// straight to the delimiter, even inside parentheses: Go words that error differently.
    fn space(&mut self, start: usize) -> Token {
        let length = self.text[start..]
            .iter()
            .take_while(|&&byte| is_space(byte))
            .count();
        let last = start + length - 1;
        if self.right_delim(last) == Some(RightDelim::Trimming) {
            return if length == 1 {
                self.close(start, RightDelim::Trimming)
            } else {
                self.token(TokenKind::Space, start, last)
            };
        }
        self.token(TokenKind::Space, start, last + 1)
    }

    fn parenthesis(&mut self, start: usize, c: char) -> Token {
        if c == '(' {
            self.parens += 1;
            return self.token(TokenKind::LeftParen, start, start + 1);
        }
        let Some(left) = self.parens.checked_sub(1) else {
            return self.fail(start, "unexpected right paren".into());
        };
        self.parens = left;
        self.token(TokenKind::RightParen, start, start + 1)
    }

    fn identifier(&mut self, start: usize) -> Token {
        let end = match self.word_end(start) {
            Ok(end) => end,
            Err(c) => return self.fail(start, format!("bad character {}", code_point(c))),
        };
        let word = self.text.get(start..end).unwrap_or_default();
        let kind = match (word, TokenKind::of_keyword(word)) {
            (b"true" | b"false", _) => TokenKind::Bool,
            (_, Some(TokenKind::Break)) if !self.break_is_keyword => TokenKind::Identifier,
            (_, Some(TokenKind::Continue)) if !self.continue_is_keyword => TokenKind::Identifier,
            (_, Some(keyword)) => keyword,
            (_, None) => TokenKind::Identifier,
        };
        self.token(kind, start, end)
    }

    /// A word after a dot or dollar sign; `bare` if there is none.
    fn field_or_variable(&mut self, start: usize, kind: TokenKind, bare: TokenKind) -> Token {
        match self.word_end(start + 1) {
            Ok(end) => self.token(if end == start + 1 { bare } else { kind }, start, end),
            Err(c) => self.fail(start, format!("bad character {}", code_point(c))),
        }
    }

    /// Where the identifier at `at` ends, or the character that must not follow it.
    fn word_end(&self, mut at: usize) -> Result<usize, char> {
        loop {
            at += self.text[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric())
                .count();
            match decode(self.text, at) {
                Some((c, width)) if is_alphanumeric(c) => at += width,
                None | Some((' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(', _)) => {
                    return Ok(at);
                }
                Some(_) if self.starts_with(at, RIGHT_DELIM) => return Ok(at),
                Some((c, _)) => return Err(c),
            }
        }
    }

    /// A string or character constant, which ends in its line.
    fn quoted(&mut self, start: usize, mark: u8, kind: TokenKind, unterminated: &str) -> Token {
        let mut at = start + 1;
        loop {
            match self.byte(at) {
                Some(b'\\') if self.byte(at + 1).is_some_and(|next| next != b'\n') => at += 2,
                None | Some(b'\\' | b'\n') => return self.fail(start, unterminated.into()),
                Some(byte) if byte == mark => return self.token(kind, start, at + 1),
                Some(_) => at += 1,
            }
        }
    }

    fn raw_string(&mut self, start: usize) -> Token {
        match find(self.text, start + 1, b"`") {
            Some(end) => self.token(TokenKind::RawString, start, end + 1),
            None => self.fail(start, "unterminated raw quoted string".into()),
        }
    }

    fn token(&mut self, kind: TokenKind, start: usize, end: usize) -> Token {
        self.at = end;
        Token {
            kind,
            start: offset(start),
            end: offset(end),
        }
    }

    fn fail(&mut self, start: usize, message: String) -> Token {
        let token = self.token(TokenKind::Error, start, start);
        self.failure = Some(Failure { message, token });
        token
    }

    fn has_left_trim_marker(&self, at: usize) -> bool {
        self.byte(at) == Some(b'-') && self.byte(at + 1).is_some_and(is_space)
    }

    fn right_delim(&self, at: usize) -> Option<RightDelim> {
        let marked = self.byte(at).is_some_and(is_space) && self.byte(at + 1) == Some(b'-');
        if marked && self.starts_with(at + TRIM_MARKER_LENGTH, RIGHT_DELIM) {
            Some(RightDelim::Trimming)
        } else if self.starts_with(at, RIGHT_DELIM) {
            Some(RightDelim::Bare)
        } else {
            None
        }
    }

    /// Where reading goes on after a delimiter that begins, with its marker, at `start`.
    fn after_right_delim(&self, start: usize, kind: RightDelim) -> usize {
        match kind {
            RightDelim::Bare => start + RIGHT_DELIM.len(),
            RightDelim::Trimming => {
                let mut at = start + TRIM_MARKER_LENGTH + RIGHT_DELIM.len();
                while self.byte(at).is_some_and(is_space) {
                    at += 1;
                }
                at
            }
        }
    }

    fn trimmed_end(&self, start: usize, mut end: usize) -> usize {
        while end > start && is_space(self.text[end - 1]) {
            end -= 1;
        }
        end
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    fn starts_with(&self, at: usize, prefix: &[u8]) -> bool {
        self.text
            .get(at..)
            .is_some_and(|rest| rest.starts_with(prefix))
    }
}

/// The four characters that Go's templates call space.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The offset of the first `needle` at or after `from`.
fn find(text: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    let (first, mut at) = (*needle.first()?, from);
    loop {
        at += text.get(at..)?.iter().position(|&byte| byte == first)?;
        if text[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
}

/// [`super::parse`] refuses texts whose offsets would not fit.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
