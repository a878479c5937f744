//! One comparator: an operator, and a version in which numbers may be left open.

use crate::error::{VersionError, quote};
use crate::grammar::Parts;
use crate::number::{Version, compare_prerelease};
use std::cmp::Ordering;
use std::fmt;

/// What the left-hand side must be, compared with the operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Tilde,
    Caret,
}

/// An operator, and how it was written.
pub(super) type Spelled = (Operator, &'static str);

/// The spellings, longer ones before their prefixes.
const SPELLINGS: [(&str, Operator); 11] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("=>", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=<", Operator::LessOrEqual),
    ("~>", Operator::Tilde),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
];

/// The first number that an operand leaves open; all that follow are open too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Patch,
    Minor,
    Major,
}

/// An operator with its operand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comparator {
    operator: Operator,
    /// As written, for messages and for printing.
    spelling: &'static str,
    operand: String,
    /// The operand with 0 for what it leaves open.
    bound: Version,
    open: Open,
}

/// Why a version does not satisfy a comparator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mismatch {
    Prerelease,
    IsEqual,
    NotEqual,
    LessOrEqual,
    GreaterOrEqual,
    Less,
    Greater,
    OtherMajor,
    OtherMajorAndMinor,
    OtherMinorOfZero,
    OtherMinor,
    OtherPatchOfZero,
}

impl Operator {
    /// Recognises an operator at the start of a text, and the rest. No operator means equal.
    pub(super) fn scan(text: &str) -> (Spelled, &str) {
        SPELLINGS
            .iter()
            .find_map(|&(spelling, operator)| {
                Some(((operator, spelling), text.strip_prefix(spelling)?))
            })
            .unwrap_or(((Self::Equal, ""), text))
    }
}

impl Comparator {
    /// Builds a comparator. Metadata of an operand with open numbers is dropped.
    pub(super) fn new(
        (operator, spelling): Spelled,
        parts: Parts<'_>,
    ) -> Result<Self, VersionError> {
        let prerelease = parts
            .prerelease
            .map(|text| format!("-{text}"))
            .unwrap_or_default();
        let is_open = |number: Option<&str>| matches!(number, None | Some("x" | "X" | "*"));
        let (open, text) = match (parts.minor, parts.patch) {
            _ if is_open(Some(parts.major)) => (Open::Major, format!("0.0.0{prerelease}")),
            (Some(minor), _) if !is_open(parts.minor) && is_open(parts.patch) => (
                Open::Patch,
                format!("{}.{minor}.0{prerelease}", parts.major),
            ),
            _ if is_open(parts.minor) => (Open::Minor, format!("{}.0.0{prerelease}", parts.major)),
            _ => (Open::Nothing, parts.text.to_owned()),
        };
        let bound = Version::parse(&text).map_err(|_| VersionError::ConstraintParser)?;
        Ok(Self {
            operator,
            spelling,
            operand: parts.text.to_owned(),
            bound,
            open,
        })
    }

    pub(super) fn operand(&self) -> &str {
        &self.operand
    }

    pub(super) fn names_prerelease(&self) -> bool {
        !self.bound.prerelease().is_empty()
    }

    /// Tests a version. `prereleases`: whether the group admits pre-releases at all.
    pub(super) fn test(&self, version: &Version, prereleases: bool) -> Result<(), Mismatch> {
        require(
            prereleases || version.prerelease().is_empty(),
            Mismatch::Prerelease,
        )?;
        match self.operator {
            Operator::Equal if self.open != Open::Nothing => self.tilde(version),
            Operator::Equal => require(self.order(version).is_eq(), Mismatch::NotEqual),
            Operator::NotEqual => require(self.differs(version), Mismatch::IsEqual),
            Operator::Greater => require(self.is_exceeded_by(version), Mismatch::LessOrEqual),
            Operator::Less => require(self.order(version).is_lt(), Mismatch::GreaterOrEqual),
            Operator::GreaterOrEqual => require(self.order(version).is_ge(), Mismatch::Less),
            Operator::LessOrEqual => require(self.reaches(version), Mismatch::Greater),
            Operator::Tilde => self.tilde(version),
            Operator::Caret => self.caret(version),
        }
    }

    fn order(&self, version: &Version) -> Ordering {
        version.compare(&self.bound)
    }

