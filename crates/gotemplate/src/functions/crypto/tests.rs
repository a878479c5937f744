//! Certificates, keys and passwords: shapes, and what openssl and Go make of them.

use super::*;
use crate::functions::testing::Setup;
use crate::value::{ElementType, List as Slice};
use x509_cert::der::{Decode as _, Encode as _};

/// Keys are charged more than the few bytes that other tests have.
fn setup() -> Setup {
    Setup::with_memory(1 << 30)
}

fn text(text: &str) -> Item {
    Val::string(text).into()
}

fn days(days: i64) -> Item {
    Val::Int(days).into()
}

fn none() -> Item {
    Val::List(Slice::nil(ElementType::Interface)).into()
}

fn list(texts: &[&str]) -> Item {
    Val::list(texts.iter().map(|entry| text(entry)).collect()).into()
}

fn made(setup: &mut Setup, name: &str, args: &[Item]) -> Certificate {
    let result = setup.call(name, args);
    match result {
        Ok(Item {
            val: Val::Object(object),
            ..
        }) => match &*object {
            Object::Certificate(certificate) => certificate.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn failed(setup: &mut Setup, name: &str, args: &[Item]) -> String {
    match setup.call(name, args) {
        Err(CallError::Message(message)) => message,
        other => panic!("{other:?}"),
    }
}

/// A key that takes no time to make.
fn quick_key(setup: &mut Setup, kind: &str) -> Item {
    let key = setup.text("genPrivateKey", &[text(kind)]);
    text(&key)
}

fn parsed(certificate: &Certificate) -> x509_cert::Certificate {
    certificate::read(certificate.cert.as_bytes(), "cert").expect("a certificate")
}

/// Identifier and criticality of each extension.
fn extensions(certificate: &x509_cert::Certificate) -> Vec<(String, bool)> {
    let extensions = certificate.tbs_certificate.extensions.iter().flatten();
    extensions
        .map(|extension| (extension.extn_id.to_string(), extension.critical))
        .collect()
}

fn verify_with_p256(issuer: &Item, certificate: &x509_cert::Certificate) {
    use p256::ecdsa::signature::Verifier as _;
    let key = match Key::from_pem(bytes(std::slice::from_ref(issuer), 0).expect("text")) {
        Ok(Key::Ecdsa(key)) => key,
        _ => panic!("no EC key"),
    };
    let signature = certificate.signature.as_bytes().expect("whole bytes");
    let signature = p256::ecdsa::Signature::from_der(signature).expect("a signature");
    let content = certificate.tbs_certificate.to_der().expect("DER");
    p256::ecdsa::VerifyingKey::from(key.public_key())
        .verify(&content, &signature)
        .expect("the signature fits");
}

#[test]
fn a_certificate_chain_has_the_fields_that_go_writes() {
    let mut setup = setup();
    let ca_key = quick_key(&mut setup, "ecdsa");
    let ca = made(
        &mut setup,
        "genCAWithKey",
        &[text("my ca"), days(10), ca_key.clone()],
    );
    let ca_cert = parsed(&ca);
    let expected = [
        ("2.5.29.15", true),
        ("2.5.29.37", false),
        ("2.5.29.19", true),
        ("2.5.29.14", false),
    ];
    assert_eq!(
        extensions(&ca_cert),
        expected.map(|(id, critical)| (id.to_owned(), critical))
    );
    assert_eq!(ca_cert.tbs_certificate.subject.to_string(), "CN=my ca");
    verify_with_p256(&ca_key, &ca_cert);

    let key = quick_key(&mut setup, "ed25519");
    let args = [
        text("*.svc"),
        list(&["10.0.0.1", "::1"]),
        list(&["a.b"]),
        days(365),
        Object::Certificate(ca).into(),
        key,
    ];
    let leaf = parsed(&made(&mut setup, "genSignedCertWithKey", &args));
    let content = &leaf.tbs_certificate;
    assert_eq!(content.issuer, ca_cert.tbs_certificate.subject);
    let expected = [
        ("2.5.29.15", true),
        ("2.5.29.37", false),
        ("2.5.29.19", true),
        ("2.5.29.35", false),
        ("2.5.29.17", false),
    ];
    assert_eq!(
        extensions(&leaf),
        expected.map(|(id, critical)| (id.to_owned(), critical))
    );
    let (from, until) = (content.validity.not_before, content.validity.not_after);
    assert_eq!(from.to_unix_duration().as_secs(), 0);
    assert_eq!(until.to_unix_duration().as_secs(), 365 * 86_400);
    verify_with_p256(&ca_key, &leaf);
}

#[test]
fn new_certificates_have_rsa_keys_of_2048_bits() {
    use rsa::traits::PublicKeyParts as _;
    let mut setup = setup();
    let certificate = made(
        &mut setup,
        "genSelfSignedCert",
        &[text("a"), none(), none(), days(1)],
    );
    assert!(
        certificate
            .key
            .starts_with("-----BEGIN RSA PRIVATE KEY-----\n")
    );
    let key = match Key::from_pem(certificate.key.as_bytes()) {
        Ok(Key::Rsa(key)) => key,
        _ => panic!("no RSA key"),
    };
    assert_eq!(key.n().bits(), 2_048);
    let parsed = parsed(&certificate);
    let content = parsed.tbs_certificate.to_der().expect("DER");
    let signature = parsed.signature.as_bytes().expect("whole bytes");
    let digest = <sha2::Sha256 as sha2::Digest>::digest(content);
    key.to_public_key()
        .verify(rsa::Pkcs1v15Sign::new::<sha2::Sha256>(), &digest, signature)
        .expect("the signature fits");
}

#[test]
fn keys_are_read_back_as_they_were_written() {
    let mut setup = setup();
    let kinds = [
        ("ecdsa", "-----BEGIN EC PRIVATE KEY-----\n"),
        ("ed25519", "-----BEGIN PRIVATE KEY-----\n"),
    ];
    for (kind, header) in kinds {
        let written = setup.text("genPrivateKey", &[text(kind)]);
        assert!(written.starts_with(header), "{written}");
        let key = Key::from_pem(written.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(key.to_pem().expect("PEM"), written);
    }
}

#[test]
fn a_certificate_of_dsa_or_with_a_foreign_key_is_refused_as_go_does() {
    let mut setup = setup();
    let dsa = DSA_KEY.to_owned();
    let message = failed(
        &mut setup,
        "genCAWithKey",
        &[text("a"), days(1), text(&dsa)],
    );
    assert_eq!(
        message,
        "error creating certificate: x509: certificate private key does not implement crypto.Signer"
    );
    let key = quick_key(&mut setup, "ecdsa");
    let other = setup.text("genPrivateKey", &[text("ecdsa")]);
    let ca = made(
        &mut setup,
        "genCAWithKey",
        &[text("ca"), days(1), key.clone()],
    );
    let mixed = Object::Certificate(Certificate {
        cert: ca.cert,
        key: other,
    });
    let args = [text("a"), none(), none(), days(1), mixed.into(), key];
    assert_eq!(
        failed(&mut setup, "genSignedCertWithKey", &args),
        "error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey"
    );
}

/// A group far too small, which does for reading it.
const DSA_KEY: &str = "-----BEGIN DSA PRIVATE KEY-----\nMBICAQACARcCAQsCAQQCARACAQM=\n-----END DSA PRIVATE KEY-----\n";

#[test]
fn dates_beyond_2049_and_beyond_9999_are_written_or_refused() {
    let mut setup = setup();
    let key = quick_key(&mut setup, "ed25519");
    let far = made(
        &mut setup,
        "genCAWithKey",
        &[text("a"), days(36_500), key.clone()],
    );
    let until = parsed(&far).tbs_certificate.validity.not_after;
    assert!(
        matches!(until, x509_cert::time::Time::GeneralTime(_)),
        "{until:?}"
    );
    assert_eq!(until.to_unix_duration().as_secs(), 36_500 * 86_400);
    // About 292 years back, since the number of nanoseconds wraps.
    let wrapped = made(&mut setup, "genCAWithKey", &[text("a"), days(106_752), key]);
    assert!(
        x509_cert::Certificate::from_der(&pem::decode(wrapped.cert.as_bytes()).expect("PEM").bytes)
            .is_err()
    );
}

#[test]
fn pem_blocks_are_found_amid_other_text() {
    let block = |label: &str, bytes: &[u8]| pem::Block {
        label: label.as_bytes().to_vec(),
        bytes: bytes.to_vec(),
    };
    let cases = [
        (
            "-----BEGIN A-----\nYWJj\n-----END A-----\n",
            Some(block("A", b"abc")),
        ),
        (
            "x\n-----BEGIN A-----\r\nYW\r\n Jj\r\n-----END A-----",
            Some(block("A", b"abc")),
        ),
        (
            "-----BEGIN A-----\nK: v\n\nYWJj\n-----END A-----\n",
            Some(block("A", b"abc")),
        ),
        ("-----BEGIN A-----\nYWJj\n-----END B-----\n", None),
        (
            "-----BEGIN A-----\n-----BEGIN B-----\nYQ==\n-----END B-----\n",
            Some(block("B", b"a")),
        ),
        (
            "-----BEGIN A-----\n!\n-----END A-----\n-----BEGIN B-----\nYQ==\n-----END B-----\n",
            Some(block("B", b"a")),
        ),
        ("-----BEGIN A-----\nYWJj\n", None),
        (" -----BEGIN A-----\nYWJj\n-----END A-----\n", None),
    ];
    for (text, expected) in cases {
        assert_eq!(pem::decode(text.as_bytes()), expected, "{text}");
    }
    let long = pem::encode("A", &[0; 100]);
    assert_eq!(pem::decode(long.as_bytes()), Some(block("A", &[0; 100])));
    assert_eq!(
        long.lines().map(str::len).collect::<Vec<_>>(),
        [17, 64, 64, 8, 15]
    );
}

#[test]
fn passwords_are_hashed_and_can_be_verified() {
    let mut setup = setup();
    let line = setup.text("htpasswd", &[text("me"), text("secret")]);
    let hash = line.strip_prefix("me:").expect("the user first");
    assert!(hash.starts_with("$2a$10$"), "{hash}");
    assert!(::bcrypt::verify("secret", hash).expect("a hash"));
    assert_ne!(setup.text("bcrypt", &[text("secret")]), hash);
}

#[test]
fn the_same_seed_gives_the_same_certificate() {
    let make = || {
        let mut setup = setup();
        let key = quick_key(&mut setup, "ecdsa");
        made(&mut setup, "genCAWithKey", &[text("a"), days(1), key]).cert
    };
    assert_eq!(make(), make());
}

#[test]
fn making_keys_is_charged() {
    let result = Setup::with_memory(1_000).call("genPrivateKey", &[text("rsa")]);
    assert!(matches!(result, Err(CallError::Limit(_))), "{result:?}");
}
