//! What technicians are told of offers: once that there is one, and once that it is no longer to be had, unless they
//! never read of it or the job is theirs now. The same gate and the same quiet hours as every other text.

use jiff::Timestamp;

use crate::board::protocol::{Asked, Offer, OfferState, VisitStatus};
use crate::conversations::protocol::MessageKind;
use crate::engine::component::Decision;
use crate::ids::TechnicianId;
use crate::jobs::protocol::Job;
use crate::notifications::decide::{due_in_daytime, facts};
use crate::notifications::protocol::{NotificationEvent, RecalledAbout, Telling};
use crate::notifications::{JobNotices, OfferText, OfferTold, message_id};

/// Tells whoever should know and does not yet.
pub(super) fn tell(room: &JobNotices, job: &Job, now: Timestamp) -> Decision {
    let mut decision = Decision::nothing();
    for offer in &room.offers {
        for one in offer.asked.iter().filter(|one| one.asked_at.is_some()) {
            decision = about(room, decision, job, offer, one, now);
        }
    }
    decision
}

fn about(
    room: &JobNotices,
    decision: Decision,
    job: &Job,
    offer: &Offer,
    one: &Asked,
    now: Timestamp,
) -> Decision {
    let of_them =
        |told: &&OfferTold| told.offer_id == offer.id && told.technician_id == one.technician_id;
    let told = |kind| room.offers_told.iter().filter(of_them).find(|told| told.kind == kind);
    let known = told(MessageKind::JobOffered);
    if offer.state == OfferState::Open {
        return match known {
            None if one.answer.is_none() => {
                say(room, decision, job, offer, one, MessageKind::JobOffered, now)
            }
            Some(known) if known.text == OfferText::Unread && one.is_waited_for() => {
                let technician_id = one.technician_id.clone();
                let (job_id, offer_id) = (job.id.clone(), offer.id.clone());
                decision.and(NotificationEvent::OfferUntold { job_id, offer_id, technician_id })
            }
            _ => decision,
        };
    }
    let Some(known) = known.filter(|known| known.text != OfferText::Unread) else {
        return decision;
    };
    if known.text == OfferText::Waits {
        return decision.and(NotificationEvent::TellingRecalled {
            job_id: job.id.clone(),
            phone: known.phone.clone(),
            about: RecalledAbout::Offer,
            promise_number: None,
        });
    }
    // Whoever answered knows; and what ends by its own time was told until when.
    use OfferState::{Declined, Expired, Unreached};
    let ended_by_itself = matches!(offer.state, Expired | Declined | Unreached);
    if one.answer.is_some() || ended_by_itself || told(MessageKind::OfferFilled).is_some() {
        return decision;
    }
    if has_it(room, &one.technician_id) {
        return decision;
    }
    say(room, decision, job, offer, one, MessageKind::OfferFilled, now)
}

/// Whether somebody goes there anyway: by a visit that was planned without the offer, or by a draft that may become one.
fn has_it(room: &JobNotices, id: &TechnicianId) -> bool {
    let visit = room.visit.as_ref().filter(|visit| visit.status == VisitStatus::Planned);
    visit.is_some_and(|visit| visit.technician_id == *id || visit.assistants.contains(id))
        || room.drafted_for.contains(id)
}

fn say(
    room: &JobNotices,
    decision: Decision,
    job: &Job,
    offer: &Offer,
    one: &Asked,
    kind: MessageKind,
    now: Timestamp,
) -> Decision {
    let Some((_, who)) = room.asked.iter().find(|(id, _)| *id == one.technician_id) else {
        return decision;
    };
    let Some(phone) = who.phone.clone() else { return decision };
    let mut facts = facts(room, job, None, now);
    facts.technician = Some((one.technician_id.clone(), one.name.clone()));
    facts.start = Some(one.start);
    facts.title.clone_from(&offer.title);
    let text = room.words.0.text(kind, who.language, &facts);
    let offset = i64::try_from(decision.events.iter().filter(|event| is_telling(event)).count());
    let telling = Telling {
        message_id: message_id(&job.id, room.tellings + 1 + offset.unwrap_or(0)),
        phone,
        body: text.body,
        merged: None,
        kind,
        language: who.language,
        due_at: due_in_daytime(room, now),
        // That something is over is of use for as long as the hour it was for has not come.
        expires_at: Some(if kind == MessageKind::JobOffered {
            offer.expires_at
        } else {
            one.start
        }),
        customer_id: None,
        technician_id: Some(one.technician_id.clone()),
        held: false,
    };
    let (job_id, offer_id) = (job.id.clone(), offer.id.clone());
    decision.and(NotificationEvent::OfferShouldBeKnown { job_id, offer_id, telling })
}

fn is_telling(event: &crate::event::Event) -> bool {
    matches!(
        event,
        crate::event::Event::Notifications(NotificationEvent::OfferShouldBeKnown { .. })
    )
}
