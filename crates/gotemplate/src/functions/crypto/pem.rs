//! PEM, read and written as Go does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A block of a PEM text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) label: Vec<u8>,
    pub(super) bytes: Vec<u8>,
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    const WIDTH: usize = 64;
    let body = STANDARD.encode(bytes);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(WIDTH));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

/// The first block of a text; what surrounds it does not count.
pub(super) fn decode(text: &[u8]) -> Option<Block> {
    let mut begun: Option<(Vec<u8>, Vec<u8>)> = None;
    for line in text.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii_end();
        if let Some(label) = line
            .strip_prefix(BEGIN)
            .and_then(|rest| rest.strip_suffix(DASHES))
        {
            begun = Some((label.to_vec(), Vec::new()));
        } else if let Some(label) = line
            .strip_prefix(END)
            .and_then(|rest| rest.strip_suffix(DASHES))
        {
            if let Some((begin, body)) = begun.take()
                && begin == label
                && let Ok(bytes) = super::cipher::decode_base64(&body)
            {
                return Some(Block {
                    label: begin,
                    bytes,
                });
            }
        } else if let Some((_, body)) = &mut begun {
            // Headers stand before the body; a colon tells them from it.
            let header = body.is_empty() && line.contains(&b':');
            if !header {
                body.extend(line.iter().filter(|byte| !matches!(byte, b' ' | b'\t')));
            }
        }
    }
    None
}
