//! The texts of several changes that are made together: what the notifications would decide of each, put through copies of the
//! conversations, so that what would be merged is shown merged and what would be refused is shown refused. Nobody hears of
//! the copies; nothing is written down and nothing leaves.

use std::collections::BTreeMap;

use actors::conversations::Conversation;
use actors::conversations::protocol::{Message, MessageState};
use actors::engine::component::Component;
use actors::engine::journal::Recorded;
use actors::engine::shell::Loader;
use actors::ids::ConversationId;
use actors::reactions::{Order, reactions};
use jiff::Timestamp;

use super::draft::{DraftedText, Imagined, decided, shelves, text};
use crate::error::Problem;
use crate::house::House;

/// What several changes would tell, and take back unread.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Together {
    /// Texts as they would leave, and people who could not be told.
    pub texts: Vec<DraftedText>,
    /// Texts that still wait and would never leave.
    pub recalled: Vec<DraftedText>,
}

/// A conversation as it is, and as it would be.
struct Thread {
    before: Conversation,
    after: Conversation,
}

/// The texts of these changes: a job, and its visit as it would be; none takes it off the board.
///
/// # Errors
/// When the rows cannot be read.
pub async fn together(
    house: &House,
    changes: Vec<(String, Option<Imagined>)>,
) -> Result<Together, Problem> {
    let now = house.clock.now();
    let mut threads: BTreeMap<ConversationId, Thread> = BTreeMap::new();
    let (mut said, mut untold): (Vec<DraftedText>, Vec<DraftedText>) = Default::default();
    for (job_id, imagined) in changes {
        let (room, decision) = decided(house, &job_id, imagined).await?;
        for event in decision.events {
            match text(&room, &job_id, &event) {
                Some(one) if one.body.is_none() => untold.push(one),
                Some(one) => said.push(one),
                None => {}
            }
            let recorded = Recorded {
                seq: 0,
                at: now,
                key: job_id.as_str().into(),
                by: "house".into(),
                cause: None,
                event,
            };
            for reaction in reactions(&recorded) {
                let Order::Conversations(id, command) = reaction.order else { continue };
                let thread = match threads.entry(id.clone()) {
                    std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                    std::collections::btree_map::Entry::Vacant(free) => {
                        let before = read(house, &id).await?;
                        free.insert(Thread { after: before.clone(), before })
                    }
                };
                // Whom a conversation refuses is not told; the words for it come from the notifications.
                let decision = thread.after.decide(&command, now).unwrap_or_default();
                decision.events.iter().for_each(|event| thread.after.apply(event, 0, now));
            }
        }
    }
    let mut all = Together::default();
    threads.values().for_each(|thread| compared(thread, &said, now, &mut all));
    // In the order in which the changes stand, customers and technicians alike.
    let place = |one: &DraftedText| said.iter().position(|known| known.job_id == one.job_id);
    all.texts.sort_by_key(|one| (place(one), one.to == "technician"));
    all.texts.extend(untold);
    Ok(all)
}

async fn read(house: &House, id: &ConversationId) -> Result<Conversation, Problem> {
    let loaded: Result<(Conversation, _), _> = shelves(house).load(id.key()).await;
    let (conversation, _) = loaded.map_err(|error| {
        tracing::error!(%error, "a conversation could not be read");
        Problem::overloaded()
    })?;
    Ok(conversation)
}

/// What differs between the two states of a conversation.
fn compared(thread: &Thread, said: &[DraftedText], now: Timestamp, all: &mut Together) {
    for (id, kept) in &thread.after.messages {
        let message = &kept.message;
        let before = thread.before.messages.get(id).map(|kept| &kept.message);
        if before.is_some_and(|old| old.body == message.body && old.state == message.state) {
            continue;
        }
        match message.state {
            MessageState::Queued => all.texts.push(shown(message, said)),
            // Made and unmade by the same changes: nobody ever waits for it.
            MessageState::Recalled if before.is_some() => all.recalled.push(shown(message, said)),
            MessageState::Failed if message.at == now => {
                let one = DraftedText {
                    body: None,
                    untold: Some("opted_out".into()),
                    ..shown(message, said)
                };
                all.texts.push(one);
            }
            _ => {}
        }
    }
}

fn shown(message: &Message, said: &[DraftedText]) -> DraftedText {
    let phone = message.phone.to_string();
    let job_id = message.job_id.as_ref().map_or_else(String::new, |id| id.to_string());
    let known = said.iter().find(|one| one.phone.as_ref() == Some(&phone));
    DraftedText {
        job_id,
        to: known.map_or("customer".into(), |one| one.to.clone()),
        name: known.map_or_else(String::new, |one| one.name.clone()),
        phone: Some(phone),
        kind: message.kind.code().to_owned(),
        body: Some(message.body.clone()),
        due_at: Some(message.due_at),
        untold: None,
    }
}
