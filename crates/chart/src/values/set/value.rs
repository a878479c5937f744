//! What stands behind the `=`.

use super::setter::{Dialect, Flow, Setter};
use crate::values::json;
use yaml::{Entry, Value};

impl Setter<'_, '_> {
    /// What follows `=`.
    pub(super) fn value(&mut self) -> Result<(Value, Flow), String> {
        match &mut self.dialect {
            Dialect::Given(value) => return Ok((value.clone(), Flow::End)),
            Dialect::Json => return self.json_value(),
            Dialect::Literal => {
                let (text, _) = self.scanner.until(&[]);
                return Ok((Value::string(text), Flow::Continue));
            }
            Dialect::Typed | Dialect::Text | Dialect::File(_) => {}
        }
        if self.scanner.is_at_end() {
            return Ok((Value::string(""), Flow::End));
        }
        if self.scanner.accept('{') {
            return Ok((self.braces()?, Flow::Continue));
        }
        let (text, _) = self.scanner.until(&[',']);
        Ok((self.scalar(&text)?, Flow::Continue))
    }

    /// `{a,b}`
    fn braces(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.scanner.until(&[',', '}']);
            let Some(stop) = stop else {
                return Err("list must terminate with '}'".to_owned());
            };
            items.push(Entry::unmarked(self.scalar(&text)?));
            if stop == '}' {
                self.scanner.accept(',');
                return Ok(Value::list(items));
            }
        }
    }

    fn scalar(&mut self, text: &str) -> Result<Value, String> {
        match &mut self.dialect {
            Dialect::File(read) => read(text),
            Dialect::Typed => Ok(typed(text)),
            _ => Ok(Value::string(text)),
        }
    }

    fn json_value(&mut self) -> Result<(Value, Flow), String> {
        if self.scanner.skip_to_next() {
            return Ok((Value::Null, Flow::Continue));
        }
        let (value, length) = json::first_value(self.scanner.rest())?;
        self.scanner.skip(length);
        self.scanner.skip_to_next();
        Ok((value, Flow::Continue))
    }
}

/// The type of a plain `--set` value.
fn typed(text: &str) -> Value {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("true") || is("false") {
        return Value::Bool(is("true"));
    }
    if is("null") {
        return Value::Null;
    }
    if text == "0" {
        return Value::Int(0);
    }
    match text.parse() {
        Ok(number) if !text.starts_with('0') => Value::Int(number),
        _ => Value::string(text),
    }
}
