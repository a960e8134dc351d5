//! Paths of held slots: kept for a while, seen, let go.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::crew::Crew;
use actors::board::holds::Hold;
use actors::board::protocol::{Command, Placement, Reasons};
use actors::engine::shell::Circumstances;
use actors::ids::{HoldId, VisitId};
use actors::jobs::protocol::Job;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::imagined::{ImaginedJob, imagined};
use crate::auth::Caller;
use crate::board::plan::{JobsWanted, Snapshot, day_of};
use crate::error::Problem;
use crate::house::House;
use crate::input::{Create, listed_whole};
use crate::jobs::http::standing;

/// A slot that is to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldInput {
    /// For a job there is.
    #[serde(default)]
    pub job_id: Option<String>,
    /// Or one there might be.
    #[serde(default)]
    pub job: Option<ImaginedJob>,
    /// Whose time.
    pub technician_id: String,
    /// From.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// For how long it is kept, 1 to 240; a quarter of an hour where left out.
    #[serde(default)]
    pub minutes: Option<i64>,
}

/// POST /dispatch/holds
///
/// # Errors
/// 404 for unknown things, 409 where the time is taken or held, 422 for a broken rule.
pub async fn hold(
    house: web::Data<House>,
    caller: Caller,
    body: Create<HoldInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let minutes = input.minutes.unwrap_or(15);
    if !(1..=240).contains(&minutes) {
        return Err(Problem::invalid("/minutes", "A slot is held for 1 to 240 minutes."));
    }
    if input.start < house.clock.now() {
        return Err(Problem::invalid("/start", "This lies in the past."));
    }
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let (job, version) = wanted(&house, &input).await?;
            let placement = placed(&house, &input, job, version).await?;
            let now = house.clock.now();
            let hold = Hold {
                id: HoldId::new(now, house.entropy()),
                job_id: input.job_id.is_some().then(|| placement.job.id.clone()),
                technician_id: placement.technician.id.clone(),
                start: input.start,
                end: input.start + SignedDuration::from_mins(placement.job.duration_min),
                until: now + SignedDuration::from_mins(minutes),
                by: name.to_string(),
                lat: placement.job.lat,
                lon: placement.job.lon,
            };
            let answer = json!(hold);
            let mark = inbox.map(|mark| mark.answering(201, answer.to_string()));
            let why = Circumstances::by(name).with_inbox(mark);
            let command = Command::Hold { hold: Box::new(hold), placement: Box::new(placement) };
            house.rooms.board(command, why).await?;
            Ok((StatusCode::CREATED, answer))
        }
    })
    .await
}

async fn wanted(house: &House, input: &HoldInput) -> Result<(Job, i64), Problem> {
    match (&input.job_id, &input.job) {
        (Some(id), None) => {
            let known = standing(house, id)
                .await
                .map_err(|problem| problem.pointer("/job_id", "There is no such job."))?;
            Ok((known.job, known.version))
        }
        (None, Some(job)) => Ok((imagined(house, job, "/job").await?, 0)),
        _ => Err(Problem::invalid("/job_id", "Give either job_id or job.")),
    }
}

async fn placed(
    house: &House,
    input: &HoldInput,
    job: Job,
    job_version: i64,
) -> Result<Placement, Problem> {
    let range = day_of(house, input.start.to_zoned(house.policy.zone.clone()).date())?;
    let who = Some(input.technician_id.as_str());
    let ids = [job.id.to_string()];
    let snapshot = Snapshot::take(house, range, who, JobsWanted::Ids(&ids)).await?;
    let over = snapshot.over(&job);
    let known = snapshot.technicians.first().ok_or_else(|| Problem::not_found("technician"))?;
    let id = known.technician.id.as_str();
    Ok(Placement {
        crew: Crew::default(),
        visit_id: VisitId::new(house.clock.now(), house.entropy()),
        job,
        job_version,
        technician: known.technician.clone(),
        technician_version: known.version,
        shifts: snapshot.shifts.get(id).cloned().unwrap_or_default(),
        start: input.start,
        travel_min: 0,
        pinned: false,
        overrides: Vec::new(),
        reasons: Reasons::default(),
        hold_id: None,
        breaks: None,
        over,
    })
}

/// GET /dispatch/holds
///
/// # Errors
/// When the database cannot be read.
pub async fn holds(house: web::Data<House>) -> Result<HttpResponse, Problem> {
    let mut connection = house.read().await?;
    let items = crate::board::store::holds(&mut connection).await?;
    Ok(listed_whole(&items))
}

/// DELETE /dispatch/holds/{id}
///
/// # Errors
/// 404 once it is over.
pub async fn release(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let command = Command::Release { hold_id: HoldId::from_text(&path.into_inner()) };
    house.rooms.board(command, Circumstances::by(caller.name)).await?;
    Ok(HttpResponse::NoContent().finish())
}
