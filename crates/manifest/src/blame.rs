//! The primary place of a finding: which line of which layer decided a rendered field.

use crate::evidence::{Evidence, Supplier};
use crate::{FieldPath, Object};
use source::{
    FileKind, Layer, Origin, OriginId, OriginTable, Place, ProvTables, SourceFiles, Span, ValuePath,
};
use std::ops::Range;

/// The tables of one environment's rendering.
#[derive(Clone, Copy)]
pub struct Provenance<'a> {
    pub tables: &'a ProvTables,
    pub origins: &'a OriginTable,
    pub files: &'a SourceFiles,
}

/// `kind` of a place in the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A values file, the charts' own included.
    Value,
    /// A flag.
    Set,
    Template,
    /// Chart.yaml and the like.
    Chart,
    Config,
    Evidence,
    Live,
}

/// A field that a finding rests on.
#[derive(Debug, Clone)]
pub struct FieldAt<'a> {
    pub object: &'a Object,
    /// Need not exist: the nearest container that does counts then.
    pub path: FieldPath,
    /// The bytes of the value that the rule is about (the tag of an image), from the value's first byte.
    pub part: Option<Range<u32>>,
}

impl<'a> FieldAt<'a> {
    pub fn new(object: &'a Object, path: FieldPath) -> Self {
        Self {
            object,
            path,
            part: None,
        }
    }
}

/// How the place has to do with the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The value supplied the text.
    Text,
    /// The value decided (condition, default).
    Decided,
    /// Typed in a template or a plain manifest, or volatile.
    Typed,
    /// The object's name in a live file or capture.
    Name,
}

/// Another place worth pointing at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub place: Place,
    pub kind: PlaceKind,
    pub message: String,
}

/// Why a field is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blamed {
    pub place: Place,
    pub kind: PlaceKind,
    pub cause: Cause,
    /// The path of the value, where a value is the place.
    pub value: Option<ValuePath>,
    pub origin: Option<OriginId>,
    /// The template text or action that wrote the field.
    pub template: Option<Span>,
    /// The text is random, a certificate or a time.
    pub volatile: bool,
    /// The other candidates and the template, nearest first.
    pub related: Vec<Related>,
}

/// The primary place of a finding that rests on several fields; the first is the one that the rule is about.
///
/// Candidates are the values that supplied the text of these fields; if there are none, the values that decided it;
/// else the template. The highest layer wins, and within one layer the first field. None only for objects without
/// any file or output map.
pub fn primary_place_of(fields: &[FieldAt<'_>], provenance: &Provenance<'_>) -> Option<Blamed> {
    let evidence: Vec<Evidence> = fields
        .iter()
        .map(|field| Evidence::of(field, provenance))
        .collect();
    let rendered: Vec<&Evidence> = evidence
        .iter()
        .filter(|evidence| evidence.rendered)
        .collect();
    let Some(first) = rendered.first() else {
        return fields
            .iter()
            .find_map(|field| file_place(field, provenance));
    };
    let template = rendered.iter().find_map(|evidence| evidence.template);
    let text: Vec<Supplier> = rendered
        .iter()
        .flat_map(|evidence| evidence.text.iter().copied())
        .collect();
    let decided: Vec<Supplier> = rendered
        .iter()
        .flat_map(|evidence| evidence.decided.iter().copied())
        .collect();
    let (winner, cause) = match (
        first.volatile,
        strongest(&text, provenance),
        strongest(&decided, provenance),
    ) {
        (true, _, _) => (None, Cause::Typed),
        (false, Some(winner), _) => (Some(winner), Cause::Text),
        (false, None, Some(winner)) => (Some(winner), Cause::Decided),
        (false, None, None) => (None, Cause::Typed),
    };
    let origin = winner.and_then(|id| provenance.origins.get(id));
    let place = origin
        .map(|origin| origin.place.clone())
        .or_else(|| template.map(Place::File))?;
    let kind = provenance.kind_of(&place);
    let mut related = Vec::new();
    for (suppliers, verb) in [(&text, "supplies text"), (&decided, "decides")] {
        related.extend(
            ranked(suppliers, provenance)
                .into_iter()
                .map(|origin| note(origin, verb, provenance)),
        );
    }
    related.extend(template.map(|span| Related {
        kind: provenance.kind_of(&Place::File(span)),
        place: Place::File(span),
        message: "rendered here".to_owned(),
    }));
    Some(Blamed {
        related: without_repeats(related, &place),
        place,
        kind,
        cause,
        value: origin.map(|origin| origin.path.clone()),
        origin: winner,
        template,
        volatile: first.volatile,
    })
}

/// The same for one field.
pub fn primary_place(
    object: &Object,
    path: &FieldPath,
    provenance: &Provenance<'_>,
) -> Option<Blamed> {
    primary_place_of(&[FieldAt::new(object, path.clone())], provenance)
}

impl Provenance<'_> {
    /// The `kind` that reports print for a place.
    pub fn kind_of(&self, place: &Place) -> PlaceKind {
        match place {
            Place::Flag { .. } => PlaceKind::Set,
            Place::File(span) => match self.files.get(span.file).kind {
                FileKind::Values => PlaceKind::Value,
                FileKind::Template | FileKind::Rendered => PlaceKind::Template,
                FileKind::Chart => PlaceKind::Chart,
                FileKind::Config => PlaceKind::Config,
                FileKind::Evidence => PlaceKind::Evidence,
                FileKind::Live => PlaceKind::Live,
            },
        }
    }
}

