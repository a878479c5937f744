//! sprig's AES: 256 bits, cipher block chaining, the initialization vector in front.

use super::super::text::bytes;
use super::super::{Cx, Outcome};
use crate::value::{Item, Val};
use aes::Aes256;
use aes::cipher::block_padding::{NoPadding, Pkcs7};
use aes::cipher::{BlockDecryptMut as _, BlockEncryptMut as _, KeyIvInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use base64::{DecodeError, alphabet};
use rand::RngCore as _;

const BLOCK: usize = 16;

/// `encryptAES password text`: in base64. An empty text stays empty.
pub(super) fn encrypt(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (password, text) = (bytes(args, 0)?, bytes(args, 1)?);
    if text.is_empty() {
        return Ok(Val::string("").into());
    }
    cx.charge(text.len() as u64 * 4 + 64)?;
    let mut vector = [0u8; BLOCK];
    cx.random.fill_bytes(&mut vector);
    let encrypted = cbc::Encryptor::<Aes256>::new(&key_of(password).into(), &vector.into())
        .encrypt_padded_vec_mut::<Pkcs7>(text);
    let whole = [&vector[..], &encrypted].concat();
    Ok(Val::string(STANDARD.encode(whole)).into())
}

/// `decryptAES password text`: what `encryptAES` was given. A wrong password may give anything, or an error.
pub(super) fn decrypt(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (password, text) = (bytes(args, 0)?, bytes(args, 1)?);
    if text.is_empty() {
        return Ok(Val::string("").into());
    }
    cx.charge(text.len() as u64 * 2)?;
    let whole =
        decode_base64(text).map_err(|at| format!("illegal base64 data at input byte {at}"))?;
    let Some((vector, encrypted)) = whole.split_first_chunk::<BLOCK>() else {
        let capacity = text.len() / 4 * 3;
        return Err(format!(
            "runtime error: slice bounds out of range [:{BLOCK}] with capacity {capacity}"
        )
        .into());
    };
    let mut decrypted = cbc::Decryptor::<Aes256>::new(&key_of(password).into(), vector.into())
        .decrypt_padded_vec_mut::<NoPadding>(encrypted)
        .map_err(|_| "crypto/cipher: input not full blocks")?;
    let Some(&padding) = decrypted.last() else {
        return Err("runtime error: index out of range [-1]".into());
    };
    let length = decrypted.len() as i64 - i64::from(padding);
    let Ok(length) = usize::try_from(length) else {
        return Err(format!("runtime error: slice bounds out of range [:{length}]").into());
    };
    decrypted.truncate(length);
    Ok(Val::string(decrypted).into())
}

/// The first 32 bytes of a password, zeros after it.
fn key_of(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let length = password.len().min(key.len());
    key[..length].copy_from_slice(&password[..length]);
    key
}

/// Decodes base64 as Go does: line breaks and superfluous bits do not count. The error is the place that Go names
/// (in the text without line breaks).
pub(super) fn decode_base64(text: &[u8]) -> Result<Vec<u8>, usize> {
    const GO: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    let text: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    GO.decode(&text).map_err(|error| match error {
        DecodeError::InvalidByte(at, _) | DecodeError::InvalidLastSymbol(at, _) => at,
        DecodeError::InvalidLength(_) => text.len() / 4 * 4,
        DecodeError::InvalidPadding if text.len().is_multiple_of(4) => text.len(),
        DecodeError::InvalidPadding => text.len() / 4 * 4,
    })
}
