//! One fixture folder as the facts of an environment.

use livediff::{Change, CompareOptions, compare};
use manifest::{KubeVersion, Object, Provenance, ReadOptions, read_documents};
use policies::cluster::{CaptureFile, Cluster};
use policies::evidence::{Evidence, EvidenceFile, read_evidence};
use policies::rules::RuleEntry;
use policies::time::parse_rfc3339;
use policies::{ChartFacts, Facts, Finding, Findings, LiveFacts, ReleaseFacts};
use source::{FileId, FileKind, OriginTable, Place, ProvTables, SourceFiles, Span};
use std::fs;
use std::path::Path;
use yaml::{DecodeOptions, NoMarks, Value, decode_text};

/// Everything that the facts borrow.
pub(crate) struct Case {
    files: SourceFiles,
    tables: ProvTables,
    origins: OriginTable,
    release: ReleaseFacts,
    chart: ChartFacts,
    rendered: Vec<Object>,
    live: Option<Vec<Object>>,
    changes: Option<Vec<Change>>,
    cluster: Option<Cluster>,
    evidence: Option<Vec<Evidence>>,
    settings: Option<Value>,
    given: Value,
}

impl Case {
    pub(crate) fn load(folder: &Path) -> Self {
        let files = SourceFiles::new();
        let loader = Loader {
            folder,
            files: &files,
        };
        let given = loader.tree("facts.yaml").unwrap_or_default();
        let text = |key: &str, default: &str| {
            given
                .at(&[key])
                .and_then(Value::as_str)
                .unwrap_or(default)
                .to_owned()
        };
        let release = ReleaseFacts {
            name: text("release", "web"),
            namespace: text("namespace", "prod"),
        };
        let rendered = loader.objects("rendered.yaml", FileKind::Template, &release.namespace);
        let live = loader.objects("live.yaml", FileKind::Live, &release.namespace);
        let changes = live.as_ref().map(|live| {
            compare(
                rendered.as_deref().unwrap_or_default(),
                live,
                &CompareOptions::default(),
            )
        });
        let (chart, cluster, evidence) = (loader.chart(), loader.cluster(), loader.evidence());
        let settings = loader.tree("settings.yaml");
        Self {
            tables: ProvTables::default(),
            origins: OriginTable::default(),
            rendered: rendered.unwrap_or_default(),
            files,
            release,
            chart,
            live,
            changes,
            cluster,
            evidence,
            settings,
            given,
        }
    }

    /// What the rule says, a line for each finding and each reason why it is unchecked.
    pub(crate) fn run(&self, entry: &RuleEntry) -> Vec<String> {
        let rule = entry
            .build(self.settings.as_ref())
            .map_err(|error| error.message)
            .expect("the settings are known");
        let facts = self.facts();
        let mut found = Findings::new(rule.meta(), rule.meta().severity, &facts);
        rule.check(&facts, &mut found);
        let mut lines: Vec<String> = found
            .findings
            .iter()
            .map(|finding| self.line(finding))
            .collect();
        lines.extend(
            found
                .unchecked
                .iter()
                .map(|unchecked| format!("unchecked {}", unchecked.reason)),
        );
        lines.sort();
        lines
    }

    fn facts(&self) -> Facts<'_> {
        let text = |key: &str| self.given.at(&[key]).and_then(Value::as_str);
        let version = |key: &str| text(key).and_then(KubeVersion::parse);
        let current = version("current").or_else(|| self.cluster.as_ref()?.current_version());
        Facts {
            release: self.release.clone(),
            chart: self.chart.clone(),
            rendered: &self.rendered,
            live: self.live.as_deref().map(|objects| LiveFacts {
                objects,
                status: text("status").map(str::to_owned),
                status_place: None,
                chart_version: text("chartVersion").map(str::to_owned),
                from_revision: false,
            }),
            changes: self.changes.as_deref(),
            cluster: self.cluster.as_ref(),
            evidence: self.evidence.as_deref(),
            current,
            target: version("target").or(current),
            target_place: None,
            now: parse_rfc3339(text("now").unwrap_or("2026-11-24T12:00:00Z")).expect("a time"),
            provenance: Provenance {
                tables: &self.tables,
                origins: &self.origins,
                files: &self.files,
            },
        }
    }

    fn line(&self, finding: &Finding) -> String {
        let or_dash = |text: String| {
            if text.is_empty() {
                "-".to_owned()
            } else {
                text
            }
        };
        let resource = finding
            .resource
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        format!(
            "{} {} {} {} {}",
            finding.severity.name(),
            or_dash(resource),
            or_dash(finding.field.clone()),
            finding.message,
            self.place(&finding.primary.place)
        )
    }

    fn place(&self, place: &Place) -> String {
        match place {
            Place::File(span) => {
                let file = self.files.get(span.file);
                format!("{}:{}", file.name, file.line_column(span.start).line)
            }
            Place::Flag { text } => text.to_string(),
        }
    }
}

