//! Names that occur in a template, one allocation each.

use std::collections::HashMap;
use std::sync::Arc;

/// The names of one file.
#[derive(Default)]
pub(super) struct Names<'t>(HashMap<&'t str, Arc<str>>);

impl<'t> Names<'t> {
    /// The shared name with these bytes. Names that the lexer makes are always UTF-8.
    pub(super) fn intern(&mut self, name: &'t [u8]) -> Arc<str> {
        let name = std::str::from_utf8(name).unwrap_or_default();
        Arc::clone(self.0.entry(name).or_insert_with(|| name.into()))
    }
}
