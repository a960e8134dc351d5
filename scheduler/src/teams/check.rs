//! Recomputes a plan of teams from nothing: is it allowed, and what does it cost? Shares no code with the search.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{DAY, Plan, Teams, WEIGHTS};

/// What a plan breaks; ids are the problem's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Fault {
    #[error("intervention {0} is placed twice")]
    Twice(u32),
    #[error("there is no intervention {0}")]
    Unknown(u32),
    #[error("day {0}: every technician belongs to exactly one team")]
    NotOneTeamEach(u32),
    #[error("day {day}: technician {technician} is off but in a team")]
    Off { day: u32, technician: u32 },
    #[error("intervention {intervention}: no team {team} on day {day}")]
    NoTeam { intervention: u32, day: u32, team: u32 },
    #[error("intervention {0} lies outside the day")]
    OutsideDay(u32),
    #[error("intervention {intervention}: domain {domain}, level {level}: the team has too few")]
    Unskilled { intervention: u32, domain: usize, level: usize },
    #[error("interventions {0} and {1} overlap in one team")]
    Overlap(u32, u32),
    #[error("sub-contracting costs {0}, more than the budget")]
    OverBudget(u64),
    #[error("intervention {intervention}: its predecessor {predecessor} is sub-contracted")]
    PredecessorOut { intervention: u32, predecessor: u32 },
    #[error("intervention {intervention} starts before its predecessor {predecessor} ends")]
    TooEarly { intervention: u32, predecessor: u32 },
}

/// What the checker found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub faults: Vec<Fault>,
    pub cost: u64,
    /// The latest end of priorities 1, 2, 3 and of all, in units from the first day's begin.
    pub ends: [u64; 4],
    pub subcontracted: usize,
}

impl Verdict {
    pub fn feasible(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Checks every rule and adds up the cost.
pub fn check(problem: &Teams, plan: &Plan) -> Verdict {
    let mut faults = Vec::new();
    let teams = teams_of(problem, plan, &mut faults);
    let known: BTreeMap<u32, usize> =
        problem.interventions.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
    let mut spans: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    let mut used: BTreeMap<(u32, u32), Vec<Busy>> = BTreeMap::new();
    let mut placed = BTreeSet::new();
    for visit in &plan.visits {
        let id = visit.intervention;
        if !placed.insert(id) {
            faults.push(Fault::Twice(id));
            continue;
        }
        let Some(at) = known.get(&id) else {
            faults.push(Fault::Unknown(id));
            continue;
        };
        let one = &problem.interventions[*at];
        let begin =
            u64::from(visit.day.saturating_sub(1)) * u64::from(DAY) + u64::from(visit.start);
        let span = (begin, begin + u64::from(one.duration));
        spans.insert(id, span);
        let Some(team) = teams.get(&(visit.day, visit.team)).filter(|_| visit.team > 0) else {
            let (day, team) = (visit.day, visit.team);
            faults.push(Fault::NoTeam { intervention: id, day, team });
            continue;
        };
        if visit.day == 0 || u64::from(visit.start) + u64::from(one.duration) > u64::from(DAY) {
            faults.push(Fault::OutsideDay(id));
        }
        used.entry((visit.day, visit.team)).or_default().push((span.0, span.1, id));
        for (cell, need) in one.needs.iter().enumerate().filter(|(_, need)| **need > 0) {
            let (domain, level) = (cell / problem.levels.max(1), cell % problem.levels.max(1) + 1);
            let able =
                |levels: &&&[u32]| levels.get(domain).is_some_and(|own| *own as usize >= level);
            if (team.iter().filter(able).count() as u64) < u64::from(*need) {
                faults.push(Fault::Unskilled { intervention: id, domain: domain + 1, level });
            }
        }
    }
    for visits in used.values_mut() {
        visits.sort_unstable();
        let pairs = visits.windows(2).filter(|pair| pair[1].0 < pair[0].1);
        faults.extend(pairs.map(|pair| Fault::Overlap(pair[0].2, pair[1].2)));
    }
    order_and_budget(problem, &spans, &mut faults);
    priced(problem, &spans, faults)
}

/// Begin, end and id of an intervention.
type Busy = (u64, u64, u32);

type TeamLevels<'a> = BTreeMap<(u32, u32), Vec<&'a [u32]>>;

fn teams_of<'a>(problem: &'a Teams, plan: &Plan, faults: &mut Vec<Fault>) -> TeamLevels<'a> {
    let technicians: BTreeMap<u32, _> =
        problem.technicians.iter().map(|one| (one.id, one)).collect();
    let mut teams = BTreeMap::new();
    for row in &plan.days {
        let mut listed: Vec<u32> = row.teams.iter().flatten().copied().collect();
        listed.sort_unstable();
        if !listed.iter().eq(technicians.keys()) {
            faults.push(Fault::NotOneTeamEach(row.day));
        }
        for one in &problem.technicians {
            let resting = row.teams.first().is_some_and(|off| off.contains(&one.id));
            if one.days_off.contains(&row.day) && !resting {
                faults.push(Fault::Off { day: row.day, technician: one.id });
            }
        }
        for (team, members) in (0..).zip(&row.teams) {
            let levels = members.iter().filter_map(|id| technicians.get(id));
            teams.insert((row.day, team), levels.map(|one| &one.levels[..]).collect());
        }
    }
    teams
}

fn order_and_budget(problem: &Teams, spans: &BTreeMap<u32, (u64, u64)>, faults: &mut Vec<Fault>) {
    let out = problem.interventions.iter().filter(|one| !spans.contains_key(&one.id));
    let cost = out.fold(0_u64, |sum, one| sum.saturating_add(one.cost));
    if cost > problem.budget {
        faults.push(Fault::OverBudget(cost));
    }
    for one in &problem.interventions {
        let Some(span) = spans.get(&one.id) else { continue };
        for predecessor in one.predecessors.iter().copied() {
            let intervention = one.id;
            match spans.get(&predecessor) {
                None => faults.push(Fault::PredecessorOut { intervention, predecessor }),
                Some(before) if span.0 < before.1 => {
                    faults.push(Fault::TooEarly { intervention, predecessor });
                }
                Some(_) => {}
            }
        }
    }
}

fn priced(problem: &Teams, spans: &BTreeMap<u32, (u64, u64)>, faults: Vec<Fault>) -> Verdict {
    let mut ends = [0_u64; 4];
    let mut subcontracted = 0;
    for one in &problem.interventions {
        let Some((_, end)) = spans.get(&one.id) else {
            subcontracted += 1;
            continue;
        };
        ends[3] = ends[3].max(*end);
        if let Some(latest) = ends[..3].get_mut(one.priority as usize - 1) {
            *latest = (*latest).max(*end);
        }
    }
    let cost = ends.iter().zip(WEIGHTS).map(|(end, weight)| end * weight).sum();
    Verdict { faults, cost, ends, subcontracted }
}
