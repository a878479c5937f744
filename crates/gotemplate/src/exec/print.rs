//! Writing output: literal text, printed values, and the removal of `<no value>`.

use super::eval::Eval;
use super::{Form, Held};
use crate::failure::Failure;
use crate::functions::format::display;
use crate::syntax::ast::Span as TextSpan;
use crate::value::{Item, TextBuilder, Val};
use source::Prov;

/// What Go prints for nil and Helm removes from the final text.
const NO_VALUE: &[u8] = b"<no value>";

impl Eval<'_, '_, '_, '_> {
    pub(super) fn write_text(&mut self, text: TextSpan) -> Result<(), Box<Failure>> {
        let prov = self.with_text_source(Prov::NONE, true);
        let bytes = self.unit.source.slice(text);
        self.write(|out| out.push(bytes, prov), bytes.len())
    }

    /// Prints the value of an action.
    pub(super) fn print(&mut self, value: &Held) -> Result<(), Box<Failure>> {
        self.host.note_read_whole(&value.item);
        let mut item = value.item.clone();
        item.prov = self.with_text_source(item.prov, false);
        if value.form == Form::Invalid || item.val.is_nil() {
            return self.write(|out| out.push(NO_VALUE, item.prov), NO_VALUE.len());
        }
        if let Val::Str(text) = &item.val {
            let length = text.len();
            return self.write(|out| out.push_item(&item), length);
        }
        if self.host.options.provenance && matches!(item.val, Val::Map(_) | Val::List(_)) {
            item.prov = self.whole_prov(&item);
        }
        let text = display(&item.val, self.host.helm);
        self.write(|out| out.push(&text, item.prov), text.len())
    }

    fn write(
        &mut self,
        write: impl FnOnce(&mut TextBuilder),
        length: usize,
    ) -> Result<(), Box<Failure>> {
        let Some(left) = self.host.output_left.checked_sub(length as u64) else {
            let bytes = self.host.options.limits.output_bytes;
            return Err(
                Failure::limit(format!("rendering wrote more than {bytes} bytes")).at(self.at),
            );
        };
        self.host.output_left = left;
        let here = self.host.here(self.at);
        if let Some(out) = self.host.out.last_mut() {
            out.set_here(here);
            write(out);
        }
        Ok(())
    }

    /// What a container and all that is in it rests on.
    fn whole_prov(&mut self, item: &Item) -> Prov {
        let mut prov = item.prov;
        let mut pending = vec![item.clone()];
        let mut left = 100_000u32;
        while let Some(next) = pending.pop() {
            prov = self.host.tables.join(prov, next.prov);
            left = left.saturating_sub(1);
            if left == 0 {
                break;
            }
            match &next.val {
                Val::Map(map) => pending.extend(map.entries().values().cloned()),
                Val::List(list) => pending.extend(list.items().iter().cloned()),
                _ => {}
            }
        }
        prov
    }
}

/// The string without any `<no value>`.
pub(super) fn without_no_value(item: &Item, mut builder: TextBuilder) -> Item {
    let Val::Str(text) = &item.val else {
        return item.clone();
    };
    let bytes = text.bytes();
    let Some(mut found) = find(bytes, 0) else {
        return item.clone();
    };
    let mut from = 0;
    loop {
        builder.push_part(item, from..found);
        from = found + NO_VALUE.len();
        match find(bytes, from) {
            Some(next) => found = next,
            None => break,
        }
    }
    builder.push_part(item, from..bytes.len());
    Item {
        val: Val::Str(builder.finish()),
        prov: item.prov,
    }
}

fn find(bytes: &[u8], from: usize) -> Option<usize> {
    // The marker begins with a byte that is rare in manifests: look for that first.
    let mut at = from;
    while let Some(offset) = bytes[at..].iter().position(|byte| *byte == b'<') {
        let start = at + offset;
        if bytes[start..].starts_with(NO_VALUE) {
            return Some(start);
        }
        at = start + 1;
    }
    None
}
