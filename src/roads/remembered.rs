//! Ways with a memory: a day is planned with the same few hundred places again and again, and a search takes longer
//! than a look into a table. Bounded: when it is full, what was not asked for lately goes.

use std::collections::HashMap;

use parking_lot::Mutex;
use scheduler::{Leg, Point, Ways};

/// A pair of places, ten-millionths of a degree.
type Key = [i32; 4];

/// Pairs kept, in two generations of half as many.
const PAIRS_MAX: usize = 200_000;
/// Locks, so that threads seldom wait for each other.
const SHARDS: usize = 16;

/// Answers by pair of places.
#[derive(Debug)]
pub struct Memory {
    shards: Vec<Mutex<Generations>>,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Key, Option<Leg>>,
    old: HashMap<Key, Option<Leg>>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }
}

impl Memory {
    /// What was kept of a pair: an answer, which may be that there is no way.
    pub fn recall(&self, from: Point, to: Point) -> Option<Option<Leg>> {
        let key = key(from, to);
        self.shards[shard(key)].lock().recall(key)
    }

    /// Keeps an answer.
    pub fn keep(&self, from: Point, to: Point, found: Option<Leg>) {
        let key = key(from, to);
        self.shards[shard(key)].lock().keep(key, found);
    }
}

impl Generations {
    fn recall(&mut self, key: Key) -> Option<Option<Leg>> {
        if let Some(known) = self.young.get(&key) {
            return Some(*known);
        }
        let known = self.old.remove(&key)?;
        self.keep(key, known);
        Some(known)
    }

    fn keep(&mut self, key: Key, found: Option<Leg>) {
        if self.young.len() >= PAIRS_MAX / SHARDS / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, found);
    }
}

/// Ways that remember what they answered.
#[derive(Debug)]
pub struct Remembered<W> {
    ways: W,
    memory: Memory,
}

impl<W: Ways> Remembered<W> {
    /// These ways with an empty memory.
    pub fn new(ways: W) -> Self {
        Self { ways, memory: Memory::default() }
    }
}

impl<W: Ways> Ways for Remembered<W> {
    fn drive(&self, from: Point, to: Point) -> Option<Leg> {
        if let Some(known) = self.memory.recall(from, to) {
            return known;
        }
        // Searched without a lock: two may search the same, none waits.
        let found = self.ways.drive(from, to);
        self.memory.keep(from, to, found);
        found
    }

    fn drives(&self, points: &[Point]) -> Vec<Option<Leg>> {
        self.ways.drives(points)
    }
}

fn key(from: Point, to: Point) -> Key {
    // A cast from a float saturates, and NaN becomes 0: such places are on no road anyway.
    [from.lat, from.lon, to.lat, to.lon].map(|degrees| (degrees * 1e7).round() as i32)
}

fn shard(key: Key) -> usize {
    let mixed = key.iter().fold(0_u64, |sum, part| {
        (sum ^ u64::from(part.cast_unsigned())).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31)
    });
    (mixed % SHARDS as u64) as usize
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Counted(AtomicUsize);

    impl Ways for &Counted {
        fn drive(&self, from: Point, to: Point) -> Option<Leg> {
            self.0.fetch_add(1, Ordering::Relaxed);
            (to.lat > 0.0).then(|| Leg { seconds: from.crow_m(to), metres: 1 })
        }
    }

    #[test]
    fn the_same_pair_is_searched_once_and_the_memory_stays_bounded() {
        let counted = Counted::default();
        let ways = Remembered::new(&counted);
        let (here, there) = (Point::new(45.0, -73.0), Point::new(45.1, -73.0));
        let first = ways.drive(here, there);
        assert_eq!((first, ways.drive(here, there)), (first, first));
        let south = Point::new(-1.0, 0.0);
        assert_eq!((ways.drive(here, south), ways.drive(here, south)), (None, None));
        assert_eq!(counted.0.load(Ordering::Relaxed), 2);
        for at in 0..PAIRS_MAX * 2 {
            ways.drive(here, Point::new(45.0 + at as f64 / 1e6, -73.0));
        }
        let kept = |shard: &Mutex<Generations>| {
            let shard = shard.lock();
            shard.young.len() + shard.old.len()
        };
        assert!(ways.memory.shards.iter().map(kept).sum::<usize>() <= PAIRS_MAX);
    }
}
