//! Backups and snapshots as evidence.

use crate::time::parse_rfc3339;
use yaml::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BackupKind {
    VeleroBackup,
    VolumeSnapshot,
    EtcdSnapshot,
}

/// One backup.
#[derive(Debug, Clone, PartialEq)]
pub struct Backup {
    pub kind: BackupKind,
    /// `nightly-20261124`; the wrapper's `source` or the kind where the print has no name.
    pub name: String,
    /// Seconds since the Unix epoch: Velero's `completionTimestamp`, else `takenAt`, else a snapshot's `creationTime`.
    pub time: Option<i64>,
    /// The time as written, also if it is none.
    pub written_time: Option<String>,
    /// A print that never has a time (`etcdutl snapshot status`), given without one.
    pub timeless: bool,
    /// Velero's phase; `NotReady` for a VolumeSnapshot that cannot be used. None where no print is there.
    pub phase: Option<String>,
    /// Namespaces that a Velero backup names.
    pub included: Vec<String>,
    pub excluded: Vec<String>,
    /// The tool's own print; null where there is none.
    pub data: Value,
}

impl BackupKind {
    /// As `type` in a wrapper.
    pub fn name(self) -> &'static str {
        match self {
            Self::VeleroBackup => "velero-backup",
            Self::VolumeSnapshot => "volume-snapshot",
            Self::EtcdSnapshot => "etcd-snapshot",
        }
    }

    /// The layers that a print stands for where no wrapper says it.
    pub fn layers(self) -> Vec<String> {
        let layers: &[&str] = match self {
            Self::VeleroBackup => &["platform", "persistent-data"],
            Self::VolumeSnapshot => &["persistent-data"],
            Self::EtcdSnapshot => &["under-cluster"],
        };
        layers.iter().map(|&layer| layer.to_owned()).collect()
    }
}

impl Backup {
    /// From a tool's print (null: the wrapper alone vouches for it).
    pub(super) fn new(
        kind: BackupKind,
        data: &Value,
        taken_at: Option<&str>,
        source: Option<&str>,
    ) -> Self {
        let text = |keys: &[&str]| data.at(keys).and_then(Value::as_str);
        let own_time = match kind {
            BackupKind::VeleroBackup => text(&["status", "completionTimestamp"]).or(taken_at),
            BackupKind::VolumeSnapshot => taken_at.or_else(|| text(&["status", "creationTime"])),
            BackupKind::EtcdSnapshot => taken_at.or_else(|| text(&["takenAt"])),
        };
        let name = text(&["metadata", "name"])
            .or(source)
            .unwrap_or(kind.name());
        Self {
            kind,
            name: name.to_owned(),
            time: own_time.and_then(parse_rfc3339),
            written_time: own_time.map(str::to_owned),
            timeless: false,
            phase: phase(kind, data),
            included: strings(data, "includedNamespaces"),
            excluded: strings(data, "excludedNamespaces"),
            data: data.clone(),
        }
    }

    /// Whether it is finished and whole, as far as the print says.
    pub fn is_complete(&self) -> bool {
        self.phase.as_deref().is_none_or(|phase| phase == COMPLETED)
    }

    /// Whether it covers a namespace: no included ones, or `*`, is all; excluded ones win.
    pub fn covers(&self, namespace: &str) -> bool {
        let names = |list: &[String]| list.iter().any(|name| name == "*" || name == namespace);
        (self.included.is_empty() || names(&self.included)) && !names(&self.excluded)
    }
}

pub(super) const COMPLETED: &str = "Completed";

fn phase(kind: BackupKind, data: &Value) -> Option<String> {
    if data.is_null() {
        return None;
    }
    let phase = match kind {
        // Velero leaves the phase out before it has looked at a backup.
        BackupKind::VeleroBackup => data
            .at(&["status", "phase"])
            .and_then(Value::as_str)
            .unwrap_or("New"),
        BackupKind::VolumeSnapshot => {
            match data.at(&["status", "readyToUse"]).and_then(Value::as_bool) {
                Some(true) => COMPLETED,
                _ => "NotReady",
            }
        }
        BackupKind::EtcdSnapshot => COMPLETED,
    };
    Some(phase.to_owned())
}

fn strings(data: &Value, key: &str) -> Vec<String> {
    let items = data
        .at(&["spec", key])
        .and_then(Value::as_list)
        .unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item.value.as_str())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}
