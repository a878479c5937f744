//! Reading a time in a layout.

use super::layout::next_chunk;
use super::reader::{Problem, Reader, signed};
use super::time::{Time, Zone, days_in};
use std::fmt::Write as _;

/// The time that a text means. Without a zone it is local. The error is Go's.
pub(super) fn parse(layout: &[u8], text: &[u8]) -> Result<Time, String> {
    let mut reader = Reader {
        rest: text,
        fields: Fields::default(),
    };
    let failed = |element: &[u8], at: &[u8]| {
        format!(
            "parsing time {} as {}: cannot parse {} as {}",
            quoted(text),
            quoted(layout),
            quoted(at),
            quoted(element)
        )
    };
    let mut rest = layout;
    loop {
        let chunk = next_chunk(rest);
        rest = chunk.suffix;
        reader
            .skip(chunk.prefix)
            .map_err(|at| failed(chunk.prefix, at))?;
        let Some((element, name)) = chunk.element else {
            break;
        };
        let before = reader.rest;
        reader
            .element(element, rest)
            .map_err(|problem| match problem {
                Problem::Syntax => failed(name, before),
                Problem::Range(what) => {
                    format!("parsing time {}: {what} out of range", quoted(text))
                }
            })?;
    }
    if !reader.rest.is_empty() {
        let extra = quoted(reader.rest);
        return Err(format!(
            "parsing time {}: extra text: {extra}",
            quoted(text)
        ));
    }
    reader
        .fields
        .time()
        .map_err(|problem| format!("parsing time {}: {problem}", quoted(text)))
}

/// What has been read so far.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) year: i64,
    pub(super) month: Option<i64>,
    pub(super) day: Option<i64>,
    pub(super) year_day: Option<i64>,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) nanosecond: u32,
    pub(super) morning: bool,
    pub(super) afternoon: bool,
    pub(super) utc: bool,
    pub(super) offset: Option<i32>,
    pub(super) zone_name: String,
}

impl Fields {
    /// The error is what Go says after the text.
    fn time(mut self) -> Result<Time, String> {
        if self.afternoon && self.hour < 12 {
            self.hour += 12;
        } else if self.morning && self.hour == 12 {
            self.hour = 0;
        }
        let (month, day) = self.month_and_day()?;
        if day < 1 || day > days_in(self.year, month) {
            return Err("day out of range".to_owned());
        }
        let civil = [self.year, month, day, self.hour, self.minute, self.second];
        if self.offset.is_none() && !self.utc {
            // A zone's name alone, even `GMT+3`, does not move the instant.
            let time = Time::of_civil(civil, self.nanosecond, Zone::Utc);
            return Ok(time.with_zone(self.zone()));
        }
        Ok(Time::of_civil(civil, self.nanosecond, self.zone()))
    }

    fn month_and_day(&self) -> Result<(i64, i64), String> {
        let Some(year_day) = self.year_day else {
            return Ok((self.month.unwrap_or(1), self.day.unwrap_or(1)));
        };
        let mut day = year_day;
        let mut month = 1;
        while month < 12 && day > days_in(self.year, month) {
            day -= days_in(self.year, month);
            month += 1;
        }
        if year_day < 1 || day > days_in(self.year, month) {
            return Err("day-of-year out of range".to_owned());
        }
        if self.month.is_some_and(|given| given != month) {
            return Err("day-of-year does not match month".to_owned());
        }
        if self.day.is_some_and(|given| given != day) {
            return Err("day-of-year does not match day".to_owned());
        }
        Ok((month, day))
    }

    fn zone(&self) -> Zone {
        if self.utc {
            return Zone::Utc;
        }
        let name = self.zone_name.as_str();
        match self.offset {
            Some(0) if name.is_empty() => Zone::Local,
            Some(offset) => Zone::Fixed {
                name: name.into(),
                offset,
            },
            None if name.is_empty() => Zone::Local,
            // An abbreviation that says nothing but an offset from GMT; others mean UTC under another name.
            None => Zone::Fixed {
                name: name.into(),
                offset: name
                    .strip_prefix("GMT")
                    .and_then(|hours| signed(hours.as_bytes()))
                    .unwrap_or(0) as i32
                    * 3_600,
            },
        }
    }
}

/// The `time` package's own way to quote: what is not printable ASCII is written byte by byte.
pub(super) fn quoted(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in text {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(byte.into());
            }
            b' '..=0x7f => out.push(byte.into()),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push('"');
    out
}
