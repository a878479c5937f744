//! Values against what Helm makes of the same input.

use super::*;
use source::{Layer, OriginId};
use std::fmt::Write;

/// A tree as one line: `{a: 1, b: [x, null]}`; numbers with their Go kind (`1i` is `int64`).
fn show(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => format!("{value}i"),
        Value::Uint(value) => format!("{value}u"),
        Value::Float(value) => value.to_string(),
        Value::String(text) => format!("{:?}", &**text),
        Value::Bytes(bytes) => format!("{bytes:?}"),
        Value::List(items) => {
            format!(
                "[{}]",
                items
                    .iter()
                    .map(|item| show(&item.value))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        }
        Value::Map(map) => {
            let pairs = map
                .iter()
                .map(|(key, entry)| format!("{key}: {}", show(&entry.value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

fn read_input(input: &ValuesInput, helm: HelmLine) -> Result<String, String> {
    let values =
        UserValues::read(input, &SourceFiles::new(), helm).map_err(|problem| problem.message)?;
    Ok(show(&values.values))
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn file(text: &str) -> ValuesFile {
    ValuesFile {
        name: "v.yaml".to_owned(),
        bytes: text.as_bytes().into(),
    }
}

#[test]
fn set_arguments_mean_what_helm_makes_of_them() {
    let cases: &[(&[&str], Result<&str, &str>)] = &[
        (&["a=1,b=x"], Ok("{a: 1i, b: \"x\"}")),
        (
            &["a=x\\,y", "a\\.b=c", "c\\[0\\]=1"],
            Ok("{a: \"x,y\", a.b: \"c\", c[0]: 1i}"),
        ),
        (&["a={1,2,x}"], Ok("{a: [1i, 2i, \"x\"]}")),
        (&["a={}"], Ok("{a: [\"\"]}")),
        (&["a={1},b=2"], Ok("{a: [1i], b: 2i}")),
        (&["a=b=c", "b= x "], Ok("{a: \"b=c\", b: \" x \"}")),
        (
            &["a=TRUE,b=false,c=Null,d=~"],
            Ok("{a: true, b: false, c: null, d: \"~\"}"),
        ),
        (
            &["a=0,b=007,c=1.5,d=+5,e=-0,f=0x1,g=9223372036854775808"],
            Ok(
                "{a: 0i, b: \"007\", c: \"1.5\", d: 5i, e: 0i, f: \"0x1\", g: \"9223372036854775808\"}",
            ),
        ),
        (&["a=\"\""], Ok("{a: \"\\\"\\\"\"}")),
        (&["a="], Ok("{a: \"\"}")),
        (&["a=,b=1"], Ok("{a: \"\", b: 1i}")),
        (&["a=1,"], Ok("{a: 1i}")),
        (&["=x", ".a=1"], Ok("{}")),
        (&[""], Ok("{}")),
        (&["a[2]=x,a[0]=y"], Ok("{a: [\"y\", null, \"x\"]}")),
        (
            &["a[0].b=1,a[0].c=2,a[1].b=3"],
            Ok("{a: [{b: 1i, c: 2i}, {b: 3i}]}"),
        ),
        (&["a[0][1]=x"], Ok("{a: [[null, \"x\"]]}")),
        (&["a.b=1", "a.c=2"], Ok("{a: {b: 1i, c: 2i}}")),
        (&["a.b=1", "a=2"], Ok("{a: 2i}")),
        (&["a[0"], Ok("{}")),
        (&["a[0]"], Ok("{a: []}")),
        (&["a."], Ok("{}")),
        (&["a={a}b"], Err("key \"b\" has no value")),
        (&["a={a"], Err("list must terminate with '}'")),
        (&["a[-1]=x"], Err("negative -1 index not allowed")),
        (
            &["a[x]=1"],
            Err("error parsing index: strconv.Atoi: parsing \"x\": invalid syntax"),
        ),
        (
            &["a[65537]=1"],
            Err("index of 65537 is greater than maximum supported index of 65536"),
        ),
        (
            &["a[0]x=1"],
            Err("unexpected data at end of array index: ['x']"),
        ),
        (&["a.=1"], Err("key map \"a\" has no value")),
        (&["a"], Err("key \"a\" has no value")),
        (
            &["a,b=1"],
            Err("key \"a\" has no value (cannot end with ,)"),
        ),
        (
            &["a=null,a.b=2"],
            Err(
                "unable to parse key: interface conversion: interface {} is nil, not map[string]interface {}",
            ),
        ),
        (
            &["a=1", "a[0]=2"],
            Err(
                "unable to parse key: interface conversion: interface {} is int64, not []interface {}",
            ),
        ),
    ];
    for (arguments, expected) in cases {
        let input = ValuesInput {
            set: texts(arguments),
            ..ValuesInput::default()
        };
        let expected = expected
            .map(str::to_owned)
            .map_err(|error| format!("failed parsing --set data: {error}"));
        assert_eq!(read_input(&input, HelmLine::V4), expected, "{arguments:?}");
    }
}

#[test]
fn names_nest_thirty_levels() {
    let nested = |levels: usize| {
        let mut argument = "a.".repeat(levels);
        write!(argument, "b=1").expect("writing to a string");
        read_input(
            &ValuesInput {
                set: vec![argument],
                ..ValuesInput::default()
            },
            HelmLine::V4,
        )
    };
    assert!(nested(30).is_ok());
    let error = nested(31).unwrap_err();
    assert!(
        error.ends_with(
            "value name nested level is greater than maximum supported nested level of 30"
        )
    );
}

#[test]
fn json_arguments_replace_or_merge() {
    let base = file("m: {w: {z: 1}, x: 1}\n");
    let cases: &[(&str, HelmLine, Result<&str, &str>)] = &[
        ("m={\"x\":1.5e3}", HelmLine::V4, Ok("{m: {x: 1500}}")),
        (
            "m=[1,\"a\"],n= null ,o=true",
            HelmLine::V4,
            Ok("{m: [1, \"a\"], n: null, o: true}"),
        ),
        ("m=", HelmLine::V4, Ok("{m: null}")),
        ("a = 1", HelmLine::V4, Ok("{a : 1, m: {w: {z: 1}, x: 1}}")),
        (
            " {\"m\":{\"w\":{\"v\":2}}} ",
            HelmLine::V4,
            Ok("{m: {w: {v: 2, z: 1}, x: 1}}"),
        ),
        (
            "{\"a\":1",
            HelmLine::V4,
            Err("failed parsing --set-json data JSON: {\"a\":1"),
        ),
        (
            "{\"a\":1}",
            HelmLine::V3,
            Err("failed parsing --set-json data {\"a\":1}"),
        ),
        (
            "a=x",
            HelmLine::V4,
            Err("failed parsing --set-json data a=x"),
        ),
        (
            "a=1 2",
            HelmLine::V4,
            Err("failed parsing --set-json data a=1 2"),
        ),
    ];
    for (argument, helm, expected) in cases {
        let files = vec![base.clone()];
        let input = ValuesInput {
            files,
            set_json: texts(&[argument]),
            ..ValuesInput::default()
        };
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(read_input(&input, *helm), expected, "{argument}");
    }
}

#[test]
fn files_of_set_file_are_named_and_read_verbatim() {
    assert_eq!(set_file_paths("a=x.txt,b={y\\,z,w}"), ["x.txt", "y,z", "w"]);
    let contents = [
        ("x.txt", Ok(b"l\n".as_slice().into())),
        ("bin", Ok(b"\xff".as_slice().into())),
    ];
    let file_contents = contents
        .map(|(path, bytes)| (path.to_owned(), bytes))
        .into();
    let mut input = ValuesInput {
        set_file: texts(&["a=x.txt,b=bin"]),
        file_contents,
        ..ValuesInput::default()
    };
    assert_eq!(
        read_input(&input, HelmLine::V4).as_deref(),
        Ok("{a: \"l\\n\", b: [255]}")
    );
    input.set_file = texts(&["a=nope"]);
    let missing = "failed parsing --set-file data: open nope: no such file or directory";
    assert_eq!(read_input(&input, HelmLine::V4).unwrap_err(), missing);
}

#[test]
fn string_and_literal_arguments_keep_their_text() {
    let input = ValuesInput {
        set_string: texts(&["a=null,b={1,2}"]),
        set_literal: texts(&["c.d=x,y=\\z", "e\\.f={1}"]),
        ..ValuesInput::default()
    };
    let expected = "{a: \"null\", b: [\"1\", \"2\"], c: {d: \"x,y=\\\\z\"}, e\\: {f: \"{1}\"}}";
    assert_eq!(read_input(&input, HelmLine::V4).as_deref(), Ok(expected));
}

#[test]
fn helm_4_merges_all_documents_of_a_file_and_helm_3_takes_the_first() {
    let text = "a: 1\nb: {c: 1}\n--- # two\nb: {d: 2}\na: 2\n";
    let input = ValuesInput {
        files: vec![file(text)],
        ..ValuesInput::default()
    };
    assert_eq!(
        read_input(&input, HelmLine::V4).as_deref(),
        Ok("{a: 2, b: {c: 1, d: 2}}")
    );
    assert_eq!(
        read_input(&input, HelmLine::V3).as_deref(),
        Ok("{a: 1, b: {c: 1}}")
    );
}

#[test]
fn files_that_cannot_be_read_are_named_with_their_place() {
    let cases = [
        (
            "- 1\n",
            "failed to parse v.yaml: cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: \
             json: cannot unmarshal array into Go value of type map[string]interface {}",
        ),
        (
            "a: 1\n---x\n",
            "failed to parse v.yaml: error reading yaml document: invalid Yaml document separator: x",
        ),
    ];
    for (text, expected) in cases {
        let input = ValuesInput {
            files: vec![file(text)],
            ..ValuesInput::default()
        };
        let problem = UserValues::read(&input, &SourceFiles::new(), HelmLine::V4).unwrap_err();
        assert_eq!(problem.message, expected);
        assert!(problem.place.is_some(), "{text:?}");
    }
}

/// The layers of an entry and of what it overrode, strongest first.
fn layers(values: &UserValues, keys: &[&str]) -> Vec<Layer> {
    let (last, containers) = keys.split_last().expect("a path");
    let mark = values
        .values
        .at(containers)
        .and_then(|map| map.get(last))
        .expect("an entry")
        .mark;
    let origin = values.origins.get(OriginId(mark)).expect("an origin");
    let overrode = origin
        .overrode
        .iter()
        .filter_map(|id| values.origins.get(*id));
    std::iter::once(origin.layer)
        .chain(overrode.map(|origin| origin.layer))
        .collect()
}

#[test]
fn each_entry_knows_its_layer_and_what_it_overrode() {
    let input = ValuesInput {
        files: vec![file("a: {x: 1, z: 1}\n"), file("a: {x: 2}\n")],
        set: texts(&["a.x=3,l={p}"]),
        ..ValuesInput::default()
    };
    let files = SourceFiles::new();
    let values = UserValues::read(&input, &files, HelmLine::V4).unwrap();
    let (first, second, set) = (
        Layer::File { index: 0 },
        Layer::File { index: 1 },
        Layer::Set { index: 0 },
    );
    assert_eq!(layers(&values, &["a", "x"]), [set, second, first]);
    assert_eq!(layers(&values, &["a", "z"]), [first]);
    assert_eq!(layers(&values, &["l"]), [set]);
    let mark = values
        .values
        .at(&["a"])
        .and_then(|map| map.get("z"))
        .expect("an entry")
        .mark;
    let origin = values.origins.get(OriginId(mark)).expect("an origin");
    assert_eq!(origin.path.to_string(), "a.z");
    assert_eq!(
        origin.place,
        Place::File(source::Span {
            file: source::FileId(0),
            start: 10,
            end: 14
        })
    );
}

#[test]
fn a_typed_value_keeps_its_type_and_place() {
    let place = Place::Flag { text: "set".into() };
    let typed = TypedSet {
        path: "image.tag".to_owned(),
        value: Value::string("1.2"),
        place,
    };
    let input = ValuesInput {
        typed: vec![typed],
        ..ValuesInput::default()
    };
    assert_eq!(
        read_input(&input, HelmLine::V4).as_deref(),
        Ok("{image: {tag: \"1.2\"}}")
    );
}
