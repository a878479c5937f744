//! One chart of the tree.

use super::Loading;
use super::classify::{Role, is_crd, role};
use super::subcharts::{self, SubchartFiles};
use crate::ChartFile;
use crate::metadata::{Metadata, decode_into, validate};
use crate::values::documents::{Places, ValuesText, read_values};
use source::{FileId, FileKind, Place, Problem, Span};
use std::sync::Arc;
use yaml::{DecodeOptions, Map, NoMarks, Value, decode_text};

/// A chart as it was read, without regard to aliases and conditions.
#[derive(Debug, Default)]
pub(crate) struct ChartNode {
    pub(crate) metadata: Metadata,
    /// Defaults. Marks are indices into `value_spans` plus one.
    pub(crate) values: Arc<Map>,
    pub(crate) value_spans: Vec<Span>,
    pub(crate) schema: Option<(FileId, Arc<[u8]>)>,
    pub(crate) templates: Vec<ChartTemplate>,
    /// `.Files`
    pub(crate) files: Vec<OtherFile>,
    pub(crate) crds: Vec<CrdSource>,
    /// By the name of their folder or archive.
    pub(crate) children: Vec<Self>,
}

/// A file under `templates/`.
#[derive(Debug)]
pub(crate) struct ChartTemplate {
    /// Relative to the chart.
    pub(crate) path: String,
    pub(crate) file: FileId,
    pub(crate) text: Arc<[u8]>,
}

impl ChartTemplate {
    /// Whether the file only holds definitions: its base name begins with `_`.
    pub(crate) fn is_partial(&self) -> bool {
        self.path
            .rsplit('/')
            .next()
            .is_some_and(|base| base.starts_with('_'))
    }
}

/// A file that templates see in `.Files`.
#[derive(Debug)]
pub(crate) struct OtherFile {
    pub(crate) path: String,
    pub(crate) file: FileId,
    pub(crate) bytes: Arc<[u8]>,
}

/// A file under `crds/`.
#[derive(Debug)]
pub(crate) struct CrdSource {
    pub(crate) path: String,
    pub(crate) file: FileId,
    pub(crate) bytes: Arc<[u8]>,
}

/// Loads a chart from its files, in their order. `name` is how the chart's folder is printed.
pub(super) fn load(
    loading: &mut Loading<'_>,
    name: &str,
    files: Vec<ChartFile>,
) -> Result<ChartNode, Problem> {
    let mut builder = Builder {
        loading,
        name,
        node: ChartNode::default(),
        has_metadata: false,
    };
    for file in files.iter().filter(|file| file.path == "Chart.yaml") {
        builder.metadata(file)?;
    }
    let mut subcharts = SubchartFiles::default();
    for file in files {
        match role(&file.path) {
            Role::Metadata => {}
            Role::Lock => builder.lock(file)?,
            Role::Values => builder.values(file)?,
            Role::Schema => {
                let id = builder.register(&file, FileKind::Chart);
                builder.node.schema = Some((id, file.bytes));
            }
            Role::Requirements => builder.requirements(file)?,
            Role::Template => {
                let id = builder.register(&file, FileKind::Template);
                let template = ChartTemplate {
                    path: file.path,
                    file: id,
                    text: file.bytes,
                };
                builder.node.templates.push(template);
            }
            Role::Subchart { name, path } => {
                let file = ChartFile {
                    path: path.to_owned(),
                    bytes: Arc::clone(&file.bytes),
                };
                subcharts.entry(name.to_owned()).or_default().push(file);
            }
            Role::Other => builder.other(file),
        }
    }
    let mut node = builder.finish()?;
    node.children = subcharts::load_all(loading, name, &node.metadata.name, subcharts)?;
    Ok(node)
}

struct Builder<'a, 'b> {
    loading: &'a mut Loading<'b>,
    name: &'a str,
    node: ChartNode,
    has_metadata: bool,
}

impl Builder<'_, '_> {
    fn register(&self, file: &ChartFile, kind: FileKind) -> FileId {
        self.loading.registry.add(
            format!("{}/{}", self.name, file.path),
            kind,
            Arc::clone(&file.bytes),
        )
    }

