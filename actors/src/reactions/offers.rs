//! What follows when the text of an offer does not arrive: the job's notifications find out whom it was for, and the board
//! waits for them no longer.

use std::sync::Arc;

use super::{Order, Reaction, consider, to};
use crate::board::protocol::Command;
use crate::conversations::protocol::{ConversationEvent, MessageKind, MessageState};
use crate::ids::{OfferId, TechnicianId};
use crate::notifications::protocol::Trigger;

/// Looks again at the offers of a job one of whose texts failed or was taken back.
pub(super) fn unread(event: &ConversationEvent) -> Option<Reaction> {
    let message = match event {
        ConversationEvent::MessageQueued { message } => message,
        ConversationEvent::MessageChanged { after, .. } => after,
        _ => return None,
    };
    let is_unread = matches!(message.state, MessageState::Failed | MessageState::Recalled);
    let job = message.job_id.as_ref()?;
    (is_unread && message.kind == MessageKind::JobOffered)
        .then(|| consider("untold", job, Trigger::Offer))
}

/// Tells the board whom nobody asked.
pub(super) fn untold(offer_id: &OfferId, technician_id: &TechnicianId) -> Reaction {
    let (offer_id, technician_id) = (offer_id.clone(), technician_id.clone());
    to("untold", Order::Board(Arc::new(Command::OfferUntold { offer_id, technician_id })))
}
