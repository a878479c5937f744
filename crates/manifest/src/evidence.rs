//! What the output map says about one field: the values behind its text, the values that decided it, its template.

use crate::blame::{FieldAt, Provenance};
use crate::object::{Field, Object, RenderedOrigin};
use crate::path::{FieldPath, FieldStep};
use source::{Condition, FileId, OriginId, Prov, Segment, Span, Untaken};
use std::ops::Range;
use yaml::Value;

/// A value behind a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Supplier {
    pub(crate) origin: OriginId,
    /// It supplied the part of the text that the rule is about.
    pub(crate) in_part: bool,
}

/// Candidates of one field, in the order in which they count.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    /// Whether the object came out of a rendering with provenance.
    pub(crate) rendered: bool,
    pub(crate) text: Vec<Supplier>,
    pub(crate) decided: Vec<Supplier>,
    pub(crate) template: Option<Span>,
    pub(crate) volatile: bool,
}

impl Evidence {
    pub(crate) fn of(field: &FieldAt<'_>, provenance: &Provenance<'_>) -> Self {
        let object = field.object;
        let Some(rendered) = &object.rendered else {
            return Self::default();
        };
        let collector = Collector {
            object,
            rendered,
            provenance,
        };
        let (path, found) = object.nearest(&field.path);
        let mut evidence = match found {
            Some(found) if path.0.len() == field.path.0.len() => collector.present(&found, field),
            found => collector.absent(&path, found.as_ref(), field),
        };
        evidence.rendered = true;
        evidence
    }

    fn add(list: &mut Vec<Supplier>, origins: &[OriginId], in_part: bool) {
        for origin in origins {
            match list.iter_mut().find(|known| known.origin == *origin) {
                Some(known) => known.in_part |= in_part,
                None => list.push(Supplier {
                    origin: *origin,
                    in_part,
                }),
            }
        }
    }
}

struct Collector<'a> {
    object: &'a Object,
    rendered: &'a RenderedOrigin,
    provenance: &'a Provenance<'a>,
}

impl<'a> Collector<'a> {
    fn segments(
        &self,
        range: &Range<u32>,
    ) -> impl Iterator<Item = (u32, u32, &'a Segment)> + use<'a> {
        let offset = self.rendered.offset;
        self.rendered
            .map
            .overlapping(range.start + offset, range.end + offset)
    }

    /// A field that is there: its value's text, or the key's where the value has none.
    fn present(&self, field: &Field<'_>, about: &FieldAt<'_>) -> Evidence {
        let value = field.value_range.clone().unwrap_or_default();
        let key = field.key_range.clone();
        let range = if value.is_empty() {
            key.clone().unwrap_or(value)
        } else {
            value
        };
        let part = about.part.clone().or_else(|| tag_part(field, about));
        let part = part.map(|part| part.start + range.start..part.end + range.start);
        let mut evidence = Evidence::default();
        let scalar = !matches!(field.value, Value::Map(_) | Value::List(_));
        let (mut random, mut plain) = (false, false);
        for (from, to, segment) in self.segments(&range) {
            let from = from.saturating_sub(self.rendered.offset);
            let to = to.saturating_sub(self.rendered.offset);
            let in_part = part
                .as_ref()
                .is_some_and(|part| from < part.end && part.start < to);
            match segment.prov.volatile {
                true => random = true,
                false => plain |= !segment.prov.is_none(),
            }
            self.add_segment(&mut evidence, segment, in_part);
        }
        evidence.volatile = random && (scalar || !plain);
        let whole = key
            .filter(|_| !evidence.volatile)
            .map_or(range.start, |key| key.start)..range.end;
        evidence.template = self.typed_at(&whole).or_else(|| self.typed_at(&range));
        evidence
    }

    /// A field that is not there: a branch that would have written it, else its container.
    fn absent(
        &self,
        at: &FieldPath,
        container: Option<&Field<'_>>,
        about: &FieldAt<'_>,
    ) -> Evidence {
        let mut evidence = Evidence::default();
        let missing = match about.path.0.get(at.0.len()) {
            Some(FieldStep::Key(key) | FieldStep::Item(key)) => Some(&**key),
            _ => None,
        };
        for untaken in missing.into_iter().flat_map(|key| self.untaken_with(key)) {
            if let Some(condition) = self
                .provenance
                .tables
                .condition_stack(untaken.condition)
                .next()
            {
                self.add_reads(&mut evidence.decided, condition);
            }
        }
        let value = container
            .and_then(|field| field.value_range.clone())
            .unwrap_or_else(|| self.object.text.clone());
        if evidence.decided.is_empty() && self.is_supplied(&value) {
            for (_, _, segment) in self.segments(&value) {
                self.add_segment(&mut evidence, segment, false);
            }
        }
        let key = container.and_then(|field| field.key_range.clone());
        let head = key.unwrap_or(value.start..value.end.min(value.start + 1));
        if evidence.text.is_empty() && evidence.decided.is_empty() {
            for (_, _, segment) in self.segments(&head) {
                self.add_decisions(&mut evidence, segment);
            }
        }
        evidence.template = self.typed_at(&head);
        evidence
    }

    /// Whether values supplied all of a range: then what is missing in it is missing in the values.
    fn is_supplied(&self, range: &Range<u32>) -> bool {
        let mut any = false;
        let all = self.segments(range).all(|(_, _, segment)| {
            any = true;
            !self.provenance.tables.members(segment.prov.text).is_empty()
        });
        any && all
    }

    fn add_segment(&self, evidence: &mut Evidence, segment: &Segment, in_part: bool) {
        if !segment.prov.volatile {
            let text = self.provenance.tables.members(segment.prov.text);
            Evidence::add(&mut evidence.text, text, in_part);
        }
        self.add_decisions(evidence, segment);
    }

    /// Defaults and comparisons first, then the conditions around, innermost first.
    fn add_decisions(&self, evidence: &mut Evidence, segment: &Segment) {
        let tables = self.provenance.tables;
        Evidence::add(
            &mut evidence.decided,
            tables.members(segment.prov.decided),
            false,
        );
        for condition in tables.condition_stack(segment.conditions) {
            self.add_reads(&mut evidence.decided, condition);
        }
    }

    fn add_reads(&self, list: &mut Vec<Supplier>, condition: &Condition) {
        let Prov { text, decided, .. } = condition.reads;
        Evidence::add(list, self.provenance.tables.members(text), false);
        Evidence::add(list, self.provenance.tables.members(decided), false);
    }

    /// Branches not taken that write `key:`, between the template positions of this object and of what follows it.
    fn untaken_with(&self, key: &str) -> Vec<&'a Untaken> {
        let written: Vec<Span> = self
            .segments(&self.object.text)
            .map(|(_, _, segment)| segment.at)
            .collect();
        let Some(file) = written.first().map(|span| span.file) else {
            return Vec::new();
        };
        let source = self.provenance.files.get(file);
        let start = written
            .iter()
            .filter(|span| span.file == file)
            .map(|span| span.start)
            .min()
            .unwrap_or_default();
        let end = self
            .next_written(file, &source.text)
            .unwrap_or(source.text.len() as u32);
        let needle = format!("{key}:");
        let fits = |untaken: &&Untaken| {
            let body = untaken.body;
            let inside = body.file == file && start <= body.start && body.end <= end;
            let bytes = source
                .text
                .get(body.start as usize..body.end as usize)
                .unwrap_or_default();
            inside && contains(bytes, needle.as_bytes())
        };
        self.provenance.tables.untaken.iter().filter(fits).collect()
    }

