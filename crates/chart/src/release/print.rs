//! What `helm template` prints, and what it writes with `--output-dir`.

use super::spaces::{trim_end, trim_start};
use super::split::split;
use super::{OutputFile, OutputFiles, PrintOptions, Release, RenderedDocument};
use crate::glob;
use std::collections::BTreeSet;

pub(super) fn print(release: &Release, options: &PrintOptions) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    for crd in release.crds.iter().filter(|_| options.include_crds) {
        push_document(&mut body, &crd.source, &crd.bytes);
    }
    for document in &release.manifests {
        push_document(&mut body, &document.source, release.text(document));
    }
    let trimmed = trim_end(&body, trim_start(&body, 0..body.len()));
    let mut output = body[trimmed].to_vec();
    output.push(b'\n');
    for hook in printed_hooks(release, options) {
        push_document(&mut output, &hook.source, release.text(hook));
    }
    if options.show_only.is_empty() {
        Ok(output)
    } else {
        show_only(release, &output, &options.show_only)
    }
}

fn push_document(out: &mut Vec<u8>, source: &str, text: &[u8]) {
    out.extend_from_slice(b"---\n# Source: ");
    out.extend_from_slice(source.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(text);
    out.push(b'\n');
}

fn printed_hooks<'r>(
    release: &'r Release,
    options: &PrintOptions,
) -> impl Iterator<Item = &'r RenderedDocument> {
    let (no_hooks, skip_tests) = (options.no_hooks, options.skip_tests);
    let is_test = |document: &RenderedDocument| {
        document
            .hook
            .as_ref()
            .is_some_and(|hook| hook.events.iter().any(|event| event == "test"))
    };
    release
        .hooks
        .iter()
        .filter(move |document| !(no_hooks || skip_tests && is_test(document)))
}

/// Cuts the whole output again and keeps, for each pattern, the documents whose source matches it.
fn show_only(release: &Release, output: &[u8], patterns: &[String]) -> Result<Vec<u8>, String> {
    let documents = split(output, release.helm);
    let mut shown = Vec::new();
    for pattern in patterns {
        let matching = documents.iter().filter(|document| {
            let path = source_path(&output[(*document).clone()]);
            path.is_some_and(|path| glob::matches(pattern, &path).unwrap_or(false))
        });
        let before = shown.len();
        for document in matching {
            shown.extend_from_slice(b"---\n");
            shown.extend_from_slice(&output[document.clone()]);
            shown.push(b'\n');
        }
        if shown.len() == before {
            return Err(format!("could not find template {pattern} in chart"));
        }
    }
    Ok(shown)
}

/// The path behind the chart's name in the first `# Source: chart/path` of a document.
fn source_path(document: &[u8]) -> Option<String> {
    const MARK: &[u8] = b"# Source: ";
    let mut rest = document;
    loop {
        let at = rest.windows(MARK.len()).position(|window| window == MARK)?;
        rest = &rest[at + MARK.len()..];
        let Some(slash) = rest
            .iter()
            .position(|byte| *byte == b'/')
            .filter(|slash| *slash > 0)
        else {
            continue;
        };
        let path = rest[slash + 1..]
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        if !path.is_empty() {
            return Some(String::from_utf8_lossy(path).into_owned());
        }
    }
}

pub(super) fn output_files(
    release: &Release,
    options: &PrintOptions,
    release_folder: Option<&str>,
) -> OutputFiles {
    let mut files = Vec::new();
    let mut written = BTreeSet::new();
    let mut write = |folder: Option<&str>, source: &str, text: &[u8], is_hook: bool| {
        let mut bytes = Vec::new();
        push_document(&mut bytes, source, text);
        let path = folder.map_or_else(|| source.to_owned(), |folder| format!("{folder}/{source}"));
        let again = !written.insert(path.clone());
        // A hook does not make its file anew, whoever wrote it.
        files.push(OutputFile {
            path,
            bytes,
            append: again || is_hook,
        });
    };
    for crd in release.crds.iter().filter(|_| options.include_crds) {
        write(None, &crd.source, &crd.bytes, false);
    }
    for document in &release.manifests {
        write(
            release_folder,
            &document.source,
            release.text(document),
            false,
        );
    }
    for hook in printed_hooks(release, options) {
        write(release_folder, &hook.source, release.text(hook), true);
    }
    OutputFiles {
        files,
        rest: b"\n".to_vec(),
    }
}
