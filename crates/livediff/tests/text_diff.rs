//! Line diffs for people.

use livediff::{LineTag, canonical_yaml, unified};
use manifest::{Object, ReadOptions, read_documents};

fn read(text: &str) -> Object {
    read_documents(text.as_bytes(), &ReadOptions::default())
        .objects
        .pop()
        .expect("an object")
}

fn shown(old: Option<&str>, new: Option<&str>, context: usize) -> String {
    let (old, new) = (old.map(read), new.map(read));
    let mut text = String::new();
    for hunk in unified(old.as_ref(), new.as_ref(), context) {
        text.push_str(&hunk.header());
        text.push('\n');
        for line in &hunk.lines {
            let sign = match line.tag {
                LineTag::Context => ' ',
                LineTag::Removed => '-',
                LineTag::Added => '+',
            };
            text.push(sign);
            text.push_str(&line.text);
            text.push('\n');
        }
    }
    text
}

const OLD: &str =
    "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata:\n  b: \"2\"\n  a: \"1\"\n";

#[test]
fn hunks_show_sorted_yaml_around_changes() {
    let new = OLD.replace("\"1\"", "\"9\"");
    let expected = "@@ -2,3 +2,3 @@\n data:\n-  a: \"1\"\n+  a: \"9\"\n   b: \"2\"\n";
    assert_eq!(shown(Some(OLD), Some(&new), 1), expected);
    assert_eq!(shown(Some(OLD), Some(OLD), 3), "");
}

#[test]
fn an_object_that_comes_or_goes_is_shown_whole() {
    let added = shown(None, Some(OLD), 3);
    assert!(
        added.starts_with("@@ -0,0 +1,7 @@\n+apiVersion: v1\n"),
        "{added}"
    );
    assert!(shown(Some(OLD), None, 3).starts_with("@@ -1,7 +0,0 @@\n-apiVersion: v1\n"));
}

#[test]
fn secret_values_are_masked_but_their_change_shows() {
    let secret = |value: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{kept: c2FtZQ==, x: {value}}}\n"
        )
    };
    let text = shown(Some(&secret("b25l")), Some(&secret("dHdv")), 9);
    for hidden in ["b25l", "dHdv", "c2FtZQ=="] {
        assert!(!text.contains(hidden), "{text}");
    }
    assert!(text.contains("   kept: (unchanged)\n"), "{text}");
    assert!(
        text.contains("-  x: (changed, before)\n+  x: (changed)\n"),
        "{text}"
    );
    let plain =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {kept: same, x: one}\n";
    assert!(canonical_yaml(&read(plain), Some(&read(&secret("b25l")))).contains("x: (unchanged)"));
}

#[test]
fn secrets_within_texts_are_masked() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  app.ini: |\n    user = me\n    password = hunter2\n";
    let shown = canonical_yaml(&read(text), None);
    assert!(
        shown.contains("user = me") && shown.contains("password = (hidden)"),
        "{shown}"
    );
}
