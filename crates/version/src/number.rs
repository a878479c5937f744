//! One version: reading, comparing, counting up.

use crate::error::{MAX_VERSION_BYTES, VersionError};
use crate::grammar::{is_digit, is_identifier_byte, scan};
use semver::{BuildMetadata, Prerelease};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A version, and the text it was read from. `Display` prints the normal form (`v1.2` is `1.2.0`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version {
    number: semver::Version,
    original: String,
}

impl Version {
    /// Reads a version as charts write them: an optional `v`, one to three numbers with or without leading zeros,
    /// then perhaps `-pre.release` and `+meta.data`. Missing numbers are 0.
    ///
    /// # Errors
    /// Says what the library's `NewVersion` says.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        if text.len() > MAX_VERSION_BYTES {
            return Err(VersionError::VersionTooLong);
        }
        let parts = scan(text, is_digit)
            .filter(|parts| parts.text == text)
            .ok_or(VersionError::Invalid)?;
        let number = semver::Version {
            major: loose_number(parts.major)?,
            minor: parts.minor.map_or(Ok(0), loose_number)?,
            patch: parts.patch.map_or(Ok(0), loose_number)?,
            pre: prerelease(parts.prerelease.unwrap_or_default())?,
            build: metadata(parts.metadata.unwrap_or_default())?,
        };
        Ok(Self {
            number,
            original: text.to_owned(),
        })
    }

    /// Reads a version that keeps to the standard: three numbers without leading zeros, no `v`.
    ///
    /// # Errors
    /// Says what the library's `StrictNewVersion` says.
    pub fn parse_strict(text: &str) -> Result<Self, VersionError> {
        if text.is_empty() {
            return Err(VersionError::Empty);
        }
        if text.len() > MAX_VERSION_BYTES {
            return Err(VersionError::VersionTooLong);
        }
        let mut dotted = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (dotted.next(), dotted.next(), dotted.next())
        else {
            return Err(VersionError::Invalid);
        };
        let (rest, build) = cut_tail(rest, '+', metadata)?;
        let (patch, pre) = cut_tail(rest, '-', prerelease)?;
        for number in [major, minor, patch] {
            check_strict_number(number)?;
        }
        let [major, minor, patch] = [major, minor, patch].map(strict_number);
        let number = semver::Version {
            major: major?,
            minor: minor?,
            patch: patch?,
            pre,
            build,
        };
        Ok(Self {
            number,
            original: text.to_owned(),
        })
    }

    /// The text as it was read.
    pub fn original(&self) -> &str {
        &self.original
    }

    pub fn major(&self) -> u64 {
        self.number.major
    }

    pub fn minor(&self) -> u64 {
        self.number.minor
    }

    pub fn patch(&self) -> u64 {
        self.number.patch
    }

    /// What follows the `-`; empty for a release.
    pub fn prerelease(&self) -> &str {
        self.number.pre.as_str()
    }

    /// What follows the `+`, which no comparison looks at.
    pub fn metadata(&self) -> &str {
        self.number.build.as_str()
    }

    /// Which of two versions is newer. Metadata does not count, so versions can be equal here and differ as texts.
    pub fn compare(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major(), version.minor(), version.patch());
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.prerelease(), other.prerelease()) {
                ("", "") => Ordering::Equal,
                ("", _) => Ordering::Greater,
                (_, "") => Ordering::Less,
                (left, right) => compare_prerelease(left, right),
            }
        })
    }

    /// The next major version.
    ///
    /// # Errors
    /// If the number cannot grow.
    pub fn inc_major(&self) -> Result<Self, VersionError> {
        let major = increment(self.major(), "major")?;
        Ok(self.derived(semver::Version::new(major, 0, 0)))
    }

    /// The next minor version.
    ///
    /// # Errors
    /// If the number cannot grow.
    pub fn inc_minor(&self) -> Result<Self, VersionError> {
        let minor = increment(self.minor(), "minor")?;
        Ok(self.derived(semver::Version::new(self.major(), minor, 0)))
    }

    /// The next patch version; of a pre-release, the release that it precedes.
    ///
    /// # Errors
    /// If the number cannot grow.
    pub fn inc_patch(&self) -> Result<Self, VersionError> {
        let patch = if self.number.pre.is_empty() {
            increment(self.patch(), "patch")?
        } else {
            self.patch()
        };
        Ok(self.derived(semver::Version::new(self.major(), self.minor(), patch)))
    }

    /// The same version with another pre-release (without `-`); empty takes it away.
    ///
    /// # Errors
    /// If the text is no pre-release.
    pub fn with_prerelease(&self, text: &str) -> Result<Self, VersionError> {
        Ok(self.derived(semver::Version {
            pre: prerelease(text)?,
            ..self.number.clone()
        }))
    }

    /// The same version with other metadata (without `+`); empty takes it away.
    ///
    /// # Errors
    /// If the text is no metadata.
    pub fn with_metadata(&self, text: &str) -> Result<Self, VersionError> {
        Ok(self.derived(semver::Version {
            build: metadata(text)?,
            ..self.number.clone()
        }))
    }

    /// A version made from this one keeps the `v` of its text.
    fn derived(&self, number: semver::Version) -> Self {
        let prefix = if self.original.starts_with('v') {
            "v"
        } else {
            ""
        };
        let original = format!("{prefix}{number}");
        Self { number, original }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.number)
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        Self::parse(text)
    }
}