/// The place of objects that no template rendered: in live files and captures `metadata.name`, in a chart's plain
/// manifests the field itself.
fn file_place(field: &FieldAt<'_>, provenance: &Provenance<'_>) -> Option<Blamed> {
    let object = field.object;
    let file_kind = provenance.files.get(object.file?).kind;
    let own = !matches!(file_kind, FileKind::Live | FileKind::Evidence);
    let path = if own {
        field.path.clone()
    } else {
        FieldPath::keys(["metadata", "name"])
    };
    let (_, found) = object.nearest(&path);
    let range = found.and_then(|found| {
        let value = found.value_range?;
        Some(found.key_range.map_or(value.start, |key| key.start)..value.end)
    });
    let place = Place::File(object.span(&range.unwrap_or_else(|| object.text.clone()))?);
    Some(Blamed {
        kind: provenance.kind_of(&place),
        place,
        cause: if own { Cause::Typed } else { Cause::Name },
        value: None,
        origin: None,
        template: None,
        volatile: false,
        related: Vec::new(),
    })
}

/// The candidate of the highest layer; within one layer one that supplied the part in question, then the first.
fn strongest(suppliers: &[Supplier], provenance: &Provenance<'_>) -> Option<OriginId> {
    let mut best: Option<(Layer, bool, OriginId)> = None;
    for supplier in suppliers {
        let Some(layer) = value_layer(supplier.origin, provenance) else {
            continue;
        };
        if best.is_none_or(|(top, in_part, _)| (layer, supplier.in_part) > (top, in_part)) {
            best = Some((layer, supplier.in_part, supplier.origin));
        }
    }
    best.map(|(_, _, origin)| origin)
}

/// The layer of an origin that is a value; None for the rest of the template context.
fn value_layer(origin: OriginId, provenance: &Provenance<'_>) -> Option<Layer> {
    provenance
        .origins
        .get(origin)
        .map(|origin| origin.layer)
        .filter(|layer| *layer != Layer::Context)
}

/// Strongest layer first; within one layer in the order of the fields.
fn ranked<'a>(suppliers: &[Supplier], provenance: &Provenance<'a>) -> Vec<&'a Origin> {
    let mut origins: Vec<&Origin> = suppliers
        .iter()
        .filter_map(|supplier| provenance.origins.get(supplier.origin))
        .collect();
    origins.sort_by_key(|origin| std::cmp::Reverse(origin.layer));
    origins
}

fn note(origin: &Origin, verb: &str, provenance: &Provenance<'_>) -> Related {
    Related {
        place: origin.place.clone(),
        kind: provenance.kind_of(&origin.place),
        message: format!("`{}` {verb}", origin.path),
    }
}

fn without_repeats(related: Vec<Related>, primary: &Place) -> Vec<Related> {
    let mut kept: Vec<Related> = Vec::new();
    for candidate in related {
        let known =
            candidate.place == *primary || kept.iter().any(|other| other.place == candidate.place);
        if !known && kept.len() < MOST_RELATED {
            kept.push(candidate);
        }
    }
    kept
}

/// More places than this help nobody.
const MOST_RELATED: usize = 8;
