//! What templates cannot show: types that only Helm hands out, limits, origins of elements.

use super::*;
use crate::functions::testing::{Setup, prov, provs};
use crate::value::{Certificate, ElementType, List, MapRef, MapType};
use std::rc::Rc;
use std::sync::Arc;

fn capabilities() -> Rc<crate::Capabilities> {
    Rc::new(crate::Capabilities {
        kube_version: "v1.29.3-gke.5".to_owned(),
        kube_version_normalized: "v1.29.3".to_owned(),
        kube_major: "1".to_owned(),
        kube_minor: "29".to_owned(),
        api_versions: Arc::new(vec!["v1".to_owned(), "apps/v1".to_owned()]),
        origins: [0; 2],
    })
}

fn printed(format: &str, val: impl Into<Val>) -> String {
    let args = [Val::string(format).into(), Item::from(val.into())];
    Setup::plain().text("printf", &args)
}

#[test]
fn an_action_calls_methods_of_pointers_and_a_function_does_not() {
    let version = || Val::from(Object::KubeVersion(capabilities()));
    assert_eq!(display(&version(), HelmLine::V4), b"v1.29.3");
    assert_eq!(display(&version(), HelmLine::V3), b"v1.29.3-gke.5");
    assert_eq!(
        strval(&version(), HelmLine::V4),
        b"{v1.29.3-gke.5 v1.29.3 1 29}"
    );
    assert_eq!(strval(&version(), HelmLine::V3), b"{v1.29.3-gke.5 1 29}");
    assert_eq!(
        printed("%+v", version()),
        "{Version:v1.29.3-gke.5 normalizedVersion:v1.29.3 Major:1 Minor:29}"
    );
    assert_eq!(
        printed("%#v", version()),
        "common.KubeVersion{Version:\"v1.29.3-gke.5\", normalizedVersion:\"v1.29.3\", Major:\"1\", Minor:\"29\"}"
    );
}

#[test]
fn a_pointer_to_a_struct_shows_an_ampersand_only_to_functions() {
    let val = Val::from(Object::Capabilities(capabilities()));
    let text = "{{v1.29.3-gke.5 v1.29.3 1 29} [v1 apps/v1] {v4.2.4   go1.26.0 v1.36}}";
    assert_eq!(String::from_utf8_lossy(&display(&val, HelmLine::V4)), text);
    assert_eq!(
        String::from_utf8_lossy(&strval(&val, HelmLine::V4)),
        format!("&{text}")
    );
    let list = Val::list(vec![val.into()]);
    assert!(display(&list, HelmLine::V4).starts_with(b"[0xc"));
}

#[test]
fn helm_3_shows_a_chart_as_a_struct_in_a_struct() {
    let fields = Val::map([
        ("Name".into(), Val::string("c").into()),
        ("IsRoot".into(), Val::Bool(true).into()),
    ]);
    let Val::Map(fields) = fields else { return };
    let object = Rc::new(crate::ChartObject {
        fields: yaml::Value::Null,
        json: yaml::Value::Null,
    });
    let text = display(&Object::Chart { object, fields }.into(), HelmLine::V3);
    assert!(
        text.starts_with(b"{{c <nil>"),
        "{}",
        String::from_utf8_lossy(&text)
    );
    assert!(
        text.ends_with(b"} true}"),
        "{}",
        String::from_utf8_lossy(&text)
    );
}

#[test]
fn certificates_and_files_print_their_fields() {
    let certificate = Object::Certificate(Certificate {
        cert: "C".to_owned(),
        key: "K".to_owned(),
    });
    assert_eq!(printed("%v", certificate.clone()), "{C K}");
    assert_eq!(
        printed("%#v", certificate),
        "sprig.certificate{Cert:\"C\", Key:\"K\"}"
    );
    let file = crate::FileData {
        bytes: Arc::from(b"hi".as_slice()),
        origin: 0,
    };
    let files = [("a.txt".to_owned(), file)].into_iter().collect();
    let files = || {
        Object::Files(crate::value::FilesObject {
            files: Arc::new(files),
        })
    };
    let files = files();
    assert_eq!(printed("%v", files.clone()), "map[a.txt:[104 105]]");
    assert_eq!(printed("%s", files.clone()), "map[a.txt:hi]");
    assert_eq!(
        printed("%#v", files),
        "engine.files{\"a.txt\":[]uint8{0x68, 0x69}}"
    );
}

