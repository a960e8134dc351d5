//! Where one job fits: into a team, into a team that others join, or into a new team. Chooses, never places.

use fastrand::Rng;

use super::model::Model;
use super::problem::DAY;
use super::state::{Day, State};

/// How choices are made in one go.
pub(super) struct Taste {
    /// What a joining technician's day is worth, in days.
    pub joining: f32,
    /// What an unused skill of a joining technician is worth, in used ones.
    pub unused: f32,
    /// How far chance may move a score.
    pub noise: f32,
    /// Takes the earliest day with any place rather than the best day.
    pub earliest: bool,
}

pub(super) struct Choice {
    pub day: usize,
    pub team: Option<usize>,
    pub start: u32,
    pub joining: Vec<usize>,
    pub score: f32,
}

/// The best place of a job between two instants (units from the first day's begin), by waste of technicians' time.
pub(super) fn choose(
    model: &Model,
    state: &mut State,
    job: usize,
    (opens, closes): (u32, u32),
    taste: &Taste,
    rng: &mut Rng,
) -> Option<Choice> {
    let duration = model.jobs[job].duration;
    let mut best = Best { model, job, taste, found: None };
    let mut day = (opens / DAY) as usize;
    while (day as u32) * DAY + duration <= closes {
        if taste.earliest {
            state.reach(model, day);
        } else if day >= state.days.len() {
            break;
        }
        let base = day as u32 * DAY;
        let (from, until) = (opens.saturating_sub(base), (closes - base).min(DAY));
        if from + duration <= until {
            best.on_day(&state.days[day], day, (from, until), rng);
        }
        if taste.earliest && best.found.is_some() {
            break;
        }
        day += 1;
    }
    best.found
}

/// The best place so far.
struct Best<'a> {
    model: &'a Model,
    job: usize,
    taste: &'a Taste,
    found: Option<Choice>,
}

impl Best<'_> {
    fn on_day(&mut self, today: &Day, day: usize, (from, until): (u32, u32), rng: &mut Rng) {
        let wanted = &self.model.jobs[self.job];
        for (at, team) in today.teams.iter().enumerate() {
            let Some(start) = team.gap(from, until, wanted.duration) else { continue };
            let (mut lack, mut hopeless) = (0, false);
            for (cell, need) in &wanted.needs {
                lack = lack.max(need.saturating_sub(team.have[*cell]));
                hopeless |= team.have[*cell] + today.spare[*cell] < *need;
            }
            let size = team.members.len();
            if hopeless || self.beats(size + lack as usize, lack as usize) {
                continue;
            }
            let joining = match lack {
                0 => Some(Vec::new()),
                _ => crew(self.model, today, self.job, Some(&team.have), self.taste, rng),
            };
            if let Some(joining) = joining {
                let size = size + joining.len();
                self.offer(Choice { day, team: Some(at), start, joining, score: 0.0 }, size, rng);
            }
        }
        let least = wanted.needs.iter().map(|(_, need)| *need).max().unwrap_or(1) as usize;
        let enough = wanted.needs.iter().all(|(cell, need)| today.spare[*cell] >= *need);
        if enough
            && !self.beats(least, least)
            && let Some(joining) = crew(self.model, today, self.job, None, self.taste, rng)
        {
            let size = joining.len();
            self.offer(Choice { day, team: None, start: from, joining, score: 0.0 }, size, rng);
        }
    }

    /// What it wastes to give the job to so many, some of whom have to join first.
    fn waste(&self, size: usize, joining: usize) -> f32 {
        let wanted = &self.model.jobs[self.job];
        let bound = size as f32 * wanted.duration as f32 - wanted.work as f32;
        bound + joining as f32 * self.taste.joining * DAY as f32
    }

    /// Whether what was found is better than anything with so many.
    fn beats(&self, size: usize, joining: usize) -> bool {
        self.found.as_ref().is_some_and(|found| found.score <= self.waste(size, joining))
    }

    fn offer(&mut self, mut choice: Choice, size: usize, rng: &mut Rng) {
        let lateness = if self.taste.earliest { 1.0 } else { 0.05 };
        choice.score = self.waste(size, choice.joining.len())
            + choice.start as f32 * lateness
            + self.taste.noise * rng.f32() * DAY as f32;
        if self.found.as_ref().is_none_or(|found| choice.score < found.score) {
            self.found = Some(choice);
        }
    }
}

/// Free technicians who together fill what is lacking, few and not too able.
fn crew(
    model: &Model,
    today: &Day,
    job: usize,
    have: Option<&[u32]>,
    taste: &Taste,
    rng: &mut Rng,
) -> Option<Vec<usize>> {
    let lacks = |(cell, need): &(usize, u32)| {
        let lack = need.saturating_sub(have.map_or(0, |have| have[*cell]));
        (lack > 0).then_some((*cell, lack))
    };
    let mut lacking: Vec<(usize, u32)> = model.jobs[job].needs.iter().filter_map(lacks).collect();
    let mut joining: Vec<usize> = Vec::new();
    while !lacking.is_empty() {
        let (mut found, mut top) = (None, f32::MIN);
        for one in &today.free {
            let able = &model.able[*one];
            let mut used = 0.0;
            for (cell, lack) in &lacking {
                if able[*cell] {
                    // What needs many is found late if it is not begun early.
                    used += 1.0 + *lack as f32 / 8.0;
                }
            }
            if used == 0.0 || joining.contains(one) {
                continue;
            }
            let score = used - taste.unused * model.fills[*one].len() as f32 + rng.f32() * 0.5;
            if score > top {
                (found, top) = (Some(*one), score);
            }
        }
        let one = found?;
        joining.push(one);
        for (cell, lack) in &mut lacking {
            *lack -= u32::from(model.able[one][*cell]);
        }
        lacking.retain(|(_, lack)| *lack > 0);
    }
    if joining.is_empty() && have.is_none() {
        joining.push(*today.free.first()?);
    }
    spare(model, job, have, &mut joining);
    Some(joining)
}

/// Leaves out whom those who joined later made superfluous.
fn spare(model: &Model, job: usize, have: Option<&[u32]>, joining: &mut Vec<usize>) {
    let needs = &model.jobs[job].needs;
    let mut at = 0;
    while joining.len() > 1 && at < joining.len() {
        let without = |cell: usize| {
            let others = joining.iter().enumerate().filter(|(other, _)| *other != at);
            others.filter(|(_, one)| model.able[**one][cell]).count() as u32
        };
        let own = |cell: usize| have.map_or(0, |have| have[cell]);
        if needs.iter().all(|(cell, need)| own(*cell) + without(*cell) >= *need) {
            joining.remove(at);
        } else {
            at += 1;
        }
    }
}