/// Reads the files of one case.
struct Loader<'a> {
    folder: &'a Path,
    files: &'a SourceFiles,
}

impl Loader<'_> {
    fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.join(name)).ok()
    }

    fn register(&self, name: &str, kind: FileKind) -> Option<(FileId, Vec<u8>)> {
        let text = self.bytes(name)?;
        Some((self.files.add(name, kind, text.clone()), text))
    }

    fn tree(&self, name: &str) -> Option<Value> {
        let text = self.bytes(name)?;
        let tree = decode_text(&text, DecodeOptions::MANIFEST, &mut NoMarks);
        Some(
            tree.unwrap_or_else(|error| {
                panic!("{}/{name}: {}", self.folder.display(), error.message)
            }),
        )
    }

    fn objects(&self, name: &str, kind: FileKind, namespace: &str) -> Option<Vec<Object>> {
        let (file, text) = self.register(name, kind)?;
        let options = ReadOptions {
            file: Some(file),
            namespace: Some(namespace),
            ..ReadOptions::default()
        };
        let documents = read_documents(&text, &options);
        assert_eq!(documents.unreadable, [], "{}/{name}", self.folder.display());
        Some(documents.objects)
    }

    /// Files whose names fit, in the order of their names.
    fn matching(
        &self,
        fits: impl Fn(&str) -> bool,
        kind: FileKind,
    ) -> Vec<(FileId, String, Vec<u8>)> {
        let entries = fs::read_dir(self.folder)
            .expect("the case")
            .filter_map(Result::ok);
        let mut names: Vec<String> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.retain(|name| fits(name));
        names.sort();
        let registered = names.into_iter().filter_map(|name| {
            let (file, text) = self.register(&name, kind)?;
            Some((file, name, text))
        });
        registered.collect()
    }

    fn cluster(&self) -> Option<Cluster> {
        let captures = self.matching(|name| name.starts_with("capture"), FileKind::Live);
        let files: Vec<CaptureFile<'_>> = captures
            .iter()
            .map(|(file, name, text)| CaptureFile {
                file: *file,
                name,
                text,
            })
            .collect();
        let (cluster, problems) = Cluster::read(&files);
        assert_eq!(problems, [], "{}", self.folder.display());
        (!files.is_empty()).then_some(cluster)
    }

    fn evidence(&self) -> Option<Vec<Evidence>> {
        let fits = |name: &str| name.starts_with("evidence") || name.ends_with(".md");
        let read = self.matching(fits, FileKind::Evidence);
        let files: Vec<EvidenceFile<'_>> = read
            .iter()
            .map(|(file, name, text)| EvidenceFile {
                file: *file,
                name,
                text,
            })
            .collect();
        let (evidence, problems) = read_evidence(&files);
        assert_eq!(problems, [], "{}", self.folder.display());
        (!files.is_empty()).then_some(evidence)
    }

    fn chart(&self) -> ChartFacts {
        let Some((file, text)) = self.register("Chart.yaml", FileKind::Chart) else {
            return ChartFacts::default();
        };
        let tree = self.tree("Chart.yaml").unwrap_or_default();
        let value = |key: &str| tree.at(&[key]).and_then(Value::as_str).map(str::to_owned);
        let place = |key: &str| {
            let text = String::from_utf8_lossy(&text);
            let line = text
                .lines()
                .position(|line| line.starts_with(&format!("{key}:")))?;
            let start = text.split_inclusive('\n').take(line).map(str::len).sum();
            Some(Place::File(Span::new(file, start, start + key.len())))
        };
        ChartFacts {
            name: value("name").unwrap_or_default(),
            version: value("version").unwrap_or_default(),
            app_version: value("appVersion"),
            kube_version: value("kubeVersion").map(|constraint| (constraint, place("kubeVersion"))),
            version_place: place("version"),
        }
    }
}
