//! Paths of a technician's outside calendars: followed, read again, no longer followed. No answer bears an address.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use actors::ids::CalendarId;
use actors::technicians::calendars::OutsideCalendar;
use actors::technicians::protocol::{Command, Technician, TechnicianRefusal};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::Problem;
use crate::house::House;
use crate::input::Create;
use crate::integrations::ics::fetch::address;
use crate::technicians::http::known;

/// A calendar that is to be followed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutsideCalendarInput {
    /// Its address: http, https or webcal. Kept as a secret, and never shown again.
    pub url: String,
    /// What people call it; the host where left out.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether dispatchers see what takes the time; false where left out.
    #[serde(default)]
    pub show_titles: bool,
}

/// GET /technicians/{id}/calendars
///
/// # Errors
/// 404.
pub async fn list(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let who = known(&house, &id).await?.technician;
    Ok(HttpResponse::Ok().json(json!({ "items": who.calendars, "next": null })))
}

/// POST /technicians/{id}/calendars
///
/// # Errors
/// 404, 422 for what is no address or one calendar too many.
pub async fn follow(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Create<OutsideCalendarInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let who = known(&house, &id).await?.technician;
    let url = address(&input.url).map_err(|_| {
        crate::refusals::invalid(
            "calendars.address",
            "Ce n'est pas l'adresse d'un agenda (http, https ou webcal).",
            "This is not the address of a calendar (http, https or webcal).",
        )
        .pointer("/url", "An http, https or webcal address is needed.")
    })?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let name = input.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    if name.is_some_and(|name| name.chars().count() > 100) {
        return Err(Problem::invalid("/name", "A name has 100 characters at most."));
    }
    let calendar = OutsideCalendar {
        id: CalendarId::new(house.clock.now(), house.entropy()),
        name: name.unwrap_or(&host).to_owned(),
        host,
        show_titles: input.show_titles,
        busy: Vec::new(),
        known_until: None,
        problem: None,
    };
    once.answer(&house, &caller, |inbox| {
        let (house, by) = (house.clone(), caller.name.clone());
        async move {
            let answer = json!(calendar);
            let mark = inbox.map(|mark| mark.answering(201, answer.to_string()));
            let why = Circumstances::by(by).with_inbox(mark);
            let id = calendar.id.clone();
            let command = Command::AddCalendar {
                calendar: Box::new(calendar),
                address: actors::technicians::calendars::Address(url.to_string()),
            };
            house.rooms.technician(&who.id, command, why).await?;
            house.outside.soon(id.as_str());
            Ok((StatusCode::CREATED, answer))
        }
    })
    .await
}

fn theirs<'a>(who: &'a Technician, id: &str) -> Result<&'a OutsideCalendar, Problem> {
    let known = who.calendars.iter().find(|one| one.id.as_str() == id);
    known.ok_or_else(|| crate::refusals::refused(&TechnicianRefusal::NoSuchCalendar))
}

/// POST /technicians/{id}/calendars/{calendar}/refresh: read again as soon as may be.
///
/// # Errors
/// 404.
pub async fn refresh(
    house: web::Data<House>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let who = known(&house, &path.0).await?.technician;
    let calendar = theirs(&who, &path.1)?;
    house.outside.soon(calendar.id.as_str());
    Ok(HttpResponse::Accepted().json(calendar))
}

/// DELETE /technicians/{id}/calendars/{calendar}: what it took is free again.
///
/// # Errors
/// 404.
pub async fn unfollow(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let who = known(&house, &path.0).await?.technician;
    let id = theirs(&who, &path.1)?.id.clone();
    let command = Command::RemoveCalendar(id);
    house.rooms.technician(&who.id, command, Circumstances::by(caller.name)).await?;
    Ok(HttpResponse::NoContent().finish())
}
