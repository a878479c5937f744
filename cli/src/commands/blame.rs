//! `keelcheck blame`: which file and line decided each rendered line, or one field.

use crate::args::{BlameArgs, BlameFormat, ChartArgs};
use crate::load::{Inputs, Origin};
use crate::objects;
use crate::output;
use crate::plan::EnvironmentPlan;
use crate::render::{Charts, Purpose, render};
use chart::Release;
use manifest::{FieldPath, Object, Redactor};
use serde_json::{Value as Json, json};
use source::{Layer, OriginId, Place, Problem, Segment, SourceFiles, Span};
use std::process::ExitCode;

pub(crate) fn run(args: &BlameArgs, colour: bool) -> ExitCode {
    let files = SourceFiles::new();
    match blame(args, colour, &files) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            output::problems(&[*problem], &files);
            ExitCode::from(2)
        }
    }
}

/// `[NAME] CHART [RESOURCE [FIELD]]`: RESOURCE is what begins like `Kind/`.
fn split_arguments(args: &[String]) -> Option<(ChartArgs, Option<&str>, Option<&str>)> {
    let is_resource =
        |text: &String| text.chars().next().is_some_and(char::is_uppercase) && text.contains('/');
    let at = args
        .iter()
        .skip(1)
        .position(is_resource)
        .map_or(args.len(), |index| index + 1);
    let chart = ChartArgs::new(&args[..at])?;
    match &args[at..] {
        [] => Some((chart, None, None)),
        [resource] => Some((chart, Some(resource), None)),
        [resource, field] => Some((chart, Some(resource), Some(field))),
        _ => None,
    }
}

fn blame(args: &BlameArgs, colour: bool, files: &SourceFiles) -> Result<(), Box<Problem>> {
    let usage = |message: &str| Box::new(Problem::new(message));
    let Some((chart, resource, field)) = split_arguments(&args.args) else {
        return Err(usage(
            "blame needs [NAME] CHART [RESOURCE [FIELD]], with RESOURCE as Kind/name",
        ));
    };
    let plan =
        EnvironmentPlan::from_args(&chart, &args.values).map_err(|message| usage(&message))?;
    let inputs = Inputs::default();
    let (_, release) = render(
        &plan,
        Purpose::Judge,
        &Origin::Disk,
        &Charts::default(),
        &inputs,
        files,
    )
    .map_err(|error| error.problem)?;
    let rendered = objects::read(&release, &plan.namespace, false);
    let wanted = |object: &&Object| resource.is_none_or(|name| is_named(object, name));
    let chosen: Vec<&Object> = rendered.objects.iter().filter(wanted).collect();
    if let (true, Some(name)) = (chosen.is_empty(), resource) {
        let names = rendered
            .objects
            .iter()
            .map(|object| format!("{}/{}", object.kind(), object.name()));
        let names: Vec<String> = names.collect();
        let hint = crate::suggest::suggest(name, names.iter().map(String::as_str))
            .map(|nearest| format!("; did you mean `{nearest}`?"))
            .unwrap_or_default();
        return Err(usage(&format!("the chart renders no {name}{hint}")));
    }
    let mut redactor = Redactor::default();
    for object in &rendered.objects {
        redactor.learn(object);
    }
    let blamer = Blamer {
        release: &release,
        files,
        redactor: &redactor,
    };
    let mut lines = Vec::new();
    for object in chosen {
        let range = match field {
            None => object.text.start..object.text.end,
            Some(field) => field_range(object, field).ok_or_else(|| {
                usage(&format!(
                    "{}/{} has no field {field}",
                    object.kind(),
                    object.name()
                ))
            })?,
        };
        lines.extend(blamer.lines(object, range));
    }
    if let Some(path) = &args.value {
        lines.retain(|line| line.rests_on(path));
    }
    let text = match args.format {
        BlameFormat::Json => {
            let list: Vec<Json> = lines.iter().map(Line::json).collect();
            serde_json::to_string_pretty(&list).unwrap_or_default() + "\n"
        }
        BlameFormat::Terminal => terminal(&lines, colour),
    };
    output::stdout(text.as_bytes()).map_err(|error| usage(&error.to_string()))
}

