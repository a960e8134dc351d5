//! How the board follows other rooms: an absence frees visits, a job that lasts longer or is elsewhere takes its visit along.

use jiff::SignedDuration;

use crate::board::Board;
use crate::board::protocol::{BoardEvent, Visit, VisitStatus};
use crate::board::{bundles, crew};
use crate::customers::protocol::Location;
use crate::engine::component::Decision;
use crate::ids::TechnicianId;
use crate::jobs::protocol::Job;
use crate::technicians::protocol::Span;

/// Visits that an absence hits go back into the pool; where the technician only goes along, they stand without them.
pub(super) fn free_absent(
    board: &Board,
    technician: &TechnicianId,
    span: Span,
    reason: Option<&String>,
) -> Decision {
    let mut decision = Decision::nothing();
    for before in hit(board, technician, span) {
        let Some(job) = board.jobs.get(&before.job_id) else { continue };
        decision = decision.and(BoardEvent::VisitRemoved {
            job: job.clone(),
            before: before.clone(),
            reason: reason.cloned(),
        });
    }
    // Without an assistant the visit stands, and is short of one: its lead and its hour are still right.
    for before in planned_in(board, span).filter(|visit| visit.assistants.contains(technician)) {
        let Some(job) = board.jobs.get(&before.job_id) else { continue };
        let mut after = before.clone();
        after.assistants.retain(|id| id != technician);
        decision = decision.and(BoardEvent::VisitMoved {
            job: job.clone(),
            before: before.clone(),
            after,
            technician_name: "".into(),
            reasons: Default::default(),
            published: false,
        });
    }
    decision
}

/// Visits that cannot take place when this technician is away then. What is begun goes on.
pub(super) fn hit<'a>(
    board: &'a Board,
    technician: &'a TechnicianId,
    span: Span,
) -> impl Iterator<Item = &'a Visit> {
    planned_in(board, span).filter(move |visit| visit.technician_id == *technician)
}

fn planned_in(board: &Board, span: Span) -> impl Iterator<Item = &Visit> {
    let planned = board.visits.values().filter(|visit| visit.status == VisitStatus::Planned);
    // A stop is one: whoever cannot be at one of its jobs is at none of them.
    planned.filter(move |visit| bundles::stretch(board, visit).overlaps(&span))
}

/// A place that lies elsewhere takes along every visit that is to be there.
pub(super) fn place_changed(board: &Board, place: &Location) -> Decision {
    let mut there: Vec<&Job> = board.jobs.values().map(|job| &**job).collect();
    there.retain(|job| job.location_id == place.id);
    there.sort_by(|a, b| a.id.cmp(&b.id));
    let mut decision = Decision::nothing();
    for job in there {
        let mut job = job.clone();
        (job.address, job.lat, job.lon) = (place.address.clone(), place.lat, place.lon);
        decision.events.extend(job_changed(board, &job).events);
    }
    decision
}

/// A longer or shorter job takes its visit along, where the technician's time allows it.
pub(super) fn job_changed(board: &Board, job: &Job) -> Decision {
    let Some(before) = board.visits.get(&job.id) else { return Decision::nothing() };
    let end = before.start + SignedDuration::from_mins(job.duration_min);
    let moved_place =
        before.lat.to_bits() != job.lat.to_bits() || before.lon.to_bits() != job.lon.to_bits();
    if before.status == VisitStatus::OnSite || (end == before.end && !moved_place) {
        return Decision::nothing();
    }
    let mut after = before.clone();
    (after.end, after.lat, after.lon) = (end, job.lat, job.lon);
    let behind = bundles::shifted(board, before, &after);
    let ids = behind.iter().flatten().filter_map(BoardEvent::moved).collect::<Vec<_>>();
    let others = board.visits.values().filter(|other| !ids.contains(&&other.job_id));
    if behind.is_none() || crew::among(others, &job.id, &after).is_some() {
        after.end = before.end;
    }
    let behind = behind.filter(|_| after.end != before.end).unwrap_or_default();
    if after == *before {
        return Decision::nothing();
    }
    let decision = Decision::event(BoardEvent::VisitMoved {
        job: Box::new(job.clone()),
        before: before.clone(),
        after,
        technician_name: "".into(),
        reasons: Default::default(),
        published: false,
    });
    behind.into_iter().fold(decision, Decision::and)
}