    /// Where in the template the first text behind this object comes from, blank text left aside.
    fn next_written(&self, file: FileId, text: &[u8]) -> Option<u32> {
        let map = &self.rendered.map;
        let behind = self
            .segments(&(self.object.text.end..map.len))
            .map(|(_, _, segment)| segment);
        let after =
            |segment: &&Segment| segment.start >= self.object.text.end + self.rendered.offset;
        let mut behind = behind
            .filter(after)
            .filter(|segment| segment.at.file == file);
        let is_blank = |at: &Span| {
            let written = text
                .get(at.start as usize..at.end as usize)
                .unwrap_or_default();
            written.iter().all(u8::is_ascii_whitespace)
        };
        behind
            .find(|segment| !is_blank(&segment.at))
            .map(|segment| segment.at.start)
    }

    /// The template's text of a range: exact for text that is typed there, the action for what it wrote.
    fn typed_at(&self, range: &Range<u32>) -> Option<Span> {
        let mut typed: Option<Span> = None;
        for (from, to, segment) in self.segments(range) {
            let at = self.exact(from, to, segment);
            typed = match typed {
                None => Some(at),
                Some(span)
                    if span.file == at.file
                        && span.start <= at.start
                        && at.start <= span.end + 1 =>
                {
                    Some(Span {
                        end: span.end.max(at.end),
                        ..span
                    })
                }
                kept => return kept,
            };
        }
        typed
    }

    fn exact(&self, from: u32, to: u32, segment: &Segment) -> Span {
        let file = self.provenance.files.get(segment.at.file);
        let is_action = file
            .text
            .get(segment.at.start as usize..)
            .is_some_and(|text| text.starts_with(b"{{"));
        let start = segment.at.start + (from - segment.start);
        let end = segment.at.start + (to - segment.start);
        if is_action || end > segment.at.end {
            segment.at
        } else {
            Span {
                start,
                end,
                ..segment.at
            }
        }
    }
}

fn contains(text: &[u8], needle: &[u8]) -> bool {
    text.windows(needle.len()).any(|window| window == needle)
}

/// A rule on an image is about its tag: the bytes after the repository's colon, quotes left aside.
fn tag_part(field: &Field<'_>, about: &FieldAt<'_>) -> Option<Range<u32>> {
    if about.path.last_key() != Some("image") {
        return None;
    }
    let text = field.value.as_str()?;
    let name = text.split('@').next().unwrap_or_default();
    let slash = name.rfind('/').map_or(0, |at| at + 1);
    let colon = slash + name[slash..].find(':')? + 1;
    let written = field.value_range.as_ref()?;
    let quotes = (written.len().saturating_sub(text.len()) / 2) as u32;
    Some(colon as u32 + quotes..name.len() as u32 + quotes)
}
