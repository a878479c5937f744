//! Go types with fields or methods of their own that templates can meet.

use super::{Item, MapRef, Val};
use crate::HelmLine;
use crate::input::{Capabilities, ChartObject, FileData};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// `.Files`: path to content.
#[derive(Debug, Clone)]
pub(crate) struct FilesObject {
    pub(crate) files: Arc<BTreeMap<String, FileData>>,
}

/// What `genCA` and kin return: PEM texts.
#[derive(Debug, Clone)]
pub(crate) struct Certificate {
    pub(crate) cert: String,
    pub(crate) key: String,
}

/// A value of a Go struct, pointer or named type.
#[derive(Debug, Clone)]
pub(crate) enum Object {
    Files(FilesObject),
    Capabilities(Rc<Capabilities>),
    KubeVersion(Rc<Capabilities>),
    HelmVersion,
    /// Helm 3's `.Chart` struct; `fields` is the map of its fields.
    Chart {
        object: Rc<ChartObject>,
        fields: MapRef,
    },
    Certificate(Certificate),
    /// `*semver.Version`
    Semver(version::Version),
    /// `time.Time`, with its zone; `wall` is false for `now`, whose text also shows a monotonic reading.
    Time(crate::functions::dates::Time),
}

impl Object {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Files(_) => "map",
            Self::Semver(_) | Self::Capabilities(_) => "ptr",
            Self::KubeVersion(_)
            | Self::HelmVersion
            | Self::Chart { .. }
            | Self::Certificate(_)
            | Self::Time(_) => "struct",
        }
    }

    pub(crate) fn type_name(&self, helm: HelmLine) -> &'static str {
        match (self, helm) {
            (Self::Files(_), _) => "engine.files",
            (Self::Capabilities(_), HelmLine::V4) => "*common.Capabilities",
            (Self::Capabilities(_), HelmLine::V3) => "*chartutil.Capabilities",
            (Self::KubeVersion(_), HelmLine::V4) => "common.KubeVersion",
            (Self::KubeVersion(_), HelmLine::V3) => "chartutil.KubeVersion",
            (Self::HelmVersion, _) => "version.BuildInfo",
            (Self::Chart { .. }, _) => "struct { chart.Metadata; IsRoot bool }",
            (Self::Certificate(_), _) => "sprig.certificate",
            (Self::Semver(_), _) => "*semver.Version",
            (Self::Time(_), _) => "time.Time",
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Files(files) => !files.files.is_empty(),
            _ => true,
        }
    }
}

impl From<Object> for Val {
    fn from(object: Object) -> Self {
        Self::Object(Rc::new(object))
    }
}

impl From<Object> for Item {
    fn from(object: Object) -> Self {
        Val::from(object).into()
    }
}
