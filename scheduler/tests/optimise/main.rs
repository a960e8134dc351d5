//! Plans of random days, each before the independent checker.

mod living;
mod random;

use random::{Spice, day};
use scheduler::optimise::{Doing, Priced, Problem, Profile, Run, Solution, refuse, solve, verify};
use scheduler::stop::Budget;

const PLAIN: Spice =
    Spice { links: false, pins: false, loads: false, bare: false, profile: Profile::distance };
const BARE: Spice = Spice { bare: true, ..PLAIN };
const FIELD: Spice =
    Spice { links: false, pins: false, loads: false, bare: false, profile: Profile::field };
const HELD: Spice =
    Spice { links: false, pins: true, loads: false, bare: false, profile: Profile::field };
const LOADED: Spice =
    Spice { links: false, pins: false, loads: true, bare: false, profile: Profile::vroom };
const BOUND: Spice =
    Spice { links: true, pins: true, loads: true, bare: false, profile: Profile::field };

fn run(steps: u64, seed: u64) -> Run<'static> {
    Run {
        seed,
        threads: 2,
        budget: Budget::Steps(steps),
        gently: false,
        most_moves: None,
        tell: None,
    }
}

fn checked(seed: u64, technicians: usize, visits: usize, spice: Spice) -> Solution {
    let (problem, table) = day(seed, technicians, visits, spice);
    let tables = vec![Priced { table: &table, costs: None }];
    refuse(&problem, &tables).unwrap_or_else(|nonsense| panic!("seed {seed}: {nonsense}"));
    let plan = solve(&problem, &tables, &run(1_200, seed));
    match verify(&problem, &tables, &plan) {
        Ok(cost) => assert_eq!(cost, plan.cost, "seed {seed}"),
        Err(faults) => panic!("seed {seed}, {} links: {faults:?}\n{plan:?}", problem.links.len()),
    }
    plan
}

#[test]
fn random_days_of_every_sort_break_no_rule() {
    for (number, spice) in [PLAIN, BARE, FIELD, HELD, LOADED, BOUND].into_iter().enumerate() {
        let mut served = 0;
        for seed in 0..30 {
            let plan = checked(seed, 4, 24, spice);
            served += 24 - plan.unserved.len();
        }
        assert!(served > 30 * 6, "only {served} visits served on 30 days of sort {number}");
    }
}

#[test]
fn the_same_day_gives_the_same_plan_however_its_lists_are_ordered() {
    for seed in 0..10 {
        let (problem, table) = day(seed, 4, 20, HELD);
        let tables = vec![Priced { table: &table, costs: None }];
        let plan = solve(&problem, &tables, &run(1_000, 7));
        let mut shuffled = problem.clone();
        shuffled.technicians.reverse();
        shuffled.visits.reverse();
        let other = solve(&shuffled, &tables, &run(1_000, 7));
        assert_eq!(solve(&problem, &tables, &run(1_000, 7)), plan, "seed {seed}: twice");
        assert_eq!(named(&problem, &plan), named(&shuffled, &other), "seed {seed}: shuffled");
    }
}

#[test]
fn a_day_too_large_for_one_piece_is_planned_in_groups_and_breaks_no_rule() {
    let spice = Spice { links: true, ..HELD };
    let (problem, table) = day(3, 60, 2_600, spice);
    let tables = vec![Priced { table: &table, costs: None }];
    let plan = solve(&problem, &tables, &run(4_000, 3));
    if let Err(faults) = verify(&problem, &tables, &plan) {
        panic!("{faults:?}");
    }
    let served = 2_600 - plan.unserved.len();
    assert!(served > 250, "only {served} served");
}

/// Who does what when, by id.
fn named(problem: &Problem, plan: &Solution) -> Vec<(String, String, i64)> {
    let mut all = Vec::new();
    for route in &plan.routes {
        for stop in &route.stops {
            if let Doing::Visit(visit) = stop.doing {
                let technician = problem.technicians[route.technician].id.to_string();
                all.push((technician, problem.visits[visit].id.to_string(), stop.start_s));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn a_day_on_which_nobody_works_leaves_everybody_out() {
    let (mut problem, table) = day(1, 3, 12, PLAIN);
    let tables = vec![Priced { table: &table, costs: None }];
    for technician in &mut problem.technicians {
        technician.shifts.clear();
    }
    assert_eq!(solve(&problem, &tables, &run(10, 1)).unserved.len(), 12);
    problem.technicians.clear();
    assert_eq!(solve(&problem, &tables, &run(10, 1)).unserved.len(), 12);
}
