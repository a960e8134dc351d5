//! What may be sent, taken back, and believed.

use std::sync::Arc;

use jiff::Timestamp;

use crate::conversations::protocol::{
    Channel, Command, Consent, ConversationEvent, ConversationRefusal, Delivery, Direction,
    Incoming, Keyword, Message, MessageKind, MessageState, Outgoing, Thread,
};
use crate::conversations::{Conversation, Kept, approval, laying, merging};
use crate::engine::component::Decision;
use crate::engine::journal::{AlarmChange, ErrandChange};
use crate::ids::{ErrandId, MessageId};

/// Twilio's code for a recipient who opted out at the provider.
const OPTED_OUT_AT_PROVIDER: i64 = 21610;
/// Name of the timer that ends a snooze.
pub(super) const WAKE: &str = "wake";

pub(super) fn decide(
    room: &Conversation,
    command: &Command,
    now: Timestamp,
) -> Result<Decision, ConversationRefusal> {
    match command {
        Command::Open { phone, customer_id, technician_id } => {
            let mut thread = room.thread_or_new(phone);
            thread.open = true;
            thread.customer_id = customer_id.clone().or(thread.customer_id);
            thread.technician_id = technician_id.clone().or(thread.technician_id);
            Ok(thread_changed(room, Decision::nothing(), thread))
        }
        Command::Queue { message, errand_id } => queue(room, message, errand_id, now),
        Command::RecallAbout { job_id, kinds } => Ok(room
            .messages
            .values()
            .filter(|kept| kinds.contains(&kept.message.kind) && may_be_recalled(kept))
            .fold(Decision::nothing(), |decision, kept| {
                merging::without(decision, &kept.message, job_id)
            })),
        Command::Recall { message_id } => {
            let kept = room.messages.get(message_id).ok_or(ConversationRefusal::NoSuchMessage)?;
            if !may_be_recalled(kept) {
                return Err(ConversationRefusal::LeftAlready);
            }
            Ok(recalled(Decision::nothing(), &kept.message))
        }
        Command::RecallIfWaiting { message_id } => Ok(room
            .messages
            .get(message_id)
            .filter(|kept| may_be_recalled(kept))
            .map_or_else(Decision::nothing, |kept| recalled(Decision::nothing(), &kept.message))),
        Command::Approve { message_id } => approval::approve(room, message_id, now),
        Command::RecordDelivery { message_id, errand_id, delivery } => {
            Ok(record_delivery(room, message_id, errand_id, delivery))
        }
        Command::RecordStatus { message_id, row, provider_id, state, code, problem } => {
            let news = News { provider_id, state: *state, code: *code, problem };
            let known = room.known(message_id).or(row.as_deref());
            Ok(known.map_or_else(Decision::nothing, |known| record_status(room, known, &news)))
        }
        Command::Receive { message } => Ok(receive(room, message, now)),
        Command::Assign { assignee } => {
            let mut thread = known(room)?;
            thread.assignee.clone_from(assignee);
            Ok(thread_changed(room, Decision::nothing(), thread))
        }
        Command::Close => {
            let mut thread = known(room)?;
            (thread.open, thread.snoozed_until) = (false, None);
            Ok(thread_changed(room, Decision::nothing(), thread)
                .alarm(AlarmChange::Cleared { name: WAKE.into() }))
        }
        Command::Snooze { until } if *until <= now => Err(ConversationRefusal::SnoozeInThePast),
        Command::Snooze { until } => {
            let mut thread = known(room)?;
            (thread.open, thread.snoozed_until) = (false, Some(*until));
            let alarm = AlarmChange::Set { name: WAKE.into(), due_at: *until };
            Ok(thread_changed(room, Decision::nothing(), thread).alarm(alarm))
        }
        Command::LayBack { before } => laying::lay_back(room, before.as_deref(), now),
        Command::WakeUp => {
            let mut thread = known(room)?;
            (thread.open, thread.snoozed_until) = (true, None);
            Ok(thread_changed(room, Decision::nothing(), thread))
        }
    }
}

pub(super) fn known(room: &Conversation) -> Result<Thread, ConversationRefusal> {
    room.thread.as_deref().cloned().ok_or(ConversationRefusal::Unknown)
}

pub(super) fn waits(kept: &Kept) -> bool {
    kept.message.state == MessageState::Queued && !kept.begun
}

fn may_be_recalled(kept: &Kept) -> bool {
    kept.message.state == MessageState::Drafted || waits(kept)
}

