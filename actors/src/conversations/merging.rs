//! Several texts to one technician as one, part by part: what joins it, and what is left of it when the reason for a part
//! is taken back. Whatever has begun to leave is never touched.

use jiff::Timestamp;

use crate::conversations::Conversation;
use crate::conversations::decide::{recalled, waits};
use crate::conversations::protocol::{
    ConversationEvent, Merged, Message, MessageState, Outgoing, Part,
};
use crate::engine::component::Decision;
use crate::engine::journal::ErrandChange;
use crate::ids::JobId;

/// Texts to one technician that still wait out their undo time become one, and so do drafts of one kind. It waits as long as
/// the last of them must; one that has waited that long already is joined by no more, so that a busy hour never keeps it back.
pub(super) fn join(room: &Conversation, text: &Outgoing, now: Timestamp) -> Option<Decision> {
    let frame = text.merged_body.as_ref()?;
    let wait = text.due_at.duration_since(now);
    let waiting = room.messages.values().find(|kept| {
        let message = &kept.message;
        // What joined before parts were kept can be taken apart no more.
        if message.kind != text.kind || (message.jobs > 1 && message.merged.is_none()) {
            return false;
        }
        if text.held {
            return message.state == MessageState::Drafted;
        }
        let is_young = message.due_at > now && now.duration_since(message.at) < wait;
        waits(kept) && is_young
    })?;
    let before = &waiting.message;
    let mut parts = before.parts();
    // The same job once more, at another time: still one job.
    parts.retain(|part| part.job_id != text.job_id);
    parts.push(Part {
        id: text.id.clone(),
        job_id: text.job_id.clone(),
        body: text.body.clone(),
        expires_at: text.expires_at,
    });
    let merged = Merged { before: frame.before.clone(), after: frame.after.clone(), parts };
    let due_at = before.due_at.max(text.due_at);
    rewritten(Decision::nothing(), before, merged, due_at)
}

/// Takes what a text says about a job out of it: the text itself where it says no more.
pub(super) fn without(decision: Decision, message: &Message, job_id: &JobId) -> Decision {
    let is_about = |part: &Part| part.job_id.as_ref() == Some(job_id);
    let mut parts = message.parts();
    if !parts.iter().any(is_about) || (message.jobs > 1 && message.merged.is_none()) {
        return decision;
    }
    parts.retain(|part| !is_about(part));
    let Some(merged) = message.merged.as_deref().filter(|_| !parts.is_empty()) else {
        return recalled(decision, message);
    };
    let merged = Merged { parts, ..merged.clone() };
    rewritten(decision.clone(), message, merged, message.due_at).unwrap_or(decision)
}

fn rewritten(
    decision: Decision,
    before: &Message,
    merged: Merged,
    due_at: Timestamp,
) -> Option<Decision> {
    let mut after = before.clone();
    after.jobs = u32::try_from(merged.parts.len()).ok()?;
    let (first, rest) = merged.parts.split_first()?;
    after.job_id.clone_from(&first.job_id);
    after.body = if rest.is_empty() {
        first.body.clone()
    } else {
        format!("{}{}{}", merged.before, after.jobs, merged.after)
    };
    // It is about all of them, so it is worth sending until the last of them is over.
    after.expires_at = rest.iter().fold(first.expires_at, |all, part| {
        all.zip(part.expires_at).map(|(one, other)| one.max(other))
    });
    after.due_at = due_at;
    let expires_at = after.expires_at;
    after.merged = Some(Box::new(merged));
    let event = ConversationEvent::MessageRewritten {
        before: Box::new(before.clone()),
        after: Box::new(after),
    };
    let decision = decision.and(event);
    // Nobody was asked yet to send what waits for an approval.
    if before.state == MessageState::Drafted {
        return Some(decision);
    }
    // Naming the errand makes the commit fail if the courier has just begun.
    let id = before.errand_id.clone()?;
    Some(decision.errand(ErrandChange::Moved { id, due_at, expires_at }))
}
