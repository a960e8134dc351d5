//! What the board is asked, what happens on it, and how it says no.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{JobId, TechnicianId, VisitId};
use crate::jobs::protocol::Job;
use crate::technicians::protocol::{Span, Technician};

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
    /// Who goes.
    pub technician_id: TechnicianId,
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
    /// Planned arrival.
    pub start: Timestamp,
    /// Planned travel before it, minutes.
    pub travel_min: i64,
    /// True when a person chose.
    pub pinned: bool,
    /// Rules to override: `skill`, `shift`, `absence`.
    pub overrides: Vec<String>,
    /// Why.
    pub reasons: Reasons,
}

/// What the board may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// Give one job to one technician, or move its visit.
    Assign { placement: Box<Placement>, draft: Option<Arc<str>> },
    /// Give several jobs at once: all or none.
    AssignAll { placements: Vec<Placement> },
    /// Back into the pool.
    Unassign { job: Box<Job>, job_version: Option<i64> },
    /// A visit goes on, or ends.
    SetStatus { job: Box<Job>, job_version: Option<i64>, status: VisitStatus, note: Option<String> },
    /// A technician is away: free what was planned then.
    FreeAbsent { technician_id: TechnicianId, span: Span, reason: Option<String> },
    /// A job's planned time on site, or its place, changed.
    JobChanged { job: Box<Job> },
    /// Make entries of a draft real: all or none.
    Publish { placements: Vec<Placement> },
    /// Throw a draft's entry away.
    DropDraft { job_id: JobId },
}

/// One entry of a named change-set that nobody but dispatchers sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftEntry {
    /// The change-set's name.
    pub draft: Arc<str>,
    /// The visit as it will be.
    pub visit: Visit,
    /// Why.
    pub reasons: Reasons,
    /// Who put it there.
    pub by: Arc<str>,
}

/// What happened on the board. Every event carries its job in full, so that a screen needs nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum BoardEvent {
    /// A job that was in the pool has a visit.
    VisitPlanned { job: Box<Job>, visit: Visit, technician_name: Arc<str>, reasons: Reasons },
    /// A visit has another time or technician.
    VisitMoved {
        job: Box<Job>,
        before: Visit,
        after: Visit,
        technician_name: Arc<str>,
        reasons: Reasons,
    },
    /// A visit was taken off; the job is in the pool.
    VisitRemoved { job: Box<Job>, before: Visit, reason: Option<String> },
    /// A visit went on, or ended.
    VisitStatusChanged { job: Box<Job>, before: Visit, after: Visit, note: Option<String> },
    /// An entry of a draft was put down or changed.
    VisitDrafted { job: Box<Job>, entry: DraftEntry },
    /// An entry of a draft is gone: published or thrown away.
    DraftEntryGone { job_id: JobId, draft: Arc<str>, published: bool },
}

/// How the board says no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoardRefusal {
    /// The job has no open visit.
    #[error("this job has no open visit")]
    NoVisit,
    /// The job is over or in work; it cannot be given to anyone.
    #[error("this job is {0:?} and cannot be assigned")]
    NotAssignable(VisitStatus),
    /// The technician lacks a skill.
    #[error("{name} has level {has:?} in {tag}, {needed} is required")]
    LacksSkill { name: String, tag: String, needed: u8, has: Option<u8>, expired: bool },
    /// No shift covers it.
    #[error("outside the shifts of {name}")]
    OutsideShift { name: String },
    /// The technician is away.
    #[error("{name} is away")]
    Away { name: String, reason: Option<String> },
    /// The technician has another visit then.
    #[error("{name} has another visit then")]
    Overlap { name: String, visit_id: VisitId, from: String, to: String },
    /// That status cannot follow.
    #[error("a visit that is {from:?} cannot become {to:?}")]
    WrongOrder { from: VisitStatus, to: VisitStatus },
    /// No draft of that name has anything for that day.
    #[error("nothing to publish")]
    NothingToPublish,
}

