//! What becomes of proposals: put up, taken, dismissed, and dropped with whatever makes them untrue. A proposal never
//! moves a visit by itself; only a person's word does.

use jiff::Timestamp;

use crate::board::proposal::{DayPlan, Ended, Proposal};
use crate::board::protocol::{BoardEvent, BoardRefusal, Command, VisitStatus};
use crate::board::{Board, holds};
use crate::engine::component::Decision;
use crate::engine::journal::Expect;
use crate::event::Event;
use crate::ids::{JobId, PlanId, TechnicianId};

/// Puts a proposal up in the place of the one before; nothing where the board has moved on since it was made.
pub(super) fn propose(board: &Board, proposal: &Proposal) -> Decision {
    let plan = &proposal.plan;
    if plan.changes.is_empty() || !stands_as_seen(board, plan) {
        return Decision::nothing();
    }
    let mut decision = Decision::nothing();
    if let Some(old) = board.proposals.get(&plan.date) {
        decision = decision.and(gone(&old.plan, Ended::Replaced));
    }
    decision = decision.and(BoardEvent::PlanProposed { proposal: Box::new(proposal.clone()) });
    for change in &plan.changes {
        let job = Expect { entity: change.job_id.key(), version: change.job_version };
        let who = Expect { entity: change.technician_id.key(), version: change.technician_version };
        decision = decision.expecting(job).expecting(who);
    }
    holds::wake(board, decision, plan.begins(), None)
}

fn stands_as_seen(board: &Board, plan: &DayPlan) -> bool {
    plan.changes.iter().all(|change| match (&change.before, board.visits.get(&change.job_id)) {
        (None, None) => true,
        (Some(before), Some(visit)) => {
            visit.status == VisitStatus::Planned
                && visit.technician_id == before.technician_id
                && visit.start == before.start
        }
        _ => false,
    })
}

/// Puts a proposal up again that was dismissed, where it still is what it was and no other took its place.
pub(super) fn again(
    board: &Board,
    proposal: &Proposal,
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    let plan = &proposal.plan;
    let is_past = plan.begins().is_some_and(|begins| begins <= now);
    if is_past || board.proposals.contains_key(&plan.date) || !stands_as_seen(board, plan) {
        return Err(BoardRefusal::NoProposal);
    }
    Ok(propose(board, proposal))
}

/// Ends a proposal.
pub(super) fn end(board: &Board, id: &PlanId, how: Ended) -> Result<Decision, BoardRefusal> {
    let known = board.proposals.values().find(|known| known.plan.id == *id);
    let known = known.ok_or(BoardRefusal::NoProposal)?;
    // Whoever dismissed it may want it back; what was made real is in the visits.
    let proposal = (how == Ended::Dismissed).then(|| known.clone());
    let (plan_id, date) = (known.plan.id.clone(), known.plan.date);
    Ok(Decision::event(BoardEvent::ProposalGone { plan_id, date, how, proposal }))
}

/// The end of a plan that no longer holds.
pub(super) fn stale(plan: &DayPlan) -> BoardEvent {
    gone(plan, Ended::Stale)
}

fn gone(plan: &DayPlan, how: Ended) -> BoardEvent {
    BoardEvent::ProposalGone { plan_id: plan.id.clone(), date: plan.date, how, proposal: None }
}

/// The decision, and with it the end of every proposal that it makes untrue.
pub(super) fn without_what_no_longer_fits(
    board: &Board,
    command: &Command,
    mut decision: Decision,
) -> Decision {
    for proposal in board.proposals.values() {
        let over = decision.events.iter().any(|event| match event {
            Event::Board(BoardEvent::ProposalGone { plan_id, .. }) => *plan_id == proposal.plan.id,
            _ => false,
        });
        if !over && (asks_away(command, &proposal.plan) || moves_away(&decision, &proposal.plan)) {
            decision = decision.and(gone(&proposal.plan, Ended::Stale));
        }
    }
    decision
}

fn moves(plan: &DayPlan, job: &JobId) -> bool {
    plan.changes.iter().any(|change| change.job_id == *job)
}

fn gives_to(plan: &DayPlan, technician: &TechnicianId) -> bool {
    plan.changes.iter().any(|change| change.technician_id == *technician)
}

/// Whether what is asked makes the plan untrue, even where nothing on the board changes by it.
fn asks_away(command: &Command, plan: &DayPlan) -> bool {
    match command {
        Command::FreeAbsent { technician_id, .. } => gives_to(plan, technician_id),
        Command::JobChanged { job } => moves(plan, &job.id),
        Command::DropDraft { job_id } => moves(plan, job_id),
        _ => false,
    }
}

/// Whether something that happens makes the plan untrue: one of its visits, or a new one for those who would gain.
fn moves_away(decision: &Decision, plan: &DayPlan) -> bool {
    decision.events.iter().any(|event| match event {
        Event::Board(
            BoardEvent::VisitPlanned { visit: after, .. } | BoardEvent::VisitMoved { after, .. },
        ) => moves(plan, &after.job_id) || after.people().any(|id| gives_to(plan, id)),
        Event::Board(
            BoardEvent::VisitRemoved { before: visit, .. }
            | BoardEvent::VisitStatusChanged { after: visit, .. },
        ) => moves(plan, &visit.job_id),
        Event::Board(BoardEvent::VisitDrafted { entry, .. }) => {
            moves(plan, &entry.visit.job_id) || entry.visit.people().any(|id| gives_to(plan, id))
        }
        Event::Board(BoardEvent::SlotHeld { hold }) => gives_to(plan, &hold.technician_id),
        _ => false,
    })
}
