//! What must not be shown: texts known to be secret, and values whose key says that they are.

use source::Place;

/// What stands where a secret was.
pub(crate) const HIDDEN: &str = "(hidden)";

/// The two ways to know a secret. Both are functions, so that reporters stay free of where secrets come from.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a> {
    /// Whether a key's name says that its value is secret (password, token, private key …).
    pub(crate) is_secret_key: &'a dyn Fn(&str) -> bool,
    /// Hides every text that is known to be secret, wherever it stands.
    pub(crate) redact: &'a dyn Fn(&str) -> String,
}

impl Secrets<'_> {
    /// A message without the secrets that are known.
    pub(super) fn text(&self, text: &str) -> String {
        (self.redact)(text)
    }

    /// A message about places: where it quotes a flag as typed, the flag's secrets are hidden too.
    pub(super) fn text_about<'p>(
        &self,
        text: &str,
        places: impl IntoIterator<Item = &'p Place>,
    ) -> String {
        let mut text = text.to_owned();
        for place in places {
            if let Place::Flag { text: flag } = place {
                text = text.replace(flag.as_ref(), &self.flag(flag));
            }
        }
        self.text(&text)
    }

    /// A flag as typed (`--set db.password=…`) without its secrets.
    pub(super) fn flag(&self, text: &str) -> String {
        match self.value_start(text, false) {
            Some(start) => (self.redact)(&format!("{}{HIDDEN}", &text[..start])),
            None => (self.redact)(text),
        }
    }

    /// For each line of a file, the byte from which on it must be hidden.
    ///
    /// Judged by the keys as written and by indentation, so that files that do not parse, and templates, are
    /// covered too: a value on the key's line, what is indented below such a key (block scalars, maps, lists),
    /// and `data` and `stringData` in a document that holds a Secret. All of the line behind a secret key goes:
    /// more than needed in flow style, never less.
    pub(super) fn hidden_parts(&self, text: &[u8]) -> Vec<Option<usize>> {
        let text = text_of_equal_length(text);
        let lines: Vec<&str> = text.split('\n').collect();
        let mut parts = Vec::with_capacity(lines.len());
        for document in lines.chunk_by(|_, next| !next.starts_with("---")) {
            self.hidden_parts_of_document(document, &mut parts);
        }
        parts
    }

    fn hidden_parts_of_document(&self, lines: &[&str], parts: &mut Vec<Option<usize>>) {
        let holds_secret = lines.iter().any(|line| is_kind_secret(line));
        // The column of the outermost secret key that is still open.
        let mut open: Option<Depth> = None;
        for line in lines {
            let layout = Layout::of(line);
            if layout.is_blank {
                parts.push(None);
                continue;
            }
            if open.is_some_and(|key| layout.depth > key) {
                parts.push(layout.hidden_below_secret_key(line));
                continue;
            }
            open = None;
            let value = self.value_start(line, holds_secret);
            if value.is_some() {
                open = Some(Depth {
                    column: layout.key_column,
                    is_item: false,
                });
            }
            parts.push(value.filter(|start| !is_structure(&line[*start..])));
        }
    }

    /// Where the value of the first secret key of a line starts.
    fn value_start(&self, line: &str, holds_secret: bool) -> Option<usize> {
        line.char_indices()
            .filter(|(_, character)| matches!(character, ':' | '='))
            .find_map(|(at, character)| {
                let (before, after) = (&line[..at], &line[at + 1..]);
                let separates = character == '='
                    || after.is_empty()
                    || after.starts_with([' ', '\t', '\r', '='])
                    || before.ends_with(['"', '\'']);
                let is_secret = separates && self.ends_in_secret_key(before, holds_secret);
                is_secret.then(|| line.len() - after.trim_start_matches([' ', '\t', '=']).len())
            })
    }

    fn ends_in_secret_key(&self, before: &str, holds_secret: bool) -> bool {
        let before = before.trim_end().trim_end_matches(['"', '\'']);
        let is_outside = |character: char| {
            character.is_whitespace()
                || matches!(character, '"' | '\'' | '{' | ',' | '(' | '=' | ':')
        };
        let key = before.rsplit(is_outside).next().unwrap_or_default();
        let is_data = holds_secret && matches!(key, "data" | "stringData");
        is_data
            || key
                .split(['.', '[', ']', '/'])
                .any(|step| !step.is_empty() && (self.is_secret_key)(step))
    }
}

/// How deep a line stands. A list item of a key may stand in the key's own column, and is still below it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Depth {
    column: usize,
    is_item: bool,
}

/// Indentation of a line and, in block style, its own key.
struct Layout {
    depth: Depth,
    /// Where the text behind indentation and dashes starts.
    key_column: usize,
    is_blank: bool,
}

impl Layout {
    fn of(line: &str) -> Self {
        let text = line.trim_start();
        let column = line.len() - text.len();
        let mut rest = text;
        while let Some(item) = rest.strip_prefix("- ") {
            rest = item.trim_start();
        }
        Self {
            depth: Depth {
                column,
                is_item: text.starts_with("- ") || text.trim_end() == "-",
            },
            key_column: line.len() - rest.len(),
            is_blank: text.is_empty(),
        }
    }

