//! A difference between the desired and the live state of one object.

use manifest::ResourceId;

/// What the upgrade does to the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    Create,
    Update,
    /// An immutable field changed: the API server would refuse the update.
    Replace,
    Delete,
    Rename,
}

/// What the API server would say to one changed field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    Allowed,
    Refused,
    /// A custom kind about which nothing is known.
    Unknown,
}

/// A scalar as the manifest writes it, or hidden.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// Nothing there and no default of the API's.
    Absent,
    Scalar(yaml::Value),
    /// A secret: only changed or unchanged is said.
    Hidden,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// `spec.template.spec.containers[web].image`: see cli.md, "Precisely".
    pub path: String,
    pub before: FieldValue,
    pub after: FieldValue,
    pub verdict: Verdict,
    /// Why it is only noise, if it is.
    pub noise: Option<String>,
}

/// One object that differs after defaulting.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub resource: ResourceId,
    /// The old identity of a rename.
    pub from: Option<ResourceId>,
    pub action: Action,
    pub fields: Vec<FieldChange>,
    pub hook: bool,
    /// Why the whole change is only noise, if it is.
    pub noise: Option<String>,
    /// Index of the object among the desired ones given to `compare`; None for a deletion.
    pub desired: Option<usize>,
    /// Index of the object among the live ones; None for a creation.
    pub live: Option<usize>,
}
