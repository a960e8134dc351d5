//! What follows when the house took a text back: whoever was to read it may have to be told after all. A visit that came while
//! the text still waited was weighed against it, as if it were to be read. What a person takes back stays back.

use super::{Reaction, consider};
use crate::conversations::protocol::{ConversationEvent, Message, MessageState};
use crate::engine::journal::Recorded;
use crate::ids::JobId;
use crate::notifications::protocol::Trigger;
use crate::notifications::{CUSTOMER_KINDS, TECHNICIAN_KINDS};

/// Name of the reaction by which the house takes a text back.
pub(super) const RECALL: &str = "recall";

/// Asks whether somebody should know, once what they were to read is gone.
pub(super) fn again(recorded: &Recorded, event: &ConversationEvent) -> Option<Reaction> {
    recorded.cause.as_ref().filter(|cause| &*cause.reaction == RECALL)?;
    let (message, job) = match event {
        ConversationEvent::MessageChanged { after, .. }
            if after.state == MessageState::Recalled =>
        {
            (after, after.job_id.clone()?)
        }
        ConversationEvent::MessageRewritten { before, after } => (after, left_out(before, after)?),
        _ => return None,
    };
    let is_telling =
        CUSTOMER_KINDS.contains(&message.kind) || TECHNICIAN_KINDS.contains(&message.kind);
    is_telling.then(|| consider("tell", &job, Trigger::Recalled))
}

/// The job that a text of several says no more of.
fn left_out(before: &Message, after: &Message) -> Option<JobId> {
    let left = after.parts();
    let mut gone = before.parts().into_iter();
    gone.find(|part| left.iter().all(|one| one.job_id != part.job_id))?.job_id
}
