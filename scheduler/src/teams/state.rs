//! A plan while it is searched for: days, teams, free technicians, and where each job is. Knows no strategy.

use fastrand::Rng;

use super::model::{Model, NEVER};
use super::problem::{DAY, Plan, TeamsOfDay, Visit};

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Waits to be placed.
    Waiting,
    /// Sub-contracted.
    Out,
    /// On a day from 0, at a unit of that day.
    At { day: usize, start: u32 },
}

/// A team of one day: its technicians, how many of them fill each cell, its jobs by start.
#[derive(Debug)]
pub(super) struct Team {
    pub members: Vec<usize>,
    pub have: Vec<u32>,
    pub jobs: Vec<(u32, u32, usize)>,
}

#[derive(Debug)]
pub(super) struct Day {
    pub teams: Vec<Team>,
    pub free: Vec<usize>,
    /// How many of the free fill each cell.
    pub spare: Vec<u32>,
}

// By hand: the derived ones would give the memory back at every copy.
impl Clone for Team {
    fn clone(&self) -> Self {
        let (members, have, jobs) = (self.members.clone(), self.have.clone(), self.jobs.clone());
        Self { members, have, jobs }
    }

    fn clone_from(&mut self, other: &Self) {
        self.members.clone_from(&other.members);
        self.have.clone_from(&other.have);
        self.jobs.clone_from(&other.jobs);
    }
}

impl Clone for Day {
    fn clone(&self) -> Self {
        let (teams, free, spare) = (self.teams.clone(), self.free.clone(), self.spare.clone());
        Self { teams, free, spare }
    }

    fn clone_from(&mut self, other: &Self) {
        self.teams.clone_from(&other.teams);
        self.free.clone_from(&other.free);
        self.spare.clone_from(&other.spare);
    }
}

impl Team {
    /// The first start from `from` on that leaves `duration` units before the next job and before `until`.
    pub fn gap(&self, from: u32, until: u32, duration: u32) -> Option<u32> {
        let mut start = from;
        for (begin, end, _) in &self.jobs {
            if start + duration <= *begin {
                break;
            }
            start = start.max(*end);
        }
        (start + duration <= until).then_some(start)
    }
}

#[derive(Clone, Debug)]
pub(super) struct State {
    pub days: Vec<Day>,
    pub places: Vec<Place>,
    /// What the chosen sub-contracting costs, the forced apart.
    pub out_cost: u64,
}

impl State {
    pub fn new(model: &Model) -> Self {
        let place = |forced| if forced { Place::Out } else { Place::Waiting };
        let places = model.jobs.iter().map(|job| place(job.forced)).collect();
        Self { days: Vec::new(), places, out_cost: 0 }
    }

    /// Makes days up to this one known.
    pub fn reach(&mut self, model: &Model, day: usize) {
        while self.days.len() <= day {
            let works = |one: &usize| model.works(*one, self.days.len());
            let free: Vec<usize> = (0..model.technician_ids.len()).filter(works).collect();
            let mut spare = vec![0; model.cells];
            for one in &free {
                model.fills[*one].iter().for_each(|cell| spare[*cell] += 1);
            }
            self.days.push(Day { teams: Vec::new(), free, spare });
        }
    }

    /// When a job ends, in units from the first day's begin.
    pub fn end(&self, model: &Model, job: usize) -> Option<u32> {
        self.begin(job).map(|begin| begin + model.jobs[job].duration)
    }

    pub fn begin(&self, job: usize) -> Option<u32> {
        match self.places[job] {
            Place::At { day, start } => Some(day as u32 * DAY + start),
            _ => None,
        }
    }

    /// The window that its placed neighbours leave to a job; nothing where a predecessor is sub-contracted.
    pub fn window(&self, model: &Model, job: usize) -> Option<(u32, u32)> {
        let (mut opens, mut closes) = (0, NEVER);
        for before in &model.jobs[job].before {
            if self.places[*before] == Place::Out {
                return None;
            }
            opens = opens.max(self.end(model, *before).unwrap_or(0));
        }
        for after in &model.jobs[job].after {
            closes = closes.min(self.begin(*after).unwrap_or(NEVER));
        }
        Some((opens, closes))
    }

