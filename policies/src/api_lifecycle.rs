//! When API versions were deprecated, when they go, and what replaces them: the table `data/api-deprecations.yaml`.

use crate::facts::Facts;
use manifest::{ImageRef, KubeVersion, Object};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const TABLE: &str = include_str!("../data/api-deprecations.yaml");

/// What the table says about one kind of one API version. Versions are Kubernetes', or the component's.
#[derive(Debug, Clone)]
pub(crate) struct ApiLife {
    /// Whose versions they are: None for Kubernetes itself, else the component that brings the custom resource.
    pub(crate) component: Option<&'static str>,
    /// First release that marks its use as deprecated.
    pub(crate) deprecated_in: Option<KubeVersion>,
    /// First release that does not serve it.
    pub(crate) removed_in: Option<KubeVersion>,
    /// The removal lies in the future and may move.
    pub(crate) is_scheduled: bool,
    /// `policy/v1`, with the kind where it is another one.
    pub(crate) replacement: Option<String>,
    /// What changes with the replacement.
    pub(crate) note: Option<String>,
}

/// Where an API version stands in a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Served,
    Deprecated,
    Removed,
}

impl ApiLife {
    /// The row for an object; List kinds follow the kind of their items.
    pub(crate) fn of(object: &Object) -> Option<Self> {
        Self::find(&object.api_version, object.kind())
    }

    fn find(api_version: &str, kind: &str) -> Option<Self> {
        let lines = table().rows.get(api_version)?;
        let by_kind = |kind: &str| lines.iter().find_map(|line| line.life(kind));
        by_kind(kind).or_else(|| by_kind(kind.strip_suffix("List")?))
    }

    pub(crate) fn stage_in(&self, version: KubeVersion) -> Stage {
        let reached = |since: Option<KubeVersion>| since.is_some_and(|since| since <= version);
        if reached(self.removed_in) {
            Stage::Removed
        } else if reached(self.deprecated_in) {
            Stage::Deprecated
        } else {
            Stage::Served
        }
    }

    /// `Kubernetes`, `cert-manager`.
    pub(crate) fn owner(&self) -> &'static str {
        self.component.unwrap_or("Kubernetes")
    }

    /// `use policy/v1`, with what changes then.
    pub(crate) fn advice(&self) -> String {
        let advice = match &self.replacement {
            Some(replacement) => format!("use {replacement}"),
            None => "there is no replacement".to_owned(),
        };
        match &self.note {
            Some(note) => format!("{advice}: {note}"),
            None => advice,
        }
    }

    /// `; use policy/v1` for the end of a message.
    pub(crate) fn replacement_text(&self) -> String {
        match &self.replacement {
            Some(replacement) => format!("; use {replacement}"),
            None => "; there is no replacement".to_owned(),
        }
    }

    /// The release of the owner that will run after the upgrade; None where no input tells.
    pub(crate) fn version_after_upgrade(&self, facts: &Facts<'_>) -> Option<KubeVersion> {
        match self.component {
            None => facts.target,
            Some(component) => component_version(component, facts),
        }
    }
}

/// As the table writes versions: `1.25`, `1.6.0`.
pub(crate) fn version_text(version: KubeVersion, of_component: bool) -> String {
    if of_component {
        version.to_string()
    } else {
        version.minor_text()
    }
}

/// The version of a component by the tag of its image: the rendered one, else the captured one; the newest of several.
fn component_version(component: &str, facts: &Facts<'_>) -> Option<KubeVersion> {
    let image = *table().images.get(component)?;
    let version = |object: &Object| {
        let containers = object.containers();
        let images = containers
            .iter()
            .filter_map(|container| ImageRef::parse(container.image()));
        let its = images.filter(|found| found.base_name() == image);
        its.filter_map(|found| KubeVersion::parse(found.tag.as_deref()?))
            .max()
    };
    let captured = facts
        .cluster
        .into_iter()
        .flat_map(|cluster| &cluster.objects);
    facts
        .rendered
        .iter()
        .filter_map(version)
        .max()
        .or_else(|| captured.filter_map(version).max())
}

/// The table by API version, its rows still as text: a run needs few of them.
struct Table {
    rows: BTreeMap<&'static str, Vec<Line>>,
    /// What changes with a replacement, by `apiVersion kind`.
    notes: BTreeMap<String, String>,
    /// Image names by component.
    images: BTreeMap<&'static str, &'static str>,
}

/// One row of the table as text.
#[derive(Clone, Copy)]
struct Line {
    component: Option<&'static str>,
    text: &'static str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    api_version: String,
    kind: Option<String>,
    #[serde(default)]
    kinds: Vec<String>,
    deprecated_in: Option<String>,
    removed_in: Option<String>,
    status: String,
    replacement: Option<Replacement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    api_version: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Note {
    api_version: String,
    kind: String,
    note: String,
}

impl Line {
    fn life(self, kind: &str) -> Option<ApiLife> {
        if !self.text.contains(kind) {
            return None;
        }
        let row: Row = serde_yaml::from_str(self.text).ok()?;
        let is_its =
            row.kind.as_deref() == Some(kind) || row.kinds.iter().any(|known| known == kind);
        let version = |text: &Option<String>| text.as_deref().and_then(KubeVersion::parse);
        let replacement = |replacement: &Replacement| match &replacement.kind {
            Some(other) if other != kind => format!("{} {other}", replacement.api_version),
            _ => replacement.api_version.clone(),
        };
        is_its.then(|| ApiLife {
            component: self.component,
            deprecated_in: version(&row.deprecated_in),
            removed_in: version(&row.removed_in),
            is_scheduled: row.status == "scheduled",
            replacement: row.replacement.as_ref().map(replacement),
            note: table()
                .notes
                .get(&format!("{} {kind}", row.api_version))
                .cloned(),
        })
    }
}

fn table() -> &'static Table {
    static READ: OnceLock<Table> = OnceLock::new();
    READ.get_or_init(|| Table::read(TABLE))
}

