//! A whole plan under change: tours, who is absent, and the way back.
//!
//! Everything a step of the search may do to a plan goes through here, so that it can be taken back exactly. What a
//! node would cost in a lane is remembered until the lane's content changes.

use super::fit::Spot;
pub(crate) use super::kept::{Kept, Share};
use super::model::{Model, NEVER, NONE, Window};
use super::tour::{Tour, View};

/// What is known of a node and a lane: the tour's version for which it holds, and the cheapest spot.
#[derive(Clone, Copy)]
struct Known {
    version: u32,
    position: u32,
    delta: i64,
}

const NOWHERE: u32 = u32::MAX;

/// A plan.
pub(crate) struct Plan<'m> {
    pub model: &'m Model,
    pub share: Share,
    /// By lane; lanes outside the share are empty.
    pub tours: Vec<Tour>,
    /// By node; `NONE` where absent or outside the share.
    pub lane_of: Vec<u32>,
    /// Nodes that are left out, in no particular order.
    pub absent: Vec<u32>,
    pub(super) held: Vec<Window>,
    /// Drives, choices, clocked costs and what is left out.
    pub cost: i64,
    /// The same, with what is left out at the price of the moment: the search goes by this.
    pub felt: i64,
    /// Nodes that are not with the technician who has them in the plan in force.
    pub moved: usize,
    /// What leaving a node out is felt to cost now, by node.
    losses: &'m [i64],
    known: Vec<Known>,
    local_node: Vec<u32>,
    local_lane: Vec<u32>,
    /// Lanes in the share.
    lanes: usize,
    versions: u32,
    backups: Vec<(u32, Tour)>,
    spare: Vec<Tour>,
    /// Scratch.
    out: Vec<u32>,
    saved: Saved,
    /// Lanes whose content changed since [`Plan::changed_since`] was last asked.
    changed: Vec<u32>,
    is_changed: Vec<bool>,
}

/// What is needed besides tours to go back.
#[derive(Default)]
struct Saved {
    absent: Vec<u32>,
    held: Vec<(u32, Window)>,
    cost: i64,
    felt: i64,
    moved: usize,
}

impl<'m> Plan<'m> {
    /// A plan of a share of the model. Tours that break a rule are emptied, their nodes absent.
    pub fn new(model: &'m Model, share: Share, kept: &Kept, losses: &'m [i64]) -> Self {
        let mut local_node = vec![NONE; model.nodes.len()];
        let mut local_lane = vec![NONE; model.lanes.len()];
        for (local, node) in share.nodes.iter().enumerate() {
            local_node[*node as usize] = local as u32;
        }
        for (local, lane) in share.lanes.iter().enumerate() {
            local_lane[*lane as usize] = local as u32;
        }
        let cells = share.nodes.len() * share.lanes.len();
        let mut held = Vec::new();
        if !model.units.is_empty() {
            held = vec![(NEVER, NEVER); model.nodes.len()];
            for &(node, start) in &kept.held {
                held[node as usize] = (start, start);
            }
        }
        let mut plan = Self {
            model,
            tours: vec![Tour::default(); model.lanes.len()],
            lane_of: vec![NONE; model.nodes.len()],
            absent: Vec::new(),
            held,
            cost: 0,
            felt: 0,
            moved: 0,
            losses,
            known: vec![Known { version: 0, position: NOWHERE, delta: 0 }; cells],
            local_node,
            local_lane,
            lanes: share.lanes.len(),
            versions: 0,
            backups: Vec::new(),
            spare: Vec::new(),
            out: Vec::new(),
            saved: Saved::default(),
            changed: Vec::new(),
            is_changed: vec![false; model.lanes.len()],
            share,
        };
        plan.fill(kept);
        plan
    }

    fn fill(&mut self, kept: &Kept) {
        for lane in self.share.lanes.clone() {
            let nodes = kept.tours.get(lane as usize).map_or(&[][..], Vec::as_slice);
            let version = self.next_version();
            let view = View { model: self.model, held: &self.held, stretch: 0 };
            let tour = &mut self.tours[lane as usize];
            tour.nodes.extend(nodes);
            if !tour.refresh(view, lane, version) {
                tour.nodes.clear();
                tour.refresh(view, lane, version);
            }
            let cost = tour.cost;
            for node in &tour.nodes {
                self.lane_of[*node as usize] = lane;
            }
            self.paid(cost);
        }
        for node in self.share.nodes.clone() {
            if self.lane_of[node as usize] == NONE {
                self.absent.push(node);
                self.missing(node, 1);
            }
        }
        self.moved = self.share.nodes.iter().filter(|node| self.is_moved(**node)).count();
        for unit in &self.model.units {
            if unit.nodes.iter().any(|node| self.lane_of[*node as usize] == NONE) {
                unit.nodes.iter().for_each(|node| self.take_out_one(*node));
            }
        }
    }

