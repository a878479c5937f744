//! The host of a rendering: it evaluates Go's expressions, writes the output and keeps the state that the lowered
//! programs work on.

mod args;
mod builtin;
mod call;
mod control;
mod eval;
mod fields;
mod files;
mod methods;
mod namespace;
mod print;

pub(crate) use namespace::{Namespace, Template};

use crate::HelmLine;
use crate::failure::Failure;
use crate::functions::Cx;
use crate::input::RenderOptions;
use crate::lower::Unit;
use crate::machine::{Programs, Step, stop};
use crate::rendering::RenderedFile;
use crate::value::{Here, Item, TextBuilder, Val};
use minijinja::{Error, State, Value};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use source::{CallId, ConditionId, Prov, ProvTables, Span};
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// How Go's reflection holds a value; decides between an error and nil, and the type that errors name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// No value at all: nil that came out of a pipeline, a variable or parentheses.
    Invalid,
    /// An element of a map or list: its static type is `interface {}`.
    Interface,
    /// A value of its own type.
    Concrete,
}

/// A value as the evaluator passes it on.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) item: Item,
    pub(crate) form: Form,
}

impl Held {
    pub(crate) fn invalid() -> Self {
        Self {
            item: Item::default(),
            form: Form::Invalid,
        }
    }

    /// A concrete value, or no value where it is nil.
    pub(crate) fn concrete(item: Item) -> Self {
        let form = if item.val.is_nil() {
            Form::Invalid
        } else {
            Form::Concrete
        };
        Self { item, form }
    }

    /// An element of a container of interfaces.
    pub(crate) fn element(item: Item) -> Self {
        Self {
            item,
            form: Form::Interface,
        }
    }

    /// What a pipeline makes of it: an interface is opened.
    pub(crate) fn opened(self) -> Self {
        Self::concrete(self.item)
    }
}

/// One running template.
pub(crate) struct Activation {
    pub(crate) template: Template,
    /// None: the variable's declaration has not run.
    slots: Vec<Option<Held>>,
    dot: Held,
    /// Dot and conditions as they were before each open conditional.
    saves: Vec<(Held, ConditionId)>,
    loops: Vec<Loop>,
    /// For `tpl` texts: where the text came from.
    text_from: Option<TextFrom>,
}

impl Activation {
    /// The variable of a slot, or of the one that it hides while its own declaration has not run.
    fn variable(&self, slot: u32) -> Option<&Held> {
        let mut at = Some(slot);
        while let Some(slot) = at {
            if let Some(held) = self.slots.get(slot as usize).and_then(Option::as_ref) {
                return Some(held);
            }
            at = self
                .template
                .unit
                .slots
                .get(slot as usize)
                .and_then(|info| info.shadows);
        }
        None
    }

    fn set_variable(&mut self, slot: u32, held: Held) {
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = Some(held);
        }
    }

    /// A new turn of a loop forgets what was declared inside parentheses.
    fn forget_skippable(&mut self) {
        let unit = Arc::clone(&self.template.unit);
        for (place, info) in self.slots.iter_mut().zip(&unit.slots) {
            if info.in_parentheses {
                *place = None;
            }
        }
    }
}

/// The call that ran a `tpl` text, and what the text rests on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextFrom {
    at: Span,
    prov: Prov,
}

/// A running `range`.
struct Loop {
    operation: usize,
    turns: Turns,
    next: usize,
    /// How many saves were open when the loop began, and the state to go back to.
    saves: usize,
    dot: Held,
    conditions: ConditionId,
}

/// What a loop goes over.
enum Turns {
    /// How many, and the type of the elements.
    Ints(i64, fn(i64) -> Val),
    Pairs(Vec<(Item, Held)>),
}

impl Turns {
    fn len(&self) -> usize {
        match self {
            Self::Ints(count, _) => usize::try_from(*count).unwrap_or(0),
            Self::Pairs(pairs) => pairs.len(),
        }
    }
}

/// Everything that one rendering changes. Boxed, so that handing it to the machine and back is cheap.
pub(crate) struct HostState {
    pub(crate) helm: HelmLine,
    pub(crate) options: RenderOptions,
    pub(crate) tables: ProvTables,
    pub(crate) namespace: Namespace,
    /// The units of `tpl` texts, where the machine's loader finds them.
    pub(crate) programs: Programs,
    pub(crate) files: Vec<FileJob>,
    pub(crate) rendered: Vec<RenderedFile>,
    pub(crate) reads: Vec<bool>,
    activations: Vec<Activation>,
    out: Vec<TextBuilder>,
    conditions: ConditionId,
    call: CallId,
    include_depth: HashMap<String, u32>,
    texts: HashMap<Vec<u8>, Arc<namespace::ParsedText>>,
    failure: Option<Box<Failure>>,
    run: Option<Value>,
    random: ChaCha20Rng,
    memory_left: u64,
    steps_left: u64,
    output_left: u64,
    /// Address of a local of the rendering thread's first frame.
    stack_base: usize,
    stack_size: usize,
}

/// One file to execute.
pub(crate) struct FileJob {
    pub(crate) name: Arc<str>,
    pub(crate) base_path: String,
    pub(crate) dot: crate::value::MapRef,
}

/// The host, or the hole that it leaves while the machine has it.
pub(crate) struct Host(Option<Box<HostState>>);

impl Deref for Host {
    type Target = HostState;

    #[expect(
        clippy::expect_used,
        reason = "the machine always gives the host back before it returns"
    )]
    fn deref(&self) -> &HostState {
        self.0.as_deref().expect("the host is here")
    }
}

