//! JSON as encoding/json writes and reads it.

use proptest::prelude::*;
use std::sync::Arc;
use yaml::json::{EncodeOptions, decode, encode};
use yaml::{Entry, Value};

const COMPACT: EncodeOptions = EncodeOptions {
    escape_html: true,
    indent: false,
};
const RAW: EncodeOptions = EncodeOptions {
    escape_html: false,
    indent: false,
};
const PRETTY: EncodeOptions = EncodeOptions {
    escape_html: true,
    indent: true,
};

fn encoded(value: Value, options: EncodeOptions) -> String {
    encode(&Entry::unmarked(value), options)
        .expect("the value has a JSON text")
        .text
}

fn decoded(text: &str) -> Value {
    decode(text.as_bytes()).expect("the text is JSON")
}

#[test]
fn strings_are_escaped_as_go_escapes_them() {
    let cases = [
        ("a\"\\/", r#""a\"\\/""#),
        ("\n\r\t\u{8}\u{c}", r#""\n\r\t\b\f""#),
        ("\u{0}\u{1b}\u{7f}", "\"\\u0000\\u001b\u{7f}\""),
        ("<a>&b", r#""\u003ca\u003e\u0026b""#),
        ("\u{2028}\u{2029}", r#""\u2028\u2029""#),
        ("é😀\u{fffd}", "\"é😀\u{fffd}\""),
    ];
    for (content, expected) in cases {
        assert_eq!(encoded(Value::string(content), COMPACT), expected);
    }
    assert_eq!(
        encoded(Value::string("<a>&b\u{2028}"), RAW),
        r#""<a>&b\u2028""#
    );
}

#[test]
fn keys_are_sorted_bytewise_and_numbers_are_written_as_javascript_does() {
    let value = decoded(
        r#"{"b":[1.0,1e20,1e21,1e-6,1e-7,-0,123456789.5],"a":{},"B":[],"10":null,"2":true}"#,
    );
    let numbers = "[1,100000000000000000000,1e+21,0.000001,1e-7,-0,123456789.5]";
    let expected = format!(r#"{{"10":null,"2":true,"B":[],"a":{{}},"b":{numbers}}}"#);
    assert_eq!(encoded(value, COMPACT), expected);
    assert_eq!(
        encoded(Value::Uint(u64::MAX), COMPACT),
        "18446744073709551615"
    );
    assert_eq!(
        encoded(Value::Int(i64::MIN), COMPACT),
        "-9223372036854775808"
    );
}

#[test]
fn the_pretty_form_indents_by_two_spaces_and_keeps_empty_containers_together() {
    let value = decoded(r#"{"a":[1,{"b":[]}],"c":{}}"#);
    let expected = "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}";
    assert_eq!(encoded(value, PRETTY), expected);
}

#[test]
fn numbers_that_json_lacks_are_errors() {
    for (number, name) in [
        (f64::NAN, "NaN"),
        (f64::INFINITY, "+Inf"),
        (f64::NEG_INFINITY, "-Inf"),
    ] {
        let root = Entry::unmarked(Value::list(vec![Entry::unmarked(Value::Float(number))]));
        let error = encode(&root, COMPACT).unwrap_err();
        assert_eq!(error, format!("json: unsupported value: {name}"));
    }
}

#[test]
fn bytes_become_base64_and_broken_strings_are_mended() {
    for (bytes, expected) in [
        (&b""[..], ""),
        (b"f", "Zg=="),
        (b"fo", "Zm8="),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg=="),
    ] {
        assert_eq!(
            encoded(Value::Bytes(Arc::from(bytes)), COMPACT),
            format!("\"{expected}\"")
        );
    }
    let broken = Value::Bytes(Arc::from(&b"a\xff<\xe2\x82"[..]));
    assert_eq!(encoded(broken, COMPACT), r#""a\ufffd\u003c\ufffd\ufffd""#);
}

#[test]
fn marks_cover_entries_and_give_brackets_to_their_container() {
    let entry = |mark, value| Entry { value, mark };
    let items = Value::list(vec![entry(3, Value::Int(1)), entry(4, Value::Int(2))]);
    let pairs = [("a", entry(2, items)), ("b", entry(5, Value::Null))];
    let root = entry(
        1,
        Value::map(pairs.map(|(key, entry)| (Arc::from(key), entry)).into()),
    );
    let compact = encode(&root, COMPACT).unwrap();
    assert_eq!(compact.text, r#"{"a":[1,2],"b":null}"#);
    assert_eq!(
        compact.marks,
        [(0, 1), (1, 2), (6, 3), (8, 4), (9, 2), (11, 5), (19, 1)]
    );
    let pretty = encode(&root, PRETTY).unwrap();
    let owners: Vec<(&str, u32)> = pretty
        .text
        .split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len() as u32;
            let owner = pretty
                .marks
                .iter()
                .rev()
                .find(|&&(mark_start, _)| mark_start <= start)?;
            Some((line.trim(), owner.1))
        })
        .collect();
    assert_eq!(
        owners,
        [
            ("{", 1),
            ("\"a\": [", 2),
            ("1,", 3),
            ("2", 4),
            ("],", 2),
            ("\"b\": null", 5),
            ("}", 1)
        ]
    );
}

#[test]
fn wrong_texts_fail_with_gos_words() {
    let cases: &[(&str, &str)] = &[
        ("", "unexpected end of JSON input"),
        (" \n", "unexpected end of JSON input"),
        ("[", "unexpected end of JSON input"),
        ("[1", "unexpected end of JSON input"),
        ("[1,", "unexpected end of JSON input"),
        ("{\"a\"", "unexpected end of JSON input"),
        ("{\"a\":1", "unexpected end of JSON input"),
        ("\"abc", "unexpected end of JSON input"),
        ("x", "invalid character 'x' looking for beginning of value"),
        (
            "[1,]",
            "invalid character ']' looking for beginning of value",
        ),
        (
            "'a'",
            r"invalid character '\'' looking for beginning of value",
        ),
        (
            "\\",
            r"invalid character '\\' looking for beginning of value",
        ),
        ("\"", "unexpected end of JSON input"),
        (
            "\u{e9}",
            "invalid character 'Ã' looking for beginning of value",
        ),
        (
            "\u{a0}",
            "invalid character 'Â' looking for beginning of value",
        ),
        (
            "\0",
            r"invalid character '\x00' looking for beginning of value",
        ),
        (
            "{a:1}",
            "invalid character 'a' looking for beginning of object key string",
        ),
        (
            "{\"a\":1,}",
            "invalid character '}' looking for beginning of object key string",
        ),
        ("{\"a\" 1}", "invalid character '1' after object key"),
        (
            "{\"a\":1 \"b\"}",
            "invalid character '\"' after object key:value pair",
        ),
        ("[1 2]", "invalid character '2' after array element"),
        ("1 2", "invalid character '2' after top-level value"),
        ("01", "invalid character '1' after top-level value"),
        (
            "tr",
            "invalid character ' ' in literal true (expecting 'u')",
        ),
        (
            "nulL",
            "invalid character 'L' in literal null (expecting 'l')",
        ),
        ("-", "invalid character ' ' in numeric literal"),
        (
            "1.",
            "invalid character ' ' after decimal point in numeric literal",
        ),
        (
            "1e+x",
            "invalid character 'x' in exponent of numeric literal",
        ),
        ("\"a\nb\"", r"invalid character '\n' in string literal"),
        ("\"\\x\"", "invalid character 'x' in string escape code"),
        (
            "\"\\u12g4\"",
            r"invalid character 'g' in \u hexadecimal character escape",
        ),
        (
            "[1e400]",
            "json: cannot unmarshal number 1e400 into Go value of type float64",
        ),
        ("[1e400", "unexpected end of JSON input"),
    ];
    for (text, expected) in cases {
        assert_eq!(
            decode(text.as_bytes()),
            Err((*expected).to_owned()),
            "{text:?}"
        );
    }
}

#[test]
fn the_last_of_equal_keys_wins() {
    assert_eq!(decoded(r#"{"a":1,"\u0061":2}"#), decoded(r#"{"a":2}"#));
}

#[test]
fn what_is_no_character_becomes_the_replacement_character() {
    let cases: [(&[u8], &str); 7] = [
        (br#""\ud83d\ude00""#, "😀"),
        (br#""\ud83dx""#, "\u{fffd}x"),
        (br#""\ud83d\u0041""#, "\u{fffd}A"),
        (br#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (b"\"\xff\"", "\u{fffd}"),
        (b"\"\xe2\x82\"", "\u{fffd}\u{fffd}"),
        (b"\"\xed\xa0\x80\"", "\u{fffd}\u{fffd}\u{fffd}"),
    ];
    for (text, expected) in cases {
        assert_eq!(decode(text), Ok(Value::string(expected)));
    }
}

#[test]
fn nesting_is_limited_as_in_go() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    let error = Err("invalid character '[' exceeded max depth".to_owned());
    assert_eq!(decode(nested(10_001).as_bytes()), error);
    assert_eq!(
        decode("{\"a\":".repeat(10_001).as_bytes()),
        Err("invalid character '{' exceeded max depth".to_owned())
    );
    // A value of this depth needs a larger stack than tests have: for being dropped.
    let thread = std::thread::Builder::new().stack_size(64 << 20);
    let deepest = thread.spawn(move || decode(nested(10_000).as_bytes()).is_ok());
    assert!(deepest.unwrap().join().unwrap());
}

proptest! {
    #[test]
    fn any_bytes_give_a_value_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(value) = decode(&bytes) {
            let text = encoded(value.clone(), COMPACT);
            prop_assert_eq!(decode(text.as_bytes()), Ok(value));
        }
    }

    #[test]
    fn strings_read_back_as_they_were(content in any::<String>(), html in any::<bool>()) {
        let options = EncodeOptions { escape_html: html, indent: false };
        let text = encoded(Value::string(&content), options);
        prop_assert_eq!(decoded(&text), Value::string(&content));
    }
}
