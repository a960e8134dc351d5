//! What may be said to the clocks of service levels, what may have happened to them, and how they say no.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{CustomerId, JobId, SlaPolicyId};
use crate::jobs::protocol::{Job, JobStatus, Priority};
use crate::technicians::protocol::WeeklySchedule;

/// Policies that a company may have.
pub const POLICIES_MAX: usize = 100;

/// How soon somebody must be there, for which jobs, counted in which hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Policy {
    /// Id.
    pub id: SlaPolicyId,
    /// Name; unique whatever its case.
    pub name: String,
    /// Only jobs of this priority.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// Only jobs of this kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// Only jobs of this customer.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// Business minutes until somebody is on site.
    pub arrive_min: i64,
    /// Business minutes until the work is done.
    #[serde(default)]
    pub done_min: Option<i64>,
    /// So many business minutes before a target the screens are warned.
    pub at_risk_min: i64,
    /// When minutes count, on the company's wall clock; holidays are left out.
    pub hours: WeeklySchedule,
}

impl Policy {
    /// Whether it is for this job, and how narrowly: a customer weighs more than a kind, a kind more than a priority.
    pub fn fits(&self, job: &Job) -> Option<u8> {
        let kind = |kind: &String| {
            job.kind.as_ref().map(|k| k.to_lowercase()) == Some(kind.to_lowercase())
        };
        let fits = self.priority.is_none_or(|priority| priority == job.priority)
            && self.kind.as_ref().is_none_or(kind)
            && self.customer_id.as_ref().is_none_or(|id| *id == job.customer_id);
        let weight = |named: bool, weight: u8| if named { weight } else { 0 };
        fits.then(|| {
            weight(self.customer_id.is_some(), 4)
                + weight(self.kind.is_some(), 2)
                + weight(self.priority.is_some(), 1)
        })
    }
}

/// Why a clock stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The customer is not to be had.
    CustomerAbsent,
    /// The weather allows no work.
    Weather,
    /// Parts are waited for.
    Parts,
    /// Something else; the note says what.
    Other,
}

/// A stretch in which a clock stood still.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Pause {
    /// Why.
    pub reason: PauseReason,
    /// In a few words.
    #[serde(default)]
    pub note: Option<String>,
    /// Since when.
    #[schema(value_type = String)]
    pub since: Timestamp,
    /// Who paused it.
    pub by: String,
    /// When it ran on; none while it stands.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub until: Option<Timestamp>,
}

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// It runs.
    Running,
    /// It stands still.
    Paused,
    /// Every target was met.
    Met,
    /// A target was missed.
    Missed,
}

/// The clock of one job. Targets and hours are the policy's when it began: an edit changes no clock that runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Of which job.
    pub job_id: JobId,
    /// By which policy.
    pub policy: Policy,
    /// When it began.
    pub started_at: Timestamp,
    /// Somebody is on site by then.
    pub arrive_due_at: Timestamp,
    /// The work is done by then.
    #[serde(default)]
    pub done_due_at: Option<Timestamp>,
    /// When the screens are warned of the target that comes next.
    pub risk_at: Timestamp,
    /// True once they were.
    #[serde(default)]
    pub warned: bool,
    /// When somebody was on site.
    #[serde(default)]
    pub arrived_at: Option<Timestamp>,
    /// When the work was done.
    #[serde(default)]
    pub done_at: Option<Timestamp>,
    /// When a target was missed first.
    #[serde(default)]
    pub missed_at: Option<Timestamp>,
    /// Every stretch in which it stood still; the last one is open while it stands.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// True when the job is over: nothing changes any more.
    #[serde(default)]
    pub over: bool,
}

/// What a clock's change was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A person paused it.
    Paused,
    /// A person let it run on.
    Resumed,
    /// A target comes near.
    AtRisk,
    /// A target's time is over.
    Missed,
    /// The visit went on, or back.
    Followed,
    /// An act was taken back.
    Restored,
}

/// What happened to policies and clocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum SlaEvent {
    /// A policy is new, or another.
    SlaPolicyKept { before: Option<Box<Policy>>, after: Box<Policy> },
    /// A policy is gone; its clocks run on.
    SlaPolicyDeleted { policy: Box<Policy> },
    /// A job's clock began.
    SlaStarted { clock: Box<Clock> },
    /// It runs no more: that its policy was written down is taken back.
    SlaStopped { clock: Box<Clock> },
    /// It changed.
    SlaChanged { before: Box<Clock>, after: Box<Clock>, why: Why },
}

