//! Where a value came from: the layer that won, its place, and the layers that it overrode.

use crate::{Span, ValuePath};
use std::sync::Arc;

/// Exactly one place that a person can go to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// A range in a file.
    File(Span),
    /// A flag of the command line, as typed (`--set image.tag=2`).
    Flag { text: Arc<str> },
}

/// The layer of values that supplied a value, ordered from the weakest to the strongest.
///
/// The order is Helm's: chart defaults, parents' `values.yaml`, `-f` files in order, then `--set-json`, `--set`,
/// `--set-string`, `--set-file`, `--set-literal`, whatever their order on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Facts that are no values: `.Release`, `.Capabilities`, `.Chart`, `.Files`.
    Context,
    /// `values.yaml` of the chart at this depth below the root: the greater the depth, the weaker.
    Chart { height: u16 },
    /// The n-th `-f` file.
    File { index: u16 },
    /// The n-th argument, in Helm's order of application.
    Set { index: u16 },
}

impl Layer {
    /// The layer of a chart's own defaults; the root chart has depth 0 and is the strongest of them.
    pub fn chart(depth: usize) -> Self {
        Self::Chart {
            height: u16::MAX - u16::try_from(depth).unwrap_or(u16::MAX),
        }
    }
}

/// One origin in an [`OriginTable`]; 0 is "no origin".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct OriginId(pub u32);

impl OriginId {
    pub const NONE: Self = Self(0);
}

/// Why a value is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The path from the root of the values (`sub.image.tag` for a sub-chart's `image.tag`), or for context
    /// such as `Release.Name` the path from the root of the template context.
    pub path: ValuePath,
    pub layer: Layer,
    /// The key and value in the file (key start to value end), or the flag.
    pub place: Place,
    /// Weaker layers that also had this path, strongest first.
    pub overrode: Vec<OriginId>,
}

/// All origins of one environment. Ids are dense from 1.
#[derive(Debug, Clone, Default)]
pub struct OriginTable {
    origins: Vec<Origin>,
}

impl OriginTable {
    pub fn add(&mut self, origin: Origin) -> OriginId {
        self.origins.push(origin);
        OriginId(self.origins.len() as u32)
    }

    pub fn get(&self, id: OriginId) -> Option<&Origin> {
        self.origins.get((id.0 as usize).checked_sub(1)?)
    }

    pub fn get_mut(&mut self, id: OriginId) -> Option<&mut Origin> {
        self.origins.get_mut((id.0 as usize).checked_sub(1)?)
    }

    pub fn iter(&self) -> impl Iterator<Item = (OriginId, &Origin)> {
        self.origins
            .iter()
            .enumerate()
            .map(|(index, origin)| (OriginId(index as u32 + 1), origin))
    }

    pub fn len(&self) -> usize {
        self.origins.len()
    }

    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }
}
