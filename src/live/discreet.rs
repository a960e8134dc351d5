//! What somebody who may not read texts is told of them: that there is one and how it fares, never its words, which
//! hold the links that open technicians' and customers' pages. Changes nothing else of a frame.

use actors::workers::hub::Frame;
use bytes::Bytes;
use serde_json::Value;

use super::topics::Topic;
use crate::auth::extract::Role;

/// Whether a role is told everything.
pub fn sees_all(role: Role) -> bool {
    matches!(role, Role::Admin | Role::Dispatcher)
}

/// Whether a frame is nothing of this role's at all: drafts are dispatchers' alone.
fn is_withheld(role: Role, frame: &Frame) -> bool {
    frame.kind.starts_with("draft.") && !sees_all(role)
}

/// Whether a frame must be cut for this role.
pub fn hides(role: Role, frame: &Frame) -> bool {
    if is_withheld(role, frame) {
        return true;
    }
    frame.kind.starts_with("message.") && !Topic::Conversations.is_open_to(role)
}

/// The frame's object without the words; `None` if it cannot be cut, and then nothing of it may be told.
pub fn json(frame: &Frame) -> Option<Bytes> {
    let mut object: Value = serde_json::from_slice(&frame.json).ok()?;
    object.get_mut("data")?.get_mut("message")?.as_object_mut()?.remove("body");
    serde_json::to_vec(&object).ok().map(Bytes::from)
}

/// The same as an event of a stream.
pub fn event(frame: &Frame) -> Option<Bytes> {
    let object = json(frame)?;
    let mut event = Vec::with_capacity(object.len() + 64);
    if let Some(seq) = frame.seq {
        event.extend_from_slice(format!("id: {seq}\n").as_bytes());
    }
    event.extend_from_slice(format!("event: {}\ndata: ", frame.kind).as_bytes());
    event.extend_from_slice(&object);
    event.extend_from_slice(b"\n\n");
    Some(event.into())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    #[test]
    fn whoever_may_not_read_texts_hears_of_them_without_their_words() {
        let topics: [Arc<str>; 1] = ["dispatch".into()];
        let data = json!({"message": {"id": "msg_1", "state": "queued", "body": "/t/secret"}});
        let frame =
            Frame::durable(7, Timestamp::UNIX_EPOCH, "message.queued", topics, &data).unwrap();
        for role in [Role::Viewer, Role::Accounting, Role::Network] {
            assert!(hides(role, &frame), "{role:?}");
        }
        assert!(!hides(Role::Support, &frame));
        let event = event(&frame).unwrap();
        let text = std::str::from_utf8(&event).unwrap();
        assert!(text.starts_with("id: 7\nevent: message.queued\ndata: {"), "{text}");
        assert!(text.contains("msg_1") && !text.contains("secret"), "{text}");
        assert!(text.ends_with("}\n\n"), "{text}");
    }
}
