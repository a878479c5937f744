//! From a tree of chart instances to what the template engine gets.

mod chart_object;

use crate::capabilities::capabilities;
use crate::instance::Instance;
use crate::request::Request;
use chart_object::chart_object;
use gotemplate::{ChartContext, FileData, HelmLine, ReleaseInfo, RenderInput, TemplateRef};
use source::{Layer, Origin, OriginId, OriginTable, Place, Span, ValuePath};
use std::collections::BTreeMap;
use std::sync::Arc;
use yaml::Value;

/// Makes origins for facts that are no values; makes none where provenance is off.
pub(crate) struct FactOrigins<'a> {
    table: &'a mut OriginTable,
    on: bool,
}

impl<'a> FactOrigins<'a> {
    pub(crate) fn new(table: &'a mut OriginTable, on: bool) -> Self {
        Self { table, on }
    }

    /// The mark of a fact at a path of the root dot (`Release`, `Name`).
    fn add(&mut self, path: &[&str], place: Option<Place>) -> u32 {
        let Some(place) = place.filter(|_| self.on) else {
            return OriginId::NONE.0;
        };
        let path = path
            .iter()
            .fold(ValuePath::default(), |path, key| path.key(key));
        self.table
            .add(Origin {
                path,
                layer: Layer::Context,
                place,
                overrode: Vec::new(),
            })
            .0
    }
}

/// Everything that a rendering depends on.
pub(crate) fn render_input(
    root: &Instance<'_>,
    values: Value,
    request: &Request,
    helm: HelmLine,
    origins: &mut FactOrigins<'_>,
) -> RenderInput {
    let places = &request.places;
    let release = ReleaseInfo {
        name: request.name.clone(),
        namespace: request.namespace.clone(),
        is_upgrade: request.is_upgrade,
        revision: 1,
        origins: [
            origins.add(&["Release", "Name"], places.name.clone()),
            origins.add(&["Release", "Namespace"], places.namespace.clone()),
            origins.add(&["Release", "IsUpgrade"], places.is_upgrade.clone()),
        ],
    };
    let capability_origins = [
        origins.add(
            &["Capabilities", "KubeVersion"],
            places.kube_version.clone(),
        ),
        origins.add(
            &["Capabilities", "APIVersions"],
            places.api_versions.clone(),
        ),
    ];
    let mut tree = Tree {
        helm,
        charts: Vec::new(),
        templates: BTreeMap::new(),
        origins,
    };
    tree.add(root, &root.name, &[]);
    RenderInput {
        values,
        charts: tree.charts,
        templates: tree.templates.into_values().collect(),
        release,
        capabilities: capabilities(request, capability_origins),
        helm,
    }
}

/// Collects contexts and templates of a tree.
struct Tree<'a, 'b> {
    helm: HelmLine,
    charts: Vec<ChartContext>,
    /// By full name: where names collide, the last one counts.
    templates: BTreeMap<String, TemplateRef>,
    origins: &'a mut FactOrigins<'b>,
}

impl Tree<'_, '_> {
    /// Adds a chart and its sub-charts; gives its index. `full_path` is `root/charts/alias`.
    fn add(&mut self, chart: &Instance<'_>, full_path: &str, values_path: &[Arc<str>]) -> usize {
        let index = self.charts.len();
        let files = self.files(chart);
        self.charts.push(ChartContext {
            chart: chart_object(chart, index == 0, self.helm, self.origins),
            files: Arc::new(files),
            values_path: values_path.to_vec(),
            subcharts: Vec::new(),
            base_path: format!("{full_path}/templates"),
        });
        for child in &chart.children {
            let path = format!("{full_path}/charts/{}", child.name);
            let values_path = [values_path, &[Arc::clone(&child.name)]].concat();
            let child_index = self.add(child, &path, &values_path);
            self.charts[index]
                .subcharts
                .push((Arc::clone(&child.name), child_index));
        }
        self.add_templates(chart, full_path, index);
        index
    }

    /// Of a library chart, only the partials count.
    fn add_templates(&mut self, chart: &Instance<'_>, full_path: &str, index: usize) {
        let library = chart.node.metadata.is_library();
        for template in chart
            .node
            .templates
            .iter()
            .filter(|template| !library || template.is_partial())
        {
            let name = format!("{full_path}/{}", template.path);
            let reference = TemplateRef {
                name: name.as_str().into(),
                file: template.file,
                chart: index,
                partial: template.is_partial(),
            };
            self.templates.insert(name, reference);
        }
    }

    fn files(&mut self, chart: &Instance<'_>) -> BTreeMap<String, FileData> {
        let mut files = BTreeMap::new();
        for file in &chart.node.files {
            let place = Place::File(Span::new(file.file, 0, file.bytes.len()));
            let origin = self.origins.add(&["Files", &file.path], Some(place));
            files.insert(
                file.path.clone(),
                FileData {
                    bytes: Arc::clone(&file.bytes),
                    origin,
                },
            );
        }
        files
    }
}
