//! What conversations are asked, what happens in them, and how they say no.

mod message;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{ConversationId, CustomerId, ErrandId, JobId, MessageId, TechnicianId};

pub use message::{
    Channel, Direction, Merged, Message, MessageKind, MessageState, Part, Suggested, SuggestedSlot,
};

/// One part of a text that several acts may share.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Id the message will bear; a second one of the same id is not queued.
    pub id: MessageId,
    /// E.164.
    pub phone: Arc<str>,
    /// The text.
    pub body: String,
    /// The text to use in its place when it joins one that still waits: the number of jobs is filled in.
    pub merged_body: Option<MergedBody>,
    /// What about.
    pub kind: MessageKind,
    /// In which language.
    pub language: Language,
    /// About which job.
    pub job_id: Option<JobId>,
    /// Whose thread, if a customer's.
    pub customer_id: Option<CustomerId>,
    /// Whose thread, if a technician's.
    pub technician_id: Option<TechnicianId>,
    /// When it may leave.
    pub due_at: Timestamp,
    /// When it is of no use any more.
    pub expires_at: Option<Timestamp>,
    /// True for a correction that a person must approve before it goes.
    pub held: bool,
    /// What it lets a dispatcher choose from.
    pub suggested: Option<Box<Suggested>>,
}

/// How a text reads when it stands for several jobs: prefix, number, rest.
#[derive(Clone, Debug, PartialEq)]
pub struct MergedBody {
    /// Before the number.
    pub before: String,
    /// After the number.
    pub after: String,
}

/// Consent of the person at a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Texts may be sent.
    #[default]
    Given,
    /// STOP.
    Withdrawn,
}

/// A thread as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Thread {
    /// Id.
    pub id: ConversationId,
    /// The other side's E.164 number.
    #[schema(value_type = String)]
    pub phone: Arc<str>,
    /// The customer it is with, if known.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// The technician it is with, if it is one.
    #[serde(default)]
    pub technician_id: Option<TechnicianId>,
    /// Open, or put aside.
    pub open: bool,
    /// Put aside until then.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub snoozed_until: Option<Timestamp>,
    /// Who answers.
    #[serde(default)]
    pub assignee: Option<String>,
    /// May texts be sent.
    pub consent: Consent,
}

/// What became of an attempt to send.
#[derive(Clone, Debug, PartialEq)]
pub enum Delivery {
    /// The provider took it.
    Accepted { provider_id: Arc<str> },
    /// Outbound is in the sandbox: kept, not sent.
    Sandboxed,
    /// It will never go.
    Refused { code: Option<i64>, problem: String },
    /// It could not go now.
    Later { due_at: Timestamp, problem: String },
    /// Nobody knows whether the provider took it. The lease runs out, and the next try asks first.
    Unknown { problem: String },
    /// It came too late to be of use.
    Expired,
}

/// What a conversation's actor may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// Open the thread, with nothing in it yet.
    Open { phone: Arc<str>, customer_id: Option<CustomerId>, technician_id: Option<TechnicianId> },
    /// Send a text, when its time comes.
    Queue { message: Box<Outgoing>, errand_id: ErrandId },
    /// Take back what still waits about a job.
    RecallAbout { job_id: JobId, kinds: &'static [MessageKind] },
    /// Take back one message that still waits.
    Recall { message_id: MessageId },
    /// Take back one message if it still waits.
    RecallIfWaiting { message_id: MessageId },
    /// A person approves a text that was drafted: it may go.
    Approve { message_id: MessageId },
    /// An attempt to send ended.
    RecordDelivery { message_id: MessageId, errand_id: ErrandId, delivery: Delivery },
    /// The provider told how a message fares; `row` is the message as it was read, for a thread that has grown past it.
    RecordStatus {
        message_id: MessageId,
        row: Option<Box<Message>>,
        provider_id: Option<Arc<str>>,
        state: MessageState,
        code: Option<i64>,
        problem: Option<String>,
    },
    /// A text came in.
    Receive { message: Box<Incoming> },
    /// Someone answers this thread from now on.
    Assign { assignee: Option<String> },
    /// Put aside for good.
    Close,
    /// As it lay before: open or not, until when, with whom.
    LayBack { before: Option<Box<Thread>> },
    /// Put aside for a while.
    Snooze { until: Timestamp },
    /// The while is over.
    WakeUp,
}

