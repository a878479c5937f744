//! Where keys without a `?` may have begun: at most one place for each level of flow nesting.

use super::{Scan, Scanner};
use crate::parse::reader::Mark;
use std::collections::VecDeque;

/// A key must end within this many characters, and on its line.
const MAX_KEY_LENGTH: u32 = 1024;

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SimpleKey {
    pub(super) possible: bool,
    /// The place admits nothing but a key: not to find one is an error.
    required: bool,
    /// The token that begins the key.
    pub(super) number: usize,
    pub(super) mark: Mark,
}

#[derive(Debug)]
pub(super) struct SimpleKeys {
    /// One for the block context, one for each open flow collection.
    levels: Vec<SimpleKey>,
    /// Token numbers in ascending order with the level that they may be a key of. Looked up by number, so that deep
    /// nesting stays cheap; as in goyaml, entries may outlive their key.
    by_number: VecDeque<(usize, usize)>,
}

impl SimpleKeys {
    pub(super) fn new() -> Self {
        Self {
            levels: vec![SimpleKey::default()],
            by_number: VecDeque::new(),
        }
    }

    fn innermost(&mut self) -> &mut SimpleKey {
        if self.levels.is_empty() {
            self.levels.push(SimpleKey::default());
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    fn set(&mut self, key: SimpleKey) {
        *self.innermost() = key;
        let level = self.levels.len() - 1;
        match self.by_number.back_mut() {
            Some((number, known)) if *number == key.number => *known = level,
            _ => self.by_number.push_back((key.number, level)),
        }
    }

    fn forget(&mut self, number: usize) {
        if let Ok(at) = self
            .by_number
            .binary_search_by_key(&number, |(number, _)| *number)
        {
            self.by_number.remove(at);
        }
    }

    /// The key that the token of this number may begin. Lower numbers are not asked for again.
    fn starting_with(&mut self, number: usize) -> Option<&mut SimpleKey> {
        while self
            .by_number
            .front()
            .is_some_and(|(known, _)| *known < number)
        {
            self.by_number.pop_front();
        }
        let (known, level) = *self.by_number.front()?;
        if known == number {
            self.levels.get_mut(level)
        } else {
            None
        }
    }

    pub(super) fn open_level(&mut self, number: usize, mark: Mark) {
        self.levels.push(SimpleKey {
            number,
            mark,
            ..SimpleKey::default()
        });
    }

    /// goyaml forgets the number of the level's last key here even if there was none. For `[]` that is the number of
    /// the bracket itself, so that an empty flow collection is never taken for a key.
    pub(super) fn close_level(&mut self) {
        if let Some(key) = self.levels.pop() {
            self.forget(key.number);
        }
    }
}

impl Scanner<'_> {
    /// Whether the head of the queue may still turn out to be a key.
    pub(super) fn head_may_be_key(&mut self) -> Scan<bool> {
        let Some(key) = self.simple_keys.starting_with(self.taken) else {
            return Ok(false);
        };
        let copy = *key;
        let valid = self.is_valid(copy)?;
        if !valid && let Some(key) = self.simple_keys.starting_with(self.taken) {
            key.possible = false;
        }
        Ok(valid)
    }

    /// The key of the innermost level, if it is still in reach; it is used up.
    pub(super) fn take_simple_key(&mut self) -> Scan<Option<SimpleKey>> {
        let key = *self.simple_keys.innermost();
        let valid = self.is_valid(key)?;
        self.simple_keys.innermost().possible = false;
        if valid {
            self.simple_keys.forget(key.number);
        }
        Ok(valid.then_some(key))
    }

    /// Notes that a key may begin at the position.
    pub(super) fn save_simple_key(&mut self) -> Scan<()> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let required = self.flow_level == 0 && self.indent == self.reader.column();
        let key = SimpleKey {
            possible: true,
            required,
            number: self.next_number(),
            mark: self.reader.mark(),
        };
        self.remove_simple_key()?;
        self.simple_keys.set(key);
        Ok(())
    }

    /// Gives up the key of the innermost level.
    pub(super) fn remove_simple_key(&mut self) -> Scan<()> {
        let key = *self.simple_keys.innermost();
        if !key.possible {
            return Ok(());
        }
        if key.required {
            return Err(self.error("could not find expected ':'"));
        }
        self.simple_keys.innermost().possible = false;
        self.simple_keys.forget(key.number);
        Ok(())
    }

    fn is_valid(&self, key: SimpleKey) -> Scan<bool> {
        if !key.possible {
            return Ok(false);
        }
        let here = self.reader.mark();
        if key.mark.line == here.line && key.mark.index + MAX_KEY_LENGTH >= here.index {
            return Ok(true);
        }
        if key.required {
            Err(self.error("could not find expected ':'"))
        } else {
            Ok(false)
        }
    }
}
