//! One job into a company's day: `suggest` and `auto_assign` among 50 technicians with 10 visits each, a pool of
//! 40 jobs at once, and the five best slots of two weeks among 60. Prints p50, p99 and the worst of many calls; with
//! `--check`, ends badly above the goals at p99.
//!
//! Run: `cargo bench -p scheduler --bench insert`
#![allow(clippy::print_stdout, reason = "a benchmark's result is what it prints")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use scheduler::{
    Day, DayTechnician, Estimate, Need, Point, Priority, Search, Skill, Span, Stop, Wanted, Words,
    auto_assign, suggest,
};

const MIDNIGHT_S: i64 = 1_795_410_000;
const GOAL: Duration = Duration::from_micros(500);
const GOAL_OF_WEEKS: Duration = Duration::from_millis(20);
const DAYS: i64 = 14;

/// A small generator: the same company on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn point(&mut self) -> Point {
        let (north, east) = (self.roll(5000), self.roll(9000));
        Point::new(45.0 + north as f64 / 10_000.0, -74.1 + east as f64 / 10_000.0)
    }
}

fn technician(number: u64, dice: &mut Dice) -> DayTechnician {
    let shift = Span::new(MIDNIGHT_S + 8 * 3600, MIDNIGHT_S + 18 * 3600);
    let tags = ["Fibre", "Cuivre", "Sans-fil", "Hauteur"];
    let skill = |tag: &&str, level: u64| Skill {
        tag: (*tag).into(),
        level: u8::try_from(level).unwrap_or(1),
        expires_s: None,
    };
    let skills = tags.iter().map(|tag| skill(tag, 1 + dice.roll(5))).collect();
    let stop = |visit: u64, dice: &mut Dice| {
        let start_s = shift.start_s + i64::try_from(visit).unwrap_or(0) * 3600 + 600;
        Stop {
            visit_id: format!("visit_{number}_{visit}").into(),
            job_id: format!("old_{number}_{visit}").into(),
            point: dice.point(),
            start_s,
            end_s: start_s + 900,
        }
    };
    DayTechnician {
        id: format!("tech_{number:02}").into(),
        name: format!("T{number}").into(),
        home: dice.point(),
        skills,
        shifts: vec![shift],
        absences: vec![],
        stops: (0..10).map(|visit| stop(visit, dice)).collect(),
        position: None,
    }
}

fn job(number: u64, dice: &mut Dice) -> Wanted {
    let opens_s = MIDNIGHT_S + 8 * 3600 + i64::try_from(dice.roll(16)).unwrap_or(0) * 1800;
    Wanted {
        id: format!("job_{number:04}").into(),
        title: "Panne".into(),
        point: dice.point(),
        duration_s: 900,
        window: (dice.roll(2) == 0).then(|| Span::new(opens_s, opens_s + 7200)),
        skills: vec![Need { tag: "Fibre".into(), level: 2, required: true }],
        priority: Priority::Normal,
        zones: Vec::new(),
    }
}

/// Sixty technicians with two weeks of work each.
fn fortnight() -> Vec<DayTechnician> {
    let mut dice = Dice(11);
    let days = |number: u64, dice: &mut Dice| {
        let mut one = technician(number, dice);
        let (shifts, stops) = (one.shifts.clone(), one.stops.clone());
        for day in 1..DAYS {
            let later_s = day * 86_400;
            one.shifts.extend(
                shifts.iter().map(|span| Span::new(span.start_s + later_s, span.end_s + later_s)),
            );
            one.stops.extend(stops.iter().map(|stop| Stop {
                visit_id: format!("{}_{day}", stop.visit_id).into(),
                job_id: format!("{}_{day}", stop.job_id).into(),
                point: dice.point(),
                start_s: stop.start_s + later_s,
                end_s: stop.end_s + later_s,
            }));
        }
        one
    };
    (0..60).map(|number| days(number, &mut dice)).collect()
}

fn main() {
    let check = std::env::args().any(|argument| argument == "--check");
    let mut dice = Dice(7);
    let technicians: Vec<DayTechnician> = (0..50).map(|n| technician(n, &mut dice)).collect();
    let jobs: Vec<Wanted> = (0..2000).map(|n| job(n, &mut dice)).collect();
    let range = Span::new(MIDNIGHT_S, MIDNIGHT_S + 86_400);
    let now_s = MIDNIGHT_S + 7 * 3600;
    let zone = TimeZone::get("America/Toronto").unwrap_or(TimeZone::UTC);
    let travel = Estimate::new(zone.clone());
    let words = Words::new(zone, now_s);
    let search = Search { range, now_s, limit: 10 };
    let mut placed = 0;

    let mut results = vec![
        measure("suggest, 1 job", &jobs, |job| {
            black_box(suggest(job, &technicians, search, &travel));
        }),
        measure("suggest, 1 job, with sentences", &jobs, |job| {
            let found = suggest(job, &technicians, search, &travel);
            for refused in &found.not_possible {
                black_box(words.obstacles(&refused.obstacles));
            }
        }),
    ];
    let mut day = Day { range, now_s, technicians: technicians.clone(), jobs: vec![] };
    results.push(measure("auto-assign, 1 job", &jobs, |job| {
        day.jobs = vec![job.clone()];
        placed += black_box(auto_assign(&day, &travel)).assigned.len();
    }));
    let single = results.iter().all(|p99| *p99 < GOAL);
    let pools: Vec<Vec<Wanted>> = jobs.chunks(40).map(<[Wanted]>::to_vec).collect();
    measure("auto-assign, 40 jobs", &pools, |pool| {
        day.jobs.clone_from(pool);
        black_box(auto_assign(&day, &travel));
    });
    let fortnight = fortnight();
    let range = Span::new(MIDNIGHT_S, MIDNIGHT_S + DAYS * 86_400);
    let search = Search { range, now_s, limit: 5 };
    let of_weeks = measure("suggest, 5 slots of 14 days among 60", &jobs[..500], |job| {
        let job = Wanted { window: None, ..job.clone() };
        black_box(suggest(&job, &fortnight, search, &travel));
    });
    println!("{placed} of {} jobs found a place", jobs.len());
    println!("goals at p99: one job {GOAL:?}, slots of two weeks {GOAL_OF_WEEKS:?}");
    if check && !(single && of_weeks < GOAL_OF_WEEKS) {
        std::process::exit(1);
    }
}

/// Runs every input once to warm up and once for the record; returns the 99th percentile.
fn measure<T>(name: &str, inputs: &[T], mut run: impl FnMut(&T)) -> Duration {
    inputs.iter().take(200).for_each(&mut run);
    let mut times: Vec<Duration> = inputs
        .iter()
        .map(|input| {
            let begun = Instant::now();
            run(input);
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "{name:<34} p50 {:>9.1?}  p99 {:>9.1?}  worst {:>9.1?}  ({} calls)",
        at(50),
        at(99),
        at(100),
        times.len()
    );
    at(99)
}
