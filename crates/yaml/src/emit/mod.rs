//! Value to YAML text as goyaml writes it: v2 (`toYaml`) and v3 (`toYamlPretty`).

mod layout;
mod order;
mod reread;
mod scalar;
mod unicode;
mod write;

use crate::value::{Entry, Value};
use layout::Dialect;

/// Text, and which bytes of it came from which marked entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emitted {
    pub text: String,
    /// `(start, mark)` in order: from `start` to the next one the text belongs to the entry of `mark` (the
    /// innermost one: a line `  b: 1` belongs to `b`; a container's key line to the container).
    pub marks: Vec<(u32, u32)>,
}

/// `toYaml` without the removal of the last newline: goyaml v2's layout, 80-column folding, natural key order.
/// None where Helm's re-reading of the JSON text would fail (control characters, over-long keys), and where there is
/// no JSON text (infinite numbers).
///
/// An entry owns its lines from their indentation on; the first entry of a list item begins behind the dash.
/// [`Value::Bytes`] that are valid UTF-8 count as a `[]byte` and become base64, others as a string, whose wrong bytes
/// become U+FFFD.
pub fn emit(root: &Entry) -> Option<Emitted> {
    try_emit(root).ok()
}

/// As [`emit`]; Err holds Go's text, as `mustToYaml` fails with it (`error marshaling into JSON: …`).
pub fn try_emit(root: &Entry) -> Result<Emitted, String> {
    reread::check(&root.value)?;
    Ok(layout::emit(root, Dialect::V2))
}

/// `toYamlPretty` without the removal of the last newline: goyaml v3 with indent 2 directly on Go values, so that
/// numbers print by their kind (`1e+06` for a float).
///
/// [`Value::Bytes`] that are valid UTF-8 count as a `[]byte` and become a list of numbers, others as a string, which
/// becomes `!!binary`.
pub fn emit_pretty(root: &Value) -> String {
    let root = Entry::unmarked(root.clone());
    layout::emit(&root, Dialect::V3).text
}

impl Emitted {
    /// What follows belongs to `mark`.
    pub(crate) fn begin(&mut self, mark: u32) {
        // Offsets are 32 bits wide everywhere; text beyond belongs to the last mark.
        let Ok(start) = u32::try_from(self.text.len()) else {
            return;
        };
        // An empty stretch leaves no mark: the innermost entry that begins here wins.
        if self.marks.last().is_some_and(|&(last, _)| last == start) {
            self.marks.pop();
        }
        if self.marks.last().is_none_or(|&(_, last)| last != mark) {
            self.marks.push((start, mark));
        }
    }
}
