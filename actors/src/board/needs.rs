//! Jobs that must wait for others: a visit begins when those that its job depends on have ended, and no visit is moved
//! past the beginning of one that waits for it. Judged on the board as a whole batch leaves it, so that both may move in
//! one act. A person may insist (`order`), which is recorded on the visit.

use jiff::{SignedDuration, Timestamp};

use crate::board::Board;
use crate::board::protocol::{BoardRefusal, Placement, Visit, VisitStatus};
use crate::ids::JobId;
use crate::jobs::protocol::Job;

/// The rule's name where somebody insists.
pub const ORDER: &str = "order";

/// Where a job's visit will be once the batch is done: none for one that waits in the pool or leaves for it.
fn will_be<'a>(
    board: &'a Board,
    placed: &'a [Visit],
    leaving: &[&JobId],
    id: &JobId,
) -> Option<&'a Visit> {
    let stands = || board.visits.get(id).filter(|_| !leaving.contains(&id));
    let drafted = || board.drafts.get(id).map(|entry| &entry.visit);
    placed.iter().find(|visit| visit.job_id == *id).or_else(stands).or_else(drafted)
}

/// When the jobs that wait for `visit` may begin at the earliest.
fn free_at(visit: &Visit, waiting: &Job) -> Timestamp {
    visit.end + SignedDuration::from_mins(waiting.lag_min)
}

/// Refuses a batch that puts a visit before what it waits for, or past what waits for it.
pub(super) fn hold<P: std::borrow::Borrow<Placement>>(
    board: &Board,
    placements: &[P],
    placed: &[Visit],
    leaving: &[&JobId],
) -> Result<(), BoardRefusal> {
    for placement in placements {
        let placement: &Placement = placement.borrow();
        let job = &placement.job;
        if placement.overrides.iter().any(|rule| rule == ORDER) {
            continue;
        }
        for needed in job.depends_on.iter().filter(|id| !placement.over.contains(id)) {
            let Some(before) = will_be(board, placed, leaving, needed) else {
                let job = job.title.clone();
                return Err(BoardRefusal::WaitsForUnplanned { job, needed: needed.clone() });
            };
            let free_at = free_at(before, job);
            if placement.start < free_at {
                return Err(BoardRefusal::TooSoonAfter {
                    job: job.title.clone(),
                    needed: title(board, placements, needed),
                    needed_id: needed.clone(),
                    free: super::decide::clock(board, free_at),
                });
            }
        }
    }
    breaks(board, placements, placed, leaving)
}

fn breaks<P: std::borrow::Borrow<Placement>>(
    board: &Board,
    placements: &[P],
    placed: &[Visit],
    leaving: &[&JobId],
) -> Result<(), BoardRefusal> {
    for placement in placements {
        let placement: &Placement = placement.borrow();
        let id = &placement.job.id;
        let Some(visit) = placed.iter().find(|visit| visit.job_id == *id) else { continue };
        if placement.overrides.iter().any(|rule| rule == ORDER) {
            continue;
        }
        let waits = |job: &&Job| job.depends_on.contains(id);
        let broken: Vec<String> = board
            .jobs
            .values()
            .map(|job| &**job)
            .filter(waits)
            .filter(|job| !placements.iter().any(|other| other.borrow().job.id == job.id))
            .filter(|job| {
                let after = will_be(board, placed, leaving, &job.id);
                after.is_some_and(|after| {
                    let insisted = after.overrides.iter().any(|rule| rule == ORDER);
                    !insisted && after.start < free_at(visit, job)
                })
            })
            .map(|job| job.title.clone())
            .collect();
        if !broken.is_empty() {
            let job = placement.job.title.clone();
            return Err(BoardRefusal::BreaksOrder { job, waiting: broken.join(", ") });
        }
    }
    Ok(())
}

/// A visit in the way that waits for the one that is placed there is no clash: it would begin too soon, and may move along.
pub(super) fn waits_instead(
    board: &Board,
    placement: &Placement,
    refusal: BoardRefusal,
) -> BoardRefusal {
    let BoardRefusal::Overlap { visit_id, .. } = &refusal else { return refusal };
    if placement.overrides.iter().any(|rule| rule == ORDER) {
        return refusal;
    }
    let is_other = |visit: &&Visit| visit.id == *visit_id && visit.status == VisitStatus::Planned;
    let other = board.visits.values().find(is_other).and_then(|one| board.jobs.get(&one.job_id));
    match other.filter(|other| waits_for(board, other, &placement.job.id)) {
        Some(other) => BoardRefusal::BreaksOrder {
            job: placement.job.title.clone(),
            waiting: other.title.clone(),
        },
        None => refusal,
    }
}

/// Whether a job waits for another, or for one that does.
fn waits_for(board: &Board, job: &Job, needed: &JobId) -> bool {
    let mut seen: Vec<&JobId> = Vec::new();
    let mut ahead: Vec<&JobId> = job.depends_on.iter().collect();
    while let Some(id) = ahead.pop() {
        if id == needed {
            return true;
        }
        if !seen.contains(&id) {
            seen.push(id);
            ahead.extend(board.jobs.get(id).into_iter().flat_map(|job| &job.depends_on));
        }
    }
    false
}

fn title<P: std::borrow::Borrow<Placement>>(board: &Board, placements: &[P], id: &JobId) -> String {
    let in_batch = placements.iter().map(|one| &one.borrow().job).find(|job| job.id == *id);
    let on_board = || board.jobs.get(id).map(|job| &**job);
    in_batch.or_else(on_board).map_or_else(|| id.to_string(), |job| job.title.clone())
}
