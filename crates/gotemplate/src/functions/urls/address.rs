//! Go's `netip.ParseAddr` as far as its errors go: what may stand in the brackets of a URL's host.

use crate::functions::format::go_quote;

/// Groups of an IPv6 address.
const GROUPS: usize = 8;

/// Checks that a text is an IPv6 address, perhaps with a zone.
///
/// # Errors
/// What `net/url` says: why it is no address, or that it is one of the other kind.
pub(super) fn check_ipv6(text: &[u8]) -> Result<(), String> {
    let outcome = match text.iter().find(|byte| b".:%".contains(byte)) {
        Some(b'.') => match ipv4(text) {
            Ok(()) => return Err("invalid IP-literal".to_owned()),
            Err(reason) => Err(reason),
        },
        Some(b':') => ipv6(text),
        Some(_) => Err(Reason::of("missing IPv6 address")),
        None => Err(Reason::of("unable to parse IP")),
    };
    outcome.map_err(|reason| {
        let at = reason
            .at
            .map_or_else(String::new, |at| format!(" (at {})", quoted(at)));
        format!(
            "invalid host: ParseAddr({}): {}{at}",
            quoted(text),
            reason.text
        )
    })
}

/// Why a text is no address, and the rest of the text from where it shows.
struct Reason<'a> {
    text: &'static str,
    at: Option<&'a [u8]>,
}

impl<'a> Reason<'a> {
    fn of(text: &'static str) -> Self {
        Self { text, at: None }
    }

    fn at(text: &'static str, at: &'a [u8]) -> Self {
        Self { text, at: Some(at) }
    }
}

fn ipv6(text: &[u8]) -> Result<(), Reason<'_>> {
    let (mut rest, zone) = match text.iter().position(|byte| *byte == b'%') {
        Some(percent) => (&text[..percent], Some(&text[percent + 1..])),
        None => (text, None),
    };
    if zone.is_some_and(<[u8]>::is_empty) {
        return Err(Reason::of("zone must be a non-empty string"));
    }
    let mut shortened = false;
    if let Some(after) = rest.strip_prefix(b"::") {
        if after.is_empty() {
            return Ok(());
        }
        (shortened, rest) = (true, after);
    }
    let mut groups = 0;
    while groups < GROUPS {
        let digits = group(rest)?;
        if rest.get(digits) == Some(&b'.') {
            embedded_ipv4(rest, groups, shortened)?;
            (groups, rest) = (groups + 2, &[]);
            break;
        }
        groups += 1;
        rest = &rest[digits..];
        match rest {
            [] => break,
            [b':'] => {
                return Err(Reason::at(
                    "colon must be followed by more characters",
                    rest,
                ));
            }
            [b':', b':', ..] if shortened => {
                return Err(Reason::at("multiple :: in address", &rest[1..]));
            }
            [b':', b':', after @ ..] => (shortened, rest) = (true, after),
            [b':', after @ ..] => rest = after,
            _ => return Err(Reason::at("unexpected character, want colon", rest)),
        }
        if rest.is_empty() {
            break;
        }
    }
    match (rest, groups < GROUPS) {
        ([_, ..], _) => Err(Reason::at("trailing garbage after address", rest)),
        ([], true) if !shortened => Err(Reason::of("address string too short")),
        ([], false) if shortened => Err(Reason::of(
            "the :: must expand to at least one field of zeros",
        )),
        _ => Ok(()),
    }
}

/// How many digits the group at the start of a text has.
fn group(text: &[u8]) -> Result<usize, Reason<'_>> {
    match text
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count()
    {
        0 => Err(Reason::at(
            "each colon-separated field must have at least one digit",
            text,
        )),
        digits @ 1..=4 => Ok(digits),
        _ => Err(Reason::at("each group must have 4 or less digits", text)),
    }
}

fn embedded_ipv4(text: &[u8], groups: usize, shortened: bool) -> Result<(), Reason<'_>> {
    if !shortened && groups != GROUPS - 2 {
        let reason = "embedded IPv4 address must replace the final 2 fields of the address";
        return Err(Reason::at(reason, text));
    }
    if groups + 2 > GROUPS {
        let reason = "too many hex fields to fit an embedded IPv4 at the end of the address";
        return Err(Reason::at(reason, text));
    }
    ipv4(text)
}

fn ipv4(text: &[u8]) -> Result<(), Reason<'_>> {
    let (mut value, mut digits, mut dots) = (0, 0, 0);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return Err(Reason::of("IPv4 field has octet with leading zero"));
                }
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return Err(Reason::of("IPv4 field has value >255"));
                }
            }
            b'.' if at == 0 || at + 1 == text.len() || text[at - 1] == b'.' => {
                return Err(Reason::at(
                    "IPv4 field must have at least one digit",
                    &text[at..],
                ));
            }
            b'.' if dots == 3 => return Err(Reason::of("IPv4 address too long")),
            b'.' => (value, digits, dots) = (0, 0, dots + 1),
            _ => return Err(Reason::at("unexpected character", &text[at..])),
        }
    }
    if dots < 3 {
        Err(Reason::of("IPv4 address too short"))
    } else {
        Ok(())
    }
}

fn quoted(text: &[u8]) -> String {
    String::from_utf8_lossy(&go_quote(text)).into_owned()
}
