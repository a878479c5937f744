//! What Helm demands of Chart.yaml, and how it cleans the texts.

use super::{Dependency, Metadata};
use crate::goformat::{is_printable, quote};
use std::collections::BTreeSet;
use version::Version;

/// Cleans the texts, then checks the metadata.
///
/// # Errors
/// The name of the field at fault (for its place), and Helm's text: `validation: chart.metadata.name is required`.
pub(crate) fn validate(metadata: &mut Metadata) -> Result<(), (&'static str, String)> {
    sanitize_texts(metadata);
    let failure = check_scalars(metadata)
        .or_else(|| check_maintainers(metadata))
        .or_else(|| check_dependencies(metadata));
    match failure {
        Some((field, message)) => Err((field, format!("validation: {message}"))),
        None => Ok(()),
    }
}

type Failure = Option<(&'static str, String)>;

fn check_scalars(metadata: &Metadata) -> Failure {
    let (name, version) = (&metadata.name, &metadata.version);
    let required =
        |field: &'static str| Some((field, format!("chart.metadata.{field} is required")));
    if metadata.api_version.is_empty() {
        return required("apiVersion");
    }
    if name.is_empty() {
        return required("name");
    }
    if name == "." || name == ".." {
        return Some((
            "name",
            format!("chart.metadata.name {} is not allowed", quote(name)),
        ));
    }
    if name.contains('/') {
        return Some((
            "name",
            format!("chart.metadata.name {} is invalid", quote(name)),
        ));
    }
    if version.is_empty() {
        return required("version");
    }
    if Version::parse(version).is_err() {
        return Some((
            "version",
            format!("chart.metadata.version {} is invalid", quote(version)),
        ));
    }
    let known_type = matches!(metadata.chart_type.as_str(), "" | "application" | "library");
    (!known_type).then(|| {
        (
            "type",
            "chart.metadata.type must be application or library".to_owned(),
        )
    })
}

fn check_maintainers(metadata: &mut Metadata) -> Failure {
    for maintainer in &mut metadata.maintainers {
        let Some(maintainer) = maintainer else {
            return Some((
                "maintainers",
                "maintainers must not contain empty or null nodes".to_owned(),
            ));
        };
        for text in [
            &mut maintainer.name,
            &mut maintainer.email,
            &mut maintainer.url,
        ] {
            sanitize(text);
        }
    }
    None
}

fn check_dependencies(metadata: &mut Metadata) -> Failure {
    let mut names = BTreeSet::new();
    for dependency in metadata.dependencies.iter_mut().flatten() {
        let message = match dependency {
            None => "dependencies must not contain empty or null nodes".to_owned(),
            Some(dependency) => match check_dependency(dependency, &mut names) {
                Some(message) => message,
                None => continue,
            },
        };
        return Some(("dependencies", message));
    }
    None
}

fn check_dependency(dependency: &mut Dependency, names: &mut BTreeSet<String>) -> Option<String> {
    let Dependency {
        name,
        version,
        repository,
        condition,
        ..
    } = dependency;
    for text in [name, version, repository, condition]
        .into_iter()
        .chain(&mut dependency.tags)
    {
        sanitize(text);
    }
    let alias = &dependency.alias;
    if !alias
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    {
        return Some(format!(
            "dependency {} has disallowed characters in the alias",
            quote(&dependency.name)
        ));
    }
    let key = if alias.is_empty() {
        &dependency.name
    } else {
        alias
    };
    let is_new = names.insert(key.clone());
    (!is_new).then(|| format!("more than one dependency with name or alias {}", quote(key)))
}

fn sanitize_texts(metadata: &mut Metadata) {
    let texts = [
        &mut metadata.name,
        &mut metadata.description,
        &mut metadata.home,
        &mut metadata.icon,
        &mut metadata.condition,
        &mut metadata.tags,
        &mut metadata.app_version,
        &mut metadata.kube_version,
    ];
    for text in texts
        .into_iter()
        .chain(&mut metadata.sources)
        .chain(&mut metadata.keywords)
    {
        sanitize(text);
    }
}

/// Any space becomes a blank; what cannot be printed is dropped.
fn sanitize(text: &mut String) {
    let clean = |character: char| match character {
        _ if character.is_whitespace() => Some(' '),
        _ if is_printable(character) => Some(character),
        _ => None,
    };
    *text = text.chars().filter_map(clean).collect();
}
