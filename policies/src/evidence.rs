//! Evidence: backups, snapshots and kin in the formats that their tools print, recognised by content.

use source::{FileId, Place, Problem};

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The layers that it speaks for (`platform`, `persistent-data`, …).
    pub layers: Vec<String>,
    pub item: EvidenceItem,
    pub place: Place,
    /// From a `kind: Evidence` wrapper: the whole record of its cluster.
    pub from_wrapper: bool,
}

/// What kind of evidence.
#[derive(Debug, Clone, PartialEq)]
pub enum EvidenceItem {
    /// To be filled by the reader.
    Unknown,
}

/// One evidence file.
pub struct EvidenceFile<'a> {
    pub file: FileId,
    pub name: &'a str,
    pub text: &'a [u8],
}

/// Reads evidence files. A file of no known form is a problem that names it.
pub fn read_evidence(files: &[EvidenceFile<'_>]) -> (Vec<Evidence>, Vec<Problem>) {
    let _ = files;
    unimplemented!("being written")
}
