//! Go's `filepath.Match`: shell patterns in which no wildcard crosses a `/`.

/// Go's `filepath.ErrBadPattern`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadPattern;

impl BadPattern {
    pub(crate) const MESSAGE: &'static str = "syntax error in pattern";
}

/// Whether a pattern matches a whole name. The pattern: `*`, `?`, `[a-z]`, `[^a-z]`, `\` before any character.
pub(crate) fn matches(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let pattern = parse(pattern)?;
    Ok(matches_here(&pattern, &name.chars().collect::<Vec<_>>()))
}

/// Whether the pattern can be used at all.
pub(crate) fn validate(pattern: &str) -> Result<(), BadPattern> {
    parse(pattern).map(|_| ())
}

#[derive(Debug)]
enum Piece {
    /// Any run of characters but `/`.
    Run,
    /// One character but `/`.
    Any,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    Literal(char),
}

fn parse(pattern: &str) -> Result<Vec<Piece>, BadPattern> {
    let mut pieces = Vec::new();
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        pieces.push(match character {
            '*' => Piece::Run,
            '?' => Piece::Any,
            '[' => parse_class(&mut characters)?,
            '\\' => Piece::Literal(characters.next().ok_or(BadPattern)?),
            literal => Piece::Literal(literal),
        });
    }
    Ok(pieces)
}

type Characters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn parse_class(characters: &mut Characters<'_>) -> Result<Piece, BadPattern> {
    let negated = characters.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    while ranges.is_empty() || characters.next_if_eq(&']').is_none() {
        let low = class_member(characters)?;
        let high = match characters.next_if_eq(&'-') {
            Some(_) => class_member(characters)?,
            None => low,
        };
        ranges.push((low, high));
    }
    Ok(Piece::Class { negated, ranges })
}

fn class_member(characters: &mut Characters<'_>) -> Result<char, BadPattern> {
    match characters.next() {
        Some('\\') => characters.next().ok_or(BadPattern),
        None | Some('-' | ']') => Err(BadPattern),
        Some(character) => Ok(character),
    }
    // A class must be closed, so that something has to follow each member.
    .and_then(|member| characters.peek().map(|_| member).ok_or(BadPattern))
}

/// Tracks the last run only: if what follows it fails, the run takes one character more.
fn matches_here(pattern: &[Piece], name: &[char]) -> bool {
    let (mut at, mut position) = (0, 0);
    let mut last_run: Option<(usize, usize)> = None;
    loop {
        let advanced = match (pattern.get(at), name.get(position)) {
            (Some(Piece::Run), _) => {
                last_run = Some((at, position));
                at += 1;
                continue;
            }
            (None, None) => return true,
            (Some(piece), Some(character)) => matches_one(piece, *character),
            _ => false,
        };
        if advanced {
            at += 1;
            position += 1;
            continue;
        }
        match last_run {
            Some((run, start)) if name.get(start).is_some_and(|character| *character != '/') => {
                last_run = Some((run, start + 1));
                at = run + 1;
                position = start + 1;
            }
            _ => return false,
        }
    }
}

fn matches_one(piece: &Piece, character: char) -> bool {
    match piece {
        Piece::Run => false,
        Piece::Any => character != '/',
        Piece::Literal(literal) => *literal == character,
        Piece::Class { negated, ranges } => {
            let within = ranges
                .iter()
                .any(|(low, high)| (*low..=*high).contains(&character));
            within != *negated
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_go() {
        let cases: &[(&str, &str, Result<bool, BadPattern>)] = &[
            ("abc", "abc", Ok(true)),
            ("*", "abc", Ok(true)),
            ("*c", "abc", Ok(true)),
            ("a*", "ab/c", Ok(false)),
            ("a*/b", "abc/b", Ok(true)),
            ("a*/b", "a/c/b", Ok(false)),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", Ok(true)),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", Ok(true)),
            ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", Ok(false)),
            ("a*b?c*x", "abxbbxdbxebxczzx", Ok(true)),
            ("a*b?c*x", "abxbbxdbxebxczzy", Ok(false)),
            ("ab[c]", "abc", Ok(true)),
            ("ab[b-d]", "abc", Ok(true)),
            ("ab[e-g]", "abc", Ok(false)),
            ("ab[^e-g]", "abc", Ok(true)),
            ("ab[!e-g]", "ab!", Ok(true)),
            ("a\\*b", "a*b", Ok(true)),
            ("a?b", "a☺b", Ok(true)),
            ("a[^a]b", "a☺b", Ok(true)),
            ("a?b", "a/b", Ok(false)),
            ("[\\]a]", "]", Ok(true)),
            ("[x\\-]", "-", Ok(true)),
            ("[]a]", "]", Err(BadPattern)),
            ("[-]", "-", Err(BadPattern)),
            ("[x-]", "x", Err(BadPattern)),
            ("[a-b-c]", "a", Err(BadPattern)),
            ("[", "a", Err(BadPattern)),
            ("[^bc", "a", Err(BadPattern)),
            ("a[", "ab", Err(BadPattern)),
            ("\\", "a", Err(BadPattern)),
            ("*x", "xxx", Ok(true)),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(matches(pattern, name), *expected, "{pattern} on {name}");
        }
    }
}
