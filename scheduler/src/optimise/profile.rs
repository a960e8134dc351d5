//! What counts, and how much: named, versioned weights, and the cost broken down by the same names.
//!
//! One integer decides, in points. A point is one second of driving in every built-in profile, so that each weight
//! can be read as "how many seconds of driving is this worth". Never changes by itself: another set of weights is
//! another version.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A named set of weights. All are points, none negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub name: Arc<str>,
    /// Grows with every change of a weight.
    pub version: u32,
    /// For every visit left out.
    pub unserved: i64,
    /// For every visit left out, times its priority.
    pub unserved_per_priority: i64,
    /// Per minute that a start lies outside the arrival windows.
    pub promise_broken_per_min: i64,
    /// Per minute after the time a service level asks for.
    pub sla_late_per_min: i64,
    /// Per second of driving.
    pub driving_per_s: i64,
    /// Per kilometre.
    pub distance_per_km: i64,
    /// Per minute past the end of the shift.
    pub overtime_per_min: i64,
    /// Per minute of standing and waiting between the first visit and the last.
    pub waiting_per_min: i64,
    /// Per level above what is asked, over the required skills.
    pub overqualified_per_level: i64,
    /// Per minute by which a route is longer than the average working time of all routes.
    pub unfair_per_min: i64,
    /// For a visit that changes its technician.
    pub moved_technician: i64,
    /// For a visit whose start leaves the window that the customer was told.
    pub moved_promise: i64,
    /// For a visit that does not get one of its preferred technicians or skills.
    pub not_preferred: i64,
    /// For every route that is not empty.
    pub route: i64,
}

impl Profile {
    /// Kept promises first, then calm, then driving: what a dispatcher would choose.
    pub fn field() -> Self {
        Self {
            name: Arc::from("field"),
            version: 1,
            unserved: 40_000,
            unserved_per_priority: 2_000,
            promise_broken_per_min: 600,
            sla_late_per_min: 300,
            driving_per_s: 1,
            distance_per_km: 0,
            overtime_per_min: 180,
            waiting_per_min: 6,
            overqualified_per_level: 240,
            unfair_per_min: 0,
            moved_technician: 900,
            moved_promise: 3_600,
            not_preferred: 600,
            route: 0,
        }
    }

    /// Nothing but the road: total distance, as the public instances are judged.
    pub fn distance() -> Self {
        Self {
            name: Arc::from("distance"),
            version: 1,
            unserved: 100_000_000,
            unserved_per_priority: 0,
            promise_broken_per_min: 0,
            sla_late_per_min: 0,
            driving_per_s: 1,
            distance_per_km: 0,
            overtime_per_min: 0,
            waiting_per_min: 0,
            overqualified_per_level: 0,
            unfair_per_min: 0,
            moved_technician: 0,
            moved_promise: 0,
            not_preferred: 0,
            route: 0,
        }
    }

    /// The order of VROOM's objective: priority served, then visits served, then driving time.
    pub fn vroom() -> Self {
        Self {
            name: Arc::from("vroom"),
            unserved: 20_000_000,
            unserved_per_priority: 20_000_000_000,
            ..Self::distance()
        }
    }

    /// What leaving out a visit of this priority costs.
    pub fn unserved_cost(&self, priority: u32) -> i64 {
        let by_priority = self.unserved_per_priority.saturating_mul(i64::from(priority));
        self.unserved.saturating_add(by_priority)
    }

    /// Whether a cost depends on *when* a visit takes place, not only on who does it and what comes before it.
    pub const fn looks_at_the_clock(&self) -> bool {
        self.waiting_per_min > 0 || self.unfair_per_min > 0
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::field()
    }
}

/// A plan's cost, term by term, in points. The terms have the names of the weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub unserved: i64,
    pub promise_broken: i64,
    pub sla_late: i64,
    pub driving: i64,
    pub distance: i64,
    pub overtime: i64,
    pub waiting: i64,
    pub overqualified: i64,
    pub unfair: i64,
    pub moved: i64,
    pub not_preferred: i64,
    /// Routes that are not empty, and the time on site where a technician has a price for it.
    pub routes: i64,
}

impl Cost {
    /// The one integer that decides.
    pub const fn total(&self) -> i64 {
        self.unserved
            + self.promise_broken
            + self.sla_late
            + self.driving
            + self.distance
            + self.overtime
            + self.waiting
            + self.overqualified
            + self.unfair
            + self.moved
            + self.not_preferred
            + self.routes
    }
}
