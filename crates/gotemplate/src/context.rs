//! The root dot of each chart: `.Values`, `.Chart`, `.Release`, `.Capabilities`, `.Files`, `.Subcharts`.

use crate::HelmLine;
use crate::input::{ChartContext, RenderInput};
use crate::value::{FilesObject, Item, MapRef, MapType, Object, Val};
use source::{OriginId, Prov, ProvTables};
use std::rc::Rc;
use std::sync::Arc;

/// Go field name, JSON name and value of `.Capabilities.HelmVersion`.
pub(crate) fn helm_version_fields(helm: HelmLine) -> Vec<(&'static str, &'static str, String)> {
    let (version, kube) = match helm {
        HelmLine::V4 => ("v4.2.4", Some("v1.36")),
        HelmLine::V3 => ("v3.21.4", None),
    };
    let mut fields = vec![
        ("Version", "version", version.to_owned()),
        ("GitCommit", "git_commit", String::new()),
        ("GitTreeState", "git_tree_state", String::new()),
        ("GoVersion", "go_version", "go1.26.0".to_owned()),
    ];
    if let Some(kube) = kube {
        fields.push(("KubeClientVersion", "kube_client_version", kube.to_owned()));
    }
    fields
}

/// The dots of all charts, in the order of [`RenderInput::charts`]. All share the maps of the root's values.
pub(crate) fn dots(input: &RenderInput, tables: &mut ProvTables) -> Vec<MapRef> {
    let values = match Val::from_origins(&input.values, tables) {
        Val::Map(map) => map.retyped(MapType::Values),
        _ => MapRef::new(MapType::Values, Default::default()),
    };
    let release: Item = Val::Map(release(input, tables)).into();
    let capabilities = Item {
        val: Object::Capabilities(Rc::new(input.capabilities.clone())).into(),
        prov: prov(tables, input.capabilities.origins[0]),
    };
    let dots: Vec<MapRef> = input
        .charts
        .iter()
        .map(|chart| {
            let entries = [
                ("Chart", chart_object(chart, input.helm, tables)),
                (
                    "Files",
                    Object::Files(FilesObject {
                        files: Arc::clone(&chart.files),
                    })
                    .into(),
                ),
                ("Release", release.clone()),
                ("Capabilities", capabilities.clone()),
                ("Values", values_at(&values, &chart.values_path)),
                ("Subcharts", Val::map([]).into()),
            ];
            let entries = entries
                .into_iter()
                .map(|(key, item)| (Arc::from(key), item))
                .collect();
            MapRef::new(MapType::Values, entries)
        })
        .collect();
    for (chart, dot) in input.charts.iter().zip(&dots) {
        let subcharts = chart.subcharts.iter().filter_map(|(name, index)| {
            let dot = dots.get(*index)?.retyped(MapType::Plain);
            Some((Arc::clone(name), Item::from(Val::Map(dot))))
        });
        dot.insert("Subcharts".into(), Val::map(subcharts).into());
    }
    dots
}

fn prov(tables: &mut ProvTables, origin: u32) -> Prov {
    Prov {
        text: tables.single(OriginId(origin)),
        ..Prov::NONE
    }
}

fn values_at(root: &MapRef, path: &[Arc<str>]) -> Item {
    let mut at = root.clone();
    let mut prov = Prov::NONE;
    for key in path {
        match at.get(key) {
            Some(Item {
                val: Val::Map(map),
                prov: entry,
            }) => {
                at = map;
                prov = entry;
            }
            _ => return Val::Map(MapRef::new(MapType::Values, Default::default())).into(),
        }
    }
    Item {
        val: Val::Map(at.retyped(MapType::Values)),
        prov,
    }
}

fn release(input: &RenderInput, tables: &mut ProvTables) -> MapRef {
    let release = &input.release;
    let [name, namespace, upgrade] = release.origins;
    let entries = [
        ("Name", Val::string(&release.name), name),
        ("Namespace", Val::string(&release.namespace), namespace),
        ("IsUpgrade", Val::Bool(release.is_upgrade), upgrade),
        ("IsInstall", Val::Bool(!release.is_upgrade), upgrade),
        ("Revision", Val::Int(release.revision), 0),
        ("Service", Val::string("Helm"), 0),
    ];
    let entries = entries
        .into_iter()
        .map(|(key, val, origin)| {
            (
                Arc::from(key),
                Item {
                    val,
                    prov: prov(tables, origin),
                },
            )
        })
        .collect();
    MapRef::new(MapType::Plain, entries)
}

fn chart_object(chart: &ChartContext, helm: HelmLine, tables: &mut ProvTables) -> Item {
    let Val::Map(fields) = Val::from_origins(&chart.chart.fields, tables) else {
        return Item::default();
    };
    if let Some(Item { val, prov }) = fields.get("Annotations") {
        let annotations = match val {
            Val::Map(map) => map.retyped(MapType::Strings),
            _ => MapRef::nil(MapType::Strings),
        };
        fields.insert(
            "Annotations".into(),
            Item {
                val: Val::Map(annotations),
                prov,
            },
        );
    }
    match helm {
        HelmLine::V4 => Val::Map(fields).into(),
        HelmLine::V3 => Object::Chart {
            object: Rc::new(chart.chart.clone()),
            fields,
        }
        .into(),
    }
}
