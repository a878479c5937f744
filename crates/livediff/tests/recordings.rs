//! Judges this crate by recordings of a real API server, where they lie beside the repository.
#![expect(
    clippy::print_stdout,
    reason = "a test that skips, or measures, says so"
)]

use livediff::{Action, CompareOptions, Verdict, compare};
use manifest::{Object, ReadOptions, read_documents};
use std::path::PathBuf;
use yaml::{DecodeOptions, Entry, NoMarks, Value};

/// The recorded cases of a file; None (and a line that says so) where the recordings are not at hand.
fn recordings(file: &str) -> Option<Vec<Value>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/truth")
        .join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no recordings at ../shared/truth/{file}");
        return None;
    };
    let read = |line: &str| {
        yaml::decode_text(line.as_bytes(), DecodeOptions::MANIFEST, &mut NoMarks).expect("a case")
    };
    Some(text.lines().map(read).collect())
}

fn object(value: &Value) -> Object {
    let text = yaml::emit(&Entry::unmarked(value.clone()))
        .expect("a manifest")
        .text;
    let options = ReadOptions {
        namespace: Some("default"),
        ..ReadOptions::default()
    };
    let mut found = read_documents(text.as_bytes(), &options);
    assert_eq!(found.unreadable, []);
    found.objects.pop().expect("one object")
}

fn text<'a>(case: &'a Value, keys: &[&str]) -> &'a str {
    case.at(keys).and_then(Value::as_str).unwrap_or_default()
}

/// The CRD and the classes that stood in the cluster before the cases.
fn given() -> Vec<Object> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/truth/given.yaml");
    let text = std::fs::read(path).unwrap_or_default();
    read_documents(&text, &ReadOptions::default()).objects
}

/// Right answers and cases, and the ids of the wrong ones.
#[derive(Default)]
struct Score {
    right: usize,
    all: usize,
    wrong: Vec<String>,
}

impl Score {
    fn count(&mut self, right: bool, id: &str) {
        self.all += 1;
        if right {
            self.right += 1;
        } else {
            self.wrong.push(id.to_owned());
        }
    }

    fn print(&self, what: &str) {
        println!(
            "{what}: {} of {}; wrong: {}",
            self.right,
            self.all,
            self.wrong.join(" ")
        );
    }
}

#[test]
fn most_recorded_updates_are_judged_as_the_server_judged_them() {
    let Some(cases) = recordings("updates.jsonl") else {
        return;
    };
    let given = given();
    let options = CompareOptions {
        definitions: given.iter().collect(),
        ..CompareOptions::default()
    };
    let (mut changed, mut accepted) = (Score::default(), Score::default());
    for case in &cases {
        let id = text(case, &["id"]);
        let (old, new) = (
            object(&case.at(&["old"]).cloned().expect("old")),
            object(&case.at(&["new"]).cloned().expect("new")),
        );
        let changes = compare(
            std::slice::from_ref(&new),
            std::slice::from_ref(&old),
            &options,
        );
        let refused = changes
            .iter()
            .any(|change| change.action == Action::Replace);
        let was_accepted =
            case.at(&["three_way", "accepted"]).and_then(Value::as_bool) == Some(true);
        accepted.count(refused != was_accepted, id);
        if was_accepted {
            // Where the server says so itself, equal quantities are equal; else the stored text counts.
            let stored = case.at(&["three_way", "changed"]).and_then(Value::as_bool);
            let only_spelling = case
                .at(&["three_way", "generationChanged"])
                .and_then(Value::as_bool)
                == Some(false)
                && case
                    .at(&["three_way", "changedFields"])
                    .and_then(Value::as_list)
                    .is_some_and(|fields| {
                        fields.iter().all(|field| {
                            field
                                .value
                                .as_str()
                                .is_some_and(|path| path.starts_with("spec"))
                        })
                    });
            let was_changed = stored == Some(true) && !only_spelling;
            changed.count(changes.is_empty() != was_changed, id);
        }
    }
    accepted.print("accepted");
    changed.print("changed");
    assert!(
        accepted.right >= 343,
        "fewer verdicts are right than before"
    );
    assert!(
        changed.right >= 233,
        "fewer changes are seen as the server saw them than before"
    );
}

#[test]
fn recorded_defaults_are_filled_in() {
    let Some(cases) = recordings("defaults.jsonl") else {
        return;
    };
    let options = CompareOptions::default();
    let mut score = Score::default();
    for case in &cases {
        let id = text(case, &["id"]);
        let manifest = object(&case.at(&["manifest"]).cloned().expect("manifest"));
        let stored = object(&case.at(&["stored"]).cloned().expect("stored"));
        let changes = compare(
            std::slice::from_ref(&manifest),
            std::slice::from_ref(&stored),
            &options,
        );
        let fields: Vec<String> = changes
            .iter()
            .flat_map(|change| &change.fields)
            .filter(|field| field.verdict != Verdict::Unknown)
            .map(|field| format!("{} {:?} {:?}", field.path, field.before, field.after))
            .collect();
        if !fields.is_empty() {
            println!("{id}: {fields:#?}");
        }
        score.count(fields.is_empty(), id);
    }
    score.print("defaults");
    assert_eq!(score.wrong, [""; 0]);
}
