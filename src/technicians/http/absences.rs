//! Paths of time away: reported, moved, ended, and what it would free. What each frees goes to the pool at once; the plan with one
//! approval is `src/absences/`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::protocol::VisitStatus;
use actors::engine::shell::Circumstances;
use actors::ids::AbsenceId;
use actors::technicians::protocol::{Absence, Command, Span, TechnicianRefusal};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Asked, Create, listed_whole};
use crate::technicians::http::{conflicting, known};

/// A time away.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceInput {
    /// From.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Until.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What changes of an absence.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceChange {
    /// From; as it was where left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub start: Option<Timestamp>,
    /// Until; as it was where left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub end: Option<Timestamp>,
    /// Why; as it was where left out.
    #[serde(default)]
    pub reason: Option<String>,
    /// The version of the technician that was seen.
    #[serde(default)]
    pub version: Option<i64>,
}

/// POST /technicians/{id}/absences
///
/// # Errors
/// 404, 409 for overlapping absences, 422.
pub async fn absent(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Create<AbsenceInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let technician = known(&house, &id).await?.technician;
    let absence = Absence {
        id: AbsenceId::new(house.clock.now(), house.entropy()),
        start: input.start,
        end: input.end,
        reason: input::reason(input.reason, "/reason")?,
    };
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(name).with_inbox(inbox);
            let command = Command::ReportAbsence(absence.clone());
            house.rooms.technician(&technician.id, command, why).await?;
            Ok((StatusCode::CREATED, json!(absence)))
        }
    })
    .await
}

/// `?version=`
#[derive(Deserialize)]
pub struct PresentQuery {
    /// The version of the technician that was seen.
    version: Option<i64>,
}

/// DELETE /technicians/{id}/absences/{absence}
///
/// # Errors
/// 404, 409 for an old version.
pub async fn present(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<(String, String)>,
    query: Asked<PresentQuery>,
) -> Result<HttpResponse, Problem> {
    let (id, absence) = path.into_inner();
    let (held, version) = (known(&house, &id).await?, query.into_inner().version);
    let technician = held.technician;
    // Whoever saw another week hears that first, and not that what they saw is gone.
    if version.is_some_and(|version| version != held.version) {
        return conflicting(&house, crate::refusals::stale(), &technician.id).await;
    }
    let command = Command::EndAbsence { id: AbsenceId::from_text(&absence), version };
    let why = Circumstances::by(caller.name);
    match house.rooms.technician(&technician.id, command, why).await {
        Ok(_) => Ok(HttpResponse::NoContent().finish()),
        Err(error) => conflicting(&house, error, &technician.id).await,
    }
}

/// `?start=&end=` of an absence that somebody thinks of.
#[derive(Deserialize)]
pub struct AwayQuery {
    start: Timestamp,
    end: Timestamp,
}

/// GET /technicians/{id}/would-free
///
/// # Errors
/// 404, 422 for what is no span.
pub async fn would_free(
    house: web::Data<House>,
    id: web::Path<String>,
    query: Asked<AwayQuery>,
) -> Result<HttpResponse, Problem> {
    let span = Span { start: query.start, end: query.end };
    input::span(&span, "")?;
    let technician = known(&house, &id).await?.technician;
    let mut connection = house.read().await?;
    let open = crate::board::store::theirs(&mut connection, technician.id.as_str(), span).await?;
    let items: Vec<Value> = open
        .iter()
        .filter(|(visit, _)| visit.status == VisitStatus::Planned)
        .map(|(visit, job)| {
            json!({
                "visit_id": visit.id, "job_id": job.id, "title": job.title,
                "customer_name": job.customer_name, "start": visit.start, "end": visit.end,
            })
        })
        .collect();
    Ok(listed_whole(&items))
}

/// PATCH /technicians/{id}/absences/{absence}: what it hits by then goes to the pool at once.
///
/// # Errors
/// 404, 409 for an old version or overlapping absences, 422.
pub async fn change(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<(String, String)>,
    body: Body<AbsenceChange>,
) -> Result<HttpResponse, Problem> {
    let (id, absence) = path.into_inner();
    let held = known(&house, &id).await?;
    let (technician, input) = (held.technician, body.0);
    // Whoever saw another week hears that first, and not what stands in the way of an old one.
    if input.version.is_some_and(|version| version != held.version) {
        return conflicting(&house, crate::refusals::stale(), &technician.id).await;
    }
    let before = technician.absences.into_iter().find(|known| known.id.as_str() == absence);
    let before =
        before.ok_or_else(|| crate::refusals::refused(&TechnicianRefusal::NoSuchAbsence))?;
    let after = Absence {
        id: before.id,
        start: input.start.unwrap_or(before.start),
        end: input.end.unwrap_or(before.end),
        reason: match input.reason {
            Some(reason) => input::reason(Some(reason), "/reason")?,
            None => before.reason,
        },
    };
    let command = Command::ChangeAbsence { absence: after.clone(), version: input.version };
    let why = Circumstances::by(caller.name);
    match house.rooms.technician(&technician.id, command, why).await {
        Ok(_) => Ok(HttpResponse::Ok().json(after)),
        Err(error) => conflicting(&house, error, &technician.id).await,
    }
}
