//! Which versions satisfy which constraints.

use version::{Constraint, Version};

fn check(constraint: &str, version: &str) -> bool {
    let version = Version::parse(version).expect("a version");
    Constraint::parse(constraint)
        .expect("a constraint")
        .check(&version)
}

/// Constraint; versions that satisfy it; versions that do not.
type Row = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

fn assert_rows(rows: &[Row]) {
    for (constraint, good, bad) in rows {
        for version in *good {
            assert!(
                check(constraint, version),
                "{version} satisfies {constraint}"
            );
        }
        for version in *bad {
            assert!(
                !check(constraint, version),
                "{version} does not satisfy {constraint}"
            );
        }
    }
}

#[test]
fn comparisons_with_all_numbers_given() {
    assert_rows(&[
        (
            "1.2.3",
            &["1.2.3", "v1.2.3", "1.2.3+meta"],
            &["1.2.4", "1.2", "1.2.3-a"],
        ),
        ("=1.2.3", &["1.2.3"], &["1.2.4"]),
        ("v1.2.3", &["1.2.3"], &["1.2.2"]),
        ("01.2.3", &["1.2.3"], &["1.2.2"]),
        (
            "!=1.2.3",
            &["1.2.4", "2.0.0"],
            &["1.2.3", "1.2.3+m", "1.2.4-a"],
        ),
        (
            ">1.2.3",
            &["1.2.4", "2.0.0"],
            &["1.2.3", "1.2.3+m", "1.0.0"],
        ),
        ("<1.2.3", &["1.2.2", "0.9.0"], &["1.2.3", "1.3.0"]),
        (">=1.2.3", &["1.2.3", "1.3.0"], &["1.2.2"]),
        ("=>1.2.3", &["1.2.3", "1.3.0"], &["1.2.2"]),
        ("<=1.2.3", &["1.2.3", "1.2.2"], &["1.2.4"]),
        ("=<1.2.3", &["1.2.3", "1.2.2"], &["1.2.4"]),
    ]);
}

#[test]
fn open_numbers_stand_for_all_versions_below() {
    assert_rows(&[
        ("1.2", &["1.2.0", "1.2.9"], &["1.3.0", "1.1.9", "2.2.0"]),
        ("1.2.x", &["1.2.0", "1.2.9"], &["1.3.0"]),
        ("1", &["1.0.0", "1.9.9"], &["2.0.0", "0.9.0"]),
        ("1.x", &["1.0.0", "1.9.9"], &["2.0.0"]),
        ("1.X.*", &["1.0.0", "1.9.9"], &["2.0.0"]),
        ("*", &["0.0.0", "1.2.3"], &["1.2.3-a"]),
        ("x", &["0.0.0", "1.2.3"], &[]),
        ("!=1.2", &["1.3.0", "2.2.0"], &["1.2.0", "1.2.9"]),
        ("!=1.x", &["2.0.0", "0.9.0"], &["1.0.0", "1.9.9"]),
        ("!=*", &["0.0.1"], &["0.0.0"]),
        (">1.2", &["1.3.0", "2.0.0"], &["1.2.0", "1.2.5", "1.1.0"]),
        (">1", &["2.0.0"], &["1.0.0", "1.9.9"]),
        (">*", &["0.0.1"], &["0.0.0"]),
        (">=1.2", &["1.2.0", "1.2.5"], &["1.1.9"]),
        ("<1.2", &["1.1.9"], &["1.2.0", "1.2.5"]),
        ("<*", &[], &["0.0.0", "1.0.0"]),
        ("<=1.2", &["1.2.9", "1.0.0"], &["1.3.0", "2.0.0"]),
        ("<=1", &["1.9.9"], &["2.0.0"]),
        ("<=*", &["0.0.9"], &["0.1.0", "1.0.0"]),
    ]);
}

#[test]
fn tilde_keeps_the_minor_version() {
    assert_rows(&[
        ("~1.2.3", &["1.2.3", "1.2.9"], &["1.2.2", "1.3.0"]),
        ("~>1.2.3", &["1.2.3", "1.2.9"], &["1.3.0"]),
        ("~1.2", &["1.2.0", "1.2.9"], &["1.3.0"]),
        ("~1", &["1.0.0", "1.9.0"], &["2.0.0"]),
        ("~*", &["0.0.0", "9.9.9"], &[]),
        ("~0.0.0", &["0.0.0", "9.9.9"], &[]),
        ("~0.0.1", &["0.0.1", "0.0.9"], &["0.1.0"]),
    ]);
}

