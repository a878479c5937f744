//! Which variable a name means.
//!
//! Go keeps two lists and they differ: its parser only asks whether a name was mentioned on the left of `:=` or `=`
//! since the enclosing block began, its executor searches a stack of the variables that are alive. So a name
//! may pass the parser and not exist when the template runs (`{{$x := $x}}`, or a use in `else` of what the
//! `if` part declared), or mean an outer variable there. Both lists are kept here, the second one as slots.

use super::ast::{Slot, SlotInfo, UNDEFINED_SLOT};
use std::sync::Arc;

/// The variables of one template body.
pub(super) struct Variables {
    /// What Go's parser knows.
    mentioned: Vec<Arc<str>>,
    /// What Go's executor will find, innermost last.
    alive: Vec<(Arc<str>, Slot)>,
    slots: Vec<SlotInfo>,
}

/// A state to go back to at the end of a block.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    mentioned: usize,
    alive: usize,
}

impl Variables {
    /// Only `$`, whose name this is.
    pub(super) fn new(dollar: Arc<str>) -> Self {
        let slot = SlotInfo {
            shadows: None,
            in_parentheses: false,
        };
        Self {
            mentioned: vec![Arc::clone(&dollar)],
            alive: vec![(dollar, 0)],
            slots: vec![slot],
        }
    }

    /// Records that a name stands on the left of `:=` or `=`.
    pub(super) fn mention(&mut self, name: Arc<str>) {
        self.mentioned.push(name);
    }

    /// Whether a use of the name passes the parser.
    pub(super) fn is_mentioned(&self, name: &[u8]) -> bool {
        self.mentioned.iter().any(|known| known.as_bytes() == name)
    }

    /// The variable that a use or an assignment at this place finds at run time.
    pub(super) fn resolve(&self, name: &str) -> Slot {
        self.find(name).unwrap_or(UNDEFINED_SLOT)
    }

    /// Makes a new variable, alive from here on.
    pub(super) fn declare(&mut self, name: Arc<str>, in_parentheses: bool) -> Slot {
        let slot = Slot::try_from(self.slots.len()).unwrap_or(UNDEFINED_SLOT);
        let shadows = self.find(&name);
        self.alive.push((name, slot));
        self.slots.push(SlotInfo {
            shadows,
            in_parentheses,
        });
        slot
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            mentioned: self.mentioned.len(),
            alive: self.alive.len(),
        }
    }

    /// Ends the life of the variables since the mark; the parser still lets their names pass.
    pub(super) fn end_branch(&mut self, mark: Mark) {
        self.alive.truncate(mark.alive);
    }

    /// Forgets everything since the mark.
    pub(super) fn end_block(&mut self, mark: Mark) {
        self.alive.truncate(mark.alive);
        self.mentioned.truncate(mark.mentioned);
    }

    pub(super) fn into_slots(self) -> Box<[SlotInfo]> {
        self.slots.into_boxed_slice()
    }

    fn find(&self, name: &str) -> Option<Slot> {
        self.alive
            .iter()
            .rev()
            .find(|(known, _)| **known == *name)
            .map(|&(_, slot)| slot)
    }
}
