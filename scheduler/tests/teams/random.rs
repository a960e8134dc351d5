//! Random small problems of teams, and the best plan of tiny ones by trying everything.

use proptest::collection::vec;
use proptest::prelude::*;
use scheduler::teams::{DAY, Intervention, Teams, Technician};

/// Two domains with two levels, three technicians, five interventions.
pub fn sample() -> Teams {
    let technician = |id, levels: [u32; 2], off: &[u32]| Technician {
        id,
        levels: levels.to_vec(),
        days_off: off.to_vec(),
    };
    let intervention = |id, duration, priority, needs: [u32; 4]| Intervention {
        id,
        duration,
        predecessors: Vec::new(),
        priority,
        cost: 100,
        needs: needs.to_vec(),
    };
    Teams {
        domains: 2,
        levels: 2,
        budget: 0,
        technicians: vec![
            technician(1, [2, 0], &[2]),
            technician(2, [1, 1], &[]),
            technician(3, [0, 2], &[1]),
        ],
        interventions: vec![
            intervention(1, 60, 1, [1, 1, 0, 0]),
            intervention(2, 60, 1, [1, 0, 1, 0]),
            intervention(3, 30, 2, [0, 0, 2, 1]),
            intervention(4, 120, 3, [1, 0, 0, 0]),
            intervention(5, 15, 4, [0, 0, 1, 1]),
        ],
    }
}

/// Problems that have a plan: what a random need asks for, the technicians together can give.
fn sized(
    technicians: std::ops::RangeInclusive<usize>,
    interventions: std::ops::RangeInclusive<usize>,
    durations: &'static [u32],
) -> impl Strategy<Value = Teams> {
    let technician = (vec(0_u32..=2, 2), vec(1_u32..5, 0..3));
    let intervention = (
        prop::sample::select(durations),
        1_u32..=4,
        vec(0_u32..4, 4),
        vec(any::<prop::sample::Index>(), 0..2),
        1_u64..50,
    );
    let lists = (vec(technician, technicians), vec(intervention, interventions), 0_u64..60);
    lists.prop_map(|(technicians, interventions, budget)| {
        let technicians: Vec<Technician> = (1..)
            .zip(technicians)
            .map(|(id, (levels, days_off))| Technician { id, levels, days_off })
            .collect();
        let most = |cell: usize| {
            let able = |one: &&Technician| one.levels[cell / 2] as usize > cell % 2;
            technicians.iter().filter(able).count() as u32
        };
        let interventions = (1_u32..)
            .zip(interventions)
            .map(|(id, (duration, priority, mut needs, before, cost))| {
                for (cell, need) in needs.iter_mut().enumerate() {
                    *need = (*need).min(most(cell));
                }
                let earlier = |index: prop::sample::Index| index.index(id as usize - 1) as u32 + 1;
                let before = before.into_iter().filter(|_| id > 1);
                let predecessors = before.map(earlier).collect();
                Intervention { id, duration, predecessors, priority, cost, needs }
            })
            .collect();
        Teams { domains: 2, levels: 2, budget, technicians, interventions }
    })
}

pub fn problem(most: usize) -> impl Strategy<Value = Teams> {
    sized(1..=6, 1..=most, &[0, 8, 15, 30, 60, 90, 120])
}

pub fn tiny() -> impl Strategy<Value = Teams> {
    sized(1..=3, 1..=4, &[60, 120])
}

/// The least cost of any plan. Starts are on a grid of 60, which is enough where durations are 60 and 120.
pub fn brute_force(problem: &Teams) -> u64 {
    let mut best = u64::MAX;
    let mut placed = Vec::new();
    extend(problem, &mut placed, &mut best);
    best
}

/// One entry per intervention decided so far: its begin in units, and its team's members as bits; or sub-contracted.
fn extend(problem: &Teams, placed: &mut Vec<Option<(u32, u32)>>, best: &mut u64) {
    let at = placed.len();
    let price = price(problem, placed);
    if price >= *best {
        return;
    }
    let Some(one) = problem.interventions.get(at) else {
        *best = price;
        return;
    };
    let out: u64 = (0..at)
        .filter(|other| placed[*other].is_none())
        .map(|other| problem.interventions[other].cost)
        .sum();
    if out + one.cost <= problem.budget {
        placed.push(None);
        extend(problem, placed, best);
        placed.pop();
    }
    let before = |id: &u32| placed[*id as usize - 1];
    if one.predecessors.iter().any(|id| before(id).is_none()) {
        return;
    }
    let opens = one.predecessors.iter().filter_map(|id| {
        before(id).map(|(begin, _)| begin + problem.interventions[*id as usize - 1].duration)
    });
    let opens = opens.max().unwrap_or(0);
    // Eight days: four with somebody off, and one for each intervention.
    for begin in (opens..8 * DAY).step_by(60) {
        for team in 1_u32..1 << problem.technicians.len() {
            if fits(problem, placed, at, begin, team) {
                placed.push(Some((begin, team)));
                extend(problem, placed, best);
                placed.pop();
            }
        }
    }
}

fn price(problem: &Teams, placed: &[Option<(u32, u32)>]) -> u64 {
    let mut ends = [0_u64; 5];
    for (one, place) in problem.interventions.iter().zip(placed) {
        if let Some((begin, _)) = place {
            let end = u64::from(begin + one.duration);
            ends[one.priority as usize] = ends[one.priority as usize].max(end);
            ends[0] = ends[0].max(end);
        }
    }
    28 * ends[1] + 14 * ends[2] + 4 * ends[3] + ends[0]
}

fn fits(problem: &Teams, placed: &[Option<(u32, u32)>], at: usize, begin: u32, team: u32) -> bool {
    let one = &problem.interventions[at];
    let end = begin + one.duration;
    if begin % DAY + one.duration > DAY {
        return false;
    }
    let members = || (0..problem.technicians.len()).filter(|who| team >> who & 1 == 1);
    let off = |who: usize| problem.technicians[who].days_off.contains(&(begin / DAY + 1));
    let lacks = |cell: usize| {
        let able = |who: &usize| problem.technicians[*who].levels[cell / 2] as usize > cell % 2;
        (members().filter(able).count() as u32) < one.needs[cell]
    };
    if members().any(off) || (0..4).any(lacks) {
        return false;
    }
    placed.iter().zip(&problem.interventions).all(|(place, other)| {
        let Some((started, others)) = place else { return true };
        let apart = end <= *started || started + other.duration <= begin;
        let same_day = begin / DAY == started / DAY;
        !same_day || others & team == 0 || (*others == team && apart)
    })
}
