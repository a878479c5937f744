//! Kubernetes objects with spans and provenance; identity; selectors; quantities. Knows no templates, no rules.
#![warn(clippy::disallowed_methods)]

mod blame;
mod evidence;
mod identity;
mod image;
mod int_or_percent;
mod kube_version;
mod merge_key;
mod object;
mod path;
mod pieces;
mod quantity;
mod read;
mod scope;
mod secret;
mod selector;
mod workload;

pub use blame::{
    Blamed, Cause, FieldAt, PlaceKind, Provenance, Related, primary_place, primary_place_of,
};
pub use identity::ResourceId;
pub use image::ImageRef;
pub use int_or_percent::IntOrPercent;
pub use kube_version::KubeVersion;
pub use merge_key::{item_identities, item_names, merge_keys};
pub use object::{Field, FieldSpan, Hook, Object, RenderedOrigin};
pub use path::{FieldPath, FieldStep};
pub use quantity::Quantity;
pub use read::{Documents, ReadOptions, Unreadable, read_documents};
pub use scope::{Scope, Scopes, settle_namespaces};
pub use secret::{
    Redactor, base64_decode, base64_encode, is_secret_field, is_secret_key, mask_text,
};
pub use selector::{LabelSelector, Requirement, SelectorOperator};
pub use workload::{Container, ContainerRole, PodTemplate};
