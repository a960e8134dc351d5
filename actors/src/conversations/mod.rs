//! Conversations: the one thread with the person at a phone number, what waits to be sent to them, how each text
//! fares, and whether they want texts at all. One actor per number.
//!
//! **Invariant:** `decide::queue` is the one gate before anything is sent: consent is asked there, and the courier
//! asks once more when a text leaves. A message's state only ever rises.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::conversations::protocol::{
    Command, Consent, ConversationEvent, ConversationRefusal, Message, MessageState, Thread,
};
use crate::engine::component::{Component, Decision};
use crate::event::{Event, Room};
use crate::ids::MessageId;

mod approval;
mod decide;
mod laying;
mod merging;
pub mod protocol;

/// Messages of a thread that are kept in mind though nothing waits for them: the newest, by when they were written.
pub const RECENT_MAX: usize = 100;

/// A message that may still change.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The message.
    pub message: Message,
    /// True once the courier has begun to send it: too late to recall or rewrite.
    pub begun: bool,
}

/// What a conversation's actor knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// The thread, once there is one.
    pub thread: Option<Box<Thread>>,
    /// Messages that wait for somebody or for their moment, all of them, and the newest `RECENT_MAX`.
    pub messages: BTreeMap<MessageId, Kept>,
    /// Older ones of which there was news lately.
    pub late: Late,
}

/// Messages that a thread has grown past, as they became while its actor was awake: newer than a row that was read before. They
/// are in the rows too, so whoever is woken from those knows no less.
#[derive(Clone, Debug, Default)]
pub struct Late(BTreeMap<MessageId, Message>);

impl PartialEq for Late {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Late {
    fn keep(&mut self, message: &Message) {
        self.0.insert(message.id.clone(), message.clone());
        // News of one text comes within minutes: whichever goes is long settled.
        if self.0.len() > RECENT_MAX {
            self.0.pop_first();
        }
    }
}

impl Component for Conversation {
    type Command = Command;
    type Refusal = ConversationRefusal;

    const ROOM: Room = Room::Conversations;

    fn decide(&self, command: &Command, now: Timestamp) -> Result<Decision, ConversationRefusal> {
        decide::decide(self, command, now)
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        let Event::Conversations(event) = event else { return };
        match event {
            ConversationEvent::ThreadChanged { after, .. } => self.thread = Some(after.clone()),
            ConversationEvent::MessageChanged { after, .. }
                if !self.messages.contains_key(&after.id) =>
            {
                self.late.keep(after);
            }
            ConversationEvent::MessageQueued { message }
            | ConversationEvent::MessageReceived { message }
            | ConversationEvent::MessageRewritten { after: message, .. }
            | ConversationEvent::MessageChanged { after: message, .. } => {
                let begun = self.messages.get(&message.id).is_some_and(|kept| kept.begun);
                let kept = Kept { message: (**message).clone(), begun };
                self.messages.insert(message.id.clone(), kept);
                self.forget_old();
            }
        }
    }
}

impl Conversation {
    /// A message, where it or news of it is remembered.
    fn known(&self, id: &MessageId) -> Option<&Message> {
        self.messages.get(id).map(|kept| &kept.message).or_else(|| self.late.0.get(id))
    }

    /// Whether texts may be sent.
    pub fn consent(&self) -> Consent {
        self.thread.as_ref().map_or(Consent::Given, |thread| thread.consent)
    }

    /// An actor that stays awake knows no more of a long thread than one that was woken from its rows.
    fn forget_old(&mut self) {
        if self.messages.len() <= RECENT_MAX {
            return;
        }
        let mut times: Vec<_> =
            self.messages.iter().map(|(id, kept)| (kept.message.at, id)).collect();
        let (_, &mut (at, id), _) =
            times.select_nth_unstable_by(RECENT_MAX - 1, |one, other| other.cmp(one));
        let oldest = (at, id.clone());
        self.messages.retain(|id, kept| {
            let waits = matches!(kept.message.state, MessageState::Drafted | MessageState::Queued);
            waits || (kept.message.at, id) >= (oldest.0, &oldest.1)
        });
    }

    /// The thread as it is, or a new one with this number.
    fn thread_or_new(&self, phone: &Arc<str>) -> Thread {
        self.thread.as_deref().cloned().unwrap_or_else(|| Thread {
            id: crate::ids::ConversationId::for_phone(phone),
            phone: phone.clone(),
            customer_id: None,
            technician_id: None,
            open: true,
            snoozed_until: None,
            assignee: None,
            consent: Consent::Given,
        })
    }
}
