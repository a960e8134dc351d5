//! The problem as the search sees it: numbers in rows, nothing to look up by name.
//!
//! Times are seconds since the earliest instant of the problem, so that they fit 32 bits. A *node* is something to
//! be placed (a visit, a bundle of visits, one assistant's part of a visit); a *lane* is what it is placed in (one
//! shift of one technician). Never changes while a plan is made.

use super::solution::Doing;

/// No place, no lane, no node.
pub(crate) const NONE: u32 = u32::MAX;

/// Later than everything.
pub(crate) const NEVER: i32 = i32::MAX / 2;

/// Earlier than everything.
pub(crate) const IMPOSSIBLE: i32 = i32::MIN / 2;

/// Breaks and absences that one lane may hold.
pub(crate) const MAX_PAUSES: usize = 7;

/// Labels of a node: with none, one, two … pauses behind it.
pub(crate) type Labels = [i32; MAX_PAUSES + 1];

/// Both ends included.
pub(crate) type Window = (i32, i32);

/// One drive as the search pays for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leg {
    pub s: i32,
    pub cost: i32,
}

/// Drives of one kind of technician between all places, row by row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Legs {
    pub places: usize,
    pub legs: Vec<Leg>,
    /// The same by column: a visit's drives from everywhere lie side by side.
    pub back: Vec<Leg>,
    /// Metres, where some technician's are limited; else empty.
    pub metres: Vec<u32>,
}

/// Something to be placed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub place: u32,
    /// When service may start, lateness allowed included: by time, none touching another, at least one.
    pub windows: Vec<Window>,
    /// The windows as promised, where lateness is allowed; else empty.
    pub promised: Vec<Window>,
    /// The window the customer was told, where leaving it costs something.
    pub told: Option<Window>,
    /// Paid for past this instant.
    pub due: i32,
    /// Leaving it out costs so much.
    pub unserved: i64,
    /// What is done; several for a bundle.
    pub parts: Vec<Part>,
    /// What the van loses or gains here, by dimension.
    pub load: Load,
}

/// One piece of work inside a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub doing: Doing,
}

/// Goods at a node, by dimension; empty where the problem has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Load {
    /// On the van from the start of the route.
    pub delivery: Vec<i64>,
    /// On the van until its end.
    pub pickup: Vec<i64>,
    /// On the van from the pickup of a carry to its delivery: positive there, negative here.
    pub carry: Vec<i64>,
}

impl Legs {
    /// Drives from `place` to everywhere.
    #[inline]
    pub fn onward(&self, place: u32) -> &[Leg] {
        &self.legs[place as usize * self.places..][..self.places]
    }

    /// Drives from everywhere to `place`.
    #[inline]
    pub fn hither(&self, place: u32) -> &[Leg] {
        &self.back[place as usize * self.places..][..self.places]
    }
}

/// Time on site of every node, for one kind of technician.
#[derive(Clone, Debug, Default)]
pub(crate) struct Durations {
    /// On arrival from another place.
    pub setup: Vec<i32>,
    pub service: Vec<i32>,
}

/// A break or an absence inside a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    pub doing: Doing,
    pub windows: Vec<Window>,
    pub duration: i32,
}

/// One shift of one technician.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    pub technician: u32,
    pub shift: u32,
    /// Index into [`Model::legs`].
    pub class: u32,
    /// Index into [`Model::durations`].
    pub kind: u32,
    pub start: u32,
    pub end: u32,
    pub open: i32,
    /// The route is over by then, overtime included.
    pub close: i32,
    /// Past this instant overtime is paid.
    pub overtime_from: i32,
    /// In the order in which they are taken.
    pub pauses: Vec<Pause>,
    pub max_driving: i32,
    pub max_metres: i64,
    pub max_nodes: usize,
    pub capacity: Vec<i64>,
    /// Paid once for a route that is not empty.
    pub fixed: i64,
    /// Paid per 3600 seconds on site.
    pub per_task_hour: i64,
    /// Lanes with one number are interchangeable while they are empty.
    pub kin: u32,
    /// Holds fixed nodes that cannot all be met in time: it stays as it stands and takes nothing else.
    pub stiff: bool,
}

/// Nodes that come and go together, because their times or technicians depend on each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unit {
    pub nodes: Vec<u32>,
    pub bonds: Vec<Bond>,
}

