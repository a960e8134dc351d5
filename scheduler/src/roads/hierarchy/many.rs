//! From many to many: each end's climb leaves its cost in a bucket at every vertex it passes, each start's climb looks
//! into the buckets on its way.

use super::super::Cost;
use super::Hierarchy;
use super::climb::{Climb, Seed};

/// The best cost from each of `from` to each of `to`, row by row; [`Cost::NEVER`] where there is no way.
pub fn many(
    hierarchy: &Hierarchy,
    from: &[Vec<Seed>],
    to: &[Vec<Seed>],
    climb: &mut Climb,
) -> Vec<Cost> {
    let buckets = Buckets::fill(hierarchy, to, climb);
    let mut table = vec![Cost::NEVER; from.len() * to.len()];
    if to.is_empty() {
        return table;
    }
    for (seeds, row) in from.iter().zip(table.chunks_mut(to.len())) {
        climb.run(&hierarchy.up, &hierarchy.down, seeds);
        for vertex in &climb.settled {
            let here = climb.cost(*vertex);
            for (target, there) in buckets.of(*vertex) {
                let cost = here.plus(*there);
                let best = &mut row[*target as usize];
                if cost.key() < best.key() {
                    *best = cost;
                }
            }
        }
    }
    table
}

/// What the climbs of all ends left behind, by vertex.
struct Buckets {
    vertices: Vec<u32>,
    first: Vec<usize>,
    entries: Vec<(u32, Cost)>,
}

impl Buckets {
    fn fill(hierarchy: &Hierarchy, to: &[Vec<Seed>], climb: &mut Climb) -> Self {
        let mut all: Vec<(u32, u32, Cost)> = Vec::new();
        for (target, seeds) in to.iter().enumerate() {
            climb.run(&hierarchy.down, &hierarchy.up, seeds);
            let costs = climb.settled.iter().map(|at| (*at, target as u32, climb.cost(*at)));
            all.extend(costs);
        }
        all.sort_unstable_by_key(|(vertex, target, _)| (*vertex, *target));
        let mut buckets = Self { vertices: vec![], first: vec![0], entries: vec![] };
        for (vertex, target, cost) in all {
            if buckets.vertices.last() != Some(&vertex) {
                buckets.vertices.push(vertex);
                buckets.first.push(buckets.entries.len());
            }
            buckets.entries.push((target, cost));
            if let Some(end) = buckets.first.last_mut() {
                *end = buckets.entries.len();
            }
        }
        buckets
    }

    fn of(&self, vertex: u32) -> &[(u32, Cost)] {
        match self.vertices.binary_search(&vertex) {
            Ok(at) => &self.entries[self.first[at]..self.first[at + 1]],
            Err(_) => &[],
        }
    }
}
