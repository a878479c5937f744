//! Base64, base32 and checksums.

use super::text::{bytes, opaque};
use super::{Cx, Flow, Function, Outcome, Param};
use crate::value::Item;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::BASE32;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("b64enc", &[Param::Str], Flow::Own, b64enc),
    Function::new("b64dec", &[Param::Str], Flow::Own, b64dec),
    Function::new("b32enc", &[Param::Str], Flow::Own, b32enc),
    Function::new("b32dec", &[Param::Str], Flow::Own, b32dec),
    Function::new("sha1sum", &[Param::Str], Flow::Own, checksum::<Sha1>),
    Function::new("sha256sum", &[Param::Str], Flow::Own, checksum::<Sha256>),
    Function::new("sha512sum", &[Param::Str], Flow::Own, checksum::<Sha512>),
    Function::new("adler32sum", &[Param::Str], Flow::Own, adler32sum),
];

/// `b64enc s`: base64 with the standard alphabet and padding.
fn b64enc(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let encoded = STANDARD.encode(bytes(args, 0)?);
    opaque(cx, encoded, args)
}

/// `b64dec s`: the decoded bytes. What cannot be decoded gives the error's text as the result.
fn b64dec(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let decoded = decode_base64(bytes(args, 0)?)
        .unwrap_or_else(|at| format!("illegal base64 data at input byte {at}").into_bytes());
    opaque(cx, decoded, args)
}

/// `b32enc s`: base32 with the standard alphabet and padding.
fn b32enc(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let encoded = BASE32.encode(bytes(args, 0)?);
    opaque(cx, encoded, args)
}

/// `b32dec s`: the decoded bytes. What cannot be decoded gives the error's text as the result.
fn b32dec(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let decoded = decode_base32(bytes(args, 0)?)
        .unwrap_or_else(|at| format!("illegal base32 data at input byte {at}").into_bytes());
    opaque(cx, decoded, args)
}

/// `sha1sum s`, `sha256sum s`, `sha512sum s`: the checksum in lower-case hexadecimal digits.
fn checksum<D: Digest>(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let digest = D::digest(bytes(args, 0)?);
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    opaque(cx, digits, args)
}

/// `adler32sum s`: the checksum as a decimal number.
fn adler32sum(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    /// The largest prime below 65,536.
    const MODULUS: u32 = 65_521;
    let (mut sum, mut sums) = (1, 0);
    for byte in bytes(args, 0)? {
        sum = (sum + u32::from(*byte)) % MODULUS;
        sums = (sums + sum) % MODULUS;
    }
    opaque(cx, (sums << 16 | sum).to_string(), args)
}

fn is_newline(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Decodes as Go does: line breaks are skipped, bits that the padding makes superfluous are ignored. The error is the
/// place that Go names.
fn decode_base64(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        if let Some(digit) = base64_digit(byte) {
            bits = bits << 6 | digit;
            count += 1;
            if count == 4 {
                out.extend_from_slice(&bits.to_be_bytes()[1..]);
                (bits, count) = (0, 0);
            }
        } else if byte == b'=' {
            base64_padding(text, at, count)?;
            let whole = (bits << (6 * (4 - count))).to_be_bytes();
            out.extend_from_slice(&whole[1..count as usize]);
            return Ok(out);
        } else if !is_newline(byte) {
            return Err(at - 1);
        }
    }
    // Go goes back by the digits that it had, as if no line break stood among them.
    if count == 0 {
        Ok(out)
    } else {
        Err(at - count as usize)
    }
}

fn base64_digit(byte: u8) -> Option<u32> {
    let digit = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(digit.into())
}

/// Checks what follows the first `=`, which stands before `at` and behind `count` digits of its group.
fn base64_padding(text: &[u8], at: usize, count: u32) -> Result<(), usize> {
    let skip = |from: usize| {
        text[from..]
            .iter()
            .position(|byte| !is_newline(*byte))
            .map_or(text.len(), |found| from + found)
    };
    let mut at = at;
    match count {
        0 | 1 => return Err(at - 1),
        2 => {
            at = skip(at);
            match text.get(at) {
                None => return Err(text.len()),
                Some(b'=') => at += 1,
                Some(_) => return Err(at - 1),
            }
        }
        _ => {}
    }
    let end = skip(at);
    if end < text.len() { Err(end) } else { Ok(()) }
}

/// As [`decode_base64`]; places count without line breaks.
fn decode_base32(text: &[u8]) -> Result<Vec<u8>, usize> {
    let text: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !is_newline(*byte))
        .collect();
    let mut out = Vec::with_capacity(text.len() / 8 * 5);
    let mut at = 0;
    while at < text.len() {
        let (bits, count, end) = base32_group(&text, at)?;
        out.extend_from_slice(&bits.to_be_bytes()[3..3 + count * 5 / 8]);
        if count < 8 {
            break;
        }
        at = end;
    }
    Ok(out)
}

/// One group of up to eight digits: its forty bits, how many digits it has, where it ends.
fn base32_group(text: &[u8], start: usize) -> Result<(u64, usize, usize), usize> {
    let (mut bits, mut count, mut at) = (0u64, 0, start);
    while count < 8 {
        let Some(&byte) = text.get(at) else {
            // The group ends without padding.
            return Err(text.len() - count);
        };
        at += 1;
        let left = text.len() - at;
        if byte == b'=' && count >= 2 && left < 8 {
            if left + count < 7 {
                return Err(text.len());
            }
            let padding = &text[at..(at + 7 - count).min(text.len())];
            if let Some(wrong) = padding.iter().position(|byte| *byte != b'=') {
                return Err(at + wrong - 1);
            }
            if matches!(count, 3 | 6) {
                return Err(at - 1);
            }
            return Ok((bits << (5 * (8 - count)), count, text.len()));
        }
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            _ => return Err(at - 1),
        };
        bits = bits << 5 | u64::from(digit);
        count += 1;
    }
    Ok((bits, count, at))
}
