//! Go's number texts: how `strconv` writes and reads numbers, which every function of a template goes through.
//!
//! Writing: [`format_percent_v`] is what `{{ }}`, `print` and `toString` show, [`format_json`] what `toJson` writes,
//! [`format_float`] serves `printf`. Reading: [`parse_float`], [`parse_int`], [`parse_uint`].

mod digits;
mod format;
mod parse;

pub use format::{Bits, Verb, format_float, format_json, format_percent_v, format_percent_v_32};
pub use parse::{NumberError, parse_float, parse_int, parse_uint};
