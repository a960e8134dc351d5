//! The optimiser: the best plan for a day, at once and again whenever the day changes.
//!
//! | file | answers |
//! | --- | --- |
//! | [`problem`] | what is asked: technicians, visits, what binds them |
//! | [`profile`] | what counts and how much: named terms of one integer |
//! | [`mod@refuse`] | which problems are nonsense, and where |
//! | [`from_day`] | the living day as a problem: what stands and what must stay |
//! | [`replan`] | the living day planned anew, all rules checked, with figures |
//! | [`solution`] | what is answered |
//! | `compile`, `model` | the problem as rows of numbers |
//! | `tour`, `fit`, `shift`, `gap`, `load`, `timetable` | one shift: may this come here, when, at what cost |
//! | `plan`, `kept` | all shifts, changes and the way back |
//! | `search`, `ruin`, `recreate`, `together` | disturb, repair, accept, stop |
//! | `parallel`, `large` | who searches what; problems too large for one piece |
//! | `calm` | visits that need not move keep their hour |
//! | `answer`, `reasons` | the plan in words that leave this module; why visits stay out |
//! | [`mod@verify`] | recomputes a plan from nothing |
//!
//! Same problem, seed, threads and number of steps: same plan, byte for byte, in whatever order the input came.

mod answer;
mod away;
mod calm;
mod compile;
mod fit;
pub mod from_day;
mod gap;
mod kept;
mod large;
mod load;
mod model;
mod parallel;
mod plan;
pub mod problem;
pub mod profile;
mod reasons;
mod recreate;
pub mod refuse;
pub mod replan;
mod ruin;
mod search;
mod shift;
pub mod solution;
mod timetable;
mod together;
mod tour;
pub mod travel_tables;
pub mod verify;

use crate::stop::Budget;

pub use problem::{Break, Current, Link, Pin, Place, Problem, Rates, Shift, Technician, Visit};
pub use profile::{Cost, Profile};
pub use refuse::{Nonsense, refuse};
pub use solution::{Change, Doing, NotAllowed, Reason, Route, RouteStop, Solution, Unserved};
pub use travel_tables::{Priced, Tables};
pub use verify::{Fault, verify};

/// Hears of the part of the budget that is spent, and of the cost of the best plan.
pub type Tell<'a> = &'a (dyn Fn(f64, i64) + Sync);

/// How a plan is searched for.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub seed: u64,
    /// At least one.
    pub threads: usize,
    pub budget: Budget<'a>,
    /// Change little: stay close to the plan in force.
    pub gently: bool,
    /// How many visits may change their technician, come in or go out. A plan that is impossible by now may need more.
    pub most_moves: Option<usize>,
    /// Told now and then: the part of the budget that is spent, and the cost of the best plan.
    pub tell: Option<Tell<'a>>,
}

/// The best plan for `problem` that the budget allows, starting from the plan in force.
///
/// Places are indices into `tables`. Expects a problem that was let in by [`fn@refuse`].
pub fn solve(problem: &Problem, tables: &Tables<'_>, run: &Run<'_>) -> Solution {
    let works = problem.technicians.iter().any(|technician| !technician.shifts.is_empty());
    let mut solution = if works && problem.visits.len() > large::AT_ONCE {
        large::solve(problem, tables, run)
    } else {
        solve_whole(problem, tables, run, None)
    };
    if let Ok(cost) = verify(problem, tables, &solution) {
        solution.cost = cost;
    }
    solution
}

/// The same, starting from a plan of the caller's; what breaks a rule in it is dropped.
pub fn solve_from(
    problem: &Problem,
    tables: &Tables<'_>,
    run: &Run<'_>,
    start: &Solution,
) -> Solution {
    let mut solution = solve_whole(problem, tables, run, Some(start));
    if let Ok(cost) = verify(problem, tables, &solution) {
        solution.cost = cost;
    }
    solution
}

/// Searches the problem in one piece.
fn solve_whole(
    problem: &Problem,
    tables: &Tables<'_>,
    run: &Run<'_>,
    start: Option<&Solution>,
) -> Solution {
    let compiled = compile::compile(problem, tables);
    let model = &compiled.model;
    if model.lanes.is_empty() {
        // Nobody works: there is nothing to search.
        return answer::answer(problem, &compiled, &compiled.current, 0);
    }
    let from = start.map_or_else(|| compiled.current.clone(), |start| compiled.start(start));
    let told = |spent: f64, best: &plan::Kept| {
        if let Some(tell) = run.tell {
            tell(spent, best.cost);
        }
    };
    let typical = typical(model);
    let effort = parallel::Effort {
        seed: run.seed,
        threads: run.threads.max(1),
        budget: run.budget,
        warmth: if run.gently {
            (0.1 * typical, 0.02 * typical)
        } else {
            (2.0 * typical, 0.04 * typical)
        },
        worth: (!run.gently).then_some((8.0 * typical, 160.0 * typical)),
        most_moves: run.most_moves.unwrap_or(usize::MAX),
        tell: Some(&told),
    };
    let (best, steps) = parallel::improve(model, from, effort);
    answer::answer(problem, &compiled, &best, steps)
}

/// What a typical drive between neighbours costs: the measure of how warm a search is.
fn typical(model: &model::Model) -> f64 {
    let near = model.near.iter().enumerate().flat_map(|(node, near)| {
        near.iter().take(5).map(move |other| {
            let place = |node: u32| model.nodes[node as usize].place;
            f64::from(model.leg(0, place(node as u32), place(*other)).cost)
        })
    });
    let (sum, count) = near.fold((0.0, 0.0), |(sum, count), cost| (sum + cost, count + 1.0));
    if count > 0.0 { f64::max(sum / count, 1.0) } else { 1.0 }
}
