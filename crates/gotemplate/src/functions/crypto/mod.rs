//! Passwords, keys, certificates and encryption.
//!
//! Keys and certificates are real ones, but all their randomness comes from the rendering's seed: they are for
//! rendering, not for use.

mod certificate;
mod cipher;
mod der;
mod dsa;
mod keys;
mod passwords;
mod pem;

use super::text::{bytes, int, string};
use super::{CallError, Cx, Flow, Function, Outcome, Param, format};
use crate::value::{Certificate, Item, Object, Val};
use Param::{Certificate as Ca, Int, List, Str};
use certificate::{Names, Signer};
use keys::Key;

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("bcrypt", &[Str], Flow::Volatile, passwords::bcrypt),
    Function::new("htpasswd", &[Str, Str], Flow::Volatile, passwords::htpasswd),
    Function::new(
        "derivePassword",
        &[Param::Uint32, Str, Str, Str, Str],
        Flow::Text,
        passwords::derive_password,
    ),
    Function::new("encryptAES", &[Str, Str], Flow::Volatile, cipher::encrypt),
    Function::new("decryptAES", &[Str, Str], Flow::Text, cipher::decrypt),
    Function::new("genPrivateKey", &[Str], Flow::Volatile, gen_private_key),
    Function::new("genCA", &[Str, Int], Flow::Volatile, gen_ca),
    Function::new("genCAWithKey", &[Str, Int, Str], Flow::Volatile, gen_ca),
    Function::new(
        "genSelfSignedCert",
        &[Str, List, List, Int],
        Flow::Volatile,
        gen_self_signed_cert,
    ),
    Function::new(
        "genSelfSignedCertWithKey",
        &[Str, List, List, Int, Str],
        Flow::Volatile,
        gen_self_signed_cert,
    ),
    Function::new(
        "genSignedCert",
        &[Str, List, List, Int, Ca],
        Flow::Volatile,
        gen_signed_cert,
    ),
    Function::new(
        "genSignedCertWithKey",
        &[Str, List, List, Int, Ca, Str],
        Flow::Volatile,
        gen_signed_cert,
    ),
    Function::new(
        "buildCustomCert",
        &[Str, Str],
        Flow::Text,
        build_custom_cert,
    ),
];

/// What slow work is charged as, in bytes: it bounds how often a chart can do it.
const SLOW: u64 = 1 << 20;

/// `genPrivateKey type`: a private key in PEM. `rsa` (4,096 bits; the empty text too), `dsa`, `ecdsa` (P-256) or
/// `ed25519`; another type gives a text that says so.
fn gen_private_key(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = match bytes(args, 0)? {
        b"" | b"rsa" => {
            cx.charge(8 * SLOW)?;
            Key::generate_rsa(cx.random, 4_096)?.to_pem()?
        }
        b"dsa" => {
            cx.charge(8 * SLOW)?;
            Key::Dsa(dsa::DsaKey::generate(cx.random)).to_pem()?
        }
        b"ecdsa" => Key::generate_ecdsa(cx.random).to_pem()?,
        b"ed25519" => Key::generate_ed25519(cx.random).to_pem()?,
        other => return Ok(Val::string([b"Unknown type ", other].concat()).into()),
    };
    Ok(Val::string(text).into())
}

/// `genCA cn days`, `genCAWithKey cn days key`: a certificate that may sign others.
fn gen_ca(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let key = given_key(args, 2)?;
    let names = Names::new(string(args, 0)?, Vec::new(), Vec::new());
    issue(cx, names, int(args, 1)?, key, Issuer::Itself { ca: true })
}

/// `genSelfSignedCert cn ips dns days`, `genSelfSignedCertWithKey cn ips dns days key`
fn gen_self_signed_cert(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let key = given_key(args, 4)?;
    let names = names(cx, args)?;
    issue(cx, names, int(args, 3)?, key, Issuer::Itself { ca: false })
}

