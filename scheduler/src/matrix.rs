//! Travel between many places at once: the [`Matrices`] door and the [`Table`] it answers with.
//!
//! An optimiser asks once for all its places instead of pair by pair, so that a road network or a routing server can
//! answer with one pass. Holds no network and no cache; whoever implements the door owns those.

use std::ops::Deref;

use crate::travel::{Estimate, Leg, Point, Travel};

/// No way from here to there.
pub const UNREACHABLE: u32 = u32::MAX;

/// Places a table may have at most: 12,000 of them make 1.2 GB.
pub const POINTS_MAX: usize = 12_000;

/// Seconds and metres of every ordered pair of `n` places, row by row: from `i` to `j` stands at `i * n + j`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    n: usize,
    seconds: Vec<u32>,
    metres: Vec<u32>,
}

impl Table {
    /// A table of `n` places from its two lists, row-major, each `n * n` long.
    ///
    /// # Errors
    /// [`MatrixError::Shape`] when a list has another length.
    pub fn new(n: usize, seconds: Vec<u32>, metres: Vec<u32>) -> Result<Self, MatrixError> {
        let wanted = n.saturating_mul(n);
        if seconds.len() != wanted || metres.len() != wanted {
            return Err(MatrixError::Shape { points: n });
        }
        Ok(Self { n, seconds, metres })
    }

    /// The table that asks `leg` for every pair of different places; from a place to itself is nothing.
    ///
    /// # Errors
    /// [`MatrixError::TooMany`] above [`POINTS_MAX`] places.
    pub fn by_pair(
        n: usize,
        mut leg: impl FnMut(usize, usize) -> Leg,
    ) -> Result<Self, MatrixError> {
        guard(n)?;
        let mut table = Self { n, seconds: vec![0; n * n], metres: vec![0; n * n] };
        for i in 0..n {
            for j in (0..n).filter(|j| *j != i) {
                let found = leg(i, j);
                table.set(i, j, whole(found.seconds), whole(found.metres));
            }
        }
        Ok(table)
    }

    /// How many places.
    pub const fn n(&self) -> usize {
        self.n
    }

    /// Seconds of driving from place `i` to place `j`, [`UNREACHABLE`] where there is no way.
    ///
    /// # Panics
    /// When a place is not of this table, as indexing does.
    pub fn seconds(&self, i: usize, j: usize) -> u32 {
        self.seconds[self.at(i, j)]
    }

    /// Metres of road from place `i` to place `j`, [`UNREACHABLE`] where there is no way.
    ///
    /// # Panics
    /// When a place is not of this table, as indexing does.
    pub fn metres(&self, i: usize, j: usize) -> u32 {
        self.metres[self.at(i, j)]
    }

    /// The drive from place `i` to place `j`; nothing where there is no way.
    pub fn leg(&self, i: usize, j: usize) -> Option<Leg> {
        let (seconds, metres) = (self.seconds(i, j), self.metres(i, j));
        (seconds != UNREACHABLE && metres != UNREACHABLE)
            .then(|| Leg { seconds: i64::from(seconds), metres: i64::from(metres) })
    }

    /// Puts one pair in.
    pub fn set(&mut self, i: usize, j: usize, seconds: u32, metres: u32) {
        let at = self.at(i, j);
        self.seconds[at] = seconds;
        self.metres[at] = metres;
    }

    /// All seconds, row by row.
    pub fn all_seconds(&self) -> &[u32] {
        &self.seconds
    }

    /// All metres, row by row.
    pub fn all_metres(&self) -> &[u32] {
        &self.metres
    }

    fn at(&self, i: usize, j: usize) -> usize {
        assert!(i < self.n && j < self.n, "a table of {} places has no pair {i}, {j}", self.n);
        i * self.n + j
    }
}

/// Refuses more places than a table may have.
///
/// # Errors
/// [`MatrixError::TooMany`].
pub const fn guard(points: usize) -> Result<(), MatrixError> {
    if points > POINTS_MAX { Err(MatrixError::TooMany { points }) } else { Ok(()) }
}

