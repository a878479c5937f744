//! Go's `time.Time`: an instant with a zone, its parts and its methods.

use super::duration::{Duration, SECOND};
use crate::functions::text::{bytes, int};
use crate::functions::{CallError, Outcome, Param};
use crate::value::{Item, Object, Val};
use std::sync::Arc;

/// An instant and the clock that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Time {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    seconds: i64,
    nanoseconds: u32,
    zone: Zone,
    /// Go's second clock, in nanoseconds since the process began; only `now` and times reached from it by durations
    /// have it.
    monotonic: Option<i64>,
}

/// What a time's clock shows. Templates cannot get a time in a zone with changing offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Zone {
    Utc,
    /// UTC as well, but Go tells them apart.
    Local,
    /// An offset in seconds east of UTC, and a name that may be empty.
    Fixed {
        name: Arc<str>,
        offset: i32,
    },
}

/// A date and a time of day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: i64,
    pub(super) day: i64,
    /// From 1.
    pub(super) year_day: i64,
    /// From Sunday, 0.
    pub(super) weekday: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

const DAY_SECONDS: i64 = 86_400;

/// Go writes the reading of its second clock; the moment after the process began stands for all of them.
const FIRST_READING: i64 = 1;

/// The years for which Go can hold a reading of the second clock: 33 bits of seconds from 1885 on.
const MONOTONIC_SECONDS: std::ops::Range<i64> = -2_682_288_000..-2_682_288_000 + (1 << 33);

impl Time {
    /// Go's zero value: the first moment of year 1.
    pub(super) const ZERO: Self = Self {
        seconds: -62_135_596_800,
        nanoseconds: 0,
        zone: Zone::Utc,
        monotonic: None,
    };

    pub(super) fn new(seconds: i64, nanoseconds: u32, zone: Zone) -> Self {
        Self {
            seconds,
            nanoseconds,
            zone,
            monotonic: None,
        }
    }

    /// The reading of a clock.
    pub(super) fn of_clock(seconds: i64, nanoseconds: u32) -> Self {
        Self {
            monotonic: MONOTONIC_SECONDS
                .contains(&seconds)
                .then_some(FIRST_READING),
            ..Self::new(seconds, nanoseconds, Zone::Local)
        }
    }

    /// The time that a date in a zone means; months and all smaller parts may lie outside their range.
    pub(super) fn of_civil(civil: [i64; 6], nanoseconds: u32, zone: Zone) -> Self {
        let [year, month, day, hour, minute, second] = civil.map(i128::from);
        let months = month - 1;
        let first = days_before(year + months.div_euclid(12), months.rem_euclid(12) + 1);
        let days = first + day - 1;
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second - i128::from(zone.offset());
        // Go's arithmetic wraps as well.
        Self::new(seconds as i64, nanoseconds, zone)
    }

    pub(super) fn with_zone(&self, zone: Zone) -> Self {
        Self::new(self.seconds, self.nanoseconds, zone)
    }

    pub(super) fn unix_seconds(&self) -> i64 {
        self.seconds
    }

    pub(super) fn nanoseconds(&self) -> u32 {
        self.nanoseconds
    }

    /// The zone's abbreviation and its offset in seconds east of UTC.
    pub(super) fn zone(&self) -> (&str, i32) {
        match &self.zone {
            Zone::Utc | Zone::Local => ("UTC", 0),
            Zone::Fixed { name, offset } => (name, *offset),
        }
    }

    pub(super) fn civil(&self) -> Civil {
        /// Seconds from the start of Go's calendar, in which times are unsigned, to 1970.
        const CALENDAR_START: u64 = 9_223_372_028_741_760_000;
        let shown = (self.seconds as u64)
            .wrapping_add(self.zone.offset() as u64)
            .wrapping_add(CALENDAR_START);
        let shown = i128::from(shown) - i128::from(CALENDAR_START);
        let day_seconds = i128::from(DAY_SECONDS);
        let (days, time) = (shown.div_euclid(day_seconds), shown.rem_euclid(day_seconds));
        let (days, time) = (days as i64, time as i64);
        let (year, month, day) = date_of(days);
        let new_year = days_before(i128::from(year), 1) as i64;
        Civil {
            year,
            month,
            day,
            year_day: days - new_year + 1,
            weekday: (days + 4).rem_euclid(7),
            hour: time / 3_600,
            minute: time / 60 % 60,
            second: time % 60,
        }
    }

