//! Which folders are charts, and how paths inside a repository are written.

use serde::Deserialize;
use std::collections::BTreeSet;

/// The files of a repository, as far as `init` looks at them.
pub(super) struct Repository {
    paths: BTreeSet<String>,
    /// Folders of all charts, sub-charts included; `.` is the project's own folder.
    charts: BTreeSet<String>,
    libraries: BTreeSet<String>,
}

#[derive(Deserialize)]
struct ChartFile {
    #[serde(rename = "type")]
    chart_type: Option<String>,
}

impl Repository {
    pub(super) fn new(files: &[(String, Vec<u8>)]) -> Self {
        let charts = files
            .iter()
            .filter_map(|(path, _)| chart_folder(path))
            .collect();
        let libraries = files
            .iter()
            .filter(|(_, text)| is_library(text))
            .filter_map(|(path, _)| chart_folder(path))
            .collect();
        let paths = files.iter().map(|(path, _)| normal(path)).collect();
        Self {
            paths,
            charts,
            libraries,
        }
    }

    /// The charts that can be installed by themselves, in order.
    pub(super) fn installable(&self) -> impl Iterator<Item = &str> {
        let charts = self.charts.iter().map(String::as_str);
        charts.filter(|chart| !self.libraries.contains(*chart) && !self.is_subchart(chart))
    }

    pub(super) fn has_chart(&self, folder: &str) -> bool {
        self.charts.contains(folder)
    }

    pub(super) fn has_file(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Templates and definitions declare nothing by themselves.
    pub(super) fn is_inside_a_chart(&self, path: &str) -> bool {
        let path = normal(path);
        self.charts.iter().any(|chart| {
            ["templates", "crds"]
                .iter()
                .any(|folder| is_below(&path, &join(chart, folder)))
        })
    }

    /// YAML files whose name or folder says that they hold values, the charts' own defaults left out.
    pub(super) fn likely_overlays(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str).filter(|path| {
            let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
            let stem = name
                .strip_suffix(".yaml")
                .or_else(|| name.strip_suffix(".yml"));
            let named_so = stem.is_some_and(|stem| {
                stem.starts_with("values")
                    || stem.ends_with("values")
                    || folder.rsplit('/').next() == Some("values")
            });
            let is_default = name == "values.yaml" && self.has_chart(folder);
            named_so && !is_default && !self.is_inside_a_chart(path)
        })
    }

    fn is_subchart(&self, folder: &str) -> bool {
        self.charts
            .iter()
            .any(|parent| parent != folder && is_below(folder, &join(parent, "charts")))
    }
}

/// A path without `.` and `..`, relative to the project; `.` for the project itself. What leads out of the project
/// stays visible as `..` in front.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    match parts.is_empty() {
        true => ".".to_owned(),
        false => parts.join("/"),
    }
}

/// A path below a folder.
pub(super) fn join(folder: &str, path: &str) -> String {
    normal(&format!("{folder}/{path}"))
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}

fn chart_folder(path: &str) -> Option<String> {
    let path = normal(path);
    match path.rsplit_once('/') {
        Some((folder, "Chart.yaml")) => Some(folder.to_owned()),
        None if path == "Chart.yaml" => Some(".".to_owned()),
        _ => None,
    }
}

fn is_library(chart_file: &[u8]) -> bool {
    serde_yaml::from_slice::<ChartFile>(chart_file)
        .is_ok_and(|chart| chart.chart_type.as_deref() == Some("library"))
}
