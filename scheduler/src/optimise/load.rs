//! What is on the van, stop by stop.
//!
//! Deliveries are on board from the start of the route, pickups until its end, a carry between its two ends. Knows
//! nothing of time.

use super::model::{Lane, Model};

/// Whether the van holds everything at every moment of a route.
pub(crate) fn fits(model: &Model, lane: &Lane, nodes: impl Iterator<Item = u32> + Clone) -> bool {
    (0..lane.capacity.len()).all(|dimension| {
        let of = |amounts: &[i64]| amounts.get(dimension).copied().unwrap_or(0);
        let capacity = lane.capacity[dimension];
        let mut aboard: i64 =
            nodes.clone().map(|node| of(&model.nodes[node as usize].load.delivery)).sum();
        if aboard > capacity {
            return false;
        }
        for node in nodes.clone() {
            let parts = model.nodes[node as usize].parts.len();
            let load = &model.nodes[node as usize].load;
            // Between the visits of a bundle, what is brought on may meet what is not yet off.
            if parts > 1 && aboard + of(&load.pickup) > capacity {
                return false;
            }
            aboard += of(&load.pickup) + of(&load.carry) - of(&load.delivery);
            if aboard > capacity {
                return false;
            }
        }
        true
    })
}
