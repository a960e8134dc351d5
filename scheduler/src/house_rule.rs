//! The house rule: who gets which job when nobody decides by hand.
//!
//! Jobs by priority, then window (the earlier first, none last), then id. Each goes, at the earliest start that
//! keeps every rule, to the technician with the fewest surplus levels, then the fewest added minutes, then the
//! first id. So an expert stays free for what only an expert can do. Existing stops never move; a job that was
//! placed is a stop for those that follow.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::day::{
    Assigned, Day, DayTechnician, Loss, NotPossible, Plan, Rejected, Stop, Unassigned, Wanted,
};
use crate::rank::preference;
use crate::slots::{Ask, Slot, earliest, obstacles};
use crate::travel::Travel;

/// Places every job of the day that can be placed; of two jobs with one id, the first in the house's order counts.
pub fn auto_assign(day: &Day, travel: &dyn Travel) -> Plan {
    let mut technicians = day.technicians.clone();
    technicians.sort_by(|a, b| a.id.cmp(&b.id));
    let mut seen = BTreeSet::new();
    let mut plan = Plan::default();
    for job in in_turn(&day.jobs) {
        if !seen.insert(&job.id) {
            continue;
        }
        let ask = Ask { job, range: day.range, now_s: day.now_s, travel };
        let slots: Vec<Option<Slot>> =
            technicians.iter().map(|technician| earliest(&ask, technician)).collect();
        match best(&technicians, &slots) {
            Some((chosen, slot)) => {
                let rejected = rejected(&ask, &technicians, &slots, chosen, slot);
                let technician = &mut technicians[chosen];
                plan.assigned.push(Assigned {
                    job_id: job.id.clone(),
                    technician_id: technician.id.clone(),
                    slot,
                    rejected,
                });
                technician.stops.push(stop(job, slot));
            }
            None => plan.unassigned.push(Unassigned {
                job_id: job.id.clone(),
                not_possible: technicians
                    .iter()
                    .map(|technician| NotPossible {
                        technician_id: technician.id.clone(),
                        obstacles: obstacles(&ask, technician),
                    })
                    .collect(),
            }),
        }
    }
    plan
}

/// Jobs in the order in which the house places them.
pub fn in_turn(jobs: &[Wanted]) -> Vec<&Wanted> {
    let mut turn: Vec<&Wanted> = jobs.iter().collect();
    turn.sort_by(|a, b| {
        let key = |job: &Wanted| (Reverse(job.priority), job.window.is_none(), job.window);
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    turn
}

fn best(technicians: &[DayTechnician], slots: &[Option<Slot>]) -> Option<(usize, Slot)> {
    slots
        .iter()
        .enumerate()
        .filter_map(|(index, slot)| slot.map(|slot| (index, slot)))
        .min_by(|a, b| preference((&a.1, &technicians[a.0].id), (&b.1, &technicians[b.0].id)))
}

fn rejected(
    ask: &Ask<'_>,
    technicians: &[DayTechnician],
    slots: &[Option<Slot>],
    chosen: usize,
    chosen_slot: Slot,
) -> Vec<Rejected> {
    let others = technicians.iter().zip(slots).enumerate().filter(|(index, _)| *index != chosen);
    others
        .map(|(_, (technician, slot))| Rejected {
            technician_id: technician.id.clone(),
            loss: slot.map_or_else(
                || Loss::Impossible(obstacles(ask, technician)),
                |slot| loss(slot, chosen_slot),
            ),
        })
        .collect()
}

fn loss(slot: Slot, chosen: Slot) -> Loss {
    if slot.overqualification > chosen.overqualification {
        let (surplus, chosen_surplus) = (slot.overqualification, chosen.overqualification);
        Loss::Overqualified { surplus, chosen_surplus }
    } else if slot.added_travel_min > chosen.added_travel_min {
        let (added_min, chosen_added_min) = (slot.added_travel_min, chosen.added_travel_min);
        Loss::LongerDrive { added_min, chosen_added_min }
    } else {
        Loss::LaterId { added_min: slot.added_travel_min }
    }
}

/// The stop that a placed job becomes; its visit has no id yet, so the job's stands in.
fn stop(job: &Wanted, slot: Slot) -> Stop {
    Stop {
        visit_id: job.id.clone(),
        job_id: job.id.clone(),
        point: job.point,
        start_s: slot.start_s,
        end_s: slot.end_s,
    }
}
