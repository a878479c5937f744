//! Where things stand: block collections, keys and indentation.

use super::Emitted;
use super::order::sorted;
use super::reread;
use super::scalar::Scalar;
use super::write::{Room, Writer};
use crate::json::{base64, bytes_as_text};
use crate::number::format_percent_v;
use crate::value::{Entry, Value};
use std::borrow::Cow;
use std::{slice, vec};

/// Keys longer than this many bytes are written behind `?`.
const MAX_SIMPLE_KEY: usize = 128;
/// Columns a level of indentation takes.
const STEP: usize = 2;
/// Base64 beyond this length is cut into lines.
const BINARY_LINE: usize = 70;

/// Whose emitter to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// goyaml v2 behind a JSON round trip.
    V2,
    /// goyaml v3 on Go's values: indented lists, no folding.
    V3,
}

/// Emits a whole document, which must have passed [`reread::check`] for v2.
pub(super) fn emit(root: &Entry, dialect: Dialect) -> Emitted {
    let mut layout = Layout {
        writer: Writer::default(),
        dialect,
        open: Vec::new(),
    };
    layout.writer.out.begin(root.mark);
    layout.value(root, Spot::Root);
    while let Some(block) = layout.open.last_mut() {
        let begins_line = !std::mem::take(&mut block.continues_line);
        let indent = block.indent;
        match block.items.next() {
            Some(Item::Pair(key, entry)) => layout.pair(key, entry, indent, begins_line),
            Some(Item::Element(entry)) => layout.element(entry, indent, begins_line),
            Some(Item::Byte(byte)) => layout.byte(byte, indent, begins_line),
            None => _ = layout.open.pop(),
        }
    }
    layout.writer.end_line();
    layout.writer.out
}

struct Layout<'a> {
    writer: Writer,
    dialect: Dialect,
    /// Collections that were begun and not ended: no recursion, for nesting is the author's choice.
    open: Vec<Block<'a>>,
}

/// A block collection.
struct Block<'a> {
    items: Items<'a>,
    indent: usize,
    /// Whether its first item goes on the current line.
    continues_line: bool,
}

