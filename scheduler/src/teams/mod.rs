//! Teams that are formed anew each day: technicians with skills by domain and level, interventions that may take
//! several of them, in an order, some of them sub-contracted (the problem of the ROADEF challenge of 2007).
//!
//! Pure: the caller says how long to search. The same problem, seed, threads and steps give the same plan, in whatever
//! order technicians and interventions are listed.
//!
//! | file | answers |
//! | --- | --- |
//! | `problem` | what is given, what a plan says |
//! | `refuse` | what is no problem at all |
//! | `check` | is a plan allowed, what does it cost? |
//! | `model`, `state` | both, as the search sees them |
//! | `insert`, `ruin`, `construct` | the moves |
//! | `target`, `search` | which better plan to look for, and looking for it |

mod check;
mod construct;
mod insert;
mod model;
mod problem;
mod refuse;
mod ruin;
mod search;
mod state;
mod target;

pub use check::{Fault, Verdict, check};
pub use problem::{DAY, Intervention, Plan, Teams, TeamsOfDay, Technician, Visit, WEIGHTS};
pub use refuse::{LAST_DAY, MOST_CELLS, MOST_INTERVENTIONS, MOST_TECHNICIANS, Refusal};

use fastrand::Rng;

use crate::stop::Budget;
use construct::{ORDERS, construct};
use model::Model;
use search::Search;
use state::State;

/// After each round the threads go on from the best plan of all; the first rounds try different beginnings.
const ROUNDS: u64 = 16;
const BEGINNINGS: u64 = 4;

/// How to search.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub seed: u64,
    /// At least one is used.
    pub threads: usize,
    /// Steps are per thread.
    pub budget: Budget<'a>,
}

/// The best plan that was found. It is complete and allowed even when there was no time at all.
///
/// # Errors
/// A [`Refusal`] where the problem contradicts itself, is too large, or cannot be solved by any plan.
pub fn solve(problem: &Teams, run: &Run) -> Result<Plan, Refusal> {
    let model = Model::new(problem)?;
    let threads = run.threads.clamp(1, 64);
    let begun = beginnings(&model, run);
    let mut best = begun[0].clone();
    for round in 0..ROUNDS {
        if spent(run, 1.0) {
            break;
        }
        let starts: Vec<State> = (0..threads)
            .map(|thread| {
                let at = round as usize * threads + thread;
                if round < BEGINNINGS { begun[at % begun.len()].clone() } else { best.clone() }
            })
            .collect();
        let found = side_by_side(&model, run, round, starts);
        for state in found {
            if Model::cost(state.ends(&model)) < Model::cost(best.ends(&model)) {
                best = state;
            }
        }
    }
    Ok(best.plan(&model))
}

fn spent(run: &Run, part: f64) -> bool {
    matches!(run.budget, Budget::Share(share) if share() >= part)
}

/// Complete plans by many orders of the classes, the cheapest first.
fn beginnings(model: &Model, run: &Run) -> Vec<State> {
    let mut rng = Rng::with_seed(run.seed);
    let mut made: Vec<(u64, usize, State)> = Vec::new();
    for noise in [0.0, 0.2, 0.5, 0.0, 0.2, 0.5, 1.0, 0.0, 0.2, 0.5] {
        for (at, ranks) in ORDERS.iter().enumerate() {
            if !made.is_empty() && spent(run, 0.05) {
                break;
            }
            let state = construct(model, *ranks, noise, &mut rng);
            let cost = Model::cost(state.ends(model));
            made.push((cost, at, state));
        }
    }
    made.sort_by_key(|(cost, at, _)| (*cost, *at));
    let mut orders = Vec::new();
    made.retain(|(_, at, _)| {
        let new = !orders.contains(at);
        orders.push(*at);
        new
    });
    made.into_iter().map(|(.., state)| state).collect()
}

/// One round: every thread searches from its own start.
fn side_by_side(model: &Model, run: &Run, round: u64, starts: Vec<State>) -> Vec<State> {
    std::thread::scope(|scope| {
        let running: Vec<_> = (0_u64..)
            .zip(starts)
            .map(|(thread, start)| {
                scope.spawn(move || {
                    let seed =
                        run.seed ^ (round * 64 + thread + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    let rng = Rng::with_seed(seed);
                    let mut steps = 0_u64;
                    let mut more = || {
                        steps += 1;
                        match run.budget {
                            Budget::Steps(all) => steps <= all / ROUNDS,
                            Budget::Share(share) => share() < (round + 1) as f64 / ROUNDS as f64,
                        }
                    };
                    Search { model, rng, more: &mut more }.run(start)
                })
            })
            .collect();
        let joined = running
            .into_iter()
            .map(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.collect()
    })
}
