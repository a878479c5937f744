//! From rendered files to sorted documents.

use super::head::{Destination, read_head};
use super::order::compare_kinds;
use super::spaces::is_blank;
use super::split::split;
use super::{Release, RenderedDocument};
use crate::{HelmError, RenderedChart, Stage};
use gotemplate::RenderedFile;
use source::{Place, Problem};
use std::sync::Arc;
use yaml::parse::ParseError;

/// How the names of notes end; `helm template` never prints them.
pub(super) const NOTES: &str = "NOTES.txt";

/// Cuts, classifies and sorts.
///
/// # Errors
/// The first document, in the order of file names, that Helm cannot read.
pub(crate) fn classify(rendered: RenderedChart) -> Result<Release, HelmError> {
    let mut release = Release {
        manifests: Vec::new(),
        hooks: Vec::new(),
        crds: rendered.crds,
        files: rendered.files,
        tables: rendered.tables,
        read: rendered.read,
        origins: rendered.origins,
        deleted: rendered.deleted,
        values: rendered.values,
        warnings: rendered.warnings,
        chart_name: rendered.chart_name,
        helm: rendered.helm,
    };
    let mut order: Vec<usize> = (0..release.files.len()).collect();
    order.sort_by(|left, right| release.files[*left].name.cmp(&release.files[*right].name));
    for index in order {
        let file = &release.files[index];
        let partial = file
            .name
            .rsplit('/')
            .next()
            .is_some_and(|base| base.starts_with('_'));
        if !partial && !file.name.ends_with(NOTES) && !is_blank(&file.text) {
            add_documents(&mut release, index)?;
        }
    }
    let helm = release.helm;
    for documents in [&mut release.manifests, &mut release.hooks] {
        documents.sort_by(|left, right| compare_kinds(&left.head.kind, &right.head.kind, helm));
    }
    Ok(release)
}

fn add_documents(release: &mut Release, index: usize) -> Result<(), HelmError> {
    for range in split(&release.files[index].text, release.helm) {
        let file = &release.files[index];
        let head = read_head(&file.text[range.clone()], release.helm)
            .map_err(|error| unreadable(file, range.start, &error))?;
        let document = RenderedDocument {
            source: Arc::clone(&file.name),
            file: index,
            range,
            hook: None,
            head: head.head.clone(),
        };
        match head.destination() {
            Destination::Manifests => release.manifests.push(document),
            Destination::Hooks(hook) => {
                release.hooks.push(RenderedDocument {
                    hook: Some(hook),
                    ..document
                });
            }
            Destination::Dropped(events) => {
                release
                    .warnings
                    .push(format!("skipping unknown hooks hookTypes={events}"));
            }
        }
    }
    Ok(())
}

fn unreadable(file: &RenderedFile, start: usize, error: &ParseError) -> HelmError {
    let message = format!("YAML parse error on {}: {}", file.name, error.message);
    let place = template_position(file, start + error.offset as usize);
    HelmError::from_problem(
        Stage::Manifests,
        Problem {
            place,
            ..Problem::new(message)
        },
    )
}

/// The template text or action that wrote a byte of the output, if it is known.
fn template_position(file: &RenderedFile, offset: usize) -> Option<Place> {
    let segments = &file.map.segments;
    let offset = u32::try_from(offset).unwrap_or(u32::MAX);
    let after = segments.partition_point(|segment| segment.start <= offset);
    let segment = segments.get(after.saturating_sub(1))?;
    Some(Place::File(segment.at))
}
