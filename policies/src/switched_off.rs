//! Objects that a chart can render, but does not with these values.

use crate::facts::Facts;
use manifest::{Object, PlaceKind};
use source::{Condition, Layer, OriginId, Place, SourceFile, Untaken, ValuePath};

/// A branch not taken that would have rendered an object, and the values that its condition reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SwitchedOff {
    /// `templates/pdb.yaml`, as reports name the file.
    pub(crate) template: String,
    pub(crate) values: Vec<(ValuePath, Place, PlaceKind)>,
}

impl SwitchedOff {
    /// ``templates/pdb.yaml is switched by `pdb.create` ``.
    pub(crate) fn text(&self) -> String {
        let names: Vec<String> = self
            .values
            .iter()
            .map(|(path, ..)| format!("`{path}`"))
            .collect();
        format!("{} is switched by {}", self.template, names.join(" and "))
    }
}

/// The branches not taken with an object of this kind that may be meant for `neighbour`: those in its template file,
/// else in its folder, else in the same chart. Branches whose condition read no value are left out.
pub(crate) fn switched_off(kind: &str, neighbour: &Object, facts: &Facts<'_>) -> Vec<SwitchedOff> {
    let Some(home) = template_of(neighbour, facts) else {
        return Vec::new();
    };
    let mut found: Vec<(Nearness, SwitchedOff)> = Vec::new();
    for untaken in &facts.provenance.tables.untaken {
        let file = facts.provenance.files.get(untaken.body.file);
        let Some(nearness) = nearness(&home, &file.name) else {
            continue;
        };
        if !writes_kind(kind, untaken, &file) {
            continue;
        }
        let off = SwitchedOff {
            template: file.name.clone(),
            values: values_of(untaken, facts),
        };
        if !off.values.is_empty() && found.iter().all(|(_, known)| *known != off) {
            found.push((nearness, off));
        }
    }
    let nearest = found.iter().map(|(nearness, _)| *nearness).min();
    found.retain(|(nearness, _)| Some(*nearness) == nearest);
    found.into_iter().map(|(_, off)| off).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    File,
    Folder,
    Chart,
}

fn nearness(home: &str, other: &str) -> Option<Nearness> {
    let folder = |name: &str| name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    if home == other {
        Some(Nearness::File)
    } else if folder(home) == folder(other) {
        Some(Nearness::Folder)
    } else {
        (chart_of(home)? == chart_of(other)?).then_some(Nearness::Chart)
    }
}

/// `chart/charts/sub` of `chart/charts/sub/templates/pdb.yaml`.
fn chart_of(template: &str) -> Option<&str> {
    template.rsplit_once("/templates/").map(|(chart, _)| chart)
}

/// The template file that an object was rendered from.
fn template_of(object: &Object, facts: &Facts<'_>) -> Option<String> {
    let rendered = object.rendered.as_ref()?;
    let (start, end) = (
        object.text.start + rendered.offset,
        object.text.end + rendered.offset,
    );
    let (_, _, segment) = rendered.map.overlapping(start, end).next()?;
    Some(facts.provenance.files.get(segment.at.file).name.clone())
}

fn writes_kind(kind: &str, untaken: &Untaken, file: &SourceFile) -> bool {
    let body = file
        .text
        .get(untaken.body.start as usize..untaken.body.end as usize)
        .unwrap_or_default();
    let text = String::from_utf8_lossy(body);
    text.lines().any(|line| {
        let value = line.trim_start().strip_prefix("kind:");
        value.is_some_and(|value| value.trim().trim_matches(['"', '\'']) == kind)
    })
}

/// What the condition itself read, the conditions around it aside: they were met, or it would not have been asked.
fn values_of(untaken: &Untaken, facts: &Facts<'_>) -> Vec<(ValuePath, Place, PlaceKind)> {
    let provenance = &facts.provenance;
    let Some(condition) = provenance.tables.condition_stack(untaken.condition).next() else {
        return Vec::new();
    };
    let origins = reads_of(condition, facts)
        .into_iter()
        .filter_map(|id| provenance.origins.get(id));
    let values = origins.filter(|origin| origin.layer != Layer::Context);
    values
        .map(|origin| {
            (
                origin.path.clone(),
                origin.place.clone(),
                provenance.kind_of(&origin.place),
            )
        })
        .collect()
}

