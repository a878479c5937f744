//! One file a command.

pub(crate) mod blame;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod init;
pub(crate) mod render;
pub(crate) mod rules;
pub(crate) mod start;
