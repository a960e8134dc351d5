//! What those who go along are told: once for every hour, in words of their own, and nothing of what was undone before
//! they read of it. The customer hears of the lead alone.

use jiff::Timestamp;

use crate::board::protocol::Visit;
use crate::conversations::protocol::MessageKind;
use crate::engine::component::Decision;
use crate::ids::TechnicianId;
use crate::jobs::protocol::Job;
use crate::notifications::decide::{due_in_daytime, facts, next_id};
use crate::notifications::protocol::{NotificationEvent, Telling};
use crate::notifications::{JobNotices, taken_off};
use crate::technicians::protocol::Person;

/// Tells each assistant who does not know; takes back what somebody who goes along no more has not read yet.
/// `by_digest`: a text of its own tells them, with all the rest of a publish.
pub(super) fn tell(
    room: &JobNotices,
    decision: Decision,
    job: &Job,
    visit: &Visit,
    by_digest: bool,
    now: Timestamp,
) -> Decision {
    let staying: Vec<&TechnicianId> = room.assistants.iter().map(|(id, _)| id).collect();
    let mut decision = recalled(room, decision, job, &staying);
    for (id, who) in &room.assistants {
        decision = taken_off::back_again(room, decision, job, id);
        let mut theirs = room.assistants_told.iter().rev().filter(|told| told.technician_id == *id);
        let last = theirs.next();
        if last.is_some_and(|told| told.start == visit.start) {
            continue;
        }
        let unsaid = last.filter(|told| taken_off::is_unsaid(room, told, now));
        if let Some(told) = unsaid {
            decision = decision.and(taken_off::no_text(job, told));
            // Moved and moved back before anybody read of it: what was read before still holds.
            let known = theirs.find(|told| !taken_off::is_unsaid(room, told, now));
            if known.is_some_and(|told| told.start == visit.start) {
                continue;
            }
        }
        let is_as_before = last.is_none() || unsaid.is_some();
        if by_digest || (is_as_before && taken_off::knew_before(room, id, visit.start)) {
            continue;
        }
        if let Some(telling) = telling(room, &decision, job, visit, (id, who), now) {
            decision = decision.and(NotificationEvent::TechnicianShouldKnow {
                job_id: job.id.clone(),
                telling,
                visit_id: visit.id.clone(),
                start: visit.start,
            });
        }
    }
    decision
}

fn telling(
    room: &JobNotices,
    decision: &Decision,
    job: &Job,
    visit: &Visit,
    (id, who): (&TechnicianId, &Person),
    now: Timestamp,
) -> Option<Telling> {
    let mut facts = facts(room, job, Some(visit), now);
    facts.corrects = taken_off::read_since(room, Some(id));
    facts.lead = facts.technician.take().map(|(_, name)| name);
    facts.technician = Some((id.clone(), who.name.to_string()));
    Some(Telling {
        message_id: next_id(room, decision, job),
        phone: who.phone.clone()?,
        body: room.words.0.text(MessageKind::CrewAssigned, who.language, &facts).body,
        merged: None,
        kind: MessageKind::CrewAssigned,
        language: who.language,
        due_at: due_in_daytime(room, now),
        expires_at: Some(visit.end),
        customer_id: None,
        technician_id: Some(id.clone()),
        held: taken_off::is_correction(room),
    })
}

/// The decision, and that what waits for anybody but `staying` is taken back.
pub(super) fn recalled(
    room: &JobNotices,
    mut decision: Decision,
    job: &Job,
    staying: &[&TechnicianId],
) -> Decision {
    let mut seen: Vec<&TechnicianId> = Vec::new();
    for told in room.assistants_told.iter().rev() {
        let id = &told.technician_id;
        if !told.waits || staying.contains(&id) || seen.contains(&id) {
            continue;
        }
        seen.push(id);
        decision = decision.and(taken_off::no_text(job, told));
    }
    decision
}
