//! Puts absent visits back, each where it costs least, in an order drawn by lot.
//!
//! Greedy insertion with blinks (Christiaens and Vanden Berghe 2020): now and then a tour is overlooked, which is all
//! the chance the method needs. A visit that fits nowhere, or costs more than leaving it out, stays out.

use fastrand::Rng;

use super::fit::Spot;
use super::model::{Model, NEVER, NONE};
use super::plan::Plan;

/// How often a tour is overlooked.
const BLINK: f64 = 0.01;

/// With more lanes than this, only those near a visit are tried at first.
const FEW_LANES: usize = 24;

/// Neighbours whose lanes count as near.
const NEAR: usize = 40;

/// Units that were out already and are tried again in one step, about.
const UNITS_AT_ONCE: usize = 4;

/// What decides the order in which visits are put back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Chance,
    /// What is lost first.
    Loss,
    Service,
    Far,
    Close,
    NarrowWindow,
    Opens,
    Closes,
}

/// Orders and their weights in the draw.
const ORDERS: [(Order, u32); 8] = [
    (Order::Chance, 4),
    (Order::Loss, 4),
    (Order::Service, 2),
    (Order::Far, 2),
    (Order::Close, 1),
    (Order::NarrowWindow, 2),
    (Order::Opens, 2),
    (Order::Closes, 2),
];

/// Scratch that is kept between steps.
pub(crate) struct Recreate {
    queue: Vec<(i64, u32)>,
    /// The step at which a lane was last looked at, by lane.
    seen: Vec<u32>,
    stamp: u32,
    lanes: Vec<u32>,
    empty: Vec<u32>,
    /// How far each node is from the middle of things.
    remote: Vec<i64>,
    losses_differ: bool,
}

impl Recreate {
    pub fn new(model: &Model) -> Self {
        let remote = (0..model.nodes.len() as u32).map(|node| remoteness(model, node)).collect();
        let first = model.nodes.first().map_or(0, |node| node.unserved);
        Self {
            queue: Vec::new(),
            seen: vec![0; model.lanes.len()],
            stamp: 0,
            lanes: Vec::new(),
            empty: Vec::new(),
            remote,
            losses_differ: model.nodes.iter().any(|node| node.unserved != first),
        }
    }

    /// Puts back what fits.
    pub fn run(&mut self, plan: &mut Plan<'_>, rng: &mut Rng) {
        self.line_up(plan, rng);
        self.find_empty(plan);
        let queue = std::mem::take(&mut self.queue);
        for &(_, node) in &queue {
            let unit = plan.model.unit_of[node as usize];
            if unit != NONE {
                super::together::put_unit(plan, rng, unit);
            } else if let Some((lane, spot)) = self.best(plan, rng, node) {
                let was_empty = plan.tours[lane as usize].nodes.is_empty();
                plan.put(node, lane, spot.position);
                if was_empty {
                    self.find_empty(plan);
                }
            }
        }
        self.queue = queue;
    }

    /// Puts back what fits anywhere at all, what is lost first; overlooks nothing.
    pub fn everywhere(&mut self, plan: &mut Plan<'_>, rng: &mut Rng) {
        let model = plan.model;
        let mut absent = plan.absent.clone();
        absent.sort_by_key(|node| (-model.nodes[*node as usize].unserved, *node));
        for node in absent {
            let unit = model.unit_of[node as usize];
            if unit != NONE {
                if model.units[unit as usize].nodes[0] == node {
                    super::together::put_unit(plan, rng, unit);
                }
                continue;
            }
            let lanes = plan.share.lanes.clone();
            let spots = lanes.iter().filter_map(|lane| Some((*lane, plan.cheapest(*lane, node)?)));
            let best = spots.min_by_key(|(lane, spot)| (spot.delta, *lane));
            if let Some((lane, spot)) =
                best.filter(|(_, spot)| spot.delta < model.nodes[node as usize].unserved)
            {
                plan.put(node, lane, spot.position);
            }
        }
    }

