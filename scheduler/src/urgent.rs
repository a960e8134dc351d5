//! An urgent job comes in: every place where it would fit as things stand, and every place that others could leave for
//! it, with what becomes of those others. Three of them are worth looking at: the one that breaks the fewest promises,
//! the soonest, and the one with the least driving. What is begun or held never moves. Says nothing about texts.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::day::{DayTechnician, Id, Span, Stop, Wanted};
use crate::rank::{Search, slot_for, suggest};
use crate::slots::Slot;
use crate::travel::Travel;

/// Visits that begin later than this after now are not moved for an urgent job, seconds.
const REACH_S: i64 = 8 * 3600;
/// Visits in a row that one technician may leave to others.
const LEFT_MAX: usize = 2;
/// Between stops that lie further apart somebody has been home, seconds.
const NIGHT_S: i64 = 8 * 3600;
/// Places without any move that are looked at.
const FREE_MAX: usize = 200;

/// A visit that may be moved: planned, not begun, held by nobody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Movable {
    /// Its job, with the window that was agreed.
    pub wanted: Wanted,
    /// Whose it is.
    pub technician: Id,
    /// Planned arrival, Unix seconds.
    pub start_s: i64,
    /// What the customer was told, if they were.
    pub told: Option<Span>,
}

/// What becomes of a visit that makes room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Which job.
    pub job_id: Id,
    /// Who goes, and when; none where it goes back into the pool.
    pub to: Option<(Id, i64)>,
    /// Whether what was told or agreed no longer holds.
    pub breaks: bool,
}

/// One way to let the job in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrgentPlan {
    /// Who goes.
    pub technician: Id,
    /// When and how.
    pub slot: Slot,
    /// What others have to do for it.
    pub moved: Vec<Moved>,
    /// Minutes of driving that all days gain together; less than nothing where they lose some.
    pub added_driving_min: i64,
}

impl UrgentPlan {
    /// Promises that would be broken.
    pub fn broken(&self) -> usize {
        self.moved.iter().filter(|one| one.breaks).count()
    }

    /// Visits that would go back into the pool.
    pub fn left_out(&self) -> usize {
        self.moved.iter().filter(|one| one.to.is_none()).count()
    }
}

/// The three that are worth looking at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreeWays {
    /// Breaks the fewest promises, and of those comes soonest.
    pub fewest_broken: Option<UrgentPlan>,
    /// Comes soonest.
    pub soonest: Option<UrgentPlan>,
    /// Least driving, with nothing left undone where that is possible.
    pub cheapest: Option<UrgentPlan>,
}

/// The three best ways to let `job` in.
pub fn three_ways(
    job: &Wanted,
    technicians: &[DayTechnician],
    movable: &[Movable],
    search: Search,
    travel: &dyn Travel,
) -> ThreeWays {
    let all = every_way(job, technicians, movable, search, travel);
    let best = |order: fn(&UrgentPlan, &UrgentPlan) -> Ordering| {
        all.iter().min_by(|a, b| order(a, b)).cloned()
    };
    ThreeWays {
        fewest_broken: best(|a, b| fewest(a).cmp(&fewest(b)).then_with(|| tie(a, b))),
        soonest: best(|a, b| soonest(a).cmp(&soonest(b)).then_with(|| tie(a, b))),
        cheapest: best(|a, b| cheapest(a).cmp(&cheapest(b)).then_with(|| tie(a, b))),
    }
}

fn fewest(plan: &UrgentPlan) -> (usize, usize, i64, usize, i64) {
    let (broken, out) = (plan.broken(), plan.left_out());
    (broken, out, plan.slot.start_s, plan.moved.len(), plan.added_driving_min)
}

fn soonest(plan: &UrgentPlan) -> (i64, usize, usize, usize, i64) {
    let (broken, out) = (plan.broken(), plan.left_out());
    (plan.slot.start_s, broken, out, plan.moved.len(), plan.added_driving_min)
}

fn cheapest(plan: &UrgentPlan) -> (usize, i64, usize, usize, i64) {
    let (broken, out) = (plan.broken(), plan.left_out());
    (out, plan.added_driving_min, broken, plan.moved.len(), plan.slot.start_s)
}

fn tie(a: &UrgentPlan, b: &UrgentPlan) -> Ordering {
    let key = |plan: &UrgentPlan| plan.slot.overqualification;
    key(a).cmp(&key(b)).then_with(|| a.technician.cmp(&b.technician))
}

