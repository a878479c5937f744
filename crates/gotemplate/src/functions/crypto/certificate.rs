//! X.509 certificates with the fields that Go's x509 package writes for sprig.

use super::der::{self, oid};
use super::keys::Key;
use super::pem;
use crate::functions::dates::utc_text;
use crate::functions::format;
use crate::value::Str;
use rand::RngCore as _;
use rand_chacha::ChaCha20Rng;
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;
use x509_cert::der::{Decode as _, Encode as _};

/// The names of who a certificate is for.
pub(super) struct Names {
    common: Vec<u8>,
    addresses: Vec<IpAddr>,
    dns: Vec<Str>,
}

impl Names {
    pub(super) fn new(common: &Str, addresses: Vec<IpAddr>, dns: Vec<Str>) -> Self {
        Self {
            common: common.bytes().to_vec(),
            addresses,
            dns,
        }
    }

    /// About how many bytes they take in a certificate.
    pub(super) fn size(&self) -> usize {
        let dns: usize = self.dns.iter().map(Str::len).sum();
        self.common.len() + 32 * self.addresses.len() + dns
    }
}

/// What a certificate says.
pub(super) struct Subject {
    pub(super) names: Names,
    /// How long it is valid.
    pub(super) days: i64,
    /// From when on it is valid: seconds and nanoseconds since 1970.
    pub(super) now: (i64, u32),
}

/// The certificate that signs others, with its key.
pub(super) struct Signer {
    /// Its subject in DER.
    name: Vec<u8>,
    key_id: Option<Vec<u8>>,
    /// Its public key in DER, with the algorithm.
    public: Vec<u8>,
    key: Key,
}

impl Signer {
    /// From PEM texts. The error is sprig's where it can be.
    pub(super) fn read(cert: &[u8], key: &[u8]) -> Result<Self, String> {
        let certificate = read(cert, "decodedSignerCert")?.tbs_certificate;
        let failed = |error| format!("error parsing certificate: decodedSignerCert.Bytes: {error}");
        let key_id = certificate
            .extensions
            .iter()
            .flatten()
            .find(|extension| extension.extn_id.as_bytes() == oid::SUBJECT_KEY_ID)
            .and_then(|extension| der::read(extension.extn_value.as_bytes()))
            .map(|(_, id, _)| id.to_vec());
        Ok(Self {
            name: certificate.subject.to_der().map_err(failed)?,
            key_id,
            public: certificate
                .subject_public_key_info
                .to_der()
                .map_err(failed)?,
            key: Key::from_pem(key)
                .map_err(|error| format!("error parsing private key: {error}"))?,
        })
    }
}

/// The certificate of a text's first PEM block; `variable` is what sprig calls it in its error.
pub(super) fn read(text: &[u8], variable: &str) -> Result<x509_cert::Certificate, String> {
    let block = pem::decode(text).ok_or("unable to decode certificate")?;
    x509_cert::Certificate::from_der(&block.bytes)
        .map_err(|error| format!("error parsing certificate: {variable}.Bytes: {error}"))
}

/// What differs between certificates that are signed in one way or another.
struct Issuing<'a> {
    /// Who signs, in DER.
    issuer: &'a [u8],
    signer: &'a Key,
    authority_key_id: Option<&'a [u8]>,
    ca: bool,
}

impl Subject {
    pub(super) fn self_signed(
        &self,
        random: &mut ChaCha20Rng,
        key: &Key,
        ca: bool,
    ) -> Result<Vec<u8>, String> {
        let issuing = Issuing {
            issuer: &self.name()?,
            signer: key,
            authority_key_id: None,
            ca,
        };
        self.issue(random, key, &issuing)
    }

    pub(super) fn signed(
        &self,
        random: &mut ChaCha20Rng,
        key: &Key,
        signer: &Signer,
    ) -> Result<Vec<u8>, String> {
        signer.key.signature_algorithm()?;
        if public_key(&signer.key)? != signer.public {
            return Err("x509: provided PrivateKey doesn't match parent's PublicKey".to_owned());
        }
        let another = self.name()? != signer.name;
        let issuing = Issuing {
            issuer: &signer.name,
            signer: &signer.key,
            authority_key_id: signer.key_id.as_deref().filter(|_| another),
            ca: false,
        };
        self.issue(random, key, &issuing)
    }

    fn issue(
        &self,
        random: &mut ChaCha20Rng,
        key: &Key,
        issuing: &Issuing<'_>,
    ) -> Result<Vec<u8>, String> {
        let mut serial = [0u8; 16];
        random.fill_bytes(&mut serial);
        let algorithm = issuing.signer.signature_algorithm()?;
        let content = der::sequence(&[
            // Version 3.
            der::value(der::context_constructed(0), &der::unsigned(&[2])),
            der::unsigned(&serial),
            algorithm.clone(),
            issuing.issuer.to_vec(),
            self.validity()?,
            self.name()?,
            public_key(key)?,
            der::value(der::context_constructed(3), &self.extensions(key, issuing)?),
        ]);
        let signature = der::bit_string(&issuing.signer.sign(&content)?);
        Ok(der::sequence(&[content, algorithm, signature]))
    }

