//! The version of Kubernetes that a chart is rendered for.

use crate::error::VersionError;
use crate::grammar::{is_digit, skip_spaces};
use std::fmt;

/// A Kubernetes version as `--kube-version` takes it: at least two numbers, then anything (`v1.29.3-gke.5`, `1.30+`).
///
/// `Display` prints only the numbers (`v1.29.3`, `v1.30`), which is what a chart's `kubeVersion` is tested against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeVersion {
    version: String,
    numbers: Vec<u64>,
}

impl KubeVersion {
    /// Reads a version with Kubernetes' own "generic" grammar, as Helm does since 3.19.
    ///
    /// # Errors
    /// Says what Helm prints after `invalid kube version '…': `.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let unreadable = || VersionError::NotKubernetes(text.to_owned());
        let start = skip_spaces(text);
        let start = start.strip_prefix('v').unwrap_or(start);
        let (numbers, suffix) = cut_numbers(start).ok_or_else(unreadable)?;
        // The library's pattern ends with `.*`, which does not cross a line break.
        if suffix.contains('\n') {
            return Err(unreadable());
        }
        if !numbers.contains('.') {
            return Err(VersionError::IllegalKubernetes(text.to_owned()));
        }
        let numbers = numbers
            .split('.')
            .enumerate()
            .map(|(place, number)| component(place, number, text));
        let version = if text.starts_with('v') {
            text.to_owned()
        } else {
            format!("v{text}")
        };
        Ok(Self {
            version,
            numbers: numbers.collect::<Result<_, _>>()?,
        })
    }

    /// The text as given, with a `v` in front (`.Capabilities.KubeVersion.Version`).
    pub fn version(&self) -> &str {
        &self.version
    }

    pub fn major(&self) -> u64 {
        self.numbers.first().copied().unwrap_or_default()
    }

    pub fn minor(&self) -> u64 {
        self.numbers.get(1).copied().unwrap_or_default()
    }
}

impl fmt::Display for KubeVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, number) in self.numbers.iter().enumerate() {
            let separator = if place == 0 { 'v' } else { '.' };
            write!(out, "{separator}{number}")?;
        }
        Ok(())
    }
}

/// Numbers with dots between them, and what follows. A dot without a number belongs to what follows.
fn cut_numbers(text: &str) -> Option<(&str, &str)> {
    let mut end = digits_at(text, 0)?;
    while text[end..].starts_with('.') {
        match digits_at(text, end + 1) {
            Some(next) => end = next,
            None => break,
        }
    }
    Some(text.split_at(end))
}

/// Where the digits that start at `from` end.
fn digits_at(text: &str, from: usize) -> Option<usize> {
    let count = text[from..]
        .bytes()
        .take_while(|&byte| is_digit(byte))
        .count();
    (count > 0).then_some(from + count)
}

/// Only the first number must not have leading zeros.
fn component(place: usize, number: &str, text: &str) -> Result<u64, VersionError> {
    if place == 0 && number.len() > 1 && number.starts_with('0') {
        return Err(VersionError::KubernetesZeroPrefix(
            number.to_owned(),
            text.to_owned(),
        ));
    }
    number
        .parse()
        .map_err(|_| VersionError::KubernetesOutOfRange(number.to_owned(), text.to_owned()))
}
