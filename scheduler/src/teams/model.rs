//! The problem as the search sees it: numbers in place of ids, sorted by id so that the order of the input is nothing.

use std::collections::BTreeMap;

use super::problem::{DAY, Teams, WEIGHTS};
use super::refuse::{Refusal, refuse};

/// Later than any plan.
pub(super) const NEVER: u32 = u32::MAX / 2;

/// One intervention; others are named by their position.
pub(super) struct Job {
    pub id: u32,
    pub duration: u32,
    /// 0 to 3.
    pub class: usize,
    pub cost: u64,
    /// Cell (domain and level) and how many of the team it takes; cells that a higher level implies are left out.
    pub needs: Vec<(usize, u32)>,
    pub before: Vec<usize>,
    pub after: Vec<usize>,
    /// Technicians times duration.
    pub work: u64,
    /// Sub-contracted whatever else is done.
    pub forced: bool,
}

pub(super) struct Model {
    pub cells: usize,
    pub technician_ids: Vec<u32>,
    /// Per technician: the cells he fills.
    pub fills: Vec<Vec<usize>>,
    /// Per technician: one flag per cell.
    pub able: Vec<Vec<bool>>,
    /// Per technician: days off from 0, sorted.
    pub off: Vec<Vec<u32>>,
    pub jobs: Vec<Job>,
    /// Jobs such that predecessors come first.
    pub order: Vec<usize>,
    /// What is left for sub-contracting beside the forced ones.
    pub budget: u64,
}

/// When each job may start and must have ended, by its neighbours in the order of work and a latest end per class.
pub(super) struct Windows {
    pub opens: Vec<u32>,
    pub closes: Vec<u32>,
}

impl Model {
    pub fn new(problem: &Teams) -> Result<Self, Refusal> {
        refuse(problem)?;
        let mut technicians: Vec<_> = problem.technicians.iter().collect();
        technicians.sort_by_key(|one| one.id);
        let cells = problem.domains * problem.levels;
        let able: Vec<Vec<bool>> = technicians
            .iter()
            .map(|one| {
                let holds =
                    |cell| one.levels[cell / problem.levels] as usize > cell % problem.levels;
                (0..cells).map(holds).collect()
            })
            .collect();
        let fills = able.iter().map(|row| (0..cells).filter(|cell| row[*cell]).collect()).collect();
        let off = technicians.iter().map(|one| {
            let mut days: Vec<u32> = one.days_off.iter().map(|day| day - 1).collect();
            days.sort_unstable();
            days
        });
        let mut model = Self {
            cells,
            technician_ids: technicians.iter().map(|one| one.id).collect(),
            fills,
            able,
            off: off.collect(),
            jobs: jobs(problem),
            order: Vec::new(),
            budget: problem.budget,
        };
        model.order = order(&model.jobs);
        model.force()?;
        for at in 0..model.jobs.len() {
            let crew = model.crew(at);
            let job = &mut model.jobs[at];
            job.work = crew * u64::from(job.duration.max(1));
        }
        Ok(model)
    }

    pub fn works(&self, technician: usize, day: usize) -> bool {
        u32::try_from(day).is_ok_and(|day| self.off[technician].binary_search(&day).is_err())
    }

    /// How many technicians a job takes at least, about: whoever fills most of what is lacking goes first.
    fn crew(&self, job: usize) -> u64 {
        let mut lacking = self.jobs[job].needs.clone();
        let mut left: Vec<usize> = (0..self.technician_ids.len()).collect();
        let mut crew = 0;
        while !lacking.is_empty() {
            let gain =
                |one: usize| lacking.iter().filter(|(cell, _)| self.able[one][*cell]).count();
            let best = (0..left.len()).max_by_key(|at| (gain(left[*at]), left.len() - at));
            let Some(at) = best.filter(|at| gain(left[*at]) > 0) else { break };
            let one = left.swap_remove(at);
            crew += 1;
            for (cell, lack) in &mut lacking {
                *lack -= u32::from(self.able[one][*cell]);
            }
            lacking.retain(|(_, lack)| *lack > 0);
        }
        crew.max(1)
    }

