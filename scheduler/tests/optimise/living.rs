//! Days under way, planned anew again and again: what is pinned, announced or started stays where it is, and every
//! plan passes the independent checker.

use std::cell::Cell;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use scheduler::day::{Absence, DayTechnician, Fix, Need, Priority, Skill, Span, Stop, Wanted};
use scheduler::optimise::from_day::{Held, LivingDay, LivingJob, Stands};
use scheduler::optimise::replan::{Replanned, replan};
use scheduler::optimise::{Priced, Run, verify};
use scheduler::stop::Budget;
use scheduler::travel::{Estimate, Point};

const MIDNIGHT_S: i64 = 1_795_392_000;
const HOUR_S: i64 = 3600;

fn point() -> impl Strategy<Value = Point> {
    (0.0..0.3_f64, 0.0..0.3_f64).prop_map(|(lat, lon)| Point::new(45.0 + lat, -73.6 + lon))
}

/// Hours of the day from the quarter hours since eight o'clock.
fn hours(quarter: i64, lasts: i64) -> Span {
    let start_s = MIDNIGHT_S + 8 * HOUR_S + quarter * 900;
    Span::new(start_s, start_s + lasts * 900)
}

fn technician(index: usize) -> impl Strategy<Value = DayTechnician> {
    let some = |chance| proptest::option::weighted(chance, (0..36_i64, 1..=6_i64));
    let fix = proptest::option::of((point(), 0..600_i64));
    (point(), 1..=5_u8, some(0.2), some(0.2), fix).prop_map(
        move |(home, level, away, other, fix)| DayTechnician {
            id: format!("tech_{index}").into(),
            name: format!("T{index}").into(),
            home,
            skills: vec![Skill { tag: "Fibre".into(), level, expires_s: None }],
            shifts: vec![hours(0, 36)],
            absences: away
                .map(|(from, lasts)| Absence {
                    span: hours(from, lasts),
                    reason: None,
                    busy: false,
                })
                .into_iter()
                .collect(),
            stops: other
                .map(|(from, lasts)| Stop {
                    visit_id: "visit_other".into(),
                    job_id: "draft:other".into(),
                    point: home,
                    start_s: hours(from, lasts).start_s,
                    end_s: hours(from, lasts).end_s,
                })
                .into_iter()
                .collect(),
            position: fix
                .map(|(point, ago_s)| Fix { point, at_s: MIDNIGHT_S + 8 * HOUR_S - ago_s }),
        },
    )
}

/// A job, perhaps standing anywhere, sensible or not, perhaps late.
fn job(index: usize) -> impl Strategy<Value = LivingJob> {
    let stands = proptest::option::of((0..4_usize, 0..34_i64, 0..3_u8, 0..3_i64));
    let window = proptest::option::of((0..30_i64, 2..=8_i64));
    (point(), 1..=4_i64, 1..=5_u8, window, stands).prop_map(
        move |(point, quarters, level, window, stands)| {
            let duration_s = quarters * 900;
            let window = window.map(|(from, lasts)| hours(from, lasts));
            let wanted = Wanted {
                id: format!("job_{index:02}").into(),
                title: "Fibre".into(),
                point,
                duration_s,
                window,
                skills: vec![Need { tag: "Fibre".into(), level, required: true }],
                priority: [Priority::Low, Priority::Normal, Priority::Urgent][index % 3],
                zones: Vec::new(),
            };
            let stands = stands.map(|(who, quarter, held, late)| {
                let start_s = hours(quarter, 0).start_s;
                let held = [Held::Free, Held::Stays, Held::Started][usize::from(held)];
                let technician = format!("tech_{who}").into();
                let end_s = start_s + duration_s + late * 600;
                Stands { technician, start_s, end_s, held }
            });
            LivingJob { wanted, stands, told: window.filter(|_| index.is_multiple_of(2)) }
        },
    )
}

fn day() -> impl Strategy<Value = LivingDay> {
    let technicians = [technician(0), technician(1), technician(2), technician(3)];
    let jobs: Vec<_> = (0..7).map(job).collect();
    (technicians, jobs, 0..20_i64).prop_map(|(technicians, jobs, half_hours)| LivingDay {
        range: Span::new(MIDNIGHT_S, MIDNIGHT_S + 24 * HOUR_S),
        now_s: MIDNIGHT_S + 6 * HOUR_S + half_hours * 1800,
        technicians: technicians.to_vec(),
        jobs,
    })
}

/// What the random days came to: a property that holds because nothing ever happens would be worth nothing.
#[derive(Default)]
struct Seen {
    held: Cell<u32>,
    moved: Cell<u32>,
    came_in: Cell<u32>,
}

fn more(count: &Cell<u32>) {
    count.set(count.get() + 1);
}

