//! Teams formed anew each day: every plan goes through the independent checker.
#![allow(clippy::unwrap_used)]

mod challenge;
mod formats;
mod random;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use scheduler::stop::Budget;
use scheduler::teams::{Fault, Intervention, Plan, Refusal, Run, Teams, check, solve};

fn steps(seed: u64, steps: u64) -> Run<'static> {
    Run { seed, threads: 2, budget: Budget::Steps(steps) }
}

fn solved(problem: &Teams, seed: u64, count: u64) -> Plan {
    let plan = solve(problem, &steps(seed, count)).unwrap();
    let verdict = check(problem, &plan);
    assert_eq!(verdict.faults, vec![], "{problem:?}\n{plan:?}");
    plan
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_plan_is_allowed_and_more_steps_never_cost_more(problem in random::problem(14)) {
        let quick = check(&problem, &solved(&problem, 1, 0)).cost;
        prop_assert!(check(&problem, &solved(&problem, 1, 640)).cost <= quick);
    }

    #[test]
    fn the_order_of_the_lists_and_a_second_call_change_nothing(problem in random::problem(12)) {
        let plan = solved(&problem, 3, 320);
        prop_assert_eq!(&plan, &solved(&problem, 3, 320));
        let mut turned = problem.clone();
        turned.technicians.reverse();
        turned.interventions.reverse();
        prop_assert_eq!(&plan, &solved(&turned, 3, 320));
    }
}

/// No search by chance finds every optimum: nearly all of these, and nothing that is too good to be true.
#[test]
fn a_search_finds_what_trying_everything_finds_but_for_one_in_fifty() {
    let mut runner = TestRunner::deterministic();
    let mut missed = 0;
    for _ in 0..100 {
        let problem = random::tiny().new_tree(&mut runner).unwrap().current();
        let best = random::brute_force(&problem);
        let found = check(&problem, &solved(&problem, 1, 12_000)).cost;
        assert!(found >= best, "{problem:?}");
        missed += u32::from(found > best);
    }
    assert!(missed <= 2, "{missed} of 100");
}

#[test]
fn a_clock_that_has_run_out_still_gets_a_complete_plan() {
    let problem = random::sample();
    let over = || 1.0;
    let plan = solve(&problem, &Run { seed: 1, threads: 2, budget: Budget::Share(&over) }).unwrap();
    assert_eq!(check(&problem, &plan).faults, vec![]);
}

#[test]
fn nothing_to_do_is_an_empty_plan() {
    let plan = solve(&Teams::default(), &steps(1, 100)).unwrap();
    assert_eq!(plan, Plan::default());
}

#[test]
fn what_nobody_can_do_is_subcontracted_with_all_that_waits_for_it() {
    let mut problem = random::sample();
    problem.interventions[0].needs[1] = 9;
    problem.interventions[1].predecessors = vec![problem.interventions[0].id];
    problem.budget = 5;
    assert_eq!(
        solve(&problem, &steps(1, 100)),
        Err(Refusal::Impossible { id: problem.interventions[0].id })
    );
    problem.budget = problem.interventions[0].cost + problem.interventions[1].cost;
    let plan = solve(&problem, &steps(1, 100)).unwrap();
    assert_eq!(check(&problem, &plan).faults, vec![]);
    assert!(plan.visits.iter().all(|visit| visit.intervention > 2));
}

#[test]
fn nonsense_is_refused_with_its_place() {
    let refused = |change: &dyn Fn(&mut Teams)| {
        let mut problem = random::sample();
        change(&mut problem);
        solve(&problem, &steps(1, 10)).unwrap_err().to_string()
    };
    let with = |change: fn(&mut Intervention)| {
        refused(&move |problem: &mut Teams| change(&mut problem.interventions[2]))
    };
    assert_eq!(with(|one| one.id = 1), "intervention 1: listed twice");
    assert_eq!(with(|one| one.priority = 0), "intervention 3: priority 0 is not within 1 to 4");
    assert_eq!(
        with(|one| one.predecessors = vec![77]),
        "intervention 3: predecessor 77 is not listed"
    );
    assert_eq!(
        with(|one| one.predecessors = vec![3]),
        "intervention 3: waits for itself through its predecessors"
    );
    assert_eq!(with(|one| one.needs.truncate(1)), "intervention 3: 1 needs where 4 are due");
    assert_eq!(
        refused(&|problem| problem.technicians[0].levels = vec![1]),
        "technician 1: 1 levels for 2 domains"
    );
    assert_eq!(
        refused(&|problem| problem.technicians[0].levels[0] = 3),
        "technician 1: level 3 of 2"
    );
    assert_eq!(
        refused(&|problem| problem.technicians[1].days_off = vec![0]),
        "technician 2: day off 0 is not within 1 to 20000"
    );
    assert!(refused(&|problem| problem.domains = 999).contains("more than 1000"));
}

#[test]
fn the_checker_names_what_is_broken() {
    let problem = random::sample();
    let good = solved(&problem, 1, 100);
    let broken = |change: &dyn Fn(&mut Plan)| {
        let mut plan = good.clone();
        change(&mut plan);
        check(&problem, &plan).faults
    };
    let first = good.visits[0];
    assert!(broken(&|plan| plan.visits.push(first)).contains(&Fault::Twice(first.intervention)));
    assert!(broken(&|plan| plan.visits[0].intervention = 99).contains(&Fault::Unknown(99)));
    assert!(
        broken(&|plan| plan.visits[0].start = 119).contains(&Fault::OutsideDay(first.intervention))
    );
    assert!(
        broken(&|plan| plan.visits[0].team = 0).iter().any(|it| matches!(it, Fault::NoTeam { .. }))
    );
    assert!(broken(&|plan| plan.days[0].teams[0].push(1)).contains(&Fault::NotOneTeamEach(1)));
    assert!(
        broken(&|plan| plan.visits.clear()).iter().any(|it| matches!(it, Fault::OverBudget(_)))
    );
}
