//! What outlives a stretch of searching: which part of the problem is looked at, and the plan as plain lists.

use super::model::{Model, NEVER};
use super::plan::Plan;

/// The lanes and nodes that a plan may touch. Others do not exist for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub lanes: Vec<u32>,
    pub nodes: Vec<u32>,
}

impl Share {
    /// Everything.
    pub fn whole(model: &Model) -> Self {
        Self {
            lanes: (0..model.lanes.len() as u32).collect(),
            nodes: (0..model.nodes.len() as u32).collect(),
        }
    }
}

/// The part of a plan that is worth keeping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Nodes by lane.
    pub tours: Vec<Vec<u32>>,
    /// Starts that are held, by node.
    pub held: Vec<(u32, i32)>,
    pub cost: i64,
}

impl Plan<'_> {
    /// What is worth keeping of the plan.
    pub fn kept(&self) -> Kept {
        Kept {
            tours: self.tours.iter().map(|tour| tour.nodes.clone()).collect(),
            held: self.holding(),
            cost: self.cost,
        }
    }

    /// Starts that are held.
    pub fn holding(&self) -> Vec<(u32, i32)> {
        let held = self.held.iter().enumerate().filter(|(_, window)| window.0 != NEVER);
        held.map(|(node, window)| (node as u32, window.0)).collect()
    }
}
