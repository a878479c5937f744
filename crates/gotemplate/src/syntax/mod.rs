//! The syntax of Go templates: from bytes to a tree, with the error texts and error lines of Go 1.26.
//!
//! [`parse`] is the only way in. Texts are bytes, since templates need not be UTF-8. Nothing here knows what a
//! function or a value is: the caller says which function names exist.

pub(crate) mod ast;
pub(crate) mod print;
pub(crate) mod quote;
pub(crate) mod unicode;

mod block;
mod lexer;
mod names;
mod number;
mod parser;
mod pipeline;
mod token;
mod token_stream;
mod variables;

#[cfg(test)]
mod tests;

use ast::ParsedFile;
use std::fmt;

/// How deep blocks and parentheses may nest together. Go stops at 10,000 parentheses and never at blocks; charts
/// stay below twenty, and everything that walks the tree is recursive.
pub(crate) const MAX_NESTING: usize = 2_000;

/// A text that is no template. Go's whole text is `template: NAME:LINE: MESSAGE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// Without that prefix.
    pub(crate) message: String,
    /// The line, counted from 1, of the last token that was read.
    pub(crate) line: u32,
}

/// Parses a template text under the name that error texts shall show.
///
/// `is_function` decides which identifiers are functions; a function called `break` or `continue` takes the word
/// away from the language, as in Go.
///
/// # Errors
/// The first mistake in the order in which Go finds them.
pub(crate) fn parse(
    name: &str,
    text: &[u8],
    is_function: &dyn Fn(&str) -> bool,
) -> Result<ParsedFile, SyntaxError> {
    if u32::try_from(text.len()).is_err() {
        return Err(SyntaxError {
            message: "template is longer than 4 GiB".into(),
            line: 1,
        });
    }
    parser::Parser::new(name, text, is_function).parse()
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}
