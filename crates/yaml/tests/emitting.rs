//! What the emitters print, compared with what goyaml printed, and what the marks say.

use proptest::prelude::*;
use std::sync::Arc;
use yaml::emit::try_emit;
use yaml::{DecodeOptions, Entry, Map, NoMarks, Value, decode_text, emit, emit_pretty};

fn text(content: &str) -> Value {
    Value::string(content)
}

fn map(pairs: &[(&str, Value)]) -> Value {
    let entry = |(key, value): &(&str, Value)| (Arc::from(*key), Entry::unmarked(value.clone()));
    Value::map(pairs.iter().map(entry).collect())
}

fn list(items: &[Value]) -> Value {
    Value::list(items.iter().cloned().map(Entry::unmarked).collect())
}

fn emitted(value: &Value) -> String {
    emit(&Entry::unmarked(value.clone()))
        .expect("the value can be emitted")
        .text
}

/// Reads the tagged form of the fixture: `["s", "text"]`, `["i", "5"]`, `["f", "bits"]`, `["l", […]]`, `["m", {…}]`.
fn tagged(json: &serde_json::Value) -> Value {
    use serde_json::Value as Json;
    let Json::Array(pair) = json else {
        return json.as_bool().map_or(Value::Null, Value::Bool);
    };
    let content = pair[1].as_str().unwrap_or_default();
    match pair[0].as_str() {
        Some("s") => text(content),
        Some("i") => Value::Int(content.parse().expect("as tagged")),
        Some("u") => Value::Uint(content.parse().expect("as tagged")),
        Some("f") => Value::Float(f64::from_bits(
            u64::from_str_radix(content, 16).expect("as tagged"),
        )),
        Some("y") => Value::Bytes(unbase64(content).into()),
        Some("l") => list(
            &pair[1]
                .as_array()
                .expect("as tagged")
                .iter()
                .map(tagged)
                .collect::<Vec<_>>(),
        ),
        _ => {
            let pairs = pair[1].as_object().expect("as tagged").iter();
            Value::map(
                pairs
                    .map(|(key, value)| (Arc::from(key.as_str()), Entry::unmarked(tagged(value))))
                    .collect(),
            )
        }
    }
}

