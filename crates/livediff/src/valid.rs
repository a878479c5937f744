//! What a value must be (`must` in `data/valid.yaml`).

use crate::defaults::same;
use manifest::IntOrPercent;
use yaml::Value;

/// Bounds of a single value; what is not given does not bind.
#[derive(Debug, Default)]
pub(crate) struct Must {
    kind: Option<String>,
    min: Option<i64>,
    max: Option<i64>,
    max_percent: Option<i64>,
    max_length: Option<i64>,
    listed: Option<Vec<Value>>,
}

impl Must {
    pub(crate) fn read(row: &Value) -> Self {
        let number = |key: &str| row.at(&[key]).and_then(Value::as_i64);
        let listed = row.at(&["enum"]).and_then(Value::as_list);
        Self {
            kind: row.at(&["type"]).and_then(Value::as_str).map(str::to_owned),
            min: number("min"),
            max: number("max"),
            max_percent: number("max-percent"),
            max_length: number("max-length"),
            listed: listed.map(|items| items.iter().map(|item| item.value.clone()).collect()),
        }
    }

    /// Whether a value breaks any bound. Null breaks none: it leaves the field out.
    pub(crate) fn is_broken_by(&self, value: &Value) -> bool {
        if value.is_null() {
            return false;
        }
        let length = value.as_str().map(|text| text.chars().count() as i64);
        let number = value.as_i64();
        let percent = match IntOrPercent::from_value(value) {
            Some(IntOrPercent::Percent(percent)) => Some(percent),
            _ => None,
        };
        let over = |found: Option<i64>, bound: Option<i64>| {
            found.zip(bound).is_some_and(|(found, bound)| found > bound)
        };
        let under = |found: Option<i64>| {
            found
                .zip(self.min)
                .is_some_and(|(found, bound)| found < bound)
        };
        self.kind
            .as_deref()
            .is_some_and(|kind| !is_of_kind(kind, value))
            || over(number, self.max)
            || over(percent, self.max_percent)
            || over(length, self.max_length)
            || under(number)
            || under(percent)
            || self
                .listed
                .as_ref()
                .is_some_and(|listed| !listed.iter().any(|item| same(item, value)))
    }
}

fn is_of_kind(kind: &str, value: &Value) -> bool {
    match kind {
        "integer" => value.as_i64().is_some(),
        "string" => value.as_str().is_some(),
        "int-or-percent" => IntOrPercent::from_value(value).is_some(),
        "port" => is_port(value),
        "cron" => value.as_str().is_some_and(is_schedule),
        _ => true,
    }
}

/// A number, or a port's name: up to 15 lower-case letters, digits and dashes, with a letter among them.
fn is_port(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let allowed =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            text.len() <= 15
                && text.bytes().all(allowed)
                && text.bytes().any(|byte| byte.is_ascii_lowercase())
        }
        number => number
            .as_i64()
            .is_some_and(|number| (1..=65_535).contains(&number)),
    }
}

/// Five fields, or a macro such as `@daily`.
fn is_schedule(text: &str) -> bool {
    text.starts_with('@') || text.split_whitespace().count() == 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_bind() {
        let must = |text: &str| Must::read(&crate::shapes::table_value(text));
        let cases = [
            ("{type: integer, min: 0}", Value::from("3"), true),
            ("{type: integer, min: 0}", Value::Int(3), false),
            ("{type: integer, min: 0}", Value::Int(-1), true),
            (
                "{type: int-or-percent, max-percent: 100}",
                Value::from("101%"),
                true,
            ),
            (
                "{type: int-or-percent, max-percent: 100}",
                Value::Int(101),
                false,
            ),
            ("{type: int-or-percent}", Value::from("1"), true),
            ("{type: port}", Value::from("8080"), true),
            ("{type: port}", Value::from("http"), false),
            ("{type: port}", Value::Int(0), true),
            ("{type: cron}", Value::from("0 0 3 * * *"), true),
            ("{type: cron}", Value::from("@daily"), false),
            ("{max-length: 3}", Value::from("abcd"), true),
            ("{enum: [1]}", Value::Int(2), true),
            ("{enum: [1]}", Value::Null, false),
        ];
        for (bounds, value, broken) in cases {
            assert_eq!(
                must(bounds).is_broken_by(&value),
                broken,
                "{bounds} {value:?}"
            );
        }
    }
}
