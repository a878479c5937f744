//! Character classes and character escapes of Go's regular expressions, in the notation of the `regex` crate.

use super::syntax::{Flags, SyntaxError, check_utf8, next_char};

/// Matches no character.
pub(super) const NOTHING: &str = "[^\\x{0}-\\x{10FFFF}]";

/// `\d`, `\s` and `\w` are ASCII; `\s` has no vertical tab.
const PERL_CLASSES: [(u8, &str); 3] = [
    (b'd', "0-9"),
    (b's', "\\t\\n\\f\\r\\x20"),
    (b'w', "0-9A-Za-z_"),
];

const POSIX_CLASSES: [(&str, &str); 14] = [
    ("alnum", "0-9A-Za-z"),
    ("alpha", "A-Za-z"),
    ("ascii", "\\x00-\\x7F"),
    ("blank", "\\t\\x20"),
    ("cntrl", "\\x00-\\x1F\\x7F"),
    ("digit", "0-9"),
    ("graph", "\\x21-\\x7E"),
    ("lower", "a-z"),
    ("print", "\\x20-\\x7E"),
    ("punct", "\\x21-\\x2F\\x3A-\\x40\\x5B-\\x60\\x7B-\\x7E"),
    ("space", "\\t-\\r\\x20"),
    ("upper", "A-Z"),
    ("word", "0-9A-Za-z_"),
    ("xdigit", "0-9A-Fa-f"),
];

const CATEGORIES: &str = "c cc cf cn co cs l lc ll lm lo lt lu m mc me mn n nd nl no p pc pd pe pf pi po ps s sc sk \
    sm so z zl zp zs casedletter closepunctuation combiningmark connectorpunctuation control currencysymbol \
    dashpunctuation decimalnumber enclosingmark finalpunctuation format initialpunctuation letter letternumber \
    lineseparator lowercaseletter mark mathsymbol modifierletter modifiersymbol nonspacingmark number \
    openpunctuation other otherletter othernumber otherpunctuation othersymbol paragraphseparator privateuse \
    punctuation separator spaceseparator spacingmark surrogate symbol titlecaseletter unassigned uppercaseletter \
    cntrl digit punct";

/// Go 1.26 drops `_` from names before it looks them up, and so it no longer finds scripts of two words.
const SCRIPTS: &str = "adlam ahom arabic armenian avestan balinese bamum batak bengali bhaiksuki bopomofo brahmi \
    braille buginese buhid carian chakma cham cherokee chorasmian common coptic cuneiform cypriot cyrillic deseret \
    devanagari dogra duployan elbasan elymaic ethiopic georgian glagolitic gothic grantha greek gujarati gurmukhi \
    han hangul hanunoo hatran hebrew hiragana inherited javanese kaithi kannada katakana kawi kharoshthi khmer \
    khojki khudawadi lao latin lepcha limbu lisu lycian lydian mahajani makasar malayalam mandaic manichaean \
    marchen medefaidrin miao modi mongolian mro multani myanmar nabataean nandinagari newa nko nushu ogham oriya \
    osage osmanya palmyrene phoenician rejang runic samaritan saurashtra sharada shavian siddham sinhala sogdian \
    soyombo sundanese syriac tagalog tagbanwa takri tamil tangsa tangut telugu thaana thai tibetan tifinagh \
    tirhuta toto ugaritic vai vithkuqi wancho yezidi yi";

/// A class in brackets at the start of a text, and how long it is.
pub(super) fn bracketed(text: &[u8], flags: Flags) -> Result<(String, usize), SyntaxError> {
    let mut out = String::from("[");
    let mut at = 1;
    if text.get(at) == Some(&b'^') {
        out.push('^');
        at += 1;
    }
    let first = at;
    while text.get(at) != Some(&b']') || at == first {
        let rest = text.get(at..).unwrap_or(&[]);
        let named = match named_class(rest)? {
            Some(found) => Some(found),
            None => plain_class(rest)?,
        };
        if let Some((class, length)) = named {
            out.push_str(&class);
            at += length;
            continue;
        }
        let (low, low_end) = class_char(text, at)?;
        let (mut high, mut end) = (low, low_end);
        // `-` in front of the closing bracket stands for itself.
        if text.get(low_end) == Some(&b'-')
            && text.get(low_end + 1).is_some_and(|next| *next != b']')
        {
            (high, end) = class_char(text, low_end + 1)?;
        }
        if high < low {
            return Err(SyntaxError::new(
                "invalid character class range",
                &text[at..end],
            ));
        }
        out.push_str(&range(low, high));
        at = end;
    }
    out.push(']');
    Ok((folded(out, flags), at + 1))
}