    fn missing(&mut self, node: u32, sign: i64) {
        self.cost += sign * self.model.nodes[node as usize].unserved;
        self.felt += sign * self.losses[node as usize];
    }

    fn paid(&mut self, cost: i64) {
        self.cost += cost;
        self.felt += cost;
    }

    /// What leaving a node out is felt to cost now.
    #[inline]
    pub fn loss(&self, node: u32) -> i64 {
        self.losses[node as usize]
    }

    /// The problem with the starts that are held now.
    pub fn view(&self) -> View<'_> {
        View { model: self.model, held: &self.held, stretch: 0 }
    }

    fn next_version(&mut self) -> u32 {
        if self.versions == u32::MAX {
            // Nobody may mistake an old version for a new one.
            self.known.fill(Known { version: 0, position: NOWHERE, delta: 0 });
            self.versions = 0;
        }
        self.versions += 1;
        self.versions
    }

    /// From here on, [`Plan::back`] returns to the present state.
    pub fn save(&mut self) {
        self.spare.extend(self.backups.drain(..).map(|(_, tour)| tour));
        self.saved.absent.clone_from(&self.absent);
        self.saved.held.clear();
        (self.saved.cost, self.saved.felt) = (self.cost, self.felt);
        self.saved.moved = self.moved;
    }

    /// How many of the absent, from the first on, were absent already at [`Plan::save`]; only before anything is put in.
    pub fn long_absent(&self) -> usize {
        self.saved.absent.len().min(self.absent.len())
    }

    /// Undoes everything since [`Plan::save`].
    pub fn back(&mut self) {
        for (lane, _) in &self.backups {
            for node in &self.tours[*lane as usize].nodes {
                self.lane_of[*node as usize] = NONE;
            }
        }
        while let Some((lane, tour)) = self.backups.pop() {
            for node in &tour.nodes {
                self.lane_of[*node as usize] = lane;
            }
            let worse = std::mem::replace(&mut self.tours[lane as usize], tour);
            self.spare.push(worse);
        }
        for (node, window) in self.saved.held.drain(..).rev() {
            self.held[node as usize] = window;
        }
        self.absent.clone_from(&self.saved.absent);
        (self.cost, self.felt) = (self.saved.cost, self.saved.felt);
        self.moved = self.saved.moved;
    }

    /// Remembers a tour before its first change of a step.
    fn touch(&mut self, lane: u32) {
        if !self.is_changed[lane as usize] {
            self.is_changed[lane as usize] = true;
            self.changed.push(lane);
        }
        if self.backups.iter().any(|(touched, _)| *touched == lane) {
            return;
        }
        let mut copy = self.spare.pop().unwrap_or_default();
        copy.clone_from(&self.tours[lane as usize]);
        self.backups.push((lane, copy));
    }

    /// Lanes whose content may differ from when this was last asked.
    pub fn changed_since(&mut self) -> Vec<u32> {
        for lane in &self.changed {
            self.is_changed[*lane as usize] = false;
        }
        std::mem::take(&mut self.changed)
    }

    /// Takes `count` nodes out of a lane, from `first` on; what is fixed stays.
    pub fn take_out(&mut self, lane: u32, first: usize, count: usize) {
        if count == 0 {
            return;
        }
        self.touch(lane);
        let fixed = &self.model.fixed;
        let is_fixed = |node: u32| fixed[node as usize].is_some();
        let mut out = std::mem::take(&mut self.out);
        out.clear();
        let nodes = &mut self.tours[lane as usize].nodes;
        out.extend(nodes[first..first + count].iter().filter(|node| !is_fixed(**node)));
        if self.is_plain(lane) && out.len() == count {
            let version = self.next_version();
            let view = View { model: self.model, held: &self.held, stretch: 0 };
            let tour = &mut self.tours[lane as usize];
            let before = tour.cost;
            tour.remove(view, lane, first, count);
            tour.version = version;
            let after = tour.cost;
            self.paid(after - before);
            debug_assert!(
                self.agrees(lane),
                "a stretch was taken out, and the times are not those"
            );
        } else {
            let mut index = 0;
            self.tours[lane as usize].nodes.retain(|node| {
                let stays = index < first || index >= first + count || is_fixed(*node);
                index += 1;
                stays
            });
            self.refreshed(lane);
        }
        for node in &out {
            self.leave(*node);
        }
        self.out = out;
    }

    /// Whether a tour is what it would be if it were computed anew.
    fn agrees(&self, lane: u32) -> bool {
        let tour = &self.tours[lane as usize];
        let mut anew = tour.clone();
        anew.refresh(self.view(), lane, tour.version);
        anew == *tour
    }

    /// Whether nothing but drives and windows decides in a lane.
    fn is_plain(&self, lane: u32) -> bool {
        self.model.plain && self.model.lanes[lane as usize].pauses.is_empty()
    }

    /// Takes one node out.
    pub fn take_out_one(&mut self, node: u32) {
        let lane = self.lane_of[node as usize];
        if lane == NONE {
            return;
        }
        self.touch(lane);
        self.tours[lane as usize].nodes.retain(|other| *other != node);
        self.refreshed(lane);
        self.leave(node);
    }

    /// Whether a node is not where the plan in force has it.
    fn is_moved(&self, node: u32) -> bool {
        let lane = self.lane_of[node as usize];
        let now = self.model.lanes.get(lane as usize).map_or(NONE, |lane| lane.technician);
        now != self.model.home[node as usize]
    }

    /// Notes where a node is from now on.
    fn settle(&mut self, node: u32, lane: u32) {
        self.moved -= usize::from(self.is_moved(node));
        self.lane_of[node as usize] = lane;
        self.moved += usize::from(self.is_moved(node));
    }

    fn leave(&mut self, node: u32) {
        self.settle(node, NONE);
        self.absent.push(node);
        self.missing(node, 1);
        self.hold(node, (NEVER, NEVER));
    }

    /// Puts an absent node where [`Plan::cheapest`] or a tour's spots said it fits.
    pub fn put(&mut self, node: u32, lane: u32, position: u32) -> bool {
        self.touch(lane);
        let fits = if self.is_plain(lane) {
            let version = self.next_version();
            let view = View { model: self.model, held: &self.held, stretch: 0 };
            let tour = &mut self.tours[lane as usize];
            let before = tour.cost;
            let fits = tour.insert(view, lane, (node, position as usize));
            tour.version = version;
            let after = tour.cost;
            self.paid(after - before);
            debug_assert!(
                !fits || self.agrees(lane),
                "a node was put in, and the times are not those"
            );
            fits
        } else {
            self.tours[lane as usize].nodes.insert(position as usize, node);
            self.refreshed(lane)
        };
        self.settle(node, lane);
        self.absent.retain(|other| *other != node);
        self.missing(node, -1);
        fits
    }

    /// Holds a node's start, or frees it.
    pub fn hold(&mut self, node: u32, window: Window) {
        if let Some(held) = self.held.get_mut(node as usize)
            && *held != window
        {
            self.saved.held.push((node, *held));
            *held = window;
        }
    }

    /// Computes a lane anew after its nodes or what they hold changed.
    pub fn refreshed(&mut self, lane: u32) -> bool {
        let version = self.next_version();
        let view = View { model: self.model, held: &self.held, stretch: 0 };
        let tour = &mut self.tours[lane as usize];
        let before = tour.cost;
        let fits = tour.refresh(view, lane, version);
        let after = tour.cost;
        self.paid(after - before);
        fits
    }

    /// Computes a lane anew after a start in it was held; to be taken back with the step.
    pub fn rechecked(&mut self, lane: u32) -> bool {
        self.touch(lane);
        self.refreshed(lane)
    }

    /// The cheapest spot for a node in a lane, remembered while the lane stays as it is.
    #[inline]
    pub fn cheapest(&mut self, lane: u32, node: u32) -> Option<Spot> {
        let lanes = self.lanes;
        let cell = self.local_node[node as usize] as usize * lanes
            + self.local_lane[lane as usize] as usize;
        let tour = &self.tours[lane as usize];
        let known = self.known[cell];
        if known.version == tour.version {
            return (known.position != NOWHERE)
                .then_some(Spot { delta: known.delta, position: known.position });
        }
        let view = View { model: self.model, held: &self.held, stretch: 0 };
        let spot = self
            .model
            .allows(lane, node)
            .then(|| tour.cheapest(view, lane, node, i64::MAX))
            .flatten();
        self.known[cell] = Known {
            version: tour.version,
            position: spot.map_or(NOWHERE, |spot| spot.position),
            delta: spot.map_or(0, |spot| spot.delta),
        };
        spot
    }
}
