//! Which template a name means: the files and `define`s of all charts, and on top of them those of `tpl` texts.

use super::{Activation, Form, Held, Host, TextFrom};
use crate::failure::Failure;
use crate::lower::Unit;
use minijinja::State;
use std::collections::HashMap;
use std::sync::Arc;

/// A template under a name.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    /// As `executing "…"` shows it.
    pub(crate) name: Arc<str>,
    /// The file in which it was parsed, as error locations show it.
    pub(crate) parsed_in: Arc<str>,
    pub(crate) unit: Arc<Unit>,
}

/// The parsed text of a `tpl` call.
#[derive(Debug)]
pub(crate) struct ParsedText {
    pub(crate) templates: Vec<Template>,
    pub(crate) main: Template,
}

/// Names in scope.
#[derive(Debug, Default)]
pub(crate) struct Namespace {
    base: HashMap<Arc<str>, Template>,
    overlays: Vec<HashMap<Arc<str>, Template>>,
}

impl Namespace {
    pub(crate) fn get(&self, name: &str) -> Option<&Template> {
        self.overlays
            .iter()
            .rev()
            .find_map(|overlay| overlay.get(name))
            .or_else(|| self.base.get(name))
    }

    /// Adds a template as Go associates one: an empty body replaces none that is there.
    pub(crate) fn associate(&mut self, template: Template) {
        if template.unit.is_empty && self.base.contains_key(&template.name) {
            return;
        }
        self.base.insert(Arc::clone(&template.name), template);
    }

    pub(crate) fn push(&mut self, text: &ParsedText) {
        let mut overlay = HashMap::new();
        for template in text.templates.iter().chain([&text.main]) {
            if !(template.unit.is_empty && self.get(&template.name).is_some()) {
                overlay.insert(Arc::clone(&template.name), template.clone());
            }
        }
        self.overlays.push(overlay);
    }

    pub(crate) fn pop(&mut self) {
        self.overlays.pop();
    }
}

/// Runs a template with a dot; its output goes to the topmost buffer.
pub(super) fn enter(
    host: &mut Host,
    state: &mut State,
    template: Template,
    dot: Held,
    text_from: Option<TextFrom>,
) -> Result<(), Box<Failure>> {
    host.check_stack()?;
    let mut slots = vec![None; template.unit.slots.len().max(1)];
    slots[0] = Some(dot.clone());
    let unit = Arc::clone(&template.unit);
    let text_from =
        text_from.or_else(|| host.activations.last().and_then(|caller| caller.text_from));
    host.activations.push(Activation {
        template,
        slots,
        dot,
        saves: Vec::new(),
        loops: Vec::new(),
        text_from,
    });
    let conditions = host.conditions;
    let outcome = match unit.straight() {
        Some(nodes) => super::eval::Eval::new(host, state, &unit).run(nodes),
        None => match host.run.clone() {
            Some(run) => crate::machine::run_unit(state, &run, host, &unit),
            None => Err(Failure::limit("the template machine is not running")),
        },
    };
    host.conditions = conditions;
    host.activations.pop();
    outcome
}

impl Held {
    /// A dot: an invalid value stays invalid, an interface stays one.
    pub(super) fn is_invalid(&self) -> bool {
        self.form == Form::Invalid
    }
}
