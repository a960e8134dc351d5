//! How the board says no, in both languages.

use crate::board::bundles::refusal::BundleRefusal;
use crate::board::protocol::VisitStatus;
use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{JobId, VisitId};
use crate::technicians::protocol::TechnicianRefusal;

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
    /// A zone does not let the technician in; the sentences say which, why and on which day.
    #[error("{name} is not let in: {en}")]
    NotAdmitted { name: String, fr: String, en: String },
    /// No shift covers it.
    #[error("outside the shifts of {name}")]
    OutsideShift { name: String },
    /// The technician is away.
    #[error("{name} is away")]
    Away { name: String, reason: Option<String> },
    /// An outside calendar takes that time.
    #[error("{name} is busy by an outside calendar")]
    Busy { name: String },
    /// The technician has another visit then.
    #[error("{name} has another visit then")]
    Overlap { name: String, visit_id: VisitId, from: String, to: String },
    /// One act places the same job twice.
    #[error("{title} is placed twice")]
    PlacedTwice { title: String },
    /// A material cannot be used then.
    #[error("{name} is out of service then")]
    MaterialOut { name: String },
    /// A material is elsewhere then.
    #[error("{name} is taken then")]
    MaterialTaken { name: String, visit_id: VisitId, from: String, to: String },
    /// A stop is not touched.
    #[error(transparent)]
    Bundle(#[from] BundleRefusal),
    /// That status cannot follow.
    #[error("a visit that is {from:?} cannot become {to:?}")]
    WrongOrder { from: VisitStatus, to: VisitStatus },
    /// No draft of that name has anything for that day.
    #[error("nothing to publish")]
    NothingToPublish,
    /// The proposal is over.
    #[error("this proposal is over")]
    NoProposal,
    /// The technician's time is kept for somebody else.
    #[error("{name}'s time is held by {by}")]
    Held { name: String, by: String, from: String, to: String },
    /// The held slot is over.
    #[error("this slot is no longer held")]
    NoHold,
    /// Somebody has the time of a slot that was let go.
    #[error("that time is taken by now")]
    HoldTaken,
    /// What it waits for has no visit.
    #[error("{job} waits for {needed}, which is not planned")]
    WaitsForUnplanned { job: String, needed: JobId },
    /// What it waits for is not over then.
    #[error("{job} waits for {needed} until {free}")]
    TooSoonAfter { job: String, needed: String, needed_id: JobId, free: String },
    /// What waits for it would begin before it is over.
    #[error("{waiting} would begin before {job} is over")]
    BreaksOrder { job: String, waiting: String },
    /// No more slots can be held.
    #[error("too many slots are held")]
    TooManyHolds,
    /// The offer is over.
    #[error("this offer is over")]
    NoOffer,
    /// The hour that was offered has come.
    #[error("the offered hour is over")]
    OfferTooLate,
    /// Somebody who was not asked answers.
    #[error("this technician was not asked")]
    NotAsked,
    /// Nobody could have the job.
    #[error("nobody can be asked")]
    NobodyToAsk,
    /// The job is offered already.
    #[error("this job is offered already")]
    OfferedAlready,
    /// The job is not in the pool.
    #[error("this job is not in the pool")]
    NotInPool,
    /// The absence itself cannot be.
    #[error(transparent)]
    Absence(TechnicianRefusal),
    /// Something was planned then that nobody said anything of.
    #[error("{title} is planned then as well")]
    AlsoHit { job_id: JobId, title: String },
    /// No more jobs can be offered.
    #[error("too many offers are open")]
    TooManyOffers,
}

