//! Searches that only climb: from one end up, from the other end up, and where they meet lies the best way.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::super::Cost;
use super::{Hierarchy, Lists};

/// Where a search begins: a vertex and what it cost to get there.
pub type Seed = (u32, Cost);

/// What one climbing search found. It is kept and used again: making it anew costs more than a search.
#[derive(Clone, Debug, Default)]
pub struct Climb {
    costs: Vec<Cost>,
    parents: Vec<u32>,
    /// Vertices reached, in order.
    pub(super) touched: Vec<u32>,
    /// Vertices settled, in order, without those to which a detour from above is shorter.
    pub(super) settled: Vec<u32>,
    queue: BinaryHeap<Reverse<(u64, u32)>>,
}

/// No vertex before this one.
const NONE: u32 = u32::MAX;

impl Climb {
    /// The cost of a vertex, [`Cost::NEVER`] when it was not reached.
    pub fn cost(&self, vertex: u32) -> Cost {
        self.costs.get(vertex as usize).copied().unwrap_or(Cost::NEVER)
    }

    /// Climbs from `seeds` along `lists`; `against` are the lists of the other direction.
    pub fn run(&mut self, lists: &Lists, against: &Lists, seeds: &[Seed]) {
        self.clear(lists.first.len().saturating_sub(1));
        for (vertex, cost) in seeds {
            self.reach(*vertex, *cost, NONE);
        }
        while let Some(Reverse((key, vertex))) = self.queue.pop() {
            let cost = self.costs[vertex as usize];
            if key > cost.key() {
                continue;
            }
            // Whoever can be reached more cheaply over somebody above lies on no best way up.
            let stalled = against
                .of(vertex)
                .iter()
                .any(|edge| self.costs[edge.other as usize].plus(edge.cost).key() < key);
            if stalled {
                continue;
            }
            self.settled.push(vertex);
            for edge in lists.of(vertex) {
                self.reach(edge.other, cost.plus(edge.cost), vertex);
            }
        }
    }

    fn clear(&mut self, n: usize) {
        if self.costs.len() != n {
            self.costs = vec![Cost::NEVER; n];
            self.parents = vec![NONE; n];
            self.touched.clear();
        }
        for vertex in self.touched.drain(..) {
            self.costs[vertex as usize] = Cost::NEVER;
        }
        self.settled.clear();
        self.queue.clear();
    }

    fn reach(&mut self, vertex: u32, cost: Cost, parent: u32) {
        let known = &mut self.costs[vertex as usize];
        if cost.key() >= known.key() {
            return;
        }
        if *known == Cost::NEVER {
            self.touched.push(vertex);
        }
        *known = cost;
        self.parents[vertex as usize] = parent;
        self.queue.push(Reverse((cost.key(), vertex)));
    }

    /// The vertices from a seed to `vertex`, both included.
    fn line(&self, vertex: u32) -> Vec<u32> {
        let mut line = vec![vertex];
        let mut at = vertex;
        while self.parents[at as usize] != NONE {
            at = self.parents[at as usize];
            line.push(at);
        }
        line.reverse();
        line
    }
}

/// The best way from any of `from` to any of `to`: its cost, and the vertex at which both climbs met.
pub fn meet(
    hierarchy: &Hierarchy,
    from: &[Seed],
    to: &[Seed],
    climbs: &mut (Climb, Climb),
) -> Option<(Cost, u32)> {
    climbs.0.run(&hierarchy.up, &hierarchy.down, from);
    climbs.1.run(&hierarchy.down, &hierarchy.up, to);
    let (forward, backward) = (&climbs.0, &climbs.1);
    let both = forward.settled.iter().filter_map(|vertex| {
        let (here, there) = (forward.cost(*vertex), backward.cost(*vertex));
        (there != Cost::NEVER).then(|| (here.plus(there), *vertex))
    });
    both.min_by_key(|(cost, vertex)| (cost.key(), *vertex))
}

/// The vertices of the way that [`meet`] found, from a seed at the start to a seed at the end.
pub fn trace(hierarchy: &Hierarchy, climbs: &(Climb, Climb), met: u32) -> Vec<u32> {
    let up = climbs.0.line(met);
    let mut down = climbs.1.line(met);
    down.reverse();
    let mut along = vec![up[0]];
    for two in up.windows(2).chain(down.windows(2)) {
        hierarchy.unpack(two[0], two[1], &mut along);
    }
    along
}
