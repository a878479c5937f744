//! Text to objects.

use crate::object::{FieldSpan, Hook, Object, RenderedOrigin};
use crate::pieces::{Piece, pieces};
use crate::{ResourceId, Scopes, settle_namespaces};
use source::{FileId, PathSegment};
use std::ops::Range;
use std::sync::Arc;
use yaml::{DecodeOptions, Document, Limits, Marker, Value};

/// What the text is.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions<'a> {
    /// The registered file that the text is, for places.
    pub file: Option<FileId>,
    /// The release's namespace, for namespaced objects that name none; None leaves them without
    /// (`default` is not made up).
    pub namespace: Option<&'a str>,
    /// `# Source:` for documents that have no such comment.
    pub source: Option<&'a str>,
    /// For rendered texts with provenance.
    pub rendered: Option<RenderedOrigin>,
}

/// A document that is no object: broken YAML, a scalar, a list, no apiVersion or kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Stands alone but for the file's name: `yaml: line 3: …` (the line in the whole text), `the document has no kind`.
    pub message: String,
    /// Byte offset of the trouble in the text.
    pub offset: u32,
    /// The document's text.
    pub text: Range<u32>,
    /// `# Source:` of the document.
    pub source: Option<String>,
}

/// What a text holds, in its order.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    pub objects: Vec<Object>,
    pub unreadable: Vec<Unreadable>,
}

/// Lists within lists are flattened to this depth.
const LIST_DEPTH: usize = 8;

/// Reads multi-document YAML or JSON: rendered documents, `helm get manifest`, `kubectl get -o yaml|json`.
///
/// Lists (`List` and every `*List` with `items`) are flattened; documents that are empty, null or only comments are
/// nothing; a document given twice stays twice. A broken document does not keep the others from being read.
/// Custom kinds get the scope that a CRD in the same text gives them. An object without a name has the name `""`.
pub fn read_documents(text: &[u8], options: &ReadOptions<'_>) -> Documents {
    let mut reader = Reader {
        text,
        options,
        found: Documents::default(),
    };
    for piece in pieces(text) {
        reader.read_piece(&piece);
    }
    let mut found = reader.found;
    let mut scopes = Scopes::default();
    scopes.learn(&found.objects);
    settle_namespaces(&mut found.objects, options.namespace, &scopes);
    found
}

struct Reader<'a> {
    text: &'a [u8],
    options: &'a ReadOptions<'a>,
    found: Documents,
}

/// What the objects of one document share.
struct Context {
    spans: Arc<Vec<FieldSpan>>,
    source: Option<String>,
    text: Range<u32>,
}

impl Reader<'_> {
    fn read_piece(&mut self, piece: &Piece) {
        let text = &self.text[piece.start..piece.end];
        let source = piece
            .source
            .clone()
            .or_else(|| self.options.source.map(str::to_owned));
        let whole = to_u32(piece.start)..to_u32(piece.end);
        let stream = match yaml::parse(text, false, Limits::default()) {
            Ok(stream) => stream,
            Err(error) => {
                let message = format!("yaml: {}", piece.in_whole_text(&error.message));
                return self.refuse(message, error.offset + whole.start, whole, source);
            }
        };
        for document in &stream.documents {
            self.read_document(document, piece, source.clone());
        }
    }

    fn read_document(&mut self, document: &Document, piece: &Piece, source: Option<String>) {
        let base = to_u32(piece.start);
        let root = document
            .root
            .as_ref()
            .map_or(&document.span, |root| &root.span);
        let text = root.start + base..root.end + base;
        let mut marks = SpanCollector {
            base,
            spans: Vec::new(),
        };
        match yaml::decode(document, DecodeOptions::MANIFEST, &mut marks) {
            Ok(Value::Null) => {}
            Ok(root) => {
                let context = Context {
                    spans: Arc::new(marks.spans),
                    source,
                    text: text.clone(),
                };
                self.take(root, &context, text, LIST_DEPTH, None);
            }
            Err(error) => {
                let message = piece.in_whole_text(&error.message);
                self.refuse(message, error.offset + base, text, source);
            }
        }
    }

    /// Takes a document's root or a list's item; `parent` is set for items.
    fn take(
        &mut self,
        root: Value,
        context: &Context,
        text: Range<u32>,
        depth: usize,
        parent: Option<&TypeMeta>,
    ) {
        let meta = match TypeMeta::of(&root, parent) {
            Ok(meta) => meta,
            Err(message) => return self.refuse(message, text.start, text, context.source.clone()),
        };
        let items = root.get("items").map(|entry| &entry.value);
        let flattened = meta.kind.ends_with("List") && depth > 0;
        match items {
            Some(Value::List(items)) if flattened => {
                for item in items.iter().filter(|item| !item.value.is_null()) {
                    let text = context.range(item.mark);
                    self.take(item.value.clone(), context, text, depth - 1, Some(&meta));
                }
            }
            Some(Value::Null) if flattened => {}
            None if meta.kind == "List" => {}
            _ => self.add(root, meta, context, text, parent.is_some()),
        }
    }

    fn add(
        &mut self,
        root: Value,
        meta: TypeMeta,
        context: &Context,
        text: Range<u32>,
        from_list: bool,
    ) {
        let metadata = |key: &str| {
            root.at(&["metadata", key])
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let written_namespace =
            Some(metadata("namespace")).filter(|namespace| !namespace.is_empty());
        let group = meta
            .api_version
            .rsplit_once('/')
            .map_or("", |(group, _)| group)
            .to_owned();
        // Helm sees hooks only at the head of a document, never inside a List.
        let hook = if from_list { None } else { hook_of(&root) };
        self.found.objects.push(Object {
            id: ResourceId {
                group,
                kind: meta.kind,
                namespace: written_namespace.clone(),
                name: metadata("name"),
            },
            api_version: meta.api_version,
            root,
            spans: Arc::clone(&context.spans),
            file: self.options.file,
            text,
            source: context.source.clone(),
            written_namespace,
            hook,
            rendered: self.options.rendered.clone(),
        });
    }

    fn refuse(&mut self, message: String, offset: u32, text: Range<u32>, source: Option<String>) {
        self.found.unreadable.push(Unreadable {
            message,
            offset,
            text,
            source,
        });
    }
}

