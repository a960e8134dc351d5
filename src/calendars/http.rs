//! Paths of calendar feeds: a link for a technician's calendar, the feed itself, and taking a link back.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use actors::board::protocol::VisitStatus;
use actors::engine::refusal::Language;
use actors::engine::shell::Circumstances;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;

use crate::auth::Caller;
use crate::auth::links::Audience;
use crate::board::store::{CalendarVisit, calendar};
use crate::calendars::ical::{CONTENT_TYPE, Event, Feed, render};
use crate::error::Problem;
use crate::house::House;
use crate::input::Asked;
use crate::notifications::wording::text_language;

/// Past visits stay in the feed this long, and cancelled ones are struck out this long.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// `?token=`
#[derive(Deserialize)]
pub struct FeedQuery {
    #[serde(default)]
    token: String,
}

fn link_prefix(technician: &str) -> String {
    format!("ical:{technician}:")
}

async fn technician(
    house: &House,
    id: &str,
) -> Result<actors::technicians::protocol::Technician, Problem> {
    let mut connection = house.read().await?;
    let known = crate::technicians::store::one(&mut connection, id).await?;
    Ok(known.ok_or_else(|| Problem::not_found("technician"))?.technician)
}

/// GET /dispatch/ical-token/{tech}
///
/// # Errors
/// 404.
pub async fn token(
    house: web::Data<House>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let who = technician(&house, &id).await?;
    let prefix = link_prefix(who.id.as_str());
    let link = format!("{prefix}{}", house.keys.revocations(&prefix));
    let token = house.links.make(Audience::Ical, who.id.as_str(), &link, house.clock.now());
    let origin = house.settings.public_url.trim_end_matches('/');
    let url = format!("{origin}/dispatch/calendar/{}.ics?token={token}", who.id);
    Ok(HttpResponse::Ok().json(json!({ "url": url })))
}

/// POST /dispatch/ical-token/{tech}/revoke
///
/// # Errors
/// 404.
pub async fn revoke(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let who = technician(&house, &id).await?;
    let prefix = link_prefix(who.id.as_str());
    let link = format!("{prefix}{}", house.keys.revocations(&prefix));
    let command = actors::auth::protocol::Command::RevokeLink { link: link.into() };
    let recorded = house.rooms.auth(command, Circumstances::by(caller.name)).await?;
    house.learn_keys(&recorded);
    Ok(HttpResponse::NoContent().finish())
}

/// GET /dispatch/calendar/{tech}.ics
///
/// # Errors
/// 404 for anything but a good token of this technician: a stranger learns nothing.
pub async fn feed(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<String>,
    query: Asked<FeedQuery>,
) -> Result<HttpResponse, Problem> {
    let nothing = || Problem::not_found("calendar");
    let now = house.clock.now();
    let link = house.links.read(Audience::Ical, &query.token, now).map_err(|_| nothing())?;
    let who = technician(&house, &id).await.map_err(|_| nothing())?;
    if link.subject != who.id.as_str() || house.keys.is_revoked(&link.id) {
        return Err(nothing());
    }
    let visits = {
        let mut connection = house.read().await?;
        calendar(&mut connection, who.id.as_str(), now - KEPT, now - KEPT).await?
    };
    let feed = Feed {
        technician: who.name.clone(),
        language: text_language(who.language),
        zone: house.settings.timezone.name.clone(),
        events: visits.iter().map(|visit| event(&house, visit, who.language)).collect(),
    };
    let written = render(&feed);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh = known.is_some_and(|known| written.is_known_to(known));
    let status = if fresh { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::ETAG, written.etag.clone()));
    answer.insert_header((header::CACHE_CONTROL, "private, no-cache, must-revalidate"));
    if fresh {
        return Ok(answer.finish());
    }
    answer.content_type(CONTENT_TYPE);
    Ok(answer.body(written.bytes))
}

/// 2020-01-01: no calendar here is older, and from here seconds fit the field until 2156.
const SEQUENCE_ZERO_S: i64 = 1_577_836_800;

fn event(house: &House, held: &CalendarVisit, language: Language) -> Event {
    let host = house
        .settings
        .public_url
        .split_once("://")
        .map_or("tournee", |(_, rest)| rest.split(['/', ':']).next().unwrap_or("tournee"));
    let CalendarVisit { visit, job, .. } = held;
    // What was left behind in the calendar of somebody who lost the visit bears the same name as before.
    let id = visit.id.as_str().split('@').next().unwrap_or(visit.id.as_str());
    let phone = job.customer_phone.as_deref().unwrap_or("");
    let notes = job.notes.as_deref().unwrap_or("");
    let description = match language {
        Language::Fr => format!("Client : {} {phone}\n{notes}", job.customer_name),
        Language::En => format!("Customer: {} {phone}\n{notes}", job.customer_name),
    };
    Event {
        uid: format!("{id}@{host}"),
        // Seconds rise with every change, also where a restored journal counts from the beginning again.
        sequence: u32::try_from(held.changed_at.as_second() - SEQUENCE_ZERO_S).unwrap_or(0),
        created: actors::ids::made_at(id).unwrap_or(visit.start).min(held.changed_at),
        last_modified: held.changed_at,
        start: visit.start,
        end: visit.end,
        cancelled: held.cancelled || visit.status == VisitStatus::Cancelled,
        summary: format!("{} - {}", job.title, job.customer_name),
        location: job.address.clone(),
        place: Some((job.lat, job.lon)),
        description: description.trim().to_owned(),
        url: None,
    }
}
