//! Literal and folded scalars.

use super::{Scan, Scanner};
use crate::node::ScalarStyle;
use crate::parse::reader::Mark;

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

struct Header {
    chomping: Chomping,
    /// How much deeper than its parent the text is; found out from the text if not given.
    increment: Option<i32>,
}

impl Scanner<'_> {
    pub(super) fn fetch_block_scalar(&mut self, style: ScalarStyle) -> Scan<()> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        let start = self.reader.mark();
        self.reader.skip();
        let header = self.scan_block_header()?;
        let mut end = self.reader.mark();
        self.skip_rest_of_header()?;
        let value = self.scan_block_text(&header, style, &mut end)?;
        self.push_scalar(start, end, value.into(), style);
        Ok(())
    }

    /// The indicators for chomping and indentation, in either order.
    fn scan_block_header(&mut self) -> Scan<Header> {
        self.reader.need(1)?;
        if let Some(chomping) = self.scan_chomping() {
            self.reader.need(1)?;
            return Ok(Header {
                chomping,
                increment: self.scan_increment()?,
            });
        }
        let increment = self.scan_increment()?;
        if increment.is_some() {
            self.reader.need(1)?;
        }
        let chomping = if increment.is_some() {
            self.scan_chomping()
        } else {
            None
        };
        Ok(Header {
            chomping: chomping.unwrap_or(Chomping::Clip),
            increment,
        })
    }

    fn scan_chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.reader.byte(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.reader.skip();
        Some(chomping)
    }

    fn scan_increment(&mut self) -> Scan<Option<i32>> {
        let digit = self.reader.byte(0);
        if !digit.is_ascii_digit() {
            return Ok(None);
        }
        if digit == b'0' {
            return Err(self.error("found an indentation indicator equal to 0"));
        }
        self.reader.skip();
        Ok(Some(i32::from(digit - b'0')))
    }

    fn skip_rest_of_header(&mut self) -> Scan<()> {
        self.reader.skip_blanks()?;
        self.skip_comment()?;
        if !self.reader.at_break_or_end() {
            return Err(self.error("did not find expected comment or line break"));
        }
        if self.reader.at_break() {
            self.reader.need(2)?;
            self.reader.take_break();
        }
        Ok(())
    }

    /// The text under the header. `end` becomes the end of its last line.
    fn scan_block_text(
        &mut self,
        header: &Header,
        style: ScalarStyle,
        end: &mut Mark,
    ) -> Scan<String> {
        let given = header
            .increment
            .map(|increment| self.indent.max(0) + increment);
        let mut value = String::new();
        let mut blank_lines = String::new();
        let mut line_break = "";
        let mut after_indented_line = false;
        let indent = self.skip_block_indentation(given, &mut blank_lines)?;
        self.reader.need(1)?;
        while self.reader.column() == indent && !self.reader.at_end() {
            let indented_line = self.reader.at_blank();
            let folds = style == ScalarStyle::Folded
                && !after_indented_line
                && !indented_line
                && line_break == "\n";
            match (folds, blank_lines.as_str()) {
                (true, "") => value.push(' '),
                (true, _) => {}
                (false, _) => value.push_str(line_break),
            }
            value.push_str(&blank_lines);
            blank_lines.clear();
            after_indented_line = indented_line;
            let line_start = self.reader.offset();
            self.reader.skip_to_break()?;
            *end = self.reader.mark();
            value.push_str(self.reader.slice(line_start..self.reader.offset()));
            self.reader.need(2)?;
            line_break = self.reader.take_break().unwrap_or_default();
            self.skip_block_indentation(Some(indent), &mut blank_lines)?;
        }
        if header.chomping != Chomping::Strip {
            value.push_str(line_break);
        }
        if header.chomping == Chomping::Keep {
            value.push_str(&blank_lines);
        }
        Ok(value)
    }

    /// Moves over indentation and empty lines, whose breaks go to `blank_lines`, and gives the indentation. If it is
    /// not known, the deepest line met decides.
    fn skip_block_indentation(
        &mut self,
        indent: Option<i32>,
        blank_lines: &mut String,
    ) -> Scan<i32> {
        let mut deepest = 0;
        loop {
            self.reader.need(1)?;
            let indenting = |column: i32| indent.is_none_or(|indent| column < indent);
            while indenting(self.reader.column()) && self.reader.byte(0) == b' ' {
                self.reader.skip();
                self.reader.need(1)?;
            }
            deepest = deepest.max(self.reader.column());
            if indenting(self.reader.column()) && self.reader.byte(0) == b'\t' {
                return Err(
                    self.error("found a tab character where an indentation space is expected")
                );
            }
            if !self.reader.at_break() {
                break;
            }
            self.reader.need(2)?;
            blank_lines.push_str(self.reader.take_break().unwrap_or_default());
        }
        Ok(indent.unwrap_or_else(|| deepest.max(self.indent + 1).max(1)))
    }
}
