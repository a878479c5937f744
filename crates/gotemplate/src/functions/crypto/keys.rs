//! Private keys: made, read from PEM, written, and signing.

use super::der::{self, oid};
use super::dsa::DsaKey;
use super::pem;
use p256::ecdsa::signature::Signer as _;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use rand_chacha::ChaCha20Rng;
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _, EncodeRsaPublicKey as _};
use rsa::signature::SignatureEncoding as _;

/// A private key.
pub(super) enum Key {
    Rsa(Box<rsa::RsaPrivateKey>),
    /// On the curve P-256.
    Ecdsa(p256::SecretKey),
    Ed25519(ed25519_dalek::SigningKey),
    Dsa(DsaKey),
    /// On another curve that Go knows: it can be passed on, not used. The bytes are its SEC 1 form.
    OtherCurve(Vec<u8>),
}

/// Longer keys are refused: arithmetic on them would take too long.
const MAX_KEY_BYTES: usize = 16 << 10;

/// Content bytes of the identifiers of P-224, P-384 and P-521.
const OTHER_CURVES: [&[u8]; 3] = [
    &[0x2b, 0x81, 4, 0, 33],
    &[0x2b, 0x81, 4, 0, 34],
    &[0x2b, 0x81, 4, 0, 35],
];

const UNSUPPORTED_CURVE: &str = "keys on other curves than P-256 cannot sign here";

impl Key {
    pub(super) fn generate_rsa(random: &mut ChaCha20Rng, bits: usize) -> Result<Self, String> {
        rsa::RsaPrivateKey::new(random, bits)
            .map(|key| Self::Rsa(Box::new(key)))
            .map_err(|error| format!("error generating rsa key: {error}"))
    }

    pub(super) fn generate_ecdsa(random: &mut ChaCha20Rng) -> Self {
        Self::Ecdsa(p256::SecretKey::random(random))
    }

    pub(super) fn generate_ed25519(random: &mut ChaCha20Rng) -> Self {
        Self::Ed25519(ed25519_dalek::SigningKey::generate(random))
    }

    /// The key of a text's first PEM block.
    pub(super) fn from_pem(text: &[u8]) -> Result<Self, String> {
        let block = pem::decode(text).ok_or("no PEM data in input")?;
        let label = String::from_utf8_lossy(&block.label);
        if block.bytes.len() > MAX_KEY_BYTES {
            return Err("the key is too long".to_owned());
        }
        if label == "PRIVATE KEY" {
            return from_pkcs8(&block.bytes)
                .map_err(|error| format!("decoding PEM as PKCS#8: {error}"));
        }
        let Some(kind) = label.strip_suffix(" PRIVATE KEY") else {
            return Err(format!("no private key data in PEM block of type {label}"));
        };
        let failed = |error: String| format!("parsing {kind} private key from PEM: {error}");
        match kind {
            "RSA" => from_pkcs1(&block.bytes).map_err(failed),
            "EC" => from_sec1(&block.bytes, None).map_err(failed),
            "DSA" => DsaKey::from_der(&block.bytes)
                .map(Self::Dsa)
                .ok_or_else(|| failed("asn1: structure error: malformed key".to_owned())),
            _ => Err(format!("invalid private key type {label}")),
        }
    }

    /// In the form of its kind that Go writes.
    pub(super) fn to_pem(&self) -> Result<String, String> {
        Ok(match self {
            Self::Rsa(key) => {
                let der = key.to_pkcs1_der().map_err(|error| error.to_string())?;
                pem::encode("RSA PRIVATE KEY", der.as_bytes())
            }
            Self::Ecdsa(key) => {
                let parts = [
                    der::unsigned(&[1]),
                    der::value(der::OCTET_STRING, &key.to_bytes()),
                    der::value(der::context_constructed(0), &der::identifier(oid::P256)),
                    der::value(der::context_constructed(1), &der::bit_string(&point(key))),
                ];
                pem::encode("EC PRIVATE KEY", &der::sequence(&parts))
            }
            Self::Ed25519(key) => {
                let seed = der::value(der::OCTET_STRING, key.as_bytes());
                let parts = [
                    der::unsigned(&[0]),
                    der::sequence(&[der::identifier(oid::ED25519)]),
                    der::value(der::OCTET_STRING, &seed),
                ];
                pem::encode("PRIVATE KEY", &der::sequence(&parts))
            }
            Self::Dsa(key) => pem::encode("DSA PRIVATE KEY", &key.to_der()),
            Self::OtherCurve(der) => pem::encode("EC PRIVATE KEY", der),
        })
    }

    /// The public key as a certificate holds it: the algorithm, and the content of the bit string.
    pub(super) fn public(&self) -> Result<(Vec<u8>, Vec<u8>), String> {
        Ok(match self {
            Self::Rsa(key) => {
                let public = key.to_public_key().to_pkcs1_der();
                let public = public.map_err(|error| error.to_string())?;
                let algorithm = der::sequence(&[der::identifier(oid::RSA), der::null()]);
                (algorithm, public.as_bytes().to_vec())
            }
            Self::Ecdsa(key) => {
                let parts = [der::identifier(oid::EC), der::identifier(oid::P256)];
                (der::sequence(&parts), point(key))
            }
            Self::Ed25519(key) => {
                let algorithm = der::sequence(&[der::identifier(oid::ED25519)]);
                (algorithm, key.verifying_key().to_bytes().to_vec())
            }
            Self::Dsa(_) => {
                return Err("x509: unsupported public key type: *dsa.PublicKey".to_owned());
            }
            Self::OtherCurve(_) => return Err(UNSUPPORTED_CURVE.to_owned()),
        })
    }

