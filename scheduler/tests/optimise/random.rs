//! Days drawn by lot: small enough to plan in a moment, with a little of everything.

use std::sync::Arc;

use fastrand::Rng;
use scheduler::matrix::Table;
use scheduler::optimise::{Break, Current, Link, Pin, Problem, Profile, Shift, Technician, Visit};
use scheduler::{Need, Point, Skill, Span};

const TAGS: [&str; 3] = ["fibre", "coax", "tower"];
const H: i64 = 3600;
/// A Monday at eight, Unix seconds.
pub const EIGHT: i64 = 1_763_989_200;

/// What a drawn day may contain.
#[derive(Clone, Copy)]
pub struct Spice {
    pub links: bool,
    pub pins: bool,
    pub loads: bool,
    /// Nothing but drives, windows and deliveries.
    pub bare: bool,
    pub profile: fn() -> Profile,
}

/// A day with `technicians` and `visits`, and its travel table.
pub fn day(seed: u64, technicians: usize, visits: usize, spice: Spice) -> (Problem, Table) {
    let mut rng = Rng::with_seed(seed);
    let places: Vec<(i64, i64)> =
        (0..technicians + visits).map(|_| (rng.i64(0..4000), rng.i64(0..4000))).collect();
    let n = places.len();
    let drive = |(i, j): (usize, usize)| {
        let (a, b) = (places[i], places[j]);
        ((a.0 - b.0).abs() + (a.1 - b.1).abs()) as u32
    };
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).collect();
    let seconds: Vec<u32> = pairs.iter().map(|pair| drive(*pair)).collect();
    let metres = seconds.iter().map(|s| s * 12).collect();
    let table = Table::new(n, seconds, metres).unwrap_or_default();
    let mut problem = Problem { profile: (spice.profile)(), ..Problem::default() };
    for index in 0..technicians {
        let mut technician = technician(&mut rng, index, spice);
        if spice.bare {
            (technician.max_metres, technician.capacity) = (None, vec![rng.i64(4..9)]);
        }
        problem.technicians.push(technician);
    }
    for index in 0..visits {
        let mut visit = visit(&mut rng, index, technicians + index, spice);
        if spice.pins && rng.u8(..) < 30 {
            let whom = rng.usize(..technicians);
            let start_s = problem.technicians[whom].shifts[0].span.start_s + rng.i64(2..10) * 1800;
            let technician = problem.technicians[whom].id.clone();
            visit.current = Some(Current { technician, start_s, started: false });
        }
        if spice.bare {
            visit.delivery = vec![rng.i64(0..3)];
        }
        problem.visits.push(visit);
    }
    if spice.links {
        links(&mut rng, &mut problem);
    }
    (problem, table)
}

fn technician(rng: &mut Rng, index: usize, spice: Spice) -> Technician {
    let start_s = EIGHT + rng.i64(0..3) * H;
    let span = Span::new(start_s, start_s + rng.i64(6..10) * H);
    let noon = EIGHT + 4 * H;
    let breaks = match rng.u8(..3) {
        0 => vec![],
        1 => vec![Break { id: 1, windows: vec![Span::new(noon - H, noon + H)], duration_s: 1800 }],
        _ => vec![
            Break {
                id: 1,
                windows: vec![Span::new(start_s + H, start_s + 2 * H)],
                duration_s: 900,
            },
            Break {
                id: 2,
                windows: vec![Span::new(noon, noon), Span::new(noon + 1800, noon + 2 * H)],
                duration_s: 1800,
            },
        ],
    };
    let absences = if rng.u8(..5) == 0 {
        vec![Span::new(span.start_s + 2 * H, span.start_s + 3 * H)]
    } else {
        vec![]
    };
    let skill = |tag: &str, rng: &mut Rng| Skill {
        tag: Arc::from(tag),
        level: rng.u8(1..=5),
        expires_s: (rng.u8(..8) == 0).then(|| EIGHT + rng.i64(-5..20) * H),
    };
    Technician {
        id: Arc::from(format!("tech_{index:03}")),
        start: Some(index),
        end: (rng.u8(..6) > 0).then_some(index),
        skills: TAGS
            .iter()
            .filter(|_| rng.bool())
            .map(|tag| tag.to_string())
            .collect::<Vec<_>>()
            .iter()
            .map(|tag| skill(tag, rng))
            .collect(),
        shifts: vec![Shift { span, overtime_s: rng.i64(0..3) * 1800 }],
        breaks,
        absences,
        territory: if rng.u8(..6) == 0 { vec![square(0.0, 0.0, 0.7)] } else { vec![] },
        max_driving_s: (rng.u8(..5) == 0).then_some(3 * H),
        max_metres: (rng.u8(..5) == 0).then_some(150_000),
        max_visits: (rng.u8(..5) == 0).then_some(4),
        speed_permille: *rng.choice([1000, 1000, 1300, 800].iter()).unwrap_or(&1000),
        capacity: if spice.loads { vec![rng.i64(3..9), 20] } else { vec![] },
        parts: if rng.bool() { vec![Arc::from("ont")] } else { vec![] },
        ..Technician::default()
    }
}

