//! What the notifications of a job are asked, and what they decided to tell.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::board::protocol::Digest;
use crate::conversations::protocol::MessageKind;
use crate::engine::refusal::{Language, Refused};
use crate::ids::{CustomerId, JobId, MessageId, OfferId, TechnicianId, VisitId};
use crate::technicians::protocol::Span;

/// A time that a customer was told. Each has a number, rising per job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Promise {
    /// 1 for the first.
    pub number: i64,
    /// About which visit.
    pub visit_id: VisitId,
    /// The text that told it.
    pub message_id: MessageId,
    /// What kind of text.
    pub kind: MessageKind,
    /// From.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Until.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// True when a single time was told, false for a window.
    pub is_eta: bool,
    /// When it was decided to tell it.
    #[schema(value_type = String)]
    pub told_at: Timestamp,
}

impl Promise {
    /// The promised stretch of time.
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// What made us think of telling someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A visit was planned or moved.
    Planned,
    /// The same, by a publish: technicians hear of it once, by a digest.
    Published,
    /// A visit was taken off the board.
    Removed,
    /// A visit's status changed, or the job was called off.
    Status,
    /// The expected arrival moved.
    Eta,
    /// The job was offered, an offer of it went on, or a text of it does not arrive.
    Offer,
    /// A cancellation was taken back, and no visit stands.
    Restored,
    /// What waited was taken back. A visit that came meanwhile was weighed against it, as if it were still to be read.
    Recalled,
}

/// What the notifications of a job may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// Something changed: is there anyone to tell?
    Consider { trigger: Trigger },
    /// A technician's schedule was published: one text for all of it.
    Digest(Box<Digest>),
}

/// A text that should go out, complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Telling {
    /// Id the message will bear.
    pub message_id: MessageId,
    /// To whom.
    pub phone: Arc<str>,
    /// The text.
    pub body: String,
    /// The text before and after the number of jobs, when several are told at once.
    pub merged: Option<(String, String)>,
    /// What kind.
    pub kind: MessageKind,
    /// In which language.
    pub language: Language,
    /// When it may leave.
    pub due_at: Timestamp,
    /// When it is of no use any more.
    pub expires_at: Option<Timestamp>,
    /// The customer told, if it is one.
    pub customer_id: Option<CustomerId>,
    /// The technician told, if it is one.
    pub technician_id: Option<TechnicianId>,
    /// True for a correction that a person must approve before it goes.
    #[serde(default)]
    pub held: bool,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum NotificationEvent {
    /// The customer should know; with a time, it is a promise.
    CustomerShouldKnow {
        job_id: JobId,
        telling: Telling,
        promise: Option<Promise>,
        visit_id: Option<VisitId>,
    },
    /// The technician should know.
    TechnicianShouldKnow { job_id: JobId, telling: Telling, visit_id: VisitId, start: Timestamp },
    /// Somebody who is offered the job should know, or that it is no longer to be had.
    OfferShouldBeKnown { job_id: JobId, offer_id: OfferId, telling: Telling },
    /// The text that offers the job to somebody does not arrive: nobody asked them.
    OfferUntold { job_id: JobId, offer_id: OfferId, technician_id: TechnicianId },
    /// The technician should know of a published schedule: several jobs by one text.
    ScheduleShouldKnow {
        job_id: JobId,
        telling: Telling,
        told: Vec<(JobId, VisitId, Timestamp)>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        assisting: Vec<(JobId, VisitId, Timestamp)>,
    },
    /// What still waits about this job should not go out after all.
    TellingRecalled {
        job_id: JobId,
        phone: Arc<str>,
        about: RecalledAbout,
        promise_number: Option<i64>,
    },
    /// Somebody should know and cannot be told: no number, or no consent.
    CannotTell { job_id: JobId, kind: MessageKind, why: Untold },
}

/// Which waiting texts are taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecalledAbout {
    /// Those to the customer.
    Customer,
    /// The one to the technician.
    Technician,
    /// Those to somebody who was offered the job.
    Offer,
}

/// Why someone cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Untold {
    /// There is no phone number.
    NoPhone,
    /// They said STOP.
    OptedOut,
}

/// Notifications never refuse: not telling is an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotificationRefusal {}

impl Refused for NotificationRefusal {
    fn code(&self) -> &'static str {
        match *self {}
    }

    fn detail(&self, _: Language) -> String {
        match *self {}
    }
}