    pub(super) fn add(&self, duration: Duration) -> Self {
        let nanoseconds = i64::from(self.nanoseconds) + duration.0 % SECOND;
        let seconds = self
            .seconds
            .wrapping_add(duration.0 / SECOND + nanoseconds.div_euclid(SECOND));
        Self {
            seconds,
            nanoseconds: nanoseconds.rem_euclid(SECOND) as u32,
            zone: self.zone.clone(),
            monotonic: self
                .monotonic
                .and_then(|reading| reading.checked_add(duration.0))
                .filter(|_| MONOTONIC_SECONDS.contains(&seconds)),
        }
    }

    /// The duration from another time to this; the nearest one where it is too long.
    pub(super) fn since(&self, other: &Self) -> Duration {
        if let (Some(this), Some(other)) = (self.monotonic, other.monotonic) {
            return Duration(this.saturating_sub(other));
        }
        let nanoseconds = self.since_epoch() - other.since_epoch();
        let limits = (i128::from(i64::MIN), i128::from(i64::MAX));
        Duration(nanoseconds.clamp(limits.0, limits.1) as i64)
    }

    /// Nanoseconds since 1970.
    fn since_epoch(&self) -> i128 {
        i128::from(self.seconds) * i128::from(SECOND) + i128::from(self.nanoseconds)
    }

    /// The same time of day on another date.
    fn add_date(&self, years: i64, months: i64, days: i64) -> Self {
        let civil = self.civil();
        let parts = [
            civil.year.wrapping_add(years),
            civil.month.wrapping_add(months),
            civil.day.wrapping_add(days),
            civil.hour,
            civil.minute,
            civil.second,
        ];
        Self::of_civil(parts, self.nanoseconds, self.zone.clone())
    }

    /// Go's `Time.String`, which shows the second clock too.
    fn text(&self) -> Vec<u8> {
        let mut text = self.format(b"2006-01-02 15:04:05.999999999 -0700 MST");
        if let Some(reading) = self.monotonic {
            let sign = if reading < 0 { '-' } else { '+' };
            let magnitude = reading.unsigned_abs();
            let (seconds, rest) = (magnitude / SECOND as u64, magnitude % SECOND as u64);
            text.extend_from_slice(format!(" m={sign}{seconds}.{rest:09}").as_bytes());
        }
        text
    }

    /// How Go source code would make the time.
    fn go_text(&self) -> String {
        let civil = self.civil();
        let zone = match &self.zone {
            Zone::Utc => "time.UTC".to_owned(),
            Zone::Local => "time.Local".to_owned(),
            Zone::Fixed { name, .. } => {
                format!("time.Location({})", super::parse::quoted(name.as_bytes()))
            }
        };
        format!(
            "time.Date({}, time.{}, {}, {}, {}, {}, {}, {zone})",
            civil.year,
            MONTHS[civil.month as usize - 1],
            civil.day,
            civil.hour,
            civil.minute,
            civil.second,
            self.nanoseconds,
        )
    }
}

impl Zone {
    fn offset(&self) -> i32 {
        match self {
            Self::Utc | Self::Local => 0,
            Self::Fixed { offset, .. } => *offset,
        }
    }
}

/// The text of a time in JSON and YAML.
pub(crate) fn rfc3339_nano(time: &Time) -> String {
    let text = time.format(b"2006-01-02T15:04:05.999999999Z07:00");
    String::from_utf8_lossy(&text).into_owned()
}

/// An instant in seconds since 1970, in a layout and UTC.
pub(crate) fn utc_text(seconds: i64, layout: &[u8]) -> Vec<u8> {
    Time::new(seconds, 0, Zone::Utc).format(layout)
}

/// The parameters of a method of times; None where Go's type has none of that name that a template can call.
pub(crate) fn method_params(name: &str) -> Option<&'static [Param]> {
    Some(match name {
        "Format" => &[Param::Str],
        "AddDate" => &[Param::Int, Param::Int, Param::Int],
        "Add" => &[Param::Int64],
        "After" | "Before" | "Equal" | "Compare" | "Sub" => &[Param::Time],
        "Unix" | "UnixMilli" | "UnixMicro" | "UnixNano" | "Year" | "Month" | "Day" | "Hour"
        | "Minute" | "Second" | "Nanosecond" | "Weekday" | "YearDay" | "UTC" | "Local"
        | "String" | "GoString" | "IsZero" | "IsDST" => &[],
        _ => return None,
    })
}

