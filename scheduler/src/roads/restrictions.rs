//! Takes turns out that signs forbid: at one junction, or across one or more ways in between.
//!
//! For the latter the arcs in between get a second copy that only those who come from the first way drive on, so that
//! everybody else may still turn there. A copy has the stretch of its original.

use std::collections::BTreeMap;

use super::assemble::Pieces;
use super::survey::{Restriction, Via};
use super::turns::Turn;

/// Ways in between are followed over at most so many arcs.
const CHAIN_MAX: usize = 24;

/// Arcs and the turns between them, while restrictions are worked in. Copies stand behind the originals.
pub struct Junctions<'a> {
    pieces: &'a Pieces,
    turns: Vec<Vec<Turn>>,
    /// For every arc the one it is a copy of, or itself.
    base: Vec<u32>,
    ending: BTreeMap<i64, Vec<u32>>,
    by_way: BTreeMap<i64, Vec<u32>>,
    copies: BTreeMap<u32, Vec<u32>>,
}

/// What is left after the restrictions.
pub struct Restricted {
    /// Turns by the arc they leave, copies included.
    pub turns: Vec<Vec<Turn>>,
    /// For every arc the one it is a copy of, or itself.
    pub base: Vec<u32>,
    /// Restrictions that named ways or nodes which are not there.
    pub passed_over: usize,
}

/// Works all restrictions into `turns`.
pub fn restrict(
    pieces: &Pieces,
    turns: Vec<Vec<Turn>>,
    restrictions: &[Restriction],
) -> Restricted {
    let mut ending: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
    let mut by_way: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
    for (number, arc) in pieces.arcs.iter().enumerate() {
        let node = pieces.junctions[arc.end as usize].node;
        ending.entry(node).or_default().push(number as u32);
        let way = pieces.stretches[arc.stretch as usize].way;
        by_way.entry(way).or_default().push(number as u32);
    }
    let base = (0..turns.len() as u32).collect();
    let copies = BTreeMap::new();
    let mut work = Junctions { pieces, turns, base, ending, by_way, copies };
    let used = restrictions.iter().filter(|restriction| work.apply(restriction)).count();
    let passed_over = restrictions.len() - used;
    Restricted { turns: work.turns, base: work.base, passed_over }
}

impl Junctions<'_> {
    fn apply(&mut self, restriction: &Restriction) -> bool {
        match &restriction.via {
            Via::Node(node) => self.at_node(restriction, *node),
            Via::Ways(ways) => self.across(restriction, ways),
        }
    }

    fn way_of(&self, arc: u32) -> i64 {
        let base = self.base[arc as usize];
        self.pieces.stretches[self.pieces.arcs[base as usize].stretch as usize].way
    }

    fn at_node(&mut self, restriction: &Restriction, node: i64) -> bool {
        let mut into = self.ending.get(&node).cloned().unwrap_or_default();
        into.retain(|arc| restriction.from.contains(&self.way_of(*arc)));
        let mut used = false;
        for arc in into {
            for arc in self.with_copies(arc) {
                used |= self.prune(arc, restriction);
            }
        }
        used
    }

    fn with_copies(&self, arc: u32) -> Vec<u32> {
        let copies = self.copies.get(&arc).into_iter().flatten().copied();
        std::iter::once(arc).chain(copies).collect()
    }

    /// Forbids an arc's turns onto the restriction's last ways, or all others.
    fn prune(&mut self, arc: u32, restriction: &Restriction) -> bool {
        let meant: Vec<bool> = self.turns[arc as usize]
            .iter()
            .map(|turn| restriction.to.contains(&self.way_of(turn.to)))
            .collect();
        // A sign that allows only what is not there says nothing about the rest.
        if !meant.contains(&true) {
            return false;
        }
        let mut meant = meant.into_iter();
        self.turns[arc as usize].retain(|_| meant.next() == Some(restriction.only));
        true
    }

    fn across(&mut self, restriction: &Restriction, ways: &[i64]) -> bool {
        let starts: Vec<u32> = restriction
            .from
            .iter()
            .flat_map(|way| self.by_way.get(way).into_iter().flatten().copied())
            .collect();
        let mut used = false;
        for start in starts {
            if let Some(chain) = self.chain(start, ways, &restriction.to) {
                for start in self.with_copies(start) {
                    used |= self.follow(start, &chain, restriction);
                }
            }
        }
        used
    }

    /// The arcs along `ways`, one after the other, from the end of `start` to where one may turn onto `to`.
    fn chain(&self, start: u32, ways: &[i64], to: &[i64]) -> Option<Vec<u32>> {
        let mut open: Vec<(Vec<u32>, usize)> = vec![(Vec::new(), 0)];
        while let Some((chain, at)) = open.pop() {
            let last = chain.last().copied().unwrap_or(start);
            let turns = &self.turns[last as usize];
            let is_through = !chain.is_empty() && at + 1 == ways.len();
            if is_through && turns.iter().any(|turn| to.contains(&self.way_of(turn.to))) {
                return Some(chain);
            }
            if chain.len() >= CHAIN_MAX {
                continue;
            }
            for turn in turns {
                let next = self.base[turn.to as usize];
                let way = self.way_of(next);
                let stays = ways.get(at) == Some(&way);
                let goes_on = !chain.is_empty() && ways.get(at + 1) == Some(&way);
                if (stays || goes_on) && !chain.contains(&next) {
                    let mut longer = chain.clone();
                    longer.push(next);
                    open.push((longer, if stays { at } else { at + 1 }));
                }
            }
        }
        None
    }

    fn follow(&mut self, start: u32, chain: &[u32], restriction: &Restriction) -> bool {
        let mut at = start;
        for next in chain {
            let base = &self.base;
            let found =
                self.turns[at as usize].iter().position(|turn| base[turn.to as usize] == *next);
            let Some(turn) = found else { return false };
            let onto = self.turns[at as usize][turn].to;
            let copy = self.turns.len() as u32;
            self.turns.push(self.turns[onto as usize].clone());
            self.base.push(*next);
            self.copies.entry(*next).or_default().push(copy);
            self.turns[at as usize][turn].to = copy;
            at = copy;
        }
        self.prune(at, restriction)
    }
}
