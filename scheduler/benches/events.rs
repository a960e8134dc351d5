//! The day changes: how soon there is a valid plan, how good it is after a second, how much it moves.
//!
//!     cargo bench -p scheduler --bench events -- [TECHNICIANS JOBS SEEDS]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a benchmark prints and looks at the clock"
)]

#[path = "made/mod.rs"]
mod made;

use std::collections::BTreeMap;
use std::time::Instant;

use scheduler::Span;
use scheduler::matrix::Table;
use scheduler::optimise::{Current, Doing, Priced, Problem, Profile, Run, Solution, solve, verify};
use scheduler::stop::Budget;

const H: i64 = 3600;

fn main() {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let of = |index: usize, or: u64| numbers.get(index).copied().unwrap_or(or);
    let (technicians, jobs) = (of(0, 60) as usize, of(1, 400) as usize);
    for seed in 1..=of(2, 3) {
        let (mut problem, table) = made::day(seed, technicians, jobs);
        problem.profile = Profile::field();
        // One job more than is there at first: it will come in at noon, urgently.
        let urgent = problem.visits.pop().expect("a job");
        let plan = timed(&problem, &table, 10.0, None).0;
        stand(&mut problem, &plan);
        problem.now_s = Some(12 * H);
        problem.frozen_until_s = Some(12 * H + 1800);
        let mut absent = problem.clone();
        absent.technicians[3].absences = vec![Span::new(12 * H + 1800, 24 * H)];
        absent.technicians[3].breaks.clear();
        let touched =
            plan.routes.iter().filter(|route| route.technician == 3).flat_map(|route| &route.stops);
        let touched = touched.filter(|stop| stop.start_s >= 12 * H + 1800).count();
        report(
            &format!("seed {seed}, a technician leaves at 12:30"),
            &absent,
            &table,
            touched.max(1),
        );
        let mut more = problem.clone();
        more.visits.push(scheduler::optimise::Visit {
            priority: 100,
            windows: vec![Span::new(13 * H, 16 * H)],
            ..urgent
        });
        report(&format!("seed {seed}, an urgent job comes in"), &more, &table, 1);
    }
}

fn timed(
    problem: &Problem,
    table: &Table,
    seconds: f64,
    most_moves: Option<usize>,
) -> (Solution, f64) {
    let tables = vec![Priced { table, costs: None }];
    let begun = Instant::now();
    let spent = || begun.elapsed().as_secs_f64() / seconds;
    let budget = Budget::Share(&spent);
    let plan = solve(
        problem,
        &tables,
        &Run { seed: 1, threads: 2, budget, gently: most_moves.is_some(), most_moves, tell: None },
    );
    let took = begun.elapsed().as_secs_f64();
    if let Err(faults) = verify(problem, &tables, &plan) {
        println!("  BROKEN: {faults:?}");
    }
    (plan, took)
}

/// Makes a plan the one in force.
fn stand(problem: &mut Problem, plan: &Solution) {
    for route in &plan.routes {
        let technician = problem.technicians[route.technician].id.clone();
        for stop in &route.stops {
            if let Doing::Visit(visit) = stop.doing {
                let current = Current {
                    technician: technician.clone(),
                    start_s: stop.start_s,
                    started: false,
                };
                problem.visits[visit].current = Some(current);
            }
        }
    }
}

fn report(title: &str, problem: &Problem, table: &Table, touched: usize) {
    let (first, took) = timed(problem, table, 0.03, Some(2 * touched));
    let (second, _) = timed(problem, table, 1.0, Some(2 * touched));
    let (long, _) = timed(problem, table, 10.0, Some(2 * touched));
    let (a, b, c) = (first.cost.total(), second.cost.total(), long.cost.total());
    println!(
        "{title}: first plan {:.0} ms ({a}); after 1 s {b}, after 10 s {c}: {:+.2} %; {} of {} jobs moved, {touched} touched; left out {} / {} / {}",
        took * 1000.0,
        (b as f64 / c as f64 - 1.0) * 100.0,
        moved(problem, &second),
        problem.visits.len(),
        first.unserved.len(),
        second.unserved.len(),
        long.unserved.len(),
    );
}

/// Jobs with another technician than before, or newly in or out.
fn moved(problem: &Problem, plan: &Solution) -> usize {
    let mut now: BTreeMap<usize, usize> = BTreeMap::new();
    for route in &plan.routes {
        for stop in &route.stops {
            if let Doing::Visit(visit) = stop.doing {
                now.insert(visit, route.technician);
            }
        }
    }
    let changed = |(index, visit): (usize, &scheduler::optimise::Visit)| {
        let before = visit.current.as_ref().map(|current| &current.technician);
        let after = now.get(&index).map(|technician| &problem.technicians[*technician].id);
        before != after
    };
    problem.visits.iter().enumerate().filter(|entry| changed(*entry)).count()
}