/// A class escape (`\d`, `\pL`, `\p{Greek}`) at the start of a text, and how long it is; None if there is none.
pub(super) fn escaped(text: &[u8], flags: Flags) -> Result<Option<(String, usize)>, SyntaxError> {
    Ok(plain_class(text)?.map(|(class, length)| (folded(class, flags), length)))
}

/// A character escape at the start of a text: the character's number, and how long the escape is.
pub(super) fn character_escape(text: &[u8]) -> Result<(u32, usize), SyntaxError> {
    if text.len() < 2 {
        return Err(SyntaxError::new(
            "trailing backslash at end of expression",
            b"",
        ));
    }
    let (c, width) = next_char(&text[1..])?;
    let after = 1 + width;
    let simple = |code: u32| Ok((code, after));
    match c {
        'a' => simple(7),
        'f' => simple(12),
        'n' => simple(10),
        'r' => simple(13),
        't' => simple(9),
        'v' => simple(11),
        'x' => hexadecimal(text),
        '0' => Ok(octal(text)),
        // A single digit other than zero would be a back reference.
        '1'..='7' if text.get(2).is_some_and(|next| (b'0'..=b'7').contains(next)) => {
            Ok(octal(text))
        }
        _ if c.is_ascii() && !c.is_ascii_alphanumeric() => simple(c.into()),
        _ => Err(bad_escape(text, after)),
    }
}

fn bad_escape(text: &[u8], length: usize) -> SyntaxError {
    SyntaxError::new("invalid escape sequence", &text[..length])
}

fn octal(text: &[u8]) -> (u32, usize) {
    let digits = text[1..]
        .iter()
        .take(3)
        .take_while(|digit| (b'0'..=b'7').contains(digit));
    let digits: Vec<u32> = digits.map(|digit| u32::from(digit - b'0')).collect();
    (
        digits.iter().fold(0, |code, digit| code * 8 + digit),
        1 + digits.len(),
    )
}

/// `\x41` or `\x{1F600}`
fn hexadecimal(text: &[u8]) -> Result<(u32, usize), SyntaxError> {
    let mut at = 2;
    let mut next = || -> Result<Option<char>, SyntaxError> {
        if at >= text.len() {
            return Ok(None);
        }
        let (c, width) = next_char(&text[at..])?;
        at += width;
        Ok(Some(c))
    };
    let first = next()?;
    if first != Some('{') {
        let digits = match first {
            Some(high) => high
                .to_digit(16)
                .zip(next()?.and_then(|low| low.to_digit(16))),
            None => None,
        };
        return match digits {
            Some((high, low)) => Ok((high * 16 + low, at)),
            None => Err(bad_escape(text, at)),
        };
    }
    let mut code = None;
    loop {
        match next()? {
            Some('}') => break,
            Some(c) => match c.to_digit(16) {
                Some(digit) => code = Some(code.unwrap_or(0) * 16 + digit),
                None => return Err(bad_escape(text, at)),
            },
            None => return Err(bad_escape(text, at)),
        }
        if code.is_some_and(|code| code > u32::from(char::MAX)) {
            return Err(bad_escape(text, at));
        }
    }
    code.map(|code| (code, at))
        .ok_or_else(|| bad_escape(text, at))
}

/// One character of a class at `at`, and where it ends.
fn class_char(text: &[u8], at: usize) -> Result<(u32, usize), SyntaxError> {
    let rest = text.get(at..).unwrap_or(&[]);
    match rest.first() {
        None => Err(SyntaxError::new("missing closing ]", text)),
        Some(b'\\') => character_escape(rest).map(|(code, length)| (code, at + length)),
        Some(_) => next_char(rest).map(|(c, width)| (c.into(), at + width)),
    }
}

