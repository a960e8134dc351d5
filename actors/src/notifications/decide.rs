//! Is there anyone to tell? Compares what is with what was promised last; says at most one thing to each person.

use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};

use crate::board::protocol::{Visit, VisitStatus};
use crate::conversations::protocol::{Consent, MessageKind};
use crate::engine::component::Decision;
use crate::engine::journal::AlarmChange;
use crate::ids::{MessageId, TechnicianId};
use crate::jobs::protocol::{Job, JobStatus};
use crate::notifications::protocol::{NotificationEvent, Promise, Telling, Trigger, Untold};
use crate::notifications::recalls::{recall_customer, recalls, take_back};
use crate::notifications::{
    JobNotices, Told, assistants, corrections, message_id, offers, taken_off, technician,
};
use crate::policy::ETA_TEXT_USEFUL;
use crate::technicians::protocol::Span;
use crate::wording::Facts;

/// How wide a promise is where no arrival window was agreed.
const WINDOW: SignedDuration = SignedDuration::from_mins(60);
/// Name of the timer that looks again when an arrival text may go out anew.
pub const LOOK_AGAIN: &str = "eta";

pub(super) fn consider(room: &JobNotices, trigger: Trigger, now: Timestamp) -> Decision {
    let Some(job) = room.job.as_deref() else { return Decision::nothing() };
    match (trigger, &room.visit) {
        (Trigger::Planned | Trigger::Published, Some(visit))
            if visit.status == VisitStatus::Planned =>
        {
            planned(room, job, visit, trigger == Trigger::Published, now)
        }
        (Trigger::Recalled, Some(visit)) if visit.status == VisitStatus::Planned => {
            let decision = planned(room, job, visit, room.is_published, now);
            // Whatever still waits is of a decision of its own: to look again after each would have no end.
            if decision.events.iter().any(recalls) { Decision::nothing() } else { decision }
        }
        (Trigger::Eta, Some(visit)) if room.status == JobStatus::from(visit.status) => {
            promise_eta(room, job, visit, now)
        }
        (Trigger::Status, visit) => status_changed(room, job, visit.as_ref(), now),
        (Trigger::Removed, _) => {
            let decision = taken_off::go_no_more(room, taken_off(room, job), job, &[], now);
            corrections::off_again(room, decision, job, now)
        }
        (Trigger::Restored, _) => corrections::called_back(room, job),
        (Trigger::Offer, _) => offers::tell(room, job, now),
        _ => Decision::nothing(),
    }
}

fn planned(
    room: &JobNotices,
    job: &Job,
    visit: &Visit,
    by_digest: bool,
    now: Timestamp,
) -> Decision {
    let decision = technician::tell(room, job, visit, by_digest, now);
    let decision = assistants::tell(room, decision, job, visit, by_digest, now);
    let decision = taken_off::go_no_more(room, decision, job, &going(visit), now);
    promise_window(room, decision, job, visit, now)
}

/// Who goes to a visit.
fn going(visit: &Visit) -> Vec<&TechnicianId> {
    std::iter::once(&visit.technician_id).chain(&visit.assistants).collect()
}

/// The window that is told for a visit: the agreed one while the visit starts in it, else an hour from its start.
fn window(job: &Job, visit: &Visit) -> Span {
    match &job.arrival_window {
        Some(agreed) if agreed.start <= visit.start && visit.start <= agreed.end => *agreed,
        _ => {
            let start = on_the_five(visit.start);
            Span { start, end: start + WINDOW }
        }
    }
}

/// The five minutes in which an instant lies: nobody promises 11:02.
fn on_the_five(at: Timestamp) -> Timestamp {
    let before = TimestampRound::new().smallest(Unit::Minute).increment(5).mode(RoundMode::Floor);
    at.round(before).unwrap_or(at)
}

fn to_five_minutes(at: Timestamp) -> Timestamp {
    let nearest =
        TimestampRound::new().smallest(Unit::Minute).increment(5).mode(RoundMode::HalfExpand);
    at.round(nearest).unwrap_or(at)
}