/// Calls a method of a time; None where Go's type has none of that name that a template can call.
///
/// Months and weekdays are strings here (Go has types of their own that print as their names), and so are durations.
pub(crate) fn time_member(time: &Time, name: &str, args: &[Item]) -> Option<Outcome> {
    method_params(name)?;
    Some(call(time, name, args))
}

fn call(time: &Time, name: &str, args: &[Item]) -> Outcome {
    let civil = time.civil();
    Ok(match name {
        "Format" => Val::string(time.format(bytes(args, 0)?)).into(),
        "AddDate" => made(time.add_date(int(args, 0)?, int(args, 1)?, int(args, 2)?)),
        "Add" => match args.first().map(|item| &item.val) {
            Some(Val::Int64(duration) | Val::Int(duration)) => made(time.add(Duration(*duration))),
            _ => return Err("argument 1 is no duration".into()),
        },
        "After" | "Before" | "Equal" | "Compare" | "Sub" => {
            compared(time, name, super::time_argument(args, 0)?)
        }
        "Unix" => Val::Int64(time.seconds).into(),
        "UnixMilli" => Val::Int64((time.since_epoch().div_euclid(1_000_000)) as i64).into(),
        "UnixMicro" => Val::Int64((time.since_epoch().div_euclid(1_000)) as i64).into(),
        "UnixNano" => Val::Int64(time.since_epoch() as i64).into(),
        "Year" => Val::Int(civil.year).into(),
        "Month" => Val::string(MONTHS[civil.month as usize - 1]).into(),
        "Day" => Val::Int(civil.day).into(),
        "Hour" => Val::Int(civil.hour).into(),
        "Minute" => Val::Int(civil.minute).into(),
        "Second" => Val::Int(civil.second).into(),
        "Nanosecond" => Val::Int(time.nanoseconds.into()).into(),
        "Weekday" => Val::string(WEEKDAYS[civil.weekday as usize]).into(),
        "YearDay" => Val::Int(civil.year_day).into(),
        "UTC" => made(time.with_zone(Zone::Utc)),
        "Local" => made(time.with_zone(Zone::Local)),
        "String" => Val::string(time.text()).into(),
        "GoString" => Val::string(time.go_text()).into(),
        "IsZero" => Val::Bool(time.since_epoch() == Time::ZERO.since_epoch()).into(),
        // Neither UTC nor a fixed offset has daylight-saving time.
        "IsDST" => Val::Bool(false).into(),
        _ => return Err(CallError::from("no such method")),
    })
}

fn compared(time: &Time, name: &str, other: &Time) -> Item {
    let order = match (time.monotonic, other.monotonic) {
        (Some(this), Some(other)) => this.cmp(&other),
        _ => time.since_epoch().cmp(&other.since_epoch()),
    };
    match name {
        "After" => Val::Bool(order.is_gt()).into(),
        "Before" => Val::Bool(order.is_lt()).into(),
        "Equal" => Val::Bool(order.is_eq()).into(),
        "Compare" => Val::Int(order as i64).into(),
        _ => Val::string(time.since(other).to_string()).into(),
    }
}

fn made(time: Time) -> Item {
    Object::Time(time).into()
}

/// Days from 1970 to the first of a month of the Gregorian calendar.
fn days_before(year: i128, month: i128) -> i128 {
    // Years begin in March here, so that the leap day is a year's last.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 - 719_468
}

/// Year, month and day of a day counted from 1970.
fn date_of(days: i64) -> (i64, i64, i64) {
    const CYCLE: i64 = 146_097;
    let days = days + 719_468;
    let (cycle, day) = (days.div_euclid(CYCLE), days.rem_euclid(CYCLE));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (cycle * 400 + year + carry, month, day)
}

/// How many days a month has.
pub(super) fn days_in(year: i64, month: i64) -> i64 {
    let year = i128::from(year) + i128::from(month / 12);
    let next = days_before(year, i128::from(month % 12 + 1));
    (next - days_before(year - i128::from(month / 12), i128::from(month))) as i64
}
