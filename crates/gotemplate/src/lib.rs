//! Go's text/template with sprig's and Helm's functions, lowered to minijinja, and a map of where each
//! rendered byte came from. Knows no Kubernetes objects and no rules.
#![warn(clippy::disallowed_methods)]

mod context;
mod error;
mod exec;
mod failure;
mod functions;
mod input;
mod library;
mod lower;
mod machine;
mod rendering;
mod syntax;
mod value;

pub use error::{ErrorKind, TemplateError};
pub use input::{
    Capabilities, ChartContext, ChartObject, FileData, HelmLine, ReleaseInfo, RenderInput,
    RenderLimits, RenderOptions, TemplateRef, Volatile,
};
pub use library::Library;
pub use rendering::{RenderedFile, Rendering};
