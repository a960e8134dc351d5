//! Slots that are kept for somebody for a while: taken, used, released, lapsed. A held slot counts as a technician's
//! time for everyone but the job it is held for; it is nobody's visit and nobody is told of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::board::protocol::{BoardEvent, BoardRefusal, Command, Visit};
use crate::board::{Board, offers};
use crate::engine::component::Decision;
use crate::engine::journal::AlarmChange;
use crate::event::Event;
use crate::ids::{HoldId, JobId, TechnicianId};
use crate::technicians::protocol::Span;

/// Slots held at once at most.
pub const HOLDS_MAX: usize = 500;
/// The board's timer: something that waits for a person is over.
pub const LAPSE: &str = "lapse";

/// A slot that is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// For which job; none where there is no job yet.
    pub job_id: Option<JobId>,
    /// Whose time.
    pub technician_id: TechnicianId,
    /// From.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Until.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// When it lapses.
    #[schema(value_type = String)]
    pub until: Timestamp,
    /// Who asked for it.
    pub by: String,
    /// Where: latitude.
    pub lat: f64,
    /// Where: longitude.
    pub lon: f64,
}

impl Hold {
    /// The time that is kept.
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }

    /// Whether it stands in nobody's way but others': the job it is for, or whoever names it.
    fn is_for(&self, job: &JobId, named: Option<&HoldId>) -> bool {
        self.job_id.as_ref() == Some(job) || named == Some(&self.id)
    }
}

/// How a held slot ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HoldEnd {
    /// Its job was put there.
    Used,
    /// Nobody wants it any more.
    Released,
    /// Its time is over.
    Lapsed,
    /// The technician is away then.
    Absent,
}

/// A held slot in the way of `job`, if there is one.
pub(super) fn in_the_way<'a>(
    board: &'a Board,
    job: &JobId,
    named: Option<&HoldId>,
    technician: &TechnicianId,
    span: &Span,
) -> Option<&'a Hold> {
    board.holds.values().find(|hold| {
        hold.technician_id == *technician && hold.span().overlaps(span) && !hold.is_for(job, named)
    })
}

/// Keeps the slot that `visit` would take. A job holds one slot: the one before is released.
pub(super) fn hold(board: &Board, hold: &Hold, visit: &Visit) -> Result<Decision, BoardRefusal> {
    if board.holds.len() >= HOLDS_MAX {
        return Err(BoardRefusal::TooManyHolds);
    }
    let mut decision = Decision::nothing();
    if let Some(job) = &hold.job_id {
        for old in board.holds.values().filter(|old| old.job_id.as_ref() == Some(job)) {
            decision = decision.and(gone(old, HoldEnd::Released));
        }
    }
    let hold = Hold { start: visit.start, end: visit.end, ..hold.clone() };
    let due_at = hold.until;
    Ok(wake(board, decision.and(BoardEvent::SlotHeld { hold }), Some(due_at), None))
}

/// Lets a slot go.
pub(super) fn release(board: &Board, id: &HoldId) -> Result<Decision, BoardRefusal> {
    let hold = board.holds.get(id).ok_or(BoardRefusal::NoHold)?;
    Ok(Decision::event(gone(hold, HoldEnd::Released)))
}

/// Keeps a slot again that was let go.
pub(super) fn again(board: &Board, hold: &Hold, now: Timestamp) -> Result<Decision, BoardRefusal> {
    if hold.until <= now || board.holds.contains_key(&hold.id) {
        return Err(BoardRefusal::NoHold);
    }
    let span = hold.span();
    let takes = |visit: &&Visit| visit.people().any(|id| *id == hold.technician_id);
    let drafted = board.drafts.values().filter(|entry| !entry.removes).map(|entry| &entry.visit);
    let mut taken = board.visits.values().chain(drafted).filter(takes);
    let held = |other: &&Hold| other.technician_id == hold.technician_id;
    if taken.any(|visit| visit.span().overlaps(&span))
        || board.holds.values().filter(held).any(|other| other.span().overlaps(&span))
        || board.holds.len() >= HOLDS_MAX
    {
        return Err(BoardRefusal::HoldTaken);
    }
    let held = Decision::event(BoardEvent::SlotHeld { hold: hold.clone() });
    Ok(wake(board, held, Some(hold.until), None))
}

/// What waited for a person long enough: held slots, offers and their waves, and proposals that
/// begin in the past by now.
pub(super) fn lapse(board: &Board, now: Timestamp) -> Decision {
    let mut decision = Decision::nothing();
    for hold in board.holds.values().filter(|hold| hold.until <= now) {
        decision = decision.and(gone(hold, HoldEnd::Lapsed));
    }
    for plan in board.proposals.values().map(|proposal| &proposal.plan) {
        if plan.begins().is_some_and(|begins| begins <= now) {
            decision = decision.and(super::proposing::stale(plan));
        }
    }
    let (events, due_at) = offers::lapse(board, now);
    for event in events {
        decision = decision.and(event);
    }
    wake(board, decision, due_at, Some(now))
}

/// Sets the timer for the first thing that is over after `past`, or at `new`.
pub(super) fn wake(
    board: &Board,
    decision: Decision,
    new: Option<Timestamp>,
    past: Option<Timestamp>,
) -> Decision {
    let plans = board.proposals.values().filter_map(|proposal| proposal.plan.begins());
    let dues = board.holds.values().map(|hold| hold.until).chain(plans);
    let dues = dues.chain(offers::dues(board)).chain(new);
    match dues.filter(|due| past.is_none_or(|past| *due > past)).min() {
        Some(due_at) => decision.alarm(AlarmChange::Set { name: LAPSE.into(), due_at }),
        None => decision,
    }
}

fn gone(hold: &Hold, how: HoldEnd) -> BoardEvent {
    BoardEvent::HoldGone {
        hold_id: hold.id.clone(),
        technician_id: hold.technician_id.clone(),
        how,
        hold: Some(Box::new(hold.clone())),
    }
}

/// The decision, and with it the end of every held slot that it uses or makes pointless.
pub(super) fn without_what_is_over(
    board: &Board,
    command: &Command,
    mut decision: Decision,
) -> Decision {
    let mut ends = Vec::new();
    for hold in board.holds.values() {
        let placed = decision.events.iter().find_map(|event| match event {
            Event::Board(
                BoardEvent::VisitPlanned { visit, .. }
                | BoardEvent::VisitMoved { after: visit, .. },
            ) => used(command, hold, visit),
            Event::Board(BoardEvent::VisitDrafted { entry, .. }) => {
                used(command, hold, &entry.visit)
            }
            _ => None,
        });
        let ended = match command {
            Command::FreeAbsent { technician_id, span, .. }
                if hold.technician_id == *technician_id && hold.span().overlaps(span) =>
            {
                Some(HoldEnd::Absent)
            }
            Command::DropDraft { job_id } if hold.job_id.as_ref() == Some(job_id) => {
                Some(HoldEnd::Released)
            }
            _ => placed,
        };
        ends.extend(ended.map(|how| gone(hold, how)));
    }
    for end in ends {
        decision = decision.and(end);
    }
    decision
}

/// How a slot ends by a visit: used where it is put there, released where its job is put elsewhere.
fn used(command: &Command, hold: &Hold, visit: &Visit) -> Option<HoldEnd> {
    let named = match command {
        Command::Assign { placement, .. } => placement.hold_id.as_ref(),
        _ => None,
    };
    if !hold.is_for(&visit.job_id, named) {
        return None;
    }
    let there = hold.technician_id == visit.technician_id && hold.span().overlaps(&visit.span());
    Some(if there { HoldEnd::Used } else { HoldEnd::Released })
}
