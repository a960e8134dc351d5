//! What is taken out of a plan to be planned anew: single jobs, whole teams of a day, kindred jobs, sub-contracted ones.

use fastrand::Rng;

use super::model::Model;
use super::state::{Place, State};

/// Takes jobs out; returns the days that changed, sorted.
pub(super) fn ruin(model: &Model, state: &mut State, rng: &mut Rng) -> Vec<usize> {
    let mut doomed = Vec::new();
    let waiting: Vec<usize> =
        (0..state.places.len()).filter(|at| state.places[*at] == Place::Waiting).collect();
    let centre = match waiting.is_empty() || rng.u8(..4) == 0 {
        true => rng.usize(..model.jobs.len()),
        false => waiting[rng.usize(..waiting.len())],
    };
    match rng.u8(..10) {
        0..=1 => singles(model, rng, &mut doomed),
        2..=3 => kindred(model, state, centre, rng, &mut doomed),
        4..=7 => teams(state, 1, rng, &mut doomed),
        _ => teams(state, 2, rng, &mut doomed),
    }
    if state.out_cost > 0 && rng.u8(..3) == 0 {
        recall(model, state, rng);
    }
    let mut days: Vec<usize> = doomed.iter().filter_map(|job| state.remove(*job)).collect();
    days.sort_unstable();
    days.dedup();
    days
}

fn singles(model: &Model, rng: &mut Rng, doomed: &mut Vec<usize>) {
    for _ in 0..rng.usize(1..=12) {
        doomed.push(rng.usize(..model.jobs.len()));
    }
}

/// Jobs that ask for much the same as one of those that wait.
fn kindred(model: &Model, state: &State, centre: usize, rng: &mut Rng, doomed: &mut Vec<usize>) {
    let wanted = &model.jobs[centre].needs;
    let placed = |at: &usize| matches!(state.places[*at], Place::At { .. });
    let mut near: Vec<(u32, usize)> = (0..model.jobs.len())
        .filter(placed)
        .map(|at| {
            let other = &model.jobs[at].needs;
            let shared = other.iter().filter(|(cell, _)| wanted.iter().any(|(own, _)| own == cell));
            let shared = shared.count() as u32 * 8 + rng.u32(..16);
            (u32::MAX - shared, at)
        })
        .collect();
    near.sort_unstable();
    doomed.extend(near.iter().take(rng.usize(3..=12)).map(|(_, at)| *at));
}

/// Some teams of some days, with all their jobs.
fn teams(state: &State, days: usize, rng: &mut Rng, doomed: &mut Vec<usize>) {
    for _ in 0..days {
        if state.days.is_empty() {
            return;
        }
        let today = &state.days[rng.usize(..state.days.len())];
        for _ in 0..rng.usize(1..=if days == 1 { 6 } else { 3 }) {
            if !today.teams.is_empty() {
                let team = &today.teams[rng.usize(..today.teams.len())];
                doomed.extend(team.jobs.iter().map(|(.., job)| *job));
            }
        }
    }
}

/// Calls some sub-contracted jobs back, with all that must not be out without them.
fn recall(model: &Model, state: &mut State, rng: &mut Rng) {
    let out = |at: &usize| state.places[*at] == Place::Out && !model.jobs[*at].forced;
    let mut back: Vec<usize> = (0..model.jobs.len()).filter(out).collect();
    rng.shuffle(&mut back);
    back.truncate(rng.usize(1..=3));
    while let Some(at) = back.pop() {
        if state.places[at] != Place::Out {
            continue;
        }
        state.places[at] = Place::Waiting;
        state.out_cost -= model.jobs[at].cost;
        back.extend(model.jobs[at].before.iter().copied());
    }
}
