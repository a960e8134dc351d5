//! How long it takes from here to there, leaving then: the [`Travel`] trait and the embedded estimate.
//!
//! The estimate needs no map: great-circle distance, a road factor and a speed that both depend on the distance,
//! the local hour, and what the company's own drives have taught. Never asks a network.

use geo::{Distance, Haversine};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::learn::Corrections;

/// A place, degrees WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub lat: f64,
    pub lon: f64,
}

impl Point {
    pub const fn new(lat: f64, lon: f64) -> Self {
        Self { lat, lon }
    }

    /// Great-circle distance in metres. Coordinates that are no numbers count as no distance at all.
    pub fn crow_m(self, other: Self) -> i64 {
        let metres = Haversine
            .distance(geo::Point::new(self.lon, self.lat), geo::Point::new(other.lon, other.lat));
        // A cast from a float saturates, and NaN becomes 0: nothing to panic about.
        metres.round() as i64
    }
}

/// One drive: time and road.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    pub seconds: i64,
    pub metres: i64,
}

/// Where travel times come from: the estimate, a road network, a routing server's fetched matrix.
///
/// **Invariant:** pure, and never negative; two calls with the same arguments agree while a plan is made.
pub trait Travel: Send + Sync {
    /// The drive `from` → `to` that leaves at `depart_s` (Unix seconds).
    fn leg(&self, from: Point, to: Point, depart_s: i64) -> Leg;
}

/// A drive that took place, to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drive {
    pub from: Point,
    pub to: Point,
    pub depart_s: i64,
    /// How long it really took.
    pub seconds: i64,
}

/// Crow-fly metres, seconds of driving, metres of road. Between two rows both grow in a straight line, so time
/// never falls as distance grows; the further, the faster and the straighter. Laid by hand through the medians of
/// two rural networks (Vermont and Liechtenstein, free flow).
const KNOTS: [(i64, i64, i64); 9] = [
    (0, 0, 0),
    (500, 75, 700),
    (1_000, 125, 1_400),
    (2_000, 230, 2_850),
    (5_000, 500, 6_900),
    (10_000, 880, 13_000),
    (20_000, 1_530, 25_000),
    (40_000, 2_720, 48_500),
    (80_000, 5_250, 95_000),
];

/// The embedded estimate.
#[derive(Clone, Debug)]
pub struct Estimate {
    zone: TimeZone,
    corrections: Corrections,
}

impl Estimate {
    /// An estimate that has learned nothing yet. `zone` says when the rush hours are.
    pub fn new(zone: TimeZone) -> Self {
        Self::with_corrections(zone, Corrections::default())
    }

    /// An estimate that goes on from what was learned and kept.
    pub const fn with_corrections(zone: TimeZone, corrections: Corrections) -> Self {
        Self { zone, corrections }
    }

    /// What was learned, to be kept.
    pub const fn corrections(&self) -> &Corrections {
        &self.corrections
    }

    /// Takes one real drive into account. Drives that cannot be true are passed over; the answer says so.
    pub fn learn(&mut self, drive: Drive) -> bool {
        let crow_m = drive.from.crow_m(drive.to);
        let hour = HourBand::at(&self.zone, drive.depart_s);
        let estimated_s = free_flow(crow_m).seconds * hour.permille() / 1000;
        self.corrections.learn(crow_m, hour, estimated_s, drive.seconds)
    }
}

impl Travel for Estimate {
    fn leg(&self, from: Point, to: Point, depart_s: i64) -> Leg {
        let crow_m = from.crow_m(to);
        let hour = HourBand::at(&self.zone, depart_s);
        let free = free_flow(crow_m);
        let learned = self.corrections.permille(crow_m, hour);
        let permille = hour.permille() * learned;
        Leg { seconds: (free.seconds * permille + 500_000) / 1_000_000, metres: free.metres }
    }
}

/// The drive of an empty road.
fn free_flow(crow_m: i64) -> Leg {
    let crow_m = crow_m.max(0);
    // The last two rows carry on as a straight line beyond the table.
    let above = KNOTS.iter().position(|knot| crow_m <= knot.0).unwrap_or(KNOTS.len() - 1).max(1);
    let (m0, s0, r0) = KNOTS[above - 1];
    let (m1, s1, r1) = KNOTS[above];
    let along = crow_m - m0;
    Leg { seconds: s0 + along * (s1 - s0) / (m1 - m0), metres: r0 + along * (r1 - r0) / (m1 - m0) }
}

/// Parts of a working week in which roads behave alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HourBand {
    /// 20:00 to 06:00, any day.
    Night,
    /// Monday to Friday, 06:30 to 09:00.
    MorningRush,
    /// Everything else.
    Day,
    /// Monday to Friday, 15:30 to 18:00.
    EveningRush,
}

impl HourBand {
    /// All of them, in the order in which corrections are kept.
    pub const ALL: [Self; 4] = [Self::Night, Self::MorningRush, Self::Day, Self::EveningRush];

    /// The band of an instant at its local time.
    pub fn at(zone: &TimeZone, unix_s: i64) -> Self {
        let offset_s = Timestamp::from_second(unix_s)
            .map_or(0, |instant| i64::from(zone.to_offset(instant).seconds()));
        let local_s = unix_s.saturating_add(offset_s);
        // 1970-01-01 was a Thursday: with 3 added, Monday is 0.
        let weekday = (local_s.div_euclid(86_400) + 3).rem_euclid(7);
        let minute = local_s.rem_euclid(86_400) / 60;
        match minute {
            0..360 | 1200.. => Self::Night,
            390..540 if weekday < 5 => Self::MorningRush,
            930..1080 if weekday < 5 => Self::EveningRush,
            _ => Self::Day,
        }
    }

    /// How much longer a drive takes than on an empty road, before anything is learned.
    pub const fn permille(self) -> i64 {
        match self {
            Self::Night => 960,
            Self::MorningRush => 1_080,
            Self::Day => 1_000,
            Self::EveningRush => 1_100,
        }
    }

    /// Its place in [`HourBand::ALL`].
    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Night => 0,
            Self::MorningRush => 1,
            Self::Day => 2,
            Self::EveningRush => 3,
        }
    }
}
