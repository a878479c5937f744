//! keelcheck.yaml: the project's environments, rules, allowances and packs. Bytes in, types out; no disk here.

mod allow;
mod environment;
mod reader;
mod rules;
#[cfg(test)]
mod tests;
mod tree;

use crate::suggest;
use policies::Severity;
use reader::{Item, Reader};
use source::{FileId, Place, SourceFiles};
use std::collections::BTreeMap;
use yaml::Value;

/// A keelcheck.yaml whose every key and value is known to be good.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// `defaults.kubernetes`.
    pub(crate) defaults: KubernetesConfig,
    /// In the order of the file.
    pub(crate) environments: Vec<EnvironmentConfig>,
    /// By rule id.
    pub(crate) rules: BTreeMap<String, RuleConfig>,
    /// In the order of the file.
    pub(crate) allow: Vec<Allowance>,
    /// Paths of custom policies, globs allowed.
    pub(crate) packs: Vec<String>,
    /// None where the file does not say; `Some(None)` for `never`.
    pub(crate) fail_on: Option<Option<Severity>>,
}

/// Kubernetes before and after an upgrade, as written (`1.33.4`, `v1.34`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KubernetesConfig {
    pub(crate) current: Option<String>,
    pub(crate) target: Option<String>,
}

/// One entry of `environments`. Paths are relative to keelcheck.yaml.
#[derive(Debug, Clone)]
pub(crate) struct EnvironmentConfig {
    pub(crate) name: String,
    pub(crate) chart: String,
    pub(crate) release: Option<String>,
    pub(crate) namespace: Option<String>,
    /// Whole paths, weakest first; never split at commas.
    pub(crate) values: Vec<String>,
    /// In the order of the file.
    pub(crate) set: Vec<SetConfig>,
    pub(crate) api_versions: Vec<String>,
    /// With `defaults.kubernetes` where the environment says nothing.
    pub(crate) kubernetes: KubernetesConfig,
    pub(crate) live: Option<String>,
    pub(crate) live_hooks: Option<String>,
    /// Globs allowed.
    pub(crate) capture: Vec<String>,
    /// Globs allowed.
    pub(crate) evidence: Vec<String>,
    pub(crate) include_crds: bool,
    pub(crate) is_upgrade: bool,
    pub(crate) skip_schema_validation: bool,
    /// `4` or `3`.
    pub(crate) helm_version: Option<String>,
}

/// One entry of `set`: a `--set` path with a YAML scalar.
#[derive(Debug, Clone)]
pub(crate) struct SetConfig {
    pub(crate) path: String,
    pub(crate) value: Value,
    pub(crate) place: Place,
}

/// One entry of `rules`.
#[derive(Debug, Clone)]
pub(crate) struct RuleConfig {
    pub(crate) enabled: bool,
    /// None: the rule's own.
    pub(crate) severity: Option<Severity>,
    /// A mapping; its keys are for the rule to judge.
    pub(crate) settings: Option<Value>,
    /// Each setting's key.
    pub(crate) setting_places: BTreeMap<String, Place>,
    /// The rule's key.
    pub(crate) place: Place,
}

/// One entry of `allow`.
#[derive(Debug, Clone)]
pub(crate) struct Allowance {
    pub(crate) rule: String,
    /// `Kind/namespace/name`, or `Kind/name` if cluster-scoped; None allows the rule everywhere.
    pub(crate) resource: Option<String>,
    pub(crate) reason: String,
    /// The last day on which it allows.
    pub(crate) until: Option<jiff::civil::Date>,
    pub(crate) place: Place,
}

/// What is wrong with keelcheck.yaml, and where. The message stands alone and names the nearest known word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConfigError {
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

const KEYS: &[&str] = &[
    "version",
    "defaults",
    "environments",
    "rules",
    "allow",
    "packs",
    "failOn",
];

/// What `failOn` takes, besides an `off` that YAML reads as false.
const FAIL_ON: &[&str] = &["error", "warning", "info", "never"];