fn unbase64(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for digit in text
        .chars()
        .filter_map(|character| ALPHABET.find(character))
    {
        bits = bits << 6 | digit as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// The fixture was recorded from sigs.k8s.io/yaml 1.6 (goyaml 2.4.3) and goyaml 3.0.4 on random values.
#[test]
fn random_values_print_as_goyaml_prints_them() {
    let cases = include_str!("data/emitted.jsonl");
    for case in cases.split('\n').filter(|line| !line.is_empty()) {
        let case: serde_json::Value = serde_json::from_str(case).unwrap();
        let value = tagged(&case["value"]);
        let printed = try_emit(&Entry::unmarked(value.clone())).map(|emitted| emitted.text);
        let expected = match case["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(case["yaml"].as_str().unwrap().to_owned()),
        };
        assert_eq!(printed, expected, "{}", case["value"]);
        assert_eq!(
            emit_pretty(&value),
            case["pretty"].as_str().unwrap(),
            "{}",
            case["value"]
        );
    }
}

#[test]
fn strings_get_the_style_that_their_content_needs() {
    let cases = [
        ("", r#""""#),
        ("a", "a"),
        ("it's", "it's"),
        ("'a", "'''a'"),
        ("a: b", "'a: b'"),
        ("a:b", "a:b"),
        ("a #b", "'a #b'"),
        ("a#b", "a#b"),
        ("- a", "'- a'"),
        ("-a", "-a"),
        ("?a", "?a"),
        ("? a", "'? a'"),
        ("---a", "'---a'"),
        (" a", "' a'"),
        ("a ", "'a '"),
        ("yes", r#""yes""#),
        ("yEs", "yEs"),
        ("1e3", r#""1e3""#),
        ("1:30", r#""1:30""#),
        ("1:60", "1:60"),
        ("2001-01-01", r#""2001-01-01""#),
        ("a\tb", r#""a\tb""#),
        ("\u{1b}[0m", r#""\e[0m""#),
        ("😀", r#""\U0001F600""#),
        ("\u{feff}x", r#""\uFEFF\x78""#),
        ("a\u{2028}b", "'a\u{2028}  b'"),
        ("日本", "日本"),
        ("a\nb", "|-\n  a\n  b"),
        ("a\nb\n", "|\n  a\n  b"),
        ("a\nb\n\n", "|+\n  a\n  b\n"),
        ("\n", "|2+\n"),
        (" a\nb", "|2-\n   a\n  b"),
        ("a \nb", r#""a \nb""#),
        ("a\u{85}b", "a b"),
        ("x \u{85}\u{85} y", "|-\n  x\n  y"),
    ];
    for (content, expected) in cases {
        assert_eq!(
            emitted(&text(content)),
            format!("{expected}\n"),
            "{content:?}"
        );
    }
}

#[test]
fn lists_stand_below_their_key_and_are_indented_only_in_the_pretty_form() {
    let value = map(&[
        (
            "a",
            list(&[Value::Int(1), list(&[Value::Int(2), list(&[])])]),
        ),
        ("b", list(&[map(&[("x", Value::Null), ("y", map(&[]))])])),
    ]);
    assert_eq!(
        emitted(&value),
        "a:\n- 1\n- - 2\n  - []\nb:\n- x: null\n  \"y\": {}\n"
    );
    let pretty = "a:\n  - 1\n  - - 2\n    - []\nb:\n  - x: null\n    \"y\": {}\n";
    assert_eq!(emit_pretty(&value), pretty);
}

#[test]
fn keys_that_are_long_or_have_several_lines_stand_behind_a_question_mark() {
    let long = "k".repeat(129);
    let value = map(&[
        (&long, map(&[("a", list(&[Value::Int(1)]))])),
        ("a\nb", list(&[Value::Int(1)])),
        (&long[1..], Value::Int(2)),
    ]);
    let expected = format!(
        "? |-\n  a\n  b\n: - 1\n{}: 2\n? {long}\n: a:\n  - 1\n",
        &long[1..]
    );
    assert_eq!(emitted(&value), expected);
}

#[test]
fn numbers_print_by_their_json_text_and_in_the_pretty_form_by_their_kind() {
    let cases: [(f64, &str, &str); 12] = [
        (1e6, "1000000", "1e+06"),
        (1000.0, "1000", "1000"),
        (1234567.5, "1.2345675e+06", "1.2345675e+06"),
        (123456.5, "123456.5", "123456.5"),
        (0.00001, "1e-05", "1e-05"),
        (-0.0, "0", "-0"),
        (1e19, "10000000000000000000", "1e+19"),
        (-1e19, "-1e+19", "-1e+19"),
        (
            9223372036854775808.0,
            "9223372036854776000",
            "9.223372036854776e+18",
        ),
        (
            18446744073709551615.0,
            "1.8446744073709552e+19",
            "1.8446744073709552e+19",
        ),
        (1e20, "1e+20", "1e+20"),
        (1e-7, "1e-07", "1e-07"),
    ];
    for (value, plain, pretty) in cases {
        assert_eq!(emitted(&Value::Float(value)), format!("{plain}\n"));
        assert_eq!(emit_pretty(&Value::Float(value)), format!("{pretty}\n"));
    }
    assert_eq!(emitted(&Value::Int(i64::MIN)), "-9223372036854775808\n");
    assert_eq!(emitted(&Value::Uint(u64::MAX)), "18446744073709551615\n");
    assert_eq!(emit_pretty(&Value::Float(f64::NEG_INFINITY)), "-.inf\n");
}

#[test]
fn keys_are_in_natural_order() {
    let keys = [
        "-y", "/x", "_x", "~", "1", "2", "10", "A", "B1", "Z", "a", "a b", "a-b", "a.b", "a_b",
        "a1", "a01", "a2", "a10", "aB", "aa", "ab", "b", "null", "true", "x/y", "é",
    ];
    let value = map(&keys.map(|key| (key, Value::Null)));
    let printed = emitted(&value);
    let printed: Vec<&str> = printed
        .lines()
        .map(|line| line.trim_end_matches(": null").trim_matches('"'))
        .collect();
    assert_eq!(printed, keys);
    let zeros = ["a0", "a00", "a1", "a5", "a05", "a10", "a50", "a100", "a101"];
    let printed = emitted(&map(&zeros.map(|key| (key, Value::Null))));
    assert_eq!(printed, zeros.map(|key| format!("{key}: null\n")).concat());
    // The two emitters differ after a digit.
    let value = map(&[("a1b", Value::Null), ("a1-", Value::Null)]);
    assert_eq!(emitted(&value), "a1-: null\na1b: null\n");
    assert_eq!(emit_pretty(&value), "a1b: null\na1-: null\n");
}

#[test]
fn keys_whose_order_is_a_circle_do_not_panic() {
    let keys: Vec<String> = (0..200)
        .map(|number| format!("a{}{}", number * 7 % 50, ["", "b", "c"][number % 3]))
        .collect();
    let pairs: Map = keys
        .iter()
        .map(|key| (Arc::from(key.as_str()), Entry::unmarked(Value::Null)))
        .collect();
    let count = pairs.len();
    assert_eq!(emitted(&Value::map(pairs)).lines().count(), count);
}

#[test]
fn long_lines_are_folded_at_a_space_behind_column_80() {
    let words = |count| vec!["word"; count].join(" ");
    let cases = [
        (
            format!("{} xy z", "a".repeat(77)),
            format!("k: {} xy\n  z\n", "a".repeat(77)),
        ),
        (
            format!("{} xy z", "a".repeat(78)),
            format!("k: {}\n  xy z\n", "a".repeat(78)),
        ),
        (
            format!("{}  x y", "a".repeat(90)),
            format!("k: {}  x\n  y\n", "a".repeat(90)),
        ),
        (words(20), format!("k: {}\n  {}\n", words(16), words(4))),
        (
            format!("# {}", words(20)),
            format!("k: '# {}\n  {}'\n", words(16), words(4)),
        ),
        (
            format!("\t{}  x", "a".repeat(90)),
            format!("k: \"\\t{}\n  \\ x\"\n", "a".repeat(90)),
        ),
    ];
    for (content, expected) in cases {
        let value = map(&[("k", text(&content))]);
        assert_eq!(emitted(&value), expected);
        assert_eq!(
            emit_pretty(&value).lines().count(),
            1,
            "the pretty form does not fold"
        );
    }
    let key = "key ".repeat(25);
    assert_eq!(
        emitted(&map(&[(&key, Value::Int(1))])),
        format!("'{key}': 1\n")
    );
}

#[test]
fn what_cannot_be_read_again_is_not_emitted() {
    let fails = |value: Value| try_emit(&Entry::unmarked(value)).unwrap_err();
    for content in ["a\u{7f}b", "\u{80}", "\u{9f}", "\u{fffe}", "\u{ffff}"] {
        assert_eq!(
            fails(text(content)),
            "yaml: control characters are not allowed",
            "{content:?}"
        );
    }
    let nan = list(&[text("\u{7f}"), Value::Float(f64::NAN)]);
    assert_eq!(
        fails(nan),
        "error marshaling into JSON: json: unsupported value: NaN"
    );
    let broken = map(&[("a\u{85}b", Value::Null)]);
    assert_eq!(
        fails(broken),
        "yaml: line 1: did not find expected ',' or '}'"
    );
    let marker = text("a\u{85}--- b");
    assert_eq!(
        fails(marker),
        "yaml: line 2: found unexpected document indicator"
    );
    // The limit counts characters of the JSON text, with both quotes.
    for (unit, length) in [("k", 1), ("é", 1), ("<", 6)] {
        let fits = unit.repeat(1022 / length);
        assert!(emit(&Entry::unmarked(map(&[(&fits, Value::Null)]))).is_some());
        let longer = unit.repeat(1022 / length + 1);
        let message = fails(map(&[(&longer, Value::Null)]));
        assert_eq!(message, "yaml: did not find expected ',' or '}'");
    }
}

#[test]
fn nesting_is_limited_as_in_the_reader_and_costs_no_stack() {
    let nested = |depth| (0..depth).fold(Value::Int(1), |value, _| list(&[value]));
    // Values of this depth need a larger stack than tests have: for being dropped.
    let thread = std::thread::Builder::new().stack_size(64 << 20);
    let checks = move || {
        let deepest = Entry::unmarked(nested(10_000));
        assert_eq!(
            emit(&deepest).map(|emitted| emitted.text.len()),
            Some(20_002)
        );
        let error = try_emit(&Entry::unmarked(nested(10_001))).unwrap_err();
        assert_eq!(error, "yaml: exceeded max depth of 10000");
        assert_eq!(emit_pretty(&nested(20_000)).len(), 40_002);
    };
    thread.spawn(checks).unwrap().join().unwrap();
}

#[test]
fn bytes_are_base64_and_in_the_pretty_form_numbers() {
    let bytes = Value::Bytes(Arc::from(&b"hi\n"[..]));
    assert_eq!(emitted(&bytes), "aGkK\n");
    assert_eq!(
        emit_pretty(&map(&[("k", bytes)])),
        "k:\n  - 104\n  - 105\n  - 10\n"
    );
    let broken = Value::Bytes(Arc::from(&b"a\xff\xe2\x82b"[..]));
    assert_eq!(emitted(&broken), "a\u{fffd}\u{fffd}\u{fffd}b\n");
    assert_eq!(emit_pretty(&broken), "!!binary Yf/igmI=\n");
}

#[test]
fn marks_say_which_bytes_belong_to_which_entry() {
    let entry = |mark, value| Entry { value, mark };
    let pairs = |pairs: Vec<(&str, Entry)>| {
        Value::map(
            pairs
                .into_iter()
                .map(|(key, entry)| (Arc::from(key), entry))
                .collect(),
        )
    };
    let inner = pairs(vec![
        ("y", entry(4, text("1\n2\n"))),
        ("x", entry(3, Value::Null)),
    ]);
    let items = Value::list(vec![entry(6, inner.clone()), entry(7, Value::Int(5))]);
    let root = entry(
        1,
        pairs(vec![("m", entry(2, inner)), ("l", entry(5, items))]),
    );
    let emitted = emit(&root).unwrap();
    let mut ends = emitted
        .marks
        .iter()
        .skip(1)
        .map(|&(start, _)| start as usize);
    let pieces: Vec<(u32, &str)> = emitted
        .marks
        .iter()
        .map(|&(start, mark)| {
            let end = ends.next().unwrap_or(emitted.text.len());
            (mark, &emitted.text[start as usize..end])
        })
        .collect();
    let expected = [
        (5, "l:\n"),
        (6, "- "),
        (3, "x: null\n"),
        (4, "  \"y\": |\n    1\n    2\n"),
        (7, "- 5\n"),
        (2, "m:\n"),
        (3, "  x: null\n"),
        (4, "  \"y\": |\n    1\n    2\n"),
    ];
    assert_eq!(pieces, expected);
}

#[test]
fn a_container_without_items_belongs_to_its_own_entry() {
    let emitted = emit(&Entry {
        value: Value::list(Vec::new()),
        mark: 9,
    })
    .unwrap();
    assert_eq!(
        (emitted.text.as_str(), emitted.marks),
        ("[]\n", vec![(0, 9)])
    );
}

/// Values as charts could have them, with texts that are hard to quote.
fn any_value() -> impl Strategy<Value = Value> {
    let piece = prop::sample::select(vec![
        "a",
        "word ",
        "1",
        "yes",
        ": ",
        " #",
        "- ",
        "'",
        "\"",
        "\n",
        "\n\n",
        " ",
        "\t",
        "\\",
        "é",
        "😀",
        "|",
        ">",
        "?",
        "---",
        "...",
        "{",
        "]",
        ",",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        "~",
        "\r",
        "\0",
        "a rather long piece of text that takes a line to be folded",
    ]);
    let string = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(|number| Value::Float(f64::from(number))),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Value::Float),
        string.clone().prop_map(Value::string),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let entry = inner.prop_map(Entry::unmarked);
        let items = prop::collection::vec(entry.clone(), 0..5);
        let pairs = prop::collection::btree_map(string.clone().prop_map(Arc::from), entry, 0..5);
        prop_oneof![items.prop_map(Value::list), pairs.prop_map(Value::map)]
    })
}

proptest! {
    #[test]
    fn what_was_emitted_reads_back_as_the_same_value(value in any_value()) {
        let printed = emitted(&value);
        let read = decode_text(printed.as_bytes(), DecodeOptions::VALUES, &mut NoMarks);
        prop_assert_eq!(read, Ok(value), "{}", printed);
    }

    #[test]
    fn marks_are_in_order_and_at_character_boundaries(value in any_value()) {
        let mut next = 0;
        let marked = with_marks(Entry::unmarked(value), &mut next);
        let emitted = emit(&marked).expect("the value can be emitted");
        prop_assert!(emitted.marks.is_sorted_by(|left, right| left.0 < right.0));
        for &(start, _) in &emitted.marks {
            prop_assert!(emitted.text.is_char_boundary(start as usize));
        }
        let line_starts = std::iter::once(0).chain(emitted.text.match_indices('\n').map(|(at, _)| at + 1));
        let lines: std::collections::BTreeSet<u32> = line_starts.map(|at| at as u32).collect();
        let inline = emitted.marks.iter().filter(|(start, _)| !lines.contains(start)).count();
        // Only what begins behind an indicator begins within a line.
        prop_assert!(inline <= emitted.text.matches("- ").count() + emitted.text.matches(": ").count());
    }
}

/// Gives each entry a mark of its own.
fn with_marks(entry: Entry, next: &mut u32) -> Entry {
    *next += 1;
    let mark = *next;
    let value = match entry.value {
        Value::List(items) => Value::list(
            items
                .iter()
                .map(|item| with_marks(item.clone(), next))
                .collect(),
        ),
        Value::Map(map) => Value::map(
            map.iter()
                .map(|(key, item)| (Arc::clone(key), with_marks(item.clone(), next)))
                .collect(),
        ),
        other => other,
    };
    Entry { value, mark }
}