impl Refused for BoardRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoVisit => "board.no_visit",
            Self::NotAssignable(_) => "board.not_assignable",
            Self::LacksSkill { .. } => "board.technician_lacks_skill",
            Self::OutsideShift { .. } => "board.outside_shift",
            Self::Away { .. } => "board.technician_away",
            Self::Overlap { .. } => "board.overlap",
            Self::WrongOrder { .. } => "board.wrong_status_order",
            Self::NothingToPublish => "board.nothing_to_publish",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Overlap { .. } => RefusalKind::Conflict,
            _ => RefusalKind::Invalid,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoVisit | Self::NotAssignable(_) => "/job_id",
            Self::LacksSkill { .. } => "/technician_id",
            Self::OutsideShift { .. } | Self::Away { .. } | Self::Overlap { .. } => "/start",
            Self::WrongOrder { .. } => "/status",
            Self::NothingToPublish => "/draft",
        })
    }

    fn detail(&self, language: Language) -> String {
        match language {
            Language::Fr => self.french(),
            Language::En => self.english(),
        }
    }
}

impl BoardRefusal {
    fn french(&self) -> String {
        match self {
            Self::NoVisit => "Aucune visite n'est prévue pour cette intervention.".to_owned(),
            Self::NotAssignable(_) => {
                "Cette intervention est en cours ou terminée; elle ne peut plus être assignée."
                    .to_owned()
            }
            Self::LacksSkill { name, tag, expired: true, .. } => {
                format!("Le certificat « {tag} » de {name} est échu à cette date.")
            }
            Self::LacksSkill { name, tag, needed, has: Some(has), .. } => {
                format!("{name} a le niveau {has} en {tag}; le niveau {needed} est exigé.")
            }
            Self::LacksSkill { name, tag, needed, has: None, .. } => {
                format!("{name} n'a pas la compétence {tag} (niveau {needed} exigé).")
            }
            Self::OutsideShift { name } => {
                format!("Cette heure est hors du quart de travail de {name}.")
            }
            Self::Away { name, reason: Some(reason) } => format!("{name} est absent : {reason}."),
            Self::Away { name, reason: None } => format!("{name} est absent à ce moment-là."),
            Self::Overlap { name, from, to, .. } => {
                format!("{name} a déjà une visite de {from} à {to}.")
            }
            Self::WrongOrder { from, to } => {
                format!(
                    "Une visite « {} » ne peut pas devenir « {} ».",
                    status_fr(*from),
                    status_fr(*to)
                )
            }
            Self::NothingToPublish => "Il n'y a rien à publier.".to_owned(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NoVisit => "No visit is planned for this job.".to_owned(),
            Self::NotAssignable(_) => {
                "This job is under way or over; it can no longer be assigned.".to_owned()
            }
            Self::LacksSkill { name, tag, expired: true, .. } => {
                format!("{name}'s certificate for {tag} has run out by that date.")
            }
            Self::LacksSkill { name, tag, needed, has: Some(has), .. } => {
                format!("{name} has level {has} in {tag}; level {needed} is required.")
            }
            Self::LacksSkill { name, tag, needed, has: None, .. } => {
                format!("{name} does not have the skill {tag} (level {needed} required).")
            }
            Self::OutsideShift { name } => format!("That time is outside {name}'s shift."),
            Self::Away { name, reason: Some(reason) } => format!("{name} is away: {reason}."),
            Self::Away { name, reason: None } => format!("{name} is away at that time."),
            Self::Overlap { name, from, to, .. } => {
                let (from, to) = (from.replace(" h ", ":"), to.replace(" h ", ":"));
                format!("{name} already has a visit from {from} to {to}.")
            }
            Self::WrongOrder { from, to } => {
                format!("A visit that is {} cannot become {}.", status_en(*from), status_en(*to))
            }
            Self::NothingToPublish => "There is nothing to publish.".to_owned(),
        }
    }
}

fn status_fr(status: VisitStatus) -> &'static str {
    match status {
        VisitStatus::Planned => "planifiée",
        VisitStatus::EnRoute => "en route",
        VisitStatus::OnSite => "sur place",
        VisitStatus::Done => "terminée",
        VisitStatus::Cancelled => "annulée",
        VisitStatus::NoAccess => "sans accès",
    }
}

fn status_en(status: VisitStatus) -> &'static str {
    match status {
        VisitStatus::Planned => "planned",
        VisitStatus::EnRoute => "en route",
        VisitStatus::OnSite => "on site",
        VisitStatus::Done => "done",
        VisitStatus::Cancelled => "cancelled",
        VisitStatus::NoAccess => "without access",
    }
}
