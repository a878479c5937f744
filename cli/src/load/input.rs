//! Input files: regular files, FIFOs (process substitution) and standard input.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A writer that says nothing for this long is given up.
const SILENCE: Duration = Duration::from_secs(30);
/// Larger inputs are refused: a capture of a large cluster is a tenth of it.
const MAX_BYTES: usize = 1 << 30;

/// A file's bytes, or why they could not be read.
type Contents = Result<Arc<[u8]>, String>;

/// Inputs of a run: each is read once, and `-` can be given once.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    read: Mutex<HashMap<String, Contents>>,
    standard_input: Mutex<Option<String>>,
}

impl Inputs {
    /// Reads a file, or standard input for `-`. `flag` is what gave it. A file is read once a run, so that a FIFO can
    /// serve several environments.
    ///
    /// # Errors
    /// A text that names the file.
    pub(crate) fn read(&self, name: &str, flag: &str) -> Result<Arc<[u8]>, String> {
        if name == "-" {
            let mut taken = self
                .standard_input
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            if let Some(earlier) = taken.as_deref()
                && earlier != flag
            {
                return Err(format!(
                    "standard input (`-`) is given to {earlier} and to {flag}: it can be read once"
                ));
            }
            *taken = Some(flag.to_owned());
        }
        let mut read = self
            .read
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = read.get(name) {
            return known.clone();
        }
        let outcome = read_any(name).map(Arc::from);
        read.insert(name.to_owned(), outcome.clone());
        outcome
    }
}

fn read_any(name: &str) -> Result<Vec<u8>, String> {
    if name == "-" {
        return read_slowly(std::io::stdin(), "standard input");
    }
    if name.contains("://") {
        return Err(format!(
            "{name}: keelcheck works offline: download the file and give its path"
        ));
    }
    let path = Path::new(name);
    let text = |error: std::io::Error| format!("open {name}: {}", go_text(&error));
    let metadata = std::fs::metadata(path).map_err(text)?;
    if metadata.is_dir() {
        return Err(format!("read {name}: is a directory"));
    }
    if metadata.is_file() {
        return read_file(path).map_err(text);
    }
    // Opening a FIFO waits for a writer: that too happens on the reading thread.
    let path = path.to_owned();
    read_slowly(Lazy::Closed(path), name)
}

/// Reads a regular file whole.
pub(crate) fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// An operating system error as Go prints it.
pub(crate) fn go_text(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// A file that is opened on first read.
enum Lazy {
    Closed(std::path::PathBuf),
    Open(std::fs::File),
}

impl Read for Lazy {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if let Self::Closed(path) = self {
            *self = Self::Open(std::fs::File::open(path)?);
        }
        match self {
            Self::Open(file) => file.read(buffer),
            Self::Closed(_) => Ok(0),
        }
    }
}

/// Reads to the end, however slow the writer, but gives up after a long silence.
fn read_slowly(mut reader: impl Read + Send + 'static, name: &str) -> Result<Vec<u8>, String> {
    let (sender, receiver) = channel::<std::io::Result<Vec<u8>>>();
    std::thread::spawn(move || {
        let mut buffer = vec![0u8; 64 * 1024];
        loop {
            let chunk = reader
                .read(&mut buffer)
                .map(|count| buffer[..count].to_vec());
            let last = chunk.as_ref().map_or(true, Vec::is_empty);
            if sender.send(chunk).is_err() || last {
                return;
            }
        }
    });
    let mut text = Vec::new();
    loop {
        match receiver.recv_timeout(SILENCE) {
            Ok(Ok(chunk)) if chunk.is_empty() => return Ok(text),
            Ok(Ok(chunk)) => text.extend_from_slice(&chunk),
            Ok(Err(error)) => return Err(format!("read {name}: {}", go_text(&error))),
            Err(RecvTimeoutError::Disconnected) => return Ok(text),
            Err(RecvTimeoutError::Timeout) => {
                return Err(format!(
                    "{name}: nothing was written for {} seconds",
                    SILENCE.as_secs()
                ));
            }
        }
        if text.len() > MAX_BYTES {
            return Err(format!("{name}: larger than {MAX_BYTES} bytes"));
        }
    }
}