fn every_way(
    job: &Wanted,
    technicians: &[DayTechnician],
    movable: &[Movable],
    search: Search,
    travel: &dyn Travel,
) -> Vec<UrgentPlan> {
    let wide = Search { limit: FREE_MAX, ..search };
    let free = suggest(job, technicians, wide, travel);
    let mut all: Vec<UrgentPlan> = Vec::new();
    for offer in &free.offers {
        all.push(UrgentPlan {
            technician: offer.technician_id.clone(),
            slot: offer.slot,
            moved: Vec::new(),
            added_driving_min: offer.slot.added_travel_min,
        });
    }
    for technician in technicians {
        let mine = |one: &&Movable| {
            one.technician == technician.id
                && (search.now_s..search.now_s + REACH_S).contains(&one.start_s)
        };
        let mut near: Vec<&Movable> = movable.iter().filter(mine).collect();
        near.sort_by_key(|one| (one.start_s, one.wanted.id.clone()));
        let now = slot_for(job, technician, search, travel).ok();
        for first in 0..near.len() {
            for count in 1..=LEFT_MAX.min(near.len() - first) {
                let leaving = &near[first..first + count];
                let asked = Asked { job, technicians, search, travel };
                if let Some(plan) = asked.with_room(technician, leaving, now) {
                    all.push(plan);
                }
            }
        }
    }
    all
}

struct Asked<'a> {
    job: &'a Wanted,
    technicians: &'a [DayTechnician],
    search: Search,
    travel: &'a dyn Travel,
}

impl Asked<'_> {
    /// The job in the place of `leaving`, each of which goes somewhere else; none where nothing is gained by it.
    fn with_room(
        &self,
        technician: &DayTechnician,
        leaving: &[&Movable],
        now: Option<Slot>,
    ) -> Option<UrgentPlan> {
        let mut own = technician.clone();
        own.stops.retain(|stop| leaving.iter().all(|one| one.wanted.id != stop.job_id));
        let slot = slot_for(self.job, &own, self.search, self.travel).ok()?;
        if now.is_some_and(|now| now.start_s <= slot.start_s) {
            return None;
        }
        own.stops.push(stop(self.job, slot.start_s));
        let mut day = self.technicians.to_vec();
        *day.iter_mut().find(|one| one.id == technician.id)? = own;
        let mut moved = Vec::with_capacity(leaving.len());
        for one in leaving {
            moved.push(self.elsewhere(one, &mut day));
        }
        let touched = |one: &&DayTechnician| {
            let goes = |moved: &Moved| moved.to.as_ref().is_some_and(|(id, _)| *id == one.id);
            one.id == technician.id || moved.iter().any(goes)
        };
        let before: i64 =
            self.technicians.iter().filter(touched).map(|who| self.drive_s(who)).sum();
        let after: i64 = day.iter().filter(touched).map(|who| self.drive_s(who)).sum();
        let added_driving_min = (after - before).div_euclid(60);
        Some(UrgentPlan { technician: technician.id.clone(), slot, moved, added_driving_min })
    }

    /// Another place for a visit: in the window that was told or agreed, else as soon as may be, else none.
    fn elsewhere(&self, one: &Movable, day: &mut [DayTechnician]) -> Moved {
        let job_id = one.wanted.id.clone();
        let window = one.told.or(one.wanted.window);
        let kept = Wanted { window, ..one.wanted.clone() };
        let search = Search { limit: 1, ..self.search };
        let mut found = suggest(&kept, day, search, self.travel).offers.pop();
        let breaks = found.is_none() && window.is_some();
        if found.is_none() {
            let any = Wanted { window: None, ..one.wanted.clone() };
            let search = Search { limit: FREE_MAX, ..self.search };
            let offers = suggest(&any, day, search, self.travel).offers.into_iter();
            found = offers.min_by(|a, b| {
                a.slot
                    .start_s
                    .cmp(&b.slot.start_s)
                    .then_with(|| a.technician_id.cmp(&b.technician_id))
            });
        }
        let Some(found) = found else { return Moved { job_id, to: None, breaks } };
        let who = day.iter_mut().find(|who| who.id == found.technician_id);
        if let Some(who) = who {
            who.stops.push(stop(&one.wanted, found.slot.start_s));
        }
        Moved { job_id, to: Some((found.technician_id, found.slot.start_s)), breaks }
    }

    /// Driving from home through the stops of the span looked at and back, each night at home, seconds.
    fn drive_s(&self, who: &DayTechnician) -> i64 {
        let range =
            Span::new(self.search.range.start_s.min(self.search.now_s), self.search.range.end_s);
        let mut stops: Vec<&Stop> =
            who.stops.iter().filter(|stop| stop.span().overlaps(range)).collect();
        stops.sort_by_key(|stop| (stop.start_s, stop.end_s));
        let (mut at, mut total, mut left_s) = (who.home, 0, range.start_s);
        for stop in &stops {
            if left_s > range.start_s && stop.start_s - left_s > NIGHT_S {
                total += self.travel.leg(at, who.home, left_s).seconds;
                at = who.home;
            }
            total += self.travel.leg(at, stop.point, left_s).seconds;
            (at, left_s) = (stop.point, stop.end_s);
        }
        if stops.is_empty() { 0 } else { total + self.travel.leg(at, who.home, left_s).seconds }
    }
}

fn stop(job: &Wanted, start_s: i64) -> Stop {
    Stop {
        visit_id: job.id.clone(),
        job_id: job.id.clone(),
        point: job.point,
        start_s,
        end_s: start_s + job.duration_s(),
    }
}
