//! JSON text to values.

use super::encode::replace_invalid;
use crate::value::{Entry, Map, Value};
use std::sync::Arc;

/// How deep containers may nest (Go's limit).
const MAX_DEPTH: usize = 10_000;

/// Any JSON value; numbers become `float64`. Err holds Go's text (`unexpected end of JSON input`).
///
/// As in Go, of equal keys the last wins, and bytes or escapes that are no characters become U+FFFD. All entries have
/// mark 0.
pub fn decode(text: &[u8]) -> Result<Value, String> {
    let mut decoder = Decoder {
        text,
        at: 0,
        open: Vec::new(),
        unreadable: None,
    };
    let value = decoder.document()?;
    // The text is checked as a whole before it is converted, so errors of form come before those of numbers.
    match decoder.unreadable {
        Some(number) => Err(format!(
            "json: cannot unmarshal number {number} into Go value of type float64"
        )),
        None => Ok(value),
    }
}

struct Decoder<'a> {
    text: &'a [u8],
    at: usize,
    /// Containers that were begun and not ended: no recursion, for nesting is the author's choice.
    open: Vec<Open>,
    /// The first number that is out of range.
    unreadable: Option<&'a str>,
}

enum Open {
    List(Vec<Entry>),
    /// The pairs so far, and the key of the next.
    Map(Map, Arc<str>),
}

/// What follows a value.
enum Step {
    /// Another value.
    Value,
    /// The end of the innermost container, which is itself a value.
    End(Value),
}

impl<'a> Decoder<'a> {
    fn document(&mut self) -> Result<Value, String> {
        loop {
            let Some(mut value) = self.begin_value()? else {
                continue;
            };
            loop {
                if self.open.is_empty() {
                    return self.end(value);
                }
                match self.add(value)? {
                    Step::Value => break,
                    Step::End(container) => value = container,
                }
            }
        }
    }

    /// Reads a value; None if it is a container, whose first value comes next.
    fn begin_value(&mut self) -> Result<Option<Value>, String> {
        match self.after_spaces()? {
            b'{' => self.begin_map(),
            b'[' => self.begin_list(),
            b'"' => Ok(Some(Value::String(self.string()?.into()))),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            b'-' | b'0'..=b'9' => self.number().map(Some),
            byte => Err(invalid(byte, "looking for beginning of value")),
        }
    }

    fn begin_list(&mut self) -> Result<Option<Value>, String> {
        self.descend(b'[')?;
        if self.after_spaces()? == b']' {
            self.at += 1;
            return Ok(Some(Value::list(Vec::new())));
        }
        self.open.push(Open::List(Vec::new()));
        Ok(None)
    }

    fn begin_map(&mut self) -> Result<Option<Value>, String> {
        self.descend(b'{')?;
        if self.after_spaces()? == b'}' {
            self.at += 1;
            return Ok(Some(Value::map(Map::new())));
        }
        let key = self.key()?;
        self.open.push(Open::Map(Map::new(), key));
        Ok(None)
    }

    /// Takes a bracket, if it may still be opened.
    fn descend(&mut self, bracket: u8) -> Result<(), String> {
        self.at += 1;
        if self.open.len() < MAX_DEPTH {
            Ok(())
        } else {
            Err(invalid(bracket, "exceeded max depth"))
        }
    }

    /// Puts a value into the innermost container, and reads what separates it from the next.
    fn add(&mut self, value: Value) -> Result<Step, String> {
        let byte = self.after_spaces()?;
        let Some(mut container) = self.open.pop() else {
            return Ok(Step::End(value));
        };
        let entry = Entry::unmarked(value);
        let closed = match &mut container {
            Open::List(items) => {
                items.push(entry);
                self.separator(byte, b']', "after array element")?
            }
            Open::Map(map, key) => {
                map.insert(Arc::clone(key), entry);
                let closed = self.separator(byte, b'}', "after object key:value pair")?;
                if !closed {
                    *key = self.key()?;
                }
                closed
            }
        };
        if !closed {
            self.open.push(container);
            return Ok(Step::Value);
        }
        Ok(Step::End(match container {
            Open::List(items) => Value::list(items),
            Open::Map(map, _) => Value::map(map),
        }))
    }

    /// Takes a comma or the closing bracket; true for the latter.
    fn separator(&mut self, byte: u8, closing: u8, context: &str) -> Result<bool, String> {
        if byte != b',' && byte != closing {
            return Err(invalid(byte, context));
        }
        self.at += 1;
        Ok(byte == closing)
    }

