//! The dialect of `.Files.Glob`: gobwas/glob with `/` as separator.

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Glob {
    /// None where the pattern does not parse: Helm then matches everything.
    parts: Option<Vec<Part>>,
}

#[derive(Debug, Clone)]
enum Part {
    Literal(char),
    /// `?`: one character that is no separator.
    One,
    /// `*`: any run without a separator.
    Run,
    /// `**`: any run.
    DeepRun,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// `{a,b}`
    Either(Vec<Vec<Self>>),
}

impl Glob {
    pub(crate) fn parse(pattern: &str) -> Self {
        let mut parser = Parser {
            rest: pattern.chars().collect(),
            at: 0,
        };
        let parts = parser.sequence(0);
        Self {
            parts: parts.filter(|_| parser.at == parser.rest.len()),
        }
    }

    /// Whether the whole path matches.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let Some(parts) = &self.parts else {
            return true;
        };
        let text: Vec<char> = path.chars().collect();
        ends(parts, &text, vec![0]).contains(&text.len())
    }
}

/// All positions at which a match of `parts` that begins at one of `starts` can end. Sets of positions keep the
/// work at most pattern times text, whatever the pattern.
fn ends(parts: &[Part], text: &[char], starts: Vec<usize>) -> Vec<usize> {
    let mut positions = starts;
    for part in parts {
        let mut next: Vec<usize> = Vec::new();
        match part {
            Part::Run | Part::DeepRun => {
                let deep = matches!(part, Part::DeepRun);
                let mut reach = 0;
                for start in positions {
                    let mut at = start.max(reach);
                    if start >= reach {
                        next.push(start);
                    }
                    while at < text.len() && (deep || text[at] != '/') {
                        at += 1;
                        next.push(at);
                    }
                    reach = reach.max(at);
                }
            }
            Part::Either(choices) => {
                for choice in choices {
                    next.extend(ends(choice, text, positions.clone()));
                }
            }
            single => {
                let steps = positions
                    .into_iter()
                    .filter(|at| text.get(*at).is_some_and(|c| single.is(*c)));
                next.extend(steps.map(|at| at + 1));
            }
        }
        next.sort_unstable();
        next.dedup();
        positions = next;
    }
    positions
}

impl Part {
    fn is(&self, character: char) -> bool {
        match self {
            Self::Literal(literal) => *literal == character,
            Self::One => character != '/',
            Self::Class { negated, ranges } => {
                ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&character))
                    != *negated
            }
            Self::Run | Self::DeepRun | Self::Either(_) => false,
        }
    }
}

struct Parser {
    rest: Vec<char>,
    at: usize,
}

/// Alternatives nest at most this deep.
const MAX_DEPTH: usize = 32;

impl Parser {
    fn next(&mut self) -> Option<char> {
        let character = self.rest.get(self.at).copied();
        self.at += usize::from(character.is_some());
        character
    }

    /// Up to the end, or inside braces up to `,` or `}`.
    fn sequence(&mut self, depth: usize) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        while let Some(character) = self.rest.get(self.at).copied() {
            if depth > 0 && matches!(character, ',' | '}') {
                break;
            }
            self.at += 1;
            parts.push(match character {
                '\\' => Part::Literal(self.next()?),
                '?' => Part::One,
                '*' if self.rest.get(self.at) == Some(&'*') => {
                    while self.rest.get(self.at) == Some(&'*') {
                        self.at += 1;
                    }
                    Part::DeepRun
                }
                '*' => Part::Run,
                '[' => self.class()?,
                '{' => self.either(depth)?,
                literal => Part::Literal(literal),
            });
        }
        Some(parts)
    }

    fn either(&mut self, depth: usize) -> Option<Part> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let mut choices = Vec::new();
        loop {
            choices.push(self.sequence(depth + 1)?);
            match self.next()? {
                ',' => {}
                '}' => return Some(Part::Either(choices)),
                _ => return None,
            }
        }
    }

    fn class(&mut self) -> Option<Part> {
        let negated = self.rest.get(self.at) == Some(&'!');
        self.at += usize::from(negated);
        let mut ranges = Vec::new();
        loop {
            let low = match self.next()? {
                ']' if !ranges.is_empty() => return Some(Part::Class { negated, ranges }),
                '\\' => self.next()?,
                character => character,
            };
            let high = if self.rest.get(self.at) == Some(&'-')
                && self.rest.get(self.at + 1) != Some(&']')
            {
                self.at += 1;
                self.next()?
            } else {
                low
            };
            if high < low {
                return None;
            }
            ranges.push((low, high));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_dialect() {
        let rows: &[(&str, &str, bool)] = &[
            ("*", "a.txt", true),
            ("*", "d/a.txt", false),
            ("**", "d/a.txt", true),
            ("**/a.txt", "a.txt", false),
            ("**/a.txt", "x/y/a.txt", true),
            ("cfg**", "cfg/b.txt", true),
            ("cfg/*.{yaml,json}", "cfg/a.json", true),
            ("cfg/*.{yaml,json}", "cfg/a.toml", false),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("[!a]x", "bx", true),
            ("[a-c]x", "bx", true),
            (r"\*", "*", true),
            ("", "a", false),
            ("[", "anything/at/all", true),
            ("{a,b/**}", "b/c/d", true),
        ];
        for (pattern, path, expected) in rows {
            assert_eq!(
                Glob::parse(pattern).matches(path),
                *expected,
                "{pattern} on {path}"
            );
        }
    }
}