/// A text that came in, with what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// Our id for it.
    pub id: MessageId,
    /// The sender's E.164 number.
    pub phone: Arc<str>,
    /// The text.
    pub body: String,
    /// The provider's id.
    pub provider_id: Arc<str>,
    /// The customer with that number, if known.
    pub customer_id: Option<CustomerId>,
    /// The technician with that number, if it is one.
    pub technician_id: Option<TechnicianId>,
    /// Their job that is nearest in time, for showing the text on its card.
    pub job_id: Option<JobId>,
    /// In which language to answer.
    pub language: Language,
    /// STOP, START or HELP, if that is all it says.
    pub keyword: Option<Keyword>,
    /// The answer to the keyword, unless the provider has answered already.
    pub answer: Option<Box<(Outgoing, ErrandId)>>,
}

/// The three words that a machine must obey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// No more texts.
    Stop,
    /// Texts again.
    Start,
    /// Who is this.
    Help,
}

/// What happened in conversations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum ConversationEvent {
    /// A thread began, or its data changed: who answers, open, aside, consent, whose it is.
    ThreadChanged { before: Option<Box<Thread>>, after: Box<Thread> },
    /// A text waits to be sent.
    MessageQueued { message: Box<Message> },
    /// A text that waits was rewritten, since another one joined it.
    MessageRewritten { before: Box<Message>, after: Box<Message> },
    /// A text's state changed.
    MessageChanged { before: MessageState, after: Box<Message> },
    /// A text came in.
    MessageReceived { message: Box<Message> },
}

/// How conversations say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConversationRefusal {
    /// There is none of that id.
    #[error("there is no such conversation")]
    Unknown,
    /// There is no such message.
    #[error("there is no such message")]
    NoSuchMessage,
    /// It has left already.
    #[error("this message has left already")]
    LeftAlready,
    /// It is not one that waits for an approval.
    #[error("this message waits for no approval")]
    NotDrafted,
    /// The person said STOP.
    #[error("this person does not want texts")]
    OptedOut,
    /// A snooze that ends in the past.
    #[error("a snooze must end in the future")]
    SnoozeInThePast,
}

impl Refused for ConversationRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "conversations.unknown",
            Self::NoSuchMessage => "conversations.no_such_message",
            Self::LeftAlready => "conversations.left_already",
            Self::NotDrafted => "conversations.not_drafted",
            Self::OptedOut => "conversations.opted_out",
            Self::SnoozeInThePast => "conversations.snooze_in_the_past",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Unknown | Self::NoSuchMessage => RefusalKind::Unknown,
            Self::LeftAlready | Self::NotDrafted => RefusalKind::Conflict,
            Self::OptedOut | Self::SnoozeInThePast => RefusalKind::Invalid,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        match self {
            Self::OptedOut => Some("/to"),
            Self::SnoozeInThePast => Some("/until"),
            _ => None,
        }
    }

    fn detail(&self, language: Language) -> String {
        let text = match (self, language) {
            (Self::Unknown, Language::Fr) => "Cette conversation n'existe pas.",
            (Self::Unknown, Language::En) => "There is no such conversation.",
            (Self::NoSuchMessage, Language::Fr) => "Ce message n'existe pas.",
            (Self::NoSuchMessage, Language::En) => "There is no such message.",
            (Self::LeftAlready, Language::Fr) => {
                "Ce message est déjà parti; il ne peut plus être rappelé."
            }
            (Self::LeftAlready, Language::En) => {
                "This message has left already and cannot be recalled."
            }
            (Self::NotDrafted, Language::Fr) => "Ce message n'attend pas d'approbation.",
            (Self::NotDrafted, Language::En) => "This message waits for no approval.",
            (Self::OptedOut, Language::Fr) => {
                "Cette personne a répondu ARRET : elle ne veut pas de textos. L'appeler, ou lui écrire un courriel."
            }
            (Self::OptedOut, Language::En) => {
                "This person answered STOP and does not want texts. Call, or write an e-mail."
            }
            (Self::SnoozeInThePast, Language::Fr) => "Le rappel doit être dans le futur.",
            (Self::SnoozeInThePast, Language::En) => "The reminder must be in the future.",
        };
        text.to_owned()
    }
}
