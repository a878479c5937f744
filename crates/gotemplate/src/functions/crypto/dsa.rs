//! DSA keys: a group of 2,048 bits with a subgroup of 256, as FIPS 186-3 generates it.

use super::der;
use num_bigint::BigUint;
use rand::RngCore as _;
use rand_chacha::ChaCha20Rng;

/// A private key with its group.
pub(super) struct DsaKey {
    p: BigUint,
    q: BigUint,
    g: BigUint,
    y: BigUint,
    x: BigUint,
}

const GROUP_BYTES: usize = 2_048 / 8;
const SUBGROUP_BYTES: usize = 256 / 8;
/// A composite number passes as many rounds with a chance of 4^-20 at most.
const ROUNDS: usize = 20;

impl DsaKey {
    pub(super) fn generate(random: &mut ChaCha20Rng) -> Self {
        let (p, q) = primes(random);
        let one = BigUint::from(1u8);
        let exponent = (&p - &one) / &q;
        let mut base = BigUint::from(2u8);
        let g = loop {
            let g = base.modpow(&exponent, &p);
            if g != one {
                break g;
            }
            base += 1u8;
        };
        let x = below(random, &q);
        let y = g.modpow(&x, &p);
        Self { p, q, g, y, x }
    }

    /// OpenSSL's form: version, p, q, g, public and private number.
    pub(super) fn to_der(&self) -> Vec<u8> {
        let mut parts = vec![der::unsigned(&[0])];
        for number in [&self.p, &self.q, &self.g, &self.y, &self.x] {
            parts.push(der::unsigned(&number.to_bytes_be()));
        }
        der::sequence(&parts)
    }

    pub(super) fn from_der(bytes: &[u8]) -> Option<Self> {
        let (_, content, _) = der::read(bytes).filter(|(tag, ..)| *tag == der::SEQUENCE)?;
        let (_, mut rest) = der::read_unsigned(content)?;
        let mut number = || {
            let (number, after) = der::read_unsigned(rest)?;
            rest = after;
            Some(BigUint::from_bytes_be(number))
        };
        Some(Self {
            p: number()?,
            q: number()?,
            g: number()?,
            y: number()?,
            x: number()?,
        })
    }
}

/// A prime `q`, and a prime `p` such that `q` divides `p - 1`.
fn primes(random: &mut ChaCha20Rng) -> (BigUint, BigUint) {
    let small = small_primes();
    loop {
        let q = number(random, SUBGROUP_BYTES) | BigUint::from(1u8);
        if !is_prime(random, &q, &small) {
            continue;
        }
        let twice = &q * 2u8;
        // Enough tries to find one nearly always; otherwise another `q`.
        for _ in 0..4 * GROUP_BYTES * 8 {
            let candidate = number(random, GROUP_BYTES);
            let p = &candidate - &candidate % &twice + 1u8;
            if p.bits() == GROUP_BYTES as u64 * 8 && is_prime(random, &p, &small) {
                return (p, q);
            }
        }
    }
}

/// A number of so many bytes with its highest bit set.
fn number(random: &mut ChaCha20Rng, bytes: usize) -> BigUint {
    let mut number = vec![0; bytes];
    random.fill_bytes(&mut number);
    number[0] |= 0x80;
    BigUint::from_bytes_be(&number)
}

/// A number from 1 on, below `limit`.
fn below(random: &mut ChaCha20Rng, limit: &BigUint) -> BigUint {
    let mut bytes = vec![0; limit.bits().div_ceil(8) as usize];
    loop {
        random.fill_bytes(&mut bytes);
        let number = BigUint::from_bytes_be(&bytes);
        if number > BigUint::ZERO && number < *limit {
            return number;
        }
    }
}

/// The odd primes below 10,000: most composite numbers have one of them as a factor.
fn small_primes() -> Vec<u32> {
    let mut primes: Vec<u32> = Vec::new();
    for number in (3..10_000).step_by(2) {
        let is_prime = primes
            .iter()
            .take_while(|prime| *prime * *prime <= number)
            .all(|prime| number % prime != 0);
        if is_prime {
            primes.push(number);
        }
    }
    primes
}

/// Whether an odd number above 10,000 is prime (Miller and Rabin's test).
fn is_prime(random: &mut ChaCha20Rng, number: &BigUint, small: &[u32]) -> bool {
    if small.iter().any(|prime| number % *prime == BigUint::ZERO) {
        return false;
    }
    let one = BigUint::from(1u8);
    let last = number - &one;
    let twos = last.trailing_zeros().unwrap_or(0);
    let odd = &last >> twos;
    let is_witness = |base: &BigUint| {
        let mut power = base.modpow(&odd, number);
        if power == one || power == last {
            return false;
        }
        for _ in 1..twos {
            power = &power * &power % number;
            if power == last {
                return false;
            }
        }
        true
    };
    !is_witness(&BigUint::from(2u8))
        && (0..ROUNDS).all(|_| {
            let base = below(random, &last);
            !is_witness(&base)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng as _;

    #[test]
    fn a_generated_key_fits_its_group() {
        let key = DsaKey::generate(&mut ChaCha20Rng::seed_from_u64(3));
        let one = BigUint::from(1u8);
        assert_eq!((key.p.bits(), key.q.bits()), (2_048, 256));
        assert_eq!((&key.p - &one) % &key.q, BigUint::ZERO);
        assert_ne!(key.g, one);
        assert_eq!(key.g.modpow(&key.q, &key.p), one);
        assert_eq!(key.g.modpow(&key.x, &key.p), key.y);
        let read = DsaKey::from_der(&key.to_der()).expect("a key");
        assert_eq!((read.p, read.x), (key.p, key.x));
    }

    #[test]
    fn primes_are_told_from_what_only_looks_like_them() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let small = small_primes();
        let mut prime = |number: u128| is_prime(&mut random, &BigUint::from(number), &small);
        assert!(prime(10_007));
        assert!(prime((1 << 127) - 1));
        assert!(!prime(10_007 * 10_009));
        assert!(!prime(((1 << 61) - 1) * ((1 << 31) - 1)));
        // A strong pseudoprime to the bases 2, 3, 5, 7 and 11: only the random bases tell.
        let pseudoprime = BigUint::from(2_152_302_898_747u64);
        assert!(!is_prime(&mut random, &pseudoprime, &[]));
    }
}