impl Table {
    /// Every row stands on a line of its own as a flow mapping that begins with its API version (a test holds the file
    /// to it), so that reading it whole, which costs more than all the rules that use it, is not needed.
    fn read(text: &'static str) -> Self {
        let mut table = Self {
            rows: BTreeMap::new(),
            notes: BTreeMap::new(),
            images: BTreeMap::new(),
        };
        let mut block = "";
        let mut component = None;
        for line in text.lines() {
            if let Some(key) = line
                .strip_suffix(':')
                .filter(|key| !key.starts_with([' ', '#']))
            {
                (block, component) = (key, None);
            }
            let Some(item) = line.trim_start().strip_prefix("- ") else {
                continue;
            };
            if let Some(name) = item.strip_prefix("component: ") {
                component = Some(name.trim_matches('"'));
            }
            match block {
                "kubernetes" | "crds" => table.add_row(item, component),
                "kubernetesNotes" => table.add_note(item),
                "componentImages" => table.add_image(item),
                _ => {}
            }
        }
        table
    }

    fn add_row(&mut self, item: &'static str, component: Option<&'static str>) {
        let api_version = item
            .strip_prefix("{apiVersion: ")
            .and_then(|rest| rest.split_once(", "));
        if let Some((api_version, _)) = api_version {
            self.rows.entry(api_version).or_default().push(Line {
                component,
                text: item,
            });
        }
    }

    fn add_note(&mut self, item: &str) {
        if let Ok(note) = serde_yaml::from_str::<Note>(item) {
            self.notes
                .insert(format!("{} {}", note.api_version, note.kind), note.note);
        }
    }

    fn add_image(&mut self, item: &'static str) {
        let pair = item
            .strip_prefix("{component: \"")
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some((component, image)) = pair.and_then(|pair| pair.split_once("\", image: ")) {
            self.images.insert(component, image);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_yaml::Value;

    fn items<'a>(whole: &'a Value, block: &str) -> &'a [Value] {
        whole[block]
            .as_sequence()
            .map(Vec::as_slice)
            .expect("a list")
    }

    #[test]
    fn the_index_by_lines_has_every_row_of_the_table() {
        let whole: Value = serde_yaml::from_str(TABLE).expect("the table is YAML");
        let crds: Vec<&Value> = items(&whole, "crds")
            .iter()
            .flat_map(|component| items(component, "apis"))
            .collect();
        let rows: Vec<&Value> = items(&whole, "kubernetes").iter().chain(crds).collect();
        for row in &rows {
            let api_version = row["apiVersion"].as_str().expect("an apiVersion");
            let kinds = row["kinds"]
                .as_sequence()
                .cloned()
                .unwrap_or_else(|| vec![row["kind"].clone()]);
            for kind in kinds {
                let kind = kind.as_str().expect("a kind");
                let life = ApiLife::find(api_version, kind)
                    .unwrap_or_else(|| panic!("{api_version} {kind}"));
                assert_eq!(
                    life.replacement.is_some(),
                    row["replacement"].is_mapping(),
                    "{api_version} {kind}"
                );
            }
        }
        let indexed: usize = table().rows.values().map(Vec::len).sum();
        assert_eq!(indexed, rows.len());
        assert_eq!(table().notes.len(), items(&whole, "kubernetesNotes").len());
        assert_eq!(table().images.len(), items(&whole, "componentImages").len());
    }

    #[test]
    fn versions_of_rows_can_be_read() {
        for line in table().rows.values().flatten() {
            let row: Row = serde_yaml::from_str(line.text).expect("a row");
            for text in [&row.deprecated_in, &row.removed_in].into_iter().flatten() {
                assert!(
                    KubeVersion::parse(text).is_some(),
                    "{} {text}",
                    row.api_version
                );
            }
            assert!(
                matches!(row.status.as_str(), "removed" | "scheduled" | "deprecated"),
                "{}",
                row.status
            );
        }
    }

    #[test]
    fn stages_follow_the_target() {
        let life = ApiLife::find("policy/v1beta1", "PodDisruptionBudget").expect("a row");
        let stage = |text| life.stage_in(KubeVersion::parse(text).expect("a version"));
        assert_eq!(
            [stage("1.20"), stage("1.24.9"), stage("1.25.0")],
            [Stage::Served, Stage::Deprecated, Stage::Removed]
        );
        assert!(
            life.advice().starts_with("use policy/v1: empty selector"),
            "{}",
            life.advice()
        );
    }

    #[test]
    fn list_kinds_follow_their_items_and_other_kinds_do_not() {
        assert!(ApiLife::find("batch/v1beta1", "CronJobList").is_some());
        assert!(ApiLife::find("batch/v1beta1", "Job").is_none());
        assert!(ApiLife::find("batch/v1", "CronJob").is_none());
    }
}