/// `Kind/name` or `Kind/namespace/name`.
fn is_named(object: &Object, name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    match parts[..] {
        [kind, name] => object.kind() == kind && object.name() == name,
        [kind, namespace, name] => {
            object.kind() == kind && object.namespace() == Some(namespace) && object.name() == name
        }
        _ => false,
    }
}

fn field_range(object: &Object, field: &str) -> Option<std::ops::Range<u32>> {
    let path = FieldPath::resolve(&object.root, object.group(), object.kind(), field)?;
    let found = object.get_at(&path)?;
    let value = found.value_range?;
    Some(found.key_range.map_or(value.start, |key| key.start)..value.end)
}

/// One rendered line and why it is there.
struct Line {
    object: Json,
    number: usize,
    text: String,
    template: Option<(String, u32)>,
    values: Vec<ValueLine>,
    conditions: Vec<(String, u32, Vec<ValueLine>)>,
    volatile: bool,
}

/// A value at its place.
#[derive(Clone, PartialEq)]
struct ValueLine {
    path: String,
    file: Option<String>,
    line: Option<u32>,
    layer: String,
}

struct Blamer<'a> {
    release: &'a Release,
    files: &'a SourceFiles,
    redactor: &'a Redactor,
}

impl Blamer<'_> {
    fn lines(&self, object: &Object, range: std::ops::Range<u32>) -> Vec<Line> {
        let Some(rendered) = &object.rendered else {
            return Vec::new();
        };
        let file = self
            .release
            .files
            .iter()
            .find(|file| file.map == *rendered.map);
        let Some(file) = file else { return Vec::new() };
        let base = rendered.offset;
        let document = (base + object.text.start) as usize;
        let first = file.text[document..(base + range.start) as usize]
            .iter()
            .filter(|byte| **byte == b'\n');
        let mut number = first.count() + 1;
        let mut lines = Vec::new();
        let mut start = (base + range.start) as usize;
        // From the beginning of the line on.
        while start > document && file.text[start - 1] != b'\n' {
            start -= 1;
        }
        let end = (base + range.end) as usize;
        while start < end {
            let stop = file.text[start..]
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(file.text.len(), |at| start + at);
            let text = String::from_utf8_lossy(&file.text[start..stop]).into_owned();
            if !text.trim().is_empty() {
                lines.push(self.line(object, number, &text, start as u32, stop as u32, rendered));
            }
            number += 1;
            start = stop + 1;
        }
        lines
    }

    fn line(
        &self,
        object: &Object,
        number: usize,
        text: &str,
        start: u32,
        end: u32,
        rendered: &manifest::RenderedOrigin,
    ) -> Line {
        // Indentation rests on whatever wrote it; the first visible byte and what follows count.
        let indent = (text.len() - text.trim_start().len()) as u32;
        let segments: Vec<&Segment> = rendered
            .map
            .overlapping(start + indent, end)
            .map(|(_, _, segment)| segment)
            .collect();
        let tables = &self.release.tables;
        let mut values = Vec::new();
        for segment in &segments {
            self.add_values(&mut values, tables.members(segment.prov.text));
        }
        for segment in &segments {
            self.add_values(&mut values, tables.members(segment.prov.decided));
        }
        let chosen = segments
            .iter()
            .max_by_key(|segment| !segment.prov.is_none())
            .or(segments.first());
        let mut conditions = Vec::new();
        if let Some(segment) = chosen {
            for condition in tables.condition_stack(segment.conditions) {
                let (file, line) = self.place(condition.at);
                let mut read = Vec::new();
                self.add_values(&mut read, tables.members(condition.reads.text));
                self.add_values(&mut read, tables.members(condition.reads.decided));
                conditions.push((file, line, read));
            }
        }
        let secret = manifest::mask_text(&self.redactor.redact(text)).into_owned();
        Line {
            object: json!({
                "group": object.id.group,
                "kind": object.id.kind,
                "namespace": object.id.namespace,
                "name": object.id.name,
            }),
            number,
            text: if object.is("", "Secret") {
                hide_data(object, &secret)
            } else {
                secret
            },
            template: chosen.map(|segment| self.place(segment.at)),
            values,
            conditions,
            volatile: segments.iter().any(|segment| segment.prov.volatile),
        }
    }

    fn place(&self, span: Span) -> (String, u32) {
        let file = self.files.get(span.file);
        (file.name.clone(), file.line_column(span.start).line)
    }

    /// Nearest (strongest layer) first.
    fn add_values(&self, into: &mut Vec<ValueLine>, members: &[OriginId]) {
        let mut origins: Vec<_> = members
            .iter()
            .filter_map(|id| self.release.origins.get(*id))
            .collect();
        origins.sort_by(|left, right| {
            right
                .layer
                .cmp(&left.layer)
                .then_with(|| left.path.cmp(&right.path))
        });
        for origin in origins {
            let (file, line) = match &origin.place {
                Place::File(span) => {
                    let (file, line) = self.place(*span);
                    (Some(file), Some(line))
                }
                Place::Flag { .. } => (None, None),
            };
            let layer = match origin.layer {
                Layer::Context => "context",
                Layer::Chart { .. } => "chart",
                Layer::File { .. } => "file",
                Layer::Set { .. } => "set",
            };
            let value = ValueLine {
                path: origin.path.to_string(),
                file,
                line,
                layer: layer.to_owned(),
            };
            if !into.contains(&value) {
                into.push(value);
            }
        }
    }
}

