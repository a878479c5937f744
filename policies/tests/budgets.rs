//! The arithmetic of disruption budgets against what a disruption controller and an eviction API answered: a few cases
//! that are kept here, and all recordings where they lie beside the repository.
#![expect(
    clippy::print_stdout,
    reason = "a test that skips, or measures, says so"
)]

use manifest::{Object, ReadOptions, read_documents};
use policies::budget::{
    Budget, BudgetStatus, Eviction, EvictionPolicy, GuardedBy, Size, evict, ignores_budgets,
    pod_groups, status,
};
use policies::cluster::Cluster;
use policies::{ChartFacts, Facts, ReleaseFacts};
use source::{OriginTable, ProvTables, SourceFiles};
use std::fmt::Write;
use std::path::Path;
use yaml::{DecodeOptions, Entry, NoMarks, Value};

fn cases(path: &Path) -> Option<Vec<Value>> {
    let text = std::fs::read_to_string(path).ok()?;
    let case = |line: &str| {
        yaml::decode_text(line.as_bytes(), DecodeOptions::MANIFEST, &mut NoMarks).expect("a case")
    };
    Some(text.lines().map(case).collect())
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Entry] {
    value
        .at(&[key])
        .and_then(Value::as_list)
        .unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.at(&[key]).and_then(Value::as_str).unwrap_or_default()
}

fn read(yaml: &str) -> Vec<Object> {
    let found = read_documents(
        yaml.as_bytes(),
        &ReadOptions {
            namespace: Some("default"),
            ..ReadOptions::default()
        },
    );
    assert_eq!(found.unreadable, [], "{yaml}");
    found.objects
}

/// Custom kinds of the cases: one with a scale subresource, one without.
const DEFINITIONS: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: scaleds.truth.example}
spec:
  group: truth.example
  names: {kind: Scaled}
  versions: [{name: v1, subresources: {scale: {specReplicasPath: .spec.replicas}}}]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: plains.truth.example}
spec:
  group: truth.example
  names: {kind: Plain}
  versions: [{name: v1}]
";

/// The cluster of a case: its objects without their hand-made pods, and the pods as they ran.
fn capture(case: &Value) -> Cluster {
    let mut objects = read(DEFINITIONS);
    for entry in list(case, "objects")
        .iter()
        .filter(|entry| text(&entry.value, "kind") != "Pod")
    {
        objects.extend(read(&yaml::emit(entry).expect("a manifest").text));
    }
    objects.extend(
        list(case, "pods")
            .iter()
            .flat_map(|pod| read(&pod_manifest(&pod.value))),
    );
    Cluster {
        objects,
        ..Cluster::default()
    }
}

fn pod_manifest(pod: &Value) -> String {
    let mut labels = String::new();
    for (key, value) in pod
        .at(&["labels"])
        .and_then(Value::as_map)
        .into_iter()
        .flatten()
    {
        write!(
            labels,
            "{key}: {}, ",
            value.value.as_str().expect("a label")
        )
        .expect("a string takes all");
    }
    let owner = pod
        .at(&["owner"])
        .and_then(Value::as_str)
        .and_then(|owner| owner.split_once('/'));
    let mut owners = String::new();
    if let Some((kind, name)) = owner {
        let version = match kind {
            "ReplicaSet" | "StatefulSet" | "DaemonSet" => "apps/v1",
            "Job" => "batch/v1",
            "ReplicationController" => "v1",
            _ => "truth.example/v1",
        };
        // The recordings leave the hash out that the Deployment's controller writes.
        if let Some((_, hash)) = name.rsplit_once('-').filter(|_| kind == "ReplicaSet") {
            write!(labels, "pod-template-hash: \"{hash}\"").expect("a string takes all");
        }
        owners = format!(
            "ownerReferences: [{{apiVersion: {version}, kind: {kind}, name: {name}, controller: true}}]"
        );
    }
    let (name, phase) = (text(pod, "name"), text(pod, "phase"));
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, labels: {{{labels}}}, {owners}}}, spec: {{}}, status: {{phase: {phase}}}}}"
    )
}

/// What a status says, in the order in which it is compared.
type Numbers = [i64; 4];

fn recorded(status: &Value) -> Numbers {
    [
        "expectedPods",
        "desiredHealthy",
        "currentHealthy",
        "disruptionsAllowed",
    ]
    .map(|key| {
        status
            .at(&[key])
            .and_then(Value::as_i64)
            .unwrap_or_default()
    })
}

fn is_ready(case: &Value, pod: &Object) -> bool {
    let its = list(case, "pods")
        .iter()
        .find(|entry| text(&entry.value, "name") == pod.name());
    its.and_then(|entry| entry.value.at(&["ready"]))
        .and_then(Value::as_bool)
        == Some(true)
}

