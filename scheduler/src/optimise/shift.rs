//! Small changes to a tour without computing it anew: one node in, a stretch of nodes out.
//!
//! Only for lanes where nothing but drives and windows decides. Times are followed from the change outwards and only
//! as far as they differ. Gives exactly what [`Tour::refresh`] gives.

use super::model::{Lane, Leg, Model, NEVER, earliest_in, latest_in};
use super::tour::{Tour, View};

impl Tour {
    /// Puts a node in; false where some rule is then broken.
    pub fn insert(&mut self, view: View<'_>, lane: u32, (node, position): (u32, usize)) -> bool {
        let model = view.model;
        let index = lane;
        let lane = &model.lanes[lane as usize];
        let place = model.nodes[node as usize].place;
        let before = if position == 0 { lane.start } else { self.places[position - 1] };
        let after = self.places.get(position).copied().unwrap_or(lane.end);
        let (inward, outward) =
            (model.leg(lane.class, before, place), model.leg(lane.class, place, after));
        if self.nodes.is_empty() {
            self.cost = lane.fixed;
        }
        self.paid(self.steps[position], -1);
        self.paid(inward, 1);
        self.paid(outward, 1);
        self.cost += model.choice(index, node);
        self.steps[position] = inward;
        self.steps.insert(position + 1, outward);
        self.nodes.insert(position, node);
        self.places.insert(position, place);
        self.ready.insert(position, NEVER);
        self.late_in.insert(position, NEVER);
        self.late_out.insert(position, NEVER);
        self.deliver(model, lane, node, 1);
        self.forward(view, lane, position, position + 1)
            && self.backward(view, lane, position + 1, position)
    }

    /// Takes `count` nodes out from `first` on.
    pub fn remove(&mut self, view: View<'_>, lane: u32, first: usize, count: usize) {
        let model = view.model;
        let index = lane;
        let lane = &model.lanes[lane as usize];
        for position in first..first + count {
            let node = self.nodes[position];
            self.cost -= model.choice(index, node);
            self.deliver(model, lane, node, -1);
        }
        for position in first..=first + count {
            self.paid(self.steps[position], -1);
        }
        self.nodes.drain(first..first + count);
        self.places.drain(first..first + count);
        self.ready.drain(first..first + count);
        self.late_in.drain(first..first + count);
        self.late_out.drain(first..first + count);
        self.steps.drain(first..first + count);
        if self.nodes.is_empty() {
            (self.cost, self.driving) = (0, 0);
            self.delivered.clear();
            self.steps[0] = Leg::default();
            return;
        }
        let before = if first == 0 { lane.start } else { self.places[first - 1] };
        let after = self.places.get(first).copied().unwrap_or(lane.end);
        self.steps[first] = model.leg(lane.class, before, after);
        self.paid(self.steps[first], 1);
        self.forward(view, lane, first, first);
        self.backward(view, lane, first, first);
    }

    fn paid(&mut self, leg: Leg, sign: i32) {
        self.driving += sign * leg.s;
        self.cost += i64::from(sign) * i64::from(leg.cost);
    }

    fn deliver(&mut self, model: &Model, lane: &Lane, node: u32, sign: i64) {
        if model.only_delivers {
            self.delivered.resize(lane.capacity.len(), 0);
            let load = &model.nodes[node as usize].load.delivery;
            for (sum, amount) in self.delivered.iter_mut().zip(load) {
                *sum += sign * amount;
            }
        }
    }

    /// Earliest departures from `from` on, until one from `settled` on stays as it was.
    fn forward(&mut self, view: View<'_>, lane: &Lane, from: usize, settled: usize) -> bool {
        let count = self.nodes.len();
        let mut at = if from == 0 { lane.open } else { self.ready[from - 1] };
        let mut before = if from == 0 { lane.start } else { self.places[from - 1] };
        for index in from..count {
            let node = self.nodes[index];
            let start = earliest_in(view.windows(node), at.saturating_add(self.steps[index].s));
            if start >= NEVER {
                return false;
            }
            at = start + view.model.duration(lane.kind, node, before);
            if index >= settled && self.ready[index] == at {
                return true;
            }
            self.ready[index] = at;
            before = self.places[index];
        }
        at.saturating_add(self.steps[count].s) <= view.close(lane)
    }

    /// Latest times before `until`, until one before `settled` stays as it was.
    fn backward(&mut self, view: View<'_>, lane: &Lane, until: usize, settled: usize) -> bool {
        let close = view.close(lane);
        let mut limit = self.late_in.get(until).copied().unwrap_or(close);
        for index in (0..until).rev() {
            let node = self.nodes[index];
            let before = if index == 0 { lane.start } else { self.places[index - 1] };
            let leave = limit.saturating_sub(self.steps[index + 1].s);
            let start = leave - view.model.duration(lane.kind, node, before);
            limit = latest_in(view.windows(node), start);
            let same = self.late_out[index] == leave && self.late_in[index] == limit;
            if index < settled && same {
                return true;
            }
            self.late_out[index] = leave;
            self.late_in[index] = limit;
        }
        true
    }
}
