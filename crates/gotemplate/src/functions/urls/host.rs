//! The host of a URL: names, IPv6 addresses in brackets, ports.

use super::address::check_ipv6;
use super::escapes::{Part, unescape};
use crate::functions::format::go_quote;

/// Go's `parseHost`: checks and decodes `host[:port]`.
pub(super) fn parse(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, String> {
    match host.iter().rposition(|byte| *byte == b'[') {
        Some(0) => return bracketed(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    let first = host.iter().position(|byte| *byte == b':');
    let last = host.iter().rposition(|byte| *byte == b':');
    // Other schemes have lists of hosts with ports.
    let colon = if matches!(scheme, b"http" | b"https") {
        first
    } else {
        last
    };
    if let Some(colon) = colon {
        check_port(&host[colon..])?;
    }
    unescape(host, Part::Host)
}

/// The host without port and brackets.
pub(super) fn name(host: &[u8]) -> &[u8] {
    let colon = host
        .iter()
        .rposition(|byte| *byte == b':')
        .filter(|colon| is_port(&host[*colon..]));
    let host = &host[..colon.unwrap_or(host.len())];
    host.strip_prefix(b"[")
        .and_then(|host| host.strip_suffix(b"]"))
        .unwrap_or(host)
}

fn bracketed(host: &[u8]) -> Result<Vec<u8>, String> {
    let Some(close) = host.iter().rposition(|byte| *byte == b']') else {
        return Err("missing ']' in host".to_owned());
    };
    let (address, port) = (&host[1..close], &host[close + 1..]);
    check_port(port)?;
    let zone = address
        .windows(3)
        .position(|window| window == b"%25")
        .unwrap_or(address.len());
    let mut address_text = unescape(&address[..zone], Part::Host)?;
    address_text.extend(unescape(&address[zone..], Part::Zone)?);
    check_ipv6(&address_text)?;
    Ok([b"[", address_text.as_slice(), b"]", port].concat())
}

fn check_port(port: &[u8]) -> Result<(), String> {
    if is_port(port) {
        return Ok(());
    }
    Err(format!(
        "invalid port {} after host",
        String::from_utf8_lossy(&go_quote(port))
    ))
}

/// Empty, or a colon and digits.
fn is_port(port: &[u8]) -> bool {
    match port.split_first() {
        None => true,
        Some((colon, digits)) => *colon == b':' && digits.iter().all(u8::is_ascii_digit),
    }
}
