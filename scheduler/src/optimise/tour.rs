//! One lane's nodes in their order, with what is needed to judge a change in constant time.
//!
//! For every node: the earliest departure from it, and the latest arrival and departure that leave the rest of the
//! tour possible, one label for each number of pauses taken by then (Savelsbergh 1992 for the idea of forward and
//! backward times). Starting as early as possible is always best for feasibility, so the labels are exact for any
//! number of windows.

use super::gap::{HOPELESS, UNREACHED, arrivals, departures, meets};
use super::model::{IMPOSSIBLE, Labels, Lane, Leg, Model, NEVER, Window, earliest_in, latest_in};

/// The problem, and the starts that are held while nodes that depend on each other stand in the plan.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub model: &'a Model,
    /// By node; `NEVER` first where the node is free. Empty where nothing is ever held.
    pub held: &'a [Window],
    /// Seconds by which every lane may end later: for asking "what if".
    pub stretch: i32,
}

impl<'a> View<'a> {
    /// When a lane is over at the latest.
    #[inline]
    pub const fn close(&self, lane: &Lane) -> i32 {
        lane.close.saturating_add(self.stretch)
    }

    /// When the node's service may start.
    #[inline]
    pub fn windows(&self, node: u32) -> &'a [Window] {
        match self.held.get(node as usize) {
            Some(window) if window.0 != NEVER => std::slice::from_ref(window),
            _ => &self.model.nodes[node as usize].windows,
        }
    }
}

/// The nodes of a lane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tour {
    pub nodes: Vec<u32>,
    pub(super) places: Vec<u32>,
    /// Earliest departures; `labels` of them per node.
    pub(super) ready: Vec<i32>,
    /// Latest arrivals, coming from the present predecessor.
    pub(super) late_in: Vec<i32>,
    /// Latest departures.
    pub(super) late_out: Vec<i32>,
    pub(super) labels: usize,
    /// The drive to each node, and to the end.
    pub(super) steps: Vec<Leg>,
    /// What is delivered in all, by dimension.
    pub(super) delivered: Vec<i64>,
    pub driving: i32,
    pub metres: i64,
    pub cost: i64,
    /// The part of the cost that looks at the clock.
    pub(super) clocked: i64,
    /// Never the same for two different contents.
    pub version: u32,
}

impl Tour {
    /// Recomputes everything from `nodes`; false where some rule is broken, and the tour is then of no use.
    pub fn refresh(&mut self, view: View<'_>, lane: u32, version: u32) -> bool {
        let model = view.model;
        let lane_index = lane;
        let lane = &model.lanes[lane as usize];
        self.version = version;
        self.labels = lane.pauses.len() + 1;
        self.places.clear();
        self.places.extend(self.nodes.iter().map(|node| model.nodes[*node as usize].place));
        self.sum(model, lane_index, lane);
        if lane.stiff {
            return true;
        }
        let in_time = if lane.pauses.is_empty() {
            self.times(view, lane)
        } else {
            self.all_times(view, lane)
        };
        if !in_time
            || self.driving > lane.max_driving
            || self.metres > lane.max_metres
            || self.nodes.len() > lane.max_nodes
            || !self.carries(model, lane)
        {
            return false;
        }
        if model.has_clocked {
            self.clocked = super::timetable::clocked_cost(view, lane, self.nodes.iter().copied());
            self.cost += self.clocked;
        }
        true
    }

    /// Whether the van holds everything at every moment.
    fn carries(&self, model: &Model, lane: &Lane) -> bool {
        if model.only_delivers {
            return self
                .delivered
                .iter()
                .zip(&lane.capacity)
                .all(|(sum, capacity)| sum <= capacity);
        }
        !model.has_loads || super::load::fits(model, lane, self.nodes.iter().copied())
    }

    /// Drives, metres and every cost that needs no clock.
    fn sum(&mut self, model: &Model, index: u32, lane: &Lane) {
        (self.driving, self.metres, self.cost, self.clocked) = (0, 0, 0, 0);
        self.steps.clear();
        self.delivered.clear();
        if self.nodes.is_empty() {
            self.steps.push(Leg::default());
            return;
        }
        if model.only_delivers {
            let sum = |dimension: usize| {
                let loads = self.nodes.iter().map(|node| &model.nodes[*node as usize].load);
                loads.map(|load| load.delivery.get(dimension).copied().unwrap_or(0)).sum::<i64>()
            };
            self.delivered.extend((0..lane.capacity.len()).map(sum));
        }
        let mut from = lane.start;
        for &place in self.places.iter().chain(std::iter::once(&lane.end)) {
            let leg = model.leg(lane.class, from, place);
            self.steps.push(leg);
            self.driving = self.driving.saturating_add(leg.s);
            self.cost += i64::from(leg.cost);
            if model.has_metres {
                self.metres += model.metres(lane.class, from, place);
            }
            from = place;
        }
        self.cost += lane.fixed;
        self.cost += self.nodes.iter().map(|node| model.choice(index, *node)).sum::<i64>();
    }