/// Reads a keelcheck.yaml. An empty file is a configuration without environments.
///
/// `known_rules` are the ids that may stand in `rules` and `allow`. Where the file names packs, ids that are not
/// among them may be a pack's, and are let through.
///
/// # Errors
/// Everything that is wrong, in the order of the file.
pub(crate) fn read(
    file: FileId,
    text: &[u8],
    files: &SourceFiles,
    known_rules: &[&str],
) -> Result<Config, Vec<ConfigError>> {
    let mut errors = Vec::new();
    let tree = match tree::Tree::read(file, text, &mut errors) {
        Ok(tree) => tree,
        Err(error) => {
            errors.push(error);
            return Err(in_order(errors, files));
        }
    };
    let mut reader = Reader::new(&tree, text, errors);
    let config = read_root(&mut reader, tree.root(), known_rules);
    let errors = reader.into_errors();
    if errors.is_empty() {
        Ok(config)
    } else {
        Err(in_order(errors, files))
    }
}

fn read_root(reader: &mut Reader<'_>, root: Item<'_>, known_rules: &[&str]) -> Config {
    let fields = reader.fields(root, "top level", KEYS);
    if let Some(version) = fields.get("version")
        && version.value.as_i64() != Some(1)
    {
        reader.error(
            version,
            "`version` must be 1, the only version of keelcheck.yaml".to_owned(),
        );
    }
    let defaults = environment::read_defaults(reader, fields.get("defaults"));
    let packs = reader.strings_of(&fields, "packs", "top level");
    let is_known = |id: &str| {
        let own = [crate::triage::ALLOW_UNUSED, crate::triage::ALLOW_EXPIRED];
        known_rules.contains(&id) || own.contains(&id)
    };
    let known = RuleNames {
        ids: known_rules,
        is_known: &is_known,
        packs: !packs.is_empty(),
    };
    Config {
        environments: environment::read_all(reader, fields.get("environments"), &defaults),
        rules: rules::read(reader, fields.get("rules"), &known),
        allow: allow::read(reader, fields.get("allow"), &known),
        fail_on: fields
            .get("failOn")
            .and_then(|item| read_fail_on(reader, item)),
        defaults: defaults.kubernetes,
        packs,
    }
}

/// The ids that `rules` and `allow` may name.
struct RuleNames<'a> {
    ids: &'a [&'a str],
    is_known: &'a dyn Fn(&str) -> bool,
    /// Whether packs may bring more.
    packs: bool,
}

impl RuleNames<'_> {
    /// What is wrong with an id, if it is no rule's.
    fn complaint(&self, id: &str) -> Option<String> {
        if (self.is_known)(id) || self.packs {
            return None;
        }
        Some(format!(
            "unknown rule `{id}`{}",
            suggest::hint(id, self.ids.iter().copied())
        ))
    }
}

fn read_fail_on(reader: &mut Reader<'_>, item: Item<'_>) -> Option<Option<Severity>> {
    let word = reader.word(item);
    match severity(&word) {
        Some(severity) => Some(Some(severity)),
        None if word == "never" => Some(None),
        None => {
            let hint = suggest::hint(&word, FAIL_ON.iter().copied());
            reader.error(
                item,
                format!("`failOn` is `{word}`: error, warning, info or never{hint}"),
            );
            None
        }
    }
}

fn severity(word: &str) -> Option<Severity> {
    match word {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        "info" => Some(Severity::Info),
        _ => None,
    }
}

/// Errors by place, each once (an anchor that is used twice is wrong once).
fn in_order(mut errors: Vec<ConfigError>, files: &SourceFiles) -> Vec<ConfigError> {
    let key = |error: &ConfigError| match &error.place {
        Place::File(span) => {
            let at = files.get(span.file).line_column(span.start);
            (at.line, at.column, error.message.clone())
        }
        Place::Flag { .. } => (0, 0, error.message.clone()),
    };
    errors.sort_by_cached_key(key);
    errors.dedup();
    errors
}
