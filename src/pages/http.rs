//! Paths of link holders: the technician's day and the customer's visit. The link is the proof; what it does not
//! name does not exist for its holder. A GET changes nothing, whoever looks ahead on a person's behalf.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use actors::engine::refusal::Language;
use actors::engine::shell::Circumstances;
use actors::jobs::protocol::JobStatus;
use actors::workers::hub::Check;
use futures_util::FutureExt;
use serde_json::Value;

use crate::auth::links::{Audience, Link, Worthless};
use crate::error::{Problem, read_bytes, read_json};
use crate::house::House;
use crate::integrations::form;
use crate::jobs::http::{Reach, StatusInput, change_status, standing};
use crate::live::Live;
use crate::live::sse::{Told, narrow};
use crate::pages::fill::{Tracking, fold, technician, tracking};
use crate::pages::{
    render_invalid, render_over, render_refused, render_technician, render_tracking,
};

pub(in crate::pages) fn link(
    house: &House,
    audience: Audience,
    token: &str,
) -> Result<Link, Worthless> {
    let link = house.links.read(audience, token, house.clock.now())?;
    if house.keys.is_revoked(&link.id) { Err(Worthless::Expired) } else { Ok(link) }
}

/// A stream ends with its link: asked every minute.
fn while_valid(house: &web::Data<House>, audience: Audience, token: String) -> Check {
    let house = house.clone();
    Rc::new(move || std::future::ready(link(&house, audience, &token).is_ok()).boxed_local())
}

pub(in crate::pages) fn gone(why: Worthless) -> Problem {
    match why {
        Worthless::Expired => {
            Problem::new(StatusCode::GONE, "links.expired", "This link has expired.")
        }
        Worthless::Invalid => Problem::unauthorized(),
    }
}

pub(in crate::pages) fn page(status: StatusCode, html: String) -> HttpResponse {
    let mut answer = HttpResponse::build(status);
    answer.content_type("text/html; charset=utf-8");
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    let mut answer = answer.body(html);
    crate::assets::protect(&mut answer);
    answer
}

pub(in crate::pages) fn worthless(
    house: &House,
    request: &HttpRequest,
    why: Worthless,
) -> HttpResponse {
    let language = preferred(house, request);
    let html = render_invalid(language, &house.policy.company);
    match why {
        Worthless::Expired => page(StatusCode::GONE, html),
        Worthless::Invalid => page(StatusCode::UNAUTHORIZED, html),
    }
}

pub(in crate::pages) fn preferred(house: &House, request: &HttpRequest) -> Language {
    let asked =
        request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    match asked.map(|text| text.trim_start().get(..2).unwrap_or("").to_ascii_lowercase()) {
        Some(code) if code == "en" => Language::En,
        Some(code) if code == "fr" => Language::Fr,
        _ => house.policy.language,
    }
}

/// GET /t/{token}
///
/// # Errors
/// Faults only; a bad link gets a page that says so.
pub async fn technician_page(
    house: web::Data<House>,
    request: HttpRequest,
    token: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let link = match link(&house, Audience::Tech, &token) {
        Ok(link) => link,
        Err(why) => return Ok(worthless(&house, &request, why)),
    };
    let model = technician(&house, &link.subject).await?;
    Ok(page(StatusCode::OK, render_technician(&model, &token, &house.policy.zone)))
}

/// GET /t/{token}/state
///
/// # Errors
/// 401 or 410 for a bad link.
pub async fn technician_state(
    house: web::Data<House>,
    token: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let link = link(&house, Audience::Tech, &token).map_err(gone)?;
    let model = technician(&house, &link.subject).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(model))
}

/// GET /t/{token}/events
///
/// # Errors
/// 401 or 410 for a bad link.
pub async fn technician_events(
    house: web::Data<House>,
    live: web::Data<Live>,
    request: HttpRequest,
    token: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let link = link(&house, Audience::Tech, &token).map_err(gone)?;
    let topics: Vec<Arc<str>> = vec![format!("tech:{}", link.subject).into()];
    let changed = Bytes::from_static(b"event: changed\ndata: {}\n\n");
    narrow(
        &live,
        &request,
        topics,
        Some(while_valid(&house, Audience::Tech, token.into_inner())),
        Box::new(move |frame| (&*frame.kind != "tech.position").then(|| changed.clone()).into()),
    )
}

/// POST /t/{token}/jobs/{job_id}/status: JSON, or a form that is answered with the page, or with a page that says why
/// not.
///
/// # Errors
/// 401 or 410 for a bad link, 404 for someone else's job, 422 for a wrong order.
pub async fn technician_status(
    house: web::Data<House>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: Result<Bytes, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let (token, job) = path.into_inner();
    let body = read_bytes(body)?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let link = match link(&house, Audience::Tech, &token) {
        Ok(link) => link,
        Err(why) if is_form => return Ok(worthless(&house, &request, why)),
        Err(why) => return Err(gone(why)),
    };
    let back = format!("/t/{token}");
    let input = if is_form { from_form(&body) } else { read_json::<StatusInput>(&body) };
    let done = match input {
        Ok(input) => step(&house, &link, &job, &input).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(()) if is_form => {
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, back)).finish())
        }
        Err(problem) if is_form => {
            let language = preferred(&house, &request);
            let why = problem.detail_in(language);
            let html = render_refused(language, &house.policy.company, &why, &back);
            Ok(page(problem.status(), html))
        }
        Ok(()) => Ok(HttpResponse::Ok().json(technician(&house, &link.subject).await?)),
        Err(problem) => Err(problem),
    }
}

