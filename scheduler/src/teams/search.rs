//! One thread's search: takes a target, keeps removing and inserting until everything has a place before its latest
//! end, and goes on from the better plan. Never worse than what it was given.

use fastrand::Rng;

use super::construct::subcontract;
use super::insert::{Taste, choose};
use super::model::{Model, Windows};
use super::problem::DAY;
use super::ruin::ruin;
use super::state::{Place, State};
use super::target::target;

/// Steps without progress after which a target is given up, at first.
const PATIENCE: u64 = 400;
/// Jobs that one step tries to place.
const MOST_TRIED: usize = 40;

pub(super) struct Search<'a> {
    pub model: &'a Model,
    pub rng: Rng,
    /// Says whether to go on; asked before every step.
    pub more: &'a mut dyn FnMut() -> bool,
}

impl Search<'_> {
    /// Improves a complete plan for as long as it may.
    pub fn run(&mut self, mut best: State) -> State {
        let (mut failed, mut unmet) = (0_u64, 0_u32);
        let mut luck = [1.0_f32; 4];
        let jobs = &self.model.jobs;
        let present = [0, 1, 2, 3].map(|class| jobs.iter().any(|job| job.class == class));
        while unmet < 10_000 && (self.more)() {
            let ends = best.ends(self.model);
            let class = self.class(ends, &luck);
            let Some(latest) = target(ends, class, present, &mut self.rng) else {
                unmet += 1;
                continue;
            };
            let windows = self.model.windows(latest, |job| best.places[job] == Place::Out);
            if !self.possible(&windows) {
                unmet += 1;
                continue;
            }
            unmet = 0;
            let patience = PATIENCE * (1 + failed / 8).min(40);
            match self.reach(&best, latest, &windows, patience) {
                Some(found) => {
                    best = found;
                    failed /= 2;
                    luck[class] = luck[class] * 0.7 + 0.3;
                }
                None => {
                    failed += 1;
                    luck[class] *= 0.9;
                }
            }
        }
        best
    }

    /// The class that is to end earlier: more often one with which that went well of late.
    fn class(&mut self, ends: [u32; 4], luck: &[f32; 4]) -> usize {
        let weight = |class: usize| if ends[class] > 0 { 0.1 + luck[class] } else { 0.0 };
        let mut left = (0..4).map(weight).sum::<f32>() * self.rng.f32();
        for class in 0..3 {
            left -= weight(class);
            if left < 0.0 {
                return class;
            }
        }
        3
    }

    /// Whether every job could end in time if it were alone.
    fn possible(&self, windows: &Windows) -> bool {
        let alone = |at: usize| {
            let job = &self.model.jobs[at];
            job.forced || windows.opens[at] + job.duration <= windows.closes[at]
        };
        let late = (0..self.model.jobs.len()).filter(|at| !alone(*at));
        let cost = late.fold(0_u64, |sum, at| sum.saturating_add(self.model.jobs[at].cost));
        cost <= self.model.budget
    }

    fn reach(
        &mut self,
        best: &State,
        latest: [u32; 4],
        windows: &Windows,
        patience: u64,
    ) -> Option<State> {
        let model = self.model;
        let mut now = best.clone();
        let last = latest[3].div_ceil(DAY) as usize;
        for job in 0..model.jobs.len() {
            // What takes no time may stand at the very begin of a day that is cut off.
            let cut = matches!(now.places[job], Place::At { day, .. } if day >= last);
            if cut || now.end(model, job).is_some_and(|end| end > windows.closes[job]) {
                now.remove(job);
            }
        }
        (0..now.days.len()).for_each(|day| now.release(model, day, &mut self.rng));
        now.days.truncate(last);
        now.reach(model, last.saturating_sub(1));
        let mut trial = now.clone();
        let mean = model.jobs.iter().map(|job| job.work).sum::<u64>() as f32
            / model.jobs.len().max(1) as f32;
        let (mut price, mut least) = (f32::MAX, f32::MAX);
        let (mut idle, mut steps) = (0, 0_u64);
        let mut days = Vec::new();
        while idle < patience && (self.more)() {
            if steps > 0 {
                days = ruin(model, &mut trial, &mut self.rng);
                days.iter().for_each(|day| trial.release(model, *day, &mut self.rng));
            }
            steps += 1;
            self.recreate(&mut trial, windows, &mut days);
            let waiting = waiting(model, &trial);
            if waiting == 0.0 {
                return Some(trial);
            }
            let cost = waiting + self.in_use(&trial) * 0.02;
            let heat = mean * 0.5 * (1.0 - idle as f32 / patience as f32);
            idle += 1;
            if cost < price - heat * self.rng.f32().max(1e-9).ln() {
                copy(&mut now, &trial, &days);
                price = cost;
                if cost < least {
                    least = cost;
                    idle = 0;
                }
            } else {
                copy(&mut trial, &now, &days);
            }
        }
        None
    }

    /// Technicians' time that is bound to teams.
    fn in_use(&self, state: &State) -> f32 {
        let bound = |team: &super::state::Team| team.members.len();
        state.days.iter().flat_map(|day| day.teams.iter().map(bound)).sum::<usize>() as f32
            * DAY as f32
    }

    /// Places what waits, in an order of chance's choosing, and sub-contracts from the rest.
    fn recreate(&mut self, state: &mut State, windows: &Windows, days: &mut Vec<usize>) {
        let model = self.model;
        let rng = &mut self.rng;
        let way = rng.u8(..4);
        let mut sorted: Vec<(f32, usize)> = (0..model.jobs.len())
            .filter(|at| state.places[*at] == Place::Waiting)
            .map(|at| {
                let job = &model.jobs[at];
                let slack = windows.closes[at].saturating_sub(windows.opens[at]) as f32;
                let key = match way {
                    0 => -(job.work as f32),
                    1 => slack - job.work as f32 * 0.1,
                    2 => -(job.work as f32) - job.duration as f32 * 4.0,
                    _ => 0.0,
                };
                (key + rng.f32() * 60.0, at)
            })
            .collect();
        let waiting = &mut sorted;
        waiting.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let taste = Taste {
            joining: [0.2, 0.5, 0.8][rng.usize(..3)],
            unused: [0.02, 0.1, 0.3][rng.usize(..3)],
            noise: [0.0, 0.2, 0.6][rng.usize(..3)],
            earliest: false,
        };
        for (_, job) in waiting.iter().take(MOST_TRIED) {
            let Some((opens, closes)) = state.window(model, *job) else { continue };
            let window = (opens.max(windows.opens[*job]), closes.min(windows.closes[*job]));
            if let Some(found) = choose(model, state, *job, window, &taste, rng) {
                state.place(model, *job, found.day, found.team, &found.joining, found.start);
                days.push(found.day);
            }
        }
        if model.budget > 0 {
            for (_, job) in waiting.iter() {
                if state.places[*job] == Place::Waiting {
                    subcontract(model, state, *job);
                }
            }
        }
    }
}

/// Technicians' time of what has no place.
fn waiting(model: &Model, state: &State) -> f32 {
    let left = (0..model.jobs.len()).filter(|at| state.places[*at] == Place::Waiting);
    left.map(|at| model.jobs[at].work).sum::<u64>() as f32
}

/// Makes `to` what `from` is, where only these days may differ.
fn copy(to: &mut State, from: &State, days: &[usize]) {
    for day in days {
        to.days[*day].clone_from(&from.days[*day]);
    }
    to.places.clone_from(&from.places);
    to.out_cost = from.out_cost;
}
