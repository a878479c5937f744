//! The format string of `printf`: flags, argument indexes, width, precision, verb.

use super::printer::Printer;
use super::spec::Spec;
use crate::syntax::unicode::decode;
use crate::value::{Item, Val};

/// Widths and precisions beyond a million are refused, as in Go.
const LARGEST_NUMBER: i64 = 1_000_000;

/// Prints `format` with its operands.
pub(super) fn run(printer: &mut Printer, format: &Item, operands: &[Item]) {
    let Some(text) = format.val.as_str() else {
        return;
    };
    let mut directives = Directives {
        format: text.bytes(),
        at: 0,
        operands,
        next: 0,
        reordered: false,
        index_is_good: true,
        after_index: false,
    };
    while directives.at < directives.format.len() {
        let start = directives.at;
        let rest = &directives.format[start..];
        directives.at += rest
            .iter()
            .position(|byte| *byte == b'%')
            .unwrap_or(rest.len());
        printer.part(format, start..directives.at);
        if directives.at < directives.format.len() {
            directives.at += 1;
            directives.directive(printer);
        }
    }
    directives.report_extra(printer);
}

struct Directives<'a> {
    format: &'a [u8],
    at: usize,
    operands: &'a [Item],
    /// The operand that the next verb takes.
    next: usize,
    /// An index such as `[1]` occurred.
    reordered: bool,
    index_is_good: bool,
    /// An index stands just before this place.
    after_index: bool,
}

impl Directives<'_> {
    /// One directive, from behind its `%` to behind its verb.
    fn directive(&mut self, printer: &mut Printer) {
        printer.spec = self.flags();
        self.index_is_good = true;
        self.after_index = false;
        self.index();
        self.width(printer);
        self.precision(printer);
        if !self.after_index {
            self.index();
        }
        let Some((verb, size)) = decode(self.format, self.at) else {
            return printer.literal(b"%!(NOVERB)");
        };
        self.at += size;
        match verb {
            '%' => printer.literal(b"%"),
            _ if !self.index_is_good => printer.literal(format!("%!{verb}(BADINDEX)").as_bytes()),
            _ => self.print_operand(printer, verb),
        }
    }

    fn print_operand(&mut self, printer: &mut Printer, verb: char) {
        let Some(operand) = self.operands.get(self.next) else {
            return printer.literal(format!("%!{verb}(MISSING)").as_bytes());
        };
        self.next += 1;
        let spec = printer.spec;
        if matches!(verb, 'v' | 'w') {
            printer.spec = Spec {
                sharp_v: spec.sharp,
                plus_v: spec.plus,
                sharp: false,
                plus: false,
                ..spec
            };
        }
        if printer.room_for_padding() {
            printer.operand(operand, verb);
        }
        printer.no_origin();
    }

    fn flags(&mut self) -> Spec {
        let mut spec = Spec::default();
        while let Some(byte) = self.format.get(self.at) {
            match byte {
                b'#' => spec.sharp = true,
                b'0' => spec.zero = true,
                b'+' => spec.plus = true,
                b'-' => spec.minus = true,
                b' ' => spec.space = true,
                _ => break,
            }
            self.at += 1;
        }
        spec
    }

    fn width(&mut self, printer: &mut Printer) {
        if self.take(b'*') {
            match self.number_operand() {
                Some(width) => {
                    printer.spec.width = Some(width.unsigned_abs() as usize);
                    if width < 0 {
                        printer.spec.minus = true;
                        printer.spec.zero = false;
                    }
                }
                None => printer.literal(b"%!(BADWIDTH)"),
            }
            self.after_index = false;
            return;
        }
        printer.spec.width = self.number();
        if self.after_index && printer.spec.width.is_some() {
            self.index_is_good = false;
        }
    }

    fn precision(&mut self, printer: &mut Printer) {
        // A dot at the very end is the verb.
        if self.format.get(self.at) != Some(&b'.') || self.at + 1 >= self.format.len() {
            return;
        }
        self.at += 1;
        if self.after_index {
            self.index_is_good = false;
        }
        self.index();
        if self.take(b'*') {
            let precision = self
                .number_operand()
                .and_then(|number| usize::try_from(number).ok());
            printer.spec.precision = precision;
            if precision.is_none() {
                printer.literal(b"%!(BADPREC)");
            }
            self.after_index = false;
            return;
        }
        printer.spec.precision = Some(self.number().unwrap_or(0));
    }

    /// An argument index: `[3]`.
    fn index(&mut self) {
        self.after_index = false;
        if self.format.get(self.at) != Some(&b'[') {
            return;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        let Some(end) = rest
            .iter()
            .position(|byte| *byte == b']')
            .filter(|_| rest.len() >= 3)
        else {
            self.index_is_good = false;
            self.at += 1;
            return;
        };
        let inside = self.at + 1..self.at + end;
        self.at += end + 1;
        let mut digits = Self {
            format: &self.format[..inside.end],
            at: inside.start,
            ..*self
        };
        let number = digits.number().filter(|_| digits.at == inside.end);
        self.after_index = number.is_some();
        match number
            .and_then(|number| number.checked_sub(1))
            .filter(|index| *index < self.operands.len())
        {
            Some(index) => self.next = index,
            None => self.index_is_good = false,
        }
    }

    /// Decimal digits, if any. A crazily long number takes the rest of the format with it, as in Go.
    fn number(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit) = self
            .format
            .get(self.at)
            .filter(|byte| byte.is_ascii_digit())
        {
            let so_far = number.unwrap_or(0);
            if so_far > LARGEST_NUMBER as usize {
                self.at = self.format.len();
                return None;
            }
            number = Some(so_far * 10 + usize::from(digit - b'0'));
            self.at += 1;
        }
        number
    }

    /// The operand of a `*`; None if it is missing, no integer or too large.
    fn number_operand(&mut self) -> Option<i64> {
        let operand = self.operands.get(self.next)?;
        self.next += 1;
        let number = match operand.val {
            Val::Int(value) | Val::Int64(value) => value,
            Val::Uint8(value) => i64::from(value),
            Val::Uint64(value) => i64::try_from(value).ok()?,
            _ => return None,
        };
        (-LARGEST_NUMBER..=LARGEST_NUMBER)
            .contains(&number)
            .then_some(number)
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.format.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    /// `%!(EXTRA type=value, …)`, which Go leaves out where indexes made it too hard to tell.
    fn report_extra(&self, printer: &mut Printer) {
        let extra = self.operands.get(self.next..).unwrap_or(&[]);
        if self.reordered || extra.is_empty() {
            return;
        }
        printer.literal(b"%!(EXTRA ");
        for (index, item) in extra.iter().enumerate() {
            if index > 0 {
                printer.literal(b", ");
            }
            if item.val.is_nil() {
                printer.literal(b"<nil>");
                continue;
            }
            let type_name = item.val.type_name(printer.helm);
            printer.literal(format!("{type_name}=").as_bytes());
            printer.plain(item);
        }
        printer.literal(b")");
    }
}
