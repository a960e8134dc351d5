//! Where a thread lies, put back as it was before an act that is taken back. Consent and texts are nobody's to put back.

use jiff::Timestamp;

use crate::conversations::Conversation;
use crate::conversations::decide::{WAKE, known, thread_changed};
use crate::conversations::protocol::{ConversationRefusal, Thread};
use crate::engine::component::Decision;
use crate::engine::journal::AlarmChange;

/// The thread as it lay before; a snooze that is over by now is over.
pub(super) fn lay_back(
    room: &Conversation,
    before: Option<&Thread>,
    now: Timestamp,
) -> Result<Decision, ConversationRefusal> {
    let mut thread = known(room)?;
    (thread.open, thread.snoozed_until) =
        before.map_or((false, None), |before| (before.open, before.snoozed_until));
    thread.assignee = before.and_then(|before| before.assignee.clone());
    if thread.snoozed_until.is_some_and(|until| until <= now) {
        (thread.open, thread.snoozed_until) = (true, None);
    }
    let alarm = match thread.snoozed_until {
        Some(due_at) => AlarmChange::Set { name: WAKE.into(), due_at },
        None => AlarmChange::Cleared { name: WAKE.into() },
    };
    Ok(thread_changed(room, Decision::nothing(), thread).alarm(alarm))
}
