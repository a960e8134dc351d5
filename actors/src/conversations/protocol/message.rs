//! One text between people: which way it goes, what it is about, where it stands.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::refusal::Language;
use crate::ids::{ConversationId, ErrandId, JobId, MessageId, TechnicianId};

/// By which way a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A text.
    Sms,
    /// A mail.
    Email,
    /// A call.
    Call,
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To us.
    Incoming,
    /// From us.
    Outgoing,
}

/// What a message is about; decides quiet hours, merging and consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// To a technician: a job is theirs.
    JobAssigned,
    /// To a technician: they go along with whoever leads a job.
    CrewAssigned,
    /// To a technician: the day is published.
    SchedulePublished,
    /// To a technician: a job that they were told of is not theirs after all.
    JobTakenOff,
    /// To a technician: a job is offered.
    JobOffered,
    /// To a technician: an offered job is no longer to be had, or cannot be.
    OfferFilled,
    /// To a customer: when we will come.
    VisitPromised,
    /// To a customer: the technician left.
    OnTheWay,
    /// To a customer: another arrival time.
    EtaChanged,
    /// To a customer: the window will be missed.
    Late,
    /// To a customer: another day or window.
    Rescheduled,
    /// To a customer: nobody comes.
    Cancelled,
    /// To a customer: the hour that they were told holds no more, and another will be told.
    HourGone,
    /// To a customer: work is done.
    Done,
    /// Written by a person.
    Reply,
    /// STOP was understood.
    OptOutConfirmed,
    /// START was understood.
    OptInConfirmed,
    /// HELP was asked.
    Help,
    /// To a dispatcher who asks by text who could take a job: the answer.
    Suggestion,
    /// Came in.
    Incoming,
}

impl MessageKind {
    /// As it stands in a row and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::JobAssigned => "job_assigned",
            Self::CrewAssigned => "crew_assigned",
            Self::SchedulePublished => "schedule_published",
            Self::JobTakenOff => "job_taken_off",
            Self::JobOffered => "job_offered",
            Self::OfferFilled => "offer_filled",
            Self::VisitPromised => "visit_promised",
            Self::OnTheWay => "on_the_way",
            Self::EtaChanged => "eta_changed",
            Self::Late => "late",
            Self::Rescheduled => "rescheduled",
            Self::Cancelled => "cancelled",
            Self::HourGone => "hour_gone",
            Self::Done => "done",
            Self::Reply => "reply",
            Self::OptOutConfirmed => "opt_out_confirmed",
            Self::OptInConfirmed => "opt_in_confirmed",
            Self::Help => "help",
            Self::Suggestion => "suggestion",
            Self::Incoming => "incoming",
        }
    }

    /// True for what a person may have to approve first: plans, not arrivals of this hour, which are no correction.
    pub fn may_be_drafted(self) -> bool {
        !matches!(self, Self::OnTheWay | Self::EtaChanged | Self::Late)
    }

    /// True for the few texts that answer STOP, START and HELP, and so go out whatever the consent.
    pub fn is_answer_to_keyword(self) -> bool {
        matches!(self, Self::OptOutConfirmed | Self::OptInConfirmed | Self::Help)
    }
}

/// Where a message stands. Later ones win over earlier ones, whatever the order of arrival.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// A correction that waits for a person's approval.
    Drafted,
    /// Waits here, to be sent.
    Queued,
    /// The provider has it.
    Sent,
    /// The phone has it.
    Delivered,
    /// The person opened it.
    Read,
    /// It will not arrive.
    Failed,
    /// A person took it back in time.
    Recalled,
    /// Nothing left the house: outbound is in the sandbox.
    Sandboxed,
    /// It came in.
    Received,
}

impl MessageState {
    /// As it stands in a row and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Recalled => "recalled",
            Self::Sandboxed => "sandboxed",
            Self::Received => "received",
        }
    }

    /// True when news of `next` may be believed: a state only goes forward, whatever the order of arrival, and
    /// what was delivered cannot fail any more.
    pub fn may_become(self, next: Self) -> bool {
        use MessageState::{Delivered, Failed, Queued, Read, Sent};
        matches!(
            (self, next),
            (Queued, Sent | Delivered | Read | Failed)
                | (Sent, Delivered | Read | Failed)
                | (Delivered, Read)
        )
    }
}

/// One text between people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// Its thread.
    pub conversation_id: ConversationId,
    /// Which way.
    pub direction: Direction,
    /// By which way.
    pub channel: Channel,
    /// The other side's E.164 number.
    pub phone: Arc<str>,
    /// The text.
    pub body: String,
    /// What about.
    pub kind: MessageKind,
    /// In which language.
    pub language: Language,
    /// Where it stands.
    pub state: MessageState,
    /// Why it failed or was held back, in words.
    #[serde(default)]
    pub problem: Option<String>,
    /// About which job.
    #[serde(default)]
    pub job_id: Option<JobId>,
    /// When it came to be.
    pub at: Timestamp,
    /// When it may leave.
    pub due_at: Timestamp,
    /// When it is of no use any more.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// The provider's id.
    #[serde(default)]
    pub provider_id: Option<Arc<str>>,
    /// Who wrote it.
    pub by: Arc<str>,
    /// For how many jobs it stands.
    #[serde(default = "one")]
    pub jobs: u32,
    /// What it says of each, where it stands for several or did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<Box<Merged>>,
    /// The errand that sends it.
    #[serde(default)]
    pub errand_id: Option<ErrandId>,
    /// What it lets a dispatcher choose from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested: Option<Box<Suggested>>,
}

/// What a dispatcher was told when they asked who could take a job: they may choose from it, as long as it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggested {
    /// Which job.
    pub job_id: JobId,
    /// Its version at that moment.
    pub version: i64,
    /// The best first, as they were numbered from 1.
    pub slots: Vec<SuggestedSlot>,
}

/// One to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuggestedSlot {
    /// Who.
    pub technician_id: TechnicianId,
    /// Their whole name.
    pub name: String,
    /// Arrival.
    pub start: Timestamp,
}

/// One of several texts that became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The id that it bears among what was told.
    pub id: MessageId,
    /// About which job.
    pub job_id: Option<JobId>,
    /// What it says alone.
    pub body: String,
    /// When it is of no use any more.
    pub expires_at: Option<Timestamp>,
}

/// Several texts as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Merged {
    /// Before the number of jobs.
    pub before: String,
    /// After it.
    pub after: String,
    /// Those that are left, in order.
    pub parts: Vec<Part>,
}

impl Message {
    /// The texts that it stands for: itself where none has joined it.
    pub fn parts(&self) -> Vec<Part> {
        let own = || {
            vec![Part {
                id: self.id.clone(),
                job_id: self.job_id.clone(),
                body: self.body.clone(),
                expires_at: self.expires_at,
            }]
        };
        self.merged.as_ref().map_or_else(own, |merged| merged.parts.clone())
    }
}

fn one() -> u32 {
    1
}
