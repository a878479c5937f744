//! A chart and its values to Kubernetes manifests: everything that `helm template` does around the template engine.
//!
//! The crate reads no disk: whoever calls it walks folders ([`ignore`] says what to leave out) and hands bytes.
//! The steps, in Helm's order: [`UserValues::read`], [`Chart::load`], [`Compiled::new`] once a chart, then
//! [`Compiled::render`] for each set of values, and [`Release::print`].
#![warn(clippy::disallowed_methods)]

pub mod archive;
mod capabilities;
mod chart;
mod compiled;
mod context;
mod dependencies;
mod error;
mod glob;
mod goformat;
mod gojson;
pub mod ignore;
mod import_values;
mod instance;
mod load;
mod metadata;
mod name;
mod release;
mod request;
mod schema;
mod settle;
mod values;

pub use capabilities::{default_api_versions, default_kube_version};
pub use chart::{Chart, ChartFile};
pub use compiled::{Compiled, RenderedChart};
pub use error::{HelmError, Stage};
pub use gotemplate::{HelmLine, RenderOptions, RenderedFile};
pub use name::validate_release_name;
pub use release::{
    CrdFile, DocumentHead, HookInfo, OutputFile, OutputFiles, PrintOptions, Release,
    RenderedDocument,
};
pub use request::{Request, RequestPlaces, parse_kube_version};
pub use values::{TypedSet, UserValues, ValuesFile, ValuesInput, set_file_paths};
