//! Limits and origins; what expressions mean is recorded from Go in `tests/functions/regex.txt`.

use super::*;
use crate::functions::testing::{Setup, prov, provs};

fn strings(texts: &[&str]) -> Vec<Item> {
    texts.iter().map(|text| Val::string(text).into()).collect()
}

#[test]
fn every_expression_that_is_accepted_also_compiles() {
    let expressions = [
        "(?i)[\\D\\W\\S]",
        "[^\\p{Greek}\\PN]",
        "(?s-i:.)",
        "\\p{C}\\p{Co}\\p{Cs}\\p{assigned}",
        "[\\x{D800}-\\x{DFFF}]",
        "(((((((((())))))))))",
        "(|a)*",
        "(?:){3}",
        "^*$*\\b*\\B*",
        "[[:^word:]]",
        "\\p{sc}\\p{Sc}",
        "(?m)^$",
        "\\z\\A",
    ];
    for expression in expressions {
        assert!(Compiled::of(expression.as_bytes()).is_ok(), "{expression}");
    }
}

#[test]
fn nesting_is_refused_where_go_refuses_it() {
    let nested = |depth: usize| format!("{}{}", "(".repeat(depth), ")".repeat(depth));
    let setup =
        |depth: usize| Setup::plain().call("mustRegexMatch", &strings(&[&nested(depth), "a"]));
    assert!(setup(999).is_ok());
    let Err(CallError::Message(message)) = setup(1_000) else {
        panic!("too deep")
    };
    assert!(
        message.starts_with("error parsing regexp: expression nests too deeply: `((("),
        "{message}"
    );
}

#[test]
fn expressions_of_too_much_memory_are_a_limit() {
    let huge = "(?:\\pL{1000}|\\pN{1000}|\\pP{1000}|\\pS{1000}|\\pM{1000})";
    let outcome = Setup::plain().call("regexMatch", &strings(&[huge, "a"]));
    assert!(matches!(outcome, Err(CallError::Limit(_))), "{outcome:?}");
}

#[test]
fn a_growing_replacement_reaches_the_memory_limit() {
    let args = strings(&["", &"a".repeat(1_000), &"b".repeat(1_000)]);
    let outcome = Setup::with_memory(100_000).call("regexReplaceAll", &args);
    assert!(matches!(outcome, Err(CallError::Limit(_))), "{outcome:?}");
}

#[test]
fn many_expressions_do_not_stay_in_memory() {
    for number in 0..600 {
        assert!(Compiled::of(format!("a{number}").as_bytes()).is_ok());
    }
    assert_eq!(
        Setup::plain().text("regexFind", &strings(&["a5+", "ba55"])),
        "a55"
    );
}

#[test]
fn replaced_text_keeps_the_origins_of_both_sides() {
    let mut setup = Setup::recording();
    let subject = Item {
        val: Val::string("x-y"),
        prov: prov(&mut setup, 1),
    };
    let replacement = Item {
        val: Val::string("<$1>"),
        prov: prov(&mut setup, 2),
    };
    let args = [Val::string("([a-z])-").into(), subject, replacement];
    let result = setup.call("regexReplaceAll", &args).expect("no error");
    let expected = [("<", 2), ("x", 1), (">", 2), ("y", 1)];
    assert_eq!(
        provs(&setup, &result),
        expected.map(|(text, origin)| (text.to_owned(), vec![origin]))
    );
}
