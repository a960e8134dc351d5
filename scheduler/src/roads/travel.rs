//! The road network as [`Travel`] and as [`Matrices`]: the empty road's time, stretched by the hour like the estimate.
//!
//! A place far from every road, or a pair without a way, is answered by the estimate: a plan must not fall apart
//! because of one odd coordinate.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

use super::Cost;
use super::network::{Network, Scratch, rounded};
use crate::matrix::{Matrices, MatrixError, Table, guard};
use crate::travel::{Estimate, HourBand, Leg, Point, Travel};

/// Idle search memories kept for the next search.
const SCRATCHES_MAX: usize = 8;

/// Travel on a road network. Clones share it.
#[derive(Clone, Debug)]
pub struct Roads {
    network: Arc<Network>,
    zone: TimeZone,
    elsewhere: Estimate,
    idle: Arc<Mutex<Vec<Scratch>>>,
}

impl Roads {
    /// Travel on this network; `zone` says when the rush hours are.
    pub fn new(network: Arc<Network>, zone: TimeZone) -> Self {
        let elsewhere = Estimate::new(zone.clone());
        Self { network, zone, elsewhere, idle: Arc::default() }
    }

    /// The network itself.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The drive on an empty road; nothing where a place is on no road.
    pub fn free_flow(&self, from: Point, to: Point) -> Option<Leg> {
        let (from, to) = (self.network.place(from)?, self.network.place(to)?);
        self.with_scratch(|scratch| self.network.cost(&from, &to, scratch)).map(leg)
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

    fn at_hour(&self, leg: Leg, depart_s: i64) -> Leg {
        let permille = HourBand::at(&self.zone, depart_s).permille();
        Leg { seconds: (leg.seconds * permille + 500) / 1_000, metres: leg.metres }
    }
}

fn leg(cost: Cost) -> Leg {
    let (seconds, metres) = rounded(cost);
    Leg { seconds: i64::from(seconds), metres: i64::from(metres) }
}

impl Travel for Roads {
    fn leg(&self, from: Point, to: Point, depart_s: i64) -> Leg {
        match self.free_flow(from, to) {
            Some(leg) => self.at_hour(leg, depart_s),
            None => self.elsewhere.leg(from, to, depart_s),
        }
    }
}

impl Matrices for Roads {
    fn table(&self, points: &[Point], depart_s: i64) -> Result<Table, MatrixError> {
        guard(points.len())?;
        let places: Vec<_> = points.iter().map(|point| self.network.place(*point)).collect();
        let costs = self.with_scratch(|scratch| self.network.table(&places, scratch));
        Table::by_pair(points.len(), |i, j| match costs[i * points.len() + j] {
            Cost::NEVER => self.elsewhere.leg(points[i], points[j], depart_s),
            cost => self.at_hour(leg(cost), depart_s),
        })
    }
}
