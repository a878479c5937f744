//! The live side: text of `helm get manifest`, or a stored release.

use crate::load::{Inputs, printed};
use base64::Engine as _;
use manifest::{Object, ReadOptions, read_documents};
use serde::Deserialize;
use source::{FileKind, Place, Problem, SourceFiles, Span};
use std::io::Read as _;

/// What runs, as far as it could be read.
#[derive(Default)]
pub(crate) struct Live {
    pub(crate) objects: Vec<Object>,
    /// Hooks are among the objects: a stored release, or `--live-hooks`.
    pub(crate) has_hooks: bool,
    /// Something could not be read: nothing may be called created.
    pub(crate) incomplete: bool,
    /// Nothing at all could be read.
    pub(crate) unreadable: bool,
    pub(crate) status: Option<String>,
    /// The stored release's file.
    pub(crate) status_place: Option<Place>,
    pub(crate) chart_version: Option<String>,
    pub(crate) from_revision: bool,
    pub(crate) problems: Vec<Problem>,
}

/// A release as Helm stores it (the fields that matter here).
#[derive(Debug, Deserialize)]
struct StoredRelease {
    #[serde(default)]
    manifest: String,
    #[serde(default)]
    hooks: Vec<StoredHook>,
    #[serde(default)]
    info: StoredInfo,
    #[serde(default)]
    chart: StoredChart,
}

#[derive(Debug, Default, Deserialize)]
struct StoredInfo {
    #[serde(default)]
    status: String,
}

#[derive(Debug, Deserialize)]
struct StoredHook {
    #[serde(default)]
    path: String,
    #[serde(default)]
    manifest: String,
}

#[derive(Debug, Default, Deserialize)]
struct StoredChart {
    #[serde(default)]
    metadata: StoredMetadata,
}

#[derive(Debug, Default, Deserialize)]
struct StoredMetadata {
    #[serde(default)]
    version: String,
}

/// A decompressed release above this is refused.
const MAX_RELEASE_BYTES: u64 = 512 << 20;

/// Reads the live files of an environment.
pub(crate) fn read(
    manifest: &str,
    hooks: Option<&str>,
    namespace: &str,
    inputs: &Inputs,
    files: &SourceFiles,
) -> Live {
    let mut live = Live::default();
    read_file(&mut live, manifest, "--live", namespace, inputs, files);
    if let Some(hooks) = hooks {
        live.has_hooks = true;
        read_file(&mut live, hooks, "--live-hooks", namespace, inputs, files);
    }
    live
}

fn read_file(
    live: &mut Live,
    name: &str,
    flag: &str,
    namespace: &str,
    inputs: &Inputs,
    files: &SourceFiles,
) {
    let shown = if name == "-" {
        "standard input".to_owned()
    } else {
        printed(name)
    };
    let text = match inputs.read(name, flag) {
        Ok(text) => text,
        Err(message) => return live.fail(Problem::new(message)),
    };
    let file = files.add(shown.clone(), FileKind::Live, text.clone());
    if text.iter().all(u8::is_ascii_whitespace) {
        let place = Place::File(Span::new(file, 0, 0));
        return live.fail(Problem::new(format!("{shown}: the live manifest is empty")).at(place));
    }
    match stored_release(&text) {
        Some(Ok(release)) => {
            live.status_place = Some(Place::File(release_name(file, &text)));
            live.add_release(release, &shown, namespace, files);
        }
        Some(Err(message)) => {
            let place = Place::File(Span::new(file, 0, 0));
            live.fail(Problem::new(format!("{shown}: {message}")).at(place));
        }
        None => live.add_text(&text, file, &shown, namespace),
    }
}

impl Live {
    fn fail(&mut self, problem: Problem) {
        self.problems.push(problem);
        self.incomplete = true;
        self.unreadable = self.objects.is_empty();
    }

    fn add_text(&mut self, text: &[u8], file: source::FileId, shown: &str, namespace: &str) {
        let options = ReadOptions {
            file: Some(file),
            namespace: Some(namespace),
            source: None,
            rendered: None,
        };
        let documents = read_documents(text, &options);
        if documents.objects.is_empty() && documents.unreadable.is_empty() {
            let place = Place::File(Span::new(file, 0, 0));
            self.fail(
                Problem::new(format!("{shown}: the live manifest holds no object")).at(place),
            );
        }
        self.objects.extend(documents.objects);
        for unreadable in documents.unreadable {
            let at = Span::new(
                file,
                unreadable.offset as usize,
                unreadable.offset as usize + 1,
            );
            let problem =
                Problem::new(format!("{shown}: {}", unreadable.message)).at(Place::File(at));
            self.problems.push(problem);
            self.incomplete = true;
        }
        self.unreadable = self.objects.is_empty() && self.incomplete;
    }

