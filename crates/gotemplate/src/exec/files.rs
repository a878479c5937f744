//! Executing one template file.

use super::namespace::enter;
use super::print::without_no_value;
use super::{FileJob, Held, Host};
use crate::failure::Failure;
use crate::rendering::RenderedFile;
use crate::value::{Item, MapRef, MapType, TextBuilder, Val};
use minijinja::State;
use source::{FileId, OutputMap, Span};

/// Runs a file with its chart's dot, which all files of the chart share.
pub(super) fn render(host: &mut Host, state: &mut State, job: FileJob) -> Result<(), Box<Failure>> {
    let template_object = MapRef::new(
        MapType::Values,
        [("Name", job.name.to_string()), ("BasePath", job.base_path)]
            .into_iter()
            .map(|(key, text)| (key.into(), Val::string(text).into()))
            .collect(),
    );
    job.dot
        .insert("Template".into(), Val::Map(template_object).into());
    let Some(template) = host.namespace.get(&job.name).cloned() else {
        return Ok(());
    };
    host.out.push(TextBuilder::new(None));
    let dot = Held::concrete(Val::Map(job.dot).into());
    let outcome = enter(host, state, template, dot, None);
    let text = host
        .out
        .pop()
        .unwrap_or_else(|| TextBuilder::new(None))
        .finish();
    outcome?;
    let here = host.options.provenance.then_some(crate::value::Here {
        at: Span {
            file: FileId(0),
            start: 0,
            end: 0,
        },
        conditions: host.conditions,
        call: host.call,
    });
    let whole: Item = Val::Str(text).into();
    let Item {
        val: Val::Str(text),
        ..
    } = without_no_value(&whole, TextBuilder::new(here))
    else {
        return Ok(());
    };
    let map = OutputMap {
        segments: text.segments().to_vec(),
        len: text.len() as u32,
    };
    host.rendered.push(RenderedFile {
        name: job.name,
        text: text.bytes().to_vec(),
        map,
    });
    Ok(())
}
