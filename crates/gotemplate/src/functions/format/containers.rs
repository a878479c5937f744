//! Containers while they are printed: what opens and closes them, and their elements one by one.

use super::objects::Field;
use super::printer::Printer;
use crate::value::{ElementType, Item, List, MapRef, MapType, Val};
use source::Prov;
use std::sync::Arc;

/// A container that is being printed.
pub(super) struct Open {
    pub(super) rest: Rest,
    pub(super) prov: Prov,
    pub(super) first: bool,
}

pub(super) enum Rest {
    List(List, usize),
    Bytes(Arc<[u8]>, usize),
    Entries(std::vec::IntoIter<(Arc<str>, Item)>),
    Fields(std::vec::IntoIter<(&'static str, Field)>),
}

pub(super) enum Name {
    None,
    Key(Arc<str>),
    Field(&'static str),
}

pub(super) enum Element {
    Item(Item),
    Struct {
        type_name: &'static str,
        fields: Vec<(&'static str, Field)>,
    },
}

impl Open {
    pub(super) fn next(&mut self) -> Option<(Name, Element)> {
        match &mut self.rest {
            Rest::List(list, at) => {
                let item = list.items().get(*at)?.clone();
                *at += 1;
                // Slices of strings or numbers hold no nil; a nil element of another type is an empty container.
                let item = match (&item.val, list.element_type()) {
                    (Val::Nil, ElementType::Map) => Item {
                        val: Val::Map(MapRef::nil(MapType::Plain)),
                        prov: item.prov,
                    },
                    _ => item,
                };
                Some((Name::None, Element::Item(item)))
            }
            Rest::Bytes(bytes, at) => {
                let byte = *bytes.get(*at)?;
                *at += 1;
                Some((Name::None, Element::Item(Val::Uint8(byte).into())))
            }
            Rest::Entries(entries) => entries
                .next()
                .map(|(key, item)| (Name::Key(key), Element::Item(item))),
            Rest::Fields(fields) => {
                let (name, field) = fields.next()?;
                let element = match field {
                    Field::Val(val) => Element::Item(val.into()),
                    Field::Struct { type_name, fields } => Element::Struct { type_name, fields },
                };
                Some((Name::Field(name), element))
            }
        }
    }
}

impl Printer {
    pub(super) fn name(&mut self, name: &Name, verb: char) {
        match name {
            Name::None => {}
            Name::Key(key) => {
                self.string(
                    &Item {
                        val: Val::Str(Arc::clone(key).into()),
                        prov: self.prov,
                    },
                    verb,
                );
                self.literal(b":");
            }
            Name::Field(field) => {
                if self.spec.plus_v || self.spec.sharp_v {
                    self.literal(field.as_bytes());
                    self.literal(b":");
                }
            }
        }
    }

    pub(super) fn close(&mut self, open: &Open) {
        let braces = self.spec.sharp_v || matches!(open.rest, Rest::Fields(_));
        self.literal(if braces { b"}" } else { b"]" });
    }

    pub(super) fn open_struct(
        &mut self,
        type_name: &str,
        fields: Vec<(&'static str, Field)>,
        prov: Prov,
    ) -> Open {
        if self.spec.sharp_v {
            self.literal(type_name.as_bytes());
        }
        self.literal(b"{");
        Open {
            rest: Rest::Fields(fields.into_iter()),
            prov,
            first: true,
        }
    }

    pub(super) fn open_list(&mut self, list: &List, prov: Prov) -> Option<Open> {
        if self.spec.sharp_v {
            self.literal(list.element_type().slice_type().as_bytes());
            if list.is_nil() {
                self.literal(b"(nil)");
                return None;
            }
        }
        self.literal(if self.spec.sharp_v { b"{" } else { b"[" });
        Some(Open {
            rest: Rest::List(list.clone(), 0),
            prov,
            first: true,
        })
    }

    pub(super) fn open_map(
        &mut self,
        type_name: &str,
        entries: Option<Vec<(Arc<str>, Item)>>,
        prov: Prov,
    ) -> Option<Open> {
        if self.spec.sharp_v {
            self.literal(type_name.as_bytes());
            if entries.is_none() {
                self.literal(b"(nil)");
                return None;
            }
        }
        self.literal(if self.spec.sharp_v { b"{" } else { b"map[" });
        Some(Open {
            rest: Rest::Entries(entries.unwrap_or_default().into_iter()),
            prov,
            first: true,
        })
    }

    pub(super) fn open_bytes_typed(&mut self, bytes: &Arc<[u8]>, prov: Prov) -> Open {
        if self.spec.sharp_v {
            self.literal(b"[]uint8{");
            return Open {
                rest: Rest::Bytes(Arc::clone(bytes), 0),
                prov,
                first: true,
            };
        }
        self.open_bytes(bytes, prov)
    }

    pub(super) fn open_bytes(&mut self, bytes: &Arc<[u8]>, prov: Prov) -> Open {
        self.literal(b"[");
        Open {
            rest: Rest::Bytes(Arc::clone(bytes), 0),
            prov,
            first: true,
        }
    }

    /// `%#v` of a `[]byte` operand, which alone says `[]byte` and not `[]uint8`.
    pub(super) fn byte_literal(&mut self, bytes: &Arc<[u8]>) {
        self.literal(b"[]byte{");
        let open = Open {
            rest: Rest::Bytes(Arc::clone(bytes), 0),
            prov: self.prov,
            first: true,
        };
        self.walk(open, 'v');
    }
}
