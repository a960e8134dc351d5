//! An act in a few words of both languages, with the hour of the visit it is about: "Mardi 9 h : visite chez Tremblay
//! déplacée à Ana Roy". Pure but for the names it is given.

use std::collections::HashMap;

use actors::board::proposal::Ended;
use actors::board::protocol::{BoardEvent, Visit, VisitStatus};
use actors::conversations::protocol::ConversationEvent;
use actors::customers::protocol::CustomerEvent;
use actors::engine::journal::Recorded;
use actors::event::Event;
use actors::ids::TechnicianId;
use actors::jobs::protocol::{Job, JobEvent};
use actors::technicians::protocol::TechnicianEvent;
use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::said;
use crate::texts::{Language, times};

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Words {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

pub(super) fn words(fr: impl Into<String>, en: impl Into<String>) -> Words {
    Words { fr: fr.into(), en: en.into() }
}

/// What words rest on.
pub struct Speaker<'a> {
    /// The company's zone.
    pub zone: &'a TimeZone,
    /// Names of technicians by id.
    pub names: &'a HashMap<String, String>,
    /// The present moment: a day of this week needs no date.
    pub now: Timestamp,
}

impl Speaker<'_> {
    /// What somebody did.
    pub fn act(&self, events: &[Recorded]) -> Words {
        let board: Vec<&BoardEvent> = events
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Board(event) => Some(event),
                _ => None,
            })
            .collect();
        let away = events.iter().find_map(|entry| match &entry.event {
            Event::Technicians(event) => Some(technicians(event)),
            _ => None,
        });
        if board.len() > 1 || (away.is_some() && !board.is_empty()) {
            return self.several(&board, away);
        }
        let made =
            |entry: &&Recorded| matches!(entry.event, Event::Jobs(JobEvent::JobCreated { .. }));
        let jobs = events.iter().filter(made).count();
        if jobs > 1 {
            return said::applied(jobs);
        }
        let text = |entry: &&Recorded| {
            matches!(entry.event, Event::Conversations(ConversationEvent::MessageQueued { .. }))
        };
        let first = events.iter().find(text).or(events.first());
        first.map_or_else(Words::default, |entry| self.event(&entry.event))
    }

    /// What one event was.
    pub fn event(&self, event: &Event) -> Words {
        match event {
            Event::Board(event) => self.board(event),
            Event::Jobs(event) => jobs(event),
            Event::Technicians(event) => technicians(event),
            Event::Customers(event) => customers(event),
            Event::Tags(event) => said::tags(event),
            Event::Zones(event) => said::zones(event),
            Event::Materials(event) => said::materials(event),
            Event::Sla(event) => said::clocks(event),
            Event::Presets(event) => said::presets(event),
            Event::Templates(event) => said::templates(event),
            Event::Series(event) => said::series(event),
            Event::Conversations(event) => said::conversations(event),
            Event::Notifications(_) | Event::Auth(_) => words("Autre changement", "Another change"),
        }
    }

    /// `away`: what a technician's absence among them is called.
    fn several(&self, events: &[&BoardEvent], away: Option<Words>) -> Words {
        let count = |is: fn(&BoardEvent) -> bool| events.iter().filter(|event| is(event)).count();
        let placed = count(|event| matches!(event, BoardEvent::VisitPlanned { .. }));
        let moved = count(|event| matches!(event, BoardEvent::VisitMoved { .. }));
        let removed = count(|event| matches!(event, BoardEvent::VisitRemoved { .. }));
        let drafted = count(|event| matches!(event, BoardEvent::VisitDrafted { .. }));
        let published = events.iter().find_map(|event| match event {
            BoardEvent::DraftEntryGone { draft, published: true, .. } => Some(draft),
            _ => None,
        });
        let visits: Vec<&&BoardEvent> = events
            .iter()
            .filter(|event| {
                matches!(
                    event,
                    BoardEvent::VisitPlanned { .. }
                        | BoardEvent::VisitMoved { .. }
                        | BoardEvent::VisitRemoved { .. }
                        | BoardEvent::VisitStatusChanged { .. }
                )
            })
            .collect();
        if let ([only], None, None) = (visits.as_slice(), published, &away) {
            return self.board(only);
        }
        let accepted = events
            .iter()
            .any(|event| matches!(event, BoardEvent::ProposalGone { how: Ended::Accepted, .. }));
        let (fr, en) = match published {
            _ if away.is_some() => away.map(|away| (away.fr, away.en)).unwrap_or_default(),
            Some(draft) => {
                (format!("Ébauche « {draft} » publiée"), format!("Draft “{draft}” published"))
            }
            None if accepted => ("Proposition acceptée".to_owned(), "Proposal accepted".to_owned()),
            None if drafted > 0 => ("Ébauche modifiée".to_owned(), "Draft changed".to_owned()),
            None if visits.is_empty() => ("Ébauche écartée".to_owned(), "Draft dropped".to_owned()),
            None => ("Plusieurs visites".to_owned(), "Several visits".to_owned()),
        };
        let parts = |one: [(usize, &str, &str); 4]| {
            let told = one.into_iter().filter(|(count, ..)| *count > 0);
            told.map(|(n, one, many)| format!("{n} {}", if n == 1 { one } else { many }))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let told_fr = parts([
            (placed, "placée", "placées"),
            (moved, "déplacée", "déplacées"),
            (removed, "retirée", "retirées"),
            (drafted, "ébauchée", "ébauchées"),
        ]);
        let told_en = parts([
            (placed, "placed", "placed"),
            (moved, "moved", "moved"),
            (removed, "taken off", "taken off"),
            (drafted, "drafted", "drafted"),
        ]);
        if told_fr.is_empty() {
            return words(fr, en);
        }
        words(format!("{fr} : {told_fr}"), format!("{en}: {told_en}"))
    }

    fn board(&self, event: &BoardEvent) -> Words {
        match event {
            BoardEvent::VisitPlanned { job, visit, .. } => {
                let who = self.name(visit);
                self.at(visit, job, &format!("confiée à {who}"), &format!("given to {who}"))
            }
            BoardEvent::VisitMoved { job, before, after, .. }
                if before.technician_id == after.technician_id && before.start == after.start =>
            {
                let (fr, en) = self.stayed(before, after);
                self.at(after, job, &fr, &en)
            }
            BoardEvent::VisitMoved { job, before, after, .. }
                if before.technician_id == after.technician_id =>
            {
                let (was_fr, was_en) =
                    (self.day(before, Language::Fr), self.day(before, Language::En));
                let fr = format!("déplacée (elle était prévue {})", was_fr);
                self.at(after, job, &fr, &format!("moved (it was planned {was_en})"))
            }
            BoardEvent::VisitMoved { job, after, .. } => {
                let who = self.name(after);
                self.at(after, job, &format!("déplacée à {who}"), &format!("moved to {who}"))
            }
            BoardEvent::VisitRemoved { job, before, .. } => {
                let who = self.name(before);
                let (fr, en) = (format!("retirée à {who}"), format!("taken off {who}"));
                self.at(before, job, &fr, &en)
            }
            BoardEvent::VisitStatusChanged { job, after, .. } => {
                let (fr, en) = status(after.status);
                self.at(after, job, fr, en)
            }
            BoardEvent::VisitDrafted { job, entry, .. } => {
                let draft = &entry.draft;
                let (fr, en) = (
                    format!("mise dans l'ébauche « {draft} »"),
                    format!("put into the draft “{draft}”"),
                );
                self.at(&entry.visit, job, &fr, &en)
            }
            BoardEvent::DraftEntryGone { draft, .. } => words(
                format!("Retirée de l'ébauche « {draft} »"),
                format!("Taken out of the draft “{draft}”"),
            ),
            BoardEvent::ProposalGone { .. } => words("Proposition", "Proposal"),
            BoardEvent::PromiseBroken { .. } => words("Promesse rompue", "Promise broken"),
            BoardEvent::DraftPublished { .. } | BoardEvent::PublishTakenBack { .. } => {
                words("Ébauche publiée", "Draft published")
            }
            BoardEvent::PlanProposed { .. } => words("Plan proposé", "Plan proposed"),
            BoardEvent::Bundled { bundle, .. } => {
                let n = bundle.job_ids.len();
                words(format!("{n} interventions groupées"), format!("{n} jobs bundled"))
            }
            BoardEvent::Unbundled { .. } => words("Groupe défait", "Bundle taken apart"),
            BoardEvent::SlotHeld { .. } | BoardEvent::HoldGone { .. } => {
                words("Plage retenue", "Held slot")
            }
            BoardEvent::OfferMade { .. } | BoardEvent::OfferChanged { .. } => {
                words("Intervention offerte", "Job offered")
            }
        }
    }

    /// What was changed of a visit that stays where it was.
    fn stayed(&self, before: &Visit, after: &Visit) -> (String, String) {
        let named = |all: &[TechnicianId], other: &[TechnicianId]| {
            let gone = all.iter().filter(|id| !other.contains(id));
            let names = gone.map(|id| self.names.get(id.as_str()).map_or("?", String::as_str));
            names.collect::<Vec<_>>().join(", ")
        };
        let come = named(&after.assistants, &before.assistants);
        let gone = named(&before.assistants, &after.assistants);
        let (mut fr, mut en) = (Vec::new(), Vec::new());
        if !come.is_empty() {
            fr.push(format!("{come} accompagne"));
            en.push(format!("{come} goes along"));
        }
        if !gone.is_empty() {
            fr.push(format!("{gone} n'accompagne plus"));
            en.push(format!("{gone} no longer goes along"));
        }
        if !fr.is_empty() {
            return (format!("({})", fr.join(", ")), format!("({})", en.join(", ")));
        }
        let (fr, en) = match () {
            () if before.materials != after.materials => ("matériel changé", "equipment changed"),
            () if before.pinned != after.pinned && after.pinned => ("fixée", "pinned"),
            () if before.pinned != after.pinned => ("libérée", "unpinned"),
            () if before.end != after.end => ("durée changée", "duration changed"),
            () => ("changée", "changed"),
        };
        (fr.to_owned(), en.to_owned())
    }

    fn name(&self, visit: &Visit) -> &str {
        self.names.get(visit.technician_id.as_str()).map_or("?", String::as_str)
    }

    fn at(&self, visit: &Visit, job: &Job, fr: &str, en: &str) -> Words {
        let who = if job.customer_name.is_empty() { &job.title } else { &job.customer_name };
        let capital = |text: String| {
            let mut letters = text.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters).collect::<String>()
            })
        };
        words(
            format!("{} : visite chez {who} {fr}", capital(self.day(visit, Language::Fr))),
            format!("{}: visit to {who} {en}", self.day(visit, Language::En)),
        )
    }

    /// The weekday and the hour; with the date where it is not of the days around.
    fn day(&self, visit: &Visit, language: Language) -> String {
        let hour = times::clock(visit.start, self.zone, language);
        let is_near = visit.start.duration_since(self.now).abs().as_hours() < 6 * 24;
        if !is_near {
            return format!("{} {hour}", times::day(visit.start, self.zone, language));
        }
        let day = visit.start.to_zoned(self.zone.clone()).weekday();
        format!("{} {hour}", weekday(day, language))
    }
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    let at = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0).min(6);
    let names = match language {
        Language::Fr => ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        Language::En => {
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        }
    };
    names[at]
}

