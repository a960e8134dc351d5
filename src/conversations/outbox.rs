//! The outbox: what was, will be, and would have been sent, as others see it.

use actors::conversations::protocol::{Channel, Direction, Message, MessageKind, MessageState};
use actors::engine::refusal::Language;
use actors::ids::{ConversationId, JobId, MessageId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// One message as the outbox and threads show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OutboxItem {
    /// Id.
    pub id: MessageId,
    /// Its thread.
    pub conversation_id: ConversationId,
    /// `incoming` or `outgoing`.
    pub direction: Direction,
    /// By which way.
    pub channel: Channel,
    /// The other side's number.
    pub to: String,
    /// Whose number it is, where the outbox is listed and the person is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_name: Option<String>,
    /// The text.
    pub body: String,
    /// What about.
    pub kind: MessageKind,
    /// In which language.
    pub language: Language,
    /// Where it stands; in the sandbox a text that waits is `sandboxed` from the start, since it will not leave.
    pub state: MessageState,
    /// True while it can still be recalled.
    pub waiting: bool,
    /// Why it failed.
    pub problem: Option<String>,
    /// When it came to be.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// When it may leave.
    #[schema(value_type = String)]
    pub due_at: Timestamp,
    /// About which job.
    pub job_id: Option<JobId>,
    /// For how many jobs it stands.
    pub jobs: u32,
    /// How many segments it takes.
    pub segments: u32,
}

impl OutboxItem {
    /// A message as others see it.
    pub fn new(message: &Message, sandbox: bool) -> Self {
        let waiting = message.state == MessageState::Queued;
        Self {
            id: message.id.clone(),
            conversation_id: message.conversation_id.clone(),
            direction: message.direction,
            channel: message.channel,
            to: message.phone.to_string(),
            to_name: None,
            body: message.body.clone(),
            kind: message.kind,
            language: message.language,
            state: if waiting && sandbox { MessageState::Sandboxed } else { message.state },
            waiting,
            problem: message.problem.clone(),
            at: message.at,
            due_at: message.due_at,
            job_id: message.job_id.clone(),
            jobs: message.jobs,
            segments: crate::texts::segments(&message.body),
        }
    }
}
