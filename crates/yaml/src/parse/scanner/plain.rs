//! Plain scalars, and the folding that they share with quoted ones.

use super::{Scan, Scanner};
use crate::node::ScalarStyle;
use std::sync::Arc;

/// A scalar's value while it is put together from pieces of the text. One piece makes the whole value in most cases,
/// and is then copied only once.
pub(super) struct Pieces {
    /// What came before the current piece.
    before: String,
    /// Where the current piece begins.
    start: usize,
}

impl Pieces {
    pub(super) fn new(start: usize) -> Self {
        Self {
            before: String::new(),
            start,
        }
    }

    /// Ends the piece with the bytes before it, and adds something that does not stand in the text like this.
    pub(super) fn push(&mut self, piece: &str, addition: &str) {
        self.before.push_str(piece);
        self.before.push_str(addition);
    }

    pub(super) fn start(&self) -> usize {
        self.start
    }

    pub(super) fn restart(&mut self, start: usize) {
        self.start = start;
    }

    pub(super) fn finish(mut self, piece: &str) -> Arc<str> {
        if self.before.is_empty() {
            return piece.into();
        }
        self.before.push_str(piece);
        self.before.into()
    }
}

/// Line breaks between two words.
#[derive(Default)]
pub(super) struct Fold {
    /// The first break; empty if an escape swallowed it.
    pub(super) first: &'static str,
    pub(super) others: String,
}

impl Fold {
    /// What the breaks stand for: one becomes a space, more than one lose the first. Separators stay.
    pub(super) fn text(&self) -> String {
        match (self.first, self.others.as_str()) {
            ("\n", "") => " ".to_owned(),
            ("\n", others) => others.to_owned(),
            (first, others) => format!("{first}{others}"),
        }
    }
}

impl Scanner<'_> {
    pub(super) fn fetch_plain(&mut self) -> Scan<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark();
        let mut end = start;
        let mut pieces = Pieces::new(self.reader.offset());
        let mut fold: Option<Fold> = None;
        loop {
            self.reader.need(4)?;
            if self.reader.at_document_indicator() || self.reader.byte(0) == b'#' {
                break;
            }
            while !self.reader.blank_or_end(0) && !self.at_end_of_plain() {
                if let Some(fold) = fold.take() {
                    let piece = self.reader.slice(pieces.start()..end.offset as usize);
                    pieces.push(piece, &fold.text());
                    pieces.restart(self.reader.offset());
                }
                self.reader.skip();
                end = self.reader.mark();
                self.reader.need(2)?;
            }
            if !self.reader.at_blank() && !self.reader.at_break() {
                break;
            }
            self.skip_plain_blanks(&mut fold)?;
            if self.flow_level == 0 && self.reader.column() <= self.indent {
                break;
            }
        }
        let piece = self.reader.slice(pieces.start()..end.offset as usize);
        let value = pieces.finish(piece);
        self.push_scalar(start, end, value, ScalarStyle::Plain);
        self.simple_key_allowed = fold.is_some();
        Ok(())
    }

    /// An indicator that ends a plain scalar: `: `, and some more in flow collections.
    fn at_end_of_plain(&self) -> bool {
        match self.reader.byte(0) {
            b':' => self.reader.blank_or_end(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.flow_level > 0,
            _ => false,
        }
    }

    fn skip_plain_blanks(&mut self, fold: &mut Option<Fold>) -> Scan<()> {
        self.reader.need(1)?;
        while self.reader.at_blank() || self.reader.at_break() {
            if self.reader.at_blank() {
                let indenting = fold.is_some() && self.reader.column() <= self.indent;
                if indenting && self.reader.byte(0) == b'\t' {
                    return Err(self.error("found a tab character that violates indentation"));
                }
                self.reader.skip();
            } else {
                self.take_folded_break(fold)?;
            }
            self.reader.need(1)?;
        }
        Ok(())
    }

    /// Moves over a line break between words.
    pub(super) fn take_folded_break(&mut self, fold: &mut Option<Fold>) -> Scan<()> {
        self.reader.need(2)?;
        let meaning = self.reader.take_break().unwrap_or_default();
        match fold {
            Some(fold) => fold.others.push_str(meaning),
            None => {
                *fold = Some(Fold {
                    first: meaning,
                    others: String::new(),
                });
            }
        }
        Ok(())
    }
}
