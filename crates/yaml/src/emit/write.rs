//! Text output: lines, indentation, and scalars in their styles.

use super::Emitted;
use super::scalar::{Scalar, Style, is_break, is_printable};

/// The column after which a space may become a line break.
const WIDTH: usize = 80;

/// How a scalar is laid out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Indentation of continuation lines.
    pub(super) indent: usize,
    /// Whether long lines may be folded (not in keys, not in v3).
    pub(super) folds: bool,
}

/// The output so far.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) out: Emitted,
    /// Characters on the current line.
    column: usize,
}

impl Writer {
    /// Writes text without line breaks.
    pub(super) fn push_str(&mut self, text: &str) {
        self.out.text.push_str(text);
        self.column += text.chars().count();
    }

    /// Ends the current line, if it has anything on it.
    pub(super) fn end_line(&mut self) {
        if self.column > 0 {
            self.break_line();
        }
    }

    pub(super) fn indent(&mut self, indent: usize) {
        let spaces = indent.saturating_sub(self.column);
        self.out.text.extend(std::iter::repeat_n(' ', spaces));
        self.column += spaces;
    }

    pub(super) fn scalar(&mut self, scalar: Scalar<'_>, room: Room) {
        match scalar.style {
            Style::Plain if !room.folds => self.push_str(scalar.text),
            Style::Plain => self.flowing(scalar.text, room, false),
            Style::SingleQuoted => {
                self.push('\'');
                self.flowing(scalar.text, room, true);
                self.push('\'');
            }
            Style::DoubleQuoted => self.double_quoted(scalar.text, room),
            Style::Literal => self.literal(scalar.text, room.indent),
        }
    }

    fn push(&mut self, character: char) {
        self.out.text.push(character);
        self.column += 1;
    }

    fn break_line(&mut self) {
        self.out.text.push('\n');
        self.column = 0;
    }

    /// Writes a line break of the text itself.
    fn push_break(&mut self, character: char) {
        self.out.text.push(character);
        self.column = 0;
    }

    /// Continues on a new line.
    fn fold(&mut self, indent: usize) {
        self.end_line();
        self.indent(indent);
    }

    /// Plain or single-quoted content. The only breaks that get here are U+2028 and U+2029, after which the text goes
    /// on indented.
    fn flowing(&mut self, text: &str, room: Room, quoted: bool) {
        let mut after_break = false;
        let mut after_space = false;
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if character == ' ' {
                let next = characters.peek().map(|&(_, next)| next);
                let is_edge = quoted && (at == 0 || next.is_none());
                let folds = room.folds
                    && !after_space
                    && self.column > WIDTH
                    && !is_edge
                    && next != Some(' ');
                if folds {
                    self.fold(room.indent);
                } else {
                    self.push(' ');
                }
                after_space = true;
            } else if is_break(character) {
                self.push_break(character);
                after_break = true;
            } else {
                if after_break {
                    self.indent(room.indent);
                }
                if quoted && character == '\'' {
                    self.push('\'');
                }
                self.push(character);
                after_space = false;
                after_break = false;
            }
        }
    }

    fn double_quoted(&mut self, text: &str, room: Room) {
        // goyaml looks for a byte order mark at the start of the text, for each character, and so escapes them all.
        let escapes_all = text.starts_with('\u{feff}');
        let mut after_space = false;
        self.push('"');
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if escapes_all
                || !is_printable(character)
                || is_break(character)
                || matches!(character, '"' | '\\')
            {
                self.push_escape(character);
                after_space = false;
            } else if character == ' ' {
                let next = characters.peek().map(|&(_, next)| next);
                let is_edge = at == 0 || next.is_none();
                if room.folds && !after_space && self.column > WIDTH && !is_edge {
                    self.fold(room.indent);
                    if next == Some(' ') {
                        self.push('\\');
                    }
                } else {
                    self.push(' ');
                }
                after_space = true;
            } else {
                self.push(character);
                after_space = false;
            }
        }
        self.push('"');
    }

    fn push_escape(&mut self, character: char) {
        let short = match character {
            '\0' => '0',
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0b' => 'v',
            '\x0c' => 'f',
            '\r' => 'r',
            '\x1b' => 'e',
            '"' | '\\' => character,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => return self.push_str(&numeric_escape(u32::from(character))),
        };
        self.push('\\');
        self.push(short);
    }

    /// Lines as they are, behind a header.
    fn literal(&mut self, text: &str, indent: usize) {
        self.push('|');
        if text.starts_with(|first: char| first == ' ' || is_break(first)) {
            self.push('2');
        }
        self.push_str(chomping(text));
        self.break_line();
        let mut after_break = true;
        for character in text.chars() {
            if is_break(character) {
                self.push_break(character);
                after_break = true;
            } else {
                if std::mem::take(&mut after_break) {
                    self.indent(indent);
                }
                self.push(character);
            }
        }
    }
}

fn numeric_escape(code: u32) -> String {
    match code {
        0..=0xff => format!("\\x{code:02X}"),
        0x100..=0xffff => format!("\\u{code:04X}"),
        _ => format!("\\U{code:08X}"),
    }
}

/// How a literal says what follows its last line: nothing, one break, or all that are there.
fn chomping(text: &str) -> &'static str {
    let mut backwards = text.chars().rev();
    match (
        backwards.next().map(is_break),
        backwards.next().map(is_break),
    ) {
        (Some(true), Some(false)) => "",
        (Some(true), _) => "+",
        _ => "-",
    }
}