impl Refused for BoardRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoVisit => "board.no_visit",
            Self::NotAssignable(_) => "board.not_assignable",
            Self::LacksSkill { .. } => "board.technician_lacks_skill",
            Self::NotAdmitted { .. } => "board.zone_not_admitted",
            Self::OutsideShift { .. } => "board.outside_shift",
            Self::Away { .. } => "board.technician_away",
            Self::Busy { .. } => "board.technician_busy",
            Self::Overlap { .. } => "board.overlap",
            Self::MaterialOut { .. } => "board.material_out",
            Self::MaterialTaken { .. } => "board.material_taken",
            Self::Bundle(refusal) => refusal.code(),
            Self::WrongOrder { .. } => "board.wrong_status_order",
            Self::NothingToPublish => "board.nothing_to_publish",
            Self::NoProposal => "planner.no_proposal",
            Self::Held { .. } => "board.held",
            Self::NoHold => "board.no_hold",
            Self::HoldTaken => "board.hold_taken",
            Self::TooManyHolds => "board.too_many_holds",
            Self::WaitsForUnplanned { .. } => "board.waits_for_unplanned",
            Self::TooSoonAfter { .. } => "board.too_soon_after",
            Self::BreaksOrder { .. } => "board.breaks_order",
            Self::NoOffer => "offers.over",
            Self::OfferTooLate => "offers.too_late",
            Self::NotAsked => "offers.not_asked",
            Self::NobodyToAsk => "offers.nobody_to_ask",
            Self::OfferedAlready => "offers.offered_already",
            Self::NotInPool => "offers.not_in_pool",
            Self::PlacedTwice { .. } => "board.placed_twice",
            Self::TooManyOffers => "offers.too_many",
            Self::Absence(refusal) => refusal.code(),
            Self::AlsoHit { .. } => "absences.also_hit",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Overlap { .. }
            | Self::MaterialTaken { .. }
            | Self::Held { .. }
            | Self::HoldTaken
            | Self::BreaksOrder { .. }
            | Self::NoOffer
            | Self::OfferTooLate
            | Self::OfferedAlready
            | Self::NotInPool
            | Self::AlsoHit { .. } => RefusalKind::Conflict,
            Self::Absence(refusal) => refusal.kind(),
            Self::Bundle(refusal) => refusal.kind(),
            Self::NoProposal | Self::NoHold | Self::NotAsked => RefusalKind::Unknown,
            _ => RefusalKind::Invalid,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoVisit | Self::NotAssignable(_) | Self::OfferedAlready | Self::NotInPool => {
                "/job_id"
            }
            Self::NobodyToAsk => "/technician_ids",
            Self::Bundle(refusal) => return refusal.pointer(),
            Self::LacksSkill { .. } | Self::NotAdmitted { .. } => "/technician_id",
            Self::OutsideShift { .. }
            | Self::Away { .. }
            | Self::Busy { .. }
            | Self::Overlap { .. } => "/start",
            Self::MaterialOut { .. } | Self::MaterialTaken { .. } => "/materials",
            Self::WrongOrder { .. } => "/status",
            Self::NothingToPublish => "/draft",
            Self::Held { .. } | Self::TooSoonAfter { .. } | Self::BreaksOrder { .. } => "/start",
            Self::WaitsForUnplanned { .. } | Self::PlacedTwice { .. } => "/job_id",
            Self::Absence(refusal) => return refusal.pointer(),
            Self::NoHold | Self::HoldTaken => "/hold_id",
            Self::NoProposal
            | Self::TooManyHolds
            | Self::NoOffer
            | Self::OfferTooLate
            | Self::NotAsked
            | Self::AlsoHit { .. }
            | Self::TooManyOffers => return None,
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
                "Cette intervention est en cours ou terminée ; elle ne peut plus être assignée."
                    .to_owned()
            }
            Self::LacksSkill { name, tag, expired: true, .. } => {
                format!("Le certificat « {tag} » de {name} est échu à cette date.")
            }
            Self::LacksSkill { name, tag, needed, has: Some(has), .. } => {
                format!("{name} a le niveau {has} en {tag} ; le niveau {needed} est exigé.")
            }
            Self::LacksSkill { name, tag, needed, has: None, .. } => {
                format!("{name} n'a pas la compétence {tag} (niveau {needed} exigé).")
            }
            Self::NotAdmitted { name, fr, .. } => format!("{name} n'y est pas admis. {fr}"),
            Self::OutsideShift { name } => {
                format!("Cette heure est hors du quart de travail de {name}.")
            }
            Self::Away { name, reason: Some(reason) } => format!("{name} est absent : {reason}."),
            Self::Away { name, reason: None } => format!("{name} est absent à ce moment-là."),
            Self::Busy { name } => format!("{name} est occupé selon un agenda extérieur."),
            Self::Overlap { name, from, to, .. } => {
                format!("{name} a déjà une visite de {from} à {to}.")
            }
            Self::MaterialOut { name } => {
                format!("« {name} » est hors service à ce moment-là.")
            }
            Self::MaterialTaken { name, from, to, .. } => {
                format!("« {name} » est déjà pris de {from} à {to}.")
            }
            Self::WrongOrder { from, to } => {
                format!(
                    "Une visite « {} » ne peut pas devenir « {} ».",
                    status_fr(*from),
                    status_fr(*to)
                )
            }
            Self::NothingToPublish => "Il n'y a rien à publier.".to_owned(),
            Self::NoProposal => "Cette proposition n'est plus valable.".to_owned(),
            Self::Held { name, by, from, to } => {
                format!("L'heure de {name}, de {from} à {to}, est retenue par {by}.")
            }
            Self::WaitsForUnplanned { job, .. } => format!(
                "« {job} » attend une autre intervention qui n'est pas encore planifiée. Planifiez-la d'abord."
            ),
            Self::TooSoonAfter { job, needed, free, .. } => {
                format!("« {job} » attend « {needed} » et ne peut pas commencer avant {free}.")
            }
            Self::BreaksOrder { job, waiting } => {
                format!("À cette heure, « {job} » finirait après le début de : {waiting}.")
            }
            Self::NoHold => "Cette plage n'est plus retenue.".to_owned(),
            Self::HoldTaken => "Cette plage est prise depuis.".to_owned(),
            Self::TooManyHolds => "Trop de plages sont retenues.".to_owned(),
            Self::NoOffer => "Cette offre est close.".to_owned(),
            Self::OfferTooLate => "L'heure offerte est passée.".to_owned(),
            Self::NotAsked => "Cette offre ne vous a pas été faite.".to_owned(),
            Self::NobodyToAsk => "Il n'y a personne à qui offrir cette intervention.".to_owned(),
            Self::OfferedAlready => "Cette intervention est déjà offerte.".to_owned(),
            Self::NotInPool => "Cette intervention n'est pas à placer.".to_owned(),
            Self::PlacedTwice { title } => format!("« {title} » serait placée deux fois."),
            Self::TooManyOffers => "Trop d'offres sont ouvertes.".to_owned(),
            Self::Absence(refusal) => refusal.detail(Language::Fr),
            Self::AlsoHit { title, .. } => format!("« {title} » est aussi prévu à ce moment-là."),
            Self::Bundle(refusal) => refusal.detail(Language::Fr),
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
            Self::NotAdmitted { name, en, .. } => format!("{name} is not let in. {en}"),
            Self::OutsideShift { name } => format!("That time is outside {name}'s shift."),
            Self::Away { name, reason: Some(reason) } => format!("{name} is away: {reason}."),
            Self::Away { name, reason: None } => format!("{name} is away at that time."),
            Self::Busy { name } => format!("{name} is busy by an outside calendar."),
            Self::Overlap { name, from, to, .. } => {
                let (from, to) = (from.replace(" h ", ":"), to.replace(" h ", ":"));
                format!("{name} already has a visit from {from} to {to}.")
            }
            Self::MaterialOut { name } => format!("\"{name}\" is out of service at that time."),
            Self::MaterialTaken { name, from, to, .. } => {
                let (from, to) = (from.replace(" h ", ":"), to.replace(" h ", ":"));
                format!("\"{name}\" is taken from {from} to {to}.")
            }
            Self::WrongOrder { from, to } => {
                format!("A visit that is {} cannot become {}.", status_en(*from), status_en(*to))
            }
            Self::NothingToPublish => "There is nothing to publish.".to_owned(),
            Self::NoProposal => "This proposal is over.".to_owned(),
            Self::Held { name, by, from, to } => {
                let (from, to) = (from.replace(" h ", ":"), to.replace(" h ", ":"));
                format!("{name}'s time from {from} to {to} is held by {by}.")
            }
            Self::WaitsForUnplanned { job, .. } => {
                format!(
                    "\"{job}\" waits for another job that is not planned yet. Plan that one first."
                )
            }
            Self::TooSoonAfter { job, needed, free, .. } => {
                let free = free.replace(" h ", ":");
                format!("\"{job}\" waits for \"{needed}\" and cannot begin before {free}.")
            }
            Self::BreaksOrder { job, waiting } => {
                format!("At that time \"{job}\" would end after the start of: {waiting}.")
            }
            Self::NoHold => "This slot is no longer held.".to_owned(),
            Self::HoldTaken => "This slot is taken by now.".to_owned(),
            Self::TooManyHolds => "Too many slots are held.".to_owned(),
            Self::NoOffer => "This offer is closed.".to_owned(),
            Self::OfferTooLate => "The offered time is over.".to_owned(),
            Self::NotAsked => "This offer was not made to you.".to_owned(),
            Self::NobodyToAsk => "There is nobody to offer this job to.".to_owned(),
            Self::OfferedAlready => "This job is offered already.".to_owned(),
            Self::NotInPool => "This job is not in the pool.".to_owned(),
            Self::PlacedTwice { title } => format!("“{title}” would be placed twice."),
            Self::TooManyOffers => "Too many offers are open.".to_owned(),
            Self::Absence(refusal) => refusal.detail(Language::En),
            Self::AlsoHit { title, .. } => format!("\"{title}\" is planned then as well."),
            Self::Bundle(refusal) => refusal.detail(Language::En),
        }
    }
}

pub(super) fn status_fr(status: VisitStatus) -> &'static str {
    match status {
        VisitStatus::Planned => "planifiée",
        VisitStatus::EnRoute => "en route",
        VisitStatus::OnSite => "sur place",
        VisitStatus::Done => "terminée",
        VisitStatus::Cancelled => "annulée",
        VisitStatus::NoAccess => "sans accès",
    }
}

pub(super) fn status_en(status: VisitStatus) -> &'static str {
    match status {
        VisitStatus::Planned => "planned",
        VisitStatus::EnRoute => "en route",
        VisitStatus::OnSite => "on site",
        VisitStatus::Done => "done",
        VisitStatus::Cancelled => "cancelled",
        VisitStatus::NoAccess => "without access",
    }
}
