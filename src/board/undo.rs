//! The way back from a plan that was made real: every visit where it stood before, every job that waited in the pool.
//! It decides nothing: the board does, in one commit, all of it or none.

use actors::board::proposal::{Before, Change, DayPlan};
use actors::board::protocol::{Command, Placement, Reasons, VisitStatus};
use jiff::Timestamp;
use scheduler::day::DayTechnician;

use crate::board::assign::travel_before;
use crate::board::plan::Snapshot;
use crate::house::House;
use crate::jobs::store::Standing;

/// What the board is to be asked; none where a visit no longer stands as the plan put it.
pub fn taken_back(house: &House, snapshot: &Snapshot, plan: &DayPlan) -> Option<Command> {
    let day = as_it_was(snapshot, plan);
    let mut placements = Vec::new();
    let mut into_pool = Vec::new();
    for change in &plan.changes {
        let job = snapshot.jobs.iter().find(|one| one.job.id == change.job_id)?;
        if !stands_as_planned(job, change) {
            return None;
        }
        match &change.before {
            Some(before) => placements.push(back_to(house, snapshot, &day, job, before)?),
            None => into_pool.push((Box::new(job.job.clone()), job.version)),
        }
    }
    Some(Command::TakeBack { placements, into_pool })
}

fn stands_as_planned(job: &Standing, change: &Change) -> bool {
    job.visit.as_ref().is_some_and(|visit| {
        visit.status == VisitStatus::Planned
            && visit.technician_id == change.technician_id
            && visit.start == change.start
            && !visit.pinned
    })
}

/// A plan moves only what nobody pinned, so nothing that goes back is.
fn back_to(
    house: &House,
    snapshot: &Snapshot,
    day: &[DayTechnician],
    job: &Standing,
    before: &Before,
) -> Option<Placement> {
    let id = before.technician_id.as_str();
    let who = day.iter().find(|who| *who.id == *id)?;
    let travel_min = travel_before(house, who, job, before.start);
    snapshot.placement(house, job, id, before.start, travel_min, why(&before.technician_name))
}

fn why(name: &str) -> Reasons {
    Reasons {
        fr: vec![format!("Le plan a été annulé : la visite revient à {name}.")],
        en: vec![format!("The plan was undone: the visit goes back to {name}.")],
    }
}

/// Every technician's stops before the plan, for the driving between them.
fn as_it_was(snapshot: &Snapshot, plan: &DayPlan) -> Vec<DayTechnician> {
    let mut day = snapshot.day.clone();
    for change in &plan.changes {
        let moved = day.iter_mut().find_map(|who| {
            let at = who.stops.iter().position(|stop| *stop.job_id == *change.job_id.as_str())?;
            Some(who.stops.remove(at))
        });
        let (Some(mut stop), Some(before)) = (moved, &change.before) else { continue };
        (stop.start_s, stop.end_s) = (seconds(before.start), seconds(before.end));
        let who = day.iter_mut().find(|who| *who.id == *before.technician_id.as_str());
        if let Some(who) = who {
            who.stops.push(stop);
            who.stops.sort_by_key(|stop| stop.start_s);
        }
    }
    day
}

fn seconds(at: Timestamp) -> i64 {
    at.as_second()
}
