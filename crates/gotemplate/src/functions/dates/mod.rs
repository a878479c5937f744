//! Dates and durations. `Local` is UTC: no machine's zone may show in a rendering.

mod duration;
mod layout;
mod parse;
mod reader;
mod time;
mod write;

pub(crate) use time::{Time, method_params, rfc3339_nano, time_member, utc_text};

use super::text::{bytes, string};
use super::{CallError, Cx, Flow, Function, Outcome, Param};
use crate::value::{Item, Object, Str, Val};
use Param::{Any, Str as Text, Time as At};
use duration::Duration;
use jiff::tz::TimeZoneDatabase;
use std::sync::OnceLock;
use time::Zone;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("now", &[], Flow::Volatile, now),
    Function::new("date", &[Text, Any], Flow::Own, date),
    Function::new("dateInZone", &[Text, Any, Text], Flow::Own, date_in_zone),
    Function::new("date_in_zone", &[Text, Any, Text], Flow::Own, date_in_zone),
    Function::new("htmlDate", &[Any], Flow::Own, html_date),
    Function::new("htmlDateInZone", &[Any, Text], Flow::Own, html_date_in_zone),
    Function::new("dateModify", &[Text, At], Flow::Text, date_modify),
    Function::new("date_modify", &[Text, At], Flow::Text, date_modify),
    Function::new("mustDateModify", &[Text, At], Flow::Text, must_date_modify),
    Function::new(
        "must_date_modify",
        &[Text, At],
        Flow::Text,
        must_date_modify,
    ),
    Function::new("toDate", &[Text, Text], Flow::Text, to_date),
    Function::new("mustToDate", &[Text, Text], Flow::Text, must_to_date),
    Function::new("unixEpoch", &[At], Flow::Text, unix_epoch),
    Function::new("ago", &[Any], Flow::Volatile, ago),
    Function::new("duration", &[Any], Flow::Text, duration_text),
    Function::new("durationRound", &[Any], Flow::Own, duration_round),
];

const HTML_DATE: &[u8] = b"2006-01-02";

/// `now`: the current time.
fn now(cx: &mut Cx<'_>, _: &[Item]) -> Outcome {
    Ok(Object::Time(current(cx)).into())
}

/// `date layout d`: a date in Go's layout. `d` is a time or a number of seconds since 1970; anything else, a string
/// too, means now.
fn date(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let layout = string(args, 0)?.clone();
    formatted(cx, args, layout.bytes(), 1, b"Local")
}

/// `dateInZone layout d zone`: as `date`, in a zone of the IANA database. A zone that is not in it means UTC.
fn date_in_zone(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (layout, zone) = (string(args, 0)?.clone(), string(args, 2)?.clone());
    formatted(cx, args, layout.bytes(), 1, zone.bytes())
}

/// `htmlDate d`: `date "2006-01-02" d`.
fn html_date(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    formatted(cx, args, HTML_DATE, 0, b"Local")
}

/// `htmlDateInZone d zone`: `dateInZone "2006-01-02" d zone`.
fn html_date_in_zone(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let zone = string(args, 1)?.clone();
    formatted(cx, args, HTML_DATE, 0, zone.bytes())
}

fn formatted(cx: &mut Cx<'_>, args: &[Item], layout: &[u8], index: usize, zone: &[u8]) -> Outcome {
    let given = args.get(index).and_then(|item| moment(&item.val));
    let fallen_back = given.is_none();
    let time = given.unwrap_or_else(|| current(cx));
    // No element grows to sixteen times its length.
    cx.charge(layout.len() as u64 * 16)?;
    let text = in_zone(&time, zone).format(layout);
    own(cx, args, text.into(), fallen_back)
}

/// A result that rests on all arguments, and on the clock where one of them was not usable.
fn own(cx: &mut Cx<'_>, args: &[Item], text: Str, volatile: bool) -> Outcome {
    let mut prov = cx.prov_of(args);
    prov.volatile |= volatile && cx.here.is_some();
    Ok(Item {
        val: Val::Str(text),
        prov,
    })
}

/// `dateModify duration d`: the time later by a duration (`-1.5h`); unchanged if it cannot be read.
fn date_modify(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let time = time_argument(args, 1)?;
    let modified = match Duration::parse(bytes(args, 0)?) {
        Ok(duration) => time.add(duration),
        Err(_) => time.clone(),
    };
    Ok(Object::Time(modified).into())
}

/// `mustDateModify duration d`: the time later by a duration.
fn must_date_modify(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let time = time_argument(args, 1)?;
    let duration = Duration::parse(bytes(args, 0)?)?;
    Ok(Object::Time(time.add(duration)).into())
}

