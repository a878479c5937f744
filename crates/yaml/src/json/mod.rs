//! JSON text as Go's encoding/json writes and reads it.

mod decode;
mod encode;

pub use decode::decode;
pub use encode::{EncodeOptions, encode};
pub(crate) use encode::{base64, bytes_as_text};