impl DerefMut for Host {
    #[expect(
        clippy::expect_used,
        reason = "the machine always gives the host back before it returns"
    )]
    fn deref_mut(&mut self) -> &mut HostState {
        self.0.as_deref_mut().expect("the host is here")
    }
}

impl Host {
    pub(crate) fn absent() -> Self {
        Self(None)
    }

    pub(crate) fn new(
        helm: HelmLine,
        options: RenderOptions,
        namespace: Namespace,
        programs: Programs,
        stack_size: usize,
    ) -> Self {
        let marker = 0u8;
        let limits = options.limits;
        Self(Some(Box::new(HostState {
            helm,
            tables: ProvTables::default(),
            namespace,
            programs,
            files: Vec::new(),
            rendered: Vec::new(),
            reads: Vec::new(),
            activations: Vec::new(),
            out: Vec::new(),
            conditions: ConditionId::default(),
            call: CallId::default(),
            include_depth: HashMap::new(),
            texts: HashMap::new(),
            failure: None,
            run: None,
            random: ChaCha20Rng::seed_from_u64(options.volatile.seed),
            memory_left: limits.memory_bytes,
            steps_left: limits.steps,
            output_left: limits.output_bytes,
            stack_base: std::ptr::from_ref(&marker).addr(),
            stack_size,
            options,
        })))
    }

    pub(crate) fn into_state(self) -> Option<Box<HostState>> {
        self.0
    }

    pub(crate) fn take_failure(&mut self) -> Option<Box<Failure>> {
        self.0.as_mut().and_then(|state| state.failure.take())
    }

    /// One call of the machine: runs an operation of the topmost activation.
    pub(crate) fn step(&mut self, state: &mut State, operation: usize) -> Result<Step, Error> {
        let unit = Arc::clone(&self.top().template.unit);
        control::step(self, state, &unit, operation).map_err(|failure| {
            self.failure = Some(failure);
            stop()
        })
    }

    /// Executes all files, in Helm's order.
    pub(crate) fn render_files(&mut self, state: &mut State, run: &Value) -> Result<(), Error> {
        self.run = Some(run.clone());
        for job in std::mem::take(&mut self.files) {
            if let Err(failure) = files::render(self, state, job) {
                self.failure = Some(failure);
                return Err(stop());
            }
        }
        Ok(())
    }

    fn top(&mut self) -> &mut Activation {
        // An activation is pushed before any unit runs; see `namespace::enter`.
        let last = self.activations.len() - 1;
        &mut self.activations[last]
    }

    /// The surroundings of the text that is being written; None in plain mode.
    fn here(&mut self, at: Span) -> Option<Here> {
        if !self.options.provenance {
            return None;
        }
        let at = self.top().text_from.map_or(at, |text| text.at);
        Some(Here {
            at,
            conditions: self.conditions,
            call: self.call,
        })
    }

    /// What a function may use; `at` is the running action.
    fn cx(&mut self, at: Span) -> Cx<'_> {
        let here = self.here(at);
        let state: &mut HostState = self;
        Cx {
            helm: state.helm,
            here,
            tables: &mut state.tables,
            random: &mut state.random,
            volatile: state.options.volatile,
            memory_left: &mut state.memory_left,
        }
    }

    /// Counts one evaluation step against the limits.
    fn tick(&mut self) -> Result<(), Box<Failure>> {
        let Some(left) = self.steps_left.checked_sub(1) else {
            let steps = self.options.limits.steps;
            return Err(Failure::limit(format!(
                "rendering took more than {steps} steps"
            )));
        };
        self.steps_left = left;
        if left.is_multiple_of(1024) && self.options.cancel.load(Ordering::Relaxed) {
            return Err(Failure::limit(
                "rendering took more than the time that it is given",
            ));
        }
        Ok(())
    }

    /// Bytes of the thread's stack in use.
    fn stack_used(&self) -> usize {
        let marker = 0u8;
        self.stack_base.abs_diff(std::ptr::from_ref(&marker).addr())
    }

    /// Refuses to go deeper when the thread's stack is nearly used up.
    fn check_stack(&self) -> Result<(), Box<Failure>> {
        if self.stack_used() > self.stack_size {
            return Err(Failure::limit("templates call each other too deeply"));
        }
        Ok(())
    }

    /// Notes that a value was read, and all that is in it where it is handed on whole.
    fn note_read(&mut self, item: &Item) {
        if self.options.provenance {
            let state: &mut HostState = self;
            for origin in state.tables.members(item.prov.text) {
                let index = origin.0 as usize;
                if state.reads.len() <= index {
                    state.reads.resize(index + 1, false);
                }
                state.reads[index] = true;
            }
        }
    }

    fn note_read_whole(&mut self, item: &Item) {
        if !self.options.provenance {
            return;
        }
        let mut pending = vec![item.clone()];
        let mut visited = 0u32;
        while let Some(item) = pending.pop() {
            visited += 1;
            if visited > 1_000_000 {
                return;
            }
            self.note_read(&item);
            match &item.val {
                Val::Map(map) => pending.extend(map.entries().values().cloned()),
                Val::List(list) => pending.extend(list.items().iter().cloned()),
                _ => {}
            }
        }
    }
}

/// The span of one operation's unit.
fn span(unit: &Unit, span: crate::syntax::ast::Span) -> Span {
    Span {
        file: unit.file,
        start: span.start,
        end: span.end,
    }
}
