//! Random texts and numbers, all from the rendering's seed.

use super::text::{bytes, int};
use super::{CallError, Cx, Flow, Function, Outcome, Param};
use crate::value::{Item, Val};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::{Rng as _, RngCore as _};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function::new("randAlphaNum", &[Param::Int], Flow::Volatile, alphanumeric),
    Function::new("randAlpha", &[Param::Int], Flow::Volatile, alphabetic),
    Function::new("randNumeric", &[Param::Int], Flow::Volatile, numeric),
    Function::new("randAscii", &[Param::Int], Flow::Volatile, ascii),
    Function::new("randBytes", &[Param::Int], Flow::Volatile, random_bytes),
    Function::new(
        "randInt",
        &[Param::Int, Param::Int],
        Flow::Volatile,
        random_int,
    ),
    Function::new("shuffle", &[Param::Str], Flow::Volatile, shuffle),
    Function::new("uuidv4", &[], Flow::Volatile, uuidv4),
];

/// `randAlphaNum n`: so many letters and digits.
fn alphanumeric(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    text_of(cx, args, |byte| byte.is_ascii_alphanumeric())
}

/// `randAlpha n`: so many letters.
fn alphabetic(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    text_of(cx, args, |byte| byte.is_ascii_alphabetic())
}

/// `randNumeric n`: so many digits.
fn numeric(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    text_of(cx, args, |byte| byte.is_ascii_digit())
}

/// `randAscii n`: so many printable characters, the space included.
fn ascii(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    text_of(cx, args, |byte| matches!(byte, b' '..=b'~'))
}

/// So many bytes of those that `wanted` accepts; none for a negative number.
fn text_of(cx: &mut Cx<'_>, args: &[Item], wanted: fn(u8) -> bool) -> Outcome {
    let count = u64::try_from(int(args, 0)?).unwrap_or(0);
    cx.charge(count)?;
    let alphabet: Vec<u8> = (0..=u8::MAX).filter(|byte| wanted(*byte)).collect();
    let text: Vec<u8> = (0..count)
        .map(|_| alphabet[cx.random.gen_range(0..alphabet.len())])
        .collect();
    Ok(Val::string(text).into())
}

/// `randBytes n`: so many bytes, in base64.
fn random_bytes(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let count = u64::try_from(int(args, 0)?)
        .map_err(|_| CallError::from("runtime error: makeslice: len out of range"))?;
    // The bytes and their text.
    cx.charge(count.saturating_mul(3))?;
    let mut bytes = vec![0; count as usize];
    cx.random.fill_bytes(&mut bytes);
    Ok(Val::string(STANDARD.encode(bytes)).into())
}

/// `randInt min max`: a number from `min` on, below `max`.
fn random_int(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let (min, max) = (int(args, 0)?, int(args, 1)?);
    let width = max.wrapping_sub(min);
    if width <= 0 {
        return Err("invalid argument to Intn".into());
    }
    let offset = cx.random.gen_range(0..width);
    Ok(Val::Int(min.wrapping_add(offset)).into())
}

/// `shuffle s`: the same characters in another order.
fn shuffle(cx: &mut Cx<'_>, args: &[Item]) -> Outcome {
    let text = bytes(args, 0)?;
    cx.charge(text.len() as u64 * 5)?;
    let mut characters: Vec<char> = String::from_utf8_lossy(text).chars().collect();
    for index in (1..characters.len()).rev() {
        characters.swap(index, cx.random.gen_range(0..=index));
    }
    Ok(Val::string(characters.into_iter().collect::<String>()).into())
}

/// `uuidv4`: a random UUID.
fn uuidv4(cx: &mut Cx<'_>, _: &[Item]) -> Outcome {
    let mut bytes = [0u8; 16];
    cx.random.fill_bytes(&mut bytes);
    // Version and variant of RFC 9562.
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = format!("{:032x}", u128::from_be_bytes(bytes));
    let parts = [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ];
    Ok(Val::string(parts.join("-")).into())
}

#[cfg(test)]
mod tests {
    use crate::functions::CallError;
    use crate::functions::testing::Setup;
    use crate::value::{Item, Val};

    fn int(value: i64) -> Item {
        Val::Int(value).into()
    }

    #[test]
    fn texts_have_their_length_and_use_their_whole_alphabet() {
        /// A function, its alphabet and how many characters that has.
        type Case = (&'static str, fn(char) -> bool, usize);
        let cases: [Case; 4] = [
            ("randAlphaNum", |c| c.is_ascii_alphanumeric(), 62),
            ("randAlpha", |c| c.is_ascii_alphabetic(), 52),
            ("randNumeric", |c| c.is_ascii_digit(), 10),
            ("randAscii", |c| matches!(c, ' '..='~'), 95),
        ];
        for (name, wanted, letters) in cases {
            let text = Setup::plain().text(name, &[int(5_000)]);
            assert_eq!(text.len(), 5_000, "{name}");
            assert!(text.chars().all(wanted), "{name}: {text}");
            let mut seen: Vec<char> = text.chars().collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), letters, "{name}");
            assert_eq!(Setup::plain().text(name, &[int(-1)]), "", "{name}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_text_and_calls_differ() {
        let mut setup = Setup::plain();
        let (first, second) = (setup.text("uuidv4", &[]), setup.text("uuidv4", &[]));
        assert_ne!(first, second);
        assert_eq!(first, Setup::plain().text("uuidv4", &[]));
        assert_eq!((&first[14..15], first.len()), ("4", 36), "{first}");
        assert!("89ab".contains(&first[19..20]), "{first}");
    }

    #[test]
    fn random_integers_stay_in_their_range() {
        let mut setup = Setup::plain();
        let mut seen = Vec::new();
        for _ in 0..200 {
            match setup.call("randInt", &[int(-2), int(1)]) {
                Ok(Item {
                    val: Val::Int(value),
                    ..
                }) => seen.push(value),
                other => panic!("{other:?}"),
            }
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [-2, -1, 0]);
        for (min, max) in [(1, 1), (2, 1), (i64::MIN, i64::MAX)] {
            match setup.call("randInt", &[int(min), int(max)]) {
                Err(CallError::Message(text)) => assert_eq!(text, "invalid argument to Intn"),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_shuffled_text_has_the_same_characters() {
        let text = "häuser und höfe";
        let shuffled = Setup::plain().text("shuffle", &[Val::string(text).into()]);
        assert_ne!(shuffled, text);
        let sorted = |text: &str| {
            let mut characters: Vec<char> = text.chars().collect();
            characters.sort_unstable();
            characters
        };
        assert_eq!(sorted(&shuffled), sorted(text));
    }

    #[test]
    fn sizes_are_charged_before_anything_is_built() {
        for name in ["randAlphaNum", "randAscii", "randBytes"] {
            let result = Setup::with_memory(1_000).call(name, &[int(i64::MAX)]);
            assert!(
                matches!(result, Err(CallError::Limit(_))),
                "{name}: {result:?}"
            );
        }
        let negative = Setup::plain().call("randBytes", &[int(-1)]);
        assert!(
            matches!(negative, Err(CallError::Message(_))),
            "{negative:?}"
        );
        assert_eq!(Setup::plain().text("randBytes", &[int(16)]).len(), 24);
    }
}
