//! Joins the pieces: arcs that stay become vertices of a hierarchy, and everything is numbered by it.

use super::Cost;
use super::assemble::{Arc, Pieces};
use super::grid::Grid;
use super::hierarchy::Hierarchy;
use super::hierarchy::contract::contract;
use super::network::{NONE, Network, Stage};
use super::profile::Class;
use super::restrictions::Restricted;

/// Everything known before there is a hierarchy.
pub(super) struct Joined {
    pub pieces: Pieces,
    pub restricted: Restricted,
    /// Which arcs stay.
    pub kept: Vec<bool>,
}

impl Joined {
    fn arc(&self, number: usize) -> &Arc {
        &self.pieces.arcs[self.restricted.base[number] as usize]
    }

    pub fn network(&self, told: &mut dyn FnMut(Stage)) -> Network {
        let kept: Vec<usize> = (0..self.kept.len()).filter(|at| self.kept[*at]).collect();
        let mut vertex = vec![NONE; self.kept.len()];
        for (at, number) in kept.iter().enumerate() {
            vertex[*number] = at as u32;
        }
        let edges = kept.iter().flat_map(|number| {
            let from = vertex[*number];
            self.restricted.turns[*number].iter().map(move |turn| (from, turn))
        });
        let edges =
            edges.filter(|(_, turn)| vertex[turn.to as usize] != NONE).map(|(from, turn)| {
                let cost = turn_cost(turn.ms, turn.avoided);
                let cost = cost.plus(self.arc(turn.to as usize).cost);
                (from, vertex[turn.to as usize], cost)
            });
        let of = kept.len();
        let (hierarchy, rank) =
            contract(of, edges, &mut |done| told(Stage::Contracting { done, of }));
        self.numbered(&kept, &rank, hierarchy)
    }

    /// The network with stretches in the order of the map and arcs by rank.
    fn numbered(&self, kept: &[usize], rank: &[u32], hierarchy: Hierarchy) -> Network {
        let mut network = Network { hierarchy, stretches: vec![0], ..Network::default() };
        let mut stretch = vec![NONE; self.pieces.stretches.len()];
        network.arcs = vec![(0, Cost::default()); kept.len()];
        for (at, number) in kept.iter().enumerate() {
            let arc = self.arc(*number);
            let known = &mut stretch[arc.stretch as usize];
            if *known == NONE {
                *known = network.directions.len() as u32;
                let spots = &self.pieces.stretches[arc.stretch as usize].spots;
                let spots = spots.start as usize..spots.end as usize;
                network.spots.extend(&self.pieces.spots[spots]);
                network.stretches.push(network.spots.len() as u32);
                network.directions.push([NONE; 2]);
            }
            let against = u32::from(arc.reversed);
            network.arcs[rank[at] as usize] = (*known * 2 + against, arc.cost);
            if self.restricted.base[*number] as usize == *number {
                network.directions[*known as usize][against as usize] = rank[at];
            }
        }
        self.entries(&mut network, kept, rank);
        let ferry: Vec<bool> =
            kept.iter().fold(vec![false; network.directions.len()], |mut ferry, number| {
                let arc = self.arc(*number);
                ferry[stretch[arc.stretch as usize] as usize] = arc.class == Class::Ferry;
                ferry
            });
        // Nobody lives on a ferry.
        let ashore = (0..network.directions.len() as u32).filter(|at| !ferry[*at as usize]);
        network.grid = Grid::over(ashore.map(|at| (at, network.line(at))));
        network
    }

    /// Turns by the arc they lead onto; a turn onto a copy counts as one onto its original.
    fn entries(&self, network: &mut Network, kept: &[usize], rank: &[u32]) {
        let mut vertex = vec![NONE; self.kept.len()];
        for (at, number) in kept.iter().enumerate() {
            vertex[*number] = rank[at];
        }
        let mut all: Vec<(u32, u32, Cost)> = Vec::new();
        for number in kept {
            for turn in &self.restricted.turns[*number] {
                let onto = vertex[self.restricted.base[turn.to as usize] as usize];
                if onto != NONE && vertex[turn.to as usize] != NONE {
                    all.push((onto, vertex[*number], turn_cost(turn.ms, turn.avoided)));
                }
            }
        }
        all.sort_unstable_by_key(|(onto, from, cost)| (*onto, *from, cost.key()));
        network.entries_first = vec![0; network.arcs.len() + 1];
        for (onto, from, cost) in all {
            network.entries.push((from, cost));
            network.entries_first[onto as usize + 1] = network.entries.len() as u32;
        }
        let mut last = 0;
        for first in &mut network.entries_first {
            last = (*first).max(last);
            *first = last;
        }
    }
}

const fn turn_cost(ms: u32, avoided: u32) -> Cost {
    Cost { weight: ms.saturating_add(avoided), ms, dm: 0 }
}
