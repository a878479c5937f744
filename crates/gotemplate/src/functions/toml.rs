//! Helm's TOML functions. (Writing: `toml_text`.)

use super::decoded::Reading;
use super::{CallError, Cx, Flow, Function, Outcome, Param, survey, toml_error, toml_text};
use crate::value::{ElementType, Item, List, Val};
use Param::{Any, Str};
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// Go's layout of the times that TOML has.
const RFC3339: &str = "2006-01-02T15:04:05Z07:00";

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("toToml", &[Any], Flow::Own, to_toml),
    must_to_toml_entry(),
    Function::new("fromToml", &[Str], Flow::Own, from_toml),
];

const fn must_to_toml_entry() -> Function {
    Function {
        helm4_only: true,
        ..Function::new("mustToToml", &[Any], Flow::Own, must_to_toml)
    }
}

/// `toToml v`: the text of the error for what has no TOML.
fn to_toml(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    match marshal(cx, args)? {
        Ok(item) => Ok(item),
        Err(message) => Ok(Item {
            val: Val::string(message),
            prov: cx.prov_of(args),
        }),
    }
}

/// `mustToToml v`
fn must_to_toml(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    Ok(marshal(cx, args)??)
}

fn marshal(cx: &mut Cx<'_>, args: &[Item]) -> Result<Result<Item, String>, CallError> {
    let Some(item) = args.first().filter(|item| !item.val.is_nil()) else {
        return Err("reflect: call of reflect.Value.Type on zero Value".into());
    };
    let item = survey::for_text(cx, item).map_err(|_| super::merge::too_deep())?;
    Ok(toml_text::write(cx.text(), &item, cx.helm).map(|out| Item {
        val: Val::Str(out.finish()),
        prov: item.prov,
    }))
}

/// `fromToml s`: a map; a map with the key `Error` for what is no TOML.
fn from_toml(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let Some((source, text)) = args
        .first()
        .and_then(|item| Some((item, item.val.as_str()?)))
    else {
        return Err("fromToml needs a string".into());
    };
    cx.charge(text.len() as u64 * 8)?;
    let reading = Reading::new(cx, source, text);
    let Ok(utf8) = std::str::from_utf8(text.bytes()) else {
        return Ok(reading.error_map("toml: invalid UTF-8"));
    };
    let table = match DeTable::parse(utf8) {
        Ok(table) => table,
        Err(error) => return Ok(reading.error_map(&toml_error::describe(utf8, &error))),
    };
    let mut reader = Reader {
        cx,
        reading: &reading,
        unreadable: None,
    };
    let val = reader.table(table.get_ref());
    Ok(match reader.unreadable {
        None => Item {
            val,
            prov: reading.whole,
        },
        Some((at, digits)) => reading.error_map(&toml_error::out_of_range(utf8, at, &digits)),
    })
}

/// The parser's tree as template values.
struct Reader<'a, 'b, 'r> {
    cx: &'a mut Cx<'b>,
    reading: &'a Reading<'r>,
    /// The first integer beyond 64 bits, and where it stands.
    unreadable: Option<(usize, String)>,
}

impl Reader<'_, '_, '_> {
    fn table(&mut self, table: &DeTable<'_>) -> Val {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            let mut item = self.item(value);
            let key_prov = self.reading.of_range(self.cx, key.span());
            item.prov = self.cx.tables.join(key_prov, item.prov);
            entries.push((Arc::from(&**key.get_ref()), item));
        }
        Val::map(entries)
    }

    fn item(&mut self, value: &Spanned<DeValue<'_>>) -> Item {
        let span = value.span();
        // What is in a container has places of its own.
        let span = match value.get_ref() {
            DeValue::Array(_) | DeValue::Table(_) => span.start..(span.start + 1).min(span.end),
            _ => span,
        };
        Item {
            val: self.value(value),
            prov: self.reading.of_range(self.cx, span),
        }
    }

    /// Whether an array was spelled as `[[x]]` tables, which have another Go type than tables in an array.
    fn has_headers(&self, array: &[Spanned<DeValue<'_>>]) -> bool {
        array.first().is_some_and(|first| {
            matches!(first.get_ref(), DeValue::Table(_))
                && self.reading.text().get(first.span().start) != Some(&b'{')
        })
    }

    /// A `time.Time`, read as `toDate` reads it. What has no offset is taken as UTC; Go names such zones otherwise.
    fn time(&mut self, time: &Datetime) -> Val {
        let date = time
            .date
            .map_or_else(|| "0000-01-01".to_owned(), |date| date.to_string());
        let clock = time
            .time
            .map_or_else(|| "00:00:00".to_owned(), |clock| clock.to_string());
        let offset = time
            .offset
            .map_or_else(|| "Z".to_owned(), |offset| offset.to_string());
        let args = [RFC3339.to_owned(), format!("{date}T{clock}{offset}")]
            .map(|text| Val::string(text).into());
        let read = super::find("mustToDate").map(|function| (function.run)(self.cx, &args));
        read.and_then(Result::ok).map_or(Val::Nil, |item| item.val)
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Val {
        match value.get_ref() {
            DeValue::String(text) => Val::string(text.as_bytes()),
            DeValue::Integer(integer) => {
                match i64::from_str_radix(integer.as_str(), integer.radix()) {
                    Ok(integer) => Val::Int64(integer),
                    Err(_) => {
                        self.unreadable.get_or_insert_with(|| {
                            (value.span().start, integer.as_str().to_owned())
                        });
                        Val::Nil
                    }
                }
            }
            DeValue::Float(float) => Val::Float(self::float(float.as_str())),
            DeValue::Boolean(value) => Val::Bool(*value),
            DeValue::Datetime(time) => self.time(time),
            DeValue::Array(array) => {
                let element_type = if self.has_headers(array) {
                    ElementType::Map
                } else {
                    ElementType::Interface
                };
                Val::List(List::new(
                    element_type,
                    array.iter().map(|value| self.item(value)).collect(),
                ))
            }
            DeValue::Table(table) => self.table(table),
        }
    }
}

fn float(text: &str) -> f64 {
    match text.trim_start_matches(['+', '-']) {
        "nan" => f64::NAN,
        _ => text.parse().unwrap_or_default(),
    }
}