#[test]
fn caret_keeps_the_first_number_that_is_not_zero() {
    assert_rows(&[
        ("^1.2.3", &["1.2.3", "1.9.0"], &["1.2.2", "2.0.0"]),
        ("^1.2", &["1.2.0", "1.9.0"], &["1.1.9", "2.0.0"]),
        ("^1", &["1.0.0", "1.9.0"], &["0.9.0", "2.0.0"]),
        ("^1.2.x", &["1.2.0", "1.9.0"], &["1.1.9"]),
        ("^0.2.3", &["0.2.3", "0.2.9"], &["0.2.2", "0.3.0", "1.2.3"]),
        ("^0.2", &["0.2.0", "0.2.9"], &["0.3.0"]),
        ("^0.0.3", &["0.0.3"], &["0.0.2", "0.0.4", "0.1.3"]),
        ("^0.0", &["0.0.0", "0.0.9"], &["0.1.0"]),
        ("^0", &["0.0.0", "0.9.9"], &["1.0.0"]),
    ]);
}

#[test]
fn comparators_combine() {
    assert_rows(&[
        (">=1.0, <2.0", &["1.0.0", "1.9.9"], &["0.9.9", "2.0.0"]),
        (">=1.0 <2.0", &["1.0.0", "1.9.9"], &["2.0.0"]),
        ("  >= 1.0 ,<2.0  ", &["1.5.0"], &["2.0.0"]),
        ("1.x || >=3", &["1.5.0", "3.0.0"], &["2.0.0"]),
        ("1||2", &["1.0.0", "2.0.0"], &["3.0.0"]),
        ("1.0 - 2.0", &["1.0.0", "2.0.5"], &["0.9.0", "2.1.0"]),
        ("1.0.0 - 2.0.0", &["1.0.0", "2.0.0"], &["2.0.5"]),
        ("1 - 2 !=1.5.0", &["1.4.0", "2.9.9"], &["1.5.0", "3.0.0"]),
        ("1 - 2 || 1 - 2 || 5 - 6", &["1.0.0", "5.5.0"], &["4.0.0"]),
    ]);
}

#[test]
fn prereleases_count_only_in_groups_that_name_one() {
    assert_rows(&[
        (
            ">=1.19",
            &["1.20.0"],
            &["1.20.0-gke.1", "v1.27.3-eks-a5565ad"],
        ),
        (
            ">=1.19-0",
            &["1.19.0", "1.20.0-gke.1"],
            &["1.18.0", "1.18.0-gke.1"],
        ),
        (
            ">=1.16-0 <1.30.0",
            &["1.20.0-gke.1", "1.29.9"],
            &["1.31.0-gke.1", "1.30.0"],
        ),
        ("<1.30.0, >=1.16-0", &["1.30.0-alpha"], &["1.30.0"]),
        (">=3.0-0 || >=1.0", &["1.5.0", "3.0.0-rc"], &["1.5.0-rc"]),
        (">=1.0 || >=3.0-0", &["1.5.0"], &["1.5.0-rc"]),
        ("!=1.0.0-0", &["2.0.0-a"], &["1.0.0-0"]),
        ("!=2.0.0", &["2.0.1"], &["2.0.1-a"]),
        ("*-0", &["1.0.0-a", "0.0.0", "1.0.0"], &[]),
        (
            "^1.2.3-beta",
            &["1.2.3-beta", "1.2.3-rc", "1.9.0-a"],
            &["1.2.3-alpha", "2.0.0-a"],
        ),
        (
            "~1.2.3-beta",
            &["1.2.3-rc", "1.2.4-a"],
            &["1.3.0-a", "1.2.3-alpha"],
        ),
        (
            "=1.2.3-beta",
            &["1.2.3-beta", "1.2.3-beta+m"],
            &["1.2.3", "1.2.3-rc"],
        ),
        ("<1.0.0-alpha.2", &["1.0.0-alpha.1"], &["1.0.0-alpha.10"]),
        ("!=1.2.x-0", &["1.2.3-a", "1.2.3"], &["1.2.9-0"]),
        ("1.0.0-a - 2.0.0", &["1.5.0-b", "1.0.0-a"], &["2.0.1-a"]),
    ]);
}

