//! The functions that templates can call: sprig's, Helm's own and Go's builtins, one file a family.
//!
//! A function is an ordinary Rust function in a table entry that names its parameters' Go types; the evaluator
//! checks and converts arguments as Go's reflection does before it calls. Functions that need to run templates
//! (`include`, `tpl`) or short-circuit (`and`, `or`) belong to the evaluator.

pub(crate) mod cases;
pub(crate) mod cast;
pub(crate) mod compare;
pub(crate) mod crypto;
pub(crate) mod dates;
pub(crate) mod decimal;
pub(crate) mod decoded;
pub(crate) mod defaults;
pub(crate) mod dicts;
pub(crate) mod encoding;
pub(crate) mod format;
pub(crate) mod glob;
pub(crate) mod identifiers;
pub(crate) mod json;
pub(crate) mod letters;
pub(crate) mod lists;
pub(crate) mod math;
pub(crate) mod merge;
pub(crate) mod origins;
pub(crate) mod paths;
pub(crate) mod quotes;
pub(crate) mod random;
pub(crate) mod regex;
pub(crate) mod search;
pub(crate) mod semver;
pub(crate) mod strings;
pub(crate) mod survey;
pub(crate) mod text;
pub(crate) mod toml;
pub(crate) mod toml_error;
pub(crate) mod toml_text;
pub(crate) mod types;
pub(crate) mod urls;
pub(crate) mod words;
pub(crate) mod yaml_json;

#[cfg(test)]
mod testing;

use crate::HelmLine;
use crate::input::Volatile;
use crate::value::{Here, Item, TextBuilder};
use rand_chacha::ChaCha20Rng;
use source::{Prov, ProvTables};
use std::collections::HashMap;
use std::sync::OnceLock;

/// All tables, one a family (a family of several files lists them all).
const FAMILIES: &[&[Function]] = &[
    cases::FUNCTIONS,
    compare::FUNCTIONS,
    crypto::FUNCTIONS,
    dates::FUNCTIONS,
    defaults::FUNCTIONS,
    dicts::FUNCTIONS,
    encoding::FUNCTIONS,
    format::FUNCTIONS,
    identifiers::FUNCTIONS,
    json::FUNCTIONS,
    lists::FUNCTIONS,
    math::FUNCTIONS,
    paths::FUNCTIONS,
    quotes::FUNCTIONS,
    random::FUNCTIONS,
    regex::FUNCTIONS,
    semver::FUNCTIONS,
    strings::FUNCTIONS,
    toml::FUNCTIONS,
    types::FUNCTIONS,
    urls::FUNCTIONS,
    words::FUNCTIONS,
    yaml_json::FUNCTIONS,
];

/// Functions that the evaluator runs itself.
const EVALUATED: &[&str] = &[
    "and",
    "or",
    "include",
    "tpl",
    "required",
    "fail",
    "lookup",
    "getHostByName",
];

/// The table entry of a function.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    static BY_NAME: OnceLock<HashMap<&'static str, &'static Function>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| {
        FAMILIES
            .iter()
            .flat_map(|family| family.iter())
            .map(|function| (function.name, function))
            .collect()
    });
    by_name.get(name).copied()
}

/// Whether templates may use the name (checked while parsing, even in branches that are never taken).
pub(crate) fn exists(name: &str, helm: HelmLine) -> bool {
    EVALUATED.contains(&name)
        || find(name).is_some_and(|function| helm == HelmLine::V4 || !function.helm4_only)
}

/// The Go type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Param {
    /// `interface{}`: anything, nil included.
    Any,
    Str,
    Int,
    Int64,
    Uint32,
    Bool,
    Float,
    /// `map[string]interface{}`; named map types are assignable.
    Map,
    /// `[]interface{}`
    List,
    /// `sprig.certificate`
    Certificate,
    /// `time.Time`
    Time,
    /// `reflect.Value` (Go's own builtins): anything, and nil as an invalid value.
    Reflect,
}

/// What a result rests on, unless the function says so itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Its text came from all arguments (default for string functions).
    Text,
    /// All arguments only decided it (`len`, `eq`, `hasKey`, `kindIs`).
    Decided,
    /// The function returns the provenance itself.
    Own,
    /// As `Text`, and marked volatile (random, time, certificates).
    Volatile,
}

/// A failed call: Go's text after `error calling NAME: `.
#[derive(Debug)]
pub(crate) enum CallError {
    Message(String),
    /// A limit of ours was hit; aborts whatever the surrounding text is.
    Limit(String),
}

impl From<String> for CallError {
    fn from(message: String) -> Self {
        Self::Message(message)
    }
}

impl From<&str> for CallError {
    fn from(message: &str) -> Self {
        Self::Message(message.to_owned())
    }
}

pub(crate) type Outcome = Result<Item, CallError>;

/// One function.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// Types of the fixed parameters.
    pub(crate) params: &'static [Param],
    /// Type of the repeated last parameter of a variadic function.
    pub(crate) rest: Option<Param>,
    pub(crate) flow: Flow,
    /// Helm 4 only (`mustToYaml`, `mustToToml`).
    pub(crate) helm4_only: bool,
    pub(crate) run: fn(&mut Cx<'_>, &[Item]) -> Outcome,
}

impl Function {
    /// A function with fixed parameters.
    pub(crate) const fn new(
        name: &'static str,
        params: &'static [Param],
        flow: Flow,
        run: fn(&mut Cx<'_>, &[Item]) -> Outcome,
    ) -> Self {
        Self {
            name,
            params,
            rest: None,
            flow,
            helm4_only: false,
            run,
        }
    }

    /// A variadic function: the fixed parameters, then any number of `rest`.
    pub(crate) const fn variadic(
        name: &'static str,
        params: &'static [Param],
        rest: Param,
        flow: Flow,
        run: fn(&mut Cx<'_>, &[Item]) -> Outcome,
    ) -> Self {
        Self {
            name,
            params,
            rest: Some(rest),
            flow,
            helm4_only: false,
            run,
        }
    }
}

/// What a function may use.
pub(crate) struct Cx<'a> {
    pub(crate) helm: HelmLine,
    /// The running action where provenance is recorded; None in plain mode.
    pub(crate) here: Option<Here>,
    pub(crate) tables: &'a mut ProvTables,
    pub(crate) random: &'a mut ChaCha20Rng,
    pub(crate) volatile: Volatile,
    pub(crate) memory_left: &'a mut u64,
}

impl Cx<'_> {
    /// A builder for a string that keeps what its parts rest on.
    pub(crate) fn text(&self) -> TextBuilder {
        TextBuilder::new(self.here)
    }

    /// Must be called before building `bytes` of new data that could be large by an argument's value
    /// (`repeat`, `until`, `printf` widths, doubling): never allocate first.
    pub(crate) fn charge(&mut self, bytes: u64) -> Result<(), CallError> {
        match self.memory_left.checked_sub(bytes) {
            Some(left) => {
                *self.memory_left = left;
                Ok(())
            }
            None => Err(CallError::Limit(
                "template functions built more data than the memory limit of a rendering allows"
                    .to_owned(),
            )),
        }
    }

    /// The union of what the items rest on, strings' inner maps included.
    pub(crate) fn prov_of(&mut self, items: &[Item]) -> Prov {
        let mut all = Prov::NONE;
        if self.here.is_none() {
            return all;
        }
        for item in items {
            all = self.tables.join(all, item.prov);
            if let Some(text) = item.val.as_str() {
                for segment in text.segments() {
                    all = self.tables.join(all, segment.prov);
                }
            }
        }
        all
    }
}
