//! Why each rendered byte exists: segments of output with their template position, the values that supplied
//! their text, the values that decided them, and the conditions and calls around them.
//!
//! Sets, condition stacks and call chains are interned, so that a segment is a few integers.

use crate::{OriginId, Span};
use std::collections::HashMap;

/// An interned sorted set of [`OriginId`]s; 0 is the empty set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SetId(pub u32);

impl SetId {
    pub const EMPTY: Self = Self(0);
}

/// What a value rests on. `volatile` marks text from a random, certificate or time function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Prov {
    /// Values whose text went into it.
    pub text: SetId,
    /// Values that only decided it (conditions, defaults, lengths, comparisons).
    pub decided: SetId,
    pub volatile: bool,
}

impl Prov {
    pub const NONE: Self = Self {
        text: SetId::EMPTY,
        decided: SetId::EMPTY,
        volatile: false,
    };

    pub fn is_none(self) -> bool {
        self == Self::NONE
    }
}

/// A stack of conditions, as an index into [`ProvTables::conditions`] plus one; 0 is "none".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ConditionId(pub u32);

/// A chain of template calls, as an index into [`ProvTables::calls`] plus one; 0 is the file itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CallId(pub u32);

/// One `if`, `with`, `range` or short circuit that had to go a certain way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Condition {
    pub parent: ConditionId,
    /// The pipeline of the condition in the template.
    pub at: Span,
    /// What the condition read.
    pub reads: Prov,
    /// Whether the main branch was taken (false: an `else`).
    pub taken: bool,
}

/// One `include`, `template` or `tpl` on the way to a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CallSite {
    pub parent: CallId,
    pub at: Span,
}

/// A run of rendered bytes that share one cause. It ends where the next one starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// First byte of the run in the rendered text.
    pub start: u32,
    /// The template text or action that wrote it.
    pub at: Span,
    pub prov: Prov,
    pub conditions: ConditionId,
    pub call: CallId,
}

/// The segments of one rendered text, in order of `start`, without gaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputMap {
    pub segments: Vec<Segment>,
    /// Length of the text in bytes.
    pub len: u32,
}

impl OutputMap {
    /// The segments that overlap `start..end`, each with its range cut to it.
    pub fn overlapping(&self, start: u32, end: u32) -> impl Iterator<Item = (u32, u32, &Segment)> {
        let first = self
            .segments
            .partition_point(|segment| segment.start <= start)
            .saturating_sub(1);
        let tail = &self.segments[first.min(self.segments.len())..];
        tail.iter()
            .enumerate()
            .take_while(move |(_, segment)| segment.start < end)
            .filter_map(move |(index, segment)| {
                let segment_end = tail.get(index + 1).map_or(self.len, |next| next.start);
                let (from, to) = (segment.start.max(start), segment_end.min(end));
                (from < to).then_some((from, to, segment))
            })
    }
}

/// A branch that was not taken, with what decided so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Untaken {
    /// The body that would have been rendered.
    pub body: Span,
    /// The condition that kept it out, with its surroundings as parent.
    pub condition: ConditionId,
    pub call: CallId,
}

/// A set of origins, as the values read by something.
pub type ReadSet = Vec<OriginId>;

/// The interned sets, condition stacks and call chains of one rendering.
#[derive(Debug, Clone, Default)]
pub struct ProvTables {
    sets: Vec<Box<[OriginId]>>,
    by_content: HashMap<Box<[OriginId]>, SetId>,
    unions: HashMap<(SetId, SetId), SetId>,
    pub conditions: Vec<Condition>,
    pub calls: Vec<CallSite>,
    pub untaken: Vec<Untaken>,
}

impl ProvTables {
    /// The members of a set, in ascending order.
    pub fn members(&self, set: SetId) -> &[OriginId] {
        match (set.0 as usize).checked_sub(1) {
            None => &[],
            Some(index) => &self.sets[index],
        }
    }

    pub fn single(&mut self, origin: OriginId) -> SetId {
        if origin == OriginId::NONE {
            SetId::EMPTY
        } else {
            self.intern(vec![origin])
        }
    }

    fn intern(&mut self, members: Vec<OriginId>) -> SetId {
        if members.is_empty() {
            return SetId::EMPTY;
        }
        let members = members.into_boxed_slice();
        if let Some(known) = self.by_content.get(&members) {
            return *known;
        }
        self.sets.push(members.clone());
        let id = SetId(self.sets.len() as u32);
        self.by_content.insert(members, id);
        id
    }

    pub fn union(&mut self, left: SetId, right: SetId) -> SetId {
        if left == right || right == SetId::EMPTY {
            return left;
        }
        if left == SetId::EMPTY {
            return right;
        }
        let key = (left.min(right), left.max(right));
        if let Some(known) = self.unions.get(&key) {
            return *known;
        }
        let mut members = [self.members(left), self.members(right)].concat();
        members.sort_unstable();
        members.dedup();
        let id = self.intern(members);
        self.unions.insert(key, id);
        id
    }

    /// Text and decisions of both.
    pub fn join(&mut self, left: Prov, right: Prov) -> Prov {
        Prov {
            text: self.union(left.text, right.text),
            decided: self.union(left.decided, right.decided),
            volatile: left.volatile || right.volatile,
        }
    }

    /// `value`, decided by whatever `decider` rests on.
    pub fn decide(&mut self, value: Prov, decider: Prov) -> Prov {
        let decided = self.union(decider.text, decider.decided);
        Prov {
            decided: self.union(value.decided, decided),
            ..value
        }
    }

    pub fn push_condition(&mut self, condition: Condition) -> ConditionId {
        self.conditions.push(condition);
        ConditionId(self.conditions.len() as u32)
    }

    pub fn push_call(&mut self, call: CallSite) -> CallId {
        self.calls.push(call);
        CallId(self.calls.len() as u32)
    }

    /// The condition stack, innermost first.
    pub fn condition_stack(&self, innermost: ConditionId) -> impl Iterator<Item = &Condition> {
        std::iter::successors(self.condition(innermost), |condition| {
            self.condition(condition.parent)
        })
    }

    fn condition(&self, id: ConditionId) -> Option<&Condition> {
        self.conditions.get((id.0 as usize).checked_sub(1)?)
    }

    /// The call chain, innermost first.
    pub fn call_chain(&self, innermost: CallId) -> impl Iterator<Item = &CallSite> {
        let call = |id: CallId| self.calls.get((id.0 as usize).checked_sub(1)?);
        std::iter::successors(call(innermost), move |site| call(site.parent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    #[test]
    fn unions_are_interned_and_sorted() {
        let mut tables = ProvTables::default();
        let (one, two) = (tables.single(OriginId(1)), tables.single(OriginId(2)));
        let both = tables.union(two, one);
        assert_eq!(tables.members(both), [OriginId(1), OriginId(2)]);
        assert_eq!(tables.union(one, both), both);
        assert_eq!(tables.union(SetId::EMPTY, one), one);
    }

    #[test]
    fn overlapping_segments_are_cut_to_the_range() {
        let at = Span::new(FileId(0), 0, 1);
        let segment = |start| Segment {
            start,
            at,
            prov: Prov::NONE,
            conditions: ConditionId(0),
            call: CallId(0),
        };
        let map = OutputMap {
            segments: vec![segment(0), segment(4), segment(9)],
            len: 12,
        };
        let ranges: Vec<_> = map
            .overlapping(5, 10)
            .map(|(from, to, _)| (from, to))
            .collect();
        assert_eq!(ranges, [(5, 9), (9, 10)]);
        assert_eq!(map.overlapping(12, 12).count(), 0);
    }
}