/// `genSignedCert cn ips dns days ca`, `genSignedCertWithKey cn ips dns days ca key`: signed by what `genCA` gave.
fn gen_signed_cert(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let key = given_key(args, 5)?;
    let ca = certificate_argument(args, 4)?;
    let signer = Signer::read(ca.cert.as_bytes(), ca.key.as_bytes())?;
    let names = names(cx, args)?;
    issue(
        cx,
        names,
        int(args, 3)?,
        key,
        Issuer::Other(Box::new(signer)),
    )
}

/// `buildCustomCert cert key`: a certificate object from base64 of PEM texts.
fn build_custom_cert(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (cert, key) = (bytes(args, 0)?, bytes(args, 1)?);
    cx.charge((cert.len() + key.len()) as u64)?;
    let cert = cipher::decode_base64(cert).map_err(|_| "unable to decode base64 certificate")?;
    let key = cipher::decode_base64(key).map_err(|_| "unable to decode base64 private key")?;
    certificate::read(&cert, "decodedCert")?;
    Key::from_pem(&key).map_err(|error| format!("error parsing private key: {error}"))?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok(Object::Certificate(Certificate {
        cert: text(cert),
        key: text(key),
    })
    .into())
}

/// Who signs a certificate.
enum Issuer {
    Itself { ca: bool },
    Other(Box<Signer>),
}

/// Makes a certificate. Without a given key it gets a new RSA key of 2,048 bits.
fn issue(cx: &mut Cx<'_>, names: Names, days: i64, key: Option<Key>, issuer: Issuer) -> Outcome {
    cx.charge(SLOW + names.size() as u64)?;
    let key = match key {
        Some(key) => key,
        None => Key::generate_rsa(cx.random, 2_048)?,
    };
    let subject = certificate::Subject {
        names,
        days,
        now: cx.volatile.now,
    };
    let der = match issuer {
        Issuer::Itself { ca } => subject.self_signed(cx.random, &key, ca),
        Issuer::Other(signer) => subject.signed(cx.random, &key, &signer),
    }
    .map_err(|error| format!("error creating certificate: {error}"))?;
    Ok(Object::Certificate(Certificate {
        cert: pem::encode("CERTIFICATE", &der),
        key: key.to_pem()?,
    })
    .into())
}

/// The key of the functions that take one as their last argument.
fn given_key(args: &[Item], index: usize) -> Result<Option<Key>, CallError> {
    if args.len() <= index {
        return Ok(None);
    }
    let key = Key::from_pem(bytes(args, index)?)
        .map_err(|error| format!("parsing private key: {error}"))?;
    Ok(Some(key))
}

/// Common name, addresses and DNS names of the first three arguments.
fn names(cx: &Cx<'_>, args: &[Item]) -> Result<Names, CallError> {
    let shown = |val: &Val| String::from_utf8_lossy(&format::display(val, cx.helm)).into_owned();
    let mut addresses = Vec::new();
    for val in values(args, 1) {
        let text = val
            .as_str()
            .ok_or_else(|| format!("error parsing ip: {} is not a string", shown(val)))?
            .lossy();
        let address = text
            .parse()
            .map_err(|_| format!("error parsing ip: {text}"))?;
        addresses.push(address);
    }
    let mut dns = Vec::new();
    for val in values(args, 2) {
        let text = val.as_str().ok_or_else(|| {
            format!(
                "error processing alternate dns name: {} is not a string",
                shown(val)
            )
        })?;
        dns.push(text.clone());
    }
    Ok(Names::new(string(args, 0)?, addresses, dns))
}

/// The elements of a list argument; nil has none.
fn values(args: &[Item], index: usize) -> impl Iterator<Item = &Val> {
    let list = match args.get(index).map(|item| &item.val) {
        Some(Val::List(list)) => Some(list),
        _ => None,
    };
    list.into_iter().flat_map(|list| list.values())
}

fn certificate_argument(args: &[Item], index: usize) -> Result<&Certificate, CallError> {
    match args.get(index).map(|item| &item.val) {
        Some(Val::Object(object)) => match &**object {
            Object::Certificate(certificate) => Ok(certificate),
            _ => Err(format!("argument {} is no certificate", index + 1).into()),
        },
        _ => Err(format!("argument {} is no certificate", index + 1).into()),
    }
}

#[cfg(test)]
mod tests;