fn square(lat: f64, lon: f64, side: f64) -> Vec<Point> {
    vec![
        Point::new(lat, lon),
        Point::new(lat, lon + side),
        Point::new(lat + side, lon + side),
        Point::new(lat + side, lon),
    ]
}

fn visit(rng: &mut Rng, index: usize, place: usize, spice: Spice) -> Visit {
    let open = EIGHT + rng.i64(0..7) * H;
    let mut windows = match rng.u8(..4) {
        0 => vec![],
        1 => vec![Span::new(open, open + H)],
        2 => vec![Span::new(open, open + 3 * H)],
        _ => vec![Span::new(open, open + H), Span::new(open + 3 * H, open + 5 * H)],
    };
    let mut pin = Pin::default();
    if spice.pins && rng.u8(..12) == 0 {
        windows.clear();
        pin.start_s = Some(EIGHT + rng.i64(2..8) * H);
    }
    Visit {
        id: Arc::from(format!("visit_{index:03}")),
        place,
        point: Some(Point::new(rng.f64(), rng.f64())),
        setup_s: if rng.u8(..3) == 0 && !spice.bare { 300 } else { 0 },
        service_s: rng.i64(10..70) * 60,
        promised: (spice.pins && rng.bool()).then(|| Span::new(open, open + 2 * H)),
        windows,
        lateness_s: if rng.u8(..4) == 0 { 1800 } else { 0 },
        needs: if rng.bool() {
            let tag = Arc::from(TAGS[rng.usize(..3)]);
            vec![Need { tag, level: rng.u8(1..=4), required: rng.u8(..4) > 0 }]
        } else {
            vec![]
        },
        priority: rng.u32(0..100),
        due_s: (rng.u8(..5) == 0).then(|| EIGHT + rng.i64(1..9) * H),
        assistants: if spice.links && rng.u8(..8) == 0 { vec![vec![]] } else { vec![] },
        preferred: if rng.u8(..5) == 0 { vec![Arc::from("tech_001")] } else { vec![] },
        forbidden: if rng.u8(..5) == 0 { vec![Arc::from("tech_000")] } else { vec![] },
        parts: if rng.u8(..6) == 0 { vec![Arc::from("ont")] } else { vec![] },
        pin,
        delivery: if spice.loads { vec![rng.i64(0..3), 1] } else { vec![] },
        pickup: if spice.loads && rng.bool() { vec![rng.i64(0..3), 0] } else { vec![] },
        ..Visit::default()
    }
}

/// Binds some visits: each in one way at most.
fn links(rng: &mut Rng, problem: &mut Problem) {
    let mut free: Vec<usize> =
        (0..problem.visits.len()).filter(|v| problem.visits[*v].assistants.is_empty()).collect();
    rng.shuffle(&mut free);
    for _ in 0..problem.visits.len() / 8 {
        let (Some(a), Some(b)) = (free.pop(), free.pop()) else {
            return;
        };
        problem.links.push(match rng.u8(..4) {
            0 => Link::Order { first: a, second: b, min_gap_s: 600, max_gap_s: Some(4 * H) },
            1 => Link::SameTime { a, b },
            2 => {
                problem.visits[b].place = problem.visits[a].place;
                Link::Bundle(vec![a, b])
            }
            _ => {
                problem.visits[a].pickup = vec![2, 0];
                (problem.visits[a].delivery, problem.visits[b].pickup) = (vec![], vec![]);
                problem.visits[b].delivery = vec![];
                Link::Carry { pickup: a, delivery: b }
            }
        });
    }
}