/// The value of a line of a Secret's data is never shown.
fn hide_data(object: &Object, line: &str) -> String {
    let is_data = ["data", "stringData"].iter().any(|section| {
        object.map_at(&[section]).is_some_and(|map| {
            let key = line
                .trim_start()
                .split(':')
                .next()
                .unwrap_or_default()
                .trim_matches(['"', '\'']);
            map.contains_key(key)
        })
    });
    match (is_data, line.find(':')) {
        (true, Some(colon)) => format!("{}: (hidden)", &line[..colon]),
        _ => line.to_owned(),
    }
}

impl ValueLine {
    fn json(&self) -> Json {
        json!({"path": self.path, "file": self.file, "line": self.line, "layer": self.layer})
    }
}

impl Line {
    fn rests_on(&self, path: &str) -> bool {
        let inside = |value: &ValueLine| {
            value.path == path
                || value
                    .path
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with(['.', '[']))
                || path
                    .strip_prefix(value.path.as_str())
                    .is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        self.values.iter().any(inside)
            || self
                .conditions
                .iter()
                .any(|(_, _, values)| values.iter().any(inside))
    }

    fn json(&self) -> Json {
        let template = self
            .template
            .as_ref()
            .map(|(file, line)| json!({"file": file, "line": line}));
        let conditions: Vec<Json> = self
            .conditions
            .iter()
            .map(|(file, line, values)| {
                let values: Vec<Json> = values.iter().map(ValueLine::json).collect();
                json!({"file": file, "line": line, "values": values})
            })
            .collect();
        json!({
            "document": self.object,
            "line": self.number,
            "text": self.text,
            "template": template,
            "values": self.values.iter().map(ValueLine::json).collect::<Vec<_>>(),
            "conditions": conditions,
            "volatile": self.volatile,
        })
    }

    /// The nearest cause, `FILE:LINE`.
    fn cause(&self) -> String {
        let value = self.values.first().filter(|_| !self.volatile).map(|value| {
            match (&value.file, value.line) {
                (Some(file), Some(line)) => format!("{file}:{line}"),
                _ => format!("flag {}", value.path),
            }
        });
        let template = || {
            self.template
                .as_ref()
                .map(|(file, line)| format!("{file}:{line}"))
        };
        value.or_else(template).unwrap_or_default()
    }
}

/// Like `git blame`: the cause, then the line.
fn terminal(lines: &[Line], colour: bool) -> String {
    let causes: Vec<String> = lines.iter().map(Line::cause).collect();
    let width = causes
        .iter()
        .map(|cause| cause.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    for (line, cause) in lines.iter().zip(&causes) {
        let template = line
            .template
            .as_ref()
            .map(|(file, number)| format!("{file}:{number}"));
        let template = template
            .filter(|template| template != cause)
            .unwrap_or_default();
        let (dim, plain) = if colour {
            ("\x1b[2m", "\x1b[0m")
        } else {
            ("", "")
        };
        let tail = if template.is_empty() {
            String::new()
        } else {
            format!("  {dim}# {template}{plain}")
        };
        out.push_str(&format!(
            "{dim}{cause:width$}{plain} | {}{tail}\n",
            line.text
        ));
    }
    out
}
