//! The primary place of findings, on small renderings put together by hand.

use manifest::{
    Blamed, Cause, FieldAt, FieldPath, Object, PlaceKind, Provenance, ReadOptions, RenderedOrigin,
};
use manifest::{primary_place_of, read_documents};
use source::{
    CallId, Condition, ConditionId, FileId, FileKind, Layer, Origin, OriginId, OriginTable,
    OutputMap, Place, Prov, ProvTables, Segment, SourceFiles, Span, Untaken, ValuePath,
};
use std::sync::Arc;

/// A template and values, and the rendering that a test says they gave.
struct Stage {
    files: SourceFiles,
    tables: ProvTables,
    origins: OriginTable,
    template: FileId,
    template_text: &'static str,
    text: String,
    segments: Vec<Segment>,
    conditions: ConditionId,
}

impl Stage {
    fn new(template_text: &'static str) -> Self {
        let files = SourceFiles::new();
        let template = files.add(
            "c/templates/x.yaml",
            FileKind::Template,
            template_text.as_bytes(),
        );
        Self {
            files,
            tables: ProvTables::default(),
            origins: OriginTable::default(),
            template,
            template_text,
            text: String::new(),
            segments: Vec::new(),
            conditions: ConditionId(0),
        }
    }

    /// A value in a file of its own, so that its place tells it.
    fn value(&mut self, name: &str, layer: Layer) -> OriginId {
        let place = match layer {
            Layer::Set { .. } => Place::Flag {
                text: format!("--set {name}=x").into(),
            },
            _ => Place::File(Span::new(
                self.files.add(name, FileKind::Values, name.as_bytes()),
                0,
                name.len(),
            )),
        };
        let path = ValuePath::default().key(name);
        self.origins.add(Origin {
            path,
            layer,
            place,
            overrode: Vec::new(),
        })
    }

    /// Appends output that the template's `from` wrote.
    fn write(&mut self, from: &str, output: &str, prov: Prov) {
        let at = self
            .template_text
            .find(from)
            .expect("a part of the template");
        self.segments.push(Segment {
            start: self.text.len() as u32,
            at: Span::new(self.template, at, at + from.len()),
            prov,
            conditions: self.conditions,
            call: CallId(0),
        });
        self.text.push_str(output);
    }

    fn typed(&mut self, text: &str) {
        self.write(text, text, Prov::NONE);
    }

    fn text_of(&mut self, origins: &[OriginId]) -> Prov {
        let mut prov = Prov::NONE;
        for origin in origins {
            let single = self.tables.single(*origin);
            prov.text = self.tables.union(prov.text, single);
        }
        prov
    }

    fn decided_by(&mut self, origin: OriginId) -> Prov {
        Prov {
            decided: self.tables.single(origin),
            ..Prov::NONE
        }
    }

    fn under(&mut self, condition: &str, reads: Prov) {
        let at = self
            .template_text
            .find(condition)
            .expect("a part of the template");
        let at = Span::new(self.template, at, at + condition.len());
        self.conditions = self.tables.push_condition(Condition {
            parent: self.conditions,
            at,
            reads,
            taken: true,
        });
    }

    fn object(&self) -> Object {
        let map = OutputMap {
            segments: self.segments.clone(),
            len: self.text.len() as u32,
        };
        let rendered = Some(RenderedOrigin {
            map: Arc::new(map),
            offset: 0,
        });
        let options = ReadOptions {
            rendered,
            ..ReadOptions::default()
        };
        read_documents(self.text.as_bytes(), &options)
            .objects
            .pop()
            .expect("an object")
    }