    /// Everything but indentation, dashes, and a key of the line's own.
    fn hidden_below_secret_key(&self, line: &str) -> Option<usize> {
        let text = &line[self.key_column..];
        let key_end = text
            .find(": ")
            .filter(|end| !text[..*end].contains(char::is_whitespace));
        let start = match key_end {
            Some(end) => end + 2,
            None if text.trim_end().ends_with(':')
                && !text.trim_end().contains(char::is_whitespace) =>
            {
                return None;
            }
            None => 0,
        };
        Some(self.key_column + start).filter(|start| !is_structure(&line[*start..]))
    }
}

/// Nothing secret: no value on this line, a block scalar's header, or brackets.
fn is_structure(value: &str) -> bool {
    let value = value.trim().trim_end_matches(',');
    let header = value.strip_prefix(['|', '>']);
    let is_header = header.is_some_and(|rest| {
        rest.len() <= 2
            && rest
                .chars()
                .all(|character| "+-123456789".contains(character))
    });
    is_header
        || matches!(
            value,
            "" | "{" | "}" | "[" | "]" | "{}" | "[]" | "\"\"" | "''" | "null" | "~"
        )
}

/// Block style, flow style or JSON; kinds that only begin like it are taken for it.
fn is_kind_secret(line: &str) -> bool {
    if !line.contains("Secret") {
        return false;
    }
    let is_kept = |character: &char| !character.is_whitespace() && !matches!(character, '"' | '\'');
    line.chars()
        .filter(is_kept)
        .collect::<String>()
        .contains("kind:Secret")
}

/// The text with a `?` for each byte that is no UTF-8, so that offsets are those of the bytes.
fn text_of_equal_length(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> String {
        let is_secret_key =
            |key: &str| key.to_lowercase().contains("password") || key == "credentials";
        let redact = |text: &str| text.replace("hunter2", HIDDEN);
        let secrets = Secrets {
            is_secret_key: &is_secret_key,
            redact: &redact,
        };
        let parts = secrets.hidden_parts(text.as_bytes());
        let show = |(line, part): (&str, &Option<usize>)| match part {
            Some(start) => format!("{}{HIDDEN}", &line[..*start]),
            None => line.to_owned(),
        };
        text.split('\n')
            .zip(&parts)
            .map(show)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn values_of_secret_keys_are_hidden_and_keys_are_shown() {
        for (line, shown) in [
            ("password: abc", "password: (hidden)"),
            (
                "  - adminPassword: 'a b' # why",
                "  - adminPassword: (hidden)",
            ),
            (
                r#"{"user":"me","password":"abc","x":1}"#,
                r#"{"user":"me","password":(hidden)"#,
            ),
            ("{{- $password := \"abc\" }}", "{{- $password := (hidden)"),
            ("password: |-", "password: |-"),
            ("password:", "password:"),
            ("password: \"\"", "password: \"\""),
            ("image: password:1.2", "image: password:1.2"),
            ("user: me", "user: me"),
        ] {
            assert_eq!(hidden(line), shown);
        }
    }

    #[test]
    fn what_stands_below_a_secret_key_is_hidden() {
        let text = "db:\n  password: |\n    one\n    two: x\n\n    three\n  user: me\ncredentials:\n- abc\n- name: x\n  \
                    more:\n    y: z\nplain: 1\n";
        let shown = "db:\n  password: |\n    (hidden)\n    two: (hidden)\n\n    (hidden)\n  user: me\ncredentials:\n- \
                     (hidden)\n- name: (hidden)\n  more:\n    y: (hidden)\nplain: 1\n";
        assert_eq!(hidden(text), shown);
    }

    #[test]
    fn data_of_a_secret_is_hidden_and_data_of_others_is_not() {
        let text = "kind: ConfigMap\ndata:\n  a: b\n---\ndata:\n  a: b\nkind: \"Secret\"\nstringData: {x: y}\n";
        let shown = "kind: ConfigMap\ndata:\n  a: b\n---\ndata:\n  a: (hidden)\nkind: \"Secret\"\nstringData: (hidden)\n";
        assert_eq!(hidden(text), shown);
    }

    #[test]
    fn bytes_that_are_no_text_do_not_shift_what_is_hidden() {
        let is_secret_key = |key: &str| key.contains("password");
        let redact = str::to_owned;
        let secrets = Secrets {
            is_secret_key: &is_secret_key,
            redact: &redact,
        };
        assert_eq!(
            secrets.hidden_parts(b"\xff\xfe\xff password: abc"),
            [Some(14)]
        );
    }

    #[test]
    fn a_secret_in_flow_style_is_one_too() {
        let text = r#"{"apiVersion": "v1", "kind": "Secret", "data": {"a": "b"}}"#;
        assert_eq!(
            hidden(text),
            r#"{"apiVersion": "v1", "kind": "Secret", "data": (hidden)"#
        );
    }

    #[test]
    fn flags_hide_the_values_of_secret_paths() {
        let is_secret_key = |key: &str| key == "password" || key == "credentials";
        let redact = |text: &str| text.replace("hunter2", HIDDEN);
        let secrets = Secrets {
            is_secret_key: &is_secret_key,
            redact: &redact,
        };
        for (flag, shown) in [
            (
                "--set a=1,db.password=x,b=2",
                "--set a=1,db.password=(hidden)",
            ),
            (
                "--set-json db={\"password\": \"x\"}",
                "--set-json db={\"password\": (hidden)",
            ),
            (
                "--set credentials.user=x",
                "--set credentials.user=(hidden)",
            ),
            ("--set note=hunter2", "--set note=(hidden)"),
            ("--set image.tag=2", "--set image.tag=2"),
        ] {
            assert_eq!(secrets.flag(flag), shown);
        }
    }
}