    /// The algorithm that the key signs with, as a certificate names it.
    pub(super) fn signature_algorithm(&self) -> Result<Vec<u8>, String> {
        Ok(match self {
            Self::Rsa(_) => der::sequence(&[der::identifier(oid::SHA256_WITH_RSA), der::null()]),
            Self::Ecdsa(_) => der::sequence(&[der::identifier(oid::ECDSA_WITH_SHA256)]),
            Self::Ed25519(_) => der::sequence(&[der::identifier(oid::ED25519)]),
            Self::Dsa(_) => {
                let text = "x509: certificate private key does not implement crypto.Signer";
                return Err(text.to_owned());
            }
            Self::OtherCurve(_) => return Err(UNSUPPORTED_CURVE.to_owned()),
        })
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        match self {
            Self::Rsa(key) => {
                let signer = rsa::pkcs1v15::SigningKey::<sha2::Sha256>::new((**key).clone());
                let signature = signer.try_sign(message);
                signature
                    .map(|signature| signature.to_vec())
                    .map_err(|error| error.to_string())
            }
            Self::Ecdsa(key) => {
                let signature: Result<p256::ecdsa::Signature, _> =
                    p256::ecdsa::SigningKey::from(key).try_sign(message);
                signature
                    .map(|signature| signature.to_der().as_bytes().to_vec())
                    .map_err(|error| error.to_string())
            }
            Self::Ed25519(key) => Ok(key.sign(message).to_bytes().to_vec()),
            Self::Dsa(_) | Self::OtherCurve(_) => Err(UNSUPPORTED_CURVE.to_owned()),
        }
    }
}

/// The public point, uncompressed.
fn point(key: &p256::SecretKey) -> Vec<u8> {
    key.public_key().to_encoded_point(false).as_bytes().to_vec()
}

fn from_pkcs1(der: &[u8]) -> Result<Key, String> {
    rsa::RsaPrivateKey::from_pkcs1_der(der)
        .map(|key| Key::Rsa(Box::new(key)))
        .map_err(|error| format!("x509: {error}"))
}

const MALFORMED: &str = "asn1: structure error: malformed key";

fn from_pkcs8(bytes: &[u8]) -> Result<Key, String> {
    let parts = pkcs8_parts(bytes).ok_or(MALFORMED)?;
    if parts.algorithm == oid::RSA {
        from_pkcs1(parts.key).map_err(|error| {
            format!("x509: failed to parse RSA private key embedded in PKCS#8: {error}")
        })
    } else if parts.algorithm == oid::EC {
        let curve = der::read(parts.parameters).map(|(_, curve, _)| curve);
        from_sec1(parts.key, curve).map_err(|error| {
            format!("x509: failed to parse EC private key embedded in PKCS#8: {error}")
        })
    } else if parts.algorithm == oid::ED25519 {
        let (_, seed, _) = der::read(parts.key).ok_or("x509: invalid Ed25519 private key")?;
        let seed = seed
            .try_into()
            .map_err(|_| format!("x509: invalid Ed25519 private key length: {}", seed.len()))?;
        Ok(Key::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed)))
    } else {
        Err("x509: PKCS#8 wrapping contained private key with unknown algorithm".to_owned())
    }
}

struct Pkcs8<'a> {
    algorithm: &'a [u8],
    parameters: &'a [u8],
    key: &'a [u8],
}

fn pkcs8_parts(bytes: &[u8]) -> Option<Pkcs8<'_>> {
    let (_, content, _) = der::read(bytes).filter(|(tag, ..)| *tag == der::SEQUENCE)?;
    let (_, rest) = der::read_unsigned(content)?;
    let (_, algorithm, rest) = der::read(rest).filter(|(tag, ..)| *tag == der::SEQUENCE)?;
    let (_, algorithm, parameters) = der::read(algorithm)?;
    let (_, key, _) = der::read(rest).filter(|(tag, ..)| *tag == der::OCTET_STRING)?;
    Some(Pkcs8 {
        algorithm,
        parameters,
        key,
    })
}

/// `curve`: where it is known from elsewhere.
fn from_sec1(bytes: &[u8], curve: Option<&[u8]>) -> Result<Key, String> {
    let (secret, own_curve) = sec1_parts(bytes)
        .ok_or_else(|| format!("x509: failed to parse EC private key: {MALFORMED}"))?;
    let curve = curve.or(own_curve).unwrap_or_default();
    if OTHER_CURVES.contains(&curve) {
        return Ok(Key::OtherCurve(bytes.to_vec()));
    }
    if curve != oid::P256 {
        return Err("x509: unknown elliptic curve".to_owned());
    }
    // Both too many and too few leading zeros are met in the wild.
    let zeros = secret.iter().take_while(|byte| **byte == 0).count();
    let secret = &secret[zeros..];
    let mut padded = [0u8; 32];
    let start = padded
        .len()
        .checked_sub(secret.len())
        .ok_or("x509: invalid private key length")?;
    padded[start..].copy_from_slice(secret);
    p256::SecretKey::from_slice(&padded)
        .map(Key::Ecdsa)
        .map_err(|error| format!("x509: {error}"))
}

/// The secret number and the curve's identifier.
fn sec1_parts(bytes: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let (_, content, _) = der::read(bytes).filter(|(tag, ..)| *tag == der::SEQUENCE)?;
    let (_, rest) = der::read_unsigned(content)?;
    let (_, secret, rest) = der::read(rest).filter(|(tag, ..)| *tag == der::OCTET_STRING)?;
    let curve = der::read(rest)
        .filter(|(tag, ..)| *tag == der::context_constructed(0))
        .and_then(|(_, curve, _)| der::read(curve))
        .map(|(_, curve, _)| curve);
    Some((secret, curve))
}