    fn metadata(&mut self, file: &ChartFile) -> Result<(), Problem> {
        self.decode_metadata(file)?;
        let metadata = &mut self.node.metadata;
        if metadata.api_version.is_empty() {
            "v1".clone_into(&mut metadata.api_version);
        }
        Ok(())
    }

    fn decode_metadata(&mut self, file: &ChartFile) -> Result<FileId, Problem> {
        self.has_metadata = true;
        let id = self.register(file, FileKind::Chart);
        let mut marker = Places {
            file: id,
            base: 0,
            spans: Vec::new(),
        };
        let failed = |message: &str, offset: u32| {
            let place = Place::File(Span {
                file: id,
                start: offset,
                end: offset,
            });
            Problem::new(format!("cannot load {}: {message}", file.path)).at(place)
        };
        let document = decode_text(&file.bytes, DecodeOptions::MANIFEST, &mut marker)
            .map_err(|error| failed(&error.message, error.offset))?;
        decode_into(
            &mut self.node.metadata,
            &document,
            &marker.spans,
            self.loading.helm,
        )
        .map_err(|message| failed(&message, 0))?;
        Ok(id)
    }

    fn requirements(&mut self, file: ChartFile) -> Result<(), Problem> {
        let id = self.decode_metadata(&file)?;
        if self.node.metadata.api_version == "v1" {
            self.node.files.push(OtherFile {
                path: file.path,
                file: id,
                bytes: file.bytes,
            });
        } else {
            self.loading.warnings.push(
                "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend migrating \
                 dependencies to Chart.yaml."
                    .to_owned(),
            );
        }
        Ok(())
    }

    /// A lock must be readable; nothing else is made of it.
    fn lock(&mut self, file: ChartFile) -> Result<(), Problem> {
        let id = self.register(&file, FileKind::Chart);
        let failed = |message: String, offset: u32| {
            let place = Place::File(Span {
                file: id,
                start: offset,
                end: offset,
            });
            Err(Problem::new(format!("cannot load {}: {message}", file.path)).at(place))
        };
        match decode_text(&file.bytes, DecodeOptions::MANIFEST, &mut NoMarks) {
            Err(error) => return failed(error.message, error.offset),
            Ok(Value::List(_)) => {
                let message = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go \
                               value of type v2.Lock";
                return failed(message.to_owned(), 0);
            }
            Ok(_) => {}
        }
        if file.path == "requirements.lock" && self.node.metadata.api_version == "v1" {
            self.node.files.push(OtherFile {
                path: file.path,
                file: id,
                bytes: file.bytes,
            });
        }
        Ok(())
    }

    fn values(&mut self, file: ChartFile) -> Result<(), Problem> {
        let id = self.register(&file, FileKind::Values);
        let ValuesText { map, spans } =
            read_values(&file.bytes, id, self.loading.helm).map_err(|mut problem| {
                problem.message.insert_str(0, "cannot load values.yaml: ");
                problem
            })?;
        self.node.values = Arc::new(map);
        self.node.value_spans = spans;
        Ok(())
    }

    fn other(&mut self, file: ChartFile) {
        let id = self.register(&file, FileKind::Chart);
        let ChartFile { path, bytes } = file;
        if is_crd(&path) {
            self.node.crds.push(CrdSource {
                path: path.clone(),
                file: id,
                bytes: Arc::clone(&bytes),
            });
        }
        self.node.files.push(OtherFile {
            path,
            file: id,
            bytes,
        });
    }

    fn finish(mut self) -> Result<ChartNode, Problem> {
        if !self.has_metadata {
            return Err(Problem::new("Chart.yaml file is missing"));
        }
        let metadata = &mut self.node.metadata;
        match validate(metadata) {
            Ok(()) => Ok(self.node),
            Err((field, message)) => {
                let problem = Problem::new(message);
                Err(
                    match metadata
                        .places
                        .get(field)
                        .or_else(|| metadata.places.values().next())
                    {
                        Some(span) => problem.at(Place::File(*span)),
                        None => problem,
                    },
                )
            }
        }
    }
}