/// Adds the change of the thread, if it is one.
pub(super) fn thread_changed(room: &Conversation, decision: Decision, after: Thread) -> Decision {
    if room.thread.as_deref() == Some(&after) {
        return decision;
    }
    let before = room.thread.clone();
    decision.and(ConversationEvent::ThreadChanged { before, after: Box::new(after) })
}

pub(super) fn changed(decision: Decision, before: &Message, after: Message) -> Decision {
    let before = before.state;
    decision.and(ConversationEvent::MessageChanged { before, after: Box::new(after) })
}

pub(super) fn recalled(decision: Decision, message: &Message) -> Decision {
    let after = Message { state: MessageState::Recalled, ..message.clone() };
    let decision = changed(decision, message, after);
    match &message.errand_id {
        // Nobody was asked yet to send what waits for an approval.
        Some(id) if message.state != MessageState::Drafted => {
            decision.errand(ErrandChange::Cancelled { id: id.clone() })
        }
        _ => decision,
    }
}

/// The one gate before anything is sent.
fn queue(
    room: &Conversation,
    text: &Outgoing,
    errand_id: &ErrandId,
    now: Timestamp,
) -> Result<Decision, ConversationRefusal> {
    if room.messages.contains_key(&text.id) {
        return Ok(Decision::nothing());
    }
    let mut thread = room.thread_or_new(&text.phone);
    thread.open = true;
    thread.customer_id = text.customer_id.clone().or(thread.customer_id);
    thread.technician_id = text.technician_id.clone().or(thread.technician_id);
    let refused = thread.consent == Consent::Withdrawn && !text.kind.is_answer_to_keyword();
    if refused && text.kind == MessageKind::Reply {
        return Err(ConversationRefusal::OptedOut);
    }
    let decision = thread_changed(room, Decision::nothing(), thread);
    if !refused && let Some(joined) = merging::join(room, text, now) {
        return Ok(Decision { expects: decision.expects, ..joined });
    }
    let mut message = Message {
        id: text.id.clone(),
        conversation_id: crate::ids::ConversationId::for_phone(&text.phone),
        direction: Direction::Outgoing,
        channel: Channel::Sms,
        phone: text.phone.clone(),
        body: text.body.clone(),
        kind: text.kind,
        language: text.language,
        state: MessageState::Queued,
        problem: None,
        job_id: text.job_id.clone(),
        at: now,
        due_at: text.due_at,
        expires_at: text.expires_at,
        provider_id: None,
        by: "house".into(),
        jobs: 1,
        merged: None,
        errand_id: Some(errand_id.clone()),
        suggested: text.suggested.clone(),
    };
    if refused {
        message.state = MessageState::Failed;
        message.problem = Some("opted_out".to_owned());
        message.errand_id = None;
        return Ok(decision.and(ConversationEvent::MessageQueued { message: Box::new(message) }));
    }
    if text.held {
        message.state = MessageState::Drafted;
        return Ok(decision.and(ConversationEvent::MessageQueued { message: Box::new(message) }));
    }
    let errand = approval::errand(&message, errand_id);
    let event = ConversationEvent::MessageQueued { message: Box::new(message) };
    Ok(decision.and(event).errand(errand))
}

fn record_delivery(
    room: &Conversation,
    message_id: &MessageId,
    errand_id: &ErrandId,
    delivery: &Delivery,
) -> Decision {
    let over = |done| ErrandChange::Over { id: errand_id.clone(), done };
    let Some(kept) = room.messages.get(message_id) else {
        return Decision::nothing().errand(over(false));
    };
    let before = &kept.message;
    let mut after = before.clone();
    let decision = Decision::nothing();
    match delivery {
        Delivery::Accepted { provider_id } => {
            after.provider_id = Some(provider_id.clone());
            // A callback may have come before the answer to the request.
            if before.state == MessageState::Queued {
                // What stood in the way of earlier tries is over.
                (after.state, after.problem) = (MessageState::Sent, None);
            }
            let decision = decision.errand(over(true));
            if after == *before { decision } else { changed(decision, before, after) }
        }
        // The errand stays leased: what became of it is found out when the lease ends.
        Delivery::Unknown { problem } => {
            after.problem = Some(problem.clone());
            let news = before.state == MessageState::Queued && after != *before;
            if news { changed(decision, before, after) } else { decision }
        }
        _ if before.state != MessageState::Queued => decision.errand(over(true)),
        Delivery::Sandboxed => {
            after.state = MessageState::Sandboxed;
            changed(decision.errand(over(true)), before, after)
        }
        Delivery::Later { due_at, problem } => {
            after.problem = Some(problem.clone());
            let again = ErrandChange::Again { id: errand_id.clone(), due_at: *due_at };
            let decision = decision.errand(again);
            if after == *before { decision } else { changed(decision, before, after) }
        }
        Delivery::Refused { code, problem } => {
            after.state = MessageState::Failed;
            after.problem = Some(problem.clone());
            let decision = changed(decision.errand(over(false)), before, after);
            opted_out_at_provider(room, decision, *code)
        }
        Delivery::Expired => {
            after.state = MessageState::Failed;
            after.problem = Some("expired".to_owned());
            changed(decision.errand(over(false)), before, after)
        }
    }
}

