//! Prints values of any shape under one verb, as Go's `fmt` walks them.
//!
//! Containers are walked with a list of open ones instead of by recursion: values nest as deep as a chart likes,
//! and a map that holds itself ends at the byte limit.

use super::containers::{Element, Open};
use super::objects::{Shape, shape};
use super::spec::Spec;
use crate::HelmLine;
use crate::functions::CallError;
use crate::value::{Item, Str, TextBuilder, Val};
use source::Prov;
use std::sync::Arc;

pub(super) struct Printer {
    pub(super) out: TextBuilder,
    pub(super) helm: HelmLine,
    pub(super) spec: Spec,
    /// What the bytes that are being written rest on.
    pub(super) prov: Prov,
    limit: u64,
    over_limit: bool,
    /// Inside a `%!verb(type=value)`: methods are not called.
    pub(super) erroring: bool,
}

impl Printer {
    /// Writes behind what `out` holds, up to a total of `limit` bytes.
    pub(super) fn new(out: TextBuilder, helm: HelmLine, limit: u64) -> Self {
        Self {
            out,
            helm,
            spec: Spec::default(),
            prov: Prov::NONE,
            limit,
            over_limit: false,
            erroring: false,
        }
    }

    /// What was written, cut where the limit was.
    pub(super) fn into_text(self) -> TextBuilder {
        self.out
    }

    /// What was written.
    pub(super) fn finish(self) -> Result<TextBuilder, CallError> {
        if self.over_limit {
            return Err(CallError::Limit(
                "printing a value takes more memory than a rendering may use".to_owned(),
            ));
        }
        Ok(self.out)
    }

    /// Bytes that no value supplied.
    pub(super) fn literal(&mut self, bytes: &[u8]) {
        if self.room_for(bytes.len()) {
            self.out.push(bytes, self.prov);
        }
    }

    /// What follows is no value's text.
    pub(super) fn no_origin(&mut self) {
        self.prov = Prov::NONE;
    }

    /// A part of a string value.
    pub(super) fn part(&mut self, item: &Item, range: std::ops::Range<usize>) {
        if self.room_for(range.len()) {
            self.out.push_part(item, range);
        }
    }

    /// `%v` without flags.
    pub(super) fn plain(&mut self, item: &Item) {
        self.spec = Spec::default();
        self.operand(item, 'v');
        self.prov = Prov::NONE;
    }

    /// `%v` without flags as an action prints it: pointers are followed, and methods of pointers called.
    pub(super) fn action(&mut self, item: &Item) {
        self.spec = Spec::default();
        if let Some(text) = super::objects::action_text(&item.val, self.helm) {
            self.prov = item.prov;
            self.literal(text.as_bytes());
        } else if super::is_pointer(&item.val) {
            self.prov = item.prov;
            self.value(item, 'v', Depth::Followed);
        } else {
            self.operand(item, 'v');
        }
        self.prov = Prov::NONE;
    }

    /// One operand of a verb.
    pub(super) fn operand(&mut self, item: &Item, verb: char) {
        self.prov = item.prov;
        match (&item.val, verb) {
            (Val::Nil, 'T' | 'v') => self.leaf(self.spec.pad(b"<nil>".to_vec())),
            (Val::Nil, _) => self.bad_verb(item, verb),
            (val, 'T') => {
                let text: Item = Val::string(val.type_name(self.helm)).into();
                self.string(
                    &Item {
                        prov: item.prov,
                        ..text
                    },
                    's',
                );
            }
            (Val::List(_) | Val::Map(_) | Val::Bytes(_), 'p') => self.pointer(item, verb),
            (Val::Object(object), 'p') if object.kind() == "ptr" => self.pointer(item, verb),
            (_, 'p') => self.bad_verb(item, verb),
            // Only `Errorf` wraps, and bytes are printed element by element.
            (Val::Bytes(bytes), 'w') => {
                let open = self.open_bytes(bytes, item.prov);
                self.walk(open, verb);
            }
            (Val::Bytes(bytes), 'v') if self.spec.sharp_v => self.byte_literal(bytes),
            (_, 'w') => self.bad_verb(item, verb),
            _ => self.value(item, verb, Depth::Top),
        }
    }

    /// A value that neither Go's `%T` nor `%p` asks about.
    pub(super) fn value(&mut self, item: &Item, verb: char, depth: Depth) {
        if let Some(open) = self.enter(item, verb, depth) {
            self.walk(open, verb);
        }
    }

