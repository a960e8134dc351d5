//! Lots drawn by name: the only chance of the simulation.
//!
//! Every lot belongs to a subject (a job of a day, a technician of a day, a drive), never to an order of use: whatever
//! a policy does, the same subject draws the same. Never reads a clock or the system's entropy.

/// A stream of lots of its own.
#[derive(Clone, Debug)]
pub(super) struct Draw(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finalising mix of SplitMix64.
const fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl Draw {
    /// The lots of `subject` number `index` on day `day`.
    pub fn of(seed: u64, subject: &str, day: u64, index: u64) -> Self {
        let mut state = mixed(seed.wrapping_add(STEP));
        for byte in subject.bytes() {
            state = mixed(state ^ u64::from(byte));
        }
        state = mixed(state.wrapping_add(day.wrapping_mul(STEP)));
        Self(mixed(state ^ index.wrapping_add(1).wrapping_mul(STEP)))
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// In `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number in `low..=high`.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        let count = u64::try_from(high - low).unwrap_or(0) + 1;
        low + (self.bits() % count) as i64
    }

    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// An index, drawn by weight; the last where weights run out.
    pub fn weighted(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut left = self.unit() * weights.clone().sum::<f64>();
        let mut last = 0;
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return index;
            }
            left -= weight;
            last = index;
        }
        last
    }

    /// Roughly normal: mean 0, deviation 1.
    pub fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// A log-normal ratio in thousandths around 1000, within `low..=high`.
    pub fn permille(&mut self, deviation: f64, low: i64, high: i64) -> i64 {
        let ratio = (self.bell() * deviation - deviation * deviation / 2.0).exp();
        ((ratio * 1000.0).round() as i64).clamp(low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::Draw;

    #[test]
    fn a_subject_draws_the_same_whatever_others_draw() {
        let thrown = |seed, index| Draw::of(seed, "job", 3, index).unit().to_bits();
        assert_eq!(thrown(7, 1), thrown(7, 1));
        assert_ne!(thrown(7, 1), thrown(7, 2));
        assert_ne!(thrown(7, 1), thrown(8, 1));
        let ratios: Vec<i64> =
            (0..4_000).map(|index| Draw::of(1, "x", 0, index).permille(0.25, 400, 2_500)).collect();
        let mean = ratios.iter().sum::<i64>() / 4_000;
        assert!((980..1_020).contains(&mean), "mean {mean}");
        assert!(ratios.iter().any(|ratio| *ratio < 700) && ratios.iter().any(|r| *r > 1_400));
    }
}
