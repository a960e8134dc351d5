//! Texts that a person must approve: corrections that follow an undo which came too late to recall what it contradicts.
//! They are sent by the same errand as every other text, and by no other way.

use jiff::Timestamp;

use crate::conversations::Conversation;
use crate::conversations::decide::changed;
use crate::conversations::protocol::{Consent, ConversationRefusal, Message, MessageState};
use crate::engine::component::Decision;
use crate::engine::journal::ErrandChange;
use crate::errand::Errand;
use crate::ids::{ErrandId, MessageId};

/// Lets a drafted text go, at once.
pub(super) fn approve(
    room: &Conversation,
    message_id: &MessageId,
    now: Timestamp,
) -> Result<Decision, ConversationRefusal> {
    let kept = room.messages.get(message_id).ok_or(ConversationRefusal::NoSuchMessage)?;
    let before = &kept.message;
    let (MessageState::Drafted, Some(errand_id)) = (before.state, &before.errand_id) else {
        return Err(ConversationRefusal::NotDrafted);
    };
    if room.consent() == Consent::Withdrawn {
        return Err(ConversationRefusal::OptedOut);
    }
    let mut after = before.clone();
    (after.state, after.due_at) = (MessageState::Queued, now);
    let errand = errand(&after, errand_id);
    Ok(changed(Decision::nothing(), before, after).errand(errand))
}

/// What sends a text when its time comes.
pub(super) fn errand(message: &Message, id: &ErrandId) -> ErrandChange {
    ErrandChange::New {
        id: id.clone(),
        errand: Errand::SendText {
            conversation_id: message.conversation_id.clone(),
            message_id: message.id.clone(),
            phone: message.phone.clone(),
        },
        due_at: message.due_at,
        expires_at: message.expires_at,
    }
}
