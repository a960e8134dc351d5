//! What would be told if a visit stood otherwise: the very decision that tells, asked of a copy that nobody hears of.
//! Never queues, never promises, never counts.

use std::sync::Arc;

use actors::board::protocol::Visit;
use actors::conversations::protocol::{Consent, MessageKind};
use actors::engine::component::Component;
use actors::engine::refusal::Language;
use actors::engine::shell::Loader;
use actors::event::Event;
use actors::ids::JobId;
use actors::jobs::protocol::JobStatus;
use actors::notifications::JobNotices;
use actors::notifications::protocol::{Command, NotificationEvent, Promise, Telling, Trigger};
use actors::technicians::Arithmetic;
use actors::technicians::protocol::{Person, Technician};
use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;
use crate::shelves::Shelves;

/// So much earlier nobody notices: promises are told on the five minutes, and a hand that drags is no finer.
const EARLY: SignedDuration = SignedDuration::from_mins(5);

/// A text as it would leave.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TextShape {
    /// To whom, E.164.
    pub to: String,
    /// The words.
    pub body: String,
    /// What about.
    pub kind: MessageKind,
    /// In which language.
    pub language: Language,
}

/// What would be told, and what it would break.
#[derive(Clone, Debug, Default)]
pub struct Foretold {
    /// To the customer.
    pub customer: Option<TextShape>,
    /// A window that the customer read of and that would no longer hold.
    pub breaks: Option<Promise>,
    /// The customer has no number.
    pub no_phone: bool,
    /// The customer wants no texts.
    pub no_consent: bool,
}

/// How a visit would stand.
#[derive(Clone, Copy, Debug)]
pub enum Then<'a> {
    /// There, with that technician.
    Planned(&'a Visit, &'a Technician),
    /// Off the board.
    Removed,
}

/// What would be told of a job if it stood so.
///
/// # Errors
/// When the rows cannot be read.
pub async fn foretell(house: &House, job: &JobId, then: Then<'_>) -> Result<Foretold, Problem> {
    let arithmetic = Arithmetic {
        travel: Arc::new(house.knowledge.clone()),
        durations: Arc::new(house.knowledge.clone()),
    };
    let shelves = Shelves {
        database: house.journal.database().clone(),
        policy: house.policy.clone(),
        arithmetic,
        wording: house.words.clone(),
    };
    let loaded: Result<(JobNotices, _), _> = shelves.load(Arc::from(job.as_str())).await;
    let (mut room, _) = loaded.map_err(|error| {
        tracing::error!(%error, "what would be told cannot be read");
        Problem::overloaded()
    })?;
    let breaks = broken(&room, then);
    let no_phone = room.customer.as_ref().is_none_or(|(_, who)| who.phone.is_none());
    let no_consent = room.consent == Consent::Withdrawn;
    room.taken_back = None;
    let trigger = match then {
        Then::Planned(visit, technician) => {
            (room.status, room.visit) = (JobStatus::Planned, Some(visit.clone()));
            let person = Person {
                name: technician.name.as_str().into(),
                phone: Some(technician.phone.as_str().into()),
                language: technician.language,
            };
            room.technician = Some((technician.id.clone(), person));
            Trigger::Published
        }
        Then::Removed => Trigger::Removed,
    };
    let now = house.clock.now();
    let decision = room.decide(&Command::Consider { trigger }, now).unwrap_or_default();
    let customer = decision.events.iter().find_map(|event| match event {
        Event::Notifications(NotificationEvent::CustomerShouldKnow { telling, .. }) => {
            Some(shape(telling))
        }
        _ => None,
    });
    Ok(Foretold { customer, breaks, no_phone, no_consent })
}

fn shape(telling: &Telling) -> TextShape {
    TextShape {
        to: telling.phone.to_string(),
        body: telling.body.clone(),
        kind: telling.kind,
        language: telling.language,
    }
}

/// The last window that the customer read of, where the visit would begin outside it. What still waits was read by
/// nobody, and a word that the visit is off ended what was said before.
fn broken(room: &JobNotices, then: Then<'_>) -> Option<Promise> {
    let called_off = room
        .told
        .iter()
        .rev()
        .filter(|told| told.text.as_ref().is_none_or(|(id, _)| !room.waiting.contains(id)))
        .find(|told| {
            use MessageKind::{Cancelled, HourGone, Rescheduled, VisitPromised};
            matches!(told.kind, VisitPromised | Rescheduled | Cancelled | HourGone)
        });
    let is_off = |kind| matches!(kind, MessageKind::Cancelled | MessageKind::HourGone);
    if called_off.is_some_and(|told| is_off(told.kind)) {
        return None;
    }
    let said = room.promises.iter().rev().filter(|promise| !promise.is_eta);
    let last = { said }.find(|promise| !room.waiting.contains(&promise.message_id))?;
    let holds = match then {
        Then::Planned(visit, _) => last.start - EARLY <= visit.start && visit.start <= last.end,
        Then::Removed => false,
    };
    (!holds).then(|| last.clone())
}
