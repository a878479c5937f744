//! Rendered documents as Kubernetes objects that know where each field came from.

use chart::Release;
use manifest::{Object, ReadOptions, RenderedOrigin, Scopes, read_documents, settle_namespaces};
use source::Problem;
use std::sync::Arc;

/// The objects of a release: manifests and hooks, in Helm's order.
pub(crate) struct Rendered {
    pub(crate) objects: Vec<Object>,
    /// CRDs under `crds/`, which Helm installs but never upgrades: they give scopes and schemas.
    pub(crate) definitions: Vec<Object>,
    pub(crate) problems: Vec<Problem>,
}

/// Reads all documents of a release.
pub(crate) fn read(release: &Release, namespace: &str, include_crds: bool) -> Rendered {
    let maps: Vec<_> = release
        .files
        .iter()
        .map(|file| Arc::new(file.map.clone()))
        .collect();
    let (mut objects, mut problems) = (Vec::new(), Vec::new());
    for document in release.manifests.iter().chain(&release.hooks) {
        let options = ReadOptions {
            file: None,
            namespace: Some(namespace),
            source: Some(&document.source),
            rendered: Some(RenderedOrigin {
                map: Arc::clone(&maps[document.file]),
                offset: document.range.start as u32,
            }),
        };
        let documents = read_documents(release.text(document), &options);
        objects.extend(documents.objects);
        for unreadable in documents.unreadable {
            problems.push(Problem::new(format!(
                "{}: {}",
                document.source, unreadable.message
            )));
        }
    }
    let mut definitions = Vec::new();
    for crd in &release.crds {
        let options = ReadOptions {
            file: Some(crd.file),
            namespace: Some(namespace),
            source: Some(&crd.source),
            rendered: None,
        };
        definitions.extend(read_documents(&crd.bytes, &options).objects);
    }
    let mut scopes = Scopes::default();
    scopes.learn(objects.iter().chain(&definitions));
    settle_namespaces(&mut objects, Some(namespace), &scopes);
    if include_crds {
        objects.extend(definitions.iter().cloned());
    }
    Rendered {
        objects,
        definitions,
        problems,
    }
}