/// The provider knows of a STOP that we did not see: believe it.
fn opted_out_at_provider(room: &Conversation, decision: Decision, code: Option<i64>) -> Decision {
    match room.thread.as_deref() {
        Some(thread) if code == Some(OPTED_OUT_AT_PROVIDER) => {
            let after = Thread { consent: Consent::Withdrawn, ..thread.clone() };
            thread_changed(room, decision, after)
        }
        _ => decision,
    }
}

/// What the provider told.
struct News<'a> {
    provider_id: &'a Option<Arc<str>>,
    state: MessageState,
    code: Option<i64>,
    problem: &'a Option<String>,
}

fn record_status(room: &Conversation, before: &Message, news: &News<'_>) -> Decision {
    if before.direction == Direction::Incoming || !before.state.may_become(news.state) {
        return Decision::nothing();
    }
    let mut after = before.clone();
    after.state = news.state;
    if after.provider_id.is_none() {
        after.provider_id.clone_from(news.provider_id);
    }
    if news.problem.is_some() {
        after.problem.clone_from(news.problem);
    }
    let mut decision = changed(Decision::nothing(), before, after);
    // The provider has it, although its answer to our request never came: do not ask it again.
    if let (MessageState::Queued, Some(id)) = (before.state, &before.errand_id) {
        decision = decision.errand(ErrandChange::Over { id: id.clone(), done: true });
    }
    opted_out_at_provider(room, decision, news.code)
}

fn receive(room: &Conversation, text: &Incoming, now: Timestamp) -> Decision {
    if room.messages.contains_key(&text.id) {
        return Decision::nothing();
    }
    let mut thread = room.thread_or_new(&text.phone);
    (thread.open, thread.snoozed_until) = (true, None);
    thread.customer_id = thread.customer_id.or_else(|| text.customer_id.clone());
    thread.technician_id = thread.technician_id.or_else(|| text.technician_id.clone());
    match text.keyword {
        Some(Keyword::Stop) => thread.consent = Consent::Withdrawn,
        Some(Keyword::Start) => thread.consent = Consent::Given,
        Some(Keyword::Help) | None => {}
    }
    let stopped = text.keyword == Some(Keyword::Stop);
    let mut decision = thread_changed(room, Decision::nothing(), thread);
    decision =
        decision.and(ConversationEvent::MessageReceived { message: Box::new(received(text, now)) });
    if stopped {
        decision = room.messages.values().filter(|kept| waits(kept)).fold(decision, |all, kept| {
            let after = Message {
                state: MessageState::Failed,
                problem: Some("opted_out".to_owned()),
                ..kept.message.clone()
            };
            let all = changed(all, &kept.message, after);
            match &kept.message.errand_id {
                Some(id) => all.errand(ErrandChange::Cancelled { id: id.clone() }),
                None => all,
            }
        });
    }
    if let Some(answer) = &text.answer
        && let Ok(queued) = queue(room, &answer.0, &answer.1, now)
    {
        let messages = queued.events.into_iter().filter(|event| {
            matches!(
                event,
                crate::event::Event::Conversations(ConversationEvent::MessageQueued { .. })
            )
        });
        decision.events.extend(messages);
        decision.errands.extend(queued.errands);
    }
    decision
}

fn received(text: &Incoming, now: Timestamp) -> Message {
    Message {
        id: text.id.clone(),
        conversation_id: crate::ids::ConversationId::for_phone(&text.phone),
        direction: Direction::Incoming,
        channel: Channel::Sms,
        phone: text.phone.clone(),
        body: text.body.clone(),
        kind: MessageKind::Incoming,
        language: text.language,
        state: MessageState::Received,
        problem: None,
        job_id: text.job_id.clone(),
        at: now,
        due_at: now,
        expires_at: None,
        provider_id: Some(text.provider_id.clone()),
        by: Arc::clone(&text.phone),
        jobs: 1,
        merged: None,
        errand_id: None,
        suggested: None,
    }
}
