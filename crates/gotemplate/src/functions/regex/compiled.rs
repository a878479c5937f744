//! Compiled expressions, and matching them as Go's `regexp` does.

use super::syntax::translate;
use crate::functions::CallError;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// How many expressions a thread remembers. Charts use dozens; a loop may build more.
const MOST_REMEMBERED: usize = 256;
/// The most memory that one compiled expression may take, in bytes.
const MOST_MEMORY: usize = 64 << 20;

/// An expression that is ready to match.
pub(super) struct Compiled {
    regex: regex::Regex,
    /// Names of the groups from group 1 on, empty for those without.
    pub(super) names: Vec<String>,
}

/// Why there is no compiled expression.
#[derive(Clone)]
pub(super) enum Refusal {
    /// Go refuses it, with this text.
    Invalid(String),
    /// It is too large for us.
    TooLarge(String),
}

type Remembered = HashMap<Vec<u8>, Result<Rc<Compiled>, Refusal>>;

thread_local! {
    static REMEMBERED: RefCell<Remembered> = RefCell::default();
}

impl Compiled {
    /// Compiles an expression, or finds it among those of this thread.
    pub(super) fn of(expression: &[u8]) -> Result<Rc<Self>, Refusal> {
        REMEMBERED.with_borrow_mut(|remembered| {
            if let Some(known) = remembered.get(expression) {
                return known.clone();
            }
            if remembered.len() >= MOST_REMEMBERED {
                remembered.clear();
            }
            let compiled = Self::new(expression).map(Rc::new);
            remembered.insert(expression.to_vec(), compiled.clone());
            compiled
        })
    }

    fn new(expression: &[u8]) -> Result<Self, Refusal> {
        let translated = translate(expression).map_err(|error| Refusal::Invalid(error.text()))?;
        let regex = regex::RegexBuilder::new(&translated.pattern)
            .size_limit(MOST_MEMORY)
            .nest_limit(20_000)
            .build()
            .map_err(|error| {
                let shown = String::from_utf8_lossy(expression);
                Refusal::TooLarge(match error {
                    regex::Error::CompiledTooBig(limit) => {
                        format!("the regular expression `{shown}` takes more than {limit} bytes of memory")
                    }
                    other => format!("the regular expression `{shown}` cannot be compiled: {other}"),
                })
            })?;
        Ok(Self {
            regex,
            names: translated.names,
        })
    }

    pub(super) fn is_match(&self, text: &Subject<'_>) -> bool {
        self.regex.is_match(&text.readable)
    }

    /// The first match at or behind a place: where it is, and where each group is, from group 1 on.
    fn match_at(&self, text: &Subject<'_>, at: usize) -> Option<Match> {
        let mut locations = self.regex.capture_locations();
        let whole = self
            .regex
            .captures_read_at(&mut locations, &text.readable, at)?;
        let groups = (1..locations.len())
            .map(|group| {
                locations
                    .get(group)
                    .map(|(start, end)| text.original(start)..text.original(end))
            })
            .collect();
        Some(Match {
            searched: whole.range(),
            range: text.original(whole.start())..text.original(whole.end()),
            groups,
        })
    }

    /// Go's `FindString`.
    pub(super) fn first(&self, text: &Subject<'_>) -> Option<Range<usize>> {
        let found = self.regex.find(&text.readable)?;
        Some(text.original(found.start())..text.original(found.end()))
    }

    /// Go's `FindAllStringIndex`: matches from left to right, without an empty one right behind another match. All
    /// if `limit` is negative.
    pub(super) fn all(&self, text: &Subject<'_>, limit: i64) -> Vec<Range<usize>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let (mut at, mut last_end) = (0, None);
        while found.len() < limit
            && at <= text.readable.len()
            && let Some(matched) = self.regex.find_at(&text.readable, at)
        {
            let accepted = matched.end() != at || Some(matched.start()) != last_end;
            if accepted {
                found.push(text.original(matched.start())..text.original(matched.end()));
            }
            at = if matched.end() == at {
                text.next_place(at)
            } else {
                matched.end()
            };
            last_end = Some(matched.end());
        }
        found
    }

    /// The matches that Go's `ReplaceAllString` replaces.
    pub(super) fn replaced(&self, text: &Subject<'_>) -> Vec<Match> {
        let mut found = Vec::new();
        let (mut at, mut last_end) = (0, 0);
        while at <= text.readable.len()
            && let Some(matched) = self.match_at(text, at)
        {
            let Range { start, end } = matched.searched;
            if end > last_end || start == 0 {
                found.push(matched);
            }
            last_end = end;
            at = if end > at { end } else { text.next_place(at) };
        }
        found
    }
}

/// A match in the original text.
pub(super) struct Match {
    searched: Range<usize>,
    pub(super) range: Range<usize>,
    /// From group 1 on; None for groups that took no part.
    pub(super) groups: Vec<Option<Range<usize>>>,
}

/// A text to search. Go reads each byte that is no UTF-8 as U+FFFD; so that the engine does the same, such bytes
/// are replaced, and places are translated back.
pub(super) struct Subject<'a> {
    readable: std::borrow::Cow<'a, str>,
    /// Where runs begin in the readable text and in the original, if anything was replaced.
    runs: Vec<(usize, usize)>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(text) {
            return Self {
                readable: text.into(),
                runs: Vec::new(),
            };
        }
        let mut readable = String::with_capacity(text.len());
        let mut runs = Vec::new();
        let mut at = 0;
        for chunk in text.utf8_chunks() {
            runs.push((readable.len(), at));
            readable.push_str(chunk.valid());
            at += chunk.valid().len();
            for _ in chunk.invalid() {
                runs.push((readable.len(), at));
                readable.push(char::REPLACEMENT_CHARACTER);
                at += 1;
            }
        }
        runs.push((readable.len(), at));
        Self {
            readable: readable.into(),
            runs,
        }
    }

    fn original(&self, place: usize) -> usize {
        let after = self.runs.partition_point(|(start, _)| *start <= place);
        match after.checked_sub(1).and_then(|index| self.runs.get(index)) {
            Some((start, original)) => original + (place - start),
            None => place,
        }
    }

    /// Behind the character at a place; beyond the end at the end.
    fn next_place(&self, at: usize) -> usize {
        at + self.readable[at..].chars().next().map_or(1, char::len_utf8)
    }
}

impl From<Refusal> for CallError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(text) => Self::Message(text),
            Refusal::TooLarge(text) => Self::Limit(text),
        }
    }
}