fn reads_of(condition: &Condition, facts: &Facts<'_>) -> Vec<OriginId> {
    let tables = facts.provenance.tables;
    let sets = [condition.reads.text, condition.reads.decided];
    let mut reads: Vec<OriginId> = sets
        .into_iter()
        .flat_map(|set| tables.members(set).iter().copied())
        .collect();
    reads.sort_unstable();
    reads.dedup();
    reads
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{ChartFacts, ReleaseFacts};
    use manifest::{Provenance, ReadOptions, RenderedOrigin, read_documents};
    use source::{
        CallId, ConditionId, FileId, FileKind, Origin, OriginTable, OutputMap, Prov, ProvTables,
        Segment, SourceFiles, Span,
    };
    use std::sync::Arc;

    const BUDGET: &str = "{{ if .Values.pdb.create }}\nkind: PodDisruptionBudget\n{{ end }}";
    const WORKLOAD: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";

    /// A chart with one rendered Deployment.
    struct Chart {
        files: SourceFiles,
        tables: ProvTables,
        origins: OriginTable,
        rendered: Vec<Object>,
    }

    impl Chart {
        fn new() -> Self {
            let files = SourceFiles::new();
            let file = files.add(
                "chart/templates/web/deployment.yaml",
                FileKind::Template,
                WORKLOAD.as_bytes(),
            );
            let segment = Segment {
                start: 0,
                at: Span::new(file, 0, WORKLOAD.len()),
                prov: Prov::NONE,
                conditions: ConditionId::default(),
                call: CallId::default(),
            };
            let map = OutputMap {
                segments: vec![segment],
                len: WORKLOAD.len() as u32,
            };
            let rendered = Some(RenderedOrigin {
                map: Arc::new(map),
                offset: 0,
            });
            let options = ReadOptions {
                rendered,
                ..ReadOptions::default()
            };
            let rendered = read_documents(WORKLOAD.as_bytes(), &options).objects;
            Self {
                files,
                tables: ProvTables::default(),
                origins: OriginTable::default(),
                rendered,
            }
        }

        /// A template that renders nothing because of a value on the first line of values.yaml.
        fn add_budget(&mut self, template: &str, text: &str, value: &str) {
            let file = self
                .files
                .add(template, FileKind::Template, text.as_bytes());
            let values = self.files.add(
                "chart/values.yaml",
                FileKind::Values,
                &b"create: false\n"[..],
            );
            let origin = self.origins.add(Origin {
                path: value.split('.').fold(ValuePath::default(), ValuePath::key),
                layer: Layer::chart(0),
                place: Place::File(Span::new(values, 0, 13)),
                overrode: Vec::new(),
            });
            let reads = Prov {
                text: self.tables.single(origin),
                ..Prov::NONE
            };
            let condition = self.condition(file, reads);
            let body = Span::new(file, 0, text.len());
            self.tables.untaken.push(Untaken {
                body,
                condition,
                call: CallId::default(),
            });
        }

        fn condition(&mut self, file: FileId, reads: Prov) -> ConditionId {
            let (parent, at) = (ConditionId::default(), Span::new(file, 3, 24));
            self.tables.push_condition(Condition {
                parent,
                at,
                reads,
                taken: false,
            })
        }

        fn texts(&self) -> Vec<String> {
            let facts = Facts {
                release: ReleaseFacts::default(),
                chart: ChartFacts::default(),
                rendered: &self.rendered,
                live: None,
                changes: None,
                cluster: None,
                evidence: None,
                current: None,
                target: None,
                target_place: None,
                now: 0,
                provenance: Provenance {
                    tables: &self.tables,
                    origins: &self.origins,
                    files: &self.files,
                },
            };
            let off = switched_off("PodDisruptionBudget", &self.rendered[0], &facts);
            off.iter().map(SwitchedOff::text).collect()
        }
    }

    #[test]
    fn the_value_that_the_condition_reads_is_named() {
        let mut chart = Chart::new();
        assert!(chart.texts().is_empty());
        chart.add_budget("chart/templates/pdb.yaml", BUDGET, "pdb.create");
        assert_eq!(
            chart.texts(),
            ["chart/templates/pdb.yaml is switched by `pdb.create`"]
        );
    }

    #[test]
    fn the_nearest_template_is_the_one_that_is_meant() {
        let mut chart = Chart::new();
        chart.add_budget("chart/templates/pdb.yaml", BUDGET, "pdb.create");
        chart.add_budget(
            "chart/charts/sub/templates/pdb.yaml",
            BUDGET,
            "sub.pdb.create",
        );
        chart.add_budget("chart/templates/web/pdb.yaml", BUDGET, "web.pdb.create");
        assert_eq!(
            chart.texts(),
            ["chart/templates/web/pdb.yaml is switched by `web.pdb.create`"]
        );
    }

    #[test]
    fn branches_with_other_kinds_and_without_values_are_left_out() {
        let mut chart = Chart::new();
        chart.add_budget(
            "chart/templates/ingress.yaml",
            "kind: Ingress",
            "ingress.enabled",
        );
        let file = chart.files.add(
            "chart/templates/pdb.yaml",
            FileKind::Template,
            BUDGET.as_bytes(),
        );
        let condition = chart.condition(file, Prov::NONE);
        let body = Span::new(file, 0, BUDGET.len());
        chart.tables.untaken.push(Untaken {
            body,
            condition,
            call: CallId::default(),
        });
        assert!(chart.texts().is_empty());
    }
}
