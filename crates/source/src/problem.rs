//! Problems with the user's input: what could not be completed, and where.

use crate::Place;

/// Something more to point at, apart from the main text: a values line that led there, a call in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub place: Place,
    pub message: String,
}

/// An input that could not be used. A problem is no finding: it means exit code 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stands alone: Helm's own text where Helm fails (without `Error: ` and the hint about `--debug`), naming
    /// the file, template or flag that it is about.
    pub message: String,
    pub place: Option<Place>,
    pub notes: Vec<Note>,
    pub help: Option<String>,
}

impl Problem {
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
            notes: Vec::new(),
            help: None,
        }
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn note(mut self, place: Place, message: impl Into<String>) -> Self {
        self.notes.push(Note {
            place,
            message: message.into(),
        });
        self
    }
}
