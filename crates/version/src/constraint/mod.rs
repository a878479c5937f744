//! Constraints: groups of comparators, of which one group must hold.

mod comparator;
mod read;

use crate::error::VersionError;
use crate::number::Version;
use comparator::Comparator;
use std::fmt;
use std::str::FromStr;

/// A condition on versions, such as `>=1.19-0 <1.30 || ^2.1`.
///
/// Groups are separated by `||`, comparators within a group by blanks or commas; `1.2 - 3.4` is short for
/// `>=1.2 <=3.4`. Operators: none, `=`, `!=`, `>`, `<`, `>=`, `=>`, `<=`, `=<`, `~`, `~>`, `^`. Missing numbers and
/// `x`, `X`, `*` are wildcards.
///
/// A pre-release satisfies a group only if some comparator of the same group names a pre-release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    groups: Vec<Group>,
}

/// Comparators that must hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    comparators: Vec<Comparator>,
}

impl Constraint {
    /// Reads a constraint.
    ///
    /// # Errors
    /// Says what the library's `NewConstraint` says: `improper constraint: "…"`.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let groups = read::groups(text)?
            .into_iter()
            .map(|comparators| Group { comparators })
            .collect();
        Ok(Self { groups })
    }

    /// Whether a version satisfies the constraint.
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| {
            let prereleases = group.names_prerelease();
            group
                .comparators
                .iter()
                .all(|comparator| comparator.test(version, prereleases).is_ok())
        })
    }

    /// Whether a version satisfies the constraint, and if not, why not.
    ///
    /// # Errors
    /// The library's sentences, one for each comparator that fails, in order.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<String>> {
        let mut reasons = Vec::new();
        let mut prerelease_reported = false;
        for group in &self.groups {
            let before = reasons.len();
            if version.prerelease().is_empty() || group.names_prerelease() {
                reasons.extend(group.reasons(version));
                if reasons.len() == before {
                    return Ok(());
                }
            } else if !prerelease_reported {
                reasons.push(comparator::Mismatch::Prerelease.explain(version, ""));
                prerelease_reported = true;
            }
        }
        Err(reasons)
    }
}

impl Group {
    fn names_prerelease(&self) -> bool {
        self.comparators.iter().any(Comparator::names_prerelease)
    }

    fn reasons<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = String> + 'a {
        let prereleases = self.names_prerelease();
        self.comparators.iter().filter_map(move |comparator| {
            let mismatch = comparator.test(version, prereleases).err()?;
            Some(mismatch.explain(version, comparator.operand()))
        })
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, group) in self.groups.iter().enumerate() {
            out.write_str(if place == 0 { "" } else { " || " })?;
            for (place, comparator) in group.comparators.iter().enumerate() {
                out.write_str(if place == 0 { "" } else { " " })?;
                write!(out, "{comparator}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Constraint {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        Self::parse(text)
    }
}
