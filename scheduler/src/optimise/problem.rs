//! What the optimiser is asked: technicians, visits, what binds visits together, and what counts.
//!
//! Only nouns. Places are indices into a [`crate::matrix::Table`]; identifiers are kept for people and for ties.
//! Nothing here has been looked at yet: [`mod@super::refuse`] turns nonsense away before anything is computed.

use std::sync::Arc;

use crate::day::{Id, Need, Skill, Span};
use crate::travel::Point;

use super::profile::Profile;

/// Index of a place in the travel table.
pub type Place = usize;

/// Everything the optimiser looks at. Lists may come in any order: the answer does not depend on it.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    pub technicians: Vec<Technician>,
    pub visits: Vec<Visit>,
    pub links: Vec<Link>,
    pub profile: Profile,
    /// Nothing is planned to start before this instant, Unix seconds.
    pub now_s: Option<i64>,
    /// Visits that stand and start before this instant stay as they stand.
    pub frozen_until_s: Option<i64>,
}

/// Somebody who drives and works.
#[derive(Clone, Debug, Default)]
pub struct Technician {
    pub id: Id,
    /// Where the day's drive begins; none means at the first visit.
    pub start: Option<Place>,
    /// Where it ends; none means at the last visit.
    pub end: Option<Place>,
    pub skills: Vec<Skill>,
    /// One route each; they may lie on different days.
    pub shifts: Vec<Shift>,
    /// Taken in every shift whose span meets one of their windows.
    pub breaks: Vec<Break>,
    /// Neither work nor driving.
    pub absences: Vec<Span>,
    /// Only visits inside one of these polygons; empty means anywhere.
    pub territory: Vec<Vec<Point>>,
    /// Per shift.
    pub max_driving_s: Option<i64>,
    /// Per shift.
    pub max_metres: Option<i64>,
    /// Visits per shift.
    pub max_visits: Option<usize>,
    /// 1000 drives as the table says, 2000 twice as fast.
    pub speed_permille: u32,
    /// What the van holds, by dimension.
    pub capacity: Vec<i64>,
    /// Parts on the van, by name.
    pub parts: Vec<Arc<str>>,
    /// Matched against [`Visit::durations_by_kind`].
    pub kind: Option<Arc<str>>,
    /// Index of the travel table used, where several are given.
    pub table: usize,
    /// Own prices; none takes the profile's.
    pub rates: Option<Rates>,
}

/// Working time with a start, an end and what may come on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    pub span: Span,
    /// How far the route may run past the end of the span, at the price of overtime.
    pub overtime_s: i64,
}

/// Time off inside a shift, to be started in one of the windows, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    pub id: u64,
    pub windows: Vec<Span>,
    pub duration_s: i64,
}

/// What a technician's route costs, in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Once for a route that is not empty.
    pub fixed: i64,
    /// Per hour of driving.
    pub per_hour: i64,
    /// Per hour on site.
    pub per_task_hour: i64,
    /// Per kilometre.
    pub per_km: i64,
}

/// Work at one place.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    pub id: Id,
    pub place: Place,
    /// Where that is, for territories.
    pub point: Option<Point>,
    /// Spent only on arriving from another place.
    pub setup_s: i64,
    pub service_s: i64,
    /// `(kind of technician, setup_s, service_s)` where they differ by kind.
    pub durations_by_kind: Vec<(Arc<str>, i64, i64)>,
    /// When service may start, both ends included; empty means any time.
    pub windows: Vec<Span>,
    /// How late after a window the start may be, at the price of a broken promise.
    pub lateness_s: i64,
    pub needs: Vec<Need>,
    /// 0 to 100; what is lost when it stays out.
    pub priority: u32,
    /// By when service must be over, at a price per minute.
    pub due_s: Option<i64>,
    /// Others who must be there at the same time, with what each needs.
    pub assistants: Vec<Vec<Need>>,
    pub preferred: Vec<Id>,
    pub forbidden: Vec<Id>,
    pub parts: Vec<Arc<str>>,
    pub pin: Pin,
    /// How it stands today.
    pub current: Option<Current>,
    /// The window told to the customer: leaving it is a promise moved.
    pub promised: Option<Span>,
    /// Loaded at the start of the route, by dimension.
    pub delivery: Vec<i64>,
    /// Brought to the end of the route, by dimension.
    pub pickup: Vec<i64>,
}

/// What may not be changed about a visit. A pinned visit is never left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pin {
    pub technician: Option<Id>,
    pub start_s: Option<i64>,
}

impl Pin {
    /// Whether anything is held.
    pub const fn is_free(&self) -> bool {
        self.technician.is_none() && self.start_s.is_none()
    }
}

/// Where a visit stands in the plan that is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    pub technician: Id,
    pub start_s: i64,
    /// Under way already: nothing about it may change.
    pub started: bool,
}

/// What binds visits (indices into [`Problem::visits`]) together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// `second` starts at least `min_gap_s` after the end of `first`, and at most `max_gap_s` after it.
    Order { first: usize, second: usize, min_gap_s: i64, max_gap_s: Option<i64> },
    /// Both start at the same instant, with different technicians.
    SameTime { a: usize, b: usize },
    /// One address, one technician, one after the other in this order.
    Bundle(Vec<usize>),
    /// One technician, `pickup` before `delivery`, the goods on the van between them.
    Carry { pickup: usize, delivery: usize },
}