/// Takes a visit of the link's holder a step further.
async fn step(house: &House, link: &Link, job: &str, input: &StatusInput) -> Result<(), Problem> {
    let held = standing(house, job).await?;
    let mine = held
        .visit
        .as_ref()
        .is_some_and(|visit| visit.people().any(|id| *id.key() == *link.subject));
    if !mine {
        return Err(Problem::not_found("job"));
    }
    if matches!(input.status, JobStatus::Cancelled | JobStatus::Unassigned) {
        return Err(Problem::invalid("/status", "The office cancels and re-opens jobs."));
    }
    let why = Circumstances::by(format!("tech:{}", link.subject));
    // Whoever leaves for a stop, or has come to it, does so for all of its jobs; each is done on its own.
    let reach = match input.status {
        JobStatus::EnRoute | JobStatus::OnSite => Reach::Stop,
        _ => Reach::Job,
    };
    change_status(house, job, input, reach, why).await?;
    Ok(())
}

fn from_form(body: &[u8]) -> Result<StatusInput, Problem> {
    let form = form::parse(body);
    let status = form::value(&form, "status")
        .and_then(JobStatus::from_code)
        .ok_or_else(|| Problem::invalid("/status", "There is no such status."))?;
    let note = form::value(&form, "note").map(str::to_owned);
    Ok(StatusInput { status, note, version: None })
}

/// GET /track/{token}
///
/// # Errors
/// Faults only; a bad link gets a page that says so.
pub async fn tracking_page(
    house: web::Data<House>,
    request: HttpRequest,
    token: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let link = match link(&house, Audience::Track, &token) {
        Ok(link) => link,
        Err(why) => return Ok(worthless(&house, &request, why)),
    };
    Ok(match tracking(&house, &link.subject).await? {
        Tracking::Open { page: model, .. } => {
            page(StatusCode::OK, render_tracking(&model, &token, &house.policy.zone))
        }
        Tracking::Over(language) => {
            page(StatusCode::GONE, render_over(language, &house.policy.company))
        }
    })
}

/// GET /track/{token}/state
///
/// # Errors
/// 401 for a bad link, 410 when it is over.
pub async fn tracking_state(
    house: web::Data<House>,
    token: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let link = link(&house, Audience::Track, &token).map_err(gone)?;
    match tracking(&house, &link.subject).await? {
        Tracking::Open { page, .. } => {
            Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(page))
        }
        Tracking::Over(_) => Err(over()),
    }
}

fn over() -> Problem {
    Problem::new(StatusCode::GONE, "links.visit_over", "This visit is over.")
}

/// GET /track/{token}/events
///
/// # Errors
/// 401 for a bad link, 410 when it is over.
pub async fn tracking_events(
    house: web::Data<House>,
    live: web::Data<Live>,
    request: HttpRequest,
    token: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let link = link(&house, Audience::Track, &token).map_err(gone)?;
    let Tracking::Open { page, technician, .. } = tracking(&house, &link.subject).await? else {
        return Err(over());
    };
    let job = link.subject;
    let check = Some(while_valid(&house, Audience::Track, token.into_inner()));
    let mut topics: Vec<Arc<str>> = vec![format!("job:{job}").into()];
    let mine: Option<Arc<str>> = technician.as_ref().map(|id| format!("tech:{id}").into());
    topics.extend(mine);
    let about: [Arc<str>; 1] = [format!("job:{job}").into()];
    let model = RefCell::new(*page);
    narrow(
        &live,
        &request,
        topics,
        check,
        Box::new(move |frame| {
            // The technician's other events are none of this customer's business.
            if &*frame.kind != "tech.position" && !frame.is_about(&about) {
                return Told::Nothing;
            }
            let Ok(event) = serde_json::from_slice::<Value>(&frame.json) else {
                return Told::Nothing;
            };
            let mut page = model.borrow_mut();
            let data = event.get("data").unwrap_or(&Value::Null);
            let goes_on =
                names(data).is_none_or(|now| now == technician.as_ref().map(|id| id.as_str()));
            if !goes_on {
                page.position = None;
            }
            if !fold(&mut page, &job, &frame.kind, data) {
                return Told::Nothing;
            }
            let Ok(data) = serde_json::to_string(&*page) else { return Told::Nothing };
            let told = Bytes::from(format!("event: track\ndata: {data}\n\n"));
            // Somebody else comes, or nobody yet: this technician's places are not theirs to see any more.
            if goes_on { Told::Event(told) } else { Told::Last(told) }
        }),
    )
}

/// Who comes, by an event about a job: nobody yet is an answer too, saying nothing of it is none.
fn names(data: &Value) -> Option<Option<&str>> {
    let visit = data.get("job")?.get("visit")?;
    Some(visit.get("technician_id").and_then(Value::as_str))
}

/// POST /technicians/{id}/revoke-link: the technician's present links are worth nothing from now on.
///
/// # Errors
/// 404.
pub async fn revoke_technician_link(
    house: web::Data<House>,
    caller: crate::auth::Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut connection = house.read().await?;
    let known = crate::technicians::store::one(&mut connection, &id).await?;
    let who = known.ok_or_else(|| Problem::not_found("technician"))?.technician;
    drop(connection);
    let link = crate::notifications::wording::technician_link_id(&house.keys, who.id.as_str());
    let command = actors::auth::protocol::Command::RevokeLink { link: link.into() };
    let recorded = house.rooms.auth(command, Circumstances::by(caller.name)).await?;
    house.learn_keys(&recorded);
    Ok(HttpResponse::NoContent().finish())
}