pub(super) fn facts(room: &JobNotices, job: &Job, visit: Option<&Visit>, now: Timestamp) -> Facts {
    Facts {
        job_id: job.id.clone(),
        visit_id: visit.map(|visit| visit.id.clone()),
        title: job.title.clone(),
        address: job.address.clone(),
        technician: room.technician.as_ref().map(|(id, who)| (id.clone(), who.name.to_string())),
        lead: None,
        customer_name: job.customer_name.clone(),
        start: visit.map(|visit| visit.start),
        window: None,
        eta: None,
        corrects: false,
        count: 1,
        now,
    }
}

/// A text that waits out the undo time and the quiet hours.
pub(super) fn due_in_daytime(room: &JobNotices, now: Timestamp) -> Timestamp {
    room.policy.after_quiet_hours(now + room.policy.undo)
}

fn promise_window(
    room: &JobNotices,
    decision: Decision,
    job: &Job,
    visit: &Visit,
    now: Timestamp,
) -> Decision {
    if !room.speaks {
        let waits = |promise: &&Promise| room.waiting.contains(&promise.message_id);
        return match room.promises.last().filter(waits) {
            Some(unsaid) => recall_customer(room, decision, job, unsaid),
            None => decision,
        };
    }
    if room.hushed == Some(visit.start) {
        return decision;
    }
    let window = window(job, visit);
    let (decision, is_off) = match called_off(room) {
        // Nobody read yet that the visit was off: what was promised before stands.
        Some(unread) if is_waiting(room, unread) => (take_back(decision, job, unread), false),
        Some(_) => (decision, true),
        None => (decision, false),
    };
    // What was called off is told anew, even for the same window.
    let last = room.promises.iter().rev().find(|promise| !promise.is_eta && !is_off);
    if last.is_some_and(|promise| promise.span() == window) {
        return decision;
    }
    let unsaid = last.filter(|promise| room.waiting.contains(&promise.message_id));
    let kind = match (last, unsaid) {
        (None, _) => MessageKind::VisitPromised,
        // What was not said yet is taken back, and the new window told as if it were the first.
        (Some(_), Some(unsaid)) => unsaid.kind,
        (Some(_), None) => MessageKind::Rescheduled,
    };
    let decision = match unsaid {
        Some(promise) => recall_customer(room, decision, job, promise),
        None => decision,
    };
    // Moved and moved back before anybody read of it: what was said before still holds.
    let is_known = unsaid.is_some() && corrections::still_holds(room, window);
    if is_known || corrections::knew_before(room) {
        return decision;
    }
    let mut facts = facts(room, job, Some(visit), now);
    facts.window = Some(window);
    let due_at = due_in_daytime(room, now);
    let plan = Plan { kind, due_at, expires_at: Some(window.end), told: Some((window, false)) };
    tell_customer(room, decision, job, Some(visit), &facts, plan, now)
}

/// The word that the visit, or its hour, is off, where no window was promised since.
pub(super) fn called_off(room: &JobNotices) -> Option<&Told> {
    let stands = |told: &&Told| {
        matches!(
            told.kind,
            MessageKind::VisitPromised
                | MessageKind::Rescheduled
                | MessageKind::Cancelled
                | MessageKind::HourGone
        )
    };
    let is_off = |told: &&Told| matches!(told.kind, MessageKind::Cancelled | MessageKind::HourGone);
    room.told.iter().rev().find(stands).filter(is_off)
}

/// Whether the customer was told last that nobody comes at all.
fn is_cancelled(room: &JobNotices) -> bool {
    called_off(room).is_some_and(|told| told.kind == MessageKind::Cancelled)
}

pub(super) fn is_waiting(room: &JobNotices, told: &Told) -> bool {
    told.text.as_ref().is_some_and(|(id, _)| room.waiting.contains(id))
}

/// How one text to a customer goes out.
pub(super) struct Plan {
    pub kind: MessageKind,
    pub due_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// The promised time, and whether it is a single one.
    pub told: Option<(Span, bool)>,
}