    fn provenance(&self) -> Provenance<'_> {
        Provenance {
            tables: &self.tables,
            origins: &self.origins,
            files: &self.files,
        }
    }

    fn blame(&self, path: &str) -> Blamed {
        let object = self.object();
        let path = FieldPath::resolve(&object.root, "apps", "Deployment", path)
            .unwrap_or_else(|| FieldPath::keys(path.split('.')));
        primary_place_of(&[FieldAt::new(&object, path)], &self.provenance()).expect("a place")
    }

    /// The file's name, the flag's text, or the template's own words.
    fn words(&self, place: &Place) -> String {
        match place {
            Place::Flag { text } => text.to_string(),
            Place::File(span) if span.file == self.template => {
                self.template_text[span.start as usize..span.end as usize].to_owned()
            }
            Place::File(span) => self.files.get(span.file).name.clone(),
        }
    }
}

const HEAD: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n";
const TEMPLATE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: {{ .Values.n }}\n  image: {{ .Values.repo }}:{{ .Values.tag }}\n  paused: true\n{{ if .Values.on }}  strategy:\n    type: Recreate\n{{ end }}";

const BASE: Layer = Layer::Chart { height: u16::MAX };
const OVERLAY: Layer = Layer::File { index: 0 };
const FLAG: Layer = Layer::Set { index: 0 };

#[test]
fn the_value_behind_the_text_is_the_place() {
    let mut stage = Stage::new(TEMPLATE);
    let value = stage.value("n", OVERLAY);
    stage.typed(HEAD);
    stage.typed("  replicas: ");
    let prov = stage.text_of(&[value]);
    stage.write("{{ .Values.n }}", "3", prov);
    let blamed = stage.blame("spec.replicas");
    assert_eq!(
        (stage.words(&blamed.place), blamed.kind, blamed.cause),
        ("n".to_owned(), PlaceKind::Value, Cause::Text)
    );
    assert_eq!(
        blamed
            .related
            .last()
            .map(|related| stage.words(&related.place)),
        Some("replicas: {{ .Values.n }}".to_owned())
    );
}

#[test]
fn the_highest_layer_wins_and_the_tag_within_one_layer() {
    for (repo, tag, expected) in [
        (BASE, OVERLAY, "tag"),
        (FLAG, OVERLAY, "--set repo=x"),
        (OVERLAY, OVERLAY, "tag"),
        (OVERLAY, BASE, "repo"),
    ] {
        let mut stage = Stage::new(TEMPLATE);
        let (repo, tag) = (stage.value("repo", repo), stage.value("tag", tag));
        stage.typed(HEAD);
        stage.typed("  image: ");
        let (repo, tag) = (stage.text_of(&[repo]), stage.text_of(&[tag]));
        stage.write("{{ .Values.repo }}", "host:5000/app", repo);
        stage.typed(":");
        stage.write("{{ .Values.tag }}", "1.0", tag);
        assert_eq!(stage.words(&stage.blame("spec.image").place), expected);
    }
}

#[test]
fn what_decided_counts_only_without_text() {
    let mut stage = Stage::new(TEMPLATE);
    let (on, deeper) = (stage.value("on", BASE), stage.value("deeper", OVERLAY));
    stage.typed(HEAD);
    let reads = stage.text_of(&[on]);
    stage.under("if .Values.on", reads);
    stage.typed("  strategy:\n    type: Recreate\n");
    assert_eq!(stage.words(&stage.blame("spec.strategy.type").place), "on");
    assert_eq!(stage.blame("spec.strategy.type").cause, Cause::Decided);
    let prov = stage.decided_by(deeper);
    stage.write("  paused: true\n", "  paused: true\n", prov);
    assert_eq!(stage.words(&stage.blame("spec.paused").place), "deeper");
}

#[test]
fn typed_text_stands_on_its_own_line_of_the_template() {
    let mut stage = Stage::new(TEMPLATE);
    stage.typed(HEAD);
    stage.typed("  paused: true\n");
    let blamed = stage.blame("spec.paused");
    assert_eq!(stage.words(&blamed.place), "paused: true");
    assert_eq!(
        (blamed.kind, blamed.cause),
        (PlaceKind::Template, Cause::Typed)
    );
    assert_eq!(
        stage.words(&stage.blame("metadata.name").place),
        "name: web"
    );
}

