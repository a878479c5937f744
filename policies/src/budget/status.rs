//! The arithmetic of the disruption controller.

use super::Demand;
use manifest::IntOrPercent;

/// What the controller writes into a budget's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetStatus {
    /// `expectedPods`.
    pub expected: i64,
    /// `desiredHealthy`.
    pub desired: i64,
    /// `disruptionsAllowed`.
    pub allowed: i64,
}

impl BudgetStatus {
    /// Where the scale of an owner cannot be read, the controller allows nothing.
    pub const SYNC_FAILED: Self = Self {
        expected: 0,
        desired: 0,
        allowed: 0,
    };
}

/// The status of a budget over `pods` matched pods of which `healthy` are ready.
///
/// `scale` is the sum of the scales of the controllers that own the pods; None where one of them has no scale
/// subresource. Percentages round up in both fields, and where no pod is expected no disruption is allowed
/// (kubernetes `pkg/controller/disruption`).
pub fn status(demand: Demand, pods: i64, healthy: i64, scale: Option<i64>) -> BudgetStatus {
    let (expected, desired) = match (demand, scale) {
        (Demand::MinAvailable(IntOrPercent::Int(count)), _) => (pods, count),
        (Demand::Nothing | Demand::Unreadable, _) => (0, 0),
        (_, None) => return BudgetStatus::SYNC_FAILED,
        (Demand::MinAvailable(percent), Some(scale)) => (scale, percent.scaled_up(scale)),
        (Demand::MaxUnavailable(value), Some(scale)) => {
            (scale, scale.saturating_sub(value.scaled_up(scale)).max(0))
        }
    };
    let allowed = if expected <= 0 {
        0
    } else {
        healthy.saturating_sub(desired).max(0)
    };
    BudgetStatus {
        expected,
        desired,
        allowed,
    }
}
