//! Jobs that are offered to technicians: who is asked in which wave, until when, and what they answered. An offer is
//! nobody's visit; the first to accept gets one, by the board's own rules and in the same commit, or hears why not.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::board::protocol::Reasons;
use crate::ids::{JobId, OfferId, TechnicianId};
use crate::jobs::protocol::Job;
use crate::technicians::protocol::Span;

mod decide;

pub(super) use decide::{decide, dues, lapse, without_what_is_over};

/// Offers that are open at once at most.
pub const OFFERS_MAX: usize = 500;
/// Technicians that one offer may ask.
pub const ASKED_MAX: usize = 100;

/// Where an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Somebody may still take it.
    Open,
    /// Somebody took it.
    Filled,
    /// A dispatcher took it back.
    Withdrawn,
    /// Nobody took it in time.
    Expired,
    /// Everybody declined.
    Declined,
    /// Nobody is left who was reached: texts failed, and whoever read of it declined.
    Unreached,
    /// The job was given to somebody without the offer, or called off.
    Overtaken,
    /// The job is another one by now: its length, place or window changed.
    Changed,
}

impl OfferState {
    /// As it stands in a row and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Filled => "filled",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Declined => "declined",
            Self::Unreached => "unreached",
            Self::Overtaken => "overtaken",
            Self::Changed => "changed",
        }
    }
}

/// By which way an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AnsweredBy {
    /// On the technician's page.
    Page,
    /// By text.
    Sms,
}

/// What a technician answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferAnswer {
    /// Taken, or not.
    pub accepted: bool,
    /// Why not, in their words.
    #[serde(default)]
    pub reason: Option<String>,
    /// When.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// By which way.
    pub by: AnsweredBy,
}

/// One technician of an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Asked {
    /// Who.
    pub technician_id: TechnicianId,
    /// Their name.
    pub name: String,
    /// In which wave, 1 for the first.
    pub wave: u32,
    /// The arrival they are asked for.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// The end of work.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// Driving before it, minutes.
    pub travel_min: i64,
    /// Why they were thought of.
    pub reasons: Reasons,
    /// When their wave began; none while it has not.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub asked_at: Option<Timestamp>,
    /// When it was seen that the text that asks them does not arrive: it failed, or somebody took it back.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub untold_at: Option<Timestamp>,
    /// What they said.
    #[serde(default)]
    pub answer: Option<OfferAnswer>,
}

impl Asked {
    /// True while an answer may come: they were asked, the text did not fail, and they said nothing yet.
    pub fn is_waited_for(&self) -> bool {
        self.asked_at.is_some() && self.answer.is_none() && self.untold_at.is_none()
    }
}

/// A job that goes along with the one that is offered: they are one stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferedWith {
    /// Which job.
    pub job_id: JobId,
    /// Its title.
    pub title: String,
    /// Its length when it was offered.
    pub duration_min: i64,
}

/// A job that is offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Offer {
    /// Id.
    pub id: OfferId,
    /// Which job.
    pub job_id: JobId,
    /// Its title.
    pub title: String,
    /// Its length when it was offered, with the rest of its stop.
    pub duration_min: i64,
    /// The rest of its stop, which goes along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<OfferedWith>,
    /// Its window when it was offered.
    #[serde(default)]
    pub window: Option<Span>,
    /// Where it was when it was offered: latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// Who offers it.
    pub by: String,
    /// Since when.
    #[schema(value_type = String)]
    pub made_at: Timestamp,
    /// How long a wave has before the next is asked too.
    pub minutes: i64,
    /// When nobody may take it any more.
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
    /// Everybody, wave by wave.
    pub asked: Vec<Asked>,
    /// The last wave that was asked.
    pub wave: u32,
    /// When the next is; none where there is none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub next_at: Option<Timestamp>,
    /// Where it stands.
    pub state: OfferState,
    /// Who took it.
    #[serde(default)]
    pub taken_by: Option<TechnicianId>,
    /// When it was over.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub over_at: Option<Timestamp>,
}

impl Offer {
    /// Whoever was asked, and may answer.
    pub fn asked(&self, technician: &TechnicianId) -> Option<&Asked> {
        self.asked.iter().find(|one| one.technician_id == *technician && one.asked_at.is_some())
    }

    /// How many waves there are.
    pub fn waves(&self) -> u32 {
        self.asked.iter().map(|one| one.wave).max().unwrap_or(0)
    }

    /// When something is due that nobody asked for: the next wave, or the end.
    pub fn due_at(&self) -> Timestamp {
        self.next_at.map_or(self.expires_at, |next| next.min(self.expires_at))
    }

    /// Every job that it gives away: the one that was offered, then the rest of its stop.
    pub fn job_ids(&self) -> impl Iterator<Item = &JobId> {
        std::iter::once(&self.job_id).chain(self.with.iter().map(|one| &one.job_id))
    }

    /// Whether the job is among them.
    pub fn is_about(&self, job: &JobId) -> bool {
        self.job_ids().any(|id| id == job)
    }

    fn is_of_another_job_by_now(&self, job: &Job) -> bool {
        if let Some(one) = self.with.iter().find(|one| one.job_id == job.id) {
            return one.duration_min != job.duration_min;
        }
        let with: i64 = self.with.iter().map(|one| one.duration_min).sum();
        self.duration_min - with != job.duration_min
            || self.window != job.arrival_window
            || self.lat.to_bits() != job.lat.to_bits()
            || self.lon.to_bits() != job.lon.to_bits()
    }
}
