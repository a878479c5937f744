//! The functions that run templates or stop the rendering: `include`, `tpl`, `required`, `fail`, `lookup`.

use super::eval::Eval;
use super::namespace::{ParsedText, Template};
use super::{Form, Held, TextFrom, namespace};
use crate::failure::{Failure, RAISED_END, RAISED_START};
use crate::functions::Param;
use crate::lower::lower;
use crate::syntax::ast::NodeRef;
use crate::value::{Item, MapRef, MapType, Str, TextBuilder, Val};
use source::{CallSite, Prov};
use std::sync::Arc;

/// More live activations of one name than this are refused by Helm.
const MAX_NESTED_INCLUDES: u32 = 1_000;

/// A `{{template}}` is refused this much before everything else is, so that Go's own words are heard.
const STACK_MARGIN: usize = 1 << 20;

/// The name under which Helm parses `tpl` texts.
const TEXT_NAME: &str = "gotpl";

/// Parameters of a builtin; None for every other function.
pub(super) fn params(name: &str) -> Option<&'static [Param]> {
    Some(match name {
        "include" | "tpl" | "required" => &[Param::Str, Param::Any],
        "fail" | "getHostByName" => &[Param::Str],
        "lookup" => &[Param::Str, Param::Str, Param::Str, Param::Str],
        _ => return None,
    })
}

