//! Notifications: whether to tell someone now. One actor per job, awake only for a decision, with everything it
//! rests on read anew from the rows: the visit, its ETA, what was promised, who is to be told and how.
//!
//! Every time told to a customer is a promise, and numbered. It never sends; it decides that someone should know.

use std::sync::Arc;

use jiff::Timestamp;

use crate::board::protocol::{Offer, Visit};
use crate::conversations::protocol::{Consent, MessageKind};
use crate::engine::component::{Component, Decision};
use crate::event::{Event, Room};
use crate::ids::{CustomerId, JobId, MessageId, OfferId, TechnicianId, VisitId};
use crate::jobs::protocol::{Job, JobStatus};
use crate::notifications::protocol::{Command, NotificationRefusal, Promise};
use crate::policy::Policy;
use crate::technicians::protocol::{Eta, Person};
use crate::wording::Wording;

mod assistants;
mod corrections;
mod decide;
mod offers;
pub mod protocol;
mod recalls;
mod taken_off;
mod technician;

/// The last thing a technician was told about this job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TechnicianTold {
    /// Who.
    pub technician_id: TechnicianId,
    /// About which visit.
    pub visit_id: VisitId,
    /// Planned arrival they were told.
    pub start: Timestamp,
    /// The number they were told at.
    pub phone: Arc<str>,
    /// When it was decided to tell them.
    pub told_at: Timestamp,
    /// By which kind of text.
    pub kind: MessageKind,
    /// True while the text was not seen to leave: it waits for its hour or for an approval.
    pub waits: bool,
    /// False where nobody knows which text carries it: then it waits until its hour.
    pub is_written: bool,
}

/// Something a customer was told about this job, or should have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What kind.
    pub kind: MessageKind,
    /// About which visit.
    pub visit_id: Option<VisitId>,
    /// The text and the number it was queued to; none where nobody could be told.
    pub text: Option<(MessageId, Arc<str>)>,
}

/// Something that a technician was told of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferTold {
    /// Of which offer.
    pub offer_id: OfferId,
    /// Who.
    pub technician_id: TechnicianId,
    /// That there is one, or that it is over.
    pub kind: MessageKind,
    /// The number they were told at.
    pub phone: Arc<str>,
    /// Where the text stands.
    pub text: OfferText,
}

/// Where the text of an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferText {
    /// It was not seen to leave.
    Waits,
    /// It left.
    Left,
    /// It failed, or was taken back: whoever it was for never read it.
    Unread,
}

/// The words, which are the same for every decision.
#[derive(Clone, Debug)]
pub struct Words(pub Arc<dyn Wording>);

