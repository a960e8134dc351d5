//! What is said, or left unsaid, once something was taken back. A text that still waited is recalled; one that was read
//! is corrected by another, which is drafted and goes only when a person approves it.

use jiff::Timestamp;

use crate::conversations::protocol::MessageKind;
use crate::engine::component::Decision;
use crate::jobs::protocol::Job;
use crate::notifications::decide::{
    Plan, called_off, due_in_daytime, facts, is_waiting, tell_customer,
};
use crate::notifications::protocol::Promise;
use crate::notifications::recalls::take_back;
use crate::notifications::{JobNotices, Told};
use crate::technicians::protocol::Span;

/// Whether the last window that a customer really read of is this one.
pub(super) fn still_holds(room: &JobNotices, window: Span) -> bool {
    let read = room.promises.iter().rev().filter(|promise| !promise.is_eta);
    let mut read = read.filter(|promise| !room.waiting.contains(&promise.message_id));
    read.next().is_some_and(|promise| promise.span() == window)
}

/// Whether what the customer is told now may contradict what they read: after an act was taken back.
pub(super) fn corrects(room: &JobNotices) -> bool {
    let is_read = |told: &Told| told.text.is_some() && !is_waiting(room, told);
    let promised = |one: &Promise| !room.waiting.contains(&one.message_id);
    room.taken_back.is_some()
        && (room.told.iter().any(is_read) || room.promises.iter().any(promised))
}

/// Whether the customer stands where they stood before the act that was taken back and never heard of it: they know from
/// elsewhere, unless a text was on its way to them before that act.
pub(super) fn knew_before(room: &JobNotices) -> bool {
    let was_meant = |since| room.customer_unread.iter().any(|at| *at <= since);
    room.taken_back.is_some_and(|since| !was_meant(since)) && !corrects(room)
}

/// An assignment was taken back after its customer read of it: that nobody comes then, and that another hour will be told,
/// is drafted. Nothing is cancelled by it.
pub(super) fn off_again(
    room: &JobNotices,
    decision: Decision,
    job: &Job,
    now: Timestamp,
) -> Decision {
    let read = room.promises.iter().rev();
    let read = { read }.find(|promise| !room.waiting.contains(&promise.message_id));
    let Some(read) = read.filter(|_| room.taken_back.is_some() && called_off(room).is_none())
    else {
        return decision;
    };
    let mut facts = facts(room, job, None, now);
    facts.window = Some(read.span());
    let due_at = due_in_daytime(room, now);
    let plan = Plan { kind: MessageKind::HourGone, due_at, expires_at: None, told: None };
    tell_customer(room, decision, job, None, &facts, plan, now)
}

/// A cancellation was taken back while no visit stands: nobody need hear of it who did not yet.
pub(super) fn called_back(room: &JobNotices, job: &Job) -> Decision {
    match called_off(room) {
        Some(unread) if is_waiting(room, unread) => take_back(Decision::nothing(), job, unread),
        _ => Decision::nothing(),
    }
}
