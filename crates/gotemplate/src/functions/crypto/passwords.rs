//! Password hashes and sprig's stateless password generator.

use super::super::text::bytes;
use super::super::{Cx, Outcome};
use super::SLOW;
use crate::value::{Item, Val};
use hmac::{Hmac, Mac as _};
use rand::RngCore as _;
use sha2::Sha256;

/// `bcrypt password`: a hash of cost 10. Where it cannot be hashed, the result says so.
pub(super) fn bcrypt(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let hash = bcrypt_hash(cx, bytes(args, 0)?)?;
    Ok(Val::string(hash).into())
}

/// `htpasswd user password`: a line of an Apache password file.
pub(super) fn htpasswd(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (user, password) = (bytes(args, 0)?, bytes(args, 1)?);
    if user.contains(&b':') {
        return Ok(Val::string([b"invalid username: ", user].concat()).into());
    }
    let hash = bcrypt_hash(cx, password)?;
    Ok(Val::string([user, b":", hash.as_bytes()].concat()).into())
}

fn bcrypt_hash(cx: &mut Cx<'_>, password: &[u8]) -> Result<String, super::CallError> {
    /// Go's default.
    const COST: u32 = 10;
    const FAILED: &str = "failed to encrypt string with bcrypt";
    if password.len() > 72 {
        return Ok(format!(
            "{FAILED}: bcrypt: password length exceeds 72 bytes"
        ));
    }
    cx.charge(SLOW)?;
    let mut salt = [0u8; 16];
    cx.random.fill_bytes(&mut salt);
    Ok(match ::bcrypt::hash_with_salt(password, COST, salt) {
        Ok(parts) => parts.format_for_version(::bcrypt::Version::TwoA),
        Err(error) => format!("{FAILED}: {error}"),
    })
}

/// The scope that separates this use of the algorithm from others.
const SCOPE: &[u8] = b"com.lyndir.masterpassword";

/// Kinds of passwords with their patterns; the letters stand for [`characters`].
const PATTERNS: [(&str, &[&str]); 6] = [
    ("maximum", &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]),
    (
        "long",
        &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
    ),
    ("medium", &["CvcnoCvc", "CvcCvcno"]),
    ("short", &["Cvcn"]),
    ("basic", &["aaanaaan", "aannaaan", "aaannaaa"]),
    ("pin", &["nnnn"]),
];

/// `derivePassword counter type password user site`: always the same for the same arguments.
pub(super) fn derive_password(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let counter = match args.first().map(|item| &item.val) {
        Some(Val::Int(counter) | Val::Int64(counter)) => *counter as u32,
        Some(Val::Uint64(counter)) => *counter as u32,
        _ => return Err("argument 1 is no uint32".into()),
    };
    let kind = bytes(args, 1)?;
    let Some((_, patterns)) = PATTERNS.iter().find(|(name, _)| name.as_bytes() == kind) else {
        return Ok(Val::string([b"cannot find password template ", kind].concat()).into());
    };
    cx.charge(SLOW)?;
    let (password, user, site) = (bytes(args, 2)?, bytes(args, 3)?, bytes(args, 4)?);
    let seed = seed(counter, password, user, site)
        .map_err(|error| format!("failed to derive password: {error}"))?;
    let pattern = patterns[usize::from(seed[0]) % patterns.len()];
    let password: Vec<u8> = pattern
        .bytes()
        .zip(&seed[1..])
        .map(|(class, byte)| {
            let characters = characters(class).as_bytes();
            characters[usize::from(*byte) % characters.len()]
        })
        .collect();
    Ok(Val::string(password).into())
}

fn seed(counter: u32, password: &[u8], user: &[u8], site: &[u8]) -> Result<Vec<u8>, String> {
    let measured = |text: &[u8]| [&(text.len() as u32).to_be_bytes(), text].concat();
    let salt = [SCOPE, &measured(user)].concat();
    let params = scrypt::Params::new(15, 8, 2, 64).map_err(|error| error.to_string())?;
    let mut key = [0u8; 64];
    scrypt::scrypt(password, &salt, &params, &mut key).map_err(|error| error.to_string())?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| error.to_string())?;
    mac.update(SCOPE);
    mac.update(&measured(site));
    mac.update(&counter.to_be_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

/// The characters of a class, in the order that decides which of them a byte means.
fn characters(class: u8) -> &'static str {
    match class {
        b'C' => "BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => "aeiou",
        b'c' => "bcdfghjklmnpqrstvwxyz",
        b'a' => "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => "0123456789",
        b'o' => "@&%?,=[]_:-+*$#!'^~;()/.",
        _ => "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}
