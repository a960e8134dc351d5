//! Learning from what really happened, robustly: a median of recent ratios, pulled towards "as estimated" while
//! there is little to go by, and bounded.
//!
//! One strange drive changes nothing, a hundred strange drives change something, and nothing changes the answer by
//! more than the bounds. Never forgets silently: the newest [`KEPT`] ratios are the whole memory.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::travel::HourBand;

/// Ratios kept per cell; the oldest gives way.
pub const KEPT: usize = 63;

/// With this many observations, what was learned counts for one half.
const HALF_TRUST: i64 = 6;

/// A ratio outside these bounds is a forgotten button or a lunch, not a drive.
const BELIEVED_PERMILLE: std::ops::RangeInclusive<i64> = 250..=4_000;

/// Upper ends of the distance bands, crow-fly metres; the last band is open.
const BANDS_M: [i64; 3] = [3_000, 10_000, 30_000];

/// Actual over expected, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratios {
    recent: VecDeque<u16>,
    /// Kept beside the list, since it is read far more often than it changes.
    learned_permille: Option<u16>,
}

impl Ratios {
    /// Takes one observation; false where it cannot be believed.
    pub fn learn(&mut self, expected_s: i64, actual_s: i64) -> bool {
        if expected_s < 1 || actual_s < 1 {
            return false;
        }
        let permille = actual_s.saturating_mul(1000) / expected_s;
        let (true, Ok(kept)) = (BELIEVED_PERMILLE.contains(&permille), u16::try_from(permille))
        else {
            return false;
        };
        if self.recent.len() >= KEPT {
            self.recent.pop_front();
        }
        self.recent.push_back(kept);
        self.learned_permille = Some(self.fold());
        true
    }

    /// What to multiply an expectation by, in thousandths: within 600 to 2000, and 1000 before anything is known.
    pub fn permille(&self) -> i64 {
        self.learned_permille.map_or(1000, |learned| i64::from(learned).clamp(600, 2_000))
    }

    /// How many observations stand behind it.
    pub fn count(&self) -> usize {
        self.recent.len()
    }

    fn fold(&self) -> u16 {
        let mut sorted: Vec<u16> = self.recent.iter().copied().collect();
        sorted.sort_unstable();
        let median = i64::from(sorted.get(sorted.len() / 2).copied().unwrap_or(1000));
        let count = i64::try_from(sorted.len()).unwrap_or(i64::MAX);
        let pulled = (median * count + 1000 * HALF_TRUST) / (count + HALF_TRUST);
        u16::try_from(pulled.clamp(600, 2_000)).unwrap_or(1000)
    }
}

/// What the company's drives have taught, by distance and by hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrections {
    cells: [[Ratios; HourBand::ALL.len()]; BANDS_M.len() + 1],
}

impl Corrections {
    /// The factor for a drive, in thousandths.
    pub fn permille(&self, crow_m: i64, hour: HourBand) -> i64 {
        self.cells[band(crow_m)][hour.index()].permille()
    }

    /// Takes one drive; false where it cannot be believed (too short to tell, or out of all proportion).
    pub fn learn(&mut self, crow_m: i64, hour: HourBand, estimated_s: i64, actual_s: i64) -> bool {
        // Below two minutes, parking and red lights are all there is to measure.
        estimated_s >= 120 && self.cells[band(crow_m)][hour.index()].learn(estimated_s, actual_s)
    }
}

fn band(crow_m: i64) -> usize {
    BANDS_M.iter().position(|end| crow_m < *end).unwrap_or(BANDS_M.len())
}
