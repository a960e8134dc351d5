//! Why a visit stays out, technician by technician, and the smallest change that would admit it.
//!
//! Looks at the finished plan: what keeps everybody from it now. A change is worked out one at a time: a skill, a
//! window, a shift, or another visit left out instead.

use super::compile::{areas, may, meets};
use super::model::{Model, NEVER, Window};
use super::plan::Kept;
use super::problem::{Problem, Technician};
use super::solution::{Change, NotAllowed, Reason};
use super::tour::{Tour, View};

/// Seconds tried, in steps that a person would name.
const STEPS: [i32; 9] = [300, 600, 900, 1800, 2700, 3600, 5400, 7200, 10_800];

/// Reasons and the smallest change for one node that is out.
pub(crate) fn reasons(
    problem: &Problem,
    model: &Model,
    kept: &Kept,
    (visit, node): (usize, u32),
) -> (Vec<Reason>, Option<Change>) {
    let mut held = vec![(NEVER, NEVER); model.nodes.len()];
    for &(node, start) in &kept.held {
        held[node as usize] = (start, start);
    }
    let mut found = Gathered::default();
    for lane in 0..model.lanes.len() as u32 {
        found.look(problem, (model, &held), kept, (visit, node), lane);
    }
    (found.reasons(problem, visit), found.change)
}

/// What was found, by kind.
#[derive(Default)]
struct Gathered {
    skill: Vec<(usize, usize, u8)>,
    not_allowed: Vec<(NotAllowed, usize)>,
    not_working: Vec<usize>,
    out_of_reach: Vec<usize>,
    full: Vec<(usize, i64)>,
    /// Price of the change in seconds, so that the smallest wins.
    price: Option<i64>,
    change: Option<Change>,
}

impl Gathered {
    fn look(
        &mut self,
        problem: &Problem,
        (model, held): (&Model, &[Window]),
        kept: &Kept,
        (visit, node): (usize, u32),
        lane: u32,
    ) {
        let own = &model.lanes[lane as usize];
        let index = own.technician as usize;
        let technician = &problem.technicians[index];
        let wanted = &problem.visits[visit];
        let last_s = model.base_s + i64::from(own.close);
        let lacking = wanted.needs.iter().enumerate().filter(|(_, need)| need.required);
        let lacking: Vec<usize> = lacking
            .filter(|(_, need)| !meets(technician, need, last_s))
            .map(|(number, _)| number)
            .collect();
        if !may(technician, wanted, true, &areas(technician)) {
            return self.not_allowed.push((rule(technician, wanted), index));
        }
        let view = View { model, held, stretch: 0 };
        if let [only, ..] = lacking[..] {
            let need = &wanted.needs[only];
            let best =
                technician.skills.iter().filter(|skill| skill.tag.eq_ignore_ascii_case(&need.tag));
            self.skill.push((only, index, best.map(|skill| skill.level).max().unwrap_or(0)));
            if lacking.len() == 1 && fits(view, kept, lane, node) {
                let level = need.level;
                let change = Change::Skill { technician: index, tag: need.tag.clone(), level };
                self.offer(3600 * i64::from(level), change);
            }
            return;
        }
        let overlaps = model.nodes[node as usize]
            .windows
            .iter()
            .any(|(open, close)| *close >= own.open && *open <= own.close);
        if !overlaps {
            return self.not_working.push(index);
        }
        let mut alone = Tour::default();
        alone.refresh(view, lane, 1);
        if alone.cheapest(view, lane, node, i64::MAX).is_none() {
            return self.out_of_reach.push(index);
        }
        self.stretch((model, held), kept, (lane, index), node);
    }

