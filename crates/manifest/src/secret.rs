//! What is secret, and how it is hidden.

use crate::path::{FieldPath, FieldStep};
use crate::{Object, Scopes};
use std::borrow::Cow;
use yaml::Value;

/// What a text is replaced with.
const HIDDEN: &str = "(hidden)";

/// Words that make a key secret, after removal of everything but letters and digits.
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "token",
    "secret",
    "privatekey",
    "credential",
];

/// Endings of keys that say *which* secret, not what is in it (`existingSecret`, `tlsSecretName`), and settings
/// around tokens.
const REFERENCE_ENDINGS: &[&str] = &[
    "existingsecret",
    "secretname",
    "secretnames",
    "secretnamespace",
    "secretref",
    "secretkeyref",
    "secretsref",
    "pullsecrets",
    "pullsecret",
    "automountserviceaccounttoken",
    "serviceaccounttoken",
    "tokenrequests",
    "expirationseconds",
    "hassecret",
];

/// Secret texts shorter than this are not searched for: they would blot out unrelated text.
const SHORTEST_NEEDLE: usize = 4;

/// Whether a key says that its value is secret: password, token, secret, private key, credential. Names of
/// references to Secrets (`secretName`, `existingSecret`) do not.
pub fn is_secret_key(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    SECRET_WORDS.iter().any(|word| plain.contains(word))
        && !REFERENCE_ENDINGS
            .iter()
            .any(|ending| plain.ends_with(ending))
}

/// Whether a field's value must be hidden: `data` and `stringData` of a Secret, and values under secret keys
/// (`env[DB_PASSWORD].value` included).
pub fn is_secret_field(object: &Object, path: &FieldPath) -> bool {
    let keys = path.map_keys();
    if object.is("", "Secret")
        && matches!(keys.first(), Some(&("data" | "stringData")))
        && keys.len() > 1
    {
        return true;
    }
    if matches!(keys.first(), Some(&("apiVersion" | "kind"))) {
        return false;
    }
    let Some((last, above)) = path.0.split_last() else {
        return false;
    };
    let named_secret = |step: Option<&FieldStep>| matches!(step, Some(FieldStep::Item(name)) if is_secret_key(name));
    match last {
        // An environment variable: `env[DB_PASSWORD].value`.
        FieldStep::Key(key) if &**key == "value" && named_secret(above.last()) => return true,
        FieldStep::Key(key) if is_secret_key(key) => return true,
        // The items of `passwords: [a, b]`.
        FieldStep::Index(_) if keys.last().is_some_and(|key| is_secret_key(key)) => return true,
        _ => {}
    }
    // Custom resources carry free-form maps; in built-in kinds the keys above (`secret`, `secretKeyRef`,
    // `projected.sources.serviceAccountToken`) are structure.
    let holds = |key: &&&str| is_secret_key(key) && !matches!(**key, "secret" | "secrets");
    !Scopes::is_builtin(&object.id.group) && keys.iter().rev().skip(1).any(|key| holds(&key))
}

/// A text without the values of lines like `password: x`, `--token=x` or `"apiSecret": "x"`; the same text where it
/// has none.
pub fn mask_text(text: &str) -> Cow<'_, str> {
    if !SECRET_WORDS.iter().any(|word| contains_loosely(text, word)) {
        return Cow::Borrowed(text);
    }
    let masked: Vec<Cow<'_, str>> = text.split('\n').map(mask_line).collect();
    if masked.iter().all(|line| matches!(line, Cow::Borrowed(_))) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(masked.join("\n"))
}

/// Whether the letters and digits of a text hold a word, whatever stands between them.
fn contains_loosely(text: &str, word: &str) -> bool {
    let plain: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    plain.contains(word)
}

fn mask_line(line: &str) -> Cow<'_, str> {
    let Some(at) = line.find([':', '=']) else {
        return Cow::Borrowed(line);
    };
    let (key, value) = (&line[..at], line[at + 1..].trim());
    let key = key
        .trim_matches(|sign: char| sign.is_whitespace() || matches!(sign, '"' | '\'' | '-' | '{'));
    let is_key = !key.is_empty() && !key.contains(char::is_whitespace) && is_secret_key(key);
    // A second slash is a URL's, and references to environment variables are no values.
    if !is_key || value.is_empty() || value.starts_with("//") || value.starts_with("$(") {
        return Cow::Borrowed(line);
    }
    let space = if line[at + 1..].starts_with(' ') {
        " "
    } else {
        ""
    };
    Cow::Owned(format!("{}{space}{HIDDEN}", &line[..=at]))
}

/// Replaces known secret texts, plain and in base64, wherever they stand.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    /// Longest first, so that a secret within a secret does not leave the rest standing.
    needles: Vec<String>,
}

impl Redactor {
    /// Learns the secret values of an object (Secrets' data decoded too, and values under secret keys).
    pub fn learn(&mut self, object: &Object) {
        let mut found = Vec::new();
        object.for_each_leaf(&mut |path, entry| {
            if is_secret_field(object, path) {
                found.extend(secret_text(&entry.value));
            }
        });
        let encoded = object.is("", "Secret");
        for text in found {
            if encoded && let Some(plain) = base64_decode(&text) {
                self.learn_text(&plain);
            }
            self.learn_text(&text);
        }
    }

