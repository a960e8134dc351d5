//! What jobs are asked, what happens to them, and how they say no.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::board::protocol::{Visit, VisitStatus};
use crate::engine::journal::Expect;
use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{CustomerId, JobId, LocationId};
use crate::series::protocol::Occurrence;

pub use crate::technicians::protocol::Span as ArrivalWindow;

/// How much a job matters when not all can be served.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// When there is room.
    Low,
    /// Usual.
    #[default]
    Normal,
    /// Before the usual.
    High,
    /// Before all else.
    Urgent,
}

/// A skill that a job asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillNeed {
    /// Name of the tag.
    pub tag: String,
    /// Least level, 1 to 5.
    pub level: u8,
    /// False when it would be good to have, but is not a must.
    #[serde(default = "yes")]
    pub required: bool,
}

fn yes() -> bool {
    true
}

fn one() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(size: &u8) -> bool {
    *size == 1
}

/// Work to be done. The customer's and the location's data are as they were when last read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// Id in the system it came from.
    #[serde(default)]
    pub external_id: Option<String>,
    /// For whom.
    pub customer_id: CustomerId,
    /// Where.
    pub location_id: LocationId,
    /// What, in a few words.
    pub title: String,
    /// Its kind (installation, repair …).
    #[serde(default)]
    pub kind: Option<String>,
    /// Planned time on site.
    pub duration_min: i64,
    /// How many people it needs, the lead among them.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub crew_size: u8,
    /// How much it matters.
    pub priority: Priority,
    /// What it takes.
    #[serde(default)]
    pub skills: Vec<SkillNeed>,
    /// What the customer was promised, if they were.
    #[serde(default)]
    pub arrival_window: Option<ArrivalWindow>,
    /// RFC 5545 rule for jobs that come again.
    #[serde(default)]
    pub recurrence: Option<String>,
    /// How it belongs to a job that comes again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub series: Option<Occurrence>,
    /// Jobs that must be over before this one begins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<JobId>,
    /// At least so long after the last of those.
    #[serde(default)]
    pub lag_min: i64,
    /// What the technician should know.
    #[serde(default)]
    pub notes: Option<String>,
    /// The customer's name.
    pub customer_name: String,
    /// The customer's phone, E.164.
    #[serde(default)]
    pub customer_phone: Option<String>,
    /// The customer's language.
    pub customer_language: Language,
    /// The location's address.
    pub address: String,
    /// The location's latitude.
    pub lat: f64,
    /// The location's longitude.
    pub lon: f64,
}

impl Job {
    /// When it is to be done: the window, or the day of its series.
    pub fn when(&self) -> Option<ArrivalWindow> {
        self.arrival_window.or_else(|| self.series.as_ref().map(|occurrence| occurrence.day))
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// In the pool.
    #[default]
    Unassigned,
    /// A visit is planned.
    Planned,
    /// The technician is on the way.
    EnRoute,
    /// The technician is there.
    OnSite,
    /// Done.
    Done,
    /// Not wanted any more.
    Cancelled,
    /// Nobody could let the technician in.
    NoAccess,
}

impl From<VisitStatus> for JobStatus {
    fn from(status: VisitStatus) -> Self {
        match status {
            VisitStatus::Planned => Self::Planned,
            VisitStatus::EnRoute => Self::EnRoute,
            VisitStatus::OnSite => Self::OnSite,
            VisitStatus::Done => Self::Done,
            VisitStatus::Cancelled => Self::Cancelled,
            VisitStatus::NoAccess => Self::NoAccess,
        }
    }
}

impl JobStatus {
    /// As it stands in a row and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unassigned => "unassigned",
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
            "unassigned" => Self::Unassigned,
            "planned" => Self::Planned,
            "en_route" => Self::EnRoute,
            "on_site" => Self::OnSite,
            "done" => Self::Done,
            "cancelled" => Self::Cancelled,
            "no_access" => Self::NoAccess,
            _ => return None,
        })
    }
}

/// What a job's actor may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// A new job.
    Create(Box<Job>),
    /// Its data change; `version` is what the editor saw.
    Change { after: Box<Job>, version: Option<i64> },
    /// The same, while the jobs that were looked at for a cycle are still as they were.
    Link { after: Box<Job>, version: Option<i64>, seen: Vec<Expect> },
    /// A skill has another name from now on; a job that is over keeps the one it was done under.
    RenameSkill { from: String, to: String },
    /// Nobody wants it any more, and no visit is planned.
    Cancel { note: Option<String> },
    /// Back into the pool, after no access or a cancellation.
    Reopen,
    /// Where it stood before an act that is taken back; `version` is what was seen.
    Restore { status: JobStatus, visit: Option<Box<Visit>>, version: i64 },
}

/// What happened to jobs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum JobEvent {
    /// A job came in.
    JobCreated { after: Box<Job> },
    /// Its data changed.
    JobChanged { before: Box<Job>, after: Box<Job>, status: JobStatus },
    /// It was called off while no visit was open; `visit` is the last one, where there was one.
    JobCancelled {
        job: Box<Job>,
        #[serde(default)]
        visit: Option<Box<Visit>>,
        note: Option<String>,
        at: Timestamp,
    },
    /// It went back into the pool; `before` is where it stood, `visit` its last one.
    JobReopened {
        job: Box<Job>,
        #[serde(default)]
        before: Option<JobStatus>,
        #[serde(default)]
        visit: Option<Box<Visit>>,
    },
    /// It stands where it stood before an act that was taken back. No visit is open.
    JobRestored {
        job: Box<Job>,
        before: JobStatus,
        status: JobStatus,
        #[serde(default)]
        visit: Option<Box<Visit>>,
    },
}

/// How jobs say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobRefusal {
    /// There is none of that id.
    #[error("there is no such job")]
    Unknown,
    /// The id is taken.
    #[error("this job is known already")]
    KnownAlready,
    /// It is over.
    #[error("this job is over")]
    Over,
    /// A visit is planned: that must be called off, not the job alone.
    #[error("a visit is planned for this job")]
    HasVisit,
    /// It never left the pool.
    #[error("this job is open already")]
    OpenAlready,
}

impl Refused for JobRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "jobs.unknown",
            Self::KnownAlready => "jobs.known_already",
            Self::Over => "jobs.over",
            Self::HasVisit => "jobs.has_visit",
            Self::OpenAlready => "jobs.open_already",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Unknown => RefusalKind::Unknown,
            Self::KnownAlready | Self::HasVisit => RefusalKind::Conflict,
            Self::Over | Self::OpenAlready => RefusalKind::Invalid,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        matches!(self, Self::Over | Self::OpenAlready).then_some("/status")
    }

    fn detail(&self, language: Language) -> String {
        let text = match (self, language) {
            (Self::Unknown, Language::Fr) => "Cette intervention n'existe pas.",
            (Self::Unknown, Language::En) => "There is no such job.",
            (Self::KnownAlready, Language::Fr) => "Cette intervention existe déjà.",
            (Self::KnownAlready, Language::En) => "This job exists already.",
            (Self::Over, Language::Fr) => "Cette intervention est terminée ou annulée.",
            (Self::Over, Language::En) => "This job is done or cancelled.",
            (Self::HasVisit, Language::Fr) => "Une visite est prévue pour cette intervention.",
            (Self::HasVisit, Language::En) => "A visit is planned for this job.",
            (Self::OpenAlready, Language::Fr) => "Cette intervention est déjà ouverte.",
            (Self::OpenAlready, Language::En) => "This job is open already.",
        };
        text.to_owned()
    }
}