    /// `!=`: an open number makes all versions of the prefix equal, except that pre-releases are told apart below
    /// an open patch (and never as pre-releases of the open version itself).
    fn differs(&self, version: &Version) -> bool {
        match self.open {
            Open::Nothing | Open::Major => self.order(version).is_ne(),
            Open::Minor => version.major() != self.bound.major(),
            Open::Patch => {
                let same_line =
                    version.major() == self.bound.major() && version.minor() == self.bound.minor();
                !same_line
                    || compare_prerelease(version.prerelease(), self.bound.prerelease()).is_ne()
            }
        }
    }

    /// `>`: an open number must be exceeded in the last number that is given, so `1.2.5` does not exceed `1.2`.
    fn is_exceeded_by(&self, version: &Version) -> bool {
        match self.open {
            Open::Nothing | Open::Major => self.order(version).is_gt(),
            Open::Minor => version.major() > self.bound.major(),
            Open::Patch => {
                (version.major(), version.minor()) > (self.bound.major(), self.bound.minor())
            }
        }
    }

    /// `<=`: open numbers admit all versions of the prefix, so `1.2.5` is within `<=1.2`.
    fn reaches(&self, version: &Version) -> bool {
        match self.open {
            Open::Nothing => self.order(version).is_le(),
            Open::Minor => version.major() <= self.bound.major(),
            Open::Patch | Open::Major => {
                (version.major(), version.minor()) <= (self.bound.major(), self.bound.minor())
            }
        }
    }

    /// `~`: at least the operand, and the same numbers but for the last.
    fn tilde(&self, version: &Version) -> Result<(), Mismatch> {
        require(self.order(version).is_ge(), Mismatch::Less)?;
        let zero = (self.bound.major(), self.bound.minor(), self.bound.patch()) == (0, 0, 0);
        if zero && matches!(self.open, Open::Nothing | Open::Major) {
            // `~0.0.0` is unbounded, as `*` is.
            return Ok(());
        }
        require(version.major() == self.bound.major(), Mismatch::OtherMajor)?;
        let same_minor = version.minor() == self.bound.minor() || self.open == Open::Minor;
        require(same_minor, Mismatch::OtherMajorAndMinor)
    }

    /// `^`: at least the operand, and the same numbers up to the first that is not zero.
    fn caret(&self, version: &Version) -> Result<(), Mismatch> {
        require(self.order(version).is_ge(), Mismatch::Less)?;
        require(version.major() == self.bound.major(), Mismatch::OtherMajor)?;
        if self.bound.major() > 0 || self.open == Open::Minor {
            return Ok(());
        }
        if self.bound.minor() > 0 || self.open == Open::Patch {
            return require(
                version.minor() == self.bound.minor(),
                Mismatch::OtherMinorOfZero,
            );
        }
        require(version.minor() == 0, Mismatch::OtherMinor)?;
        require(
            version.patch() == self.bound.patch(),
            Mismatch::OtherPatchOfZero,
        )
    }
}

impl Mismatch {
    /// The library's sentence.
    pub(super) fn explain(self, version: &Version, operand: &str) -> String {
        let (relation, tail) = match self {
            Self::Prerelease => {
                return format!(
                    "{} is a prerelease version and the constraint is only looking for release versions",
                    quote(&version.to_string())
                );
            }
            Self::IsEqual => ("is equal to", ""),
            Self::NotEqual => ("is not equal to", ""),
            Self::LessOrEqual => ("is less than or equal to", ""),
            Self::GreaterOrEqual => ("is greater than or equal to", ""),
            Self::Less => ("is less than", ""),
            Self::Greater => ("is greater than", ""),
            Self::OtherMajor => ("does not have same major version as", ""),
            Self::OtherMajorAndMinor => ("does not have same major and minor version as", ""),
            Self::OtherMinorOfZero => (
                "does not have same minor version as",
                ". Expected minor versions to match when constraint major version is 0",
            ),
            Self::OtherMinor => ("does not have same minor version as", ""),
            Self::OtherPatchOfZero => (
                "does not equal",
                ". Expect version and constraint to equal when major and minor versions are 0",
            ),
        };
        format!(
            "{} {relation} {}{tail}",
            quote(&version.to_string()),
            quote(operand)
        )
    }
}

impl fmt::Display for Comparator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.spelling, self.operand)
    }
}

fn require(holds: bool, otherwise: Mismatch) -> Result<(), Mismatch> {
    if holds { Ok(()) } else { Err(otherwise) }
}