    /// The common name alone, in DER; without it an empty name.
    fn name(&self) -> Result<Vec<u8>, String> {
        let common = &self.names.common;
        if common.is_empty() {
            return Ok(der::sequence(&[]));
        }
        if std::str::from_utf8(common).is_err() {
            return Err("asn1: string not valid UTF-8".to_owned());
        }
        let tag = if common.iter().all(|byte| is_printable(*byte)) {
            der::PRINTABLE_STRING
        } else {
            der::UTF8_STRING
        };
        let attribute = [der::identifier(oid::COMMON_NAME), der::value(tag, common)];
        let set = der::constructed(der::SET, &[der::sequence(&attribute)]);
        Ok(der::sequence(&[set]))
    }

    fn validity(&self) -> Result<Vec<u8>, String> {
        const DAY: i64 = 86_400 * 1_000_000_000;
        let (seconds, nanoseconds) = self.now;
        // Go's arithmetic wraps: more than 106,751 days are none that were asked for.
        let length = self.days.wrapping_mul(DAY);
        let end = (i64::from(nanoseconds) + length % 1_000_000_000).div_euclid(1_000_000_000);
        let until = seconds.saturating_add(length / 1_000_000_000 + end);
        Ok(der::sequence(&[instant(seconds)?, instant(until)?]))
    }

    fn extensions(&self, key: &Key, issuing: &Issuing<'_>) -> Result<Vec<u8>, String> {
        // Digital signature and key encipherment; a CA may sign certificates as well.
        let (unused, usage, constraints) = if issuing.ca {
            (2, 0b1010_0100, vec![der::value(der::BOOLEAN, &[0xff])])
        } else {
            (5, 0b1010_0000, vec![])
        };
        let purposes = [oid::SERVER_AUTH, oid::CLIENT_AUTH].map(der::identifier);
        let mut extensions = vec![
            extension(oid::KEY_USAGE, true, &der::flags(unused, &[usage])),
            extension(oid::EXTENDED_KEY_USAGE, false, &der::sequence(&purposes)),
            extension(oid::BASIC_CONSTRAINTS, true, &der::sequence(&constraints)),
        ];
        if issuing.ca {
            let (_, public) = key.public()?;
            // RFC 7093, section 2, method 1.
            let id = &Sha256::digest(public)[..20];
            let id = der::value(der::OCTET_STRING, id);
            extensions.push(extension(oid::SUBJECT_KEY_ID, false, &id));
        }
        if let Some(id) = issuing.authority_key_id.filter(|id| !id.is_empty()) {
            let id = der::sequence(&[der::value(der::context(0), id)]);
            extensions.push(extension(oid::AUTHORITY_KEY_ID, false, &id));
        }
        let alternatives = self.alternative_names()?;
        if !alternatives.is_empty() {
            // RFC 5280, section 4.2.1.6: critical where the subject says nothing.
            let critical = self.names.common.is_empty();
            let names = der::sequence(&alternatives);
            extensions.push(extension(oid::SUBJECT_ALT_NAME, critical, &names));
        }
        Ok(der::sequence(&extensions))
    }

    fn alternative_names(&self) -> Result<Vec<Vec<u8>>, String> {
        const DNS: u8 = der::context(2);
        const ADDRESS: u8 = der::context(7);
        let mut names = Vec::new();
        for name in &self.names.dns {
            if !name.bytes().is_ascii() {
                let quoted = format::go_quote(name.bytes());
                let quoted = String::from_utf8_lossy(&quoted);
                return Err(format!("x509: {quoted} cannot be encoded as an IA5String"));
            }
            names.push(der::value(DNS, name.bytes()));
        }
        for address in &self.names.addresses {
            names.push(match address.to_canonical() {
                IpAddr::V4(address) => der::value(ADDRESS, &address.octets()),
                IpAddr::V6(address) => der::value(ADDRESS, &address.octets()),
            });
        }
        Ok(names)
    }
}

fn extension(id: &[u8], critical: bool, content: &[u8]) -> Vec<u8> {
    let mut parts = vec![der::identifier(id)];
    if critical {
        parts.push(der::value(der::BOOLEAN, &[0xff]));
    }
    parts.push(der::value(der::OCTET_STRING, content));
    der::sequence(&parts)
}

fn public_key(key: &Key) -> Result<Vec<u8>, String> {
    let (algorithm, public) = key.public()?;
    Ok(der::sequence(&[algorithm, der::bit_string(&public)]))
}

/// Seconds since 1970 as a time in DER: two digits for the years that they can tell (RFC 5280, section 4.1.2.5).
fn instant(seconds: i64) -> Result<Vec<u8>, String> {
    let year = utc_text(seconds, b"2006");
    let year: i64 = String::from_utf8_lossy(&year).parse().unwrap_or(-1);
    match year {
        1950..=2049 => Ok(der::value(
            der::UTC_TIME,
            &utc_text(seconds, b"060102150405Z"),
        )),
        0..=9999 => Ok(der::value(
            der::GENERALIZED_TIME,
            &utc_text(seconds, b"20060102150405Z"),
        )),
        _ => Err("asn1: structure error: cannot represent time as GeneralizedTime".to_owned()),
    }
}

/// Whether ASN.1's PrintableString has a character; Go counts neither `*` nor `&`.
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte)
}
