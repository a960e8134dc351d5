//! How long work takes: the trait the ETA asks, and what is learned per kind of job.
//!
//! Never shortens or stretches a plan: it only foretells when a technician will be free.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::learn::Ratios;

/// Kinds remembered at most; beyond that, unknown kinds go by their plan.
const KINDS_MAX: usize = 256;

/// Says how long a job of a kind usually takes.
pub trait Durations: Send + Sync {
    /// Typical seconds on site for a job of `kind` that was planned to take `planned_s`.
    fn typical_s(&self, kind: Option<&str>, planned_s: i64) -> i64;
}

/// Takes every plan at its word.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsPlanned;

impl Durations for AsPlanned {
    fn typical_s(&self, _kind: Option<&str>, planned_s: i64) -> i64 {
        planned_s
    }
}

/// Learns, per kind, by how much real work differs from its plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedDurations {
    kinds: BTreeMap<String, Ratios>,
}

impl LearnedDurations {
    /// Takes one finished visit; false where it cannot be believed or is one kind too many.
    pub fn learn(&mut self, kind: &str, planned_s: i64, actual_s: i64) -> bool {
        if let Some(ratios) = self.kinds.get_mut(kind) {
            return ratios.learn(planned_s, actual_s);
        }
        let mut ratios = Ratios::default();
        if self.kinds.len() >= KINDS_MAX || !ratios.learn(planned_s, actual_s) {
            return false;
        }
        self.kinds.insert(kind.to_owned(), ratios);
        true
    }
}

impl Durations for LearnedDurations {
    fn typical_s(&self, kind: Option<&str>, planned_s: i64) -> i64 {
        let permille = kind.and_then(|kind| self.kinds.get(kind)).map_or(1000, Ratios::permille);
        (planned_s * permille + 500) / 1000
    }
}
