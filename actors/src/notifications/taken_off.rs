//! What technicians are told once something was taken back: whoever read that they go and goes no more, by a draft that a
//! person approves; and nothing to those for whom all is as they knew it.

use jiff::{SignedDuration, Timestamp};

use crate::conversations::protocol::MessageKind;
use crate::engine::component::Decision;
use crate::ids::TechnicianId;
use crate::jobs::protocol::Job;
use crate::notifications::decide::{due_in_daytime, facts, next_id};
use crate::notifications::protocol::{NotificationEvent, RecalledAbout, Telling};
use crate::notifications::{JobNotices, TechnicianTold};

/// How long after the hour it was for the word that somebody goes there no more is of use.
const USEFUL: SignedDuration = SignedDuration::from_hours(2);

/// Whether a text to a technician may still be taken back unread.
pub(super) fn is_unsaid(room: &JobNotices, told: &TechnicianTold, now: Timestamp) -> bool {
    told.waits && (told.is_written || now < due_in_daytime(room, told.told_at))
}

/// Whether there is anything to take back of what somebody else was told: nothing of what left, and a digest is of a day.
pub(super) fn may_be_taken_back(told: &TechnicianTold) -> bool {
    told.waits && told.kind != MessageKind::SchedulePublished
}

fn all_told(room: &JobNotices) -> impl Iterator<Item = &TechnicianTold> {
    room.technician_told.iter().chain(&room.assistants_told)
}

pub(super) fn read_since(room: &JobNotices, whose: Option<&TechnicianId>) -> bool {
    let Some(since) = room.taken_back else { return false };
    all_told(room)
        .filter(|told| whose.is_none_or(|id| told.technician_id == *id))
        .any(|told| !told.waits && told.told_at >= since)
}

/// Whether what a technician is told now corrects what somebody read of the act that was taken back.
pub(super) fn is_correction(room: &JobNotices) -> bool {
    read_since(room, None)
}

/// Whether a technician stands where they stood before the act that was taken back, and never heard of that one: they know
/// from elsewhere, unless a text of it was on its way and was taken back too.
pub(super) fn knew_before(room: &JobNotices, id: &TechnicianId, start: Timestamp) -> bool {
    let was_meant = |told: &TechnicianTold| told.technician_id == *id && told.start == start;
    room.taken_back.is_some() && !room.unread.iter().any(was_meant) && !read_since(room, Some(id))
}

/// Whoever goes there again need not hear that they did not.
pub(super) fn back_again(
    room: &JobNotices,
    decision: Decision,
    job: &Job,
    id: &TechnicianId,
) -> Decision {
    let drafted = room.taken_off.iter().filter(|told| told.technician_id == *id);
    drafted.fold(decision, |all, told| all.and(no_text(job, told)))
}

/// That what waits for a technician about this job is taken back.
pub(super) fn no_text(job: &Job, told: &TechnicianTold) -> NotificationEvent {
    NotificationEvent::TellingRecalled {
        job_id: job.id.clone(),
        phone: told.phone.clone(),
        about: RecalledAbout::Technician,
        promise_number: None,
    }
}

/// An act was taken back after technicians read that they go: that they go no more is drafted. `going`: those who do.
pub(super) fn go_no_more(
    room: &JobNotices,
    mut decision: Decision,
    job: &Job,
    going: &[&TechnicianId],
    now: Timestamp,
) -> Decision {
    let Some(since) = room.taken_back else { return decision };
    let mut told: Vec<&TechnicianTold> = all_told(room).collect();
    told.sort_by_key(|one| std::cmp::Reverse(one.told_at));
    let mut seen: Vec<&TechnicianId> = going.to_vec();
    for last in told {
        let id = &last.technician_id;
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let is_read = !is_unsaid(room, last, now) && last.told_at >= since;
        let is_drafted = room.taken_off.iter().any(|one| one.technician_id == *id);
        let Some((_, who)) = room.told_once.iter().find(|(known, _)| known == id) else { continue };
        let Some(phone) = who.phone.clone().filter(|_| is_read && !is_drafted) else { continue };
        let mut facts = facts(room, job, None, now);
        facts.technician = Some((id.clone(), who.name.to_string()));
        (facts.start, facts.corrects) = (Some(last.start), true);
        let kind = MessageKind::JobTakenOff;
        let text = room.words.0.text(kind, who.language, &facts);
        let telling = Telling {
            message_id: next_id(room, &decision, job),
            phone,
            body: text.body,
            merged: text.merged,
            kind,
            language: who.language,
            due_at: due_in_daytime(room, now),
            expires_at: Some(last.start + USEFUL),
            customer_id: None,
            technician_id: Some(id.clone()),
            held: true,
        };
        decision = decision.and(NotificationEvent::TechnicianShouldKnow {
            job_id: job.id.clone(),
            telling,
            visit_id: last.visit_id.clone(),
            start: last.start,
        });
    }
    decision
}
