//! The grammar of the `--set` family.

mod list;
mod scan;
mod setter;
mod value;

pub(crate) use setter::{Dialect, Setter, mark_tree};

/// The deepest that dots may nest.
const MAX_NESTING: usize = 30;
/// The largest list index.
const MAX_INDEX: i64 = 65_536;
