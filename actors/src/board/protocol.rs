//! What the board is asked, what happens on it, and how it says no.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::board::bundles::{Bundle, Bundling};
use crate::board::crew::Crew;
use crate::board::holds::{Hold, HoldEnd};
use crate::board::proposal::{Ended, Proposal};
use crate::customers::protocol::Location;
use crate::ids::{BundleId, HoldId, JobId, MaterialId, OfferId, PlanId, TechnicianId, VisitId};
use crate::jobs::protocol::Job;
use crate::technicians::protocol::{Span, Technician};

pub use crate::board::drafting::{
    Breaking, Digest, DraftEntry, Drafting, Former, FormerStatus, Publication,
};
pub use crate::board::leaving::Leave;
pub use crate::board::offers::{AnsweredBy, Asked, Offer, OfferAnswer, OfferState, OfferedWith};
pub use crate::board::refusal::BoardRefusal;

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisitStatus {
    /// Will happen.
    Planned,
    /// The technician drives there.
    EnRoute,
    /// The technician is there.
    OnSite,
    /// It happened.
    Done,
    /// It will not happen.
    Cancelled,
    /// It failed at the door.
    NoAccess,
}

impl VisitStatus {
    /// As it stands in a row and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::EnRoute => "en_route",
            Self::OnSite => "on_site",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::NoAccess => "no_access",
        }
    }

    /// Reads a row's or a request's word.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "planned" => Self::Planned,
            "en_route" => Self::EnRoute,
            "on_site" => Self::OnSite,
            "done" => Self::Done,
            "cancelled" => Self::Cancelled,
            "no_access" => Self::NoAccess,
            _ => return None,
        })
    }

    /// True while the technician's time is taken by it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::EnRoute | Self::OnSite)
    }

    /// True when `next` may follow.
    pub fn may_become(self, next: Self) -> bool {
        use VisitStatus::{Cancelled, Done, EnRoute, NoAccess, OnSite, Planned};
        matches!(
            (self, next),
            (Planned, EnRoute | OnSite | Cancelled)
                | (EnRoute, OnSite | NoAccess | Cancelled | Planned)
                | (OnSite, Done | NoAccess | Cancelled)
        )
    }
}

/// One planned trip of one technician to a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Id.
    pub id: VisitId,
    /// For which job.
    pub job_id: JobId,
    /// Who goes, and leads where others go along.
    pub technician_id: TechnicianId,
    /// Who goes along, for all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assistants: Vec<TechnicianId>,
    /// What is taken along, for all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<MaterialId>,
    /// Planned arrival.
    pub start: Timestamp,
    /// Planned end of work.
    pub end: Timestamp,
    /// Where it stands.
    pub status: VisitStatus,
    /// True when a person fixed it; no plan moves it.
    pub pinned: bool,
    /// Planned travel before it, minutes.
    pub travel_min: i64,
    /// Rules that a person overrode.
    #[serde(default)]
    pub overrides: Vec<String>,
    /// Where: latitude.
    pub lat: f64,
    /// Where: longitude.
    pub lon: f64,
    /// The job's kind, for learned durations.
    #[serde(default)]
    pub kind: Option<String>,
    /// When the technician left for it.
    #[serde(default)]
    pub en_route_at: Option<Timestamp>,
    /// When the technician arrived.
    #[serde(default)]
    pub on_site_at: Option<Timestamp>,
    /// When it was over, however it ended.
    #[serde(default)]
    pub finished_at: Option<Timestamp>,
}

impl Visit {
    /// The technician's time that it takes.
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }

    /// True when `after` is another technician's, or at another place: nobody has arrived there yet.
    pub fn is_another_door(&self, after: &Self) -> bool {
        self.technician_id != after.technician_id
            || self.lat.to_bits() != after.lat.to_bits()
            || self.lon.to_bits() != after.lon.to_bits()
    }
}

