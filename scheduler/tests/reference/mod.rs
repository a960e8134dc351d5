//! A reference router's durations on three extracts, where the folder that holds them is present; and how far a
//! prediction is from them.
#![allow(clippy::expect_used, dead_code, reason = "shared by tests and a benchmark")]

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use scheduler::{Drive, Estimate, Point, Travel};

/// Tuesday, 24 November 2026, 15:00 UTC: no rush in UTC.
pub const NOON_S: i64 = 1_795_532_400;

pub const NAMES: [&str; 3] = ["addison-county-vt", "liechtenstein", "monaco"];

/// A drive as the reference router sees it.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub from: Point,
    pub to: Point,
    pub seconds: f64,
    pub metres: f64,
}

/// The folder of real input data, where it is present.
pub fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("TOURNEE_SHARED").map(PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = [root.join("../../shared"), root.join("../../../shared")];
    named.into_iter().chain(beside).find(|folder| folder.join("data/routing").is_dir())
}

/// All pairs of a network's matrix.
pub fn pairs(shared: &Path, name: &str) -> Vec<Pair> {
    let file = shared.join(format!("data/routing/{name}-valhalla-matrix-50x50.csv"));
    let text = std::fs::read_to_string(file).expect("the matrix can be read");
    let rows = text.lines().skip(1).map(|line| {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
        Pair {
            from: Point::new(cells[1], cells[2]),
            to: Point::new(cells[4], cells[5]),
            seconds: cells[6],
            metres: cells[7],
        }
    });
    rows.collect()
}

/// Median and 90th percentile of the relative error.
pub fn errors(pairs: &[Pair], predicted: &dyn Fn(&Pair) -> f64) -> (f64, f64) {
    let mut errors: Vec<f64> = pairs
        .iter()
        .map(|pair| (predicted(pair) - pair.seconds).abs() / pair.seconds.max(1.0))
        .collect();
    errors.sort_by(f64::total_cmp);
    (errors[errors.len() / 2], errors[errors.len() * 9 / 10])
}

/// Median of predicted over reference.
pub fn ratio(pairs: &[Pair], predicted: &dyn Fn(&Pair) -> f64) -> f64 {
    let mut ratios: Vec<f64> =
        pairs.iter().map(|pair| predicted(pair) / pair.seconds.max(1.0)).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

/// The estimate's median error on one half of the pairs, after it learned from the other half, or not.
pub fn estimate(pairs: &[Pair], learned: bool) -> f64 {
    let mut estimate = Estimate::new(TimeZone::UTC);
    // Neighbouring rows share a place; a stride that is prime to fifty mixes them.
    let (taught, asked): (Vec<_>, Vec<_>) =
        (0..pairs.len()).partition(|at| (at * 7_919 / 13) % 2 == 0);
    for at in taught.into_iter().filter(|_| learned) {
        let Pair { from, to, seconds, .. } = pairs[at];
        estimate.learn(Drive { from, to, depart_s: NOON_S, seconds: seconds as i64 });
    }
    let asked: Vec<Pair> = asked.into_iter().map(|at| pairs[at]).collect();
    errors(&asked, &|pair| estimate.leg(pair.from, pair.to, NOON_S).seconds as f64).0
}