pub(super) fn tell_customer(
    room: &JobNotices,
    decision: Decision,
    job: &Job,
    visit: Option<&Visit>,
    facts: &Facts,
    plan: Plan,
    now: Timestamp,
) -> Decision {
    // Of a stop a customer hears once: when it comes, of its first job; that it is done, with its last.
    let is_ours = if plan.kind == MessageKind::Done { room.closes } else { room.speaks };
    let Some((customer_id, who)) = room.customer.as_ref().filter(|_| is_ours) else {
        return decision;
    };
    let untold = match &who.phone {
        None => Some(Untold::NoPhone),
        Some(_) if room.consent == Consent::Withdrawn => Some(Untold::OptedOut),
        Some(_) => None,
    };
    let (Some(phone), None) = (who.phone.clone(), untold) else {
        let why = untold.unwrap_or(Untold::NoPhone);
        let once = room.told.iter().any(|told| told.kind == plan.kind);
        return if once {
            decision
        } else {
            let (job_id, kind) = (job.id.clone(), plan.kind);
            decision.and(NotificationEvent::CannotTell { job_id, kind, why })
        };
    };
    let id = next_id(room, &decision, job);
    let number = room.promises.last().map_or(0, |promise| promise.number) + 1;
    let held = corrections::corrects(room) && plan.kind.may_be_drafted();
    let facts = Facts { corrects: held, ..facts.clone() };
    let text = room.words.0.text(plan.kind, who.language, &facts);
    let promise = plan.told.zip(visit).map(|((span, is_eta), visit)| Promise {
        number,
        visit_id: visit.id.clone(),
        message_id: id.clone(),
        kind: plan.kind,
        start: span.start,
        end: span.end,
        is_eta,
        told_at: now,
    });
    let telling = Telling {
        message_id: id,
        phone,
        body: text.body,
        merged: None,
        kind: plan.kind,
        language: who.language,
        due_at: plan.due_at,
        expires_at: plan.expires_at,
        customer_id: Some(customer_id.clone()),
        technician_id: None,
        held,
    };
    let (job_id, visit_id) = (job.id.clone(), visit.map(|visit| visit.id.clone()));
    decision.and(NotificationEvent::CustomerShouldKnow { job_id, telling, promise, visit_id })
}

/// The id of the next text: those decided in the same breath took the numbers before it.
pub(super) fn next_id(room: &JobNotices, decision: &Decision, job: &Job) -> MessageId {
    let before = decision.events.iter().filter(|event| is_telling(event)).count();
    message_id(&job.id, room.tellings + 1 + i64::try_from(before).unwrap_or(0))
}

fn is_telling(event: &crate::event::Event) -> bool {
    matches!(
        event,
        crate::event::Event::Notifications(
            NotificationEvent::TechnicianShouldKnow { .. }
                | NotificationEvent::CustomerShouldKnow { .. }
        )
    )
}

/// A new arrival is told when the last promise will be missed by enough, and not too often.
fn promise_eta(room: &JobNotices, job: &Job, visit: &Visit, now: Timestamp) -> Decision {
    let (Some(eta), Some(last)) = (room.eta, room.promises.last()) else {
        return Decision::nothing();
    };
    // Somebody chose not to tell of this hour: it is no news as long as it is kept.
    let late_by = eta.at.duration_since(visit.start);
    if room.hushed == Some(visit.start) && late_by < room.policy.late_after {
        return Decision::nothing();
    }
    let under_way = matches!(visit.status, VisitStatus::Planned | VisitStatus::EnRoute);
    // Somebody else may come by now: what was told still holds if it was told for this window.
    let window = window(job, visit);
    let told_window = room.promises.iter().rev().find(|promise| !promise.is_eta);
    let still_holds = told_window.is_some_and(|promise| promise.span() == window);
    if !under_way || (last.visit_id != visit.id && !still_holds) {
        return Decision::nothing();
    }
    let arrival = to_five_minutes(eta.at);
    let is_unsaid = |promise: &Promise| room.waiting.contains(&promise.message_id);
    if last.is_eta && is_unsaid(last) {
        // Whatever made the visit late was taken back before anybody heard of it.
        let said = room.promises.iter().rev().find(|promise| !is_unsaid(promise));
        let in_time = |said: &Promise| eta.at.duration_since(said.end) < room.policy.late_after;
        if said.or(told_window).is_some_and(in_time) {
            return recall_customer(room, Decision::nothing(), job, last);
        }
    }
    let late = eta.at.duration_since(last.end) >= room.policy.late_after;
    let early = last.is_eta && last.start.duration_since(eta.at) >= room.policy.late_after;
    if !late && !early {
        return Decision::nothing();
    }
    let told_before = room.promises.iter().rev().find(|promise| promise.is_eta);
    if let Some(told) = told_before
        && now.duration_since(told.told_at) < room.policy.eta_gap
    {
        let due_at = told.told_at + room.policy.eta_gap;
        return Decision::nothing().alarm(AlarmChange::Set { name: LOOK_AGAIN.into(), due_at });
    }
    let kind = if told_before.is_none() { MessageKind::Late } else { MessageKind::EtaChanged };
    let mut facts = facts(room, job, Some(visit), now);
    facts.eta = Some(arrival);
    // What makes one visit late may be another visit that a dispatcher put before it a moment ago, and takes back.
    let plan = Plan {
        kind,
        due_at: now + room.policy.undo,
        expires_at: Some(now + ETA_TEXT_USEFUL),
        told: Some((Span { start: arrival, end: arrival }, true)),
    };
    tell_customer(room, Decision::nothing(), job, Some(visit), &facts, plan, now)
}