/// Why this technician, or why not, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reasons {
    /// In French.
    pub fr: Vec<String>,
    /// In English.
    pub en: Vec<String>,
}

/// One assignment that is asked for, with what the asker saw.
#[derive(Clone, Debug)]
pub struct Placement {
    /// The visit's id, should a new one be needed.
    pub visit_id: VisitId,
    /// The job as read, and its version.
    pub job: Job,
    /// Version of the job that must still hold.
    pub job_version: i64,
    /// The technician as read.
    pub technician: Technician,
    /// Version of the technician that must still hold.
    pub technician_version: i64,
    /// The technician's shifts around that time, absences not taken out.
    pub shifts: Vec<Span>,
    /// Who and what goes along.
    pub crew: Crew,
    /// Planned arrival.
    pub start: Timestamp,
    /// Planned travel before it, minutes.
    pub travel_min: i64,
    /// True when a person chose.
    pub pinned: bool,
    /// Rules to override: `skill`, `shift`, `absence`, `zone`.
    pub overrides: Vec<String>,
    /// Why.
    pub reasons: Reasons,
    /// A held slot that is meant for this.
    pub hold_id: Option<HoldId>,
    /// The promise that it breaks knowingly.
    pub breaks: Option<Box<Breaking>>,
    /// Of the jobs that it depends on, those that are over.
    pub over: Vec<JobId>,
}

/// What the board may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// Give one job to one technician, or move its visit.
    Assign { placement: Box<Placement>, draft: Option<Drafting> },
    /// Put the visits of a whole stop into a draft: all of them or none.
    DraftAll { placements: Vec<Placement>, draft: Drafting },
    /// Take a visit off in a draft: it stands until the draft is published.
    DraftRemoval { job: Box<Job>, job_version: Option<i64>, draft: Drafting },
    /// Give several jobs at once: all or none.
    AssignAll { placements: Vec<Placement> },
    /// Put everything where it stood before: all or none.
    TakeBack(Box<Former>),
    /// Back into the pool.
    Unassign { job: Box<Job>, job_version: Option<i64>, breaks: Option<Box<Breaking>> },
    /// A visit goes on, or ends.
    SetStatus { job: Box<Job>, job_version: Option<i64>, status: VisitStatus, note: Option<String> },
    /// The same for all visits of the job's stop: all of them or none.
    SetStopStatus {
        job: Box<Job>,
        job_version: Option<i64>,
        status: VisitStatus,
        note: Option<String>,
    },
    /// Nobody wants the job any more: its visit is called off, unless it has begun.
    CallOff { job: Box<Job> },
    /// A technician is away: free what was planned then.
    FreeAbsent { technician_id: TechnicianId, span: Span, reason: Option<String> },
    /// A technician is away, and what was planned then goes where a person said: all of it or none.
    Leave(Box<Leave>),
    /// A job's planned time on site, or its place, changed.
    JobChanged { job: Box<Job> },
    /// A place of work turned out to be elsewhere: open visits go there.
    PlaceChanged { place: Box<Location> },
    /// Make entries of a draft real: all or none.
    Publish(Box<Publication>),
    /// Throw entries of drafts away.
    DropDrafts { jobs: Vec<JobId> },
    /// Throw a draft's entry away.
    DropDraft { job_id: JobId },
    /// Show a plan to people, unless the board has moved on since it was made.
    Propose { proposal: Box<Proposal> },
    /// Make a proposal real: all of it or none.
    Accept { plan_id: PlanId, placements: Vec<Placement> },
    /// A proposal is not wanted, or no longer fits.
    Dismiss { plan_id: PlanId, how: Ended },
    /// Keep the slot that the placement would take.
    Hold { hold: Box<Hold>, placement: Box<Placement> },
    /// Make jobs one stop, or change which; visits that stand come together.
    Bundle(Box<Bundling>),
    /// Take a stop apart.
    Unbundle { id: BundleId, version: Option<i64> },
    /// A slot that was let go is held again, if its time is free and not over.
    HoldAgain { hold: Box<Hold> },
    /// A proposal that was dismissed stands again, if the board has not moved on since it was made.
    ProposeAgain { proposal: Box<Proposal> },
    /// Let a held slot go.
    Release { hold_id: HoldId },
    /// The timer has rung: something that waited for a person is over.
    Lapse,
    /// Offer a job of the pool to technicians, wave by wave; each could have it now. Of each who is asked the visits that it
    /// would come to: one, or those of the whole stop.
    Offer { offer: Box<Offer>, job: Box<Job>, stops: Vec<Vec<Placement>> },
    /// A technician takes an offered job, with the rest of its stop.
    AcceptOffer { offer_id: OfferId, placements: Vec<Placement>, by: AnsweredBy },
    /// A technician does not want it.
    DeclineOffer {
        offer_id: OfferId,
        technician_id: TechnicianId,
        reason: Option<String>,
        by: AnsweredBy,
    },
    /// A dispatcher takes an offer back.
    WithdrawOffer { offer_id: OfferId },
    /// The text that asks a technician does not arrive; an offer that is over, or an answer, makes it no matter.
    OfferUntold { offer_id: OfferId, technician_id: TechnicianId },
}

