//! The answer to a request that was committed before, where the first answer was never kept: the process died
//! between the commit and the answer. What the request led to is in the journal; the answer is made anew from it.
//! Requests that do many things at once commit their answer with them and never come here.

use actix_web::http::StatusCode;
use actors::board::protocol::BoardEvent;
use actors::conversations::protocol::ConversationEvent;
use actors::customers::protocol::CustomerEvent;
use actors::engine::journal::{Journal, Recorded, Seq, Since};
use actors::event::Event;
use actors::jobs::protocol::JobEvent;
use actors::materials::{Material, MaterialEvent};
use actors::presets::{Preset, PresetEvent};
use actors::sla::protocol::{Policy, SlaEvent};
use actors::tags::{Tag, TagEvent};
use actors::technicians::protocol::TechnicianEvent;
use actors::templates::TemplateEvent;
use actors::zones::protocol::{Zone, ZoneEvent};
use serde_json::{Value, json};

use crate::error::Problem;
use crate::house::House;
use crate::kept::http::shape;

/// Events that one request commits at most before the one that its answer is made of.
const LOOKED_AT: usize = 8;

/// The status and body for a request to `path` whose first event stands at `first`.
///
/// # Errors
/// 409 where the answer cannot be made again, and faults.
pub async fn answer(house: &House, first: Seq, path: &str) -> Result<(StatusCode, Value), Problem> {
    let Since::Events(events) = house.journal.since(first - 1, LOOKED_AT).await? else {
        return Err(lost());
    };
    let Some(entry) = events.first().filter(|entry| entry.seq == first) else {
        return Err(lost());
    };
    if let Event::Conversations(_) = &entry.event {
        // The first text to a number opens its thread in the same breath.
        let same = |other: &&std::sync::Arc<Recorded>| is_of(entry, other);
        let message = events.iter().take_while(same).find_map(|other| match &other.event {
            Event::Conversations(ConversationEvent::MessageQueued { message }) => Some(message),
            _ => None,
        });
        let message = message.ok_or_else(lost)?;
        let status = if path == "/send/sms" { StatusCode::ACCEPTED } else { StatusCode::CREATED };
        let id = &message.id;
        return Ok((status, json!({ "id": id, "message_id": id, "state": message.state })));
    }
    of(house, &entry.event).await
}

/// Whether both were committed by one command.
fn is_of(entry: &Recorded, other: &Recorded) -> bool {
    (&entry.key, &entry.by, entry.at, &entry.cause)
        == (&other.key, &other.by, other.at, &other.cause)
}

async fn of(house: &House, event: &Event) -> Result<(StatusCode, Value), Problem> {
    let created = StatusCode::CREATED;
    Ok(match event {
        Event::Customers(CustomerEvent::CustomerRegistered { after }) => {
            (created, crate::customers::http::now(house, after.id.as_str()).await?)
        }
        Event::Customers(CustomerEvent::LocationAdded { after }) => {
            (created, crate::customers::http::location_now(house, after.id.as_str()).await?)
        }
        Event::Technicians(TechnicianEvent::TechnicianHired { after }) => {
            (created, crate::technicians::http::shape(house, &after.id).await?)
        }
        Event::Technicians(TechnicianEvent::AbsenceReported { absence, .. }) => {
            (created, json!(absence))
        }
        Event::Presets(PresetEvent::PresetCreated { preset }) => {
            (created, shape::<Preset>(house, preset.id.as_str()).await?)
        }
        Event::Sla(SlaEvent::SlaPolicyKept { after, .. }) => {
            (created, shape::<Policy>(house, after.id.as_str()).await?)
        }
        Event::Zones(ZoneEvent::ZoneCreated { zone }) => {
            (created, shape::<Zone>(house, zone.id.as_str()).await?)
        }
        Event::Tags(TagEvent::TagCreated { tag }) => {
            (created, shape::<Tag>(house, tag.id.as_str()).await?)
        }
        Event::Materials(MaterialEvent::MaterialCreated { material }) => {
            (created, shape::<Material>(house, material.id.as_str()).await?)
        }
        Event::Templates(TemplateEvent::TemplateChanged { after, .. }) => (created, json!(after)),
        Event::Jobs(JobEvent::JobCreated { after }) => {
            (created, crate::jobs::http::now(house, after.id.as_str()).await?)
        }
        Event::Jobs(JobEvent::JobCancelled { job, .. } | JobEvent::JobReopened { job, .. })
        | Event::Board(
            BoardEvent::VisitPlanned { job, .. }
            | BoardEvent::VisitMoved { job, .. }
            | BoardEvent::VisitStatusChanged { job, .. }
            | BoardEvent::VisitRemoved { job, .. }
            | BoardEvent::VisitDrafted { job, .. },
        ) => (StatusCode::OK, crate::jobs::http::now(house, job.id.as_str()).await?),
        Event::Board(BoardEvent::Bundled { bundle, .. }) => {
            (created, crate::bundles::http::shape(house, bundle.id.as_str()).await?)
        }
        Event::Board(BoardEvent::OfferMade { offer, .. }) => {
            (created, crate::offers::http::now(house, offer.id.as_str()).await?)
        }
        Event::Board(BoardEvent::DraftEntryGone { job_id, .. }) => {
            (StatusCode::OK, crate::jobs::http::now(house, job_id.as_str()).await?)
        }
        _ => return Err(lost()),
    })
}

fn lost() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "idempotency.answer_lost",
        "This request was done before, but its answer was lost. Look at the present state.",
    )
}
