//! PodDisruptionBudgets as the disruption controller and the eviction API treat them.

mod eviction;
mod groups;
mod selection;
mod status;

pub use eviction::{Eviction, EvictionPolicy, GuardedBy, evict, ignores_budgets};
pub use groups::{Autoscaler, PodGroup, Scaling, pod_groups};
pub use selection::{Selection, Size};
pub use status::{BudgetStatus, status};

use crate::facts::Facts;
use manifest::{FieldAt, FieldPath, IntOrPercent, LabelSelector, Object};
use yaml::{Map, Value};

/// A budget and what it asks for.
#[derive(Debug, Clone)]
pub struct Budget<'a> {
    pub object: &'a Object,
    pub demand: Demand,
    selector: Option<LabelSelector>,
}

/// What a budget demands of the pods that it selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    MinAvailable(IntOrPercent),
    MaxUnavailable(IntOrPercent),
    /// Neither field is set: the controller then expects no pod and allows no disruption.
    Nothing,
    /// A value that the API refuses (`minAvailable: "1"`).
    Unreadable,
}

impl Demand {
    /// Whether the controller has to ask the pods' owners for their scale.
    pub fn needs_scale(self) -> bool {
        matches!(
            self,
            Self::MaxUnavailable(_) | Self::MinAvailable(IntOrPercent::Percent(_))
        )
    }
}

impl<'a> Budget<'a> {
    /// The budgets that the chart renders.
    pub fn rendered(facts: &Facts<'a>) -> Vec<Self> {
        facts
            .of_kind("policy", "PodDisruptionBudget")
            .map(Self::of)
            .collect()
    }

    /// The budgets that are there after the upgrade, the rendered ones first.
    pub fn after_upgrade(facts: &Facts<'a>) -> Vec<Self> {
        facts
            .after_upgrade("policy", "PodDisruptionBudget")
            .into_iter()
            .map(Self::of)
            .collect()
    }

    /// Reads a budget. Like the controller, `maxUnavailable` counts where both fields are set.
    pub fn of(object: &'a Object) -> Self {
        let field = |key: &str| object.at(&["spec", key]).filter(|value| !value.is_null());
        let read = |value: &Value, demand: fn(IntOrPercent) -> Demand| {
            IntOrPercent::from_value(value).map_or(Demand::Unreadable, demand)
        };
        let demand = match (field("maxUnavailable"), field("minAvailable")) {
            (Some(value), _) => read(value, Demand::MaxUnavailable),
            (None, Some(value)) => read(value, Demand::MinAvailable),
            (None, None) => Demand::Nothing,
        };
        // In v1beta1 an empty selector selects no pod, as a missing one does in every version.
        let selector = object
            .selector()
            .filter(|selector| !selector.is_empty() || object.version() != "v1beta1");
        Self {
            object,
            demand,
            selector,
        }
    }

    /// Whether it selects pods of a namespace with these labels.
    pub fn selects(&self, namespace: Option<&str>, labels: Option<&Map>) -> bool {
        self.object.namespace() == namespace
            && self
                .selector
                .as_ref()
                .is_some_and(|selector| selector.matches(labels))
    }

    /// The groups of pods that it selects.
    pub fn selection<'g>(&self, groups: &'g [PodGroup<'a>]) -> Selection<'g, 'a> {
        let selected = |group: &&PodGroup<'a>| {
            group
                .labels
                .iter()
                .any(|labels| self.selects(group.id.namespace.as_deref(), *labels))
        };
        Selection {
            groups: groups.iter().filter(selected).collect(),
        }
    }

    /// `minAvailable` or `maxUnavailable`, whichever counts; None where neither is set.
    pub fn demand_key(&self) -> Option<&'static str> {
        let is_set = |key: &&str| {
            self.object
                .at(&["spec", key])
                .is_some_and(|value| !value.is_null())
        };
        ["maxUnavailable", "minAvailable"].into_iter().find(is_set)
    }

    /// The field that demands, else the spec.
    pub fn demand_field(&self) -> FieldAt<'a> {
        FieldAt::new(
            self.object,
            FieldPath::keys(["spec"].into_iter().chain(self.demand_key())),
        )
    }

    /// `maxUnavailable 1`, `minAvailable 50%`, as messages say it.
    pub fn demand_text(&self) -> String {
        match self.demand {
            Demand::MinAvailable(value) => format!("minAvailable {value}"),
            Demand::MaxUnavailable(value) => format!("maxUnavailable {value}"),
            Demand::Nothing => "neither minAvailable nor maxUnavailable".to_owned(),
            Demand::Unreadable => {
                format!("an unreadable {}", self.demand_key().unwrap_or("demand"))
            }
        }
    }

    /// What the status becomes when all selected pods are healthy; None where the number of pods is unknown and
    /// matters, and for budgets that the API refuses.
    pub fn status_of(&self, selection: &Selection<'_, 'a>, size: Size) -> Option<BudgetStatus> {
        let scale = selection.scale(size);
        if self.demand == Demand::Unreadable {
            return None;
        }
        if self.demand.needs_scale() && scale.is_none() {
            return Some(BudgetStatus::SYNC_FAILED);
        }
        let pods = selection.pods(size)?;
        Some(status(self.demand, pods, pods, scale))
    }
}
