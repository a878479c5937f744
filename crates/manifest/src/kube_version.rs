//! Kubernetes versions.

use std::fmt;

/// MAJOR.MINOR.PATCH of `v1.33.4-eks-1234`; vendors' suffixes do not order versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubeVersion {
    pub major: u32,
    pub minor: u32,
    /// 0 where none is written.
    pub patch: u32,
}

impl KubeVersion {
    /// With or without `v`, with or without patch and suffix. None for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let numbers = text.split(['-', '+', '_']).next()?;
        let mut parts = numbers.split('.').map(number);
        let (major, minor) = (parts.next()??, parts.next()??);
        let patch = match parts.next() {
            Some(patch) => patch?,
            None => 0,
        };
        parts.next().is_none().then_some(Self {
            major,
            minor,
            patch,
        })
    }

    /// `1.33`.
    pub fn minor_text(self) -> String {
        format!("{}.{}", self.major, self.minor)
    }

    /// The same minor with patch 0, to compare minors.
    #[must_use]
    pub fn to_minor(self) -> Self {
        Self { patch: 0, ..self }
    }

    /// How many minors `self` is ahead of `other` (negative: behind); None across majors.
    pub fn minors_ahead_of(self, other: Self) -> Option<i64> {
        (self.major == other.major).then(|| i64::from(self.minor) - i64::from(other.minor))
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

impl fmt::Display for KubeVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_texts_give_their_numbers() {
        let cases = [
            ("v1.33.4-eks-3cfe0ce", Some("1.33.4")),
            ("1.29", Some("1.29.0")),
            ("v1.30.1+k3s1", Some("1.30.1")),
            ("v1.34.0-alpha.1", Some("1.34.0")),
            ("1", None),
            ("latest", None),
            ("1.x.3", None),
            ("1.2.3.4", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let parsed = KubeVersion::parse(text).map(|version| version.to_string());
            assert_eq!(parsed.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn minors_are_counted_within_a_major() {
        let version = |text| KubeVersion::parse(text).expect("a version");
        assert_eq!(
            version("1.34.1").minors_ahead_of(version("1.31.9")),
            Some(3)
        );
        assert_eq!(version("2.0").minors_ahead_of(version("1.31")), None);
        assert!(version("1.33.10") > version("v1.33.9-gke.1"));
    }
}
