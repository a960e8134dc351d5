//! A contraction hierarchy: vertices in an order of importance, with shortcuts over the less important ones, so that a
//! search from either end only ever climbs.
//!
//! [`contract`] makes it once; [`climb`] searches it. Vertices are numbered by their rank, least important first.

pub mod climb;
pub mod contract;
pub mod many;

use super::Cost;

/// An edge of a hierarchy. In an upward list `other` is where it leads, in a downward list where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    pub other: u32,
    pub cost: Cost,
    /// The vertex this shortcut passes over, or [`Edge::REAL`].
    pub middle: u32,
}

impl Edge {
    /// No shortcut.
    pub const REAL: u32 = u32::MAX;
}

/// Lists of edges, one per vertex, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// Where each vertex's list begins, and the end of the last.
    pub first: Vec<u32>,
    pub edges: Vec<Edge>,
}

impl Lists {
    /// The list of a vertex.
    pub fn of(&self, vertex: u32) -> &[Edge] {
        let at = vertex as usize;
        &self.edges[self.first[at] as usize..self.first[at + 1] as usize]
    }

    fn from_each(each: impl Iterator<Item = Vec<Edge>>) -> Self {
        let mut lists = Self { first: vec![0], edges: Vec::new() };
        for edges in each {
            lists.edges.extend(edges);
            lists.first.push(lists.edges.len() as u32);
        }
        lists
    }
}

/// A graph with its shortcuts. Vertices are ranks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hierarchy {
    /// From each vertex to more important ones.
    pub up: Lists,
    /// From more important vertices to each.
    pub down: Lists,
}

impl Hierarchy {
    /// How many vertices.
    pub fn len(&self) -> usize {
        self.up.first.len().saturating_sub(1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Edges of the graph and shortcuts over it.
    pub fn edges(&self) -> usize {
        self.up.edges.len() + self.down.edges.len()
    }

    /// The vertices along the edge `from` → `to`, without `from`, with `to`.
    pub fn unpack(&self, from: u32, to: u32, along: &mut Vec<u32>) {
        // A stack of edges instead of recursion: shortcuts may be nested deeply.
        let mut open = vec![(from, to)];
        while let Some((from, to)) = open.pop() {
            let (low, list) = if from < to { (from, &self.up) } else { (to, &self.down) };
            let high = from.max(to);
            let edge = list.of(low).iter().find(|edge| edge.other == high);
            match edge.map(|edge| edge.middle) {
                Some(Edge::REAL) | None => along.push(to),
                Some(middle) => {
                    open.push((middle, to));
                    open.push((from, middle));
                }
            }
        }
    }
}
