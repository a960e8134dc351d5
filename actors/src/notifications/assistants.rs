//! What those who go along are told: once for every hour, in words of their own, and nothing of what was undone before
//! they read of it. The customer hears of the lead alone.

use jiff::Timestamp;

use crate::board::protocol::Visit;
use crate::conversations::protocol::MessageKind;
use crate::engine::component::Decision;
use crate::ids::TechnicianId;
use crate::jobs::protocol::Job;
use crate::notifications::decide::{due_in_daytime, facts, is_telling};
use crate::notifications::protocol::{NotificationEvent, RecalledAbout, Telling};
use crate::notifications::{JobNotices, message_id};
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
        let last = room.assistants_told.iter().rev().find(|told| told.technician_id == *id);
        if by_digest || last.is_some_and(|told| told.start == visit.start) {
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
    let before = decision.events.iter().filter(|event| is_telling(event)).count();
    let mut facts = facts(room, job, Some(visit), now);
    facts.lead = facts.technician.take().map(|(_, name)| name);
    facts.technician = Some((id.clone(), who.name.to_string()));
    Some(Telling {
        message_id: message_id(&job.id, room.tellings + 1 + i64::try_from(before).unwrap_or(0)),
        phone: who.phone.clone()?,
        body: room.words.0.text(MessageKind::CrewAssigned, who.language, &facts).body,
        merged: None,
        kind: MessageKind::CrewAssigned,
        language: who.language,
        due_at: due_in_daytime(room, now),
        expires_at: Some(visit.end),
        customer_id: None,
        technician_id: Some(id.clone()),
        held: room.taken_back,
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
        decision = decision.and(NotificationEvent::TellingRecalled {
            job_id: job.id.clone(),
            phone: told.phone.clone(),
            about: RecalledAbout::Technician,
            promise_number: None,
        });
    }
    decision
}
