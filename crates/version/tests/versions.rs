//! Reading, comparing and changing versions.

use std::cmp::Ordering;
use version::{KubeVersion, Version, VersionError};

fn version(text: &str) -> Version {
    Version::parse(text).expect("a version")
}

fn said<T>(result: Result<T, VersionError>) -> String {
    result
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn loose_versions_are_completed() {
    let cases = [
        ("1.2.3", "1.2.3"),
        ("v1.2.3", "1.2.3"),
        ("1.2", "1.2.0"),
        ("1", "1.0.0"),
        ("v2", "2.0.0"),
        ("01.02.03", "1.2.3"),
        ("1-alpha", "1.0.0-alpha"),
        ("1.2+meta", "1.2.0+meta"),
        ("1.2.3-beta.1+build.5", "1.2.3-beta.1+build.5"),
        ("1.2.3+01", "1.2.3+01"),
        ("1.2.3--", "1.2.3--"),
        ("v1.27.3-eks-a5565ad", "1.27.3-eks-a5565ad"),
        ("18446744073709551615", "18446744073709551615.0.0"),
    ];
    for (text, expected) in cases {
        let read = version(text);
        assert_eq!(read.to_string(), expected);
        assert_eq!(read.original(), text);
    }
}

#[test]
fn parts_of_a_version_can_be_asked_for() {
    let read = version("v1.20.3-rc.1+build");
    assert_eq!((read.major(), read.minor(), read.patch()), (1, 20, 3));
    assert_eq!((read.prerelease(), read.metadata()), ("rc.1", "build"));
    assert_eq!("1.2.3".parse(), Ok(version("1.2.3")));
}

#[test]
fn texts_that_are_no_loose_version_are_named() {
    let invalid = "invalid semantic version";
    let cases = [
        ("", invalid),
        ("abc", invalid),
        ("v", invalid),
        ("V1.2.3", invalid),
        ("1.2.", invalid),
        ("1.2.3.4", invalid),
        (" 1.2.3", invalid),
        ("1.2.3\n", invalid),
        ("1.2.3-", invalid),
        ("1.2.3-a..b", invalid),
        ("1.2.3+", invalid),
        ("1.2.3-é", invalid),
        ("1.2.3-01", "version segment starts with 0"),
        ("1.2.3-a.00", "version segment starts with 0"),
        (
            "1.99999999999999999999",
            "error parsing version segment: strconv.ParseUint: parsing \"99999999999999999999\": value out of range",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(said(Version::parse(text)), expected, "{text:?}");
    }
    let long = "1".repeat(257);
    assert_eq!(
        said(Version::parse(&long)),
        "version string is too long (max 256 bytes)"
    );
}

#[test]
fn the_strict_reader_keeps_to_the_standard() {
    assert_eq!(
        Version::parse_strict("1.2.3-rc.1+a").map(|read| read.to_string()),
        Ok("1.2.3-rc.1+a".to_owned())
    );
    let cases = [
        ("", "version string empty"),
        ("1.2", "invalid semantic version"),
        ("v1.2.3", "invalid characters in version"),
        ("1.2.3.4", "invalid characters in version"),
        ("01.2.3", "version segment starts with 0"),
        ("1.2.3-01", "version segment starts with 0"),
        ("1.2.3-", "invalid prerelease string"),
        ("1.2.3-a_b", "invalid prerelease string"),
        ("1.2.3+", "invalid metadata string"),
        ("1.2.3-a+b..c", "invalid metadata string"),
        ("1..3", "strconv.ParseUint: parsing \"\": invalid syntax"),
        (
            "99999999999999999999.2.3",
            "strconv.ParseUint: parsing \"99999999999999999999\": value out of range",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(said(Version::parse_strict(text)), expected, "{text:?}");
    }
}

#[test]
fn versions_are_ordered_by_numbers_and_then_by_prerelease() {
    let ascending = [
        "0.0.1",
        "0.1.0",
        "1.0.0-0",
        "1.0.0-1",
        "1.0.0-2",
        "1.0.0-10",
        "1.0.0--",
        "1.0.0-99999999999999999999",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.2",
        "1.0.0-alpha.10",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.1.0",
        "1.10.0",
        "2.0.0",
    ];
    for (left_place, left) in ascending.iter().enumerate() {
        for (right_place, right) in ascending.iter().enumerate() {
            let order = version(left).compare(&version(right));
            assert_eq!(order, left_place.cmp(&right_place), "{left} and {right}");
        }
    }
    assert_eq!(
        version("v1.2.3+a").compare(&version("1.2.3+b")),
        Ordering::Equal
    );
}

#[test]
fn counting_up_keeps_the_v_and_drops_the_rest() {
    let changed = |text: &str| {
        let read = version(text);
        [read.inc_major(), read.inc_minor(), read.inc_patch()]
            .map(|next| next.expect("fits").original().to_owned())
    };
    assert_eq!(changed("v1.2.3"), ["v2.0.0", "v1.3.0", "v1.2.4"]);
    assert_eq!(changed("1.2.3-rc+m"), ["2.0.0", "1.3.0", "1.2.3"]);
    assert_eq!(changed("1.2.3+m"), ["2.0.0", "1.3.0", "1.2.4"]);
    let highest = version("1.2.18446744073709551615");
    assert_eq!(
        said(highest.inc_patch()),
        "patch version increment would overflow uint64"
    );
}

#[test]
fn prerelease_and_metadata_can_be_replaced() {
    let read = version("v1.2.3-a+m");
    assert_eq!(
        read.with_prerelease("rc1")
            .map(|next| next.original().to_owned()),
        Ok("v1.2.3-rc1+m".to_owned())
    );
    assert_eq!(
        read.with_metadata("").map(|next| next.to_string()),
        Ok("1.2.3-a".to_owned())
    );
    assert_eq!(
        said(read.with_prerelease("a..b")),
        "invalid prerelease string"
    );
    assert_eq!(
        said(read.with_prerelease("01")),
        "version segment starts with 0"
    );
    assert_eq!(said(read.with_metadata("a_b")), "invalid metadata string");
}

#[test]
fn kubernetes_versions_keep_their_text_and_print_their_numbers() {
    let cases = [
        ("1.29", "v1.29", "v1.29"),
        ("v1.29.3-gke.5", "v1.29.3-gke.5", "v1.29.3"),
        ("1.30.0+k3s1", "v1.30.0+k3s1", "v1.30.0"),
        ("1.2.3.4", "v1.2.3.4", "v1.2.3.4"),
        ("1.29.", "v1.29.", "v1.29"),
        ("1.030", "v1.030", "v1.30"),
        (" v1.29", "v v1.29", "v1.29"),
    ];
    for (text, version, numbers) in cases {
        let read = KubeVersion::parse(text).expect("a Kubernetes version");
        assert_eq!(
            (read.version(), read.to_string().as_str()),
            (version, numbers)
        );
    }
    let read = KubeVersion::parse("1.29.3").expect("a Kubernetes version");
    assert_eq!((read.major(), read.minor()), (1, 29));
}

#[test]
fn texts_that_are_no_kubernetes_version_are_named() {
    let cases = [
        ("1", "illegal version string \"1\""),
        ("1.x", "illegal version string \"1.x\""),
        ("", "could not parse \"\" as version"),
        ("abc", "could not parse \"abc\" as version"),
        ("V1.2", "could not parse \"V1.2\" as version"),
        ("1.2\n", "could not parse \"1.2\\n\" as version"),
        (
            "\u{1}\u{200b}é\"",
            "could not parse \"\\x01\\u200bé\\\"\" as version",
        ),
        (
            "01.2",
            "illegal zero-prefixed version component \"01\" in \"01.2\"",
        ),
        (
            "1.99999999999999999999",
            "illegal non-numeric version component \"99999999999999999999\" in \"1.99999999999999999999\": \
             strconv.ParseUint: parsing \"99999999999999999999\": value out of range",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(said(KubeVersion::parse(text)), expected, "{text:?}");
    }
}
