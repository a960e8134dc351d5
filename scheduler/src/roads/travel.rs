//! A road network as [`Ways`], to be put under [`LearnedTravel`](crate::LearnedTravel).

use std::sync::{Arc, Mutex, PoisonError};

use super::Cost;
use super::network::{Network, Scratch, rounded};
use crate::travel::{Leg, Point};
use crate::ways::Ways;

/// Idle search memories kept for the next search.
const SCRATCHES_MAX: usize = 8;

/// The ways of a road network. Clones share it.
#[derive(Clone, Debug)]
pub struct Roads {
    network: Arc<Network>,
    idle: Arc<Mutex<Vec<Scratch>>>,
}

impl Roads {
    /// The ways of this network.
    pub fn new(network: Arc<Network>) -> Self {
        Self { network, idle: Arc::default() }
    }

    /// The network itself.
    pub fn network(&self) -> &Network {
        &self.network
    }

    fn with_scratch<T>(&self, work: impl FnOnce(&mut Scratch) -> T) -> T {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scratch = idle().pop().unwrap_or_default();
        let answer = work(&mut scratch);
        let mut idle = idle();
        if idle.len() < SCRATCHES_MAX {
            idle.push(scratch);
        }
        answer
    }
}

fn leg(cost: Cost) -> Leg {
    let (seconds, metres) = rounded(cost);
    Leg { seconds: i64::from(seconds), metres: i64::from(metres) }
}

impl Ways for Roads {
    fn drive(&self, from: Point, to: Point) -> Option<Leg> {
        let (from, to) = (self.network.place(from)?, self.network.place(to)?);
        self.with_scratch(|scratch| self.network.cost(&from, &to, scratch)).map(leg)
    }

    fn drives(&self, points: &[Point]) -> Vec<Option<Leg>> {
        let places: Vec<_> = points.iter().map(|point| self.network.place(*point)).collect();
        let costs = self.with_scratch(|scratch| self.network.table(&places, scratch));
        costs.into_iter().map(|cost| (cost != Cost::NEVER).then(|| leg(cost))).collect()
    }
}