    /// Sub-contracts what no team of all technicians could do, and all that waits for it.
    fn force(&mut self) -> Result<(), Refusal> {
        let totals: Vec<usize> =
            (0..self.cells).map(|cell| self.able.iter().filter(|row| row[cell]).count()).collect();
        for at in self.order.clone() {
            let job = &self.jobs[at];
            let lacking = job.needs.iter().any(|(cell, need)| totals[*cell] < *need as usize);
            let nobody = self.technician_ids.is_empty();
            let follows = job.before.iter().any(|before| self.jobs[*before].forced);
            if lacking || nobody || follows || job.duration > DAY {
                let (id, cost) = (job.id, job.cost);
                self.budget = self.budget.checked_sub(cost).ok_or(Refusal::Impossible { id })?;
                self.jobs[at].forced = true;
            }
        }
        Ok(())
    }

    /// The windows that follow from the latest ends per class; the last entry binds everyone. Jobs that are `out`, or
    /// must be because they cannot end in time, bind nobody.
    pub fn windows(&self, latest: [u32; 4], out: impl Fn(usize) -> bool) -> Windows {
        let mut opens = vec![0; self.jobs.len()];
        let mut closes = vec![NEVER; self.jobs.len()];
        for at in self.order.iter().copied() {
            let job = &self.jobs[at];
            let ends = job.before.iter().map(|one| opens[*one] + self.jobs[*one].duration);
            let open = ends.max().unwrap_or(0);
            let fits = open % DAY + job.duration <= DAY;
            opens[at] = if fits { open } else { (open / DAY + 1) * DAY };
        }
        for at in self.order.iter().rev().copied() {
            let job = &self.jobs[at];
            let late = |one: usize| opens[one] + self.jobs[one].duration > closes[one];
            let begins = job.after.iter().filter(|one| !out(**one) && !late(**one));
            let begins = begins.map(|one| closes[*one].saturating_sub(self.jobs[*one].duration));
            let own = latest[job.class].min(latest[3]);
            let close = begins.min().map_or(own, |begin| begin.min(own));
            let tight = close % DAY != 0 && close % DAY < job.duration;
            closes[at] = if tight { close / DAY * DAY } else { close };
        }
        Windows { opens, closes }
    }

    /// What a set of latest ends costs.
    pub fn cost(ends: [u32; 4]) -> u64 {
        ends.iter().zip(WEIGHTS).map(|(end, weight)| u64::from(*end) * weight).sum()
    }
}

fn jobs(problem: &Teams) -> Vec<Job> {
    let mut listed: Vec<_> = problem.interventions.iter().collect();
    listed.sort_by_key(|one| one.id);
    let position: BTreeMap<u32, usize> =
        listed.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
    let mut jobs: Vec<Job> = listed
        .iter()
        .map(|one| {
            let mut before: Vec<usize> = one.predecessors.iter().map(|id| position[id]).collect();
            before.sort_unstable();
            before.dedup();
            let implied = |cell: usize| {
                let last = (cell / problem.levels + 1) * problem.levels;
                (cell + 1..last).any(|higher| one.needs[higher] >= one.needs[cell])
            };
            let cells = (0..one.needs.len()).filter(|cell| one.needs[*cell] > 0 && !implied(*cell));
            let needs: Vec<(usize, u32)> = cells.map(|cell| (cell, one.needs[cell])).collect();
            let crew = needs.iter().map(|(_, need)| *need).max().unwrap_or(0).max(1);
            let work = u64::from(crew) * u64::from(one.duration.max(1));
            let (id, duration, cost) = (one.id, one.duration, one.cost);
            let class = one.priority as usize - 1;
            let after = Vec::new();
            Job { id, duration, class, cost, needs, before, after, work, forced: false }
        })
        .collect();
    for at in 0..jobs.len() {
        for before in jobs[at].before.clone() {
            jobs[before].after.push(at);
        }
    }
    jobs
}

fn order(jobs: &[Job]) -> Vec<usize> {
    let mut waits: Vec<usize> = jobs.iter().map(|job| job.before.len()).collect();
    let mut order: Vec<usize> = (0..jobs.len()).filter(|at| waits[*at] == 0).collect();
    let mut read = 0;
    while let Some(at) = order.get(read).copied() {
        read += 1;
        for next in &jobs[at].after {
            waits[*next] -= 1;
            if waits[*next] == 0 {
                order.push(*next);
            }
        }
    }
    order
}