struct Judged<'a> {
    budget: Budget<'a>,
    status: BudgetStatus,
    healthy: i64,
}

/// The status of every budget of a case.
fn judge<'a>(case: &Value, facts: &Facts<'a>) -> Vec<Judged<'a>> {
    let groups = pod_groups(facts);
    let pods: Vec<&Object> = facts.cluster.expect("a cluster").pods().collect();
    let judge = |budget: Budget<'a>| {
        let selected: Vec<&&Object> = pods
            .iter()
            .filter(|pod| budget.selects(pod.namespace(), pod.labels()))
            .collect();
        let count = selected.len() as i64;
        let healthy = selected.iter().filter(|pod| is_ready(case, pod)).count() as i64;
        let selection = budget.selection(&groups);
        let scale = if count == 0 {
            Some(0)
        } else {
            selection.scale(Size::Written)
        };
        let failed = budget.demand.needs_scale() && scale.is_none();
        Judged {
            status: status(budget.demand, count, healthy, scale),
            healthy: if failed { 0 } else { healthy },
            budget,
        }
    };
    Budget::after_upgrade(facts)
        .into_iter()
        .map(judge)
        .collect()
}

/// What is wrong about a case.
fn differences(case: &Value) -> Vec<String> {
    let cluster = capture(case);
    let (tables, origins, files) = (
        ProvTables::default(),
        OriginTable::default(),
        SourceFiles::new(),
    );
    let facts = Facts {
        release: ReleaseFacts {
            name: "web".into(),
            namespace: "default".into(),
        },
        chart: ChartFacts::default(),
        rendered: &[],
        live: None,
        changes: None,
        cluster: Some(&cluster),
        evidence: None,
        current: None,
        target: None,
        target_place: None,
        now: 0,
        provenance: manifest::Provenance {
            tables: &tables,
            origins: &origins,
            files: &files,
        },
    };
    let judged = judge(case, &facts);
    let mut wrong = Vec::new();
    for one in &judged {
        let name = one.budget.object.name();
        let expected = case
            .at(&["statuses", name])
            .or_else(|| case.at(&["status"]))
            .map(recorded);
        let BudgetStatus {
            expected: pods,
            desired,
            allowed,
        } = one.status;
        let actual = [pods, desired, one.healthy, allowed];
        if expected != Some(actual) {
            wrong.push(format!("{name}: {actual:?}, recorded {expected:?}"));
        }
    }
    // A real eviction that went through changes the state that was recorded.
    let goes_through = |eviction: &Value| {
        let is_dry = eviction.at(&["dryRun"]).and_then(Value::as_bool) == Some(true);
        !is_dry && eviction.at(&["code"]).and_then(Value::as_i64) == Some(201)
    };
    for eviction in list(case, "evictions") {
        wrong.extend(wrong_answer(case, &eviction.value, &cluster, &judged));
        if goes_through(&eviction.value) {
            break;
        }
    }
    wrong
}

fn wrong_answer(
    case: &Value,
    eviction: &Value,
    cluster: &Cluster,
    judged: &[Judged<'_>],
) -> Option<String> {
    let name = text(eviction, "pod");
    let pod = cluster
        .pods()
        .find(|pod| pod.name() == name)
        .expect("a pod of the case");
    let selecting = judged
        .iter()
        .filter(|one| one.budget.selects(pod.namespace(), pod.labels()));
    let guards: Vec<GuardedBy> = selecting
        .map(|one| GuardedBy {
            status: one.status,
            healthy: one.healthy,
            policy: EvictionPolicy::of(one.budget.object),
        })
        .collect();
    let answer = if ignores_budgets(pod) {
        Eviction::Allowed
    } else {
        evict(is_ready(case, pod), &guards)
    };
    let code = match answer {
        Eviction::Allowed => 201,
        Eviction::Refused => 429,
        Eviction::SeveralBudgets => 500,
    };
    let recorded = eviction.at(&["code"]).and_then(Value::as_i64);
    (recorded != Some(code)).then(|| format!("eviction of {name}: {code}, recorded {recorded:?}"))
}

fn check(path: &Path) {
    let Some(cases) = cases(path) else {
        println!("skipped: no cases at {}", path.display());
        return;
    };
    let wrong: Vec<String> = cases
        .iter()
        .map(|case| (text(case, "id"), differences(case)))
        .filter(|(_, differences)| !differences.is_empty())
        .map(|(id, differences)| format!("{id}: {}", differences.join("; ")))
        .collect();
    println!(
        "{} of {} cases right",
        cases.len() - wrong.len(),
        cases.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn budgets_count_as_the_controller_counts() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/budgets.jsonl");
    assert!(kept.is_file());
    check(&kept);
}

#[test]
fn budgets_count_as_in_all_recordings() {
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/truth/pdb.jsonl"));
}