impl PartialEq for Words {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What the notifications of a job know.
#[derive(Clone, Debug, PartialEq)]
pub struct JobNotices {
    /// The job, once there is one.
    pub job: Option<Box<Job>>,
    /// Where it stands.
    pub status: JobStatus,
    /// Its last visit, whether open or over.
    pub visit: Option<Visit>,
    /// When the technician is expected.
    pub eta: Option<Eta>,
    /// Who goes.
    pub technician: Option<(TechnicianId, Person)>,
    /// For whom.
    pub customer: Option<(CustomerId, Person)>,
    /// Whether the customer wants texts.
    pub consent: Consent,
    /// False where another job of the same stop speaks for this one to the same customer.
    pub speaks: bool,
    /// False while the customer waits for another job of the same stop to be over.
    pub closes: bool,
    /// What the customer was told, recalled promises left out, in order.
    pub promises: Vec<Promise>,
    /// What the customer was told, in order: promises and what is none (done, cancelled). Recalled texts are left out.
    pub told: Vec<Told>,
    /// When it was decided to tell the customer what they never read: taken back, or failed.
    pub customer_unread: Vec<Timestamp>,
    /// Texts about this job that still wait.
    pub waiting: Vec<MessageId>,
    /// What technicians were told, in order. Recalled texts are left out.
    pub technician_told: Vec<TechnicianTold>,
    /// What technicians were to be told of going there and never read, in order: taken back, replaced or failed.
    pub unread: Vec<TechnicianTold>,
    /// The corrections that wait: that somebody goes there no more.
    pub taken_off: Vec<TechnicianTold>,
    /// Everybody who was told that they go, while something is taken back.
    pub told_once: Vec<(TechnicianId, Person)>,
    /// Who goes along.
    pub assistants: Vec<(TechnicianId, Person)>,
    /// What those who go or went along were told, in order. Recalled texts are left out.
    pub assistants_told: Vec<TechnicianTold>,
    /// The job's offers, oldest first, with everybody asked.
    pub offers: Vec<Offer>,
    /// Who is asked.
    pub asked: Vec<(TechnicianId, Person)>,
    /// Who has the job by a draft: they are not told that it is gone, since it may be theirs.
    pub drafted_for: Vec<TechnicianId>,
    /// What they were told, in order, with what became of the texts.
    pub offers_told: Vec<OfferTold>,
    /// When an act was done, where the last that happened to the job was taking it back: what follows is a correction of
    /// what was told since, and drafted.
    pub taken_back: Option<Timestamp>,
    /// The last that happened to the job was its publish: the technicians' digest tells them.
    pub is_published: bool,
    /// A planned arrival that somebody chose not to tell the customer.
    pub hushed: Option<Timestamp>,
    /// How many tellings there were, of any kind.
    pub tellings: i64,
    /// The company's choices.
    pub policy: Arc<Policy>,
    /// Makes texts.
    pub words: Words,
}

impl Component for JobNotices {
    type Command = Command;
    type Refusal = NotificationRefusal;

    const ROOM: Room = Room::Notifications;
    const FRESH: bool = true;

    fn decide(&self, command: &Command, now: Timestamp) -> Result<Decision, NotificationRefusal> {
        Ok(match command {
            Command::Consider { trigger } => decide::consider(self, *trigger, now),
            Command::Digest(digest) => technician::digest(self, digest, now),
        })
    }

    fn apply(&mut self, _: &Event, _: i64, _: Timestamp) {}
}

impl JobNotices {
    /// What is known of a job nobody has heard of.
    pub fn unknown(policy: Arc<Policy>, words: Arc<dyn Wording>) -> Self {
        Self {
            job: None,
            status: JobStatus::Unassigned,
            visit: None,
            eta: None,
            technician: None,
            customer: None,
            consent: Consent::Given,
            speaks: true,
            closes: true,
            promises: Vec::new(),
            told: Vec::new(),
            customer_unread: Vec::new(),
            waiting: Vec::new(),
            technician_told: Vec::new(),
            unread: Vec::new(),
            taken_off: Vec::new(),
            told_once: Vec::new(),
            assistants: Vec::new(),
            assistants_told: Vec::new(),
            offers: Vec::new(),
            asked: Vec::new(),
            drafted_for: Vec::new(),
            offers_told: Vec::new(),
            taken_back: None,
            is_published: false,
            hushed: None,
            tellings: 0,
            policy,
            words: Words(words),
        }
    }
}

/// Kinds that go to the customer.
pub const CUSTOMER_KINDS: &[MessageKind] = &[
    MessageKind::VisitPromised,
    MessageKind::Rescheduled,
    MessageKind::OnTheWay,
    MessageKind::EtaChanged,
    MessageKind::Late,
    MessageKind::Cancelled,
    MessageKind::HourGone,
];

/// Kinds that go to the technician.
pub const TECHNICIAN_KINDS: &[MessageKind] =
    &[MessageKind::JobAssigned, MessageKind::CrewAssigned, MessageKind::JobTakenOff];

/// Kinds that go to whoever is offered the job.
pub const OFFER_KINDS: &[MessageKind] = &[MessageKind::JobOffered];

/// The id of the nth telling about a job; the same decision made twice bears the same id.
pub fn message_id(job: &JobId, n: i64) -> MessageId {
    let body = job.as_str().strip_prefix("job_").unwrap_or(job.as_str());
    MessageId::from_text(&format!("msg_{body}_{n}"))
}
