//! Paths for those who run the house: is it alive, is it ready, what does it count; and the screens' settings.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::error::Problem;
use crate::house::House;
use crate::telemetry::metrics::metrics;

/// GET /health
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// GET /ready: the database answers, and the journal takes commits.
///
/// # Errors
/// 503 otherwise.
pub async fn ready(house: web::Data<House>) -> Result<HttpResponse, Problem> {
    if *house.stop.borrow() {
        return Err(Problem::overloaded());
    }
    let mut moment = house.moment().await?;
    let seq = crate::shelves::position(&mut moment).await?;
    drop(moment);
    house.journal.side(Box::new(|_, _| Box::pin(std::future::ready(Ok(()))))).await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready", "seq": seq })))
}

/// GET /metrics
///
/// # Errors
/// 500 when the figures cannot be written.
pub async fn figures(house: web::Data<House>) -> Result<HttpResponse, Problem> {
    for (room, awake) in house.rooms.awake() {
        metrics().awake(room.name(), i64::try_from(awake).unwrap_or(i64::MAX));
    }
    let quarantines = i64::try_from(house.rooms.quarantines()).unwrap_or(i64::MAX);
    metrics().quarantined("all", quarantines);
    let progress = *house.relay.borrow();
    metrics().relay(house.head() - progress.heard, i64::try_from(progress.pending).unwrap_or(0));
    let body = metrics().render().map_err(|_| Problem::internal())?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(body))
}

/// GET /ops/config
pub async fn config(house: web::Data<House>) -> HttpResponse {
    let settings = &house.settings;
    HttpResponse::Ok().json(json!({
        "company": settings.company,
        "language": house.policy.language,
        "timezone": settings.timezone.name,
        "headquarters": { "lat": settings.headquarters.lat, "lon": settings.headquarters.lon },
        "outbound": settings.outbound,
        "undo_seconds": settings.undo_s,
        "map_style_url": settings.map_style_url,
        "addresses_elsewhere": settings.nominatim_url.is_some(),
        "now": house.clock.now(),
        "speed": house.clock.speed(),
        "version": env!("CARGO_PKG_VERSION"),
    }))
}

/// GET /
pub async fn root() -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("location", "/ops/")).finish()
}