    fn add_release(
        &mut self,
        release: StoredRelease,
        shown: &str,
        namespace: &str,
        files: &SourceFiles,
    ) {
        self.has_hooks = true;
        self.status = Some(release.info.status).filter(|status| !status.is_empty());
        self.chart_version =
            Some(release.chart.metadata.version).filter(|version| !version.is_empty());
        let mut text = release.manifest;
        for hook in release.hooks {
            text.push_str(&format!(
                "\n---\n# Source: {}\n{}",
                hook.path, hook.manifest
            ));
        }
        // The text stands nowhere on disk: it gets a name that says what it is.
        let name = format!("{shown} (stored manifest)");
        let file = files.add(name.clone(), FileKind::Live, text.as_bytes());
        self.add_text(text.as_bytes(), file, &name, namespace);
    }
}

/// Where the stored release's name stands; the start of the file if it cannot be told.
fn release_name(file: source::FileId, text: &[u8]) -> Span {
    let needle = b"sh.helm.release.v1.";
    let at = text
        .windows(needle.len())
        .position(|window| window == needle)
        .unwrap_or(0);
    let end = text[at..]
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\n' | b' '))
        .map_or(at, |len| at + len);
    Span::new(file, at, end)
}

/// A release Secret or ConfigMap, or None if the text is something else.
fn stored_release(text: &[u8]) -> Option<Result<StoredRelease, String>> {
    let head = String::from_utf8_lossy(&text[..text.len().min(4_000_000)]);
    if !head.contains("helm.sh/release") && !head.contains("sh.helm.release.v1.") {
        return None;
    }
    let value: serde_json::Value = match serde_yaml::from_slice(text) {
        Ok(value) => value,
        Err(_) if head.contains("# Source:") => return None,
        Err(error) => return Some(Err(format!("the stored release is no YAML: {error}"))),
    };
    let object = newest(&value)?;
    let kind = object
        .get("kind")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    let data = object
        .pointer("/data/release")
        .and_then(serde_json::Value::as_str);
    let Some(data) = data else {
        return matches!(kind, "Secret" | "ConfigMap")
            .then(|| Err("the stored release has no data.release".to_owned()));
    };
    Some(decode(data, kind == "Secret"))
}

/// The object itself, or of a list the deployed release, else the one with the highest revision.
fn newest(value: &serde_json::Value) -> Option<&serde_json::Value> {
    let Some(items) = value.get("items").and_then(serde_json::Value::as_array) else {
        return Some(value);
    };
    let label = |item: &serde_json::Value, key: &str| {
        item.pointer("/metadata/labels")
            .and_then(|labels| labels.get(key))
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let revision = |item: &serde_json::Value| label(item, "version").parse::<u64>().unwrap_or(0);
    let releases = items
        .iter()
        .filter(|item| item.pointer("/data/release").is_some());
    releases.max_by_key(|item| (label(item, "status") == "deployed", revision(item)))
}

fn decode(data: &str, in_secret: bool) -> Result<StoredRelease, String> {
    let broken = |what: &str| format!("the stored release is damaged: {what}");
    let base64 = |text: &[u8]| {
        let text: Vec<u8> = text
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        base64::engine::general_purpose::STANDARD
            .decode(text)
            .map_err(|error| broken(&error.to_string()))
    };
    let mut bytes = base64(data.as_bytes())?;
    if in_secret {
        bytes = base64(&bytes)?;
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut json = Vec::new();
        let reader = flate2::read::GzDecoder::new(&bytes[..]);
        let read = reader.take(MAX_RELEASE_BYTES + 1).read_to_end(&mut json);
        read.map_err(|error| broken(&error.to_string()))?;
        if json.len() as u64 > MAX_RELEASE_BYTES {
            return Err(broken("larger than any release can be"));
        }
        bytes = json;
    }
    serde_json::from_slice(&bytes).map_err(|error| broken(&error.to_string()))
}
