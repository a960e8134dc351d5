//! The one scorer, for every door: fewest surplus levels, then fewest added minutes, then id, then start.
//!
//! `suggest` lists, `slot_for` answers for one named technician, and the house rule takes the first. Never changes
//! a technician's day.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::day::{DayTechnician, Id, NotPossible, Obstacle, Span, Wanted};
use crate::slots::{Ask, Slot, earliest, obstacles, places, slot, suits};
use crate::travel::Travel;

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Starts lie in this half-open span.
    pub range: Span,
    /// No start lies before now.
    pub now_s: i64,
    /// Offers wanted at most.
    pub limit: usize,
}

/// One technician, one slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub technician_id: Id,
    pub slot: Slot,
}

/// What `suggest` found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestions {
    /// Best first; the earliest start of each gap of each technician.
    pub offers: Vec<Offer>,
    /// Technicians without any slot, by id.
    pub not_possible: Vec<NotPossible>,
}

/// The order in which slots are preferred.
pub fn preference(a: (&Slot, &str), b: (&Slot, &str)) -> Ordering {
    let key = |slot: &Slot| (slot.overqualification, slot.added_travel_min);
    key(a.0).cmp(&key(b.0)).then_with(|| a.1.cmp(b.1)).then(a.0.start_s.cmp(&b.0.start_s))
}

/// Every slot for `job` among `technicians`, best first, at most `search.limit`.
pub fn suggest(
    job: &Wanted,
    technicians: &[DayTechnician],
    search: Search,
    travel: &dyn Travel,
) -> Suggestions {
    let ask = Ask { job, range: search.range, now_s: search.now_s, travel };
    let mut offers: Vec<(&DayTechnician, Slot)> = Vec::new();
    let mut not_possible = Vec::new();
    for technician in technicians {
        let before = offers.len();
        if let Some((surplus, until_s)) = suits(job, technician) {
            places(&ask, technician, &job.id, until_s, |place| {
                offers.push((technician, slot(&ask, technician, &place, surplus)));
                ControlFlow::Continue(())
            });
        }
        if offers.len() == before {
            let obstacles = obstacles(&ask, technician);
            not_possible.push(NotPossible { technician_id: technician.id.clone(), obstacles });
        }
    }
    offers.sort_by(|a, b| preference((&a.1, &a.0.id), (&b.1, &b.0.id)));
    offers.truncate(search.limit);
    not_possible.sort_by(|a, b| a.technician_id.cmp(&b.technician_id));
    let offers = offers
        .into_iter()
        .map(|(technician, slot)| Offer { technician_id: technician.id.clone(), slot })
        .collect();
    Suggestions { offers, not_possible }
}

/// The earliest slot of one named technician: what a dispatcher means who names no time.
///
/// `search.limit` is not read. To look past a skill that a dispatcher overrides, ask with a job that needs none.
///
/// # Errors
/// Every obstacle found, where there is no slot.
pub fn slot_for(
    job: &Wanted,
    technician: &DayTechnician,
    search: Search,
    travel: &dyn Travel,
) -> Result<Slot, Vec<Obstacle>> {
    let ask = Ask { job, range: search.range, now_s: search.now_s, travel };
    earliest(&ask, technician).ok_or_else(|| obstacles(&ask, technician))
}
