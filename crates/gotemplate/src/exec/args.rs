//! Arguments: evaluating them for a parameter's type, with Go's rules of assignability.

use super::eval::Eval;
use super::{Form, Held};
use crate::failure::Failure;
use crate::functions::Param;
use crate::syntax::ast::{Expr, ExprKind, NodeRef};
use crate::value::{ElementType, Item, List, MapRef, MapType, Object, Str, Val};

impl Param {
    /// As Go's `%s` of the type.
    fn type_name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Str => "string",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Uint32 => "uint32",
            Self::Bool => "bool",
            Self::Float => "float64",
            Self::Map => "map[string]interface {}",
            Self::List => "[]interface {}",
            Self::Certificate => "sprig.certificate",
            Self::Time => "time.Time",
            Self::Reflect => "reflect.Value",
        }
    }

    /// The nil of this type, if it has one.
    fn nil(self) -> Option<Val> {
        match self {
            Self::Any | Self::Reflect => Some(Val::Nil),
            Self::Map => Some(Val::Map(MapRef::nil(MapType::Plain))),
            Self::List => Some(Val::List(List::nil(ElementType::Interface))),
            _ => None,
        }
    }

    fn accepts(self, val: &Val) -> bool {
        match (self, val) {
            (Self::Any | Self::Reflect, _)
            | (Self::Str, Val::Str(_))
            | (Self::Int, Val::Int(_))
            | (Self::Int64, Val::Int64(_))
            | (Self::Bool, Val::Bool(_))
            | (Self::Float, Val::Float(_)) => true,
            (Self::Map, Val::Map(map)) => map.map_type() != MapType::Strings,
            (Self::List, Val::List(list)) => list.element_type() == ElementType::Interface,
            (Self::Certificate, Val::Object(object)) => matches!(**object, Object::Certificate(_)),
            (Self::Time, Val::Object(object)) => matches!(**object, Object::Time(_)),
            _ => false,
        }
    }
}

/// An evaluated argument. Go's builtins see whether there was a value at all.
pub(super) struct Argument {
    pub(super) item: Item,
    /// No value, given to a parameter of type `reflect.Value`.
    pub(super) invalid: bool,
}

impl<'u> Eval<'_, 'u, '_, '_> {
    /// Evaluates an operand for a parameter.
    pub(super) fn argument(
        &mut self,
        expr: &'u Expr,
        param: Param,
    ) -> Result<Argument, Box<Failure>> {
        self.node = NodeRef::Expr(expr);
        if let ExprKind::Nil = expr.kind {
            return match param.nil() {
                Some(val) => Ok(Argument {
                    item: val.into(),
                    invalid: param == Param::Reflect,
                }),
                None => Err(self.error(&format!("cannot assign nil to {}", param.type_name()))),
            };
        }
        if let Some(value) = self.operand(expr)? {
            return self.assign(value, param);
        }
        self.literal(expr, param).map(|val| Argument {
            item: val.into(),
            invalid: false,
        })
    }

    /// An operand whose type does not matter (the receiver of a field chain).
    pub(super) fn untyped_argument(&mut self, expr: &'u Expr) -> Result<Held, Box<Failure>> {
        self.node = NodeRef::Expr(expr);
        match self.operand(expr)? {
            Some(value) => Ok(value),
            None => Ok(Held::concrete(self.literal(expr, Param::Any)?.into())),
        }
    }

    /// Evaluates what is no literal; None for literals.
    fn operand(&mut self, expr: &'u Expr) -> Result<Option<Held>, Box<Failure>> {
        Ok(Some(match &expr.kind {
            ExprKind::Dot => self.dot(),
            ExprKind::Field(names) => {
                let dot = self.dot();
                self.field_chain(dot, expr, names, &[], None)?
            }
            ExprKind::Variable(variable) => self.variable(expr, variable, &[], None)?,
            ExprKind::Pipe(pipe) => self.pipeline(pipe)?,
            ExprKind::Identifier(name) => self.function(name, NodeRef::Expr(expr), &[], None)?,
            ExprKind::Chain(chain) => self.chain(expr, chain, &[], None)?,
            _ => return Ok(None),
        }))
    }

    /// Go's `validateType`: an evaluated value for a parameter.
    pub(super) fn assign(&mut self, value: Held, param: Param) -> Result<Argument, Box<Failure>> {
        if value.form == Form::Invalid {
            return match param.nil() {
                Some(val) => {
                    let item = Item {
                        val,
                        prov: value.item.prov,
                    };
                    Ok(Argument {
                        item,
                        invalid: param == Param::Reflect,
                    })
                }
                None => Err(self.error(&format!("invalid value; expected {}", param.type_name()))),
            };
        }
        if matches!(param, Param::Any | Param::Reflect)
            || (!value.item.val.is_nil() && param.accepts(&value.item.val))
        {
            return Ok(Argument {
                item: value.item,
                invalid: false,
            });
        }
        let got = match (&value.form, &value.item.val) {
            (_, Val::Nil) => "interface {}".to_owned(),
            (_, val) => val.type_name(self.host.helm),
        };
        Err(self.error(&format!(
            "wrong type for value; expected {}; got {got}",
            param.type_name()
        )))
    }

    /// A literal adapts to the parameter's type.
    fn literal(&mut self, expr: &'u Expr, param: Param) -> Result<Val, Box<Failure>> {
        let expected = match (param, &expr.kind) {
            (Param::Any | Param::Reflect, ExprKind::Bool(value))
            | (Param::Bool, ExprKind::Bool(value)) => {
                return Ok(Val::Bool(*value));
            }
            (Param::Any | Param::Reflect | Param::Str, ExprKind::String(text)) => {
                return Ok(Val::Str(Str::with_map(text.value.clone(), Vec::new())));
            }
            (Param::Any | Param::Reflect, ExprKind::Number(number)) => return self.ideal(number),
            (Param::Int, ExprKind::Number(number)) if number.is_int => {
                return Ok(Val::Int(number.int));
            }
            (Param::Int64, ExprKind::Number(number)) if number.is_int => {
                return Ok(Val::Int64(number.int));
            }
            (Param::Uint32, ExprKind::Number(number)) if number.is_uint => {
                // Go's SetUint cuts to the type's width.
                return Ok(Val::Uint64(number.uint & u64::from(u32::MAX)));
            }
            (Param::Float, ExprKind::Number(number)) if number.is_float => {
                return Ok(Val::Float(number.float));
            }
            (Param::Bool, _) => "bool",
            (Param::Str, _) => "string",
            (Param::Int | Param::Int64, _) => "integer",
            (Param::Uint32, _) => "unsigned integer",
            (Param::Float, _) => "float",
            _ => {
                let text = self.show_node(NodeRef::Expr(expr));
                let message = format!("can't handle {text} for arg of type {}", param.type_name());
                return Err(self.error(&message));
            }
        };
        let text = self.show_node(NodeRef::Expr(expr));
        Err(self.error(&format!("expected {expected}; found {text}")))
    }
}
