//! Scalars under a verb, and the text for verbs that do not fit.

use super::printer::{Depth, Printer};
use super::spec::{Integer, Radix, Spec};
use crate::value::{Item, Val};

/// What a pointer inside a container prints as: Go shows its address.
const ADDRESS: u64 = 0xc0_0000_e000;

impl Printer {
    pub(super) fn string(&mut self, item: &Item, verb: char) {
        let Val::Str(text) = &item.val else { return };
        match verb {
            'v' if self.spec.sharp_v => self.leaf(self.spec.quoted(text.bytes())),
            'v' | 's' => {
                let kept = self.spec.kept_length(text.bytes());
                let (before, after) = self.spec.padding(&text.bytes()[..kept]);
                self.literal(&before);
                self.part(item, 0..kept);
                self.literal(&after);
            }
            'x' | 'X' => self.leaf(self.spec.hex_bytes(text.bytes(), verb == 'X')),
            'q' if self.spec.precision.is_none()
                && self.spec.width.is_none()
                && !self.spec.sharp
                && !self.spec.plus =>
            {
                // Each character is at most ten bytes long when it is escaped, and mostly one.
                if self.room_for(text.len() + 2) {
                    super::push_quoted(&mut self.out, text, item.prov);
                }
            }
            'q' => self.leaf(self.spec.quoted(text.bytes())),
            _ => self.bad_verb(item, verb),
        }
    }

    pub(super) fn integer(&mut self, item: &Item, value: Integer, verb: char) {
        let radix = match verb {
            'v' | 'd' => Radix::Decimal,
            'b' => Radix::Binary,
            'o' | 'O' => Radix::Octal {
                marked: verb == 'O',
            },
            'x' | 'X' => Radix::Hexadecimal { upper: verb == 'X' },
            'c' => return self.leaf(self.spec.character(value)),
            'q' => return self.leaf(self.spec.quoted_char(value)),
            'U' => return self.leaf(self.spec.code_point(value)),
            _ => return self.bad_verb(item, verb),
        };
        self.leaf(self.spec.integer(value, radix));
    }

    pub(super) fn unsigned(&mut self, item: &Item, value: u64, verb: char) {
        if verb == 'v' && self.spec.sharp_v {
            let marked = Spec {
                sharp: true,
                ..self.spec
            };
            return self.leaf(marked.integer(value.into(), Radix::Hexadecimal { upper: false }));
        }
        self.integer(item, value.into(), verb);
    }

    pub(super) fn number(&mut self, item: &Item, text: Option<Vec<u8>>, verb: char) {
        match text {
            Some(text) => self.leaf(text),
            None => self.bad_verb(item, verb),
        }
    }

    pub(super) fn pointer(&mut self, item: &Item, verb: char) {
        let marked = Spec {
            sharp: !self.spec.sharp,
            ..self.spec
        };
        match verb {
            'v' if self.spec.sharp_v => {
                let type_name = item.val.type_name(self.helm);
                self.literal(format!("({type_name})({ADDRESS:#x})").as_bytes());
            }
            'v' | 'p' => {
                self.leaf(marked.integer(ADDRESS.into(), Radix::Hexadecimal { upper: false }));
            }
            'b' | 'o' | 'd' | 'x' | 'X' => self.integer(item, ADDRESS.into(), verb),
            _ => self.bad_verb(item, verb),
        }
    }

    /// `%!verb(type=value)`
    pub(super) fn bad_verb(&mut self, item: &Item, verb: char) {
        let prov = self.prov;
        self.literal(format!("%!{verb}(").as_bytes());
        if item.val.is_nil() {
            self.literal(b"<nil>");
        } else {
            let type_name = item.val.type_name(self.helm);
            self.literal(format!("{type_name}=").as_bytes());
            let outer = std::mem::replace(&mut self.erroring, true);
            self.value(item, 'v', Depth::Top);
            self.erroring = outer;
        }
        self.prov = prov;
        self.literal(b")");
    }
}
