//! Times and layouts against what Go prints.

use super::*;
use crate::functions::testing::{Setup, prov};

fn text(text: &str) -> Item {
    Val::string(text).into()
}

#[test]
fn now_shows_a_reading_of_the_second_clock_that_durations_keep_and_zones_drop() {
    let now = Setup::plain().call("now", &[]).expect("no error");
    let Some(time) = as_time(&now.val) else {
        panic!("{now:?}");
    };
    let shown = |time: &Time| match time_member(time, "String", &[]) {
        Some(Ok(item)) => item.val.as_str().map(|text| text.lossy().into_owned()),
        other => panic!("{other:?}"),
    };
    let epoch = "1970-01-01 00:00:00 +0000 UTC";
    assert_eq!(
        shown(time).as_deref(),
        Some(&*format!("{epoch} m=+0.000000001"))
    );
    let later = time.add(Duration(2_500_000_000));
    assert_eq!(
        shown(&later).as_deref(),
        Some("1970-01-01 00:00:02.5 +0000 UTC m=+2.500000001")
    );
    assert_eq!(shown(&time.with_zone(Zone::Utc)).as_deref(), Some(epoch));
}

#[test]
fn ago_is_rounded_to_seconds() {
    let ago = |val: Val| Setup::plain().text("ago", &[val.into()]);
    // The clock of the tests stands at 1970.
    assert_eq!(ago(Val::Int(-3_725)), "1h2m5s");
    assert_eq!(ago(Val::Int64(60)), "-1m0s");
    assert_eq!(ago(Val::string("x")), "0s");
    assert_eq!(ago(Val::Int(i64::MIN)), "2562047h47m16.854775807s");
}

#[test]
fn halves_of_seconds_are_rounded_away_from_zero() {
    let cases = [
        (1_499_999_999, "1s"),
        (1_500_000_000, "2s"),
        (-1_500_000_000, "-2s"),
        (-499_999_999, "0s"),
        (i64::MIN, "-2562047h47m16.854775808s"),
    ];
    for (nanoseconds, expected) in cases {
        let rounded = Duration(nanoseconds).rounded_to_seconds();
        assert_eq!(rounded.to_string(), expected);
    }
}

#[test]
fn durations_are_written_in_their_unit() {
    let cases = [
        (0, "0s"),
        (1, "1ns"),
        (1_100, "1.1\u{b5}s"),
        (2_200_000, "2.2ms"),
        (3_300_000_000, "3.3s"),
        (245_000_000_000, "4m5s"),
        (245_001_000_000, "4m5.001s"),
        (18_367_001_000_000, "5h6m7.001s"),
        (-480_000_000_001, "-8m0.000000001s"),
        (i64::MAX, "2562047h47m16.854775807s"),
    ];
    for (nanoseconds, expected) in cases {
        assert_eq!(Duration(nanoseconds).to_string(), expected);
    }
}

#[test]
fn only_what_falls_back_to_the_clock_is_volatile() {
    let volatile = |name: &str, args: &[Item]| {
        let result = Setup::recording().call(name, args).expect("no error");
        result.prov.volatile
    };
    assert!(volatile("date", &[text("2006"), text("1999")]));
    assert!(!volatile("date", &[text("2006"), Val::Int(0).into()]));
    assert!(!volatile("durationRound", &[text("2h")]));
    let time = Object::Time(Time::ZERO).into();
    assert!(volatile("durationRound", &[time]));
}

#[test]
fn a_date_rests_on_its_arguments() {
    let mut setup = Setup::recording();
    let seconds = Item {
        val: Val::Int(0),
        prov: prov(&mut setup, 7),
    };
    let result = setup
        .call("date", &[text("2006"), seconds])
        .expect("no error");
    let members = setup.tables.members(result.prov.text);
    assert_eq!(members, [source::OriginId(7)]);
}
