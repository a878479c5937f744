//! Recognising evidence files by what they hold.

use super::printed::{etcd_status, is_etcd_snapshot, is_etcd_status, is_scan_report, table_print};
use super::{Backup, BackupKind, Evidence, EvidenceFile, EvidenceItem, ReleaseRecord, wrapper};
use crate::document::{InputFile, PlacedTree};
use manifest::{KubeVersion, Object, Unreadable};
use source::{Place, Problem};
use yaml::{Entry, Value};

/// Reads evidence files. A file that is empty, cut off or of no known form is a problem that names it.
pub fn read_evidence(files: &[EvidenceFile<'_>]) -> (Vec<Evidence>, Vec<Problem>) {
    let mut reader = Reader::default();
    for file in files {
        reader.read(&InputFile {
            file: file.file,
            name: file.name,
            text: file.text,
            purpose: "evidence",
        });
    }
    (reader.found, reader.problems)
}

#[derive(Default)]
struct Reader {
    found: Vec<Evidence>,
    problems: Vec<Problem>,
}

impl Reader {
    fn read(&mut self, file: &InputFile<'_>) {
        let whole = file.place(&(0..u32::try_from(file.text.len()).unwrap_or(u32::MAX)));
        if file.is_blank() {
            return self.problems.push(file.problem(0, "the file is empty"));
        }
        if is_etcd_snapshot(file.text) {
            let mut snapshot = Backup::new(
                BackupKind::EtcdSnapshot,
                &Value::Null,
                None,
                Some(file.name),
            );
            snapshot.timeless = true;
            return self.push(
                EvidenceItem::Backup(snapshot),
                BackupKind::EtcdSnapshot.layers(),
                whole,
            );
        }
        if let Ok(text) = std::str::from_utf8(file.text)
            && let Some((item, layers)) = read_text(file.name, text)
        {
            return self.push(item, layers, whole);
        }
        let documents = file.documents();
        let before = (self.found.len(), self.problems.len());
        self.read_empty_lists(file);
        for object in documents.objects {
            self.read_object(object, file);
        }
        for unreadable in &documents.unreadable {
            self.read_other(unreadable, file);
        }
        let empty_release_list = || {
            file.trees()
                .iter()
                .any(|tree| tree.root.as_list().is_some())
        };
        if before == (self.found.len(), self.problems.len()) && !empty_release_list() {
            self.problems
                .push(file.problem(0, "the file holds nothing"));
        }
    }

    fn push(&mut self, item: EvidenceItem, layers: Vec<String>, place: Place) {
        self.found.push(Evidence {
            layers,
            item,
            place,
            from_wrapper: false,
        });
    }

    fn read_object(&mut self, object: Object, file: &InputFile<'_>) {
        if wrapper::is_wrapper(&object.root) {
            return wrapper::read(
                &PlacedTree::of(&object),
                file,
                &mut self.found,
                &mut self.problems,
            );
        }
        let place = name_place(&object, file);
        let kind = match (object.group(), object.kind()) {
            ("velero.io", "Backup") => BackupKind::VeleroBackup,
            ("snapshot.storage.k8s.io", "VolumeSnapshot") => BackupKind::VolumeSnapshot,
            _ => return self.push(EvidenceItem::Object(object), Vec::new(), place),
        };
        let backup = Backup::new(kind, &object.root, None, None);
        self.push(EvidenceItem::Backup(backup), kind.layers(), place);
    }

    /// Lists without objects; which kinds they are about, their kind says, and a plain `List` is taken for Velero's.
    fn read_empty_lists(&mut self, file: &InputFile<'_>) {
        for tree in file.trees() {
            let Some(kind) = tree.kind_of_empty_list() else {
                continue;
            };
            let layers = match kind {
                "VolumeSnapshot" => BackupKind::VolumeSnapshot.layers(),
                "Backup" | "" => BackupKind::VeleroBackup.layers(),
                _ => Vec::new(),
            };
            let item = EvidenceItem::NoneOf {
                kind: kind.to_owned(),
            };
            self.push(item, layers, file.place(&tree.text));
        }
    }

    /// What is no Kubernetes object: Helm's lists, etcd's status, versions, scan reports, a wrapper without apiVersion.
    fn read_other(&mut self, document: &Unreadable, file: &InputFile<'_>) {
        let Some(tree) = PlacedTree::read(file.text, &document.text) else {
            let message = format!(
                "{}: the file is cut off or no YAML or JSON",
                document.message
            );
            return self.problems.push(file.problem(document.offset, &message));
        };
        if wrapper::is_wrapper(&tree.root) {
            return wrapper::read(&tree, file, &mut self.found, &mut self.problems);
        }
        let releases = tree
            .root
            .as_list()
            .and_then(|items| items.iter().map(release_record).collect::<Option<Vec<_>>>());
        if let (Some(releases), Some(items)) = (releases, tree.root.as_list()) {
            for (release, item) in releases.into_iter().zip(items) {
                self.push(
                    EvidenceItem::Release(release),
                    Vec::new(),
                    file.place(&tree.range(item)),
                );
            }
            return;
        }
        match read_tree(&tree.root) {
            Some((item, layers)) => self.push(item, layers, file.place(&tree.text)),
            None => {
                let message = "the file is in none of the known forms (Velero, VolumeSnapshot, etcdutl, helm, kubeadm, \
                               kubectl, kind: Evidence, Markdown)";
                self.problems.push(file.problem(document.offset, message));
            }
        }
    }
}

/// Where a person looks for an object: its name.
fn name_place(object: &Object, file: &InputFile<'_>) -> Place {
    let name = object.get("metadata.name").and_then(|field| {
        let value = field.value_range?;
        Some(field.key_range.map_or(value.start, |key| key.start)..value.end)
    });
    file.place(&name.unwrap_or_else(|| object.text.clone()))
}

/// Texts that are neither YAML nor JSON.
fn read_text(name: &str, text: &str) -> Option<(EvidenceItem, Vec<String>)> {
    if name.ends_with(".md") {
        return Some((
            EvidenceItem::Runbook {
                text: text.to_owned(),
            },
            Vec::new(),
        ));
    }
    if text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    if let Some(status) = etcd_status(text) {
        return Some(etcd_evidence(&status));
    }
    if text.trim_start().starts_with("Client Version:") {
        let version = |key: &str| {
            text.lines()
                .find_map(|line| KubeVersion::parse(line.strip_prefix(key)?))
        };
        let item = EvidenceItem::Versions {
            client: version("Client Version:"),
            server: version("Server Version:"),
        };
        return Some((item, Vec::new()));
    }
    let print = table_print(text)?;
    Some((
        EvidenceItem::Table {
            print,
            text: text.to_owned(),
        },
        Vec::new(),
    ))
}

fn read_tree(root: &Value) -> Option<(EvidenceItem, Vec<String>)> {
    if is_etcd_status(root) {
        return Some(etcd_evidence(root));
    }
    let version = |key: &str| {
        root.at(&[key, "gitVersion"])
            .and_then(Value::as_str)
            .and_then(KubeVersion::parse)
    };
    if root.get("clientVersion").is_some() {
        let item = EvidenceItem::Versions {
            client: version("clientVersion"),
            server: version("serverVersion"),
        };
        return Some((item, Vec::new()));
    }
    is_scan_report(root).then(|| (EvidenceItem::ScanReport(root.clone()), Vec::new()))
}

/// `etcdutl` prints no time: unless one was added, its print proves that the snapshot is valid, not how old it is.
fn etcd_evidence(status: &Value) -> (EvidenceItem, Vec<String>) {
    let mut snapshot = Backup::new(BackupKind::EtcdSnapshot, status, None, None);
    snapshot.timeless = snapshot.written_time.is_none();
    (
        EvidenceItem::Backup(snapshot),
        BackupKind::EtcdSnapshot.layers(),
    )
}

/// An item of `helm history -o json|yaml` (revision is a number, no name) or `helm list` (revision is a string).
fn release_record(item: &Entry) -> Option<ReleaseRecord> {
    let text = |key: &str| {
        item.value
            .at(&[key])
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let revision = item.value.at(&["revision"])?;
    Some(ReleaseRecord {
        name: text("name"),
        namespace: text("namespace"),
        revision: revision
            .as_i64()
            .or_else(|| revision.as_str()?.parse().ok())?,
        status: text("status")?,
        chart: text("chart")?,
    })
}

#[cfg(test)]
mod tests;
