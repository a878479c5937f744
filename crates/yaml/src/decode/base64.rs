//! The content of `!!binary` scalars.

/// Standard Base64 with padding, as Go's decoder reads it: line breaks are skipped, surplus bits ignored.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let symbols: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    if !symbols.len().is_multiple_of(4) {
        return None;
    }
    let padding = symbols
        .iter()
        .rev()
        .take(2)
        .take_while(|byte| **byte == b'=')
        .count();
    let digits = symbols[..symbols.len() - padding]
        .iter()
        .map(|symbol| digit(*symbol));
    let mut bytes = Vec::with_capacity(symbols.len() / 4 * 3);
    let mut bits = 0_u32;
    for (position, digit) in digits.enumerate() {
        bits = bits << 6 | digit?;
        // Every digit but the first of four completes a byte.
        let surplus = [6, 4, 2, 0][position % 4];
        if position % 4 > 0 {
            bytes.push((bits >> surplus) as u8);
        }
    }
    Some(bytes)
}

fn digit(symbol: u8) -> Option<u32> {
    let value = match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padded_text_is_decoded_and_anything_else_refused() {
        assert_eq!(decode("aGk=").as_deref(), Some(b"hi".as_slice()));
        assert_eq!(
            decode("aGkh\naGkh\r\n").as_deref(),
            Some(b"hi!hi!".as_slice())
        );
        assert_eq!(decode("aA==").as_deref(), Some(b"h".as_slice()));
        assert_eq!(
            decode("aP==").as_deref(),
            Some(b"h".as_slice()),
            "surplus bits"
        );
        assert_eq!(decode("").as_deref(), Some(b"".as_slice()));
        for text in ["aGk", "a===", "aG k", "=GkA", "aGk=aGk=", "aGk_"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
