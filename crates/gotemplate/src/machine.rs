//! The minijinja machine: filters that call the host, and running a unit in the one State of a rendering.

use crate::exec::Host;
use crate::failure::Failure;
use crate::lower::Unit;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Environment, Error, ErrorKind, State, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// The programs that the loader hands out, by unit id.
pub(crate) type Programs = Arc<RwLock<HashMap<String, Arc<Unit>>>>;

/// The entry template: a macro that runs a unit in the State that it was made in, handed to the host.
const ENTRY: &str = "entry";
const ENTRY_PROGRAM: &str = "{%macro run(unit)%}{%include unit%}{%endmacro%}{{run|start}}";

thread_local! {
    /// The host of the rendering that runs on this thread, while the machine has control.
    static HOST: RefCell<Option<Host>> = const { RefCell::new(None) };
}

/// An environment whose compiled units every clone of it shares.
pub(crate) fn environment(programs: &Programs) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::empty();
    // Our own stack check stops far earlier than a million macro calls; see `exec::Host::check_stack`.
    environment.set_recursion_limit(1_000_000);
    environment.set_auto_reload(false);
    environment.add_filter("x", |state: &mut State, operation: u32| {
        step(state, operation)
    });
    environment.add_filter("l", |state: &mut State, operation: u32| {
        step(state, operation)
    });
    environment.add_filter("n", |state: &mut State, operation: u32| {
        step(state, operation)
    });
    environment.add_filter("c", |state: &mut State, operation: u32| {
        step(state, operation)
    });
    environment.add_filter("r", |state: &mut State, operation: u32| {
        step(state, operation)
    });
    environment.add_filter("start", |state: &mut State, run: Value| start(state, run));
    set_loader(&mut environment, Arc::clone(programs), None);
    environment.add_template(ENTRY, ENTRY_PROGRAM)?;
    Ok(environment)
}

/// `extra` holds the units of one rendering's `tpl` texts.
pub(crate) fn set_loader(
    environment: &mut Environment<'static>,
    programs: Programs,
    extra: Option<Programs>,
) {
    environment.set_loader(move |id| {
        let find = |programs: &Programs| {
            let programs = programs
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            programs.get(id).map(|unit| unit.program.clone())
        };
        Ok(find(&programs).or_else(|| extra.as_ref().and_then(find)))
    });
}

/// Runs `host` to its end inside one State of `environment`.
pub(crate) fn run(
    environment: &Environment<'static>,
    host: Host,
) -> (Host, Result<(), Box<Failure>>) {
    HOST.with_borrow_mut(|slot| *slot = Some(host));
    let outcome = environment
        .get_template(ENTRY)
        .and_then(|entry| entry.render(()));
    let mut host = take_host();
    let result = match outcome {
        Ok(_) => Ok(()),
        Err(error) => Err(host
            .take_failure()
            .unwrap_or_else(|| machine_failure(&error))),
    };
    (host, result)
}

/// Runs a unit on the machine from within the host.
pub(crate) fn run_unit(
    state: &mut State,
    run: &Value,
    host: &mut Host,
    unit: &Unit,
) -> Result<(), Box<Failure>> {
    let inner = std::mem::replace(host, Host::absent());
    HOST.with_borrow_mut(|slot| *slot = Some(inner));
    let outcome = run.call(state, &[Value::from(unit.id.as_str())]);
    *host = take_host();
    match outcome {
        Ok(_) => Ok(()),
        Err(error) => Err(host
            .take_failure()
            .unwrap_or_else(|| machine_failure(&error))),
    }
}

fn take_host() -> Host {
    HOST.with_borrow_mut(Option::take)
        .unwrap_or_else(Host::absent)
}

fn put_host(host: Host) {
    HOST.with_borrow_mut(|slot| *slot = Some(host));
}

fn step(state: &mut State, operation: u32) -> Result<Value, Error> {
    let mut host = take_host();
    let outcome = host.step(state, operation as usize);
    put_host(host);
    Ok(match outcome? {
        Step::Nothing => Value::UNDEFINED,
        Step::Truth(truth) => Value::from(truth),
        Step::Turns(turns) => Value::from_object(Turns(turns)),
    })
}

fn start(state: &mut State, run: Value) -> Result<Value, Error> {
    let mut host = take_host();
    let outcome = host.render_files(state, &run);
    put_host(host);
    outcome.map(|()| Value::UNDEFINED)
}

/// What an operation gives to the machine.
pub(crate) enum Step {
    Nothing,
    Truth(bool),
    Turns(usize),
}

/// The error that stops the machine; the real one waits in the host.
pub(crate) fn stop() -> Error {
    Error::new(ErrorKind::InvalidOperation, "the template failed")
}

/// An error of the machine itself: only its limits can cause one.
fn machine_failure(error: &Error) -> Box<Failure> {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    Failure::limit(format!("the template machine stopped: {innermost}"))
}

/// What a lowered `for` iterates over: only the number of turns counts.
#[derive(Debug)]
struct Turns(usize);

impl Object for Turns {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        key.as_usize()
            .filter(|index| *index < self.0)
            .map(Value::from)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0)
    }
}