/// A range inside a class. Surrogates, which may be named but never occur, are left out.
fn range(low: u32, high: u32) -> String {
    let surrogates = 0xd800..=0xdfff;
    let low = if surrogates.contains(&low) {
        0xe000
    } else {
        low
    };
    let high = if surrogates.contains(&high) {
        0xd7ff
    } else {
        high
    };
    if low > high {
        NOTHING.to_owned()
    } else {
        format!("\\x{{{low:X}}}-\\x{{{high:X}}}")
    }
}

/// `[:alpha:]`, inside a class.
fn named_class(text: &[u8]) -> Result<Option<(String, usize)>, SyntaxError> {
    if text.len() < 3 || !text.starts_with(b"[:") {
        return Ok(None);
    }
    let Some(end) = text[2..].windows(2).position(|window| window == b":]") else {
        return Ok(None);
    };
    let (name, length) = (&text[2..2 + end], end + 4);
    let (negated, name) = match name.strip_prefix(b"^") {
        Some(name) => (true, name),
        None => (false, name),
    };
    match POSIX_CLASSES
        .iter()
        .find(|(known, _)| known.as_bytes() == name)
    {
        Some((_, items)) => Ok(Some((nested(negated, items), length))),
        None => Err(SyntaxError::new(
            "invalid character class range",
            &text[..length],
        )),
    }
}

/// `\d`, `\pL`, `\p{Greek}`, inside a class or outside.
fn plain_class(text: &[u8]) -> Result<Option<(String, usize)>, SyntaxError> {
    match text {
        [b'\\', b'p' | b'P', ..] => property(text).map(Some),
        [b'\\', letter, ..] => {
            let known = PERL_CLASSES
                .iter()
                .find(|(known, _)| *known == letter.to_ascii_lowercase());
            Ok(known.map(|(_, items)| (nested(letter.is_ascii_uppercase(), items), 2)))
        }
        _ => Ok(None),
    }
}

fn property(text: &[u8]) -> Result<(String, usize), SyntaxError> {
    let rest = &text[2..];
    let (name, length) = match rest.first() {
        Some(b'{') => match rest.iter().position(|byte| *byte == b'}') {
            Some(end) => (&rest[1..end], 2 + end + 1),
            None => {
                check_utf8(text)?;
                return Err(SyntaxError::new("invalid character class range", text));
            }
        },
        Some(_) => {
            let (_, width) = next_char(rest)?;
            (&rest[..width], 2 + width)
        }
        None => (rest, 2),
    };
    check_utf8(name)?;
    let (inverted, name) = match name.strip_prefix(b"^") {
        Some(name) => (true, name),
        None => (false, name),
    };
    let negated = inverted != (text[1] == b'P');
    match property_items(name) {
        Some(items) => Ok((nested(negated, &items), length)),
        None => Err(SyntaxError::new(
            "invalid character class range",
            &text[..length],
        )),
    }
}

/// The items of a class for a name that may stand in `\p{…}`; characters younger than Unicode 15.0 are unassigned.
fn property_items(name: &[u8]) -> Option<String> {
    let name: String = name
        .iter()
        .filter(|byte| !b"_- ".contains(byte))
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let young = "\\P{age=15.0}";
    Some(match name.as_str() {
        "any" => "\\x{0}-\\x{10FFFF}".to_owned(),
        "ascii" => "\\x00-\\x7F".to_owned(),
        "assigned" => format!("[^\\p{{gc=Cn}}{young}]"),
        "c" | "other" => format!("\\p{{gc=C}}{young}"),
        "cn" | "unassigned" => format!("\\p{{gc=Cn}}{young}"),
        "cs" | "surrogate" => NOTHING.to_owned(),
        name if CATEGORIES.split(' ').any(|known| known == name) => {
            format!("[\\p{{gc={name}}}&&\\p{{age=15.0}}]")
        }
        name if SCRIPTS.split(' ').any(|known| known == name) => {
            format!("[\\p{{sc={name}}}&&\\p{{age=15.0}}]")
        }
        _ => return None,
    })
}

fn nested(negated: bool, items: &str) -> String {
    let sign = if negated { "^" } else { "" };
    format!("[{sign}{items}]")
}

fn folded(class: String, flags: Flags) -> String {
    if flags.fold_case {
        format!("(?i:{class})")
    } else {
        class
    }
}
