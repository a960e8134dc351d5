//! Days made for measuring: technicians around towns, jobs with windows, levels, breaks and priorities.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "shared by several benchmarks"
)]

use std::sync::Arc;

use fastrand::Rng;
use scheduler::matrix::Table;
use scheduler::optimise::{Break, Problem, Profile, Shift, Technician, Visit};
use scheduler::{Need, Skill, Span};

const TAGS: [&str; 6] = ["fibre", "coax", "copper", "splicing", "wifi", "tower"];
const H: i64 = 3600;

/// A day of `technicians` and `jobs`: times from midnight, seconds of driving between all places.
pub fn day(seed: u64, technicians: usize, jobs: usize) -> (Problem, Table) {
    let mut rng = Rng::with_seed(seed);
    // The more people, the larger the land: density stays as it is.
    let side_km = 60.0 * (technicians as f64 / 46.0).sqrt();
    let towns: Vec<(f64, f64, f64)> = (0..3 + technicians / 8)
        .map(|_| (rng.f64() * side_km, rng.f64() * side_km, 2.0 + rng.f64() * 7.0))
        .collect();
    let mut places: Vec<(f64, f64)> = Vec::new();
    let mut problem = Problem { profile: Profile::vroom(), ..Problem::default() };
    for index in 0..technicians {
        places.push(place(&mut rng, &towns));
        problem.technicians.push(technician(&mut rng, index));
    }
    for index in 0..jobs {
        places.push(place(&mut rng, &towns));
        let visit = visit(&mut rng, &problem.technicians, index, technicians + index);
        problem.visits.push(visit);
    }
    (problem, table(&places))
}

fn place(rng: &mut Rng, towns: &[(f64, f64, f64)]) -> (f64, f64) {
    let (x, y, spread) = towns[rng.usize(..towns.len())];
    let around = |rng: &mut Rng| (rng.f64() + rng.f64() + rng.f64() - 1.5) * spread * 1.5;
    (x + around(rng), y + around(rng))
}

/// Town speeds first, road speeds after, a minute and a half to park.
fn table(places: &[(f64, f64)]) -> Table {
    let n = places.len();
    let (mut seconds, mut metres) = (Vec::with_capacity(n * n), Vec::with_capacity(n * n));
    for a in places {
        for b in places {
            let km = (a.0 - b.0).hypot(a.1 - b.1) * 1.35;
            let s = if a == b {
                0.0
            } else {
                km.min(6.0) / 26.0 * 3600.0 + (km - 6.0).max(0.0) / 62.0 * 3600.0 + 90.0
            };
            seconds.push(s.round() as u32);
            metres.push((km * 1000.0) as u32);
        }
    }
    Table::new(n, seconds, metres).unwrap()
}

fn technician(rng: &mut Rng, index: usize) -> Technician {
    let start_s = [7, 8, 8, 8, 9, 11][rng.usize(..6)] * H;
    let end_s = start_s + [8, 8, 9, 10, 6][rng.usize(..5)] * H;
    let noon = start_s.midpoint(end_s);
    let skills =
        TAGS.iter().filter(|_| rng.u8(..10) < 6).map(|tag| Arc::from(*tag)).collect::<Vec<_>>();
    Technician {
        id: Arc::from(format!("t{index:05}")),
        start: Some(index),
        end: Some(index),
        skills: skills
            .into_iter()
            .map(|tag| Skill { tag, level: rng.u8(1..=5), expires_s: None })
            .collect(),
        shifts: vec![Shift { span: Span::new(start_s, end_s), overtime_s: 0 }],
        breaks: vec![Break {
            id: 1,
            windows: vec![Span::new(noon - H, noon + H)],
            duration_s: 1800,
        }],
        max_visits: Some(14),
        speed_permille: 1000,
        ..Technician::default()
    }
}

fn visit(rng: &mut Rng, technicians: &[Technician], index: usize, place: usize) -> Visit {
    const WINDOWS: [(i64, i64); 8] =
        [(8, 12), (8, 12), (13, 17), (13, 17), (8, 10), (10, 12), (15, 17), (7, 20)];
    let (from, until) = WINDOWS[rng.usize(..8)];
    // What is asked is what somebody has.
    let somebody = &technicians[rng.usize(..technicians.len())].skills;
    let needs = somebody.first().filter(|_| rng.u8(..10) < 9).map(|skill| Need {
        tag: skill.tag.clone(),
        level: rng.u8(1..=skill.level),
        required: true,
    });
    Visit {
        id: Arc::from(format!("v{index:06}")),
        place,
        service_s: rng.i64(25..85) * 60,
        windows: vec![Span::new(from * H, until * H)],
        needs: needs.into_iter().collect(),
        priority: rng.u32(5..100),
        ..Visit::default()
    }
}

/// The most memory this process ever held, in megabytes; 0 where the system does not say.
pub fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
