//! The network as it is asked: places are snapped, ways and tables are searched, lines are drawn.
//!
//! Arcs are numbered by their rank in the hierarchy. Immutable once built; searches keep their memory in
//! [`Scratch`], which the caller may use again.

use super::Cost;
use super::assemble::{Spot, assemble};
use super::component::largest;
use super::grid::Grid;
use super::hierarchy::Hierarchy;
use super::hierarchy::climb::{Climb, Seed, meet};
use super::hierarchy::many::many;
use super::join::Joined;
use super::restrictions::restrict;
use super::snap::{Snapped, snap, spot};
use super::survey::Survey;
use super::turns::turns;
use crate::travel::Point;

/// No arc: a stretch cannot be driven in this direction.
pub(crate) const NONE: u32 = u32::MAX;

/// A road network for cars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    pub(crate) spots: Vec<Spot>,
    /// Where each stretch's points begin, and the end of the last.
    pub(crate) stretches: Vec<u32>,
    /// Each stretch's arcs: as it is drawn, and against.
    pub(crate) directions: Vec<[u32; 2]>,
    /// Each arc's stretch times two, plus one where it runs against; and its cost.
    pub(crate) arcs: Vec<(u32, Cost)>,
    /// Where the list of turns onto each arc begins, and the end of the last.
    pub(crate) entries_first: Vec<u32>,
    /// Turns onto an arc: from where, and at what cost.
    pub(crate) entries: Vec<(u32, Cost)>,
    pub(crate) grid: Grid,
    pub(crate) hierarchy: Hierarchy,
}

/// What [`Network::build`] is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Ways are cut and turns are listed.
    Joining,
    /// So many of so many vertices have their shortcuts.
    Contracting { done: usize, of: usize },
}

/// Why there is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// An extract of the sea, or one without its nodes.
    #[error("there is no road for cars in it")]
    NoRoads,
    /// Numbers of arcs have 32 bits.
    #[error("it holds more roads than one network can have")]
    TooLarge,
}

/// A way from one place to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    pub seconds: u32,
    pub metres: u32,
    /// The line along the roads, from where the road is nearest to the start.
    pub line: Vec<Point>,
}

/// A place on the network: the stretches it lies at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place(pub(crate) Vec<Snapped>);

/// Memory for searches.
#[derive(Clone, Debug, Default)]
pub struct Scratch(pub(crate) (Climb, Climb));