    /// How much longer the shift, or how much wider the window, would have to be.
    fn stretch(
        &mut self,
        (model, held): (&Model, &[Window]),
        kept: &Kept,
        (lane, technician): (u32, usize),
        node: u32,
    ) {
        let mut least = 0;
        for by in STEPS {
            let by_s = i64::from(by);
            if fits(View { model, held, stretch: by }, kept, lane, node) {
                self.offer(by_s, Change::Shift { technician, by_s });
                least = by_s;
                break;
            }
            let windows = &model.nodes[node as usize].windows;
            let last = windows.last().map_or(NEVER, |window| window.1);
            // A start lies on one side of the window or on the other: one of them is enough.
            let later = (false, (windows[0].0, last.saturating_add(by)));
            let sooner = (true, (windows[0].0.saturating_sub(by), last));
            let mut wider = held.to_vec();
            let found = [later, sooner].into_iter().find(|(_, window)| {
                wider[node as usize] = *window;
                fits(View { model, held: &wider, stretch: 0 }, kept, lane, node)
            });
            if let Some((earlier, _)) = found {
                self.offer(by_s, Change::Window { technician, earlier, by_s });
                least = by_s;
                break;
            }
        }
        self.full.push((technician, least));
    }

    fn offer(&mut self, price: i64, change: Change) {
        if self.price.is_none_or(|known| price < known) {
            (self.price, self.change) = (Some(price), Some(change));
        }
    }

    fn reasons(&self, problem: &Problem, visit: usize) -> Vec<Reason> {
        let wanted = &problem.visits[visit];
        let mut reasons = Vec::new();
        for (number, need) in wanted.needs.iter().enumerate() {
            let lacking: Vec<_> = self.skill.iter().filter(|entry| entry.0 == number).collect();
            if !lacking.is_empty() {
                reasons.push(Reason::Skill {
                    technicians: once(lacking.iter().map(|entry| entry.1)),
                    tag: need.tag.clone(),
                    needed: need.level,
                    best: lacking.iter().map(|entry| entry.2).max().unwrap_or(0),
                });
            }
        }
        let rules: std::collections::BTreeSet<_> =
            self.not_allowed.iter().map(|entry| entry.0).collect();
        for what in rules {
            let whom = self.not_allowed.iter().filter(|entry| entry.0 == what);
            reasons.push(Reason::NotAllowed { technicians: once(whom.map(|entry| entry.1)), what });
        }
        if !self.not_working.is_empty() {
            let technicians = once(self.not_working.iter().copied());
            reasons
                .push(Reason::NotWorking { technicians, window: wanted.windows.first().copied() });
        }
        if !self.out_of_reach.is_empty() {
            let technicians = once(self.out_of_reach.iter().copied());
            reasons.push(Reason::OutOfReach { technicians });
        }
        if !self.full.is_empty() {
            let least_s = self.full.iter().map(|entry| entry.1).filter(|least| *least > 0).min();
            reasons.push(Reason::Full {
                technicians: once(self.full.iter().map(|entry| entry.0)),
                least_s: least_s.unwrap_or(0),
            });
        }
        reasons
    }
}

fn once(technicians: impl Iterator<Item = usize>) -> Vec<usize> {
    let set: std::collections::BTreeSet<usize> = technicians.collect();
    set.into_iter().collect()
}

/// Which rule keeps a technician away.
fn rule(technician: &Technician, visit: &super::problem::Visit) -> NotAllowed {
    if visit.pin.technician.as_ref().is_some_and(|pinned| *pinned != technician.id) {
        NotAllowed::Pinned
    } else if visit.forbidden.contains(&technician.id) {
        NotAllowed::Forbidden
    } else if visit.parts.iter().any(|part| !technician.parts.contains(part)) {
        NotAllowed::Part
    } else {
        NotAllowed::Territory
    }
}

/// Whether a lane takes a node when things are as `view` has them.
fn fits(view: View<'_>, kept: &Kept, lane: u32, node: u32) -> bool {
    tour_of(view, kept, lane).cheapest(view, lane, node, i64::MAX).is_some()
}

fn tour_of(view: View<'_>, kept: &Kept, lane: u32) -> Tour {
    let mut tour = Tour::default();
    tour.nodes.clone_from(&kept.tours[lane as usize]);
    if !tour.refresh(view, lane, 1) {
        tour.nodes.clear();
        tour.refresh(view, lane, 1);
    }
    tour
}
