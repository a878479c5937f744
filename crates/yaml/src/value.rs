//! The generic tree that values files, manifests and template data are.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A map in the order that Go iterates and prints it: bytewise by key.
pub type Map = BTreeMap<Arc<str>, Entry>;

/// A map entry or list item: a value, and a mark that its reader chose for it.
///
/// In values trees the mark is a `source::OriginId`, in manifests an index into the object's table of spans, in
/// trees made for emitting whatever the caller wants back in [`crate::Emitted::marks`]. 0 means "none".
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub value: Value,
    pub mark: u32,
}

impl Entry {
    pub fn unmarked(value: Value) -> Self {
        Self { value, mark: 0 }
    }
}

/// A value with Go's kinds where they show. Containers are shared and copied on write (`Arc::make_mut`).
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    /// `int64` (from `--set`, from exact decoding).
    Int(i64),
    /// An unsigned integer above `i64::MAX`, from exact decoding only.
    Uint(u64),
    /// `float64`: every number of a values file.
    Float(f64),
    String(Arc<str>),
    /// A string that is no UTF-8 (`--set-file` of a binary file), or bytes.
    Bytes(Arc<[u8]>),
    List(Arc<Vec<Entry>>),
    Map(Arc<Map>),
}

impl Value {
    pub fn string(text: impl AsRef<str>) -> Self {
        Self::String(text.as_ref().into())
    }

    pub fn map(map: Map) -> Self {
        Self::Map(Arc::new(map))
    }

    pub fn list(items: Vec<Entry>) -> Self {
        Self::List(Arc::new(items))
    }

    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Entry]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// An integral number, whatever its kind.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Uint(value) => i64::try_from(*value).ok(),
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 9.2e18 => {
                Some(*value as i64)
            }
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The entry under a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.as_map()?.get(key)
    }

    /// The value at a chain of keys.
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter()
            .try_fold(self, |value, key| value.get(key).map(|entry| &entry.value))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}
