//! Parsed and lowered template files, compiled once and shared by every rendering.

use crate::context;
use crate::error::{ErrorKind, TemplateError};
use crate::exec::{FileJob, Host, Namespace, Template};
use crate::input::{HelmLine, RenderInput, RenderOptions, TemplateRef};
use crate::lower::{Unit, lower};
use crate::machine::{self, Programs};
use crate::rendering::Rendering;
use crate::syntax;
use minijinja::Environment;
use source::{FileId, OriginId, Span};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock, RwLock};

/// Stack of a rendering thread, and how much of it templates may use before they are refused.
const STACK_SIZE: usize = 512 << 20;
const STACK_LIMIT: usize = STACK_SIZE - (32 << 20);

/// The template files of a chart tree. `Sync`: environments render in parallel from one library.
pub struct Library {
    files: HashMap<FileId, LibraryFile>,
    programs: Programs,
    environment: OnceLock<Environment<'static>>,
}

struct LibraryFile {
    text: Arc<[u8]>,
    /// For each name that the file has been parsed under (an alias gives it another one), and each Helm line.
    parsed: RwLock<HashMap<(Arc<str>, HelmLine), Parsed>>,
}

/// The units of a file, or Go's error without its location's file name.
type Parsed = Result<Arc<FileUnits>, syntax::SyntaxError>;

struct FileUnits {
    main: Arc<Unit>,
    defines: Vec<(Arc<str>, Arc<Unit>)>,
}

impl Library {
    /// Takes the files' texts. Parsing happens once a file, when a rendering first includes it; errors are kept
    /// and reported by the renderings that include the file.
    pub fn new(files: Vec<(FileId, Arc<[u8]>)>) -> Self {
        let files = files
            .into_iter()
            .map(|(id, text)| {
                (
                    id,
                    LibraryFile {
                        text,
                        parsed: RwLock::default(),
                    },
                )
            })
            .collect();
        Self {
            files,
            programs: Programs::default(),
            environment: OnceLock::new(),
        }
    }

