//! Travel by somebody who knows the ways better than the estimate: a road network, a routing server. Their times are
//! those of an empty road; the hour and what the company's own drives taught are put on top here.
//!
//! Where they do not know a way, the estimate answers: a plan must not fall apart because of one odd coordinate.

use std::fmt;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::learn::Corrections;
use crate::matrix::{Matrices, MatrixError, Table, guard};
use crate::travel::{Drive, Estimate, HourBand, Leg, Point, Travel};

/// Whoever knows ways.
pub trait Ways: Send + Sync {
    /// The drive on an empty road; nothing where it is not known.
    fn drive(&self, from: Point, to: Point) -> Option<Leg>;

    /// The drives between all `points`, row by row as in a [`Table`]; always `points.len()` squared of them.
    fn drives(&self, points: &[Point]) -> Vec<Option<Leg>> {
        let from_each = points.iter().flat_map(|from| points.iter().map(move |to| (*from, *to)));
        from_each.map(|(from, to)| self.drive(from, to)).collect()
    }
}

/// Travel on somebody's ways, or on nobody's, that learns. Without ways it is the estimate.
#[derive(Clone)]
pub struct LearnedTravel {
    zone: TimeZone,
    ways: Option<Arc<dyn Ways>>,
    /// What the drives taught about the ways.
    corrections: Corrections,
    estimate: Estimate,
}

impl fmt::Debug for LearnedTravel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LearnedTravel").field("ways", &self.ways.is_some()).finish_non_exhaustive()
    }
}

impl LearnedTravel {
    /// Travel that has learned nothing yet. `zone` says when the rush hours are.
    pub fn new(zone: TimeZone, ways: Option<Arc<dyn Ways>>) -> Self {
        let estimate = Estimate::new(zone.clone());
        Self { zone, ways, corrections: Corrections::default(), estimate }
    }

    /// The same ways, with nothing learned of them yet.
    #[must_use]
    pub fn unlearned(&self) -> Self {
        Self::new(self.zone.clone(), self.ways.clone())
    }

    /// Takes one real drive into account. Drives that cannot be true are passed over; the answer says so.
    pub fn learn(&mut self, drive: Drive) -> bool {
        if let Some(known) = self.known(drive.from, drive.to) {
            let hour = HourBand::at(&self.zone, drive.depart_s);
            let expected_s = known.seconds * hour.permille() / 1_000;
            let crow_m = drive.from.crow_m(drive.to);
            self.corrections.learn(crow_m, hour, expected_s, drive.seconds);
        }
        self.estimate.learn(drive)
    }

    fn known(&self, from: Point, to: Point) -> Option<Leg> {
        self.ways.as_ref()?.drive(from, to)
    }

    fn stretched(&self, free: Leg, crow_m: i64, depart_s: i64) -> Leg {
        let hour = HourBand::at(&self.zone, depart_s);
        let permille = hour.permille() * self.corrections.permille(crow_m, hour);
        Leg { seconds: (free.seconds * permille + 500_000) / 1_000_000, metres: free.metres }
    }
}

impl Travel for LearnedTravel {
    fn leg(&self, from: Point, to: Point, depart_s: i64) -> Leg {
        match self.known(from, to) {
            Some(free) => self.stretched(free, from.crow_m(to), depart_s),
            None => self.estimate.leg(from, to, depart_s),
        }
    }
}

impl Matrices for LearnedTravel {
    fn table(&self, points: &[Point], depart_s: i64) -> Result<Table, MatrixError> {
        guard(points.len())?;
        let Some(ways) = &self.ways else { return self.estimate.table(points, depart_s) };
        let drives = ways.drives(points);
        Table::by_pair(points.len(), |i, j| {
            let (from, to) = (points[i], points[j]);
            match drives.get(i * points.len() + j).copied().flatten() {
                Some(free) => self.stretched(free, from.crow_m(to), depart_s),
                None => self.estimate.leg(from, to, depart_s),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tuesday, 24 November 2026, 15:00 UTC: no rush in UTC.
    const NOON_S: i64 = 1_795_532_400;
    const HERE: Point = Point::new(45.05, -73.58);
    const THERE: Point = Point::new(45.15, -73.58);
    const ISLAND: Point = Point::new(45.2, -73.5);

    /// Knows of no island.
    struct Guide;

    impl Ways for Guide {
        fn drive(&self, from: Point, to: Point) -> Option<Leg> {
            let known = from != ISLAND && to != ISLAND;
            known.then(|| Leg { seconds: from.crow_m(to) / 10, metres: from.crow_m(to) * 2 })
        }
    }

    #[test]
    fn known_ways_are_used_and_the_estimate_fills_the_rest() {
        let travel = LearnedTravel::new(TimeZone::UTC, Some(Arc::new(Guide)));
        let estimate = Estimate::new(TimeZone::UTC);
        let crow_m = HERE.crow_m(THERE);
        let known = travel.leg(HERE, THERE, NOON_S);
        assert_eq!(known, Leg { seconds: crow_m / 10, metres: crow_m * 2 });
        let unknown = travel.leg(HERE, ISLAND, NOON_S);
        assert_eq!(unknown, estimate.leg(HERE, ISLAND, NOON_S));
        let table = travel.table(&[HERE, THERE, ISLAND], NOON_S).unwrap();
        assert_eq!((table.leg(0, 1), table.leg(0, 2)), (Some(known), Some(unknown)));
        assert!(travel.leg(HERE, THERE, NOON_S + 3_600).seconds > known.seconds, "the rush");
        let nobody = LearnedTravel::new(TimeZone::UTC, None);
        assert_eq!(nobody.leg(HERE, THERE, NOON_S), estimate.leg(HERE, THERE, NOON_S));
        assert_eq!(nobody.table(&[HERE, THERE], NOON_S), estimate.table(&[HERE, THERE], NOON_S));
    }

    #[test]
    fn the_company_s_drives_teach_about_the_ways_too() {
        let mut travel = LearnedTravel::new(TimeZone::UTC, Some(Arc::new(Guide)));
        let before_s = travel.leg(HERE, THERE, NOON_S).seconds;
        for _ in 0..40 {
            let seconds = before_s * 14 / 10;
            assert!(travel.learn(Drive { from: HERE, to: THERE, depart_s: NOON_S, seconds }));
        }
        let after_s = travel.leg(HERE, THERE, NOON_S).seconds;
        assert!(after_s > before_s * 13 / 10 && after_s <= before_s * 14 / 10 + 1, "{after_s}");
    }
}