/// What holds between two nodes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bond {
    /// Start at one instant, in two lanes of two technicians.
    Together { a: u32, b: u32 },
    /// `second` starts between `min` and `max` seconds after `first` ends.
    After { first: u32, second: u32, min: i32, max: i32 },
    /// One lane, `first` before `second`.
    Carry { first: u32, second: u32 },
}

/// What one more minute of something costs, in points.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clocked {
    pub promise_broken: i64,
    pub sla_late: i64,
    pub overtime: i64,
    pub waiting: i64,
    /// Once, for leaving the window that was told.
    pub moved_promise: i64,
    /// Per minute on site above `even_share`.
    pub unfair: i64,
    /// Seconds on site if all lanes worked alike.
    pub even_share: i32,
}

/// The whole problem.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    /// Unix time of second 0.
    pub base_s: i64,
    pub nodes: Vec<Node>,
    pub lanes: Vec<Lane>,
    pub legs: Vec<Legs>,
    pub durations: Vec<Durations>,
    /// Which lanes may take which node: a bit per node, a row per lane.
    pub allowed: Vec<u64>,
    /// What the choice of the lane alone costs, a row per lane; empty where it is always nothing.
    pub choice: Vec<i32>,
    /// Nodes that come and go together; every other node is a unit of its own and not listed.
    pub units: Vec<Unit>,
    /// Index into `units`, or `NONE`.
    pub unit_of: Vec<u32>,
    /// Nodes by nearness in space and time, the nearest first.
    pub near: Vec<Vec<u32>>,
    pub clocked: Clocked,
    /// Whether a cost depends on when something takes place.
    pub has_clocked: bool,
    /// Whether anybody carries anything.
    pub has_loads: bool,
    /// Whether goods are only ever delivered, so that a route's sum says all.
    pub only_delivers: bool,
    /// Whether nothing but drives, windows and sums decides: the quick way of looking for a place will do.
    pub plain: bool,
    /// Whether somebody's metres are limited.
    pub has_metres: bool,
    /// Technician in the plan in force, by node; `NONE` where it is in nobody's.
    pub home: Vec<u32>,
    /// Lane and start that a node may not leave, by node.
    pub fixed: Vec<Option<Fixed>>,
}

/// What a pin or the frozen horizon holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fixed {
    pub lane: u32,
    pub start: i32,
}

impl Model {
    /// The drive between two places for a lane; no place, no drive.
    #[inline]
    pub fn leg(&self, class: u32, from: u32, to: u32) -> Leg {
        if from == NONE || to == NONE {
            return Leg::default();
        }
        let legs = &self.legs[class as usize];
        legs.legs[from as usize * legs.places + to as usize]
    }

    /// The metres of that drive; 0 where nobody's are limited.
    pub fn metres(&self, class: u32, from: u32, to: u32) -> i64 {
        let legs = &self.legs[class as usize];
        if from == NONE || to == NONE || legs.metres.is_empty() {
            return 0;
        }
        i64::from(legs.metres[from as usize * legs.places + to as usize])
    }

    /// Whether `lane` may take `node` at all.
    #[inline]
    pub fn allows(&self, lane: u32, node: u32) -> bool {
        let words = self.nodes.len().div_ceil(64);
        self.allowed[lane as usize * words + node as usize / 64] >> (node % 64) & 1 == 1
    }

    /// What choosing `lane` for `node` costs, drives aside.
    #[inline]
    pub fn choice(&self, lane: u32, node: u32) -> i64 {
        if self.choice.is_empty() {
            return 0;
        }
        i64::from(self.choice[lane as usize * self.nodes.len() + node as usize])
    }

    /// Time on site when coming from `from`.
    #[inline]
    pub fn duration(&self, kind: u32, node: u32, from: u32) -> i32 {
        let durations = &self.durations[kind as usize];
        let service = durations.service[node as usize];
        if durations.setup.is_empty() || self.nodes[node as usize].place == from {
            return service;
        }
        service + durations.setup[node as usize]
    }
}

/// The first instant from `at` on that lies in a window; `NEVER` where there is none.
#[inline]
pub(crate) fn earliest_in(windows: &[Window], at: i32) -> i32 {
    for &(open, close) in windows {
        if at <= close {
            return at.max(open);
        }
    }
    NEVER
}

/// The last instant up to `at` that lies in a window; `IMPOSSIBLE` where there is none.
#[inline]
pub(crate) fn latest_in(windows: &[Window], at: i32) -> i32 {
    for &(open, close) in windows.iter().rev() {
        if at >= open {
            return at.min(close);
        }
    }
    IMPOSSIBLE
}
