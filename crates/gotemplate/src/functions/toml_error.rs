//! What BurntSushi's TOML library says about a text that the parser here refused, as far as that is known.

use toml::de::Error;

/// `toml: line N (last key "k"): …`. Messages that are not known are the parser's own.
pub(crate) fn describe(text: &str, error: &Error) -> String {
    let at = error
        .span()
        .map_or(text.len(), |span| span.start.min(text.len()));
    let place = Place::find(text, at);
    let message = place.message(text, at, error.message());
    // The library names no key where it expects one, or the end of a line.
    let before_value = [
        "key with no value",
        "unexpected key or value",
        "unquoted keys cannot be empty",
    ];
    if before_value
        .iter()
        .any(|start| error.message().starts_with(start))
    {
        return format!("toml: line {}: {message}", place.line);
    }
    place.prefixed(&message)
}

/// The error for an integer beyond 64 bits at an offset.
pub(crate) fn out_of_range(text: &str, at: usize, digits: &str) -> String {
    Place::find(text, at).prefixed(&format!("{digits} is out of range for int64"))
}

/// Where in a text an error is.
struct Place {
    line: usize,
    /// The dotted key whose value was being read, its table's header included.
    key: Option<String>,
    /// Whether a value should begin at the error.
    wants_value: bool,
    line_start: usize,
    /// Where the value begins, if there is one.
    value: usize,
}

impl Place {
    /// Reads line by line: good enough for texts without multi-line strings.
    fn find(text: &str, at: usize) -> Self {
        let mut place = Self {
            line: 1,
            key: None,
            wants_value: false,
            line_start: 0,
            value: at,
        };
        let mut table = String::new();
        let mut offset = 0;
        for line in text[..at].split_inclusive('\n') {
            let trimmed = line.trim_start();
            if trimmed.starts_with('[') {
                table = trimmed
                    .trim_end()
                    .trim_matches(['[', ']'])
                    .trim()
                    .to_owned();
                (place.key, place.wants_value) = (None, false);
            } else if let Some((name, value)) =
                line.split_once('=').filter(|_| !trimmed.starts_with('#'))
            {
                let key = name.trim();
                place.key = Some(if table.is_empty() {
                    key.to_owned()
                } else {
                    format!("{table}.{key}")
                });
                place.wants_value = value.trim_matches([' ', '\t']).is_empty();
                place.value = offset + name.len() + 1;
            }
            place.line_start = offset;
            offset += line.len();
            place.line += usize::from(line.ends_with('\n'));
        }
        place
    }

    fn prefixed(&self, message: &str) -> String {
        match &self.key {
            Some(key) => format!("toml: line {} (last key {key:?}): {message}", self.line),
            None => format!("toml: line {}: {message}", self.line),
        }
    }

    fn message(&self, text: &str, at: usize, own: &str) -> String {
        let rest = &text[at..];
        let first = rest.chars().next();
        if self.wants_value
            && let Some(message) = no_value(rest)
        {
            return message;
        }
        let value = text[self.value.min(text.len())..].trim_start_matches([' ', '\t']);
        let token = value
            .split(['\n', ' ', ',', ']', '}', '#'])
            .next()
            .unwrap_or_default();
        let is = |start: &str| own.starts_with(start);
        match first {
            _ if is("duplicate key") => {
                let name = rest
                    .split(['=', ']', '\n', ' ', '.'])
                    .next()
                    .unwrap_or_default();
                format!("Key '{name}' has already been defined.")
            }
            None if is("key with no value") => {
                "unexpected EOF; expected key separator '='".to_owned()
            }
            Some(_) if is("key with no value") => {
                let other = after(&text[self.line_start..], |c| {
                    c.is_ascii_alphanumeric() || "_-".contains(c)
                });
                format!("expected '.' or '=', but got {other:?} instead")
            }
            Some(_) if is("unexpected key or value") => {
                let other = after(value, |c| !matches!(c, ' ' | '\t' | '\n'));
                format!(
                    "expected a top-level item to end with a newline, comment, or EOF, but got {other:?} instead"
                )
            }
            _ if is("unquoted keys cannot be empty") => {
                "unexpected '=': key name appears blank".to_owned()
            }
            _ if is("unexpected leading zero") => {
                format!("Invalid integer {token:?}: cannot have leading zeroes")
            }
            _ if is("`_` may only go") => {
                format!("Invalid integer {token:?}: underscores must be surrounded by digits")
            }
            None if is("invalid basic string") => "unexpected EOF; expected '\"'".to_owned(),
            None if is("invalid literal string") => "unexpected EOF; expected \"'\"".to_owned(),
            None if is("unclosed array") => {
                "expected a comma (',') or array terminator (']'), but got end of file".to_owned()
            }
            None if is("unclosed inline table") => {
                "expected a comma or an inline table terminator '}', but got end of file instead"
                    .to_owned()
            }
            _ => own.to_owned(),
        }
    }
}

/// The message where something stands that begins no value.
fn no_value(rest: &str) -> Option<String> {
    let Some(first) = rest.chars().next() else {
        return Some("unexpected EOF; expected value".to_owned());
    };
    let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    match first {
        _ if word.len() > 1 => Some(format!("expected value but found {word:?} instead")),
        '"' | '\'' | '[' | '{' | '0'..='9' | '+' | '-' => None,
        other => Some(format!("expected value but found {other:?} instead")),
    }
}

/// The character behind a run of characters and the blanks that follow it.
fn after(text: &str, run: impl Fn(char) -> bool) -> char {
    let rest = text
        .trim_start()
        .trim_start_matches(run)
        .trim_start_matches([' ', '\t']);
    rest.chars().next().unwrap_or('\n')
}
