//! YAML into Go structs: what `sigs.k8s.io/yaml` and encoding/json accept for a field, and what they say otherwise.

use yaml::{Map, Value};

/// Where a value goes, for messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    /// Go's name of the innermost struct; empty for one without a name.
    pub(crate) structure: &'a str,
    /// The path of JSON names from the outermost struct.
    pub(crate) path: &'a str,
}

/// Collects the first mismatch, as encoding/json does: it goes on, and reports at the end.
#[derive(Debug, Default)]
pub(crate) struct Decoding {
    mismatch: Option<String>,
}

impl Decoding {
    /// The outcome, with the prefixes that the YAML library puts in front.
    pub(crate) fn finish(self) -> Result<(), String> {
        match self.mismatch {
            Some(mismatch) => Err(format!(
                "error unmarshaling JSON: while decoding JSON: json: {mismatch}"
            )),
            None => Ok(()),
        }
    }

    /// The map that a whole document must be; null is an empty one.
    pub(crate) fn document<'a>(&mut self, value: &'a Value, go_type: &str) -> Option<&'a Map> {
        if !value.is_null() && value.as_map().is_none() {
            self.record(format!(
                "cannot unmarshal {} into Go value of type {go_type}",
                json_kind(value)
            ));
        }
        value.as_map()
    }

    /// Null leaves the field alone.
    pub(crate) fn string(&mut self, value: &Value, field: Field<'_>, target: &mut String) {
        match string_text(value) {
            Some(text) => *target = text,
            None if value.is_null() => {}
            None => self.mismatch(value, field, "string"),
        }
    }

    pub(crate) fn boolean(&mut self, value: &Value, field: Field<'_>, target: &mut bool) {
        match value {
            Value::Bool(value) => *target = *value,
            Value::Null => {}
            _ => self.mismatch(value, field, "bool"),
        }
    }

    pub(crate) fn strings(&mut self, value: &Value, field: Field<'_>, target: &mut Vec<String>) {
        let Some(items) = self.list(value, field, "[]string") else {
            return;
        };
        target.clear();
        for item in items {
            let mut text = String::new();
            self.string(&item.value, field, &mut text);
            target.push(text);
        }
    }

    pub(crate) fn list<'a>(
        &mut self,
        value: &'a Value,
        field: Field<'_>,
        go_type: &str,
    ) -> Option<&'a [yaml::Entry]> {
        if !value.is_null() && value.as_list().is_none() {
            self.mismatch(value, field, go_type);
        }
        value.as_list()
    }

    pub(crate) fn map<'a>(
        &mut self,
        value: &'a Value,
        field: Field<'_>,
        go_type: &str,
    ) -> Option<&'a Map> {
        if !value.is_null() && value.as_map().is_none() {
            self.mismatch(value, field, go_type);
        }
        value.as_map()
    }

    fn mismatch(&mut self, value: &Value, field: Field<'_>, go_type: &str) {
        let (kind, Field { structure, path }) = (json_kind(value), field);
        self.record(format!(
            "cannot unmarshal {kind} into Go struct field {structure}.{path} of type {go_type}"
        ));
    }

    fn record(&mut self, mismatch: String) {
        self.mismatch.get_or_insert(mismatch);
    }
}

/// The text of a scalar where Go wants a string; None for what gives none.
fn string_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Uint(value) => Some(value.to_string()),
        Value::Float(value) => Some(float32_text(*value)),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}

fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => "number",
        Value::String(_) | Value::Bytes(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    }
}

/// `strconv.FormatFloat(value, 'g', -1, 32)`: the library narrows floats that go into strings.
fn float32_text(value: f64) -> String {
    let scientific = format!("{:e}", value as f32);
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return format!("{}", value as f32);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// Whether a key of a document is this JSON name: Go ignores case.
pub(crate) fn same_name(key: &str, name: &str) -> bool {
    key.eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_become_strings_as_in_chart_yaml() {
        let cases: &[(Value, &str)] = &[
            (Value::Float(1.1), "1.1"),
            (Value::Float(1.0), "1"),
            (Value::Float(1000.0), "1000"),
            (Value::Int(12_345_678), "12345678"),
            (Value::Float(20_230_101.5), "2.0230102e+07"),
            (Value::Float(123_456_789.123), "1.2345679e+08"),
            (Value::Float(0.00001), "1e-05"),
            (Value::Float(1_000_000.0), "1e+06"),
            (Value::Bool(true), "true"),
        ];
        for (value, expected) in cases {
            assert_eq!(string_text(value).as_deref(), Some(*expected));
        }
    }

    #[test]
    fn the_first_mismatch_is_reported_with_its_field() {
        let field = Field {
            structure: "Metadata",
            path: "keywords",
        };
        let mut decoding = Decoding::default();
        decoding.strings(&Value::from("x"), field, &mut Vec::new());
        decoding.boolean(
            &Value::Int(1),
            Field {
                path: "deprecated",
                ..field
            },
            &mut false,
        );
        let expected = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go struct \
                        field Metadata.keywords of type []string";
        assert_eq!(decoding.finish().unwrap_err(), expected);
    }
}
