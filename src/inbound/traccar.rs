//! The position doors: phones that speak OsmAnd, a Traccar server that forwards, and one that we follow.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use actors::technicians::protocol::Position;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

use crate::error::{Problem, read_bytes};
use crate::house::House;
use crate::integrations::traccar::follow::{Follower, Health, Pace, follow};
use crate::integrations::traccar::rest::{Api, Proof};
use crate::integrations::traccar::{Fix, Unfit, forward, osmand, osmand_json};
use crate::technicians::trackers::Trackers;
use crate::telemetry::metrics::metrics;

/// Fixes of a followed server that may wait.
const FOLLOWED_MAX: usize = 1024;

fn position(fix: &Fix<'_>) -> Position {
    Position {
        at: fix.at,
        lat: fix.lat,
        lon: fix.lon,
        accuracy_m: fix.accuracy_m,
        speed_kmh: fix.speed_kmh,
        heading: fix.heading_deg,
    }
}

fn unfit(wrong: Unfit) -> Problem {
    metrics().positions("unfit");
    let detail = format!("{wrong}.");
    Problem::unreadable(detail.clone()).pointer(format!("/{}", wrong.field()), detail)
}

fn unknown(status: StatusCode, field: &str) -> Problem {
    let detail = "No technician bears this tracker.";
    Problem::new(status, "positions.unknown_tracker", detail).pointer(format!("/{field}"), detail)
}

fn is_json(request: &HttpRequest) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.trim_start().starts_with("application/json"))
}

/// GET and POST /traccar/osmand
///
/// # Errors
/// 400 for an unfit fix or an unknown tracker in either form, 404 while a secret is set.
pub async fn osmand(
    house: web::Data<House>,
    request: HttpRequest,
    body: Result<Bytes, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    if house.settings.osmand_secret.is_some() {
        return Err(Problem::not_found("path"));
    }
    take(&house, &request, &read_bytes(body)?)
}

/// GET and POST /traccar/osmand/{secret}
///
/// # Errors
/// 404 for a wrong secret, and as without one.
pub async fn osmand_secret(
    house: web::Data<House>,
    request: HttpRequest,
    secret: web::Path<String>,
    body: Result<Bytes, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    match &house.settings.osmand_secret {
        Some(known) if known.matches(&secret) => take(&house, &request, &read_bytes(body)?),
        _ => Err(Problem::not_found("path")),
    }
}

fn take(house: &House, request: &HttpRequest, body: &[u8]) -> Result<HttpResponse, Problem> {
    let now = house.clock.now();
    if is_json(request) {
        let fix = osmand_json::parse(body, now).map_err(unfit)?;
        return match house.trackers.take(&fix.tracker, position(&fix), fix.valid) {
            Ok(_) => Ok(HttpResponse::new(StatusCode::OK)),
            Err(_) => Err(unknown(StatusCode::BAD_REQUEST, "device_id")),
        };
    }
    let fix = osmand::parse(request.query_string().as_bytes(), body, now).map_err(unfit)?;
    match house.trackers.take(&fix.tracker, position(&fix), fix.valid) {
        Ok(_) => Ok(HttpResponse::new(StatusCode::OK)),
        Err(_) => Err(unknown(StatusCode::BAD_REQUEST, "id")),
    }
}

/// POST /traccar/positions
///
/// # Errors
/// 401 without the forwarding token, 400 for an unfit fix, 404 for an unknown device.
pub async fn forwarded(
    house: web::Data<House>,
    request: HttpRequest,
    body: Result<Bytes, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let given = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Bearer "));
    let known = house.settings.traccar.forward_token.as_ref();
    if !known.zip(given).is_some_and(|(known, given)| known.matches(given)) {
        return Err(Problem::unauthorized());
    }
    let body = read_bytes(body)?;
    let fix = forward::parse(&body, house.clock.now()).map_err(unfit)?.fix;
    match house.trackers.take(&fix.tracker, position(&fix), fix.valid) {
        Ok(_) => Ok(HttpResponse::new(StatusCode::OK)),
        Err(_) => Err(unknown(StatusCode::NOT_FOUND, "device/uniqueId")),
    }
}

/// Follows the Traccar server of the settings, if there is one.
pub fn start_following(house: &House) {
    let settings = &house.settings.traccar;
    let Some(url) = &settings.url else { return };
    let proof = match (&settings.token, &settings.basic) {
        (Some(token), _) => Proof::Token(token.expose().to_owned()),
        (None, Some((email, password))) => {
            Proof::Password { email: email.clone(), password: password.expose().to_owned() }
        }
        (None, None) => {
            tracing::error!("TOURNEE_TRACCAR_URL is set, but neither a token nor a password");
            return;
        }
    };
    crate::integrations::install_tls();
    let api = match Api::new(url, proof) {
        Ok(api) => api,
        Err(error) => {
            tracing::error!(%error, "traccar cannot be followed");
            return;
        }
    };
    let (fixes, taken) = mpsc::channel(FOLLOWED_MAX);
    let (health, _) = watch::channel(Health::Connecting);
    let clock = house.clock.clone();
    let follower = Follower {
        api,
        clock: Arc::new(move || clock.now()),
        fixes,
        health,
        newest: house.trackers.newest(),
        pace: Pace::default(),
        seed: house.entropy(),
    };
    actix_web::rt::spawn(follow(follower, house.stop.subscribe()));
    actix_web::rt::spawn(take_all(house.trackers.clone(), taken));
}

async fn take_all(trackers: Trackers, mut fixes: mpsc::Receiver<Fix<'static>>) {
    while let Some(fix) = fixes.recv().await {
        // A device that nobody bears is counted by the trackers and is otherwise nobody's business.
        let _ = trackers.take(&fix.tracker, position(&fix), fix.valid);
    }
}
