//! Seeded dice: the only randomness of the simulated company.
//! The same seed gives the same throws on every machine and in every version, so "same seed, same day" holds;
//! a die is forked by name, so that one more throw in one place changes nothing elsewhere. Never reads a clock or the system's entropy.

/// A small deterministic generator (SplitMix64 steps). Good enough for a play; never for secrets.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finalising mix of SplitMix64: every input bit reaches every output bit.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self { state: mix(seed.wrapping_add(GOLDEN)) }
    }

    /// Dice of their own for `name`, whatever was thrown here before or after.
    pub fn named(seed: u64, name: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self::new(mix(seed) ^ hash)
    }

    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number in `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in `low..high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number in `low..=high`; `low` where the range is empty.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low + (self.bits() % span) as i64
    }

    /// An index in `0..len`, and 0 for an empty range.
    pub fn index(&mut self, len: usize) -> usize {
        (self.bits() % len.max(1) as u64) as usize
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of `items`, which must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// One of `words`, which must not be empty.
    pub fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[self.index(words.len())]
    }

    /// An index drawn by weight.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        weights.len().saturating_sub(1)
    }

    /// Roughly normal, mean 0 and deviation 1 (the sum of twelve throws).
    pub fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            let other = self.index(index + 1);
            items.swap(index, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_throws_the_same_and_names_are_apart() {
        let throws = |mut dice: Dice| (0..5).map(|_| dice.bits()).collect::<Vec<_>>();
        assert_eq!(throws(Dice::named(7, "roads")), throws(Dice::named(7, "roads")));
        assert_ne!(throws(Dice::named(7, "roads")), throws(Dice::named(7, "homes")));
        assert_ne!(throws(Dice::named(7, "roads")), throws(Dice::named(8, "roads")));
    }

    #[test]
    fn throws_stay_inside_their_range_and_reach_both_ends() {
        let mut dice = Dice::new(3);
        let throws: Vec<i64> = (0..2_000).map(|_| dice.whole(-2, 3)).collect();
        assert!(throws.iter().all(|throw| (-2..=3).contains(throw)));
        assert!(throws.contains(&-2) && throws.contains(&3));
        let mean = (0..4_000).map(|_| dice.bell()).sum::<f64>() / 4_000.0;
        assert!(mean.abs() < 0.1, "mean {mean}");
    }
}
