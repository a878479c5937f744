//! JSON text whose strings show nothing unprintable: such characters are written as `\u…`, which means the same.

use super::escape;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use std::io::{self, Write};

/// Pretty-printed, with a final newline.
pub(super) fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::new();
    let formatter = SafeFormatter {
        pretty: PrettyFormatter::new(),
    };
    value
        .serialize(&mut Serializer::with_formatter(&mut out, formatter))
        .expect("the wire types have string keys only, and memory takes every byte");
    out.push(b'\n');
    out
}

struct SafeFormatter {
    pretty: PrettyFormatter<'static>,
}

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut units = [0; 2];
        for part in fragment.split_inclusive(escape::is_unprintable) {
            let last = part
                .chars()
                .next_back()
                .filter(|character| escape::is_unprintable(*character));
            let plain = &part[..part.len() - last.map_or(0, char::len_utf8)];
            // The old spelling of a workflow command is looked for anywhere in a line of a log.
            out.write_all(plain.replace("##[", "##\\u005b").as_bytes())?;
            for unit in last
                .iter()
                .flat_map(|character| character.encode_utf16(&mut units).to_vec())
            {
                write!(out, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unprintable_characters_are_escapes_and_read_back_the_same() {
        let text = "a\u{202e}b\u{9b}c\u{1b}d\u{e0001}e\n\"ü🚢##[error]";
        let bytes = to_bytes(&[text]);
        let written = String::from_utf8(bytes).unwrap();
        assert_eq!(
            written,
            "[\n  \"a\\u202eb\\u009bc\\u001bd\\udb40\\udc01e\\n\\\"ü🚢##\\u005berror]\"\n]\n"
        );
        assert_eq!(
            serde_json::from_str::<Vec<String>>(&written).unwrap(),
            [text]
        );
    }
}
