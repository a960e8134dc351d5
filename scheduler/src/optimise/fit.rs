//! Where a node would fit into a tour, and at what cost: the question the search asks millions of times.
//!
//! Constant time per position, unless something carries goods or looks at the clock. Changes nothing.

use super::gap::{HOPELESS, UNREACHED, arrivals, departures, meets};
use super::model::{IMPOSSIBLE, Lane, Leg, Model, NEVER, Window, earliest_in, latest_in};
use super::tour::{Tour, View, arriving_home, last_calls, served, setting_out, widened};

/// Where a node would go, and what that adds to the cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub delta: i64,
    pub position: u32,
}

/// What is asked of a tour.
struct Ask<'a> {
    view: View<'a>,
    lane: &'a Lane,
    node: u32,
    place: u32,
    windows: &'a [Window],
}

impl Tour {
    /// The cheapest place for `node`, where there is one that costs less than `bound` and breaks no rule.
    pub fn cheapest(&self, view: View<'_>, lane: u32, node: u32, bound: i64) -> Option<Spot> {
        let mut best: Option<Spot> = None;
        self.spots(view, lane, node, bound, |spot| {
            best = Some(spot);
            spot.delta
        });
        best
    }

    /// Every place for `node` that costs less than a bound, which `found` may lower by what it answers.
    pub fn spots(
        &self,
        view: View<'_>,
        lane: u32,
        node: u32,
        bound: i64,
        mut found: impl FnMut(Spot) -> i64,
    ) {
        let model = view.model;
        let index = lane;
        let lane = &model.lanes[lane as usize];
        if self.nodes.len() >= lane.max_nodes || lane.stiff {
            return;
        }
        let fixed = if self.nodes.is_empty() { lane.fixed } else { 0 };
        let base = fixed + model.choice(index, node);
        let place = model.nodes[node as usize].place;
        let windows = view.windows(node);
        let last = windows.last().map_or(IMPOSSIBLE, |window| window.1);
        let ask = Ask { view, lane, node, place, windows };
        if model.only_delivers && !self.holds(model, lane, node) {
            return;
        }
        if model.plain && lane.pauses.is_empty() {
            return self.plain_spots(&ask, base, bound, found);
        }
        let mut bound = bound;
        for position in 0..=self.nodes.len() {
            let (from, to) = self.around(lane, position);
            if position > 0 {
                let ready = &self.ready[(position - 1) * self.labels..][..self.labels];
                if ready.iter().all(|ready| *ready > last) {
                    break;
                }
            }
            let inward = model.leg(lane.class, from, place);
            let outward = model.leg(lane.class, place, to);
            let skipped = if self.nodes.is_empty() {
                Leg::default()
            } else {
                model.leg(lane.class, from, to)
            };
            let added = i64::from(inward.cost) + i64::from(outward.cost) - i64::from(skipped.cost);
            let mut delta = base + added;
            if delta >= bound
                || self.driving + inward.s + outward.s - skipped.s > lane.max_driving
                || !self.in_time(&ask, position, from, (inward.s, outward.s))
                || !self.limits(&ask, position, (from, to))
            {
                continue;
            }
            if model.has_clocked {
                delta = base + added + self.clocked_delta(&ask, position);
                if delta >= bound {
                    continue;
                }
            }
            bound = found(Spot { delta, position: position as u32 });
        }
    }

    /// The same where nothing but drives and windows decides.
    fn plain_spots(
        &self,
        ask: &Ask<'_>,
        base: i64,
        mut bound: i64,
        mut found: impl FnMut(Spot) -> i64,
    ) {
        let (model, lane) = (ask.view.model, ask.lane);
        let legs = &model.legs[lane.class as usize];
        let (hither, onward) = (legs.hither(ask.place), legs.onward(ask.place));
        let leg = |row: &[Leg], place: u32| row.get(place as usize).copied().unwrap_or_default();
        let service = model.duration(lane.kind, ask.node, ask.place);
        let (first, last) = match ask.windows {
            [] => return,
            [first, .., last] => (first.0, last.1),
            [only] => *only,
        };
        let single = ask.windows.len() == 1;
        let spare = lane.max_driving - self.driving;
        let (mut leave, mut from) = (lane.open, lane.start);
        let count = self.nodes.len();
        for position in 0..=count {
            if leave > last {
                break;
            }
            let limit =
                if position < count { self.late_in[position] } else { ask.view.close(lane) };
            let to = if position < count { self.places[position] } else { lane.end };
            if first + service <= limit {
                let (inward, outward) = (leg(hither, from), leg(onward, to));
                let skipped = self.steps[position];
                let delta = base + i64::from(inward.cost) + i64::from(outward.cost)
                    - i64::from(skipped.cost);
                if delta < bound && inward.s + outward.s - skipped.s <= spare {
                    let arrive = leave.saturating_add(inward.s);
                    let start = match single {
                        true if arrive > last => NEVER,
                        true => arrive.max(first),
                        false => earliest_in(ask.windows, arrive),
                    };
                    if start < NEVER && (start + service).saturating_add(outward.s) <= limit {
                        bound = found(Spot { delta, position: position as u32 });
                    }
                }
            }
            if position < count {
                (leave, from) = (self.ready[position], to);
            }
        }
    }

    /// Whether the van has room for one more delivery.
    fn holds(&self, model: &Model, lane: &Lane, node: u32) -> bool {
        let more = &model.nodes[node as usize].load.delivery;
        lane.capacity.iter().zip(more).enumerate().all(|(dimension, (capacity, more))| {
            self.delivered.get(dimension).copied().unwrap_or(0) + more <= *capacity
        })
    }