fn status(status: VisitStatus) -> (&'static str, &'static str) {
    match status {
        VisitStatus::Planned => ("remise à planifiée", "set back to planned"),
        VisitStatus::EnRoute => ("passée à en route", "set to en route"),
        VisitStatus::OnSite => ("passée à sur place", "set to on site"),
        VisitStatus::Done => ("terminée", "set to done"),
        VisitStatus::Cancelled => ("annulée", "cancelled"),
        VisitStatus::NoAccess => ("sans accès", "set to no access"),
    }
}

fn jobs(event: &JobEvent) -> Words {
    let (job, fr, en) = match event {
        JobEvent::JobCreated { after } => (after, "créée", "created"),
        JobEvent::JobChanged { after, .. } => (after, "modifiée", "edited"),
        JobEvent::JobCancelled { job, .. } => (job, "annulée", "cancelled"),
        JobEvent::JobReopened { job, .. } => (job, "rouverte", "re-opened"),
        JobEvent::JobRestored { job, .. } => (job, "rétablie", "put back"),
    };
    let (title, who) = (&job.title, &job.customer_name);
    words(
        format!("Intervention « {title} » chez {who} {fr}"),
        format!("Job “{title}” for {who} {en}"),
    )
}

fn technicians(event: &TechnicianEvent) -> Words {
    match event {
        TechnicianEvent::TechnicianHired { after } => {
            words(format!("{} embauché", after.name), format!("{} hired", after.name))
        }
        TechnicianEvent::TechnicianUnhired { technician } => words(
            format!("Embauche de {} retirée", technician.name),
            format!("Hiring of {} taken back", technician.name),
        ),
        TechnicianEvent::TechnicianChanged { after, .. } => words(
            format!("Fiche de {} modifiée", after.name),
            format!("{}'s record edited", after.name),
        ),
        TechnicianEvent::AbsenceReported { technician, .. } => words(
            format!("Absence de {} signalée", technician.name),
            format!("{}'s absence reported", technician.name),
        ),
        TechnicianEvent::AbsenceChanged { technician, .. } => words(
            format!("Absence de {} modifiée", technician.name),
            format!("{}'s absence changed", technician.name),
        ),
        TechnicianEvent::AbsenceEnded { technician, .. } => words(
            format!("Absence de {} retirée", technician.name),
            format!("{}'s absence ended", technician.name),
        ),
        TechnicianEvent::CalendarAdded { technician, .. }
        | TechnicianEvent::CalendarRemoved { technician, .. }
        | TechnicianEvent::CalendarRead { technician, .. } => words(
            format!("Agenda extérieur de {}", technician.name),
            format!("{}'s outside calendar", technician.name),
        ),
        TechnicianEvent::RouteEtasChanged { .. } | TechnicianEvent::TechnicianArrived { .. } => {
            words("Route", "Route")
        }
    }
}

fn customers(event: &CustomerEvent) -> Words {
    match event {
        CustomerEvent::CustomerRegistered { after } => words(
            format!("Client {} inscrit", after.name),
            format!("Customer {} registered", after.name),
        ),
        CustomerEvent::CustomerUnregistered { customer } => words(
            format!("Inscription de {} retirée", customer.name),
            format!("Registration of {} taken back", customer.name),
        ),
        CustomerEvent::LocationRemoved { location } => words(
            format!("Ajout de l'adresse {} retiré", location.address),
            format!("Adding of address {} taken back", location.address),
        ),
        CustomerEvent::CustomerChanged { after, .. } => words(
            format!("Fiche du client {} modifiée", after.name),
            format!("Customer {} edited", after.name),
        ),
        CustomerEvent::LocationAdded { after } => words(
            format!("Adresse {} ajoutée", after.address),
            format!("Address {} added", after.address),
        ),
        CustomerEvent::LocationChanged { after, .. } => words(
            format!("Adresse {} modifiée", after.address),
            format!("Address {} edited", after.address),
        ),
    }
}
