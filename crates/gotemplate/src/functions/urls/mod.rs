//! `urlParse` and `urlJoin`: Go's `net/url`.

mod address;
mod escapes;
mod host;

use super::format::go_quote;
use super::text::{bytes, map, opaque};
use super::{CallError, Cx, Flow, Function, Outcome, Param};
use crate::value::{Item, MapRef, Str, Val};
use escapes::{Part, escape, unescape};
use std::sync::Arc;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("urlParse", &[Param::Str], Flow::Text, url_parse),
    Function::new("urlJoin", &[Param::Map], Flow::Own, url_join),
];

/// `urlParse url`: a map with the keys `scheme`, `opaque`, `userinfo`, `host`, `hostname`, `path`, `query` and
/// `fragment`.
fn url_parse(_: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let url = Url::parse(bytes(args, 0)?)
        .map_err(|error| CallError::Message(format!("unable to parse url: {error}")))?;
    let userinfo = url.user.as_ref().map_or_else(Vec::new, User::text);
    let entries = [
        ("scheme", &url.scheme),
        ("opaque", &url.opaque),
        ("userinfo", &userinfo),
        ("host", &url.host),
        ("hostname", &host::name(&url.host).to_vec()),
        ("path", &url.path),
        ("query", &url.query),
        ("fragment", &url.fragment),
    ];
    let prov = args[0].prov;
    Ok(Val::map(entries.map(|(key, text)| {
        (
            Arc::from(key),
            Item {
                val: Val::string(text),
                prov,
            },
        )
    }))
    .into())
}

/// `urlJoin map`: the URL from a map such as `urlParse` gives. Missing keys count as empty.
fn url_join(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let parts = map(args, 0)?;
    let text = |key| text_of(parts, key);
    let mut url = Url {
        scheme: text("scheme")?,
        host: text("host")?,
        path: text("path")?,
        query: text("query")?,
        opaque: text("opaque")?,
        fragment: text("fragment")?,
        ..Url::default()
    };
    let userinfo = text("userinfo")?;
    if !userinfo.is_empty() {
        let probe = [b"proto://".as_slice(), &userinfo, b"@host"].concat();
        url.user = Url::parse(&probe)
            .map_err(|error| {
                CallError::Message(format!("unable to parse userinfo in dict: {error}"))
            })?
            .user;
    }
    let items: Vec<Item> = parts
        .snapshot()
        .into_iter()
        .map(|(_, item)| item)
        .chain(args.to_vec())
        .collect();
    opaque(cx, Str::from(url.text()), &items)
}

fn text_of(parts: &MapRef, key: &str) -> Result<Vec<u8>, CallError> {
    match parts.get(key).map(|item| item.val) {
        None => Ok(Vec::new()),
        Some(Val::Str(text)) => Ok(text.bytes().to_vec()),
        // sprig asks a nil for its type.
        Some(Val::Nil) => {
            Err("runtime error: invalid memory address or nil pointer dereference".into())
        }
        Some(other) => Err(CallError::Message(format!(
            "unable to parse {key} key, must be of type string, but {} found",
            other.kind()
        ))),
    }
}

/// A URL in parts, decoded where Go decodes them.
#[derive(Default)]
struct Url {
    scheme: Vec<u8>,
    opaque: Vec<u8>,
    user: Option<User>,
    host: Vec<u8>,
    path: Vec<u8>,
    query: Vec<u8>,
    fragment: Vec<u8>,
}

struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl User {
    fn text(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::User));
        }
        out
    }
}

impl Url {
    /// Go's `url.Parse`.
    fn parse(raw: &[u8]) -> Result<Self, String> {
        let (before, fragment) = cut_at(raw, b'#');
        let in_url = |url: &[u8], error: String| {
            format!("parse {}: {error}", String::from_utf8_lossy(&go_quote(url)))
        };
        let mut url = Self::without_fragment(before).map_err(|error| in_url(before, error))?;
        url.fragment = unescape(fragment, Part::Fragment).map_err(|error| in_url(raw, error))?;
        Ok(url)
    }

    fn without_fragment(raw: &[u8]) -> Result<Self, String> {
        if raw.iter().any(|byte| byte.is_ascii_control()) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Self::default();
        if raw == b"*" {
            url.path = raw.to_vec();
            return Ok(url);
        }
        let (scheme, rest) = split_scheme(raw)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = cut_at(rest, b'?');
        url.query = query.to_vec();
        if !rest.starts_with(b"/") {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut_at(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        let mut path = rest;
        if let Some(rest) = rest.strip_prefix(b"//")
            && (!url.scheme.is_empty() || !rest.starts_with(b"/"))
        {
            let end = rest
                .iter()
                .position(|byte| *byte == b'/')
                .unwrap_or(rest.len());
            path = &rest[end..];
            (url.user, url.host) = authority(&url.scheme, &rest[..end])?;
        }
        url.path = unescape(path, Part::Path)?;
        Ok(url)
    }

    /// Go's `String()`, for a URL that was put together from parts.
    fn text(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.push_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Part::Fragment));
        }
        out
    }

    fn push_hierarchy(&self, out: &mut Vec<u8>) {
        let has_authority = !self.host.is_empty() || self.user.is_some();
        if has_authority || (!self.scheme.is_empty() && !self.path.is_empty()) {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            out.extend(user.text());
            out.push(b'@');
        }
        out.extend(escape(&self.host, Part::Host));
        let path = if self.path == b"*" {
            self.path.clone()
        } else {
            escape(&self.path, Part::Path)
        };
        if !path.is_empty() && path[0] != b'/' && !self.host.is_empty() {
            out.push(b'/');
        }
        // A colon in the first segment would look like a scheme.
        if out.is_empty() && cut_at(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }
}

/// The scheme and what follows its colon; no scheme if the text does not begin with one.
fn split_scheme(raw: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, byte) in raw.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&raw[..at], &raw[at + 1..])),
            _ => break,
        }
    }
    Ok((&[], raw))
}

fn authority(scheme: &[u8], text: &[u8]) -> Result<(Option<User>, Vec<u8>), String> {
    let Some(at) = text.iter().rposition(|byte| *byte == b'@') else {
        return Ok((None, host::parse(scheme, text)?));
    };
    let host = host::parse(scheme, &text[at + 1..])?;
    let userinfo = &text[..at];
    let valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !userinfo.iter().all(valid) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (name, password) = match userinfo.iter().position(|byte| *byte == b':') {
        Some(colon) => (&userinfo[..colon], Some(&userinfo[colon + 1..])),
        None => (userinfo, None),
    };
    let name = unescape(name, Part::User)?;
    let password = password
        .map(|password| unescape(password, Part::User))
        .transpose()?;
    Ok((Some(User { name, password }), host))
}

/// What stands in front of a byte and behind it.
fn cut_at(text: &[u8], byte: u8) -> (&[u8], &[u8]) {
    match text.iter().position(|found| *found == byte) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[]),
    }
}