    /// A key with its colon.
    fn key(&mut self) -> Result<Arc<str>, String> {
        let byte = self.after_spaces()?;
        if byte != b'"' {
            return Err(invalid(byte, "looking for beginning of object key string"));
        }
        let key = self.string()?;
        match self.after_spaces()? {
            b':' => self.at += 1,
            byte => return Err(invalid(byte, "after object key")),
        }
        Ok(key.into())
    }

    /// Only blanks may follow the outermost value.
    fn end(&mut self, value: Value) -> Result<Value, String> {
        match self.after_spaces() {
            Ok(byte) => Err(invalid(byte, "after top-level value")),
            Err(_) => Ok(value),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Option<Value>, String> {
        self.at += 1;
        for expected in word.bytes().skip(1) {
            let byte = self.byte();
            if byte != expected {
                let expected = char::from(expected);
                return Err(invalid(
                    byte,
                    &format!("in literal {word} (expecting '{expected}')"),
                ));
            }
            self.at += 1;
        }
        Ok(Some(value))
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        if self.byte() == b'-' {
            self.at += 1;
        }
        if self.byte() == b'0' {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.byte() == b'.' {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = std::str::from_utf8(&self.text[start..self.at]).unwrap_or_default();
        let value = text.parse().unwrap_or(f64::INFINITY);
        if value.is_infinite() {
            self.unreadable.get_or_insert(text);
        }
        Ok(Value::Float(value))
    }

    /// One or more digits.
    fn digits(&mut self, context: &str) -> Result<(), String> {
        if !self.byte().is_ascii_digit() {
            return Err(invalid(self.byte(), context));
        }
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        Ok(())
    }

    /// A string whose opening quote is next.
    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut content = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest
                .iter()
                .take_while(|&&byte| byte >= b' ' && byte != b'"' && byte != b'\\')
                .count();
            content.push_str(&replace_invalid(&rest[..plain]));
            self.at += plain;
            match rest.get(plain) {
                None => return Err(end_of_input()),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(content);
                }
                Some(b'\\') => {
                    self.at += 1;
                    content.push(self.escape()?);
                }
                Some(&byte) => return Err(invalid(byte, "in string literal")),
            }
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<char, String> {
        let byte = self.byte();
        let character = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode_escape();
            }
            _ => return Err(invalid(byte, "in string escape code")),
        };
        self.at += 1;
        Ok(character)
    }

    /// Four digits after `\u`, and those of a second escape where both make a pair. A lone half becomes U+FFFD, and
    /// what follows it stands for itself.
    fn unicode_escape(&mut self) -> Result<char, String> {
        let unit = self.four_digits()?;
        if let Some(character) = char::from_u32(unit) {
            return Ok(character);
        }
        let start = self.at;
        if unit < 0xdc00 && self.text[start..].starts_with(b"\\u") {
            self.at += 2;
            let second = self.four_digits()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = start;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn four_digits(&mut self) -> Result<u32, String> {
        let mut value = 0;
        for _ in 0..4 {
            let byte = self.byte();
            let digit = char::from(byte).to_digit(16);
            value = value << 4
                | digit.ok_or_else(|| invalid(byte, "in \\u hexadecimal character escape"))?;
            self.at += 1;
        }
        Ok(value)
    }

    /// The next byte. At the end of the text it is a blank, for this is how Go asks whether the text may end there:
    /// `tr` is wrong because of the character ' '.
    fn byte(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(b' ')
    }

    /// The next byte that is no blank.
    fn after_spaces(&mut self) -> Result<u8, String> {
        let rest = &self.text[self.at..];
        let blanks = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
            .count();
        self.at += blanks;
        rest.get(blanks).copied().ok_or_else(end_of_input)
    }
}

fn end_of_input() -> String {
    "unexpected end of JSON input".to_owned()
}

fn invalid(byte: u8, context: &str) -> String {
    format!("invalid character {} {context}", quote_byte(byte))
}

/// A byte as Go quotes it: as the character of that number.
fn quote_byte(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".to_owned(),
        b'\\' => "'\\\\'".to_owned(),
        0x07 => "'\\a'".to_owned(),
        0x08 => "'\\b'".to_owned(),
        0x0b => "'\\v'".to_owned(),
        0x0c => "'\\f'".to_owned(),
        b'\n' => "'\\n'".to_owned(),
        b'\r' => "'\\r'".to_owned(),
        b'\t' => "'\\t'".to_owned(),
        0..=0x1f | 0x7f => format!("'\\x{byte:02x}'"),
        // The soft hyphen is the one character of this row that Go takes for unprintable.
        0x80..=0xa0 | 0xad => format!("'\\u{byte:04x}'"),
        _ => format!("'{}'", char::from(byte)),
    }
}