    /// Renders all files that are no partials, in Helm's order. Runs on a thread of its own with a large stack.
    pub fn render(
        &self,
        input: &RenderInput,
        options: &RenderOptions,
    ) -> Result<Rendering, TemplateError> {
        let work = || self.render_here(input, options);
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new()
                .stack_size(STACK_SIZE)
                .spawn_scoped(scope, work);
            let outcome = thread.map(|thread| thread.join());
            match outcome {
                Ok(Ok(result)) => result,
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                Err(error) => Err(limit(format!(
                    "no thread could be started for the rendering: {error}"
                ))),
            }
        })
    }

    fn render_here(
        &self,
        input: &RenderInput,
        options: &RenderOptions,
    ) -> Result<Rendering, TemplateError> {
        let order = helm_order(&input.templates);
        let namespace = self.namespace(input.helm, &order)?;
        let extra = Programs::default();
        let mut host = Host::new(
            input.helm,
            options.clone(),
            namespace,
            Arc::clone(&extra),
            STACK_LIMIT,
        );
        let dots = context::dots(input, &mut host.tables);
        host.files = order
            .iter()
            .filter(|template| !template.partial)
            .filter_map(|template| {
                Some(FileJob {
                    name: Arc::clone(&template.name),
                    base_path: input.charts.get(template.chart)?.base_path.clone(),
                    dot: dots.get(template.chart)?.clone(),
                })
            })
            .collect();
        let mut environment = self.environment()?.clone();
        environment.set_fuel(Some(options.limits.steps));
        machine::set_loader(&mut environment, Arc::clone(&self.programs), Some(extra));
        let (host, outcome) = machine::run(&environment, host);
        outcome.map_err(|failure| failure.into_error(input.helm))?;
        let Some(state) = host.into_state() else {
            return Ok(Rendering::default());
        };
        let mut files = state.rendered;
        files.sort_by(|left, right| left.name.cmp(&right.name));
        let read = state.reads.iter().enumerate().filter(|(_, read)| **read);
        let read = read.map(|(index, _)| OriginId(index as u32)).collect();
        Ok(Rendering {
            files,
            tables: state.tables,
            read,
        })
    }

    fn environment(&self) -> Result<&Environment<'static>, TemplateError> {
        if let Some(environment) = self.environment.get() {
            return Ok(environment);
        }
        let environment = machine::environment(&self.programs)
            .map_err(|error| limit(format!("the template machine: {error}")))?;
        Ok(self.environment.get_or_init(|| environment))
    }

    /// Parses all files in Helm's order and associates their names.
    fn namespace(
        &self,
        helm: HelmLine,
        order: &[&TemplateRef],
    ) -> Result<Namespace, TemplateError> {
        let mut namespace = Namespace::default();
        for template in order {
            let units = self
                .units(helm, template)
                .map_err(|error| parse_error(template, &error))?;
            let add = |name: &Arc<str>, unit: &Arc<Unit>| Template {
                name: Arc::clone(name),
                parsed_in: Arc::clone(&template.name),
                unit: Arc::clone(unit),
            };
            for (name, unit) in &units.defines {
                namespace.associate(add(name, unit));
            }
            namespace.associate(add(&template.name, &units.main));
        }
        Ok(namespace)
    }

    fn units(&self, helm: HelmLine, template: &TemplateRef) -> Parsed {
        let Some(file) = self.files.get(&template.file) else {
            return Err(syntax::SyntaxError {
                message: "the file is not known".to_owned(),
                line: 1,
            });
        };
        let key = (Arc::clone(&template.name), helm);
        {
            let parsed = file
                .parsed
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            if let Some(known) = parsed.get(&key) {
                return known.clone();
            }
        }
        let serial = file.parsed.read().map_or(0, |parsed| parsed.len());
        let parsed = self.parse(helm, template, &file.text, serial);
        let mut known = file
            .parsed
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        known.entry(key).or_insert(parsed).clone()
    }

    fn parse(&self, helm: HelmLine, template: &TemplateRef, text: &[u8], serial: usize) -> Parsed {
        let is_function = move |name: &str| crate::functions::exists(name, helm);
        let parsed = syntax::parse(&template.name, text, &is_function)?;
        let file = template.file;
        let mut index = 0usize;
        let mut add = |body| {
            index += 1;
            Arc::new(lower(format!("{}.{serial}.{index}", file.0), file, body))
        };
        let main = add(parsed.main);
        let defines: Vec<_> = parsed
            .defines
            .into_iter()
            .map(|define| (define.name, add(define.body)))
            .collect();
        let mut programs = self
            .programs
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let units = defines.iter().map(|(_, unit)| unit).chain([&main]);
        for unit in units.filter(|unit| unit.straight().is_none()) {
            programs.insert(unit.id.clone(), Arc::clone(unit));
        }
        drop(programs);
        Ok(Arc::new(FileUnits { main, defines }))
    }
}

/// Deepest paths first, among equals from the last name to the first; a name given twice counts once.
fn helm_order(templates: &[TemplateRef]) -> Vec<&TemplateRef> {
    let slashes =
        |template: &TemplateRef| template.name.bytes().filter(|byte| *byte == b'/').count();
    let mut order: Vec<&TemplateRef> = templates.iter().collect();
    order.sort_by(|left, right| {
        slashes(right)
            .cmp(&slashes(left))
            .then_with(|| right.name.cmp(&left.name))
    });
    let mut seen = HashSet::new();
    order.retain(|template| seen.insert(Arc::clone(&template.name)));
    order
}

/// Helm keeps only what follows the last `: ` of Go's text.
fn parse_error(template: &TemplateRef, error: &syntax::SyntaxError) -> TemplateError {
    let message = error.message.rsplit(": ").next().unwrap_or_default();
    let at = Span {
        file: template.file,
        start: 0,
        end: 0,
    };
    TemplateError {
        message: format!(
            "parse error at ({}:{}): {message}",
            template.name, error.line
        ),
        at: Some(at),
        calls: Vec::new(),
        kind: ErrorKind::Parse,
    }
}

fn limit(message: String) -> TemplateError {
    TemplateError {
        message,
        at: None,
        calls: Vec::new(),
        kind: ErrorKind::Limit,
    }
}