    pub(super) fn walk(&mut self, outermost: Open, verb: char) {
        let mut opened = vec![outermost];
        while let Some(open) = opened.last_mut() {
            if self.over_limit {
                return;
            }
            let (first, prov) = (std::mem::replace(&mut open.first, false), open.prov);
            let Some((name, element)) = open.next() else {
                self.prov = prov;
                self.close(open);
                opened.pop();
                continue;
            };
            self.prov = prov;
            if !first {
                self.literal(if self.spec.sharp_v { b", " } else { b" " });
            }
            self.name(&name, verb);
            let inner = match element {
                Element::Item(item) => {
                    let prov = if item.prov.is_none() { prov } else { item.prov };
                    self.prov = prov;
                    self.enter(&Item { prov, ..item }, verb, Depth::Inside)
                }
                Element::Struct { type_name, fields } => {
                    Some(self.open_struct(type_name, fields, prov))
                }
            };
            opened.extend(inner);
        }
    }

    /// Prints a scalar, or opens a container.
    fn enter(&mut self, item: &Item, verb: char, depth: Depth) -> Option<Open> {
        match &item.val {
            Val::Nil => self.literal(if self.spec.sharp_v {
                b"interface {}(nil)"
            } else {
                b"<nil>"
            }),
            Val::Bool(value) => match verb {
                't' | 'v' => self.leaf(self.spec.pad(value.to_string().into_bytes())),
                _ => self.bad_verb(item, verb),
            },
            Val::Int(value) | Val::Int64(value) => self.integer(item, (*value).into(), verb),
            Val::Uint8(value) => self.unsigned(item, u64::from(*value), verb),
            Val::Uint64(value) => self.unsigned(item, *value, verb),
            Val::Float(value) => self.number(item, self.spec.float(*value, verb), verb),
            Val::Complex(real, imaginary) => {
                self.number(item, self.spec.complex(*real, *imaginary, verb), verb);
            }
            Val::Str(_) => self.string(item, verb),
            Val::Bytes(bytes) => match verb {
                's' | 'q' | 'x' | 'X' => {
                    let text = Val::Str(Str::with_map(Arc::clone(bytes), Vec::new()));
                    self.string(
                        &Item {
                            val: text,
                            prov: item.prov,
                        },
                        verb,
                    );
                }
                _ => return Some(self.open_bytes_typed(bytes, item.prov)),
            },
            Val::List(list) => return self.open_list(list, item.prov),
            Val::Map(map) => {
                let entries = if map.is_nil() {
                    None
                } else {
                    Some(map.snapshot())
                };
                return self.open_map(map.map_type().type_name(self.helm), entries, item.prov);
            }
            Val::Object(_) => return self.object(item, verb, depth),
        }
        None
    }

    fn object(&mut self, item: &Item, verb: char, depth: Depth) -> Option<Open> {
        let Val::Object(object) = &item.val else {
            return None;
        };
        let methods = !self.erroring && depth != Depth::Followed;
        let shape = shape(object, self.helm);
        if let Shape::Struct {
            go_text: Some(text),
            ..
        } = &shape
            && methods
            && self.spec.sharp_v
        {
            self.string(
                &Item {
                    val: Val::string(text),
                    prov: item.prov,
                },
                's',
            );
            return None;
        }
        match shape {
            Shape::Struct {
                text: Some(text), ..
            } if methods && !self.spec.sharp_v && matches!(verb, 'v' | 's' | 'x' | 'X' | 'q') => {
                self.string(
                    &Item {
                        val: Val::string(text),
                        prov: item.prov,
                    },
                    verb,
                );
                None
            }
            Shape::Struct { pointer: true, .. } if depth == Depth::Inside => {
                self.pointer(item, verb);
                None
            }
            Shape::Struct {
                pointer,
                fields,
                type_name,
                ..
            } => {
                if pointer && depth == Depth::Top {
                    self.literal(b"&");
                }
                Some(self.open_struct(&type_name, fields, item.prov))
            }
            Shape::Map { type_name, entries } => self.open_map(type_name, Some(entries), item.prov),
        }
    }

    pub(super) fn leaf(&mut self, text: Vec<u8>) {
        self.literal(&text);
    }

    pub(super) fn room_for(&mut self, bytes: usize) -> bool {
        let fits = !self.over_limit && self.out.len() as u64 + bytes as u64 <= self.limit;
        self.over_limit |= !fits;
        fits
    }

    /// Whether padding to the width and precision of the verb fits; says so before anything of that size is built.
    pub(super) fn room_for_padding(&mut self) -> bool {
        let padding = self
            .spec
            .width
            .unwrap_or(0)
            .saturating_add(self.spec.precision.unwrap_or(0));
        self.room_for(padding)
    }
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// An operand.
    Top,
    /// An operand whose pointer was followed.
    Followed,
    Inside,
}
