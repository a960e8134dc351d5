//! Taking back what a customer was to be told, while it waits. Whether it still can be is the conversation's to say.

use crate::engine::component::Decision;
use crate::event::Event;
use crate::jobs::protocol::Job;
use crate::notifications::protocol::{NotificationEvent, Promise, RecalledAbout};
use crate::notifications::{JobNotices, Told};

/// Whether the event takes back a text.
pub(super) fn recalls(event: &Event) -> bool {
    matches!(event, Event::Notifications(NotificationEvent::TellingRecalled { .. }))
}

/// Takes back something that was told, where there is a text of it.
pub(super) fn take_back(decision: Decision, job: &Job, told: &Told) -> Decision {
    match &told.text {
        Some((_, phone)) => decision.and(NotificationEvent::TellingRecalled {
            job_id: job.id.clone(),
            phone: phone.clone(),
            about: RecalledAbout::Customer,
            promise_number: None,
        }),
        None => decision,
    }
}

/// Takes back a promise.
pub(super) fn recall_customer(
    room: &JobNotices,
    decision: Decision,
    job: &Job,
    promise: &Promise,
) -> Decision {
    // The text waits where it was queued to, whatever number the customer has now.
    let queued = room.told.iter().rev().filter_map(|told| told.text.as_ref());
    let queued = queued.filter(|(id, _)| *id == promise.message_id).map(|(_, phone)| phone.clone());
    let present = || room.customer.as_ref().and_then(|(_, who)| who.phone.clone());
    match { queued }.next().or_else(present) {
        Some(phone) => decision.and(NotificationEvent::TellingRecalled {
            job_id: job.id.clone(),
            phone,
            about: RecalledAbout::Customer,
            promise_number: Some(promise.number),
        }),
        None => decision,
    }
}
