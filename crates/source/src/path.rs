//! Paths into trees of values.

use std::fmt;
use std::sync::Arc;

/// One step of a [`ValuePath`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathSegment {
    Key(Arc<str>),
    Index(usize),
}

/// A path such as `ingress.hosts[0].host`. Keys with dots or slashes stand verbatim, as cli.md wants it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ValuePath(pub Vec<PathSegment>);

impl ValuePath {
    pub fn key(mut self, key: &str) -> Self {
        self.0.push(PathSegment::Key(key.into()));
        self
    }

    pub fn index(mut self, index: usize) -> Self {
        self.0.push(PathSegment::Index(index));
        self
    }

    /// Whether `self` is `other` or a container of it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.len() >= self.0.len() && self.0[..] == other.0[..self.0.len()]
    }
}

impl fmt::Display for ValuePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                PathSegment::Key(key) if position == 0 => write!(out, "{key}")?,
                PathSegment::Key(key) => write!(out, ".{key}")?,
                PathSegment::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}
