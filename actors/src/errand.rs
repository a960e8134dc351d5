//! The closed list of everything we ask of the outside world, as data. An errand is written down in the same
//! transaction as the event that asks for it; the courier carries it out, at least once.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, MessageId};

/// Something asked of the outside world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "errand", rename_all = "snake_case")]
pub enum Errand {
    /// Send the text of this message. The body is read when it leaves, so that what was rewritten while it
    /// waited goes out as rewritten.
    SendText { conversation_id: ConversationId, message_id: MessageId, phone: Arc<str> },
}

impl Errand {
    /// Stable name, for rows and figures.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SendText { .. } => "send_text",
        }
    }

    /// Errands with the same destination leave one after the other, in the order they were asked for.
    pub fn destination(&self) -> &str {
        match self {
            Self::SendText { phone, .. } => phone,
        }
    }
}