/// `toDate layout s`: the time that a text says; year 1 if it cannot be read.
fn to_date(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let time = parse::parse(bytes(args, 0)?, bytes(args, 1)?).unwrap_or(Time::ZERO);
    Ok(Object::Time(time).into())
}

/// `mustToDate layout s`: the time that a text says.
fn must_to_date(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let time = parse::parse(bytes(args, 0)?, bytes(args, 1)?)?;
    Ok(Object::Time(time).into())
}

/// `unixEpoch d`: seconds since 1970, as a string.
fn unix_epoch(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let seconds = time_argument(args, 0)?.unix_seconds();
    Ok(Val::string(seconds.to_string()).into())
}

/// `ago d`: how long ago it was, in whole seconds.
fn ago(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let now = current(cx);
    let since = args
        .first()
        .and_then(|item| moment(&item.val))
        .unwrap_or_else(|| now.clone());
    let text = now.since(&since).rounded_to_seconds().to_string();
    Ok(Val::string(text).into())
}

/// `duration seconds`: as Go writes durations. Digits in a string or an int64; anything else counts as zero.
fn duration_text(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let seconds = match args.first().map(|item| &item.val) {
        Some(Val::Str(text)) => parse_int(text.bytes()),
        Some(Val::Int64(seconds)) => *seconds,
        _ => 0,
    };
    let text = Duration(seconds.wrapping_mul(1_000_000_000)).to_string();
    Ok(Val::string(text).into())
}

/// `durationRound d`: only the largest unit, rounded down: `2h10m5s` is `2h`. `d` is a duration's text, nanoseconds
/// in an int64, or a time (how long ago it was).
fn duration_round(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let mut volatile = false;
    let duration = match args.first().map(|item| &item.val) {
        Some(Val::Str(text)) => Duration::parse(text.bytes()).unwrap_or(Duration(0)),
        Some(Val::Int64(nanoseconds)) => Duration(*nanoseconds),
        Some(val) => match as_time(val) {
            Some(time) => {
                volatile = true;
                current(cx).since(time)
            }
            None => Duration(0),
        },
        None => Duration(0),
    };
    own(cx, args, duration.largest_unit().into(), volatile)
}

fn current(cx: &Cx<'_>) -> Time {
    let (seconds, nanoseconds) = cx.volatile.now;
    Time::of_clock(seconds, nanoseconds)
}

/// The time that `date` and kin take a value for; None: the current one.
fn moment(val: &Val) -> Option<Time> {
    match val {
        Val::Int(seconds) | Val::Int64(seconds) => Some(Time::new(*seconds, 0, Zone::Local)),
        other => as_time(other).cloned(),
    }
}

fn as_time(val: &Val) -> Option<&Time> {
    match val {
        Val::Object(object) => match &**object {
            Object::Time(time) => Some(time),
            _ => None,
        },
        _ => None,
    }
}

fn time_argument(args: &[Item], index: usize) -> Result<&Time, CallError> {
    args.get(index)
        .and_then(|item| as_time(&item.val))
        .ok_or_else(|| format!("argument {} is no time", index + 1).into())
}

/// The same instant with the clock of a zone.
fn in_zone(time: &Time, name: &[u8]) -> Time {
    /// The bundled data, not that of the machine.
    static ZONES: OnceLock<TimeZoneDatabase> = OnceLock::new();
    if name == b"Local" {
        return time.with_zone(Zone::Local);
    }
    let zones = ZONES.get_or_init(TimeZoneDatabase::bundled);
    let zone = std::str::from_utf8(name)
        .ok()
        .and_then(|name| zones.get(name).ok())
        // Go finds zones by file names, where case counts.
        .filter(|zone| zone.iana_name().map(str::as_bytes) == Some(name));
    let Some(zone) = zone else {
        return time.with_zone(Zone::Utc);
    };
    let seconds = time.unix_seconds().clamp(
        jiff::Timestamp::MIN.as_second(),
        jiff::Timestamp::MAX.as_second(),
    );
    let Ok(instant) = jiff::Timestamp::from_second(seconds) else {
        return time.with_zone(Zone::Utc);
    };
    let info = zone.to_offset_info(instant);
    time.with_zone(Zone::Fixed {
        name: info.abbreviation().into(),
        offset: info.offset().seconds(),
    })
}

/// Go's `strconv.ParseInt` with its error ignored: 0 for what is no number, the nearest number for what is too large.
fn parse_int(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return 0;
    }
    let mut value = 0i64;
    for digit in digits {
        let digit = i64::from(digit - b'0');
        value = value
            .saturating_mul(10)
            .saturating_add(if negative { -digit } else { digit });
    }
    value
}

#[cfg(test)]
mod tests;
