//! From [`ValuesInput`] to [`UserValues`], kind by kind.

use super::documents::read_values;
use super::json;
use super::merge::merge_maps;
use super::origins::{Adoption, Recorder};
use super::set::{Dialect, Setter, mark_tree};
use super::{TypedSet, UserValues, ValuesFile, ValuesInput};
use gotemplate::HelmLine;
use source::{FileKind, Layer, Origin, OriginTable, Place, Problem, SourceFiles, ValuePath};
use std::sync::Arc;
use yaml::{Map, Value};

pub(super) fn read(
    input: &ValuesInput,
    files: &SourceFiles,
    helm: HelmLine,
) -> Result<UserValues, Problem> {
    let mut reading = Reading {
        values: Map::new(),
        table: OriginTable::default(),
        arguments: 0,
        helm,
    };
    for (index, file) in input.files.iter().enumerate() {
        reading.file(file, index, files)?;
    }
    for argument in &input.set_json {
        reading.json(argument)?;
    }
    for typed in &input.typed {
        reading.typed(typed)?;
    }
    for argument in &input.set {
        reading.set("--set", argument, Dialect::Typed)?;
    }
    for argument in &input.set_string {
        reading.set("--set-string", argument, Dialect::Text)?;
    }
    for argument in &input.set_file {
        let mut read = |path: &str| contents(input, path);
        reading.set("--set-file", argument, Dialect::File(&mut read))?;
    }
    for argument in &input.set_literal {
        reading.set("--set-literal", argument, Dialect::Literal)?;
    }
    Ok(UserValues {
        values: Value::map(reading.values),
        origins: reading.table,
    })
}

struct Reading {
    values: Map,
    table: OriginTable,
    /// How many arguments were applied; the next one's number in [`Layer::Set`].
    arguments: u16,
    helm: HelmLine,
}

impl Reading {
    fn file(
        &mut self,
        file: &ValuesFile,
        index: usize,
        files: &SourceFiles,
    ) -> Result<(), Problem> {
        let text = file.bytes.strip_prefix(b"\xef\xbb\xbf");
        let text: Arc<[u8]> = text.map_or_else(|| Arc::clone(&file.bytes), Into::into);
        let id = files.add(&file.name, FileKind::Values, Arc::clone(&text));
        let read = read_values(&text, id, self.helm).map_err(|mut problem| {
            problem.message = format!("failed to parse {}: {}", file.name, problem.message);
            problem
        })?;
        let layer = Layer::File {
            index: u16::try_from(index).unwrap_or(u16::MAX),
        };
        let mut adoption = Adoption {
            spans: &read.spans,
            layer,
            table: &mut self.table,
        };
        let map = adoption.map(&read.map, &ValuePath::default());
        merge_maps(&mut self.values, map, &mut Recorder::on(&mut self.table));
        Ok(())
    }

    fn next_layer(&mut self) -> Layer {
        let index = self.arguments;
        self.arguments = self.arguments.saturating_add(1);
        Layer::Set { index }
    }

    fn set(&mut self, flag: &str, argument: &str, dialect: Dialect<'_>) -> Result<(), Problem> {
        let place = flag_place(flag, argument);
        let layer = self.next_layer();
        Setter::new(argument, dialect, layer, place.clone(), &mut self.table)
            .apply(&mut self.values)
            .map_err(|error| Problem::new(format!("failed parsing {flag} data: {error}")).at(place))
    }

    fn typed(&mut self, typed: &TypedSet) -> Result<(), Problem> {
        let layer = self.next_layer();
        let argument = format!("{}=", typed.path);
        let dialect = Dialect::Given(typed.value.clone());
        Setter::new(
            &argument,
            dialect,
            layer,
            typed.place.clone(),
            &mut self.table,
        )
        .apply(&mut self.values)
        .map_err(|error| {
            Problem::new(format!("failed parsing set data: {error}")).at(typed.place.clone())
        })
    }

    fn json(&mut self, argument: &str) -> Result<(), Problem> {
        let place = flag_place("--set-json", argument);
        let layer = self.next_layer();
        let failed = |what: &str| {
            Problem::new(format!("failed parsing --set-json data{what} {argument}"))
                .at(place.clone())
        };
        let trimmed = argument.trim();
        if self.helm == HelmLine::V4 && trimmed.starts_with('{') {
            let object = json::object(trimmed).ok_or_else(|| failed(" JSON:"))?;
            self.merge_object(object, layer, &place);
            return Ok(());
        }
        Setter::new(
            argument,
            Dialect::Json,
            layer,
            place.clone(),
            &mut self.table,
        )
        .apply(&mut self.values)
        .map_err(|_| failed(""))
    }

    fn merge_object(&mut self, object: Map, layer: Layer, place: &Place) {
        let marked = mark_tree(Value::map(object), &ValuePath::default(), &mut |path| {
            let place = place.clone();
            self.table
                .add(Origin {
                    path: path.clone(),
                    layer,
                    place,
                    overrode: Vec::new(),
                })
                .0
        });
        if let Value::Map(map) = marked {
            merge_maps(
                &mut self.values,
                Arc::unwrap_or_clone(map),
                &mut Recorder::on(&mut self.table),
            );
        }
    }
}

fn flag_place(flag: &str, argument: &str) -> Place {
    Place::Flag {
        text: format!("{flag} {argument}").into(),
    }
}

/// The contents of a file that `--set-file` names. What is no UTF-8 stays bytes.
fn contents(input: &ValuesInput, path: &str) -> Result<Value, String> {
    match input.file_contents.get(path) {
        Some(Ok(bytes)) => Ok(match std::str::from_utf8(bytes) {
            Ok(text) => Value::string(text),
            Err(_) => Value::Bytes(Arc::clone(bytes)),
        }),
        Some(Err(error)) => Err(error.clone()),
        None => Err(format!("open {path}: no such file or directory")),
    }
}

pub(super) fn set_file_paths(argument: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut read = |path: &str| {
        paths.push(path.to_owned());
        Ok(Value::Null)
    };
    let mut table = OriginTable::default();
    let place = flag_place("--set-file", argument);
    let setter = Setter::new(
        argument,
        Dialect::File(&mut read),
        Layer::Set { index: 0 },
        place,
        &mut table,
    );
    // The error is reported when the argument is applied.
    let _ = setter.apply(&mut Map::new());
    paths
}
