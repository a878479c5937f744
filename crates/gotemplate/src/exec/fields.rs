//! `.a.b`: methods, struct fields and map entries, with Go's errors.

use super::eval::Eval;
use super::{Form, Held};
use crate::failure::Failure;
use crate::syntax::ast::{Expr, Idents, NodeRef};
use crate::value::{Item, MapType, Val};

impl<'u> Eval<'_, 'u, '_, '_> {
    /// Fields one after the other; only the last one gets arguments.
    pub(super) fn field_chain(
        &mut self,
        receiver: Held,
        expr: &'u Expr,
        names: &'u Idents,
        args: &'u [Expr],
        last: Option<Held>,
    ) -> Result<Held, Box<Failure>> {
        let Some((final_name, inner)) = names.split_last() else {
            return Ok(receiver);
        };
        let mut receiver = receiver;
        for name in inner {
            receiver = self.field(receiver, name, expr, &[], None)?;
        }
        self.field(receiver, final_name, expr, args, last)
    }

    fn field(
        &mut self,
        receiver: Held,
        name: &str,
        expr: &'u Expr,
        args: &'u [Expr],
        last: Option<Held>,
    ) -> Result<Held, Box<Failure>> {
        if receiver.is_invalid() {
            return Ok(Held {
                item: Item {
                    val: Val::Nil,
                    prov: receiver.item.prov,
                },
                form: Form::Invalid,
            });
        }
        if receiver.item.val.is_nil() {
            return Err(self.error(&format!("nil pointer evaluating interface {{}}.{name}")));
        }
        if let Some(found) = self.method(&receiver, name, NodeRef::Expr(expr), args, &last)? {
            return Ok(found);
        }
        let has_arguments = !args.is_empty() || last.is_some();
        match &receiver.item.val {
            Val::Map(map) => {
                if has_arguments {
                    return Err(self.error(&format!("{name} is not a method but has arguments")));
                }
                let entry = map.get(name);
                Ok(self.entry(&receiver.item, map.map_type(), entry))
            }
            Val::Object(object) => {
                if let Some(item) = super::methods::struct_field(object, name, self.host.helm) {
                    if has_arguments {
                        let message =
                            format!("{name} has arguments but cannot be invoked as function");
                        return Err(self.error(&message));
                    }
                    return Ok(item);
                }
                Err(self.no_field(&receiver, name))
            }
            _ => Err(self.no_field(&receiver, name)),
        }
    }

    fn no_field(&mut self, receiver: &Held, name: &str) -> Box<Failure> {
        let receiver_type = match receiver.form {
            Form::Interface => "interface {}".to_owned(),
            _ => receiver.item.val.type_name(self.host.helm),
        };
        self.error(&format!(
            "can't evaluate field {name} in type {receiver_type}"
        ))
    }

    /// A map entry, or the zero value of the map's element type.
    fn entry(&mut self, container: &Item, map_type: MapType, entry: Option<Item>) -> Held {
        let missing = entry.is_none();
        let mut item = entry.unwrap_or_default();
        if item.prov.is_none() && self.host.options.provenance {
            item.prov = if missing {
                // That it is missing is what its container says.
                self.host.tables.decide(source::Prov::NONE, container.prov)
            } else {
                container.prov
            };
        }
        self.host.note_read(&item);
        match map_type {
            MapType::Strings => {
                if missing {
                    item.val = Val::string("");
                }
                Held {
                    item,
                    form: Form::Concrete,
                }
            }
            MapType::Plain | MapType::Values => Held::element(item),
        }
    }
}
