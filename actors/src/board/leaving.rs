//! A technician leaves, and what was planned then goes where a person said: the absence and every visit in one decision. Nothing
//! that the absence hits may be forgotten; it never chooses who takes a visit over.

use crate::board::follow::{free_absent, hit};
use crate::board::protocol::{BoardRefusal, Drafting, Former, Placement};
use crate::board::{Board, back, drafting};
use crate::engine::component::{Component, Decision};
use crate::engine::journal::Expect;
use crate::ids::{AbsenceId, JobId};
use crate::technicians::protocol::{Absence, Technician};

use jiff::Timestamp;

/// An absence with what becomes of the visits that it hits.
#[derive(Clone, Debug)]
pub struct Leave {
    /// Who leaves, as read.
    pub technician: Technician,
    /// Version of the technician that must still hold.
    pub technician_version: i64,
    /// When, and why.
    pub absence: Absence,
    /// The absence whose place it takes.
    pub replaces: Option<AbsenceId>,
    /// Where the visits go: to others, or into the pool.
    pub visits: Former,
    /// Entries of drafts that go to others, or that somebody else goes along to, or nobody.
    pub drafts: Vec<(Placement, Drafting)>,
    /// Entries of drafts that are dropped.
    pub dropped: Vec<JobId>,
}

/// All of it or none. What another commit put there meanwhile is named, and nothing is done.
pub(super) fn leave(
    board: &Board,
    leave: &Leave,
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    let (who, span) = (&leave.technician, leave.absence.span());
    let away = who.leaves(&leave.absence, leave.replaces.as_ref(), true);
    let mut decision = Decision::event(away.map_err(BoardRefusal::Absence)?)
        .expecting(Expect { entity: who.id.key(), version: leave.technician_version });
    let goes = |id: &JobId| {
        leave.visits.placements.iter().any(|one| one.job.id == *id)
            || leave.visits.into_pool.iter().any(|(job, _)| job.id == *id)
    };
    if let Some(visit) = hit(board, &who.id, span).find(|visit| !goes(&visit.job_id)) {
        return Err(also_hit(board, &visit.job_id));
    }
    let drafted = board.drafts.values().filter(|entry| {
        let visit = &entry.visit;
        !entry.removes && visit.is_with(&who.id) && visit.span().overlaps(&span)
    });
    let redrafted = |id: &JobId| {
        leave.dropped.contains(id) || leave.drafts.iter().any(|(one, _)| one.job.id == *id)
    };
    if let Some(entry) = drafted.clone().find(|entry| !redrafted(&entry.visit.job_id)) {
        return Err(also_hit(board, &entry.visit.job_id));
    }
    let mut after = board.clone();
    let mut take = |decision: &mut Decision, more: Decision| {
        more.events.iter().for_each(|event| after.apply(event, 0, now));
        decision.events.extend(more.events);
        decision.expects.extend(more.expects);
        after.clone()
    };
    let mut then = take(&mut decision, back::take_back(board, &leave.visits, now)?);
    // Where they only help, the visit stands and is short of one.
    let reason = leave.absence.reason.as_ref();
    then = take(&mut decision, free_absent(&then, &who.id, span, reason));
    then = {
        let dropped = drafting::drop_drafts(&then, &leave.dropped);
        take(&mut decision, dropped)
    };
    for (placement, draft) in &leave.drafts {
        let entry = drafting::draft(&then, std::slice::from_ref(placement), draft, now)?;
        then = take(&mut decision, entry);
    }
    Ok(decision)
}

fn also_hit(board: &Board, id: &JobId) -> BoardRefusal {
    let title = board.jobs.get(id).map_or_else(|| id.to_string(), |job| job.title.clone());
    BoardRefusal::AlsoHit { job_id: id.clone(), title }
}
