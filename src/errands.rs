//! The only match from an errand's kind to an integration. It sends at most what the outbound mode, the person's
//! consent and the text's use still allow, and tells the conversation how it went.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use actors::conversations::protocol::{
    Command, Consent, Delivery, Message, MessageKind, MessageState,
};
use actors::engine::clock::Clock;
use actors::engine::shell::Circumstances;
use actors::errand::Errand;
use actors::ids::{ConversationId, MessageId};
use actors::rooms::Rooms;
use actors::workers::courier::{ATTEMPTS_MAX, Carrier, Leased, next_try};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::SignedDuration;

use crate::config::Outbound;
use crate::conversations::store;
use crate::integrations::twilio::client::{Class, Client, Failure, Outgoing};
use crate::journal::SqlJournal;
use crate::sabotage::Broken;
use crate::telemetry::metrics::metrics;

/// Carries errands out.
#[derive(Clone)]
pub struct Errands {
    /// For telling how it went.
    pub rooms: Rooms,
    /// For reading what is to be sent.
    pub journal: SqlJournal,
    /// What time it is.
    pub clock: Clock,
    /// What may leave the house.
    pub outbound: Outbound,
    /// Numbers that texts may go to in `allowlist`.
    pub allowed: Arc<HashSet<String>>,
    /// Twilio, when its settings are there.
    pub twilio: Option<Client>,
}

impl Carrier for Errands {
    fn carry(&self, leased: Leased) -> BoxFuture<'static, ()> {
        let errands = self.clone();
        async move {
            match leased.errand.clone() {
                Errand::SendText { conversation_id, message_id, .. } => {
                    errands.send_text(leased, conversation_id, message_id).await;
                }
            }
        }
        .boxed()
    }
}

impl Errands {
    async fn send_text(&self, leased: Leased, conversation: ConversationId, message: MessageId) {
        let Some(delivery) = self.attempt(&leased, &message).await else { return };
        metrics().errand_attempt("send_text", outcome(&delivery));
        let command = Arc::new(Command::RecordDelivery {
            message_id: message,
            errand_id: leased.id,
            delivery,
        });
        // What happened outside must be written down, however long that takes.
        let mut pause = Duration::from_millis(100);
        loop {
            let why = Circumstances::by("courier");
            match self.rooms.conversations.ask(conversation.key(), command.clone(), why).await {
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(%error, "the result of a text waits to be written down");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(5));
                }
            }
        }
    }

    /// Tries once. None: it could not be tried; the lease runs out, and the next try asks the provider first.
    async fn attempt(&self, leased: &Leased, id: &MessageId) -> Option<Delivery> {
        let (message, consent) = match self.read(id).await {
            Ok(read) => read?,
            Err(error) => {
                tracing::warn!(%error, "a text could not be read");
                return None;
            }
        };
        let now = self.clock.now();
        if message.state != MessageState::Queued {
            return Some(Delivery::Expired);
        }
        let client = match (&self.twilio, self.outbound) {
            (_, Outbound::Sandbox) => None,
            (client, Outbound::Allowlist) if self.allowed.contains(&*message.phone) => {
                client.as_ref()
            }
            (_, Outbound::Allowlist) => None,
            (client, Outbound::Live) => client.as_ref(),
        };
        // What became of an earlier try comes first: neither its age nor a STOP since can undo a text that went out.
        if let Some(client) = client
            && leased.unknown
            && !Broken::SendWithoutAsking.is_wanted()
        {
            match self.find(client, &message, leased).await {
                Ok(Some(provider_id)) => return Some(Delivery::Accepted { provider_id }),
                Ok(None) => {}
                Err(()) => return None,
            }
        }
        if consent == Consent::Withdrawn && !message.kind.is_answer_to_keyword() {
            return Some(Delivery::Refused { code: None, problem: "opted_out".to_owned() });
        }
        if leased.expires_at.is_some_and(|end| end <= now) {
            return Some(Delivery::Expired);
        }
        let Some(client) = client else { return Some(Delivery::Sandboxed) };
        if leased.attempt > ATTEMPTS_MAX {
            return Some(Delivery::Refused { code: None, problem: "gave_up".to_owned() });
        }
        self.send(client, &message, leased).await
    }

    async fn read(
        &self,
        id: &MessageId,
    ) -> Result<Option<(Message, Consent)>, crate::journal::database::ReadError> {
        let mut connection = self.journal.database().readers.acquire().await?;
        let Some(message) = store::message(&mut connection, id.as_str()).await? else {
            return Ok(None);
        };
        let consent = store::consent(&mut connection, &message.phone).await?;
        Ok(Some((message, consent)))
    }

    async fn send(&self, client: &Client, message: &Message, leased: &Leased) -> Option<Delivery> {
        let text = Outgoing {
            message_id: message.id.as_str(),
            to: &message.phone,
            body: &message.body,
            class: class(message.kind),
        };
        match client.send(text).await {
            Ok(accepted) => Some(Delivery::Accepted { provider_id: accepted.sid.into() }),
            Err(Failure::Again { after, reason }) => {
                let after =
                    SignedDuration::try_from(after).unwrap_or(SignedDuration::from_secs(60));
                let now = self.clock.now();
                let due_at = next_try(leased.attempt, now).max(now + after);
                Some(Delivery::Later { due_at, problem: reason.to_owned() })
            }
            Err(Failure::Never { code, reason }) => {
                Some(Delivery::Refused { code: Some(i64::from(code)), problem: reason.to_owned() })
            }
            Err(Failure::Unknown { reason }) => {
                tracing::warn!(message = %message.id, reason, "nobody knows whether a text went out");
                Some(Delivery::Unknown { problem: reason.to_owned() })
            }
        }
    }

    /// The provider's id of an earlier try that went out after all.
    async fn find(
        &self,
        client: &Client,
        message: &Message,
        leased: &Leased,
    ) -> Result<Option<Arc<str>>, ()> {
        let found =
            client.find(&message.phone, &message.body, leased.first_tried_at).await.map_err(
                |error| tracing::warn!(%error, "the provider could not be asked what it has"),
            )?;
        let mut connection = self.journal.database().readers.acquire().await.map_err(|_| ())?;
        for candidate in found {
            let known =
                store::by_provider(&mut connection, &candidate.sid).await.map_err(|_| ())?;
            if known.is_none_or(|other| other.id == message.id) {
                return Ok(Some(candidate.sid.into()));
            }
        }
        Ok(None)
    }
}

fn class(kind: MessageKind) -> Class {
    match kind {
        MessageKind::OnTheWay | MessageKind::EtaChanged | MessageKind::Late => Class::Prompt,
        _ => Class::Ordinary,
    }
}

fn outcome(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Accepted { .. } => "accepted",
        Delivery::Sandboxed => "sandboxed",
        Delivery::Refused { .. } => "refused",
        Delivery::Later { .. } => "later",
        Delivery::Unknown { .. } => "unknown",
        Delivery::Expired => "expired",
    }
}