/// What happened on the board. Every event carries its job in full, so that a screen needs nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum BoardEvent {
    /// A job that was in the pool has a visit.
    VisitPlanned {
        job: Box<Job>,
        visit: Visit,
        technician_name: Arc<str>,
        reasons: Reasons,
        #[serde(default)]
        published: bool,
    },
    /// A visit has another time or technician.
    VisitMoved {
        job: Box<Job>,
        before: Visit,
        after: Visit,
        technician_name: Arc<str>,
        reasons: Reasons,
        #[serde(default)]
        published: bool,
    },
    /// A visit was taken off; the job is in the pool.
    VisitRemoved { job: Box<Job>, before: Visit, reason: Option<String> },
    /// A visit went on, or ended.
    VisitStatusChanged { job: Box<Job>, before: Visit, after: Visit, note: Option<String> },
    /// An entry of a draft was put down or changed.
    VisitDrafted {
        job: Box<Job>,
        entry: DraftEntry,
        #[serde(default)]
        before: Option<Box<DraftEntry>>,
    },
    /// An entry of a draft is gone: published or thrown away.
    DraftEntryGone {
        job_id: JobId,
        draft: Arc<str>,
        published: bool,
        #[serde(default)]
        entry: Option<Box<DraftEntry>>,
    },
    /// What a customer was told is broken knowingly, with the reason and the name.
    PromiseBroken { breaking: Box<Breaking> },
    /// Drafts were made real; each technician concerned is told once.
    DraftPublished { digests: Vec<Digest> },
    /// That was taken back.
    PublishTakenBack { digests: Vec<Digest> },
    /// A day was planned anew: nothing is moved by it before a person accepts it.
    PlanProposed { proposal: Box<Proposal> },
    /// A proposal is over.
    ProposalGone {
        plan_id: PlanId,
        date: jiff::civil::Date,
        how: Ended,
        /// What it was, where somebody dismissed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposal: Option<Box<Proposal>>,
    },
    /// A technician's time is kept for somebody.
    SlotHeld { hold: Hold },
    /// A held slot is free again, or used.
    HoldGone {
        hold_id: HoldId,
        technician_id: TechnicianId,
        how: HoldEnd,
        /// What it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold: Option<Box<Hold>>,
    },
    /// Jobs are one stop; `before` is what the bundle was.
    Bundled {
        bundle: Bundle,
        #[serde(default)]
        before: Option<Bundle>,
    },
    /// They are on their own again.
    Unbundled { bundle: Bundle },
    /// A job is offered; the first wave is asked.
    OfferMade { job: Box<Job>, offer: Box<Offer> },
    /// Somebody answered, another wave is asked, or the offer is over.
    OfferChanged { offer: Box<Offer> },
}
