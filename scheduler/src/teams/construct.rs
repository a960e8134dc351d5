//! First plans: classes of priority in some order, the hardest jobs first, each on the earliest day that has a place.

use fastrand::Rng;

use super::insert::{Taste, choose};
use super::model::{Model, NEVER};
use super::state::{Place, State};

/// The orders in which the classes may take their places.
pub(super) const ORDERS: [[usize; 4]; 12] = [
    [0, 1, 2, 3],
    [1, 0, 2, 3],
    [0, 2, 1, 3],
    [2, 0, 1, 3],
    [1, 2, 0, 3],
    [2, 1, 0, 3],
    [0, 0, 0, 1],
    [0, 1, 1, 2],
    [1, 0, 1, 2],
    [0, 0, 1, 2],
    [0, 0, 0, 0],
    [1, 1, 0, 2],
];

/// A plan in which everything is placed or sub-contracted; `ranks` says which class goes first.
pub(super) fn construct(model: &Model, ranks: [usize; 4], noise: f32, rng: &mut Rng) -> State {
    let mut state = State::new(model);
    let count = model.jobs.len();
    let mut rank: Vec<usize> = model.jobs.iter().map(|job| ranks[job.class]).collect();
    let mut tail = vec![0_u64; count];
    for at in model.order.iter().rev().copied() {
        let mut longest = 0;
        for after in &model.jobs[at].after {
            rank[at] = rank[at].min(rank[*after]);
            longest = longest.max(tail[*after]);
        }
        tail[at] = longest + model.jobs[at].work;
    }
    subcontract_first(model, &mut state, &rank, rng);
    let mut sorted: Vec<(usize, u64, usize)> = (0..count)
        .map(|at| {
            let hardness = tail[at] as f32 * (1.0 + noise * rng.f32());
            (rank[at], u64::MAX - hardness as u64, at)
        })
        .collect();
    sorted.sort_unstable();
    let any = |choices: [f32; 3], rng: &mut Rng| choices[rng.usize(..3)];
    let joining = any([0.5, 1.0, 2.0], rng);
    let unused = any([0.05, 0.15, 0.4], rng);
    let taste = Taste { joining, unused, noise: noise * 0.2, earliest: true };
    let mut waiting: Vec<usize> = sorted.iter().rev().map(|(.., at)| *at).collect();
    while let Some(job) = waiting.last().copied() {
        let late =
            model.jobs[job].before.iter().filter(|one| state.places[**one] == Place::Waiting);
        let late: Vec<usize> = late.copied().collect();
        if state.places[job] != Place::Waiting {
            waiting.pop();
        } else if late.is_empty() {
            waiting.pop();
            // Successors have no place yet, so that only the predecessors bind it.
            let Some((opens, _)) = state.window(model, job) else { continue };
            if let Some(found) = choose(model, &mut state, job, (opens, NEVER), &taste, rng) {
                state.place(model, job, found.day, found.team, &found.joining, found.start);
            }
        } else {
            waiting.extend(late);
        }
    }
    state
}

/// Spends the budget on the jobs that give most technicians' time back for their cost.
fn subcontract_first(model: &Model, state: &mut State, rank: &[usize], rng: &mut Rng) {
    let mut offers: Vec<(u64, usize)> = (0..model.jobs.len())
        .filter(|at| state.places[*at] == Place::Waiting && model.budget > 0)
        .map(|at| {
            let job = &model.jobs[at];
            let early = [8.0, 4.0, 2.0, 1.0][rank[at].min(3)];
            let gain = job.work as f32 * early * (1.0 + rng.f32() * 0.2);
            (u64::MAX - (gain * 1000.0 / job.cost.max(1) as f32) as u64, at)
        })
        .collect();
    offers.sort_unstable();
    for (_, at) in offers {
        subcontract(model, state, at);
    }
}

/// Sub-contracts a job with all that waits for it, where none of them is placed and the budget allows it.
pub(super) fn subcontract(model: &Model, state: &mut State, job: usize) -> bool {
    let mut all = vec![job];
    let (mut read, mut cost) = (0, 0_u64);
    while let Some(at) = all.get(read).copied() {
        read += 1;
        match state.places[at] {
            Place::At { .. } => return false,
            Place::Out => continue,
            Place::Waiting => cost = cost.saturating_add(model.jobs[at].cost),
        }
        if state.out_cost.saturating_add(cost) > model.budget {
            return false;
        }
        for after in &model.jobs[at].after {
            if !all.contains(after) {
                all.push(*after);
            }
        }
    }
    all.iter().for_each(|at| state.places[*at] = Place::Out);
    state.out_cost += cost;
    true
}
