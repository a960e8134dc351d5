//! Texts as they would go out if the board stood otherwise: the same decision, on the same rows, with another visit put
//! in. Nothing is written down and nothing leaves; whoever wants the texts to go makes the change real.

use std::borrow::Cow;
use std::sync::Arc;

use actors::board::protocol::Visit;
use actors::engine::component::{Component, Decision};
use actors::engine::shell::Loader;
use actors::event::Event;
use actors::jobs::protocol::JobStatus;
use actors::notifications::JobNotices;
use actors::notifications::protocol::{Command, NotificationEvent, Telling, Trigger, Untold};
use actors::technicians::Arithmetic;
use actors::technicians::protocol::{Person, Technician};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;
use crate::shelves::Shelves;

/// A text as it would go out, or somebody who could not be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DraftedText {
    /// About which job.
    pub job_id: String,
    /// `customer` or `technician`.
    #[schema(value_type = String)]
    pub to: Cow<'static, str>,
    /// Whose name.
    pub name: String,
    /// Their number, E.164; none where they cannot be told.
    pub phone: Option<String>,
    /// What kind of text.
    pub kind: String,
    /// The text; none where they cannot be told.
    pub body: Option<String>,
    /// When it would leave.
    #[schema(value_type = Option<String>)]
    pub due_at: Option<Timestamp>,
    /// Why they cannot be told: `no_phone` or `opted_out`.
    #[schema(value_type = Option<String>)]
    pub untold: Option<Cow<'static, str>>,
}

/// A visit as it would be, and who would go.
#[derive(Clone, Debug)]
pub struct Imagined {
    /// The visit.
    pub visit: Visit,
    /// Whose it would be.
    pub technician: Technician,
}

/// What would be told about a job if its visit were this one; none takes it off the board.
///
/// # Errors
/// When the rows cannot be read.
pub async fn drafted(
    house: &House,
    job_id: &str,
    imagined: Option<Imagined>,
) -> Result<Vec<DraftedText>, Problem> {
    let (room, decision) = decided(house, job_id, imagined).await?;
    Ok(decision.events.iter().filter_map(|event| text(&room, job_id, event)).collect())
}

/// The shelves that copies of rooms are read from.
pub(super) fn shelves(house: &House) -> Shelves {
    Shelves {
        database: house.journal.database().clone(),
        policy: house.policy.clone(),
        arithmetic: Arithmetic {
            travel: Arc::new(house.knowledge.clone()),
            durations: Arc::new(house.knowledge.clone()),
        },
        wording: house.words.clone(),
    }
}

/// What the notifications would decide, and the copy that decided it.
///
/// # Errors
/// When the rows cannot be read.
pub(super) async fn decided(
    house: &House,
    job_id: &str,
    imagined: Option<Imagined>,
) -> Result<(JobNotices, Decision), Problem> {
    let loaded = shelves(house).load(job_id.into()).await;
    let (mut room, _): (JobNotices, _) = loaded.map_err(|error| {
        tracing::error!(%error, "texts could not be drafted");
        Problem::internal()
    })?;
    // What is imagined takes nothing back.
    (room.eta, room.taken_back) = (None, None);
    let trigger = match imagined {
        Some(Imagined { visit, technician }) => {
            room.status = JobStatus::from(visit.status);
            let person = Person {
                name: technician.name.as_str().into(),
                phone: Some(technician.phone.as_str().into()),
                language: technician.language,
            };
            room.technician = Some((technician.id, person));
            room.visit = Some(visit);
            Trigger::Planned
        }
        None => {
            (room.visit, room.status) = (None, JobStatus::Unassigned);
            Trigger::Removed
        }
    };
    // Notifications never refuse.
    let Ok(decision) = room.decide(&Command::Consider { trigger }, house.clock.now());
    Ok((room, decision))
}

/// A decision as a text; none for what is no text.
pub(super) fn text(room: &JobNotices, job_id: &str, event: &Event) -> Option<DraftedText> {
    let Event::Notifications(event) = event else { return None };
    let name =
        |person: Option<&Person>| person.map_or_else(String::new, |who| who.name.to_string());
    let customer = || name(room.customer.as_ref().map(|(_, who)| who));
    let technician = || name(room.technician.as_ref().map(|(_, who)| who));
    let said = |to: &'static str, name: String, telling: &Telling| DraftedText {
        job_id: job_id.to_owned(),
        to: to.into(),
        name,
        phone: Some(telling.phone.to_string()),
        kind: telling.kind.code().to_owned(),
        body: Some(telling.body.clone()),
        due_at: Some(telling.due_at),
        untold: None,
    };
    Some(match event {
        NotificationEvent::CustomerShouldKnow { telling, .. } => {
            said("customer", customer(), telling)
        }
        NotificationEvent::TechnicianShouldKnow { telling, .. } => {
            said("technician", technician(), telling)
        }
        NotificationEvent::CannotTell { kind, why, .. } => DraftedText {
            job_id: job_id.to_owned(),
            to: "customer".into(),
            name: customer(),
            phone: None,
            kind: kind.code().to_owned(),
            body: None,
            due_at: None,
            untold: Some(Cow::Borrowed(match why {
                Untold::NoPhone => "no_phone",
                Untold::OptedOut => "opted_out",
            })),
        },
        NotificationEvent::ScheduleShouldKnow { .. }
        | NotificationEvent::TellingRecalled { .. }
        | NotificationEvent::OfferShouldBeKnown { .. }
        | NotificationEvent::OfferUntold { .. } => return None,
    })
}
