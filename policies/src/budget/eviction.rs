//! What the eviction API answers.

use super::BudgetStatus;
use manifest::Object;

/// The answer to an eviction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eviction {
    Allowed,
    /// 429: the budget does not allow it now.
    Refused,
    /// 500: more than one budget selects the pod.
    SeveralBudgets,
}

/// `spec.unhealthyPodEvictionPolicy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvictionPolicy {
    /// The default.
    IfHealthyBudget,
    AlwaysAllow,
}

impl EvictionPolicy {
    pub fn of(budget: &Object) -> Self {
        match budget.str_at(&["spec", "unhealthyPodEvictionPolicy"]) {
            Some("AlwaysAllow") => Self::AlwaysAllow,
            _ => Self::IfHealthyBudget,
        }
    }
}

/// A budget that selects the pod, as its status is.
#[derive(Debug, Clone, Copy)]
pub struct GuardedBy {
    pub status: BudgetStatus,
    /// `currentHealthy`.
    pub healthy: i64,
    pub policy: EvictionPolicy,
}

/// Whether the eviction API looks at no budget for a pod: it is finished, not started, or on its way out.
pub fn ignores_budgets(pod: &Object) -> bool {
    let phase = pod.str_at(&["status", "phase"]);
    matches!(phase, Some("Pending" | "Succeeded" | "Failed"))
        || pod
            .at(&["metadata", "deletionTimestamp"])
            .is_some_and(|value| !value.is_null())
}

/// The answer for a pod that budgets concern (see [`ignores_budgets`]); `budgets` are those that select it.
pub fn evict(ready: bool, budgets: &[GuardedBy]) -> Eviction {
    let budget = match budgets {
        [] => return Eviction::Allowed,
        [budget] => budget,
        _ => return Eviction::SeveralBudgets,
    };
    let unhealthy_may_go = match budget.policy {
        EvictionPolicy::AlwaysAllow => true,
        EvictionPolicy::IfHealthyBudget => {
            budget.status.desired > 0 && budget.healthy >= budget.status.desired
        }
    };
    let allowed = budget.status.allowed > 0 || (!ready && unhealthy_may_go);
    if allowed {
        Eviction::Allowed
    } else {
        Eviction::Refused
    }
}