impl Context {
    fn range(&self, mark: u32) -> Range<u32> {
        let span = (mark as usize)
            .checked_sub(1)
            .and_then(|index| self.spans.get(index));
        span.map_or_else(|| self.text.clone(), |span| span.value.clone())
    }
}

struct TypeMeta {
    api_version: String,
    kind: String,
}

impl TypeMeta {
    /// Items of the API's own lists leave out what the list's kind already says.
    fn of(root: &Value, list: Option<&Self>) -> Result<Self, String> {
        let what = match root {
            Value::Map(_) => None,
            Value::List(_) => Some("a list"),
            _ => Some("a scalar"),
        };
        if let Some(what) = what {
            return Err(format!("the document is {what}, not an object"));
        }
        let text = |key: &str| {
            root.at(&[key])
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        let implied_kind = list
            .and_then(|list| list.kind.strip_suffix("List"))
            .filter(|kind| !kind.is_empty());
        let kind = text("kind")
            .or(implied_kind)
            .ok_or("the document has no kind")?;
        let implied_version = implied_kind.and(list).map(|list| list.api_version.as_str());
        let api_version = text("apiVersion")
            .or(implied_version)
            .ok_or("the document has no apiVersion")?;
        Ok(Self {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
        })
    }
}

/// Notes where each entry stands; marks are indices plus one.
struct SpanCollector {
    base: u32,
    spans: Vec<FieldSpan>,
}

impl Marker for SpanCollector {
    fn mark(&mut self, _: &[PathSegment], key: Option<Range<u32>>, value: Range<u32>) -> u32 {
        let moved = |range: Range<u32>| range.start + self.base..range.end + self.base;
        let span = FieldSpan {
            key: key.map(moved),
            value: moved(value),
        };
        self.spans.push(span);
        to_u32(self.spans.len())
    }
}

fn hook_of(root: &Value) -> Option<Hook> {
    let annotation = |key: &str| {
        root.at(&["metadata", "annotations", key])
            .and_then(Value::as_str)
    };
    let listed = |text: &str| -> Vec<String> {
        let parts = text.split(',').map(|part| part.trim().to_ascii_lowercase());
        parts.filter(|part| !part.is_empty()).collect()
    };
    let events = listed(annotation("helm.sh/hook")?);
    let mut delete_policies = annotation("helm.sh/hook-delete-policy")
        .map(listed)
        .unwrap_or_default();
    if delete_policies.is_empty() {
        delete_policies.push("before-hook-creation".to_owned());
    }
    let weight = annotation("helm.sh/hook-weight")
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or_default();
    Some(Hook {
        events,
        delete_policies,
        weight,
    })
}

fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