enum Items<'a> {
    Map(vec::IntoIter<(&'a str, &'a Entry)>),
    List(slice::Iter<'a, Entry>),
    /// A `[]byte` in v3: a list of numbers.
    Bytes(slice::Iter<'a, u8>),
}

enum Item<'a> {
    Pair(&'a str, &'a Entry),
    Element(&'a Entry),
    Byte(u8),
}

/// Where a value goes; the number is the indentation of the collection that it is in.
#[derive(Clone, Copy)]
enum Spot {
    Root,
    /// Behind `key:`.
    Key(usize),
    /// Behind `-`, `?` or `:` at the start of a line, where collections can begin on the same line.
    Indicator(usize),
}

impl<'a> Layout<'a> {
    fn pair(&mut self, key: &'a str, entry: &'a Entry, indent: usize, begins_line: bool) {
        self.begin_item(Some(entry.mark), indent, begins_line);
        let scalar = Scalar::string(key, self.dialect);
        if key.len() <= MAX_SIMPLE_KEY && !scalar.has_breaks {
            self.writer.scalar(
                scalar,
                Room {
                    indent,
                    folds: false,
                },
            );
            self.writer.push_str(":");
            return self.value(entry, Spot::Key(indent));
        }
        self.writer.push_str("? ");
        self.writer
            .scalar(scalar, self.room(Spot::Indicator(indent)));
        self.writer.end_line();
        self.writer.indent(indent);
        self.writer.push_str(":");
        self.value(entry, Spot::Indicator(indent));
    }

    fn element(&mut self, entry: &'a Entry, indent: usize, begins_line: bool) {
        self.begin_item(Some(entry.mark), indent, begins_line);
        self.writer.push_str("-");
        self.value(entry, Spot::Indicator(indent));
    }

    fn byte(&mut self, byte: u8, indent: usize, begins_line: bool) {
        self.begin_item(None, indent, begins_line);
        self.writer.push_str(&format!("- {byte}"));
    }

    /// Goes to where an item begins. What follows belongs to it.
    fn begin_item(&mut self, mark: Option<u32>, indent: usize, begins_line: bool) {
        if begins_line {
            self.writer.end_line();
        } else if !self.writer.out.text.is_empty() {
            self.writer.push_str(" ");
        }
        if let Some(mark) = mark {
            self.writer.out.begin(mark);
        }
        if begins_line {
            self.writer.indent(indent);
        }
    }

    fn value(&mut self, entry: &'a Entry, spot: Spot) {
        match &entry.value {
            Value::Null => self.plain("null", spot),
            Value::Bool(value) => self.plain(if *value { "true" } else { "false" }, spot),
            Value::Int(value) => self.plain(&value.to_string(), spot),
            Value::Uint(value) => self.plain(&value.to_string(), spot),
            Value::Float(value) => self.float(*value, spot),
            Value::String(text) => self.string(text, spot),
            Value::Bytes(bytes) => self.bytes(bytes, spot),
            Value::List(items) if items.is_empty() => self.plain("[]", spot),
            Value::Map(map) if map.is_empty() => self.plain("{}", spot),
            Value::List(items) => {
                self.block(Items::List(items.iter()), self.list_indent(spot), spot);
            }
            Value::Map(map) => {
                let items = Items::Map(sorted(map, self.dialect).into_iter());
                self.block(items, map_indent(spot), spot);
            }
        }
    }

    fn block(&mut self, items: Items<'a>, indent: usize, spot: Spot) {
        let continues_line = !matches!(spot, Spot::Key(_));
        self.open.push(Block {
            items,
            indent,
            continues_line,
        });
    }

    /// Lists under a key stand below the key in v2, indented in v3.
    fn list_indent(&self, spot: Spot) -> usize {
        match (spot, self.dialect) {
            (Spot::Key(indent), Dialect::V2) => indent,
            _ => map_indent(spot),
        }
    }

    fn float(&mut self, value: f64, spot: Spot) {
        let text = match self.dialect {
            Dialect::V2 => reread::float(value),
            Dialect::V3 if value.is_nan() => ".nan".to_owned(),
            Dialect::V3 if value.is_infinite() => {
                if value > 0.0 { ".inf" } else { "-.inf" }.to_owned()
            }
            Dialect::V3 => format_percent_v(value),
        };
        self.plain(&text, spot);
    }

    fn string(&mut self, text: &str, spot: Spot) {
        let text = match self.dialect {
            Dialect::V2 => reread::string(text),
            Dialect::V3 => Cow::Borrowed(text),
        };
        self.scalar(Scalar::string(&text, self.dialect), spot);
    }

    fn bytes(&mut self, bytes: &'a [u8], spot: Spot) {
        if self.dialect == Dialect::V2 {
            return self.string(&bytes_as_text(bytes), spot);
        }
        if std::str::from_utf8(bytes).is_err() {
            self.binary(bytes, spot);
        } else if bytes.is_empty() {
            self.plain("[]", spot);
        } else {
            self.block(Items::Bytes(bytes.iter()), self.list_indent(spot), spot);
        }
    }

    /// A string that is no UTF-8, in v3.
    fn binary(&mut self, bytes: &[u8], spot: Spot) {
        let encoded = base64(bytes);
        self.plain("!!binary", spot);
        if encoded.len() < BINARY_LINE {
            self.scalar(Scalar::plain(&encoded), Spot::Key(0));
            return;
        }
        let mut lines = String::with_capacity(encoded.len() + encoded.len() / BINARY_LINE + 1);
        for (at, character) in encoded.char_indices() {
            lines.push(character);
            if (at + 1) % BINARY_LINE == 0 || at + 1 == encoded.len() {
                lines.push('\n');
            }
        }
        self.writer.push_str(" ");
        self.writer
            .scalar(Scalar::string(&lines, self.dialect), self.room(spot));
    }

    fn plain(&mut self, text: &str, spot: Spot) {
        self.scalar(Scalar::plain(text), spot);
    }

    fn scalar(&mut self, scalar: Scalar<'_>, spot: Spot) {
        if !matches!(spot, Spot::Root) {
            self.writer.push_str(" ");
        }
        self.writer.scalar(scalar, self.room(spot));
    }

    fn room(&self, spot: Spot) -> Room {
        let indent = match spot {
            Spot::Root => STEP,
            Spot::Key(indent) | Spot::Indicator(indent) => indent + STEP,
        };
        Room {
            indent,
            folds: self.dialect == Dialect::V2,
        }
    }
}

impl<'a> Items<'a> {
    fn next(&mut self) -> Option<Item<'a>> {
        match self {
            Self::Map(pairs) => pairs.next().map(|(key, entry)| Item::Pair(key, entry)),
            Self::List(elements) => elements.next().map(Item::Element),
            Self::Bytes(bytes) => bytes.next().map(|&byte| Item::Byte(byte)),
        }
    }
}

fn map_indent(spot: Spot) -> usize {
    match spot {
        Spot::Root => 0,
        Spot::Key(indent) | Spot::Indicator(indent) => indent + STEP,
    }
}
