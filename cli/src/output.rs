//! Writing to the terminal: standard output, standard error, and excerpts of places without secrets.

use crate::report::{Options, Secrets};
use manifest::is_secret_key;
use source::{Problem, SourceFiles};
use std::io::{IsTerminal as _, Write as _};

/// Writes bytes to standard output. A reader that went away is no error.
pub(crate) fn stdout(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// One line on standard error.
pub(crate) fn error_line(text: &str) {
    // Nothing can be done where standard error is closed.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Problems with excerpts, on standard error.
pub(crate) fn problems(problems: &[Problem], files: &SourceFiles) {
    for problem in problems {
        error_line(&format!("error: {}", manifest::mask_text(&problem.message)));
        let excerpt = excerpt(problem, files);
        if !excerpt.is_empty() {
            error_line(&excerpt);
        }
    }
}

/// The place of a problem: `FILE:LINE:COLUMN` and the source line, values of secret keys hidden.
pub(crate) fn excerpt(problem: &Problem, files: &SourceFiles) -> String {
    let plain = |text: &str| manifest::mask_text(text).into_owned();
    let secrets = Secrets {
        is_secret_key: &is_secret_key,
        redact: &plain,
    };
    crate::report::problem_excerpt(
        problem,
        files,
        &Options {
            colour: false,
            width: usize::MAX,
            secrets,
        },
    )
}

/// Whether standard output shows colours.
pub(crate) fn colour(choice: crate::args::ColorChoice) -> bool {
    match choice {
        crate::args::ColorChoice::Always => true,
        crate::args::ColorChoice::Never => false,
        crate::args::ColorChoice::Auto => {
            let unset = |name: &str| std::env::var_os(name).is_none_or(|value| value.is_empty());
            unset("NO_COLOR")
                && std::io::stdout().is_terminal()
                && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// Columns of the terminal; no wrapping where standard output is none.
pub(crate) fn width() -> usize {
    if !std::io::stdout().is_terminal() {
        return usize::MAX;
    }
    std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(100)
}
