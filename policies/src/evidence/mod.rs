//! Evidence: backups, snapshots and kin in the formats that their tools print, recognised by content.

mod backup;
mod printed;
mod read;
mod wrapper;

pub use backup::{Backup, BackupKind};
pub use read::read_evidence;

use manifest::{KubeVersion, Object};
use source::{FileId, Place};
use yaml::Value;

/// One piece of evidence.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The layers that it speaks for (`platform`, `persistent-data`, …).
    pub layers: Vec<String>,
    pub item: EvidenceItem,
    pub place: Place,
    /// From a `kind: Evidence` wrapper: the whole record of its cluster.
    pub from_wrapper: bool,
}

/// What kind of evidence.
#[derive(Debug, Clone)]
pub enum EvidenceItem {
    /// A `kind: Evidence` wrapper as such: what it does not list does not exist.
    Record {
        cluster: Option<String>,
        collected_at: Option<i64>,
    },
    /// A list without items: an answer for the layers of its kind (`Backup`, `VolumeSnapshot`; "" where the print does
    /// not say).
    NoneOf {
        kind: String,
    },
    Backup(Backup),
    /// A drill, review, rehearsal or restore test of a wrapper.
    Exercise(Exercise),
    /// One line of `helm history` or `helm list`.
    Release(ReleaseRecord),
    /// Any other Kubernetes object: Velero's Schedule and BackupStorageLocation, Certificate, Node, kubeadm's output.
    Object(Object),
    /// `kubectl version`.
    Versions {
        client: Option<KubeVersion>,
        server: Option<KubeVersion>,
    },
    /// Trivy, Clair, SARIF.
    ScanReport(Value),
    /// A table of `kubeadm certs check-expiration`, `kubeadm upgrade plan` or `kubectl top nodes`.
    Table {
        print: TablePrint,
        text: String,
    },
    /// A Markdown file.
    Runbook {
        text: String,
    },
}

/// What a table is a print of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TablePrint {
    KubeadmCertificates,
    KubeadmUpgradePlan,
    KubectlTopNodes,
}

/// Something that people did to be sure.
#[derive(Debug, Clone, PartialEq)]
pub struct Exercise {
    pub kind: ExerciseKind,
    /// Seconds since the Unix epoch; None where it is missing or no time.
    pub taken_at: Option<i64>,
    /// `{environment, result, duration, rto}`, `{reviewer}`, `{environment, from, to, result}`.
    pub data: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExerciseKind {
    DrDrill,
    RunbookReview,
    Rehearsal,
    RestoreTest,
}

/// A revision of a release as Helm lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRecord {
    /// None in `helm history`, which names no release.
    pub name: Option<String>,
    pub namespace: Option<String>,
    pub revision: i64,
    /// `deployed`, `failed`, `pending-upgrade`, ….
    pub status: String,
    /// `shop-1.2.0`.
    pub chart: String,
}

/// One evidence file.
pub struct EvidenceFile<'a> {
    pub file: FileId,
    pub name: &'a str,
    pub text: &'a [u8],
}

/// Layers of a platform, from the bottom up, with the age that the newest backup may have by default, in seconds.
pub const LAYERS: [(&str, i64); 4] = [
    ("under-cluster", 3_600),
    ("platform", 900),
    ("tenant-control-plane", 300),
    ("persistent-data", 3_600),
];

impl Evidence {
    pub fn backup(&self) -> Option<&Backup> {
        match &self.item {
            EvidenceItem::Backup(backup) => Some(backup),
            _ => None,
        }
    }

    /// Whether it says something about backups of a layer: a backup of it, an empty list of such backups, or the whole
    /// record of the cluster.
    pub fn speaks_of_backups(&self, layer: &str) -> bool {
        match self.item {
            EvidenceItem::Record { .. } => true,
            EvidenceItem::NoneOf { .. } | EvidenceItem::Backup(_) => {
                self.layers.iter().any(|own| own == layer)
            }
            _ => false,
        }
    }
}
