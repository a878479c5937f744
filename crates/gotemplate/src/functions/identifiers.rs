//! The case styles of identifiers: `snakecase`, `kebabcase`, `camelcase`, as xstrings 1.5.0 has them.

use super::letters::{LETTER, NUMBER, PUNCTUATION, UPPER, to_lower, to_upper};
use super::text::{bytes, opaque};
use super::{Cx, Flow, Function, Outcome, Param};
use crate::syntax::unicode::decode;
use crate::value::Item;
use std::ops::Range;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("snakecase", &[Param::Str], Flow::Own, snakecase),
    Function::new("kebabcase", &[Param::Str], Flow::Own, kebabcase),
    Function::new("camelcase", &[Param::Str], Flow::Own, camelcase),
];

/// `snakecase s`: `HTTPServer` becomes `http_server`.
fn snakecase(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = connected(bytes(args, 0)?, '_');
    opaque(cx, text, args)
}

/// `kebabcase s`: `HTTPServer` becomes `http-server`.
fn kebabcase(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = connected(bytes(args, 0)?, '-');
    opaque(cx, text, args)
}

/// `camelcase s`: `http_server` becomes `HttpServer`.
fn camelcase(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = pascal_case(bytes(args, 0)?);
    opaque(cx, text, args)
}

/// xstrings' `ToPascalCase` (1.5.0): connectors go away and start a word in upper case; a word that begins with
/// several capitals keeps only the first. Connectors at the beginning and repeated ones stay.
fn pascal_case(text: &[u8]) -> String {
    let mut chars = chars(text).into_iter().peekable();
    let mut out = String::new();
    while let Some(connector) = chars.next_if(|c| is_connector(*c)) {
        out.push(connector);
    }
    let Some(first) = chars.next() else {
        // Where nothing but connectors stands, the last one is doubled.
        out.extend(out.chars().next_back());
        return out;
    };
    let mut capitals = UPPER.contains(first);
    let mut pending = to_upper(first);
    for c in chars {
        let previous = std::mem::replace(&mut pending, c);
        if is_connector(c) && is_connector(previous) {
            out.push(previous);
        } else if is_connector(previous) {
            capitals = UPPER.contains(c);
            pending = to_upper(c);
        } else {
            if capitals && UPPER.contains(c) {
                pending = to_lower(c);
            } else {
                capitals = false;
            }
            out.push(previous);
        }
    }
    out.push(pending);
    out
}

/// What a run of characters is for `snakecase` and `kebabcase`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Invalid,
    Number,
    /// Begins with a capital: `HTTP`, `Server`.
    Capitalized,
    Lower,
    Connector,
    Punctuation,
    Other,
}

impl Kind {
    /// A connector goes between a word and this one.
    fn wants_connector(self) -> bool {
        !matches!(self, Self::Connector | Self::Punctuation)
    }

    /// Sticks to a number in front of it.
    fn continues_number(self) -> bool {
        matches!(self, Self::Lower | Self::Number)
    }
}

/// xstrings' `camelCaseToLowerCase` (1.5.0).
fn connected(text: &[u8], connector: char) -> Vec<u8> {
    let mut joiner = Joiner {
        text,
        at: 0,
        connector,
        out: Vec::with_capacity(text.len()),
    };
    let mut word = joiner.next_word();
    while joiner.at < text.len() {
        if word.0 != Kind::Connector {
            joiner.write(&word);
        }
        let last = std::mem::replace(&mut word, joiner.next_word());
        match last.0 {
            Kind::Connector => joiner.write(&last),
            Kind::Punctuation => {}
            Kind::Number => word = joiner.after_number(word),
            _ if word.0 != Kind::Number => joiner.connect(word.0.wants_connector()),
            _ if joiner.at < text.len() => word = joiner.word_then_number(word),
            _ => {}
        }
    }
    joiner.write(&word);
    joiner.out
}

struct Joiner<'a> {
    text: &'a [u8],
    at: usize,
    connector: char,
    out: Vec<u8>,
}

type Word = (Kind, Range<usize>);