/// Compares dotted identifiers: numbers by value and before words, words bytewise, fewer identifiers first.
///
/// Not `semver::Prerelease`'s order: there digits beyond 64 bits are still a number, in the Go library a word. An
/// empty side is one empty identifier, which constraints with a wildcard patch rely on.
pub(crate) fn compare_prerelease(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (left, right) => {
                compare_identifier(left.unwrap_or_default(), right.unwrap_or_default())
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn compare_identifier(left: &str, right: &str) -> Ordering {
    if left.is_empty() || right.is_empty() {
        return left.len().cmp(&right.len());
    }
    match (left.parse::<u64>(), right.parse::<u64>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => left.cmp(right),
    }
}

/// Digits of the loose form, as long as they fit.
fn loose_number(digits: &str) -> Result<u64, VersionError> {
    digits
        .parse()
        .map_err(|_| VersionError::SegmentOutOfRange(digits.to_owned()))
}

/// Digits of the strict form. No digits are a failure of the conversion, not of the form.
fn strict_number(digits: &str) -> Result<u64, VersionError> {
    digits
        .parse()
        .map_err(|_| VersionError::Unreadable(digits.to_owned()))
}

fn check_strict_number(text: &str) -> Result<(), VersionError> {
    if !text.bytes().all(is_digit) {
        return Err(VersionError::InvalidCharacters);
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(VersionError::SegmentStartsWithZero);
    }
    Ok(())
}

/// Cuts at the first `mark`. A mark with nothing behind it is an error, unlike no mark.
fn cut_tail<T>(
    text: &str,
    mark: char,
    read: fn(&str) -> Result<T, VersionError>,
) -> Result<(&str, T), VersionError> {
    match text.split_once(mark) {
        Some((_, "")) if mark == '+' => Err(VersionError::InvalidMetadata),
        Some((_, "")) => Err(VersionError::InvalidPrerelease),
        Some((head, tail)) => Ok((head, read(tail)?)),
        None => Ok((text, read("")?)),
    }
}

/// Reads dotted identifiers; empty is no pre-release.
fn prerelease(text: &str) -> Result<Prerelease, VersionError> {
    for identifier in text.split('.').filter(|_| !text.is_empty()) {
        if identifier.is_empty() || !identifier.bytes().all(is_identifier_byte) {
            return Err(VersionError::InvalidPrerelease);
        }
        if identifier.len() > 1 && identifier.starts_with('0') && identifier.bytes().all(is_digit) {
            return Err(VersionError::SegmentStartsWithZero);
        }
    }
    Prerelease::new(text).map_err(|_| VersionError::InvalidPrerelease)
}

/// Reads dotted identifiers; empty is no metadata.
fn metadata(text: &str) -> Result<BuildMetadata, VersionError> {
    BuildMetadata::new(text).map_err(|_| VersionError::InvalidMetadata)
}

fn increment(number: u64, name: &'static str) -> Result<u64, VersionError> {
    number.checked_add(1).ok_or(VersionError::Overflow(name))
}