fn survives(day: &LivingDay, plan: &Replanned, seen: &Seen) -> Result<(), TestCaseError> {
    let problem = &plan.converted.problem;
    let tables = vec![Priced { table: &plan.converted.table, costs: None }];
    prop_assert!(verify(problem, &tables, &plan.solution).is_ok());
    let places = plan.places();
    for (index, job) in plan.converted.jobs.iter().enumerate() {
        let job = &day.jobs[*job];
        let place = places.iter().find(|(_, visit, _)| *visit == index);
        let Some(stands) = &job.stands else {
            if let Some((.., start_s)) = place {
                more(&seen.came_in);
                prop_assert!(*start_s >= day.now_s, "{} is planned into the past", job.wanted.id);
            }
            continue;
        };
        // What stands is never taken off, held or not.
        prop_assert!(place.is_some(), "{} is gone", job.wanted.id);
        let Some((technician, _, start_s)) = place else { continue };
        // What is held may begin late, where the visit before it leaves no other way, but never early or elsewhere.
        let pin_s = problem.visits[index].pin.start_s;
        let at_its_hour = match pin_s {
            Some(pin_s) => *start_s == pin_s && pin_s >= stands.start_s,
            None => *start_s == stands.start_s,
        };
        let stays = problem.technicians[*technician].id == stands.technician && at_its_hour;
        if stands.held == Held::Free {
            prop_assert!(stays || *start_s >= day.now_s, "{}: {start_s}", job.wanted.id);
            (!stays).then(|| more(&seen.moved));
        } else {
            prop_assert!(stays, "{} does not stay", job.wanted.id);
            more(&seen.held);
        }
    }
    // Whoever is set aside loses and gains nothing: none of their visits is in the problem.
    for id in &plan.converted.set_aside {
        prop_assert!(problem.technicians.iter().all(|one| one.id != *id));
        let theirs = |one: &scheduler::optimise::Visit| {
            one.current.as_ref().is_some_and(|current| current.technician == *id)
        };
        prop_assert!(!problem.visits.iter().any(theirs));
    }
    Ok(())
}

/// Half of ten thousand, so that two threads share them.
fn five_thousand_days(gently: bool) {
    let travel = Estimate::new(TimeZone::UTC);
    let seen = Seen::default();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(5_000));
    let ran = runner.run(&(day(), any::<u64>()), |(day, seed)| {
        let budget = Budget::Steps(8);
        let run = Run { seed, threads: 1, budget, gently, most_moves: None, tell: None };
        let plan = replan(&day, &travel, &run);
        prop_assert!(plan.is_ok(), "{:?}", plan.err());
        plan.map_or(Ok(()), |plan| survives(&day, &plan, &seen))
    });
    if let Err(broken) = ran {
        panic!("{broken}");
    }
    for (what, count) in [("stayed", seen.held), ("moved", seen.moved), ("came in", seen.came_in)] {
        assert!(count.get() > 1_000, "only {} visits {what}", count.get());
    }
}

#[test]
fn pinned_started_and_announced_visits_survive_five_thousand_plans_from_scratch() {
    five_thousand_days(false);
}

#[test]
fn pinned_started_and_announced_visits_survive_five_thousand_plans_that_change_little() {
    five_thousand_days(true);
}

#[test]
fn a_visit_that_need_not_move_keeps_its_hour() {
    let travel = Estimate::new(TimeZone::UTC);
    let ana = DayTechnician {
        id: "tech_ana".into(),
        name: "Ana".into(),
        home: Point::new(45.0, -73.6),
        skills: Vec::new(),
        shifts: vec![hours(0, 36)],
        absences: Vec::new(),
        stops: Vec::new(),
        position: None,
    };
    let job = |id: &str, standing: Option<i64>| LivingJob {
        wanted: Wanted {
            id: id.into(),
            title: "Fibre".into(),
            point: Point::new(45.01, -73.6),
            duration_s: HOUR_S,
            window: None,
            skills: Vec::new(),
            priority: Priority::Normal,
            zones: Vec::new(),
        },
        stands: standing.map(|quarter| Stands {
            technician: "tech_ana".into(),
            start_s: hours(quarter, 0).start_s,
            end_s: hours(quarter, 4).end_s,
            held: Held::Free,
        }),
        told: None,
    };
    // Ten and three o'clock, with hours between: a new job finds its place, and nothing else stirs.
    let day = LivingDay {
        range: Span::new(MIDNIGHT_S, MIDNIGHT_S + 24 * HOUR_S),
        now_s: MIDNIGHT_S + 6 * HOUR_S,
        technicians: vec![ana],
        jobs: vec![job("job_1", Some(8)), job("job_2", Some(28)), job("job_3", None)],
    };
    for gently in [false, true] {
        let budget = Budget::Steps(50);
        let run = Run { seed: 1, threads: 1, budget, gently, most_moves: None, tell: None };
        let plan = replan(&day, &travel, &run).unwrap();
        let start =
            |visit| plan.places().iter().find(|place| place.1 == visit).map(|place| place.2);
        assert_eq!(start(0), Some(hours(8, 0).start_s), "gently: {gently}");
        assert_eq!(start(1), Some(hours(28, 0).start_s), "gently: {gently}");
        assert!(start(2).is_some(), "gently: {gently}");
    }
}
