//! Version numbers and version constraints as Helm understands them.
//!
//! Helm compares versions with the Go library Masterminds/semver (3.5.0): looser than the standard when it reads a
//! version (`v1.2` is one), with a constraint dialect of its own (`>=1.19-0 <2 || ^3`), and with its own rule for
//! pre-releases. [`Version`] and [`Constraint`] behave as that library does, error texts included. [`KubeVersion`]
//! is what the flag `--kube-version` accepts, which is a third notation.
//!
//! ```
//! use version::{Constraint, Version};
//!
//! let cluster = Version::parse("v1.29.3-gke.5")?;
//! assert!(!Constraint::parse(">=1.21")?.check(&cluster));
//! assert!(Constraint::parse(">=1.21-0")?.check(&cluster));
//! # Ok::<(), version::VersionError>(())
//! ```
#![warn(clippy::disallowed_methods)]

mod constraint;
mod error;
mod grammar;
mod kube;
mod number;

pub use constraint::Constraint;
pub use error::VersionError;
pub use kube::KubeVersion;
pub use number::Version;
