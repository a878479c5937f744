//! Strings: bytes with, where provenance is recorded, a map of what each part of them rests on.

use super::Item;
use source::{CallId, ConditionId, Prov, Segment, Span};
use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

/// A Go string. `map` is there for texts that were put together from several causes (an `include`'s result);
/// without it the whole string rests on what its [`Item`] says.
#[derive(Debug, Clone)]
pub(crate) struct Str {
    bytes: Arc<[u8]>,
    map: Option<Rc<[Segment]>>,
}

impl Str {
    pub(crate) fn with_map(bytes: impl Into<Arc<[u8]>>, segments: Vec<Segment>) -> Self {
        let map = (!segments.is_empty()).then(|| segments.into());
        Self {
            bytes: bytes.into(),
            map,
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn shared(&self) -> Arc<[u8]> {
        Arc::clone(&self.bytes)
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// As UTF-8, invalid bytes replaced by U+FFFD.
    pub(crate) fn lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// Segments with ascending `start`, the first at 0; empty where the item's own provenance holds for all.
    pub(crate) fn segments(&self) -> &[Segment] {
        self.map.as_deref().unwrap_or(&[])
    }
}

impl From<&[u8]> for Str {
    fn from(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.into(),
            map: None,
        }
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl From<Vec<u8>> for Str {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes: bytes.into(),
            map: None,
        }
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl From<Arc<str>> for Str {
    fn from(text: Arc<str>) -> Self {
        Self {
            bytes: text.into(),
            map: None,
        }
    }
}

/// Puts a string together from parts and keeps what each part rests on.
///
/// With `record` off it is a plain byte buffer.
#[derive(Debug)]
pub(crate) struct TextBuilder {
    bytes: Vec<u8>,
    segments: Vec<Segment>,
    record: Option<Here>,
}

/// The surroundings that a part without a map of its own gets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Here {
    pub(crate) at: Span,
    pub(crate) conditions: ConditionId,
    pub(crate) call: CallId,
}

impl TextBuilder {
    /// `here`: the running action, where provenance is recorded (see `Cx::here`).
    pub(crate) fn new(here: Option<Here>) -> Self {
        Self {
            bytes: Vec::new(),
            segments: Vec::new(),
            record: here,
        }
    }

    /// Changes the surroundings for what is added next.
    pub(crate) fn set_here(&mut self, here: Option<Here>) {
        self.record = here;
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Adds bytes that rest on `prov` as a whole.
    pub(crate) fn push(&mut self, bytes: &[u8], prov: Prov) {
        if let Some(here) = self.record
            && !bytes.is_empty()
        {
            let start = self.bytes.len() as u32;
            self.push_segment(Segment {
                start,
                at: here.at,
                prov,
                conditions: here.conditions,
                call: here.call,
            });
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Adds a part of a string value, with its own map where it has one.
    pub(crate) fn push_part(&mut self, item: &Item, part: std::ops::Range<usize>) {
        let super::Val::Str(text) = &item.val else {
            return;
        };
        let bytes = &text.bytes()[part.clone()];
        if self.record.is_none() || text.segments().is_empty() {
            self.push(bytes, item.prov);
            return;
        }
        let base = self.bytes.len() as u32;
        let segments = text.segments();
        let first = segments
            .partition_point(|segment| segment.start as usize <= part.start)
            .saturating_sub(1);
        for segment in segments[first..]
            .iter()
            .take_while(|segment| (segment.start as usize) < part.end)
        {
            let inside = (segment.start as usize).max(part.start) - part.start;
            self.push_segment(Segment {
                start: base + inside as u32,
                ..*segment
            });
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Adds a whole string value.
    pub(crate) fn push_item(&mut self, item: &Item) {
        if let super::Val::Str(text) = &item.val {
            self.push_part(item, 0..text.len());
        }
    }

    fn push_segment(&mut self, segment: Segment) {
        if let Some(last) = self.segments.last_mut() {
            let same = Segment {
                start: segment.start,
                ..*last
            };
            if same == segment {
                return;
            }
            if last.start == segment.start {
                *last = segment;
                return;
            }
        }
        self.segments.push(segment);
    }

    pub(crate) fn finish(self) -> Str {
        Str::with_map(self.bytes, self.segments)
    }

    pub(crate) fn into_parts(self) -> (Vec<u8>, Vec<Segment>) {
        (self.bytes, self.segments)
    }
}
