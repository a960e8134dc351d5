//! What a technician is told of a visit: once for every hour and every change of hands, and nothing of what was undone
//! before anybody read of it.

use jiff::Timestamp;

use crate::board::protocol::{Digest, Visit};
use crate::conversations::protocol::MessageKind;
use crate::engine::component::Decision;
use crate::jobs::protocol::Job;
use crate::notifications::decide::{due_in_daytime, facts, next_id};
use crate::notifications::protocol::{NotificationEvent, Telling, Untold};
use crate::notifications::{JobNotices, TechnicianTold, taken_off};

/// Tells who goes, unless they know; and takes back what another one has not read yet.
/// `by_digest`: a text of its own tells them, with all the rest of a publish.
pub(super) fn tell(
    room: &JobNotices,
    job: &Job,
    visit: &Visit,
    by_digest: bool,
    now: Timestamp,
) -> Decision {
    let Some((id, who)) = &room.technician else { return Decision::nothing() };
    let mut decision = taken_off::back_again(room, Decision::nothing(), job, id);
    // The same time told of another visit is the same word: a job that went back to the pool and came again.
    let is_this = |told: &TechnicianTold| told.technician_id == *id && told.start == visit.start;
    let last = room.technician_told.last();
    if let Some(told) = last {
        if is_this(told) {
            return decision;
        }
        let unsaid = |told: &TechnicianTold| taken_off::is_unsaid(room, told, now);
        let known = room.technician_told.iter().rev().find(|told| !unsaid(told));
        // Moved and moved back before anybody read of it: what was read before still holds.
        let is_known = unsaid(told) && known.is_some_and(is_this);
        let undone_in_time = room.taken_back.is_some() && unsaid(told);
        let is_anothers = told.technician_id != *id && taken_off::may_be_taken_back(told);
        if is_anothers || is_known || undone_in_time {
            decision = decision.and(taken_off::no_text(job, told));
        }
        if is_known || (undone_in_time && taken_off::knew_before(room, id, visit.start)) {
            return decision;
        }
    } else if taken_off::knew_before(room, id, visit.start) {
        return decision;
    }
    if by_digest {
        return decision;
    }
    let Some(phone) = who.phone.clone() else {
        return decision.and(NotificationEvent::CannotTell {
            job_id: job.id.clone(),
            kind: MessageKind::JobAssigned,
            why: Untold::NoPhone,
        });
    };
    let mut facts = facts(room, job, Some(visit), now);
    facts.corrects = taken_off::read_since(room, Some(id));
    let text = room.words.0.text(MessageKind::JobAssigned, who.language, &facts);
    let message_id = next_id(room, &decision, job);
    decision.and(NotificationEvent::TechnicianShouldKnow {
        job_id: job.id.clone(),
        telling: Telling {
            message_id,
            phone,
            body: text.body,
            merged: text.merged,
            kind: MessageKind::JobAssigned,
            language: who.language,
            due_at: due_in_daytime(room, now),
            expires_at: Some(visit.end),
            customer_id: None,
            technician_id: Some(id.clone()),
            held: taken_off::is_correction(room),
        },
        visit_id: visit.id.clone(),
        start: visit.start,
    })
}

/// The one text of a published schedule.
pub(super) fn digest(room: &JobNotices, digest: &Digest, now: Timestamp) -> Decision {
    let Some(job) = room.job.as_deref() else { return Decision::nothing() };
    let mut facts = facts(room, job, None, now);
    facts.technician = Some((digest.technician_id.clone(), digest.name.to_string()));
    (facts.start, facts.count) = (Some(digest.day), digest.count);
    let kind = MessageKind::SchedulePublished;
    let day_after = digest.day + jiff::SignedDuration::from_hours(24);
    Decision::event(NotificationEvent::ScheduleShouldKnow {
        job_id: job.id.clone(),
        telling: Telling {
            message_id: digest.message_id.clone(),
            phone: digest.phone.clone(),
            body: room.words.0.text(kind, digest.language, &facts).body,
            merged: None,
            kind,
            language: digest.language,
            due_at: due_in_daytime(room, now),
            expires_at: Some(day_after),
            customer_id: None,
            technician_id: Some(digest.technician_id.clone()),
            held: false,
        },
        told: digest.told.clone(),
        assisting: digest.assisting.clone(),
    })
}