#[test]
fn volatile_text_is_never_a_values_fault() {
    let mut stage = Stage::new(TEMPLATE);
    let value = stage.value("n", FLAG);
    stage.typed(HEAD);
    stage.typed("  replicas: ");
    let prov = stage.decided_by(value);
    stage.write(
        "{{ .Values.n }}",
        "7",
        Prov {
            volatile: true,
            ..prov
        },
    );
    let blamed = stage.blame("spec.replicas");
    assert_eq!(
        (stage.words(&blamed.place), blamed.volatile),
        ("{{ .Values.n }}".to_owned(), true)
    );
}

#[test]
fn facts_of_the_context_are_no_values() {
    let mut stage = Stage::new(TEMPLATE);
    let release = stage.value("Release.Name", Layer::Context);
    stage.typed(HEAD);
    stage.typed("  replicas: ");
    let prov = stage.text_of(&[release]);
    stage.write("{{ .Values.n }}", "3", prov);
    assert_eq!(stage.blame("spec.replicas").kind, PlaceKind::Template);
}

#[test]
fn a_missing_field_stands_on_what_kept_its_branch_out() {
    let mut stage = Stage::new(TEMPLATE);
    let on = stage.value("on", OVERLAY);
    stage.typed(HEAD);
    stage.typed("  paused: true\n");
    stage.write("{{ end }}", "\n", Prov::NONE);
    let reads = stage.text_of(&[on]);
    stage.under("if .Values.on", reads);
    let body = stage.template_text.find("  strategy").expect("the branch");
    let body = Span::new(stage.template, body, body + "  strategy:\n".len());
    stage.tables.untaken.push(Untaken {
        body,
        condition: stage.conditions,
        call: CallId(0),
    });
    assert_eq!(stage.words(&stage.blame("spec.strategy").place), "on");
    // Nothing would have written this one: its container is the place.
    assert_eq!(stage.words(&stage.blame("spec.selector").place), "spec");
}

#[test]
fn the_first_of_several_fields_wins_within_a_layer() {
    let mut stage = Stage::new(TEMPLATE);
    let (n, tag) = (stage.value("n", OVERLAY), stage.value("tag", OVERLAY));
    stage.typed(HEAD);
    stage.typed("  replicas: ");
    let (n, tag) = (stage.text_of(&[n]), stage.text_of(&[tag]));
    stage.write("{{ .Values.n }}", "3\n", n);
    stage.typed("  image: ");
    stage.write("{{ .Values.tag }}", "x", tag);
    let object = stage.object();
    let field = |path: &str| FieldAt::new(&object, FieldPath::keys(path.split('.')));
    for (first, second, expected) in [
        ("spec.replicas", "spec.image", "n"),
        ("spec.image", "spec.replicas", "tag"),
    ] {
        let blamed =
            primary_place_of(&[field(first), field(second)], &stage.provenance()).expect("a place");
        assert_eq!(stage.words(&blamed.place), expected);
        assert_eq!(blamed.related.len(), 2);
    }
}

#[test]
fn captured_objects_stand_on_their_names_and_plain_manifests_on_the_field() {
    let stage = Stage::new(TEMPLATE);
    let text = "apiVersion: v1\nkind: Node\nmetadata:\n  name: n1\nspec: {unschedulable: true}\n";
    for (kind, expected, cause) in [
        (FileKind::Live, "name: n1", Cause::Name),
        (FileKind::Chart, "unschedulable: true", Cause::Typed),
    ] {
        let file = stage.files.add("cluster.yaml", kind, text.as_bytes());
        let options = ReadOptions {
            file: Some(file),
            ..ReadOptions::default()
        };
        let object = read_documents(text.as_bytes(), &options)
            .objects
            .pop()
            .expect("an object");
        let path = FieldPath::keys(["spec", "unschedulable"]);
        let blamed = manifest::primary_place(&object, &path, &stage.provenance()).expect("a place");
        let Place::File(span) = blamed.place else {
            panic!("a file")
        };
        assert_eq!(
            (&text[span.start as usize..span.end as usize], blamed.cause),
            (expected, cause)
        );
    }
}