impl Joiner<'_> {
    /// Lower-case words and numbers after a number belong to it: `2xx`.
    fn after_number(&mut self, word: Word) -> Word {
        let mut word = word;
        while word.0.continues_number() {
            self.write(&word);
            word = self.next_word();
        }
        self.connect(word.0 != Kind::Invalid && word.0.wants_connector());
        word
    }

    /// A number after a word belongs to the word (`Bld4`), unless lower case follows (`http_2xx`).
    fn word_then_number(&mut self, number: Word) -> Word {
        let word = self.next_word();
        if word.0 == Kind::Lower {
            self.connect(true);
            self.write(&number);
            return self.after_number(word);
        }
        self.write(&number);
        self.connect(word.0.wants_connector());
        word
    }

    fn connect(&mut self, wanted: bool) {
        if wanted {
            self.out.push(self.connector as u8);
        }
    }

    fn write(&mut self, (kind, range): &Word) {
        let word = &self.text[range.clone()];
        if !matches!(kind, Kind::Capitalized | Kind::Connector) {
            self.out.extend_from_slice(word);
            return;
        }
        for c in chars(word) {
            let c = match c {
                _ if is_connector(c) => self.connector,
                _ if UPPER.contains(c) => to_lower(c),
                _ => c,
            };
            self.out
                .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    fn next_word(&mut self) -> Word {
        let start = self.at;
        let Some(first) = self.next_char('\u{fffd}') else {
            return (Kind::Invalid, start..start);
        };
        let kind = match first {
            char::REPLACEMENT_CHARACTER => Kind::Invalid,
            _ if is_connector(first) => self.run(first, Kind::Connector, is_connector),
            _ if PUNCTUATION.contains(first) => {
                self.run(first, Kind::Punctuation, |c| PUNCTUATION.contains(c))
            }
            _ if UPPER.contains(first) => self.capitalized(first),
            _ if is_alphabetic(first) => self.run(first, Kind::Lower, is_lower_case),
            _ if NUMBER.contains(first) => self.run(first, Kind::Number, |c| NUMBER.contains(c)),
            _ => self.run(first, Kind::Other, |c| {
                !(is_connector(c)
                    || is_alphabetic(c)
                    || NUMBER.contains(c)
                    || PUNCTUATION.contains(c))
            }),
        };
        (kind, start..self.at)
    }

    /// `Server`, or `HTTP` without the capital that begins the next word.
    fn capitalized(&mut self, first: char) -> Kind {
        let before = self.at;
        match self.next_char(first) {
            Some(c) if UPPER.contains(c) => {
                let mut last_capital = before;
                loop {
                    let before = self.at;
                    match self.next_char(c) {
                        None => break,
                        Some(c) if UPPER.contains(c) => last_capital = before,
                        Some(c) => {
                            self.at = if is_alphabetic(c) {
                                last_capital
                            } else {
                                before
                            };
                            break;
                        }
                    }
                }
            }
            Some(c) if is_alphabetic(c) => {
                self.run(c, Kind::Capitalized, is_lower_case);
            }
            _ => self.at = before,
        }
        Kind::Capitalized
    }

    /// Takes what belongs to the run.
    fn run(&mut self, first: char, kind: Kind, belongs: impl Fn(char) -> bool) -> Kind {
        let mut previous = first;
        loop {
            let before = self.at;
            match self.next_char(previous) {
                Some(c) if belongs(c) => previous = c,
                Some(_) => {
                    self.at = before;
                    return kind;
                }
                None => return kind,
            }
        }
    }

    /// The next character; bytes that are no UTF-8 (and U+FFFD) in front of it are skipped, and if nothing but
    /// such bytes is left they count as one more `previous`.
    fn next_char(&mut self, previous: char) -> Option<char> {
        let start = self.at;
        while let Some((c, width)) = decode(self.text, self.at) {
            self.at += width;
            if c != char::REPLACEMENT_CHARACTER {
                return Some(c);
            }
        }
        (self.at > start).then_some(previous)
    }
}

fn chars(text: &[u8]) -> Vec<char> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((c, width)) = decode(text, at) {
        found.push(c);
        at += width;
    }
    found
}

fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || c.is_whitespace()
}

/// A letter of an alphabet: Chinese, Japanese and Korean ideographs are none.
fn is_alphabetic(c: char) -> bool {
    LETTER.contains(c)
        && !matches!(c, '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}')
}

fn is_lower_case(c: char) -> bool {
    is_alphabetic(c) && !UPPER.contains(c)
}
