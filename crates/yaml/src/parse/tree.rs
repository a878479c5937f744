//! Events to tree, without recursion: nesting is bounded by [`super::Limits`] alone.

use super::ParseError;
use super::encoding::Decoded;
use super::events::{Event, EventKind, EventReader};
use crate::node::{Bytes, Comment, Document, Node, NodeKind, ScalarStyle, Stream};
use std::collections::HashSet;
use std::sync::Arc;

/// Reads events up to the end of the first document or of the text.
pub(super) fn build(
    mut events: EventReader<'_>,
    decoded: &Decoded<'_>,
    first_only: bool,
    depth: usize,
) -> Result<Stream, ParseError> {
    let mut builder = TreeBuilder {
        decoded,
        depth,
        open: Vec::new(),
        anchors: HashSet::new(),
        root: None,
    };
    let mut documents = Vec::new();
    let mut document_start = 0;
    loop {
        let event = events
            .next_event()
            .map_err(|error| builder.in_source(error))?;
        match event.kind {
            EventKind::StreamEnd => break,
            EventKind::DocumentStart { start } => {
                document_start = start;
                builder.anchors.clear();
            }
            EventKind::DocumentEnd { end } => {
                let span = builder.span(document_start..end);
                documents.push(Document {
                    span,
                    root: builder.root.take(),
                });
                if first_only {
                    break;
                }
            }
            _ => builder
                .add(event)
                .map_err(|error| builder.in_source(error))?,
        }
    }
    let mut comments = events.into_comments();
    comments
        .iter_mut()
        .for_each(|comment: &mut Comment| comment.span = builder.span(comment.span.clone()));
    Ok(Stream {
        documents,
        comments,
    })
}

struct TreeBuilder<'d> {
    decoded: &'d Decoded<'d>,
    depth: usize,
    /// Unfinished collections, the innermost last.
    open: Vec<OpenCollection>,
    /// The anchors of the document so far.
    anchors: HashSet<Arc<str>>,
    root: Option<Node>,
}

struct OpenCollection {
    /// With its children so far.
    node: Node,
    /// The key that waits for its value.
    key: Option<Node>,
}

impl TreeBuilder<'_> {
    fn add(&mut self, event: Event) -> Result<(), ParseError> {
        let Event {
            kind,
            span,
            tag,
            anchor,
        } = event;
        if let Some(anchor) = &anchor {
            self.anchors.insert(Arc::clone(anchor));
        }
        let node = |kind, span| Node {
            span,
            tag,
            anchor,
            kind,
        };
        match kind {
            EventKind::Alias { name } => {
                if !self.anchors.contains(&name) {
                    let message = format!("unknown anchor '{name}' referenced");
                    return Err(ParseError {
                        message,
                        offset: span.start,
                    });
                }
                self.attach(node(NodeKind::Alias { name }, self.span(span)));
            }
            EventKind::Scalar { value, style } => {
                self.attach(node(NodeKind::Scalar { value, style }, self.span(span)));
            }
            EventKind::Nothing if self.open.is_empty() => {}
            EventKind::Nothing => {
                let kind = NodeKind::Scalar {
                    value: Arc::from(""),
                    style: ScalarStyle::Plain,
                };
                self.attach(node(kind, self.span(span)));
            }
            EventKind::SequenceStart { flow } => {
                self.open(node(
                    NodeKind::Sequence {
                        items: Vec::new(),
                        flow,
                    },
                    span,
                ))?;
            }
            EventKind::MappingStart { flow } => {
                self.open(node(
                    NodeKind::Mapping {
                        entries: Vec::new(),
                        flow,
                    },
                    span,
                ))?;
            }
            EventKind::CollectionEnd => self.close(span.end),
            EventKind::StreamEnd
            | EventKind::DocumentStart { .. }
            | EventKind::DocumentEnd { .. } => {}
        }
        Ok(())
    }

    fn open(&mut self, node: Node) -> Result<(), ParseError> {
        if self.open.len() >= self.depth {
            let message = format!("exceeded max depth of {}", self.depth);
            return Err(ParseError {
                message,
                offset: node.span.start,
            });
        }
        self.open.push(OpenCollection { node, key: None });
        Ok(())
    }

    fn close(&mut self, end: u32) {
        if let Some(OpenCollection { mut node, .. }) = self.open.pop() {
            node.span = self.span(node.span.start..end.max(node.span.start));
            self.attach(node);
        }
    }

    /// Gives a finished node to its parent.
    fn attach(&mut self, node: Node) {
        let Some(OpenCollection { node: parent, key }) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut parent.kind {
            NodeKind::Sequence { items, .. } => items.push(node),
            NodeKind::Mapping { entries, .. } => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push((key, node)),
            },
            NodeKind::Scalar { .. } | NodeKind::Alias { .. } => {}
        }
    }

    fn span(&self, span: Bytes) -> Bytes {
        self.decoded.source_offset(span.start)..self.decoded.source_offset(span.end)
    }

    fn in_source(&self, error: ParseError) -> ParseError {
        ParseError {
            offset: self.decoded.source_offset(error.offset),
            ..error
        }
    }
}