/// A job that was there before its policy.
#[derive(Clone, Debug)]
pub struct Older {
    /// The job.
    pub job: Box<Job>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// When somebody was on site, where somebody is.
    pub arrived_at: Option<Timestamp>,
}

/// What may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// A policy as it should be; `version` is what the editor saw, none for a new one.
    KeepPolicy { policy: Box<Policy>, version: Option<i64> },
    /// It goes.
    DeletePolicy { id: SlaPolicyId },
    /// That a policy was written down is taken back, with the clocks that run by it.
    Unkeep { id: SlaPolicyId },
    /// A job came in, now or at that moment.
    Start { job: Box<Job>, since: Option<Timestamp> },
    /// Jobs that were there before a policy that is for them.
    StartAll { jobs: Vec<Older> },
    /// A job stands elsewhere now.
    Follow { job_id: JobId, status: JobStatus },
    /// The clock stands still; `version` is what was seen.
    Pause {
        job_id: JobId,
        reason: PauseReason,
        note: Option<String>,
        by: String,
        version: Option<i64>,
    },
    /// It runs on.
    Resume { job_id: JobId, version: Option<i64> },
    /// As it was before an act that is taken back.
    Restore { clock: Box<Clock> },
    /// The timer: whatever is due by now.
    Ring,
}

/// How clocks say no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlaRefusal {
    /// The name is taken.
    #[error("there is a policy of this name already")]
    NameTaken,
    /// There is no such policy.
    #[error("there is no such policy")]
    Unknown,
    /// There are enough.
    #[error("there are {POLICIES_MAX} policies already")]
    TooMany,
    /// No minute ever counts, or a target is never due.
    #[error("with these hours a target is never due")]
    NeverDue,
    /// The job has no clock that could change.
    #[error("this job has no running clock")]
    NoClock,
    /// It stands still already.
    #[error("this clock stands still already")]
    PausedAlready,
    /// It runs already.
    #[error("this clock runs already")]
    RunsAlready,
}

impl Refused for SlaRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NameTaken => "sla.name_taken",
            Self::Unknown => "sla.unknown",
            Self::TooMany => "sla.too_many",
            Self::NeverDue => "sla.never_due",
            Self::NoClock => "sla.no_clock",
            Self::PausedAlready => "sla.paused_already",
            Self::RunsAlready => "sla.runs_already",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NameTaken | Self::PausedAlready | Self::RunsAlready => RefusalKind::Conflict,
            Self::Unknown | Self::NoClock => RefusalKind::Unknown,
            Self::TooMany | Self::NeverDue => RefusalKind::Invalid,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        match self {
            Self::NameTaken => Some("/name"),
            Self::NeverDue => Some("/hours"),
            _ => None,
        }
    }

    fn detail(&self, language: Language) -> String {
        let text = match (self, language) {
            (Self::NameTaken, Language::Fr) => "Un délai porte déjà ce nom.",
            (Self::NameTaken, Language::En) => "There is a policy of this name already.",
            (Self::Unknown, Language::Fr) => "Ce délai n'existe plus.",
            (Self::Unknown, Language::En) => "This policy is gone.",
            (Self::TooMany, Language::Fr) => "Il y a trop de délais.",
            (Self::TooMany, Language::En) => "There are too many policies.",
            (Self::NeverDue, Language::Fr) => "Avec ces heures, l'échéance n'arrive jamais.",
            (Self::NeverDue, Language::En) => "With these hours a target is never due.",
            (Self::NoClock, Language::Fr) => "Aucun délai ne court pour cette intervention.",
            (Self::NoClock, Language::En) => "No clock runs for this job.",
            (Self::PausedAlready, Language::Fr) => "Le délai est déjà suspendu.",
            (Self::PausedAlready, Language::En) => "This clock stands still already.",
            (Self::RunsAlready, Language::Fr) => "Le délai court déjà.",
            (Self::RunsAlready, Language::En) => "This clock runs already.",
        };
        text.to_owned()
    }
}
