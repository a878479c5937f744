//! What the lines that functions write rest on.

mod common;

use common::{options, render};
use source::OriginId;
use yaml::{Entry, Value};

fn entry(value: Value, mark: u32) -> Entry {
    Entry { value, mark }
}

fn map(entries: &[(&str, Entry)]) -> Value {
    Value::map(
        entries
            .iter()
            .map(|(key, entry)| ((*key).into(), entry.clone()))
            .collect(),
    )
}

/// `a` is 1, `m` 2 with `x` 3 and `x2` 4, `l` 5 with items 6 and 7, `none` missing, `yes` 8, `text` 9.
fn values() -> Value {
    let inner = map(&[
        ("x", entry("one".into(), 3)),
        ("x2", entry("two".into(), 4)),
    ]);
    let items = Value::list(vec![entry("b".into(), 6), entry("a".into(), 7)]);
    map(&[
        ("a", entry("text a".into(), 1)),
        ("m", entry(inner, 2)),
        ("l", entry(items, 5)),
        ("yes", entry(Value::Bool(true), 8)),
        ("text", entry("k: v\n".into(), 9)),
    ])
}

/// Each line of the output, with the origins of its text and of what decided it.
fn lines(template: &str) -> Vec<(String, Vec<u32>, Vec<u32>)> {
    let rendering = render(&[("templates/t.yaml", template)], values(), &options(true))
        .unwrap_or_else(|error| panic!("{template}: {error}"));
    let (file, tables) = (&rendering.files[0], &rendering.tables);
    let mut start = 0u32;
    let mut lines = Vec::new();
    for line in file.text.split(|byte| *byte == b'\n') {
        let end = start + line.len() as u32;
        let (mut text, mut decided) = (Vec::new(), Vec::new());
        for (_, _, segment) in file.map.overlapping(start, end) {
            text.extend(
                tables
                    .members(segment.prov.text)
                    .iter()
                    .map(|OriginId(id)| *id),
            );
            decided.extend(
                tables
                    .members(segment.prov.decided)
                    .iter()
                    .map(|OriginId(id)| *id),
            );
        }
        for ids in [&mut text, &mut decided] {
            ids.sort_unstable();
            ids.dedup();
        }
        lines.push((String::from_utf8_lossy(line).into_owned(), text, decided));
        start = end + 1;
    }
    lines
}

/// Lines and the origins of their texts.
fn texts(template: &str) -> Vec<(String, Vec<u32>)> {
    lines(template)
        .into_iter()
        .map(|(line, text, _)| (line, text))
        .collect()
}

fn expect(template: &str, expected: &[(&str, &[u32])]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(line, ids)| ((*line).to_owned(), ids.to_vec()))
        .collect();
    assert_eq!(texts(template), expected, "{template}");
}

#[test]
fn each_line_of_yaml_rests_on_the_entry_that_wrote_it() {
    expect(
        "{{ toYaml .Values.m }}",
        &[("x: one", &[3]), ("x2: two", &[4])],
    );
    expect("{{ toYaml .Values.l }}", &[("- b", &[6]), ("- a", &[7])]);
    expect(
        "{{ dict \"c\" .Values.m | toYaml }}",
        &[("c:", &[2]), ("  x: one", &[3]), ("  x2: two", &[4])],
    );
    expect(
        "{{ dict \"c\" .Values.m | toYaml | indent 2 }}",
        &[("  c:", &[2]), ("    x: one", &[3]), ("    x2: two", &[4])],
    );
}