#[test]
fn bytes_print_as_numbers_and_count_as_text_for_strval() {
    let bytes = || Val::Bytes(Arc::from(b"hi".as_slice()));
    assert_eq!(strval(&bytes(), HelmLine::V4), b"hi");
    let cases = [
        ("%v", "[104 105]"),
        ("%d", "[104 105]"),
        ("%s", "hi"),
        ("%q", "\"hi\""),
        ("%x", "6869"),
        ("%#v", "[]byte{0x68, 0x69}"),
        ("%t", "[%!t(uint8=104) %!t(uint8=105)]"),
        ("%w", "[%!w(uint8=104) %!w(uint8=105)]"),
        ("%T", "[]uint8"),
    ];
    for (format, expected) in cases {
        assert_eq!(printed(format, bytes()), expected, "{format}");
    }
}

#[test]
fn nil_maps_and_slices_say_so_in_go_syntax_only() {
    let map = || Val::Map(MapRef::nil(MapType::Strings));
    assert_eq!(printed("%v", map()), "map[]");
    assert_eq!(printed("%#v", map()), "map[string]string(nil)");
    let list = || Val::List(List::nil(ElementType::String));
    assert_eq!(printed("%v", list()), "[]");
    assert_eq!(printed("%#v", list()), "[]string(nil)");
}

#[test]
fn a_map_that_holds_itself_reaches_the_memory_limit() {
    let map = MapRef::new(MapType::Plain, Default::default());
    map.insert("a".into(), Val::Map(map.clone()).into());
    let args = [Val::string("%v").into(), Item::from(Val::Map(map.clone()))];
    let outcome = Setup::with_memory(10_000).call("printf", &args);
    assert!(matches!(outcome, Err(CallError::Limit(_))), "{outcome:?}");
    map.remove("a");
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    let mut val = Val::list(Vec::new());
    for _ in 0..200_000 {
        val = Val::list(vec![val.into()]);
    }
    let text = display(&val, HelmLine::V4);
    assert_eq!(text.len(), 400_002);
}

#[test]
fn widths_are_refused_before_anything_is_built() {
    let args = [Val::string("%9999999d").into(), Item::from(Val::Int(1))];
    let outcome = Setup::with_memory(1_000_000).call("printf", &args);
    assert!(matches!(outcome, Err(CallError::Limit(_))), "{outcome:?}");
}

#[test]
fn operands_and_elements_keep_their_origins() {
    let mut setup = Setup::recording();
    let list = vec![
        Item {
            val: Val::string("ab"),
            prov: prov(&mut setup, 1),
        },
        Item {
            val: Val::Int(7),
            prov: prov(&mut setup, 2),
        },
    ];
    let list = Item {
        val: Val::list(list),
        prov: prov(&mut setup, 3),
    };
    let name = Item {
        val: Val::string("n"),
        prov: prov(&mut setup, 4),
    };
    let args = [Val::string("%s=%v;").into(), name, list];
    let outcome = setup.call("printf", &args).expect("no error");
    let runs = provs(&setup, &outcome);
    let expected = [
        ("n", vec![4]),
        ("=", vec![]),
        ("[", vec![3]),
        ("ab", vec![1]),
        (" ", vec![3]),
        ("7", vec![2]),
        ("]", vec![3]),
        (";", vec![]),
    ];
    assert_eq!(
        runs,
        expected.map(|(text, origins)| (text.to_owned(), origins))
    );
}

#[test]
fn quoting_keeps_origins_inside_a_text() {
    let mut setup = Setup::recording();
    let first = Item {
        val: Val::string("a\n"),
        prov: prov(&mut setup, 1),
    };
    let second = Item {
        val: Val::string("b"),
        prov: prov(&mut setup, 2),
    };
    let joined = setup.call("print", &[first, second]).expect("no error");
    let quoted = setup.call("quote", &[joined]).expect("no error");
    let runs = provs(&setup, &quoted);
    assert_eq!(
        runs,
        [("\"a\\n".to_owned(), vec![1]), ("b\"".to_owned(), vec![2])]
    );
}