fn status_changed(room: &JobNotices, job: &Job, visit: Option<&Visit>, now: Timestamp) -> Decision {
    let visit_id = visit.map(|visit| visit.id.clone());
    let said = |kind| room.told.iter().any(|told| told.kind == kind && told.visit_id == visit_id);
    match room.status {
        JobStatus::EnRoute if !said(MessageKind::OnTheWay) => {
            let Some(visit) = visit else { return Decision::nothing() };
            let arrival = to_five_minutes(room.eta.map_or(visit.start.max(now), |eta| eta.at));
            let mut facts = facts(room, job, Some(visit), now);
            facts.eta = Some(arrival);
            let plan = Plan {
                kind: MessageKind::OnTheWay,
                due_at: now,
                expires_at: Some(now + ETA_TEXT_USEFUL),
                told: Some((Span { start: arrival, end: arrival }, true)),
            };
            tell_customer(room, Decision::nothing(), job, Some(visit), &facts, plan, now)
        }
        JobStatus::Done if !said(MessageKind::Done) => {
            let facts = facts(room, job, visit, now);
            let due_at = room.policy.after_quiet_hours(now);
            let plan = Plan { kind: MessageKind::Done, due_at, expires_at: None, told: None };
            tell_customer(room, Decision::nothing(), job, visit, &facts, plan, now)
        }
        JobStatus::Cancelled if !is_cancelled(room) => {
            let mut decision = taken_off(room, job);
            // That another hour will be told is true no more.
            if let Some(unread) = called_off(room).filter(|told| is_waiting(room, told)) {
                decision = take_back(decision, job, unread);
            }
            let said = |promise: &&Promise| !room.waiting.contains(&promise.message_id);
            let Some(known) = room.promises.iter().rev().find(said) else { return decision };
            let mut facts = facts(room, job, visit, now);
            // The day that the customer was told, whether a visit still stands or not.
            facts.window = Some(known.span());
            let due_at = due_in_daytime(room, now);
            let plan = Plan { kind: MessageKind::Cancelled, due_at, expires_at: None, told: None };
            tell_customer(room, decision, job, visit, &facts, plan, now)
        }
        _ => Decision::nothing(),
    }
}

/// A visit is off the board: what was not said yet stays unsaid. What was said stands until something else is.
pub(super) fn taken_off(room: &JobNotices, job: &Job) -> Decision {
    let mut decision = Decision::nothing();
    if room.waiting.is_empty() {
        return decision;
    }
    if let Some(last) = room.promises.last()
        && room.waiting.contains(&last.message_id)
    {
        decision = recall_customer(room, decision, job, last);
    }
    if let Some(told) = room.technician_told.last() {
        decision = decision.and(taken_off::no_text(job, told));
    }
    assistants::recalled(room, decision, job, &[])
}
