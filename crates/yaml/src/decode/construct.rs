//! Nodes to generic data, as goyaml v2 decodes into an empty interface: resolution, aliases, merge keys.

use super::base64;
use super::go_syntax::go_syntax;
use super::raw::{MapBuilder, Raw, RawEntry, RawItem};
use super::resolve::{Resolved, is_merge_tag, resolve_plain, resolve_tagged};
use crate::node::{Bytes, Node, NodeKind, ScalarStyle};
use crate::parse::{Limits, ParseError};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Decodes a document's content.
pub(super) fn construct(root: &Node, max_nodes: usize) -> Result<Raw, ParseError> {
    let mut constructor = Constructor {
        targets: alias_targets(root),
        open_aliases: HashSet::new(),
        // goyaml counts the document too.
        decoded: 1,
        aliased: 0,
        alias_depth: 0,
        depth: 0,
        max_nodes,
    };
    constructor.value(root)
}

/// Identifies an alias; nodes stay where they are while they are decoded.
type NodeAddress = *const Node;

/// What each alias stands for: the node that carried the anchor's name last, in front of the alias.
fn alias_targets(root: &Node) -> HashMap<NodeAddress, &Node> {
    let mut anchors: HashMap<&str, &Node> = HashMap::new();
    let mut targets = HashMap::new();
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        if let Some(anchor) = &node.anchor {
            anchors.insert(anchor, node);
        }
        match &node.kind {
            NodeKind::Scalar { .. } => {}
            NodeKind::Alias { name } => {
                if let Some(target) = anchors.get(name.as_ref()) {
                    targets.insert(std::ptr::from_ref(node), *target);
                }
            }
            NodeKind::Sequence { items, .. } => stack.extend(items.iter().rev()),
            NodeKind::Mapping { entries, .. } => {
                stack.extend(entries.iter().rev().flat_map(|(key, value)| [value, key]));
            }
        }
    }
    targets
}

struct Constructor<'n> {
    targets: HashMap<NodeAddress, &'n Node>,
    /// Aliases that are being expanded.
    open_aliases: HashSet<NodeAddress>,
    /// Nodes decoded, a node once for each time.
    decoded: usize,
    /// Those of them that were reached through an alias.
    aliased: usize,
    alias_depth: usize,
    depth: usize,
    max_nodes: usize,
}

type Construct<T> = Result<T, ParseError>;

impl<'n> Constructor<'n> {
    fn value(&mut self, node: &'n Node) -> Construct<Raw> {
        self.count(node)?;
        match &node.kind {
            NodeKind::Scalar { value, style } => scalar(node, value, *style),
            NodeKind::Sequence { items, .. } => {
                self.go_deeper(node)?;
                let list = self.list(items);
                self.depth -= 1;
                list
            }
            NodeKind::Mapping { entries, .. } => {
                self.go_deeper(node)?;
                let map = self.map(entries);
                self.depth -= 1;
                map
            }
            NodeKind::Alias { .. } => {
                let target = self.open_alias(node)?;
                let value = self.value(target);
                self.close_alias(node);
                value
            }
        }
    }

    fn map(&mut self, entries: &'n [(Node, Node)]) -> Construct<Raw> {
        let mut map = MapBuilder::default();
        self.entries_into(entries, &mut map)?;
        Ok(Raw::Map(map.finish()))
    }