/// A length or a time as a table keeps it; what does not fit is as good as no way.
pub fn whole(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(UNREACHABLE)
}

/// Why there is no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MatrixError {
    /// It would not fit into memory.
    #[error("{points} places are too many for one table; at most {POINTS_MAX}")]
    TooMany { points: usize },
    /// Lists of the wrong length.
    #[error("a table of {points} places needs {points} times {points} numbers")]
    Shape { points: usize },
    /// Whoever should answer did not.
    #[error("no travel times are to be had: {0}")]
    Unavailable(String),
}

/// Where tables of travel come from: the estimate, a road network, a routing server.
///
/// **Invariant:** the answer depends on the arguments alone while a plan is made; it may take long, so nobody asks
/// from inside a decision.
pub trait Matrices: Send + Sync {
    /// The drives between all `points`, for somebody who leaves at about `depart_s` (Unix seconds).
    ///
    /// # Errors
    /// See [`MatrixError`].
    fn table(&self, points: &[Point], depart_s: i64) -> Result<Table, MatrixError>;
}

/// Any [`Travel`] as a [`Matrices`], asked pair by pair: `ByLegs(&travel)` or `ByLegs(Arc::clone(&travel))`.
#[derive(Clone, Copy, Debug)]
pub struct ByLegs<T>(pub T);

impl<T> Matrices for ByLegs<T>
where
    T: Deref + Send + Sync,
    T::Target: Travel,
{
    fn table(&self, points: &[Point], depart_s: i64) -> Result<Table, MatrixError> {
        Table::by_pair(points.len(), |i, j| self.0.leg(points[i], points[j], depart_s))
    }
}

impl Matrices for Estimate {
    fn table(&self, points: &[Point], depart_s: i64) -> Result<Table, MatrixError> {
        ByLegs(self).table(points, depart_s)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::tz::TimeZone;

    use super::*;

    const PLACES: [Point; 3] =
        [Point::new(45.05, -73.58), Point::new(45.1, -73.6), Point::new(45.05, -73.58)];

    #[test]
    fn a_table_says_what_the_legs_say_and_a_place_is_at_itself_at_once() {
        let estimate = Estimate::new(TimeZone::UTC);
        let table = estimate.table(&PLACES, 1_795_536_000).unwrap();
        for (i, from) in PLACES.iter().enumerate() {
            for (j, to) in PLACES.iter().enumerate() {
                let leg = estimate.leg(*from, *to, 1_795_536_000);
                assert_eq!(table.leg(i, j), Some(if i == j { Leg::default() } else { leg }));
            }
        }
        let shared: Arc<dyn Travel> = Arc::new(estimate);
        assert_eq!(ByLegs(shared).table(&PLACES, 1_795_536_000).unwrap(), table);
        assert!(table.seconds(0, 1) > 0 && table.metres(1, 0) > 5_000);
    }

    #[test]
    fn a_pair_without_a_way_has_no_leg() {
        let mut table = Table::by_pair(2, |_, _| Leg { seconds: 5, metres: 70 }).unwrap();
        table.set(0, 1, UNREACHABLE, UNREACHABLE);
        assert_eq!(table.leg(0, 1), None);
        assert_eq!(table.leg(1, 0), Some(Leg { seconds: 5, metres: 70 }));
    }

    #[test]
    fn what_is_too_large_or_of_the_wrong_length_is_refused() {
        let none = Table::by_pair(POINTS_MAX + 1, |_, _| Leg::default());
        assert_eq!(none.unwrap_err(), MatrixError::TooMany { points: POINTS_MAX + 1 });
        assert_eq!(Table::new(2, vec![0; 4], vec![0; 3]), Err(MatrixError::Shape { points: 2 }));
        assert_eq!(Table::new(0, vec![], vec![]).unwrap().n(), 0);
        assert_eq!((whole(-3), whole(i64::MAX), whole(7)), (0, UNREACHABLE, 7));
    }
}
