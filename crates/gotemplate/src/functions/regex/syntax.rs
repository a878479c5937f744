//! Reads a regular expression as Go's `regexp/syntax` does, and writes it in the notation of the `regex` crate.
//!
//! Both engines are of RE2's kind and agree on what an expression means once it is spelled out: the output names
//! every character by its number, gives every flag where it holds, and numbers its groups. What Go refuses is
//! refused here with Go's text.

use super::atom::{Atom, Repetition, Shape};
use super::class;
use crate::syntax::unicode::decode;

/// Go's limit of nodes below one another.
const MAX_HEIGHT: u32 = 1_000;
/// Go's limit of instructions of a program: 128 MiB in instructions of 40 bytes.
const MAX_SIZE: u64 = (128 << 20) / 40;
/// The most that counted repetitions may multiply to.
const MAX_REPEAT: u64 = 1_000;

/// An expression in the other notation.
pub(super) struct Translated {
    pub(super) pattern: String,
    /// The name of each group, from group 1 on; empty for groups without one. Names may occur twice.
    pub(super) names: Vec<String>,
}

/// Why Go refuses an expression.
#[derive(Debug)]
pub(super) struct SyntaxError {
    code: &'static str,
    expression: Vec<u8>,
}

impl SyntaxError {
    pub(super) fn new(code: &'static str, expression: &[u8]) -> Self {
        Self {
            code,
            expression: expression.to_vec(),
        }
    }

    /// Go's text.
    pub(super) fn text(&self) -> String {
        let expression = String::from_utf8_lossy(&self.expression);
        format!("error parsing regexp: {}: `{expression}`", self.code)
    }
}

/// Flags that hold at a place of the expression.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) fold_case: bool,
    pub(super) multi_line: bool,
    pub(super) dot_newline: bool,
    pub(super) non_greedy: bool,
}

/// Translates an expression.
///
/// # Errors
/// What Go's `regexp.Compile` says.
pub(super) fn translate(expression: &[u8]) -> Result<Translated, SyntaxError> {
    let mut parser = Parser {
        text: expression,
        at: 0,
        flags: Flags::default(),
        groups: vec![Group::new(None, Flags::default())],
        names: Vec::new(),
    };
    // Where the repetition operator begins that was read last, if nothing stands behind it.
    let mut last_repeat = None;
    while parser.at < expression.len() {
        last_repeat = parser.token(last_repeat)?;
    }
    let Some(group) = parser.groups.pop().filter(|_| parser.groups.is_empty()) else {
        return Err(SyntaxError::new("missing closing )", expression));
    };
    let whole = parser.closed(group)?;
    Ok(Translated {
        pattern: whole.text,
        names: parser.names,
    })
}

/// A group that is open; the expression as a whole is the outermost.
struct Group {
    /// The number of the capture, if it is one.
    capture: Option<usize>,
    /// The flags to go back to at its end.
    outer_flags: Flags,
    alternatives: Vec<Atom>,
    pieces: Vec<Atom>,
}

impl Group {
    fn new(capture: Option<usize>, outer_flags: Flags) -> Self {
        Self {
            capture,
            outer_flags,
            alternatives: Vec::new(),
            pieces: Vec::new(),
        }
    }
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    pub(super) flags: Flags,
    groups: Vec<Group>,
    names: Vec<String>,
}

