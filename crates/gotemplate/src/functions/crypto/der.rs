//! The few forms of ASN.1 DER that keys and certificates are written in.

pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
pub(super) const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
const NULL: u8 = 0x05;
const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const UTF8_STRING: u8 = 0x0c;
pub(super) const PRINTABLE_STRING: u8 = 0x13;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;

/// The tag `[number]` of a value that is written with another's content.
pub(super) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// The tag `[number]` around a whole value.
pub(super) const fn context_constructed(number: u8) -> u8 {
    0xa0 | number
}

/// Object identifiers, by their content bytes.
pub(super) mod oid {
    pub(crate) const COMMON_NAME: &[u8] = &[0x55, 4, 3];
    pub(crate) const SUBJECT_KEY_ID: &[u8] = &[0x55, 29, 14];
    pub(crate) const KEY_USAGE: &[u8] = &[0x55, 29, 15];
    pub(crate) const SUBJECT_ALT_NAME: &[u8] = &[0x55, 29, 17];
    pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 29, 19];
    pub(crate) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 29, 35];
    pub(crate) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 29, 37];
    /// 1.3.6.1.5.5.7.3.1
    pub(crate) const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
    /// 1.3.6.1.5.5.7.3.2
    pub(crate) const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
    /// 1.2.840.113549.1.1.1
    pub(crate) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    /// 1.2.840.113549.1.1.11
    pub(crate) const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    /// 1.2.840.10045.2.1
    pub(crate) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    /// 1.2.840.10045.3.1.7
    pub(crate) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    /// 1.2.840.10045.4.3.2
    pub(crate) const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    /// 1.3.101.112
    pub(crate) const ED25519: &[u8] = &[0x2b, 101, 112];
}

/// A value of its tag and content.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        out.push(0x80 | (bytes.len() - zeros) as u8);
        out.extend_from_slice(&bytes[zeros..]);
    }
    out.extend_from_slice(content);
    out
}

/// A value that consists of others.
pub(super) fn constructed(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    value(tag, &parts.concat())
}

pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    constructed(SEQUENCE, parts)
}

/// A number of big-endian bytes without a sign.
pub(super) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let mut content = bytes[zeros..].to_vec();
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    value(INTEGER, &content)
}

pub(super) fn identifier(content: &[u8]) -> Vec<u8> {
    value(OBJECT_IDENTIFIER, content)
}

pub(super) fn null() -> Vec<u8> {
    value(NULL, &[])
}

/// Whole bytes as a bit string.
pub(super) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    flags(0, bytes)
}

/// A bit string whose last bits do not count.
pub(super) fn flags(unused: u8, bytes: &[u8]) -> Vec<u8> {
    value(BIT_STRING, &[&[unused], bytes].concat())
}

/// Splits the first value off: its tag, its content, and what follows it. None where that is no DER.
pub(super) fn read(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if first < 0x80 {
        let (content, rest) = rest.split_at_checked(first.into())?;
        return Some((tag, content, rest));
    }
    let (length, rest) = rest.split_at_checked((first & 0x7f).into())?;
    if length.is_empty() || length.len() > 4 {
        return None;
    }
    let length = length
        .iter()
        .fold(0usize, |length, byte| length << 8 | usize::from(*byte));
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// The content of an unsigned number.
pub(super) fn read_unsigned(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (tag, content, rest) = read(input)?;
    let negative = content.first().is_none_or(|first| *first >= 0x80);
    (tag == INTEGER && !negative).then_some((content, rest))
}
