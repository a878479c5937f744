//! Captures and evidence that kubectl and Helm really printed are read without a problem.
#![expect(clippy::print_stdout, reason = "a test that skips says so")]

use policies::cluster::{CaptureFile, Cluster, kubelet_version};
use policies::evidence::{EvidenceFile, EvidenceItem, read_evidence};
use source::FileId;
use std::fs;
use std::path::{Path, PathBuf};

/// Recorded prints lie beside the repository and are not part of it.
fn recorded(folder: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/truth")
        .join(folder);
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return None;
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    let file = |path: &PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some((name, fs::read(path).ok()?))
    };
    Some(paths.iter().filter_map(file).collect())
}

fn is_print(name: &str) -> bool {
    // The print of a kind that does not exist is an error message, not a print.
    (name.ends_with(".json") || name.ends_with(".yaml")) && !name.starts_with("no-such-kind")
}

#[test]
fn prints_of_kubectl_are_captures() {
    for folder in ["captures/kubectl", "drain"] {
        let Some(files) = recorded(folder) else {
            return;
        };
        let mut count = 0;
        for (name, text) in files.iter().filter(|(name, _)| is_print(name)) {
            let (_, problems) = Cluster::read(&[CaptureFile {
                file: FileId(0),
                name,
                text,
            }]);
            assert_eq!(problems, [], "{name}");
            count += 1;
        }
        assert!(count > 5, "{folder} has only {count} prints");
    }
}

#[test]
fn nodes_and_versions_of_a_real_cluster_are_found() {
    let Some(files) = recorded("captures/kubectl") else {
        return;
    };
    let chosen = files
        .iter()
        .filter(|(name, _)| name == "nodes.json" || name == "version.json");
    let captures: Vec<CaptureFile<'_>> = chosen
        .map(|(name, text)| CaptureFile {
            file: FileId(0),
            name,
            text,
        })
        .collect();
    let (cluster, problems) = Cluster::read(&captures);
    assert_eq!(problems, []);
    let current = cluster.current_version().expect("a version");
    assert_eq!(current.minor_text(), "1.37");
    assert!(
        cluster.nodes().count() > 0 && cluster.nodes().all(|node| kubelet_version(node).is_some())
    );
}

#[test]
fn a_real_print_that_is_cut_off_is_a_problem() {
    let Some(files) = recorded("captures/kubectl") else {
        return;
    };
    for (name, text) in files
        .iter()
        .filter(|(name, _)| name == "nodes.json" || name == "nodes.yaml")
    {
        for part in [3, 2] {
            let cut = &text[..text.len() / part];
            let (_, problems) = Cluster::read(&[CaptureFile {
                file: FileId(0),
                name,
                text: cut,
            }]);
            assert!(
                problems
                    .iter()
                    .any(|problem| problem.message.contains(name.as_str())),
                "{name}/{part}"
            );
        }
    }
}

#[test]
fn lists_of_helm_are_evidence() {
    for folder in ["captures/helm3", "captures/helm4"] {
        let Some(files) = recorded(folder) else {
            return;
        };
        for (name, text) in files
            .iter()
            .filter(|(name, _)| name.starts_with("list") && is_print(name))
        {
            let (found, problems) = read_evidence(&[EvidenceFile {
                file: FileId(0),
                name,
                text,
            }]);
            assert_eq!(problems, [], "{name}");
            assert!(
                found
                    .iter()
                    .all(|evidence| matches!(evidence.item, EvidenceItem::Release(_))),
                "{name}"
            );
        }
    }
}

#[test]
fn histories_and_stored_releases_of_helm_are_evidence() {
    for folder in [
        "helm3/shop/upgraded",
        "helm4/shop/upgraded",
        "helm4/shop/refused",
    ] {
        let Some(files) = recorded(&format!("captures/{folder}")) else {
            return;
        };
        let chosen = [
            "history.json",
            "release-secret.json",
            "release-secrets.yaml",
        ];
        for (name, text) in files
            .iter()
            .filter(|(name, _)| chosen.contains(&name.as_str()))
        {
            let (found, problems) = read_evidence(&[EvidenceFile {
                file: FileId(0),
                name,
                text,
            }]);
            assert_eq!(problems, [], "{folder}/{name}");
            let known = |item: &EvidenceItem| {
                matches!(item, EvidenceItem::Release(_) | EvidenceItem::Object(_))
            };
            assert!(
                !found.is_empty() && found.iter().all(|evidence| known(&evidence.item)),
                "{folder}/{name}"
            );
        }
    }
}
