//! Values of the template language, with Go's kinds where they show (printing, `kindOf`, `eq`, conversions).
//!
//! They live on the render thread only (`Rc`): maps have reference semantics, so that `set` is seen by everybody
//! who holds the map. Each list item and map entry carries what it rests on ([`Prov`]).

mod convert;
mod list;
mod map;
mod object;
mod text;

pub(crate) use convert::to_value;
pub(crate) use list::{ElementType, List};
pub(crate) use map::{MapRef, MapType};
pub(crate) use object::{Certificate, FilesObject, Object};
pub(crate) use text::{Here, Str, TextBuilder};

use source::Prov;
use std::rc::Rc;
use std::sync::Arc;

/// A value. Cloning is cheap: everything large is shared.
#[derive(Debug, Clone, Default)]
pub(crate) enum Val {
    /// Go's nil interface, and reflect's invalid value (the evaluator tells them apart where Go does).
    #[default]
    Nil,
    Bool(bool),
    /// `int`
    Int(i64),
    /// `int64`
    Int64(i64),
    /// `uint8`: a byte of an indexed string.
    Uint8(u8),
    /// `uint64`: parts of a semantic version.
    Uint64(u64),
    /// `float64`
    Float(f64),
    /// `complex128`
    Complex(f64, f64),
    /// `string`: bytes, not necessarily UTF-8.
    Str(Str),
    /// `[]byte`
    Bytes(Arc<[u8]>),
    /// Any slice.
    List(List),
    /// Any map with string keys.
    Map(MapRef),
    /// A Go type with fields or methods of its own.
    Object(Rc<Object>),
}

/// A value and what it rests on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Item {
    pub(crate) val: Val,
    pub(crate) prov: Prov,
}

impl From<Val> for Item {
    fn from(val: Val) -> Self {
        Self {
            val,
            prov: Prov::NONE,
        }
    }
}

impl Val {
    pub(crate) fn string(text: impl AsRef<[u8]>) -> Self {
        Self::Str(Str::from(text.as_ref()))
    }

    /// A `[]interface{}`.
    pub(crate) fn list(items: Vec<Item>) -> Self {
        Self::List(List::new(ElementType::Interface, items))
    }

    /// A fresh `map[string]interface{}`.
    pub(crate) fn map(entries: impl IntoIterator<Item = (Arc<str>, Item)>) -> Self {
        Self::Map(MapRef::new(MapType::Plain, entries.into_iter().collect()))
    }

    /// Go's template truth (`template.IsTrue`); sprig's `empty` is its negation.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(value) | Self::Int64(value) => *value != 0,
            Self::Uint8(value) => *value != 0,
            Self::Uint64(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Complex(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(object) => object.is_true(),
        }
    }

    /// `kindOf`: reflect's kind.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "invalid",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Uint8(_) => "uint8",
            Self::Uint64(_) => "uint64",
            Self::Float(_) => "float64",
            Self::Complex(..) => "complex128",
            Self::Str(_) => "string",
            Self::Bytes(_) | Self::List(_) => "slice",
            Self::Map(_) => "map",
            Self::Object(object) => object.kind(),
        }
    }

    /// `typeOf`: fmt's `%T`.
    pub(crate) fn type_name(&self, helm: crate::HelmLine) -> String {
        match self {
            Self::Nil => "<nil>".to_owned(),
            Self::Bytes(_) => "[]uint8".to_owned(),
            Self::List(list) => list.element_type().slice_type().to_owned(),
            Self::Map(map) => map.map_type().type_name(helm).to_owned(),
            Self::Object(object) => object.type_name(helm).to_owned(),
            plain => plain.kind().to_owned(),
        }
    }

    pub(crate) fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    pub(crate) fn as_str(&self) -> Option<&Str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }
}