    /// Forward and backward times of a lane without pauses.
    fn times(&mut self, view: View<'_>, lane: &Lane) -> bool {
        let model = view.model;
        let count = self.nodes.len();
        self.ready.resize(count, 0);
        self.late_in.resize(count, 0);
        self.late_out.resize(count, 0);
        let (mut at, mut from) = (lane.open, lane.start);
        for (index, &node) in self.nodes.iter().enumerate() {
            let arrive = at.saturating_add(self.steps[index].s);
            let start = earliest_in(view.windows(node), arrive);
            if start >= NEVER {
                return false;
            }
            at = start + model.duration(lane.kind, node, from);
            self.ready[index] = at;
            from = self.places[index];
        }
        if count > 0 && at.saturating_add(self.steps[count].s) > view.close(lane) {
            return false;
        }
        let mut limit = view.close(lane);
        for index in (0..count).rev() {
            let leave = limit.saturating_sub(self.steps[index + 1].s);
            let before = if index == 0 { lane.start } else { self.places[index - 1] };
            let node = self.nodes[index];
            let start = leave - model.duration(lane.kind, node, before);
            self.late_out[index] = leave;
            limit = latest_in(view.windows(node), start);
            self.late_in[index] = limit;
        }
        true
    }

    /// The same where there are pauses.
    fn all_times(&mut self, view: View<'_>, lane: &Lane) -> bool {
        let (model, labels, count) = (view.model, self.labels, self.nodes.len());
        self.ready.resize(count * labels, 0);
        self.late_in.resize(count * labels, 0);
        self.late_out.resize(count * labels, 0);
        let (mut leave, mut from) = (setting_out(lane), lane.start);
        for (index, &node) in self.nodes.iter().enumerate() {
            let place = self.places[index];
            let arrive = arrivals(&lane.pauses, &leave, model.leg(lane.class, from, place).s);
            let duration = model.duration(lane.kind, node, from);
            leave = served(view.windows(node), &arrive, duration, labels);
            self.ready[index * labels..][..labels].copy_from_slice(&leave[..labels]);
            from = place;
        }
        let home = arriving_home(view, lane);
        let drive = model.leg(lane.class, from, lane.end).s;
        if count > 0 && !meets(&lane.pauses, &leave, drive, &home) {
            return false;
        }
        let (mut until, mut to) = (home, lane.end);
        for index in (0..count).rev() {
            let place = self.places[index];
            let leave = departures(&lane.pauses, &until, model.leg(lane.class, place, to).s);
            let before = if index == 0 { lane.start } else { self.places[index - 1] };
            let node = self.nodes[index];
            let duration = model.duration(lane.kind, node, before);
            until = last_calls(view.windows(node), &leave, duration, labels);
            self.late_out[index * labels..][..labels].copy_from_slice(&leave[..labels]);
            self.late_in[index * labels..][..labels].copy_from_slice(&until[..labels]);
            to = place;
        }
        true
    }
}

pub(super) fn widened(labels: &[i32], mut rest: Labels) -> Labels {
    rest[..labels.len()].copy_from_slice(labels);
    rest
}

/// Departures from the lane's start.
pub(crate) fn setting_out(lane: &Lane) -> Labels {
    let mut leave = UNREACHED;
    leave[0] = lane.open;
    leave
}

/// Latest arrivals at the lane's end: every pause has been taken by then.
pub(super) fn arriving_home(view: View<'_>, lane: &Lane) -> Labels {
    let mut until = HOPELESS;
    until[lane.pauses.len()] = view.close(lane);
    until
}

/// Departures after service, for arrivals.
pub(crate) fn served(windows: &[Window], arrive: &Labels, duration: i32, labels: usize) -> Labels {
    let mut leave = UNREACHED;
    for taken in 0..labels {
        let start = earliest_in(windows, arrive[taken]);
        if arrive[taken] < NEVER && start < NEVER {
            leave[taken] = start + duration;
        }
    }
    leave
}

/// Latest arrivals before service, for latest departures.
pub(super) fn last_calls(
    windows: &[Window],
    leave: &Labels,
    duration: i32,
    labels: usize,
) -> Labels {
    let mut until = HOPELESS;
    for taken in 0..labels {
        if leave[taken] > IMPOSSIBLE {
            until[taken] = latest_in(windows, leave[taken].saturating_sub(duration));
        }
    }
    until
}