    /// Draws an order and sorts the absent by it; of a unit only its first node.
    fn line_up(&mut self, plan: &Plan<'_>, rng: &mut Rng) {
        let model = plan.model;
        let order = draw(rng, self.losses_differ);
        self.queue.clear();
        let long_absent = plan.long_absent();
        for (index, &node) in plan.absent.iter().enumerate() {
            let unit = model.unit_of[node as usize];
            if unit != NONE && model.units[unit as usize].nodes[0] != node {
                continue;
            }
            // Placing a unit takes long; those that found no place lately take turns.
            if unit != NONE && index < long_absent && rng.usize(..long_absent) >= UNITS_AT_ONCE {
                continue;
            }
            let key = match order {
                Order::Chance => 0,
                Order::Loss => -plan.loss(node),
                Order::Service => -i64::from(model.durations[0].service[node as usize]),
                Order::Far => -self.remote[node as usize],
                Order::Close => self.remote[node as usize],
                Order::NarrowWindow => {
                    let windows = model.nodes[node as usize].windows.iter();
                    windows.map(|(open, close)| i64::from(*close) - i64::from(*open)).sum()
                }
                Order::Opens => i64::from(model.nodes[node as usize].windows[0].0),
                Order::Closes => -i64::from(
                    model.nodes[node as usize].windows.last().map_or(NEVER, |window| window.1),
                ),
            };
            self.queue.push((key, node));
        }
        rng.shuffle(&mut self.queue);
        if order != Order::Chance {
            self.queue.sort_by_key(|(key, _)| *key);
        }
    }

    /// One empty lane of each kin: the others would cost the same.
    fn find_empty(&mut self, plan: &Plan<'_>) {
        self.empty.clear();
        let mut kins: Vec<u32> = Vec::new();
        for &lane in &plan.share.lanes {
            if plan.tours[lane as usize].nodes.is_empty() {
                let kin = plan.model.lanes[lane as usize].kin;
                if !kins.contains(&kin) {
                    kins.push(kin);
                    self.empty.push(lane);
                }
            }
        }
    }

    /// The best lane and spot for a node, blinks aside.
    fn best(&mut self, plan: &mut Plan<'_>, rng: &mut Rng, node: u32) -> Option<(u32, Spot)> {
        if plan.share.lanes.len() > FEW_LANES {
            self.lanes_near(plan, node);
            let lanes = std::mem::take(&mut self.lanes);
            let found = cheapest_of(plan, rng, node, &lanes);
            self.lanes = lanes;
            if found.is_some() || rng.u8(..) > 16 {
                return found;
            }
        }
        let lanes = std::mem::take(&mut plan.share.lanes);
        let found = cheapest_of(plan, rng, node, &lanes);
        plan.share.lanes = lanes;
        found
    }

    /// Lanes of the nearest neighbours, and the empty ones.
    fn lanes_near(&mut self, plan: &Plan<'_>, node: u32) {
        self.stamp = self.stamp.wrapping_add(1);
        self.lanes.clear();
        for &near in plan.model.near[node as usize].iter().take(NEAR) {
            let lane = plan.lane_of[near as usize];
            if lane != NONE && self.seen[lane as usize] != self.stamp {
                self.seen[lane as usize] = self.stamp;
                self.lanes.push(lane);
            }
        }
        self.lanes.extend(&self.empty);
    }
}

fn cheapest_of(
    plan: &mut Plan<'_>,
    rng: &mut Rng,
    node: u32,
    lanes: &[u32],
) -> Option<(u32, Spot)> {
    let mut best: Option<(u32, Spot)> = None;
    let mut bound = plan.loss(node);
    for &lane in lanes {
        if let Some(spot) = plan.cheapest(lane, node)
            && spot.delta < bound
            && rng.f64() >= BLINK
        {
            bound = spot.delta;
            best = Some((lane, spot));
        }
    }
    best
}

fn draw(rng: &mut Rng, losses_differ: bool) -> Order {
    let weight = |(order, weight): (Order, u32)| {
        if order == Order::Loss && !losses_differ { 0 } else { weight }
    };
    let mut ticket = rng.u32(..ORDERS.iter().map(|entry| weight(*entry)).sum::<u32>());
    for entry in ORDERS {
        if ticket < weight(entry) {
            return entry.0;
        }
        ticket -= weight(entry);
    }
    Order::Chance
}

/// The drive from the start of some lane that may take the node.
fn remoteness(model: &Model, node: u32) -> i64 {
    let lanes = 0..model.lanes.len() as u32;
    let drive = |lane: u32| {
        let own = &model.lanes[lane as usize];
        i64::from(model.leg(own.class, own.start, model.nodes[node as usize].place).s)
    };
    lanes.filter(|lane| model.allows(*lane, node)).map(drive).min().unwrap_or(0)
}