    fn list(&mut self, nodes: &'n [Node]) -> Construct<Raw> {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            items.push(RawItem {
                value: self.value(node)?,
                span: self.content_span(node),
            });
        }
        Ok(Raw::List(items))
    }

    fn entries_into(&mut self, entries: &'n [(Node, Node)], map: &mut MapBuilder) -> Construct<()> {
        for (key_node, value_node) in entries {
            if is_merge_key(key_node) {
                self.merge(value_node, map)?;
                continue;
            }
            let key = self.value(key_node)?;
            if matches!(key, Raw::List(_) | Raw::Map(_)) {
                return Err(invalid_key(&key, key_node));
            }
            let value = self.value(value_node)?;
            let span = self.content_span(value_node);
            map.insert(RawEntry {
                key,
                key_span: key_node.span.clone(),
                value,
                span,
            });
        }
        Ok(())
    }

    /// The value of `<<`: a mapping, or a sequence of them in which the earlier ones win. The entries replace those
    /// that are there already.
    fn merge(&mut self, node: &'n Node, map: &mut MapBuilder) -> Construct<()> {
        match &node.kind {
            NodeKind::Sequence { items, .. } => items
                .iter()
                .rev()
                .try_for_each(|item| self.merge_mapping(item, map)),
            _ => self.merge_mapping(node, map),
        }
    }

    fn merge_mapping(&mut self, node: &'n Node, map: &mut MapBuilder) -> Construct<()> {
        let target = self.content(node);
        if !matches!(target.kind, NodeKind::Mapping { .. }) {
            return Err(error(
                "map merge requires map or sequence of maps as the value".to_owned(),
                node,
            ));
        }
        self.mapping_into(node, map)
    }

    fn mapping_into(&mut self, node: &'n Node, map: &mut MapBuilder) -> Construct<()> {
        self.count(node)?;
        match &node.kind {
            NodeKind::Mapping { entries, .. } => {
                self.go_deeper(node)?;
                let merged = self.entries_into(entries, map);
                self.depth -= 1;
                merged
            }
            NodeKind::Alias { .. } => {
                let target = self.open_alias(node)?;
                let merged = self.mapping_into(target, map);
                self.close_alias(node);
                merged
            }
            NodeKind::Scalar { .. } | NodeKind::Sequence { .. } => Ok(()),
        }
    }

    fn open_alias(&mut self, alias: &'n Node) -> Construct<&'n Node> {
        let target = self.content(alias);
        if !self.open_aliases.insert(std::ptr::from_ref(alias)) {
            let name = target.anchor.as_deref().unwrap_or_default();
            return Err(error(
                format!("anchor '{name}' value contains itself"),
                alias,
            ));
        }
        self.alias_depth += 1;
        Ok(target)
    }

    fn close_alias(&mut self, alias: &Node) {
        self.alias_depth -= 1;
        self.open_aliases.remove(&std::ptr::from_ref(alias));
    }

    /// Enters a collection. Whoever leaves it steps back.
    fn go_deeper(&mut self, node: &Node) -> Construct<()> {
        let limit = Limits::default().depth;
        if self.depth >= limit {
            return Err(error(format!("exceeded max depth of {limit}"), node));
        }
        self.depth += 1;
        Ok(())
    }

    /// The node, or what it is an alias of.
    fn content(&self, node: &'n Node) -> &'n Node {
        self.targets
            .get(&std::ptr::from_ref(node))
            .copied()
            .unwrap_or(node)
    }

    fn content_span(&self, node: &'n Node) -> Bytes {
        match node.kind {
            NodeKind::Alias { .. } => self.content(node).span.clone(),
            _ => node.span.clone(),
        }
    }

    /// Counts a node, and stops where goyaml finds too many of them reached through aliases.
    fn count(&mut self, node: &Node) -> Construct<()> {
        self.decoded += 1;
        if self.alias_depth > 0 {
            self.aliased += 1;
        }
        let beyond_share = self.aliased > 100
            && self.decoded > 1000
            && self.aliased as f64 / self.decoded as f64 > allowed_alias_share(self.decoded);
        if beyond_share || self.aliased > self.max_nodes {
            return Err(error(
                "document contains excessive aliasing".to_owned(),
                node,
            ));
        }
        Ok(())
    }
}

/// goyaml's bound: 99 % of all nodes may come from aliases in documents of up to 400,000 nodes, 10 % from 4,000,000
/// on, and in between the share falls in a straight line.
fn allowed_alias_share(decoded: usize) -> f64 {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    let decoded = decoded as f64;
    if decoded <= LOW {
        0.99
    } else if decoded >= HIGH {
        0.10
    } else {
        0.99 - 0.89 * ((decoded - LOW) / (HIGH - LOW))
    }
}

fn is_merge_key(node: &Node) -> bool {
    let NodeKind::Scalar { value, style } = &node.kind else {
        return false;
    };
    let tagged = |tag: &str| tag == "!" || is_merge_tag(tag);
    let untagged = || *style == ScalarStyle::Plain;
    value.as_ref() == "<<" && node.tag.as_deref().map_or_else(untagged, tagged)
}

fn scalar(node: &Node, text: &Arc<str>, style: ScalarStyle) -> Construct<Raw> {
    let resolved = match &node.tag {
        Some(tag) => resolve_tagged(tag, text).map_err(|message| error(message, node))?,
        None if style == ScalarStyle::Plain => resolve_plain(text),
        None => Resolved::String,
    };
    Ok(match resolved {
        Resolved::Null => Raw::Null,
        Resolved::Bool(value) => Raw::Bool(value),
        Resolved::Int(value) => Raw::Int(value),
        Resolved::Uint(value) => Raw::Uint(value),
        Resolved::Float(value) => Raw::Float(value),
        Resolved::Timestamp | Resolved::String => Raw::String(Arc::clone(text)),
        Resolved::Binary => match base64::decode(text) {
            Some(bytes) => Raw::String(json_text(&bytes)),
            None => {
                return Err(error(
                    "!!binary value contains invalid base64 data".to_owned(),
                    node,
                ));
            }
        },
    })
}

/// Bytes after a trip through Go's JSON: each byte that is no part of a character becomes U+FFFD.
fn json_text(bytes: &[u8]) -> Arc<str> {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text.into()
}

#[cold]
fn invalid_key(key: &Raw, node: &Node) -> ParseError {
    error(format!("invalid map key: {}", go_syntax(key)), node)
}

#[cold]
fn error(message: String, node: &Node) -> ParseError {
    ParseError {
        message: format!("yaml: {message}"),
        offset: node.span.start,
    }
}
