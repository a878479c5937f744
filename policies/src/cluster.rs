//! Cluster facts from captures: whatever `kubectl get … -o json|yaml` and `kubectl version -o json` print.

use manifest::{KubeVersion, Object};
use source::{FileId, Problem};

/// What all captures of an environment say.
#[derive(Debug, Default)]
pub struct Cluster {
    /// All captured objects; places are in the captures.
    pub objects: Vec<Object>,
    /// `serverVersion.gitVersion` of `kubectl version -o json`.
    pub server_version: Option<KubeVersion>,
}

/// One capture file.
pub struct CaptureFile<'a> {
    pub file: FileId,
    /// As printed.
    pub name: &'a str,
    pub text: &'a [u8],
}

impl Cluster {
    /// Reads captures. A file that is empty, cut off or of no known form is a problem that names it.
    pub fn read(captures: &[CaptureFile<'_>]) -> (Self, Vec<Problem>) {
        let _ = captures;
        unimplemented!("being written")
    }
}
