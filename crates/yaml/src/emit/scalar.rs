//! Which style a string needs.

use super::layout::Dialect;
use crate::decode::resolve::resolves_to_non_string;

/// The styles that goyaml chooses from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// A text with the style it is written in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scalar<'a> {
    pub(super) text: &'a str,
    pub(super) style: Style,
    /// Whether the text has line breaks, which keys in simple form must not have.
    pub(super) has_breaks: bool,
}

impl<'a> Scalar<'a> {
    /// Chooses the style of a string: literal for several lines, quotes where the text would mean something else,
    /// otherwise plain; each as far as the characters allow.
    pub(super) fn string(text: &'a str, dialect: Dialect) -> Self {
        let shape = Shape::of(text, dialect);
        let style = if text.contains('\n') {
            if shape.literal {
                Style::Literal
            } else {
                Style::DoubleQuoted
            }
        } else if is_ambiguous(text, dialect) {
            Style::DoubleQuoted
        } else if shape.plain {
            Style::Plain
        } else if shape.single_quoted {
            Style::SingleQuoted
        } else {
            Style::DoubleQuoted
        };
        Self {
            text,
            style,
            has_breaks: shape.has_breaks,
        }
    }

    /// Numbers, booleans and null need no quotes.
    pub(super) fn plain(text: &'a str) -> Self {
        Self {
            text,
            style: Style::Plain,
            has_breaks: false,
        }
    }
}

/// Line breaks, of which the last three are written as they are.
pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What can stand in a text without escaping. Nothing beyond the first plane can, for goyaml's emitter knows none of it.
pub(super) fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && character != '\u{feff}'
}

/// Whether a plain scalar of this text would not be read as this string, or not by every reader.
fn is_ambiguous(text: &str, dialect: Dialect) -> bool {
    resolves_to_non_string(text)
        || is_sexagesimal(text)
        || (dialect == Dialect::V3 && is_doubly_signed_octal(text))
}

/// Numbers in base 60, as YAML 1.1 has them (`1:30`): `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`.
fn is_sexagesimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut groups = whole.split(':');
    let first = groups.next().unwrap_or_default();
    let digits_and_underscores = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    let is_minutes =
        |group: &str| matches!(group.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    whole.contains(':')
        && first.starts_with(|character: char| character.is_ascii_digit())
        && digits_and_underscores(first)
        && groups.all(is_minutes)
        && digits_and_underscores(fraction)
}

/// goyaml v3 reads `0o` texts a second time without their prefix, which lets `0o-7` through.
fn is_doubly_signed_octal(text: &str) -> bool {
    let plain = text.replace('_', "");
    let digits = plain
        .strip_prefix("0o")
        .and_then(|rest| rest.strip_prefix(['-', '+']));
    digits.is_some_and(|digits| {
        !digits.is_empty()
            && digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'))
            && fits_64_bits(digits)
    })
}

fn fits_64_bits(octal: &str) -> bool {
    i64::from_str_radix(octal, 8).is_ok()
}

/// Which styles a text's characters allow.
#[derive(Debug)]
struct Shape {
    plain: bool,
    single_quoted: bool,
    literal: bool,
    has_breaks: bool,
}

impl Shape {
    fn of(text: &str, dialect: Dialect) -> Self {
        let mut scan = Scan::default();
        let mut previous = None;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            scan.visit(previous, character, characters.peek().copied());
            previous = Some(character);
        }
        let starts_with = |is: fn(char) -> bool| text.starts_with(is);
        let is_edge = |character: char| character == ' ' || is_break(character);
        let edges = starts_with(is_edge) || text.ends_with(is_edge);
        let ends_document = text.starts_with("---") || text.starts_with("...");
        let tabs_escape = scan.has_tab && dialect == Dialect::V3;
        let special = scan.has_special
            || (scan.has_tab && dialect == Dialect::V2)
            || scan.has_space_before_break;
        Self {
            single_quoted: !special && !tabs_escape && !scan.has_space_after_break,
            literal: !special && !text.ends_with(' '),
            plain: !special
                && !tabs_escape
                && !scan.has_space_after_break
                && !scan.has_breaks
                && !scan.has_indicator
                && !edges
                && !ends_document,
            has_breaks: scan.has_breaks,
        }
    }
}

/// What was seen in a text.
#[derive(Debug, Default)]
struct Scan {
    has_indicator: bool,
    has_breaks: bool,
    has_special: bool,
    has_tab: bool,
    has_space_before_break: bool,
    has_space_after_break: bool,
}

impl Scan {
    fn visit(&mut self, previous: Option<char>, character: char, next: Option<char>) {
        let is_followed_by_blank = next.is_none_or(|next| matches!(next, ' ' | '\t'));
        let is_preceded_by_blank = previous
            .is_none_or(|previous| matches!(previous, ' ' | '\t' | '\0') || is_break(previous));
        self.has_indicator |= match character {
            '#' => is_preceded_by_blank,
            ':' => is_followed_by_blank,
            '-' | '?' => previous.is_none() && is_followed_by_blank,
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
            | '`' => previous.is_none(),
            _ => false,
        };
        if character == '\t' {
            self.has_tab = true;
        } else if !is_printable(character) {
            self.has_special = true;
        }
        if is_break(character) {
            self.has_breaks = true;
            self.has_space_before_break |= previous == Some(' ');
        }
        self.has_space_after_break |= character == ' ' && previous.is_some_and(is_break);
    }
}