    /// The places before and after a position.
    fn around(&self, lane: &Lane, position: usize) -> (u32, u32) {
        let from = if position == 0 { lane.start } else { self.places[position - 1] };
        (from, self.places.get(position).copied().unwrap_or(lane.end))
    }

    /// Whether the node fits in time before `position`.
    #[inline]
    fn in_time(
        &self,
        ask: &Ask<'_>,
        position: usize,
        from: u32,
        (inward_s, outward_s): (i32, i32),
    ) -> bool {
        let lane = ask.lane;
        if !lane.pauses.is_empty() {
            return self.in_time_with_pauses(ask, position, from, (inward_s, outward_s));
        }
        let model = ask.view.model;
        let leave = if position == 0 { lane.open } else { self.ready[position - 1] };
        let start = earliest_in(ask.windows, leave.saturating_add(inward_s));
        if start >= NEVER {
            return false;
        }
        let leave = start + model.duration(lane.kind, ask.node, from);
        let limit = match self.nodes.get(position) {
            None => ask.view.close(lane),
            Some(&next) => {
                let duration = model.duration(lane.kind, next, ask.place);
                if duration == model.duration(lane.kind, next, from) {
                    self.late_in[position]
                } else {
                    latest_in(ask.view.windows(next), self.late_out[position] - duration)
                }
            }
        };
        leave.saturating_add(outward_s) <= limit
    }

    fn in_time_with_pauses(
        &self,
        ask: &Ask<'_>,
        position: usize,
        from: u32,
        (inward_s, outward_s): (i32, i32),
    ) -> bool {
        let (lane, model, labels) = (ask.lane, ask.view.model, self.labels);
        let leave = if position == 0 {
            setting_out(lane)
        } else {
            widened(&self.ready[(position - 1) * labels..][..labels], UNREACHED)
        };
        let arrive = arrivals(&lane.pauses, &leave, inward_s);
        let duration = model.duration(lane.kind, ask.node, from);
        let leave = served(ask.windows, &arrive, duration, labels);
        let until = match self.nodes.get(position) {
            None => arriving_home(ask.view, lane),
            Some(&next) => {
                let duration = model.duration(lane.kind, next, ask.place);
                let out = widened(&self.late_out[position * labels..][..labels], HOPELESS);
                last_calls(ask.view.windows(next), &out, duration, labels)
            }
        };
        meets(&lane.pauses, &leave, outward_s, &until)
    }

    /// Rules that hold for the tour as a whole.
    fn limits(&self, ask: &Ask<'_>, position: usize, (from, to): (u32, u32)) -> bool {
        let (model, lane) = (ask.view.model, ask.lane);
        if model.has_metres {
            let metres = |from, to| model.metres(lane.class, from, to);
            let skipped = if self.nodes.is_empty() { 0 } else { metres(from, to) };
            let added = metres(from, ask.place) + metres(ask.place, to) - skipped;
            if self.metres + added > lane.max_metres {
                return false;
            }
        }
        !model.has_loads
            || model.only_delivers
            || super::load::fits(model, lane, self.with(ask.node, position))
    }

    fn clocked_delta(&self, ask: &Ask<'_>, position: usize) -> i64 {
        let nodes = self.with(ask.node, position);
        super::timetable::clocked_cost(ask.view, ask.lane, nodes) - self.clocked
    }

    /// The nodes as they would be.
    fn with(&self, node: u32, position: usize) -> impl Iterator<Item = u32> + Clone + '_ {
        let (before, after) = self.nodes.split_at(position);
        before.iter().copied().chain(std::iter::once(node)).chain(after.iter().copied())
    }

    /// First and last start that the tour leaves open to `node` before `position`.
    pub fn leeway(&self, view: View<'_>, lane: u32, node: u32, position: usize) -> Option<Window> {
        let model = view.model;
        let lane = &model.lanes[lane as usize];
        let labels = self.labels.max(1);
        let (from, to) = self.around(lane, position);
        let place = model.nodes[node as usize].place;
        let leave = if position == 0 {
            setting_out(lane)
        } else {
            widened(&self.ready[(position - 1) * labels..][..labels], UNREACHED)
        };
        let arrive = arrivals(&lane.pauses, &leave, model.leg(lane.class, from, place).s);
        let windows = view.windows(node);
        let until = match self.nodes.get(position) {
            None => arriving_home(view, lane),
            Some(&next) => {
                let duration = model.duration(lane.kind, next, place);
                let out = widened(&self.late_out[position * labels..][..labels], HOPELESS);
                last_calls(view.windows(next), &out, duration, labels)
            }
        };
        let leave = departures(&lane.pauses, &until, model.leg(lane.class, place, to).s);
        let duration = model.duration(lane.kind, node, from);
        let latest = last_calls(windows, &leave, duration, labels);
        (0..labels)
            .map(|taken| (earliest_in(windows, arrive[taken]), latest[taken]))
            .filter(|(first, last)| *first < NEVER && first <= last)
            .min()
    }

    /// The last start within `windows` that what follows the node at `at` leaves open.
    pub fn latest_start(&self, model: &Model, lane: u32, at: usize, windows: &[Window]) -> i32 {
        let lane = &model.lanes[lane as usize];
        let before = if at == 0 { lane.start } else { self.places[at - 1] };
        let duration = model.duration(lane.kind, self.nodes[at], before);
        let latest = self.late_out[at * self.labels..][..self.labels].iter();
        let starts = latest
            .filter(|leave| **leave > IMPOSSIBLE)
            .map(|leave| latest_in(windows, leave - duration));
        starts.max().unwrap_or(IMPOSSIBLE)
    }
}
