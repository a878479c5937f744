//! What can be wrong with a version or a constraint, in the words of the Go libraries.

use std::error::Error;
use std::fmt::{self, Write as _};

/// The longest version text that is read, in bytes.
pub(crate) const MAX_VERSION_BYTES: usize = 256;
/// The longest constraint text that is read, in bytes.
pub(crate) const MAX_CONSTRAINT_BYTES: usize = 512;
/// How many groups `||` may separate.
pub(crate) const MAX_CONSTRAINT_GROUPS: usize = 32;

/// Why a text is no version, no constraint or no Kubernetes version. `Display` gives Go's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionError {
    /// Not of the form of a version at all.
    Invalid,
    /// An empty text, where the strict reader wants a version.
    Empty,
    /// A part of the strict form that is not all digits.
    InvalidCharacters,
    /// A number with a leading zero, where the standard forbids it.
    SegmentStartsWithZero,
    /// What follows the `+`.
    InvalidMetadata,
    /// What follows the `-`.
    InvalidPrerelease,
    /// More than 256 bytes.
    VersionTooLong,
    /// A number above 2^64-1 in the loose form.
    SegmentOutOfRange(String),
    /// A number of the strict form that Go cannot read: missing, or above 2^64-1.
    Unreadable(String),
    /// The increment of a number that is 2^64-1; holds its name (`patch`).
    Overflow(&'static str),
    /// Holds the group that does not follow the grammar.
    ImproperConstraint(String),
    /// A comparator of the right form whose numbers are none (`1x`).
    ConstraintParser,
    /// More than 512 bytes.
    ConstraintTooLong,
    /// More than 32 groups.
    TooManyGroups,
    /// No number at the start of a Kubernetes version.
    NotKubernetes(String),
    /// A Kubernetes version with fewer than two numbers.
    IllegalKubernetes(String),
    /// A leading zero in the first number of a Kubernetes version: the number, the whole text.
    KubernetesZeroPrefix(String, String),
    /// A number above 2^64-1 in a Kubernetes version: the number, the whole text.
    KubernetesOutOfRange(String, String),
}

impl fmt::Display for VersionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => out.write_str("invalid semantic version"),
            Self::Empty => out.write_str("version string empty"),
            Self::InvalidCharacters => out.write_str("invalid characters in version"),
            Self::SegmentStartsWithZero => out.write_str("version segment starts with 0"),
            Self::InvalidMetadata => out.write_str("invalid metadata string"),
            Self::InvalidPrerelease => out.write_str("invalid prerelease string"),
            Self::VersionTooLong => write!(
                out,
                "version string is too long (max {MAX_VERSION_BYTES} bytes)"
            ),
            Self::SegmentOutOfRange(number) => {
                write!(
                    out,
                    "error parsing version segment: {}",
                    number_error(number)
                )
            }
            Self::Unreadable(number) => out.write_str(&number_error(number)),
            Self::Overflow(part) => write!(out, "{part} version increment would overflow uint64"),
            Self::ImproperConstraint(group) => write!(out, "improper constraint: {}", quote(group)),
            Self::ConstraintParser => out.write_str("constraint parser error"),
            Self::ConstraintTooLong => {
                write!(
                    out,
                    "constraint string is too long (max {MAX_CONSTRAINT_BYTES} bytes)"
                )
            }
            Self::TooManyGroups => write!(
                out,
                "too many constraint groups (max {MAX_CONSTRAINT_GROUPS})"
            ),
            Self::NotKubernetes(text) => write!(out, "could not parse {} as version", quote(text)),
            Self::IllegalKubernetes(text) => write!(out, "illegal version string {}", quote(text)),
            Self::KubernetesZeroPrefix(number, text) => {
                write!(
                    out,
                    "illegal zero-prefixed version component {} in {}",
                    quote(number),
                    quote(text)
                )
            }
            Self::KubernetesOutOfRange(number, text) => write!(
                out,
                "illegal non-numeric version component {} in {}: {}",
                quote(number),
                quote(text),
                number_error(number)
            ),
        }
    }
}

impl Error for VersionError {}

/// What Go says about digits that do not fit 64 bits, or about no digits.
fn number_error(number: &str) -> String {
    let reason = if number.is_empty() {
        "invalid syntax"
    } else {
        "value out of range"
    };
    format!("strconv.ParseUint: parsing {}: {reason}", quote(number))
}

/// Go's `%q` of a string.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        push_quoted(&mut quoted, character);
    }
    quoted.push('"');
    quoted
}

fn push_quoted(out: &mut String, character: char) {
    let short = match character {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\u{b}' => "\\v",
        _ if is_printable(character) => return out.push(character),
        _ => "",
    };
    let code = u32::from(character);
    let written = match code {
        _ if !short.is_empty() => out.write_str(short),
        0..=0x7f => write!(out, "\\x{code:02x}"),
        0x80..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

/// Go's `unicode.IsPrint`. Rust's own escaping decides by the same categories, but only the escaping of a whole
/// string leaves combining marks alone, hence the leading letter.
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return (' '..='~').contains(&character);
    }
    let probe = String::from_iter(['a', character]);
    probe.escape_debug().count() == 2
}
