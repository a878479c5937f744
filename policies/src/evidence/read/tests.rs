//! Evidence in the forms that tools print.

use super::*;
use crate::evidence::TablePrint;
use source::FileId;

fn read(name: &str, text: &str) -> (Vec<Evidence>, Vec<Problem>) {
    read_evidence(&[EvidenceFile {
        file: FileId(0),
        name,
        text: text.as_bytes(),
    }])
}

fn one(name: &str, text: &str) -> Evidence {
    let (mut found, problems) = read(name, text);
    assert_eq!(problems, [], "{text}");
    assert_eq!(found.len(), 1, "{text}");
    found.remove(0)
}

const VELERO: &str = r#"{"apiVersion": "velero.io/v1", "kind": "Backup", "metadata": {"name": "nightly"},
 "spec": {"includedNamespaces": ["*"], "excludedNamespaces": ["kube-system"]},
 "status": {"phase": "Completed", "completionTimestamp": "2026-11-24T11:50:00Z"}}"#;

#[test]
fn velero_prints_are_read_alone_and_in_lists() {
    let alone = one("backup.json", VELERO);
    assert_eq!(alone.layers, ["platform", "persistent-data"]);
    let backup = alone.backup().expect("a backup");
    assert_eq!(
        (backup.name.as_str(), backup.time),
        ("nightly", Some(1_795_521_000))
    );
    assert!(backup.is_complete() && backup.covers("prod") && !backup.covers("kube-system"));
    for kind in ["List", "BackupList"] {
        let version = if kind == "List" { "v1" } else { "velero.io/v1" };
        let list = format!(
            "{{\"apiVersion\": \"{version}\", \"kind\": \"{kind}\", \"items\": [{VELERO}]}}"
        );
        let listed = one("list.json", &list);
        let known = |backup: &Backup| (backup.name.clone(), backup.time, backup.excluded.clone());
        assert_eq!(listed.backup().map(known), Some(known(backup)));
    }
}

#[test]
fn items_stand_where_their_names_do() {
    let text = format!(
        "{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n{VELERO},\n{VELERO}]}}"
    );
    let (found, _) = read("list.json", &text);
    let starts: Vec<u32> = found
        .iter()
        .map(|evidence| match evidence.place {
            Place::File(span) => span.start,
            Place::Flag { .. } => 0,
        })
        .collect();
    let name = |nth: usize| {
        text.match_indices("\"name\"")
            .nth(nth)
            .map(|(at, _)| at as u32)
    };
    assert_eq!(
        starts.into_iter().map(Some).collect::<Vec<_>>(),
        [name(0), name(1)]
    );
}

#[test]
fn empty_lists_answer_for_their_kind() {
    let cases = [
        (
            r#"{"apiVersion": "velero.io/v1", "kind": "BackupList", "items": []}"#,
            &["platform", "persistent-data"][..],
        ),
        (
            r#"{"apiVersion": "velero.io/v1", "kind": "BackupList", "items": null}"#,
            &["platform", "persistent-data"],
        ),
        (
            r#"{"apiVersion": "v1", "kind": "List", "items": []}"#,
            &["platform", "persistent-data"],
        ),
        (
            r#"{"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotList", "items": []}"#,
            &["persistent-data"],
        ),
    ];
    for (text, layers) in cases {
        let evidence = one("list.json", text);
        assert!(
            matches!(evidence.item, EvidenceItem::NoneOf { .. }),
            "{text}"
        );
        assert_eq!(evidence.layers, layers, "{text}");
    }
}

#[test]
fn an_empty_list_beside_other_prints_still_answers() {
    let snapshots = r#"{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshot", "metadata": {"name": "data"}, "status": {"readyToUse": true, "creationTime": "2026-11-24T11:00:00Z"}}]}"#;
    let none = r#"{"apiVersion": "velero.io/v1", "kind": "BackupList", "items": []}"#;
    let (found, problems) = read("both.json", &format!("{snapshots}\n{none}\n"));
    assert_eq!(problems, []);
    let kinds: Vec<bool> = found
        .iter()
        .map(|evidence| evidence.backup().is_some())
        .collect();
    assert_eq!(kinds, [false, true]);
    assert_eq!(found[0].layers, ["platform", "persistent-data"]);
}

