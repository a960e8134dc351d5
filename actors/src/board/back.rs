//! The way back: an act's visits where they stood before it, its jobs back in the pool, its steps untaken, its drafts as
//! they were. All of it or none, by the same rules as the way there; it never decides whether somebody may go back.

use jiff::Timestamp;

use crate::board::Board;
use crate::board::decide::{assign_all, gone, overlap, unassign};
use crate::board::holds::Hold;
use crate::board::protocol::{BoardEvent, BoardRefusal, Former, FormerStatus};
use crate::board::{bundles, crew, holds};
use crate::engine::component::{Component, Decision};
use crate::engine::journal::Expect;
use crate::ids::JobId;

/// What goes into the pool leaves first, so that nothing is in two places at any step of the commit.
pub(super) fn take_back(
    board: &Board,
    former: &Former,
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    let mut decision = Decision::nothing();
    for (job, version) in &former.into_pool {
        decision = both(decision, unassign(board, job, Some(*version))?);
    }
    for breaking in &former.broken {
        decision = decision.and(BoardEvent::PromiseBroken { breaking: Box::new(breaking.clone()) });
    }
    let leaving: Vec<&JobId> = former.into_pool.iter().map(|(job, _)| &job.id).collect();
    decision = both(decision, assign_all(board, &former.placements, &leaving)?);
    for (id, bundle) in &former.bundles {
        decision = both(decision, bundles::back(board, id, bundle.as_ref()));
    }
    for step in &former.statuses {
        decision = both(decision, untaken(board, step)?);
    }
    for (job, version, entry) in &former.drafts {
        let before = board.drafts.get(&job.id);
        let back = match (entry, before) {
            (Some(entry), _) => Decision::event(BoardEvent::VisitDrafted {
                job: job.clone(),
                entry: entry.clone(),
                before: before.cloned().map(Box::new),
            }),
            (None, Some(entry)) => gone(&job.id, entry, false),
            (None, None) => Decision::nothing(),
        };
        let expect = Expect { entity: job.id.key(), version: *version };
        decision = both(decision, back.expecting(expect));
    }
    if !former.digests.is_empty() {
        let digests = former.digests.clone();
        decision = decision.and(BoardEvent::PublishTakenBack { digests });
    }
    Ok(held_again(board, decision, &former.holds, now))
}

/// Slots out of which visits came are held again, on the board as it is then. One that somebody has since, or whose time ran
/// out, stands in nobody's way back.
fn held_again(board: &Board, mut decision: Decision, all: &[Hold], now: Timestamp) -> Decision {
    if all.is_empty() {
        return decision;
    }
    let mut then = board.clone();
    for event in &decision.events {
        then.apply(event, 0, now);
    }
    for hold in all {
        let Ok(again) = holds::again(&then, hold, now) else { continue };
        for event in &again.events {
            then.apply(event, 0, now);
        }
        decision.events.extend(again.events);
        decision.alarms = again.alarms;
    }
    decision
}

fn both(mut one: Decision, other: Decision) -> Decision {
    one.events.extend(other.events);
    one.expects.extend(other.expects);
    one
}

/// A step that is taken back. A visit that was over takes its technician's time again, so that must be free.
fn untaken(board: &Board, step: &FormerStatus) -> Result<Decision, BoardRefusal> {
    let FormerStatus { job, job_version, before, after } = step;
    let current = board.visits.get(&job.id).unwrap_or(after);
    if before.status.is_open()
        && !current.status.is_open()
        && let Some(other) = crew::in_the_way(board, &job.id, before)
    {
        return Err(overlap(board, "", other));
    }
    let event = BoardEvent::VisitStatusChanged {
        job: job.clone(),
        before: current.clone(),
        after: before.clone(),
        note: None,
    };
    let expect = Expect { entity: job.id.key(), version: *job_version };
    Ok(Decision::event(event).expecting(expect))
}
