//! Calls functions of the tables without a template, for tests of limits and origins.

use super::{CallError, Cx, Outcome, find};
use crate::HelmLine;
use crate::input::Volatile;
use crate::value::{Here, Item, Val};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use source::{CallId, ConditionId, FileId, OriginId, Prov, ProvTables, Span};

/// The surroundings of calls.
pub(crate) struct Setup {
    pub(crate) tables: ProvTables,
    random: ChaCha20Rng,
    memory_left: u64,
    here: Option<Here>,
}

impl Setup {
    /// Without provenance.
    pub(crate) fn plain() -> Self {
        Self {
            tables: ProvTables::default(),
            random: ChaCha20Rng::seed_from_u64(1),
            memory_left: 1 << 20,
            here: None,
        }
    }

    /// With so many bytes of memory.
    pub(crate) fn with_memory(memory_left: u64) -> Self {
        Self {
            memory_left,
            ..Self::plain()
        }
    }

    /// With provenance.
    pub(crate) fn recording() -> Self {
        let at = Span::new(FileId(0), 0, 1);
        let here = Here {
            at,
            conditions: ConditionId::default(),
            call: CallId::default(),
        };
        Self {
            here: Some(here),
            ..Self::plain()
        }
    }

    /// Calls a function as the evaluator would after it checked the arguments.
    pub(crate) fn call(&mut self, name: &str, args: &[Item]) -> Outcome {
        let function = find(name).ok_or_else(|| CallError::from(format!("no function {name}")))?;
        let mut cx = Cx {
            helm: HelmLine::V4,
            here: self.here,
            tables: &mut self.tables,
            random: &mut self.random,
            volatile: Volatile {
                seed: 1,
                now: (0, 0),
            },
            memory_left: &mut self.memory_left,
        };
        (function.run)(&mut cx, args)
    }

    /// The text that a call gives.
    pub(crate) fn text(&mut self, name: &str, args: &[Item]) -> String {
        match self.call(name, args) {
            Ok(Item {
                val: Val::Str(text),
                ..
            }) => text.lossy().into_owned(),
            other => format!("{other:?}"),
        }
    }
}

/// A text origin.
pub(crate) fn prov(setup: &mut Setup, origin: u32) -> Prov {
    Prov {
        text: setup.tables.single(OriginId(origin)),
        ..Prov::NONE
    }
}

/// The runs of a string result: their text, and the origins of it.
pub(crate) fn provs(setup: &Setup, item: &Item) -> Vec<(String, Vec<u32>)> {
    let Some(text) = item.val.as_str() else {
        return Vec::new();
    };
    let segments = text.segments();
    segments
        .iter()
        .enumerate()
        .map(|(index, segment)| {
            let end = segments
                .get(index + 1)
                .map_or(text.len(), |next| next.start as usize);
            let run =
                String::from_utf8_lossy(&text.bytes()[segment.start as usize..end]).into_owned();
            (
                run,
                setup
                    .tables
                    .members(segment.prov.text)
                    .iter()
                    .map(|origin| origin.0)
                    .collect(),
            )
        })
        .collect()
}