#[test]
fn wrappers_are_read_with_data_as_tree_text_or_nothing() {
    let text = format!(
        "kind: Evidence
cluster: prod
collectedAt: 2026-11-24T12:00:00Z
items:
- {{layer: platform, type: velero-backup, takenAt: 2026-11-24T01:00:00Z, data: {VELERO}}}
- layer: under-cluster
  type: etcd-snapshot
  takenAt: \"2026-11-24T11:00:00Z\"
  data: '7ef846e0, 485261, 11642, 94 MB'
- {{layer: tenant-control-plane, type: etcd-snapshot, takenAt: \"2026-11-24T11:59:00Z\", source: tenant-a}}
- {{type: dr-drill, takenAt: \"2026-10-01T00:00:00Z\", data: {{environment: staging, result: passed}}}}
"
    );
    let (found, problems) = read("evidence.yaml", &text);
    assert_eq!(problems, []);
    assert!(found.iter().all(|evidence| evidence.from_wrapper));
    let EvidenceItem::Record {
        cluster,
        collected_at,
    } = &found[0].item
    else {
        panic!("no record")
    };
    assert_eq!(
        (cluster.as_deref(), *collected_at),
        (Some("prod"), Some(1_795_521_600))
    );
    let backups: Vec<(&str, &str, Option<i64>)> = found
        .iter()
        .filter_map(|evidence| Some((evidence, evidence.backup()?)))
        .map(|(evidence, backup)| {
            (
                evidence.layers[0].as_str(),
                backup.name.as_str(),
                backup.time,
            )
        })
        .collect();
    let expected = [
        ("platform", "nightly", Some(1_795_521_000)),
        ("under-cluster", "etcd-snapshot", Some(1_795_518_000)),
        ("tenant-control-plane", "tenant-a", Some(1_795_521_540)),
    ];
    assert_eq!(backups, expected);
    assert!(
        matches!(&found[4].item, EvidenceItem::Exercise(exercise) if exercise.taken_at.is_some())
    );
}

#[test]
fn wrong_items_of_a_wrapper_are_problems_on_their_lines() {
    let text = "kind: Evidence\nitems:\n- {type: velero-backup, layer: platform}\n- {type: velero-backups, layer: platform}\n";
    let (_, problems) = read("e.yaml", text);
    let messages: Vec<&str> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "evidence file e.yaml:4: evidence has no type `velero-backups`; did you mean `velero-backup`?"
        ]
    );
}

#[test]
fn etcd_prints_have_no_time_of_their_own() {
    let json =
        r#"{"hash": 2130200288, "revision": 485261, "totalKey": 11642, "totalSize": 94000000}"#;
    for text in [json, "7ef846e0, 485261, 11642, 94 MB\n"] {
        let evidence = one("etcd", text);
        let backup = evidence.backup().expect("a backup");
        assert!(backup.timeless && backup.time.is_none(), "{text}");
        assert_eq!(evidence.layers, ["under-cluster"]);
    }
    let dated = json.replace('}', ", \"takenAt\": \"2026-11-24T11:00:00Z\"}");
    let evidence = one("etcd.json", &dated);
    assert!(
        evidence
            .backup()
            .is_some_and(|backup| !backup.timeless && backup.time == Some(1_795_518_000))
    );
}

#[test]
fn helm_lists_are_read_with_both_kinds_of_revisions() {
    let history = r#"[{"revision": 1, "status": "superseded", "chart": "web-1.0.0"}, {"revision": 2, "status": "failed", "chart": "web-1.1.0"}]"#;
    let (found, problems) = read("history.json", history);
    assert_eq!((found.len(), problems.len()), (2, 0));
    let list = one(
        "list.yaml",
        "- {name: web, namespace: prod, revision: \"4\", status: deployed, chart: web-1.0.0}\n",
    );
    let EvidenceItem::Release(release) = list.item else {
        panic!("no release")
    };
    assert_eq!(
        (release.name.as_deref(), release.revision),
        (Some("web"), 4)
    );
    assert_eq!(read("none.json", "[]").1, []);
}

#[test]
fn other_prints_are_known() {
    let plan = r#"{"kind": "UpgradePlan", "apiVersion": "output.kubeadm.k8s.io/v1alpha3", "availableUpgrades": []}"#;
    assert!(matches!(
        one("plan.json", plan).item,
        EvidenceItem::Object(_)
    ));
    let certificates =
        "CERTIFICATE  EXPIRES  RESIDUAL TIME\nadmin.conf  Nov 24, 2027 10:00 UTC  364d\n";
    let EvidenceItem::Table { print, .. } = one("certs.txt", certificates).item else {
        panic!("no table")
    };
    assert_eq!(print, TablePrint::KubeadmCertificates);
    assert!(matches!(
        one("restore.md", "# Restore\n- step: {").item,
        EvidenceItem::Runbook { .. }
    ));
    let version = r#"{"clientVersion": {"gitVersion": "v1.34.1"}}"#;
    assert!(matches!(
        one("version.json", version).item,
        EvidenceItem::Versions {
            client: Some(_),
            server: None
        }
    ));
}

#[test]
fn files_that_are_empty_cut_or_unknown_are_problems() {
    let cases = [
        ("", "the file is empty"),
        ("null\n", "the file holds nothing"),
        ("{\"apiVersion\": \"velero.io/v1\", \"kind\":", "cut off"),
        ("replicas: 3\n", "none of the known forms"),
        ("[{\"a\": 1}]", "none of the known forms"),
    ];
    for (text, expected) in cases {
        let (found, problems) = read("x", text);
        assert_eq!((found.len(), problems.len()), (0, 1), "{text}");
        assert!(
            problems[0].message.contains(expected),
            "{}",
            problems[0].message
        );
    }
}