impl Parser<'_> {
    /// Reads one token. Returns where it begins if it is a repetition operator.
    fn token(&mut self, last_repeat: Option<usize>) -> Result<Option<usize>, SyntaxError> {
        let start = self.at;
        match self.text[start] {
            b'(' if self.rest().starts_with(b"(?") => self.flags_or_group()?,
            b'(' => {
                self.at += 1;
                self.open(Some(String::new()));
            }
            b'|' => {
                self.at += 1;
                self.alternative()?;
            }
            b')' => {
                self.at += 1;
                self.close()?;
            }
            b'^' => self.operator(
                1,
                if self.flags.multi_line {
                    "(?m:^)"
                } else {
                    "\\A"
                },
            )?,
            b'$' => self.operator(
                1,
                if self.flags.multi_line {
                    "(?m:$)"
                } else {
                    "\\z"
                },
            )?,
            b'.' => self.operator(
                1,
                if self.flags.dot_newline {
                    "(?s:.)"
                } else {
                    "[^\\n]"
                },
            )?,
            b'[' => {
                let (class, length) = class::bracketed(self.rest(), self.flags)?;
                self.at += length;
                self.push(Atom::single(class))?;
            }
            b'*' | b'+' | b'?' => {
                self.at += 1;
                self.repeat(start, last_repeat, Repetition::of(self.text[start]))?;
                return Ok(Some(start));
            }
            b'{' => {
                if let Some(repetition) = self.counted()? {
                    self.repeat(start, last_repeat, repetition)?;
                    return Ok(Some(start));
                }
                self.at += 1;
                self.literal('{'.into())?;
            }
            b'\\' => self.escape()?,
            _ => {
                let c = self.character()?;
                self.literal(c.into())?;
            }
        }
        Ok(None)
    }

    pub(super) fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    pub(super) fn character(&mut self) -> Result<char, SyntaxError> {
        let (c, width) = next_char(self.rest())?;
        self.at += width;
        Ok(c)
    }

    fn operator(&mut self, length: usize, text: &str) -> Result<(), SyntaxError> {
        self.at += length;
        self.push(Atom::single(text.to_owned()))
    }

    fn literal(&mut self, code: u32) -> Result<(), SyntaxError> {
        // Half a surrogate pair may be named, but no text contains one.
        let text = match char::from_u32(code) {
            Some(_) if self.flags.fold_case => format!("(?i:\\x{{{code:X}}})"),
            Some(_) => format!("\\x{{{code:X}}}"),
            None => class::NOTHING.to_owned(),
        };
        self.push(Atom::single(text))
    }

    fn push(&mut self, atom: Atom) -> Result<(), SyntaxError> {
        let atom = self.within_limits(atom)?;
        if let Some(group) = self.groups.last_mut() {
            group.pieces.push(atom);
        }
        Ok(())
    }

    fn within_limits(&self, atom: Atom) -> Result<Atom, SyntaxError> {
        if atom.size > MAX_SIZE {
            return Err(SyntaxError::new("expression too large", self.text));
        }
        if atom.height > MAX_HEIGHT {
            return Err(SyntaxError::new("expression nests too deeply", self.text));
        }
        Ok(atom)
    }

    /// Opens a group; one with a name (an empty one if it has none) captures.
    pub(super) fn open(&mut self, name: Option<String>) {
        let capture = name.map(|name| {
            self.names.push(name);
            self.names.len()
        });
        self.groups.push(Group::new(capture, self.flags));
    }

    fn alternative(&mut self) -> Result<(), SyntaxError> {
        if let Some(group) = self.groups.last_mut() {
            let pieces = std::mem::take(&mut group.pieces);
            let alternative = Atom::joined(pieces, Shape::Concatenation, "");
            let alternative = self.within_limits(alternative)?;
            if let Some(group) = self.groups.last_mut() {
                group.alternatives.push(alternative);
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let group = match self.groups.pop() {
            Some(group) if !self.groups.is_empty() => group,
            _ => return Err(SyntaxError::new("unexpected )", self.text)),
        };
        self.flags = group.outer_flags;
        let captures = group.capture.is_some();
        let mut atom = self.closed(group)?;
        if captures {
            let text = format!("({})", atom.text);
            atom = Atom {
                text,
                shape: Shape::Single,
                height: atom.height + 1,
                size: atom.size + 2,
                ..atom
            };
        }
        self.push(atom)
    }

    fn closed(&self, mut group: Group) -> Result<Atom, SyntaxError> {
        group
            .alternatives
            .push(Atom::joined(group.pieces, Shape::Concatenation, ""));
        self.within_limits(Atom::joined(group.alternatives, Shape::Alternation, "|"))
    }

    /// A backslash and what it makes special.
    fn escape(&mut self) -> Result<(), SyntaxError> {
        match self.rest().get(1) {
            Some(b'A') => self.operator(2, "\\A"),
            Some(b'b') => self.operator(2, "(?-u:\\b)"),
            Some(b'B') => self.operator(2, "(?-u:\\B)"),
            Some(b'z') => self.operator(2, "\\z"),
            Some(b'C') => Err(SyntaxError::new(
                "invalid escape sequence",
                &self.rest()[..2],
            )),
            Some(b'Q') => self.quoted(),
            _ => {
                if let Some((class, length)) = class::escaped(self.rest(), self.flags)? {
                    self.at += length;
                    return self.push(Atom::single(class));
                }
                let (code, length) = class::character_escape(self.rest())?;
                self.at += length;
                self.literal(code)
            }
        }
    }

    /// `\Q…\E`: everything stands for itself.
    fn quoted(&mut self) -> Result<(), SyntaxError> {
        self.at += 2;
        let rest = self.rest();
        let found = rest.windows(2).position(|window| window == b"\\E");
        let end = self.at + found.unwrap_or(rest.len());
        while self.at < end {
            let c = self.character()?;
            self.literal(c.into())?;
        }
        self.at = (end + 2).min(self.text.len());
        Ok(())
    }

    /// `{3}`, `{3,}`, `{3,5}`; None if the brace stands for itself.
    fn counted(&mut self) -> Result<Option<Repetition>, SyntaxError> {
        let rest = self.rest();
        let Some((least, mut at)) = count(rest, 1) else {
            return Ok(None);
        };
        let mut most = Some(least);
        if rest.get(at) == Some(&b',') {
            at += 1;
            if rest.get(at) == Some(&b'}') {
                most = None;
            } else {
                let Some((number, end)) = count(rest, at) else {
                    return Ok(None);
                };
                (most, at) = (Some(number), end);
            }
        }
        if rest.get(at) != Some(&b'}') {
            return Ok(None);
        }
        if least > MAX_REPEAT || most.is_some_and(|most| most > MAX_REPEAT || most < least) {
            return Err(SyntaxError::new("invalid repeat count", &rest[..=at]));
        }
        self.at += at + 1;
        Ok(Some(Repetition {
            least,
            most,
            counted: true,
        }))
    }

    /// Repeats what stands in front of the operator, which begins at `start` and has been read.
    fn repeat(
        &mut self,
        start: usize,
        last_repeat: Option<usize>,
        repetition: Repetition,
    ) -> Result<(), SyntaxError> {
        let mut lazy = self.flags.non_greedy;
        if self.rest().first() == Some(&b'?') {
            self.at += 1;
            lazy = !lazy;
        }
        if let Some(last) = last_repeat {
            return Err(SyntaxError::new(
                "invalid nested repetition operator",
                &self.text[last..self.at],
            ));
        }
        let operator = &self.text[start..self.at];
        let Some(atom) = self.groups.last_mut().and_then(|group| group.pieces.pop()) else {
            return Err(SyntaxError::new(
                "missing argument to repetition operator",
                operator,
            ));
        };
        let repeated = repetition.of_atom(&atom, lazy);
        let Repetition {
            least,
            most,
            counted,
        } = repetition;
        let multiplies = counted && (least >= 2 || most.is_some_and(|most| most >= 2));
        if multiplies && repeated.repeats > MAX_REPEAT {
            return Err(SyntaxError::new("invalid repeat count", operator));
        }
        self.push(repeated)
    }
}

/// A decimal number without leading zeros, and where it ends. Numbers that are far too large stay too large.
fn count(text: &[u8], start: usize) -> Option<(u64, usize)> {
    let digits = text
        .get(start..)?
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let number = &text[start..start + digits];
    if digits == 0 || (digits > 1 && number[0] == b'0') {
        return None;
    }
    let value = number.iter().fold(0u64, |value, digit| {
        value
            .saturating_mul(10)
            .saturating_add(u64::from(digit - b'0'))
    });
    Some((value, start + digits))
}

/// The first character of a text that is not empty.
pub(super) fn next_char(text: &[u8]) -> Result<(char, usize), SyntaxError> {
    match decode(text, 0) {
        Some((char::REPLACEMENT_CHARACTER, 1)) | None => {
            Err(SyntaxError::new("invalid UTF-8", text))
        }
        Some(found) => Ok(found),
    }
}

pub(super) fn check_utf8(text: &[u8]) -> Result<(), SyntaxError> {
    match std::str::from_utf8(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(SyntaxError::new(
            "invalid UTF-8",
            &text[error.valid_up_to()..],
        )),
    }
}