    /// Puts a job into a team (a new one where none is named) that free technicians join first.
    pub fn place(
        &mut self,
        model: &Model,
        job: usize,
        day: usize,
        team: Option<usize>,
        joining: &[usize],
        start: u32,
    ) {
        let today = &mut self.days[day];
        let team = team.unwrap_or_else(|| {
            let have = vec![0; model.cells];
            today.teams.push(Team { members: Vec::new(), have, jobs: Vec::new() });
            today.teams.len() - 1
        });
        let team = &mut today.teams[team];
        for one in joining {
            today.free.retain(|other| other != one);
            team.members.push(*one);
            for cell in &model.fills[*one] {
                today.spare[*cell] -= 1;
                team.have[*cell] += 1;
            }
        }
        let end = start + model.jobs[job].duration;
        let at = team.jobs.partition_point(|(begin, until, _)| (*begin, *until) < (start, end));
        team.jobs.insert(at, (start, end, job));
        self.places[job] = Place::At { day, start };
    }

    /// Takes a placed job out; its team keeps its members until [`State::release`].
    pub fn remove(&mut self, job: usize) -> Option<usize> {
        let Place::At { day, .. } = self.places[job] else { return None };
        for team in &mut self.days[day].teams {
            if let Some(at) = team.jobs.iter().position(|(.., other)| *other == job) {
                team.jobs.remove(at);
                break;
            }
        }
        self.places[job] = Place::Waiting;
        Some(day)
    }

    /// Sends home whom no job of his team needs, tried in a random order; dissolves empty teams.
    pub fn release(&mut self, model: &Model, day: usize, rng: &mut Rng) {
        let Day { teams, free, spare } = &mut self.days[day];
        let mut required = vec![0; model.cells];
        for team in teams.iter_mut() {
            required.fill(0);
            for (.., job) in &team.jobs {
                for (cell, need) in &model.jobs[*job].needs {
                    required[*cell] = required[*cell].max(*need);
                }
            }
            rng.shuffle(&mut team.members);
            let have = &mut team.have;
            let keep = usize::from(!team.jobs.is_empty());
            let mut left = team.members.len();
            team.members.retain(|one| {
                let spared = model.fills[*one].iter().all(|cell| have[*cell] > required[*cell]);
                if !spared || left <= keep {
                    return true;
                }
                left -= 1;
                for cell in &model.fills[*one] {
                    have[*cell] -= 1;
                    spare[*cell] += 1;
                }
                free.push(*one);
                false
            });
        }
        teams.retain(|team| !team.jobs.is_empty());
    }

    /// The latest end of each class, and of all.
    pub fn ends(&self, model: &Model) -> [u32; 4] {
        let mut ends = [0; 4];
        for job in 0..model.jobs.len() {
            let end = self.end(model, job).unwrap_or(0);
            let class = model.jobs[job].class;
            ends[class] = ends[class].max(end);
            ends[3] = ends[3].max(end);
        }
        ends
    }

    /// The plan in the problem's own ids.
    pub fn plan(&self, model: &Model) -> Plan {
        let mut plan = Plan::default();
        let used = self.days.iter().rposition(|day| !day.teams.is_empty()).map_or(0, |day| day + 1);
        for (number, day) in (1..).zip(&self.days[..used]) {
            let named = |members: &[usize]| {
                let mut ids: Vec<u32> =
                    members.iter().map(|one| model.technician_ids[*one]).collect();
                ids.sort_unstable();
                ids
            };
            let mut resting = day.free.clone();
            resting.extend(
                (0..model.technician_ids.len())
                    .filter(|one| !model.works(*one, number as usize - 1)),
            );
            let mut teams = vec![named(&resting)];
            for (team, formed) in (1..).zip(&day.teams) {
                teams.push(named(&formed.members));
                plan.visits.extend(formed.jobs.iter().map(|(start, _, job)| Visit {
                    intervention: model.jobs[*job].id,
                    day: number,
                    start: *start,
                    team,
                }));
            }
            plan.days.push(TeamsOfDay { day: number, teams });
        }
        plan.visits.sort_unstable();
        plan
    }
}