impl Network {
    /// Makes the network of a survey.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub fn build(survey: &Survey, told: &mut dyn FnMut(Stage)) -> Result<Self, BuildError> {
        told(Stage::Joining);
        let pieces = assemble(survey);
        if pieces.spots.len() >= (u32::MAX / 4) as usize {
            return Err(BuildError::TooLarge);
        }
        let restricted = restrict(&pieces, turns(&pieces), &survey.restrictions);
        let kept = largest(&restricted.turns);
        if kept.iter().filter(|kept| **kept).count() < 2 {
            return Err(BuildError::NoRoads);
        }
        Ok(Joined { pieces, restricted, kept }.network(told))
    }

    /// How many stretches, arcs and edges of the hierarchy there are.
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.directions.len(), self.arcs.len(), self.hierarchy.edges())
    }

    /// Where a place lies on the network; nothing when it is farther than two kilometres from every road.
    pub fn place(&self, point: Point) -> Option<Place> {
        let snapped = snap(&self.grid, |stretch| self.line(stretch), spot(point)?);
        (!snapped.is_empty()).then_some(Place(snapped))
    }

    /// The cost of the best way between two places.
    pub fn cost(&self, from: &Place, to: &Place, scratch: &mut Scratch) -> Option<Cost> {
        let beside = self.beside(from, to).map(|(cost, _, _)| cost);
        let met = meet(&self.hierarchy, &self.seeds(from), &self.ends(to), &mut scratch.0);
        beside.into_iter().chain(met.map(|(cost, _)| cost)).min_by_key(|cost| cost.key())
    }

    /// The best way between two places, with its line.
    pub fn way(&self, from: &Place, to: &Place, scratch: &mut Scratch) -> Option<Way> {
        let beside = self.beside(from, to);
        let met = meet(&self.hierarchy, &self.seeds(from), &self.ends(to), &mut scratch.0);
        let met = met.filter(|met| beside.is_none_or(|(cost, ..)| met.0.key() < cost.key()));
        let (cost, line) = match (met, beside) {
            (Some((cost, vertex)), _) => (cost, self.drawn(from, to, &scratch.0, vertex)),
            (None, Some((cost, start, end))) => (cost, self.between(start, end)),
            (None, None) => return None,
        };
        let degree = |value: i32| f64::from(value) / 1e7;
        let line = line.into_iter().map(|at| Point::new(degree(at[0]), degree(at[1]))).collect();
        let (seconds, metres) = rounded(cost);
        Some(Way { seconds, metres, line })
    }

    /// The costs of the best ways between all places, row by row; [`Cost::NEVER`] from or to nowhere.
    pub fn table(&self, places: &[Option<Place>], scratch: &mut Scratch) -> Vec<Cost> {
        let nowhere = Place::default();
        let each = || places.iter().map(|place| place.as_ref().unwrap_or(&nowhere));
        let from: Vec<Vec<Seed>> = each().map(|place| self.seeds(place)).collect();
        let to: Vec<Vec<Seed>> = each().map(|place| self.ends(place)).collect();
        let mut table = many(&self.hierarchy, &from, &to, &mut scratch.0.0);
        for ((i, start), row) in each().enumerate().zip(table.chunks_mut(places.len().max(1))) {
            for ((j, end), best) in each().enumerate().zip(row) {
                if let Some((cost, ..)) = self.beside(start, end)
                    && cost.key() < best.key()
                {
                    *best = cost;
                }
                if i == j && !start.0.is_empty() {
                    *best = Cost::default();
                }
            }
        }
        table
    }

    /// Onto which arcs one can set out, and what is left of each.
    fn seeds(&self, place: &Place) -> Vec<Seed> {
        let mut seeds = Vec::with_capacity(place.0.len() * 2);
        for snapped in &place.0 {
            let [forward, backward] = self.directions[snapped.stretch as usize];
            if forward != NONE {
                let cost = self.arcs[forward as usize].1;
                seeds.push((forward, cost.part(cost.dm.saturating_sub(snapped.along_dm), cost.dm)));
            }
            if backward != NONE {
                let cost = self.arcs[backward as usize].1;
                seeds.push((backward, cost.part(snapped.along_dm.min(cost.dm), cost.dm)));
            }
        }
        seeds
    }

    /// From the ends of which arcs a place can be reached, and at what cost.
    fn ends(&self, place: &Place) -> Vec<Seed> {
        self.arrivals(place).map(|(seed, _, _)| seed).collect()
    }

    /// The same with the arc the place lies at, and where.
    pub(super) fn arrivals<'a>(
        &'a self,
        place: &'a Place,
    ) -> impl Iterator<Item = (Seed, u32, &'a Snapped)> + 'a {
        place.0.iter().flat_map(move |snapped| {
            let arcs = self.directions[snapped.stretch as usize];
            arcs.into_iter().enumerate().filter(|(_, arc)| *arc != NONE).flat_map(
                move |(against, arc)| {
                    let cost = self.arcs[arc as usize].1;
                    let along_dm = snapped.along_dm.min(cost.dm);
                    let driven_dm = if against == 0 { along_dm } else { cost.dm - along_dm };
                    let last = cost.part(driven_dm, cost.dm);
                    self.entries_of(arc)
                        .iter()
                        .map(move |(from, turn)| ((*from, turn.plus(last)), arc, snapped))
                },
            )
        })
    }

    fn entries_of(&self, arc: u32) -> &[(u32, Cost)] {
        let at = arc as usize;
        &self.entries[self.entries_first[at] as usize..self.entries_first[at + 1] as usize]
    }

    /// The way along one stretch, where both places lie at the same and it leads from one to the other.
    fn beside(&self, from: &Place, to: &Place) -> Option<(Cost, Snapped, Snapped)> {
        let pairs = from.0.iter().flat_map(|start| to.0.iter().map(move |end| (*start, *end)));
        let same = pairs.filter(|(start, end)| start.stretch == end.stretch);
        let ways = same.filter_map(|(start, end)| {
            let [forward, backward] = self.directions[start.stretch as usize];
            let (arc, dm) = if start.along_dm <= end.along_dm {
                (
                    if forward == NONE && start.along_dm == end.along_dm {
                        backward
                    } else {
                        forward
                    },
                    end.along_dm - start.along_dm,
                )
            } else {
                (backward, start.along_dm - end.along_dm)
            };
            let cost = self.arcs.get(arc as usize)?.1;
            Some((cost.part(dm, cost.dm), start, end))
        });
        ways.min_by_key(|(cost, ..)| cost.key())
    }

    /// A stretch's points as it is drawn.
    pub(crate) fn line(&self, stretch: u32) -> &[Spot] {
        let at = stretch as usize;
        &self.spots[self.stretches[at] as usize..self.stretches[at + 1] as usize]
    }
}

/// Seconds and metres of a cost, rounded to the nearest.
pub fn rounded(cost: Cost) -> (u32, u32) {
    (cost.ms.saturating_add(500) / 1_000, cost.dm.saturating_add(5) / 10)
}