#[test]
fn entries_keep_their_origin_through_maps_and_lists() {
    expect("{{ omit .Values.m \"x\" | toYaml }}", &[("x2: two", &[4])]);
    expect("{{ pick .Values.m \"x\" | toYaml }}", &[("x: one", &[3])]);
    expect(
        "{{ merge (dict \"x\" \"own\") .Values.m | toYaml }}",
        &[("x: own", &[]), ("x2: two", &[4])],
    );
    expect(
        "{{ mergeOverwrite (dict \"x\" \"own\" \"z\" .Values.a) .Values.m | toYaml }}",
        &[("x: one", &[3]), ("x2: two", &[4]), ("z: text a", &[1])],
    );
    expect(
        "{{ deepCopy .Values.m | toYaml }}",
        &[("x: one", &[3]), ("x2: two", &[4])],
    );
    expect(
        "{{ append .Values.l .Values.a | toYaml }}",
        &[("- b", &[6]), ("- a", &[7]), ("- text a", &[1])],
    );
    expect(
        "{{ sortAlpha .Values.l | toYaml }}",
        &[("- a", &[7]), ("- b", &[6])],
    );
    expect(
        "{{ concat .Values.l (list .Values.a) | uniq | reverse | toYaml }}",
        &[("- text a", &[1]), ("- a", &[7]), ("- b", &[6])],
    );
    expect(
        "{{ first .Values.l }}\n{{ get .Values.m \"x2\" }}\n{{ index .Values.m \"x\" }}\n{{ dig \"m\" \"x\" \"d\" .Values.AsMap }}",
        &[("b", &[6]), ("two", &[4]), ("one", &[3]), ("one", &[3])],
    );
}

#[test]
fn a_computed_key_shows_in_its_line() {
    expect(
        "{{ dict .Values.a .Values.m.x | toYaml }}",
        &[("text a: one", &[1, 3])],
    );
    expect(
        "{{ set (dict) .Values.a 1 | toJson }}",
        &[("{\"text a\":1}", &[1])],
    );
}

#[test]
fn what_was_only_looked_at_decided() {
    let rows: &[(&str, &[u32], &[u32])] = &[
        ("{{ default \"d\" .Values.a }}", &[1], &[]),
        ("{{ default .Values.a .Values.m.none }}", &[1], &[2]),
        ("{{ ternary .Values.a \"no\" .Values.yes }}", &[1], &[8]),
        ("{{ hasKey .Values.m \"x\" }}", &[], &[2, 3]),
        ("{{ len .Values.l }}", &[], &[5]),
        ("{{ eq .Values.a \"x\" }}", &[], &[1]),
        ("{{ has \"a\" .Values.l }}", &[], &[5, 7]),
    ];
    for (template, text, decided) in rows {
        let [(_, got_text, got_decided)] = &lines(template)[..] else {
            panic!("{template}: one line expected")
        };
        assert_eq!(
            (&got_text[..], &got_decided[..]),
            (*text, *decided),
            "{template}"
        );
    }
}

#[test]
fn values_read_from_text_rest_on_its_parts() {
    expect(
        "{{ toYaml .Values.m | fromYaml | toYaml }}",
        &[("x: one", &[3]), ("x2: two", &[4])],
    );
    expect(
        "{{ toJson .Values.m | fromJson | toYaml }}",
        &[("x: one", &[3]), ("x2: two", &[4])],
    );
    expect(
        "{{ toToml .Values.m | fromToml | toYaml }}",
        &[("x: one", &[3]), ("x2: two", &[4])],
    );
    expect("{{ fromYaml .Values.text | toYaml }}", &[("k: v", &[9])]);
    expect(
        "{{ dict \"c\" .Values.m | toYaml | fromYaml | toYaml }}",
        &[("c:", &[2]), ("  x: one", &[3]), ("  x2: two", &[4])],
    );
    expect(
        "{{ toJson .Values.l | fromJsonArray | toYaml }}",
        &[("- b", &[6]), ("- a", &[7])],
    );
}

#[test]
fn the_parts_of_a_string_reach_the_line_that_shows_it() {
    expect(
        "{{ dict \"k\" (printf \"%s-%s\" .Values.a .Values.m.x) | toYaml }}",
        &[("k: text a-one", &[1, 3])],
    );
    expect(
        "{{ dict \"k\" (printf \"%s-%s\" .Values.a .Values.m.x) | toJson }}",
        &[("{\"k\":\"text a-one\"}", &[1, 3])],
    );
    expect(
        "{{ dict \"k\" .Values.m | toPrettyJson }}",
        &[
            ("{", &[]),
            ("  \"k\": {", &[2]),
            ("    \"x\": \"one\",", &[2, 3]),
            ("    \"x2\": \"two\"", &[2, 4]),
            ("  }", &[2]),
            ("}", &[]),
        ],
    );
    expect(
        "{{ toToml (dict \"k\" .Values.m) }}",
        &[
            ("[k]", &[2]),
            ("  x = \"one\"", &[3]),
            ("  x2 = \"two\"", &[4]),
            ("", &[]),
        ],
    );
}
