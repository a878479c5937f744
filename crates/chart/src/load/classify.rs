//! What a file of a chart is, by its path.

/// The role of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role<'a> {
    Metadata,
    /// `Chart.lock` or `requirements.lock`.
    Lock,
    Values,
    Schema,
    Requirements,
    Template,
    /// A file of a sub-chart: its folder or archive, and the path behind `charts/`.
    Subchart {
        name: &'a str,
        path: &'a str,
    },
    Other,
}

/// The role of the file at a path relative to its chart.
pub(super) fn role(path: &str) -> Role<'_> {
    match path {
        "Chart.yaml" => Role::Metadata,
        "Chart.lock" | "requirements.lock" => Role::Lock,
        "values.yaml" => Role::Values,
        "values.schema.json" => Role::Schema,
        "requirements.yaml" => Role::Requirements,
        _ if path.starts_with("templates/") => Role::Template,
        _ => match path.strip_prefix("charts/") {
            Some(rest) if !path.ends_with(".prov") => Role::Subchart {
                name: rest.split('/').next().unwrap_or(rest),
                path: rest,
            },
            _ => Role::Other,
        },
    }
}

/// Whether a file under `crds/` is taken for a custom resource definition.
pub(super) fn is_crd(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    path.starts_with("crds/")
        && ["yaml", "yml", "json"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_decides_the_role() {
        let cases = [
            ("Chart.yaml", Role::Metadata),
            ("requirements.lock", Role::Lock),
            ("templates/x/README.md", Role::Template),
            (
                "charts/a/values.yaml",
                Role::Subchart {
                    name: "a",
                    path: "a/values.yaml",
                },
            ),
            (
                "charts/a-1.tgz",
                Role::Subchart {
                    name: "a-1.tgz",
                    path: "a-1.tgz",
                },
            ),
            ("charts/a-1.tgz.prov", Role::Other),
            ("crds/x.yaml", Role::Other),
            ("sub/values.yaml", Role::Other),
        ];
        for (path, expected) in cases {
            assert_eq!(role(path), expected, "{path}");
        }
    }

    #[test]
    fn definitions_are_recognised_by_their_ending() {
        assert!(is_crd("crds/a/b.YML") && is_crd("crds/x.json"));
        assert!(!is_crd("crds/README.md") && !is_crd("files/crds/x.yaml"));
    }
}