#[test]
fn what_is_no_constraint_is_named() {
    let cases = [
        ("", "improper constraint: \"\""),
        (">=1.0,", "improper constraint: \">=1.0,\""),
        (",>=1.0", "improper constraint: \",>=1.0\""),
        (">=1.0 ||", "improper constraint: \"\""),
        (">>1.0", "improper constraint: \">>1.0\""),
        (">=", "improper constraint: \">=\""),
        ("1.2.3.4", "improper constraint: \"1.2.3.4\""),
        (">=V1.2", "improper constraint: \">=V1.2\""),
        (">= x.y.z.w", "improper constraint: \">= x.y.z.w\""),
        ("1.0-2.0 x\"\t", "improper constraint: \"1.0-2.0 x\\\"\\t\""),
        ("1.2.3.4 - 5", "improper constraint: \"1.>= 2.3.4, <= 5 \""),
        ("1 || abc", "improper constraint: \" abc\""),
        ("1x", "constraint parser error"),
        ("1|2", "constraint parser error"),
        (">=1.2.3-01", "constraint parser error"),
        ("99999999999999999999", "constraint parser error"),
    ];
    for (text, expected) in cases {
        assert_eq!(
            Constraint::parse(text).map_err(|error| error.to_string()),
            Err(expected.to_owned()),
            "{text:?}"
        );
    }
    let error = |text: String| {
        Constraint::parse(&text)
            .map_err(|error| error.to_string())
            .err()
    };
    assert_eq!(
        error(" ".repeat(513)).as_deref(),
        Some("constraint string is too long (max 512 bytes)")
    );
    assert_eq!(
        error("1||".repeat(32) + "1").as_deref(),
        Some("too many constraint groups (max 32)")
    );
    assert_eq!(error("1||".repeat(31) + "1"), None);
}

#[test]
fn reasons_are_given_for_each_comparator_that_fails() {
    let reasons = |constraint: &str, version: &str| {
        let version = Version::parse(version).expect("a version");
        Constraint::parse(constraint)
            .expect("a constraint")
            .validate(&version)
            .err()
            .unwrap_or_default()
    };
    assert_eq!(reasons(">=1.0 <2", "1.5.0"), Vec::<String>::new());
    assert_eq!(
        reasons(">=2, <1.4", "1.5"),
        [
            r#""1.5.0" is less than "2""#,
            r#""1.5.0" is greater than or equal to "1.4""#,
        ]
    );
    let prerelease = r#""1.5.0-a" is a prerelease version and the constraint is only looking for release versions"#;
    assert_eq!(reasons(">=2 <3 || ^4", "1.5.0-a"), [prerelease]);
    let cases = [
        ("=1.2.3", r#""1.5.0" is not equal to "1.2.3""#),
        ("!=1.x", r#""1.5.0" is equal to "1.x""#),
        (">1.5", r#""1.5.0" is less than or equal to "1.5""#),
        ("<=1.4", r#""1.5.0" is greater than "1.4""#),
        (
            "~0.5",
            r#""1.5.0" does not have same major version as "0.5""#,
        ),
        (
            "~1.4.0",
            r#""1.5.0" does not have same major and minor version as "1.4.0""#,
        ),
        (
            "^0.5",
            r#""1.5.0" does not have same major version as "0.5""#,
        ),
    ];
    for (constraint, expected) in cases {
        assert_eq!(reasons(constraint, "1.5.0"), [expected]);
    }
    assert_eq!(
        reasons("^0.0.4", "0.0.5"),
        [
            r#""0.0.5" does not equal "0.0.4". Expect version and constraint to equal when major and minor versions are 0"#,
        ]
    );
    assert_eq!(
        reasons("^0.2.3", "0.3.0"),
        [
            r#""0.3.0" does not have same minor version as "0.2.3". Expected minor versions to match when constraint major version is 0"#,
        ]
    );
}

#[test]
fn a_constraint_prints_with_single_blanks() {
    let printed = |text: &str| Constraint::parse(text).expect("a constraint").to_string();
    assert_eq!(printed(" >= 1.2,<2.x||  ~>3 "), ">=1.2 <2.x || ~>3");
    assert_eq!(printed("1 - 2"), ">=1 <=2");
}
