//! Reading the text of a `--set` argument character by character.

/// A position in an argument.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Whether a backslash makes the next character literal.
    escapes: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, escapes: bool) -> Self {
        Self {
            text,
            at: 0,
            escapes,
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Consumes the next character if it is this one.
    pub(super) fn accept(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn next(&mut self) -> Option<char> {
        let character = self.rest().chars().next()?;
        self.at += character.len_utf8();
        Some(character)
    }

    /// Reads up to the first of the stop characters, which is consumed; None at the end of the text.
    pub(super) fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut read = String::new();
        while let Some(character) = self.next() {
            if stops.contains(&character) {
                return (read, Some(character));
            }
            if character == '\\' && self.escapes {
                match self.next() {
                    Some(literal) => read.push(literal),
                    None => break,
                }
            } else {
                read.push(character);
            }
        }
        (read, None)
    }

    /// Skips blanks, and a comma behind them. True if a comma or the end was reached, that is if no value follows.
    pub(super) fn skip_to_next(&mut self) -> bool {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.is_at_end() || self.accept(',')
    }
}