impl<'u> Eval<'_, 'u, '_, '_> {
    pub(super) fn builtin(
        &mut self,
        name: &str,
        node: NodeRef<'u>,
        items: Vec<Item>,
    ) -> Result<Held, Box<Failure>> {
        let outcome = match (name, &items[..]) {
            ("include", [template, dot]) => self.include(template, dot, node),
            ("tpl", [text, dot]) => self.tpl(text, dot, node),
            ("required", [message, value]) => return self.required(message, value, node),
            ("fail", [message]) => Err(raised(message)),
            // No cluster is asked: every look-up finds nothing, and host names stay unresolved.
            ("lookup", _) => Ok(Val::Map(MapRef::new(MapType::Plain, Default::default())).into()),
            _ => Ok(Val::string("").into()),
        };
        match outcome {
            Ok(item) => Ok(Held {
                item,
                form: Form::Concrete,
            }),
            Err(failure) => {
                self.node = node;
                Err(self.wrap(failure, &format!("error calling {name}: ")))
            }
        }
    }

    fn required(
        &mut self,
        message: &Item,
        value: &Item,
        node: NodeRef<'u>,
    ) -> Result<Held, Box<Failure>> {
        let missing = match &value.val {
            Val::Nil => true,
            Val::Str(text) => text.is_empty(),
            _ => false,
        };
        if missing {
            self.node = node;
            return Err(self.wrap(raised(message), "error calling required: "));
        }
        Ok(Held {
            item: value.clone(),
            form: Form::Concrete,
        })
    }

    fn include(
        &mut self,
        name: &Item,
        dot: &Item,
        node: NodeRef<'u>,
    ) -> Result<Item, Box<Failure>> {
        let Val::Str(text) = &name.val else {
            return Ok(Item::default());
        };
        let name = text.lossy().into_owned();
        let depth = self.host.include_depth.get(&name).copied().unwrap_or(0);
        if depth > MAX_NESTED_INCLUDES {
            return Err(Failure::new("unable to execute template").wrap(format!(
                "rendering template has a nested reference name: {name}: "
            )));
        }
        let Some(template) = self.host.namespace.get(&name).cloned() else {
            return Err(Failure::new(format!(
                "template: no template {name:?} associated with template {TEXT_NAME:?}"
            )));
        };
        self.host.include_depth.insert(name.clone(), depth + 1);
        let outcome = self.capture(template, Held::concrete(dot.clone()), node, None);
        self.host.include_depth.insert(name, depth);
        outcome.map(|text| Val::Str(text).into())
    }

    /// Runs a template into a string.
    fn capture(
        &mut self,
        template: Template,
        dot: Held,
        _node: NodeRef<'u>,
        text_from: Option<TextFrom>,
    ) -> Result<Str, Box<Failure>> {
        let caller = self.host.call;
        if self.host.options.provenance {
            let at = self.at;
            self.host.call = self.host.tables.push_call(CallSite { parent: caller, at });
        }
        self.host.out.push(TextBuilder::new(None));
        let outcome = namespace::enter(self.host, self.state, template, dot, text_from);
        let text = self
            .host
            .out
            .pop()
            .unwrap_or_else(|| TextBuilder::new(None))
            .finish();
        self.host.call = caller;
        outcome.map(|()| text)
    }

    fn tpl(&mut self, text: &Item, dot: &Item, node: NodeRef<'u>) -> Result<Item, Box<Failure>> {
        let Val::Str(source) = &text.val else {
            return Ok(Item::default());
        };
        if !contains(source.bytes(), b"{{") {
            // Nothing to run: the text is its own result.
            return Ok(self.stripped(text));
        }
        let parsed = self.parse_text(source)?;
        let from = TextFrom {
            at: self.at,
            prov: self.host.cx(self.at).prov_of(std::slice::from_ref(text)),
        };
        self.host.namespace.push(&parsed);
        let main = self
            .host
            .namespace
            .get(TEXT_NAME)
            .cloned()
            .unwrap_or_else(|| parsed.main.clone());
        let outcome = self.capture(main, Held::concrete(dot.clone()), node, Some(from));
        self.host.namespace.pop();
        match outcome {
            Ok(result) => {
                let item = Val::Str(result).into();
                Ok(self.stripped(&item))
            }
            Err(failure) if failure.limit => Err(failure),
            Err(failure) => {
                let quoted = quote(source);
                Err(failure.wrap(format!(
                    "error during tpl function execution for {quoted}: "
                )))
            }
        }
    }

    fn stripped(&mut self, item: &Item) -> Item {
        super::print::without_no_value(item, self.host.cx(self.at).text())
    }

    fn parse_text(&mut self, text: &Str) -> Result<Arc<ParsedText>, Box<Failure>> {
        if let Some(known) = self.host.texts.get(text.bytes()) {
            return Ok(Arc::clone(known));
        }
        let helm = self.host.helm;
        let is_function = move |name: &str| crate::functions::exists(name, helm);
        let parsed =
            crate::syntax::parse(TEXT_NAME, text.bytes(), &is_function).map_err(|error| {
                let line = error.line;
                Failure::new(format!("template: {TEXT_NAME}:{line}: {}", error.message))
                    .wrap(format!("cannot parse template {}: ", quote(text)))
            })?;
        let mut serial = self.host.texts.len() * 1_000;
        let name: Arc<str> = TEXT_NAME.into();
        let file = self.unit.file;
        let mut add = |template_name: Arc<str>, body| {
            serial += 1;
            let unit = Arc::new(lower(format!("t{serial}"), file, body));
            Template {
                name: template_name,
                parsed_in: Arc::clone(&name),
                unit,
            }
        };
        let main = add(Arc::clone(&name), parsed.main);
        let templates: Vec<_> = parsed
            .defines
            .into_iter()
            .map(|define| add(define.name, define.body))
            .collect();
        let mut programs = self
            .host
            .programs
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for template in templates.iter().chain([&main]) {
            programs.insert(template.unit.id.clone(), Arc::clone(&template.unit));
        }
        drop(programs);
        let parsed = Arc::new(ParsedText { templates, main });
        self.host
            .texts
            .insert(text.bytes().to_vec(), Arc::clone(&parsed));
        Ok(parsed)
    }

    /// `{{template "name" pipeline}}`: writes to the running buffer.
    pub(super) fn template_call(
        &mut self,
        call: &'u crate::syntax::ast::TemplateCall,
    ) -> Result<(), Box<Failure>> {
        let Some(template) = self.host.namespace.get(&call.name).cloned() else {
            return Err(self.error(&format!("template {:?} not defined", call.name)));
        };
        let node = self.node;
        let dot = match &call.pipe {
            Some(pipe) => self.pipeline(pipe)?,
            None => Held::invalid(),
        };
        self.node = node;
        if self.host.stack_used() + STACK_MARGIN > self.host.stack_size {
            // Go counts to 100,000; our stack ends sooner, with the same words.
            return Err(self.error("exceeded maximum template depth (100000)"));
        }
        let caller = self.host.call;
        if self.host.options.provenance {
            let at = self.at;
            self.host.call = self.host.tables.push_call(CallSite { parent: caller, at });
        }
        let outcome = namespace::enter(self.host, self.state, template, dot, None);
        self.host.call = caller;
        outcome.map_err(|mut failure| {
            failure.called_from(self.at);
            failure
        })
    }

    /// Text and decisions of a `tpl` text go into whatever it writes.
    pub(super) fn with_text_source(&mut self, prov: Prov, literal: bool) -> Prov {
        let Some(from) = self.host.top().text_from else {
            return prov;
        };
        if !self.host.options.provenance {
            return prov;
        }
        if literal {
            self.host.tables.join(prov, from.prov)
        } else {
            self.host.tables.decide(prov, from.prov)
        }
    }
}

fn raised(message: &Item) -> Box<Failure> {
    let text = message
        .val
        .as_str()
        .map(|text| text.lossy().into_owned())
        .unwrap_or_default();
    Failure::new(format!("{RAISED_START}{text}{RAISED_END}"))
}

fn quote(text: &Str) -> String {
    String::from_utf8_lossy(&crate::functions::format::go_quote(text.bytes())).into_owned()
}

fn contains(text: &[u8], what: &[u8]) -> bool {
    text.windows(what.len()).any(|window| window == what)
}
