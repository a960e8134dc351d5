//! What the optimiser answers: routes with times, visits that stay out with the reason, and the cost by term.

use crate::day::Span;

use super::profile::Cost;

/// A plan. Routes stand in the order of technicians and shifts; empty ones are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Solution {
    pub routes: Vec<Route>,
    pub unserved: Vec<Unserved>,
    pub cost: Cost,
    /// Steps of the search that led here.
    pub steps: u64,
}

/// One technician's shift.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Index into the problem's technicians.
    pub technician: usize,
    /// Index into the technician's shifts.
    pub shift: usize,
    /// Leaving the start, as late as the first stop allows.
    pub start_s: i64,
    /// Arriving at the end.
    pub end_s: i64,
    pub stops: Vec<RouteStop>,
    /// Driving in all, the way to the end included.
    pub driving_s: i64,
    pub metres: i64,
    /// Driving after the last stop.
    pub home_driving_s: i64,
    pub home_metres: i64,
}

/// What happens at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doing {
    /// Index into the problem's visits.
    Visit(usize),
    /// Helping at a visit: which, and the how-manieth of its assistants.
    Assist(usize, usize),
    /// Index into the technician's breaks.
    Break(usize),
    /// Index into the technician's absences.
    Absence(usize),
}

/// One stop of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteStop {
    pub doing: Doing,
    /// At the door; waiting, if any, lies between this and `start_s`.
    pub arrive_s: i64,
    /// Service begins, setup included.
    pub start_s: i64,
    pub end_s: i64,
    /// Driving since the stop before, interrupted by breaks or not.
    pub driving_s: i64,
    pub metres: i64,
}

/// A visit that stays out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unserved {
    /// Index into the problem's visits.
    pub visit: usize,
    pub reasons: Vec<Reason>,
    /// The smallest change that would admit it, where one change is enough.
    pub change: Option<Change>,
}

/// Why a technician cannot take a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody of these (indices of technicians) has the skill.
    Skill { technicians: Vec<usize>, tag: std::sync::Arc<str>, needed: u8, best: u8 },
    /// Outside the territory, forbidden, without the part, or held by a pin.
    NotAllowed { technicians: Vec<usize>, what: NotAllowed },
    /// No shift shares time with the windows.
    NotWorking { technicians: Vec<usize>, window: Option<Span> },
    /// Even with nothing else to do, the drive or the time on site does not fit.
    OutOfReach { technicians: Vec<usize> },
    /// Others are served in that time; `least_s` is what the fullest day lacks at least.
    Full { technicians: Vec<usize>, least_s: i64 },
}

/// The rule behind [`Reason::NotAllowed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotAllowed {
    Territory,
    Forbidden,
    Part,
    Pinned,
    Capacity,
}

/// One change that would be enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A technician with one skill more, or at a higher level.
    Skill { technician: usize, tag: std::sync::Arc<str>, level: u8 },
    /// A window that opens so much earlier, or else closes so much later.
    Window { technician: usize, earlier: bool, by_s: i64 },
    /// The shift made longer by so much.
    Shift { technician: usize, by_s: i64 },
    /// Another visit left out instead.
    Instead { technician: usize, of: usize },
}