    /// Learns one secret text, plain; its base64 form is hidden too. Texts under four bytes are not searched for.
    pub fn learn_text(&mut self, text: &str) {
        let trimmed = text.trim_end_matches('\n');
        let lines = trimmed.lines().filter(|_| trimmed.contains('\n'));
        let forms = [
            text.to_owned(),
            trimmed.to_owned(),
            base64_encode(text.as_bytes()),
            base64_encode(trimmed.as_bytes()),
        ];
        for form in forms
            .into_iter()
            .chain(lines.map(|line| line.trim().to_owned()))
        {
            if form.len() >= SHORTEST_NEEDLE && !self.needles.contains(&form) {
                self.needles.push(form);
            }
        }
        self.needles
            .sort_by(|left, right| right.len().cmp(&left.len()).then_with(|| left.cmp(right)));
    }

    /// Whether nothing was learnt.
    /// Takes over what another one has learnt.
    pub fn merge(&mut self, other: &Self) {
        for needle in &other.needles {
            if !self.needles.contains(needle) {
                self.needles.push(needle.clone());
            }
        }
        self.needles
            .sort_by(|left, right| right.len().cmp(&left.len()).then_with(|| left.cmp(right)));
    }

    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// The text with every known secret replaced by `(hidden)`.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut result = Cow::Borrowed(text);
        for needle in &self.needles {
            if result.contains(needle.as_str()) {
                result = Cow::Owned(result.replace(needle.as_str(), HIDDEN));
            }
        }
        result
    }
}

/// Booleans and nulls are never secret.
fn secret_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.as_ref().to_owned()),
        Value::Int(number) => Some(number.to_string()),
        Value::Uint(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        _ => None,
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Standard base64 with padding, as Secrets are written.
pub fn base64_encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0_u32, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let index = (group >> (18 - 6 * position) & 63) as usize;
            text.push(if position <= chunk.len() {
                ALPHABET[index] as char
            } else {
                '='
            });
        }
    }
    text
}

/// The text that standard base64 stands for; None for other text and for bytes that are no UTF-8.
pub fn base64_decode(text: &str) -> Option<String> {
    let clean: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
        .collect();
    let body = clean.split(|byte| *byte == b'=').next()?;
    if clean.is_empty() || !clean.len().is_multiple_of(4) || clean.len() - body.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(body.len() * 3 / 4);
    for chunk in body.chunks(4) {
        let digit = |byte: &u8| ALPHABET.iter().position(|sign| sign == byte);
        let digits: Vec<usize> = chunk.iter().map(digit).collect::<Option<_>>()?;
        let group = digits
            .iter()
            .fold(0_u32, |group, digit| group << 6 | *digit as u32)
            << (6 * (4 - chunk.len()));
        bytes.extend(
            group.to_be_bytes()[1..]
                .iter()
                .take(chunk.len().saturating_sub(1)),
        );
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_names_tell_secrets_from_references() {
        let secret = [
            "password",
            "DB_PASSWORD",
            "apiToken",
            "private-key",
            "tls.privateKey",
            "clientSecret",
            "credentials",
        ];
        let open = [
            "secretName",
            "existingSecret",
            "imagePullSecrets",
            "username",
            "passwordSecretName",
            "key",
            "secretKeyRef",
        ];
        for name in secret {
            assert!(is_secret_key(name), "{name}");
        }
        for name in open {
            assert!(!is_secret_key(name), "{name}");
        }
    }

    #[test]
    fn base64_goes_both_ways() {
        for (plain, encoded) in [
            ("a", "YQ=="),
            ("ab", "YWI="),
            ("abc", "YWJj"),
            ("hunter2", "aHVudGVyMg=="),
        ] {
            assert_eq!(base64_encode(plain.as_bytes()), encoded);
            assert_eq!(base64_decode(encoded).as_deref(), Some(plain));
        }
        assert_eq!(base64_decode("not base64!"), None);
        assert_eq!(base64_decode("YQ"), None);
    }

    #[test]
    fn known_secrets_go_in_both_forms() {
        let mut redactor = Redactor::default();
        redactor.learn_text("hunter2");
        assert_eq!(
            redactor.redact("x hunter2 aHVudGVyMg== y"),
            "x (hidden) (hidden) y"
        );
        redactor.learn_text("no");
        assert_eq!(redactor.redact("no"), "no");
    }

    #[test]
    fn lines_with_secret_keys_are_masked() {
        let cases = [
            ("a: 1\npassword: x\n", "a: 1\npassword: (hidden)\n"),
            ("--api-token=abc", "--api-token=(hidden)"),
            ("  \"clientSecret\": \"x\",", "  \"clientSecret\": (hidden)"),
            ("--password=$(DB_PASSWORD)", "--password=$(DB_PASSWORD)"),
            (
                "the password is: told elsewhere",
                "the password is: told elsewhere",
            ),
            ("nothing here", "nothing here"),
        ];
        for (text, expected) in cases {
            assert_eq!(mask_text(text), expected);
        }
    }
}
