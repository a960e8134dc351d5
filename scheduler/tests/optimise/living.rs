//! Days under way, planned anew again and again: what is pinned, announced or started stays where it is.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use scheduler::day::{DayTechnician, Need, Priority, Skill, Span, Wanted};
use scheduler::optimise::Run;
use scheduler::optimise::from_day::{Held, LivingDay, LivingJob, Stands};
use scheduler::optimise::replan::replan;
use scheduler::stop::Budget;
use scheduler::travel::{Estimate, Point};

const MIDNIGHT_S: i64 = 1_795_392_000;
const HOUR_S: i64 = 3600;

fn point() -> impl Strategy<Value = Point> {
    (0.0..0.3_f64, 0.0..0.3_f64).prop_map(|(lat, lon)| Point::new(45.0 + lat, -73.6 + lon))
}

fn technician(index: usize) -> impl Strategy<Value = DayTechnician> {
    (point(), 1..=5_u8).prop_map(move |(home, level)| DayTechnician {
        id: format!("tech_{index}").into(),
        name: format!("T{index}").into(),
        home,
        skills: vec![Skill { tag: "Fibre".into(), level, expires_s: None }],
        shifts: vec![Span::new(MIDNIGHT_S + 8 * HOUR_S, MIDNIGHT_S + 17 * HOUR_S)],
        absences: Vec::new(),
        stops: Vec::new(),
        position: None,
    })
}

/// A job, perhaps standing anywhere, sensible or not.
fn job(index: usize) -> impl Strategy<Value = LivingJob> {
    let stands = proptest::option::of((0..4_usize, 0..18_i64, 0..3_u8));
    (point(), 1..=4_i64, 1..=5_u8, stands).prop_map(move |(point, quarters, level, stands)| {
        let duration_s = quarters * 900;
        let wanted = Wanted {
            id: format!("job_{index:02}").into(),
            title: "Fibre".into(),
            point,
            duration_s,
            window: None,
            skills: vec![Need { tag: "Fibre".into(), level, required: true }],
            priority: Priority::Normal,
        };
        let stands = stands.map(|(who, half_hour, held)| {
            let start_s = MIDNIGHT_S + 8 * HOUR_S + half_hour * 1800;
            let held = [Held::Free, Held::Stays, Held::Started][usize::from(held)];
            let technician = format!("tech_{who}").into();
            Stands { technician, start_s, end_s: start_s + duration_s, held }
        });
        LivingJob { wanted, stands, told: None }
    })
}

fn day() -> impl Strategy<Value = LivingDay> {
    let technicians = [technician(0), technician(1), technician(2), technician(3)];
    let jobs: Vec<_> = (0..9).map(job).collect();
    (technicians, jobs, 0..20_i64).prop_map(|(technicians, jobs, half_hours)| LivingDay {
        range: Span::new(MIDNIGHT_S, MIDNIGHT_S + 24 * HOUR_S),
        now_s: MIDNIGHT_S + 6 * HOUR_S + half_hours * 1800,
        technicians: technicians.to_vec(),
        jobs,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn pinned_started_and_announced_visits_survive_every_plan(day in day(), seed in any::<u64>()) {
        let travel = Estimate::new(TimeZone::UTC);
        let budget = Budget::Steps(20);
        let run = Run { seed, threads: 1, budget, gently: seed % 2 == 0, most_moves: None, tell: None };
        let plan = replan(&day, &travel, &run).unwrap();
        let problem = &plan.converted.problem;
        let places = plan.places();
        for (index, job) in plan.converted.jobs.iter().enumerate() {
            let Some(stands) = &day.jobs[*job].stands else { continue };
            let place = places.iter().find(|(_, visit, _)| *visit == index);
            // What stands is never taken off, held or not.
            prop_assert!(place.is_some(), "{} is gone", day.jobs[*job].wanted.id);
            let (technician, _, start_s) = *place.unwrap();
            if stands.held != Held::Free {
                prop_assert_eq!(&problem.technicians[technician].id, &stands.technician);
                prop_assert_eq!(start_s, stands.start_s);
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
    }
}
