//! A chart as it takes part in one rendering: under an alias perhaps, with the sub-charts that are enabled.

use crate::load::ChartNode;
use crate::metadata::Dependency;
use crate::values::origins::{Adoption, without_marks};
use source::{Layer, OriginTable, ValuePath};
use std::sync::Arc;
use yaml::Map;

/// One use of a chart. The same chart may be used several times, under different names.
#[derive(Debug, Clone)]
pub(crate) struct Instance<'c> {
    pub(crate) node: &'c ChartNode,
    /// The alias, or the chart's own name.
    pub(crate) name: Arc<str>,
    /// Default values: the chart's own, later with what it imports. Marks are origins after [`Instance::adopt`].
    pub(crate) values: Arc<Map>,
    /// What Chart.yaml declares, renamed and without what is disabled; None switches all processing off.
    pub(crate) dependencies: Option<Vec<Dependency>>,
    pub(crate) children: Vec<Self>,
}

impl<'c> Instance<'c> {
    /// The chart with all its sub-charts, before any is disabled.
    pub(crate) fn new(node: &'c ChartNode) -> Self {
        Self {
            node,
            name: node.metadata.name.as_str().into(),
            values: Arc::clone(&node.values),
            dependencies: node
                .metadata
                .dependencies
                .as_ref()
                .map(|_| node.metadata.declared().cloned().collect()),
            children: node.children.iter().map(Self::new).collect(),
        }
    }

    /// Gives each default value an origin. Call once the tree is final.
    pub(crate) fn adopt(&mut self, table: &mut OriginTable) {
        self.adopt_at(table, &ValuePath::default(), 0);
    }

    fn adopt_at(&mut self, table: &mut OriginTable, path: &ValuePath, depth: usize) {
        let mut adoption = Adoption {
            spans: &self.node.value_spans,
            layer: Layer::chart(depth),
            table,
        };
        self.values = Arc::new(adoption.map(&self.values, path));
        for child in &mut self.children {
            child.adopt_at(table, &path.clone().key(&child.name), depth + 1);
        }
    }

    /// The same tree without any marks.
    pub(crate) fn forget_places(&mut self) {
        // Marks are indices into the chart's own spans here, which mean nothing in a table of origins.
        self.values = Arc::new(without_marks(&self.values));
        self.children.iter_mut().for_each(Self::forget_places);
    }
}
