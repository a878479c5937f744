//! Pieces of a translated expression, and repeating them.

use std::fmt::Write as _;

/// A piece that a repetition operator can stand behind.
pub(super) struct Atom {
    pub(super) text: String,
    pub(super) shape: Shape,
    pub(super) height: u32,
    pub(super) size: u64,
    /// What the counted repetitions inside multiply to.
    pub(super) repeats: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Single,
    Concatenation,
    Alternation,
}

impl Atom {
    pub(super) fn single(text: String) -> Self {
        Self {
            text,
            shape: Shape::Single,
            height: 1,
            size: 1,
            repeats: 1,
        }
    }

    /// Several pieces as one; pieces of the same shape count as spread out into it.
    pub(super) fn joined(mut pieces: Vec<Self>, shape: Shape, separator: &str) -> Self {
        if pieces.len() == 1
            && let Some(piece) = pieces.pop()
        {
            return piece;
        }
        let inner = |piece: &Self| piece.height - u32::from(piece.shape == shape);
        let separators = if shape == Shape::Alternation {
            pieces.len() as u64 - 1
        } else {
            0
        };
        let mut text = String::from("(?:");
        for (index, piece) in pieces.iter().enumerate() {
            text.push_str(if index > 0 { separator } else { "" });
            text.push_str(&piece.text);
        }
        text.push(')');
        Self {
            text,
            shape,
            height: 1 + pieces.iter().map(inner).max().unwrap_or(0),
            size: (pieces.iter().map(|piece| piece.size).sum::<u64>() + separators).max(1),
            repeats: pieces.iter().map(|piece| piece.repeats).max().unwrap_or(1),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Repetition {
    pub(super) least: u64,
    pub(super) most: Option<u64>,
    /// Written with braces.
    pub(super) counted: bool,
}

impl Repetition {
    pub(super) fn of(operator: u8) -> Self {
        let (least, most) = match operator {
            b'+' => (1, None),
            b'?' => (0, Some(1)),
            _ => (0, None),
        };
        Self {
            least,
            most,
            counted: false,
        }
    }

    pub(super) fn of_atom(self, atom: &Atom, lazy: bool) -> Atom {
        let Self {
            least,
            most,
            counted,
        } = self;
        let mut text = format!("(?:{})", atom.text);
        let written = match most {
            None => write!(text, "{{{least},}}"),
            Some(most) => write!(text, "{{{least},{most}}}"),
        };
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        if lazy {
            text.push('?');
        }
        let size = match (counted, least, most) {
            (false, 0, None) | (true, 0, None) => 2 + atom.size,
            (false, ..) => 1 + atom.size,
            (true, least, None) => 1 + least * atom.size,
            (true, least, Some(most)) => (most * atom.size + (most - least)).max(1),
        };
        let repeats = match (counted, most) {
            (false, _) => atom.repeats,
            (true, Some(0)) => 1,
            (true, most) => most.unwrap_or(least).max(1).saturating_mul(atom.repeats),
        };
        Atom {
            text,
            shape: Shape::Single,
            height: atom.height + 1,
            size,
            repeats,
        }
    }
}
