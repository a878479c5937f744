//! Slices: immutable once made (no template function writes into one).

use super::{Item, Val};
use std::rc::Rc;

/// The static element type of a slice, as `typeOf` and printing show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ElementType {
    /// `[]interface {}`
    Interface,
    /// `[]string`
    String,
    /// `[]int`
    Int,
    /// `[]map[string]interface {}` (`fromYamlArray` has interfaces; `.Capabilities.APIVersions` is below).
    Map,
    /// `[][]interface {}` (`chunk`)
    List,
    /// `common.VersionSet`, the type of `.Capabilities.APIVersions`.
    VersionSet,
}

impl ElementType {
    pub(crate) fn slice_type(self) -> &'static str {
        match self {
            Self::Interface => "[]interface {}",
            Self::String => "[]string",
            Self::Int => "[]int",
            Self::Map => "[]map[string]interface {}",
            Self::List => "[][]interface {}",
            Self::VersionSet => "common.VersionSet",
        }
    }
}

#[derive(Debug)]
struct ListData {
    element_type: ElementType,
    /// A nil slice: empty, and `null` in JSON.
    nil: bool,
    items: Vec<Item>,
}

/// A shared slice.
#[derive(Debug, Clone)]
pub(crate) struct List(Rc<ListData>);

impl List {
    pub(crate) fn new(element_type: ElementType, items: Vec<Item>) -> Self {
        Self(Rc::new(ListData {
            element_type,
            nil: false,
            items,
        }))
    }

    /// A nil slice.
    pub(crate) fn nil(element_type: ElementType) -> Self {
        Self(Rc::new(ListData {
            element_type,
            nil: true,
            items: Vec::new(),
        }))
    }

    pub(crate) fn element_type(&self) -> ElementType {
        self.0.element_type
    }

    pub(crate) fn is_nil(&self) -> bool {
        self.0.nil
    }

    pub(crate) fn items(&self) -> &[Item] {
        &self.0.items
    }

    pub(crate) fn len(&self) -> usize {
        self.0.items.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.items.is_empty()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Val> {
        self.0.items.iter().map(|item| &item.val)
    }

    /// Whether both are the same slice in memory.
    pub(crate) fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Frees nested lists and maps without recursing: hostile charts nest them a million deep.
impl Drop for ListData {
    fn drop(&mut self) {
        super::map::drop_flat(
            std::mem::take(&mut self.items)
                .into_iter()
                .map(|item| item.val)
                .collect(),
        );
    }
}

impl List {
    /// Takes the items out if nobody else holds the list.
    pub(super) fn into_sole_items(self) -> Option<Vec<Item>> {
        Rc::into_inner(self.0).map(|mut data| std::mem::take(&mut data.items))
    }
}
