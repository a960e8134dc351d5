//! Paths of the dispatch board.

use std::collections::BTreeMap;

pub mod calendar;
pub mod holds;
pub mod imagined;
pub mod many;
pub mod offers;
pub mod optimise;
pub mod presence;
pub mod proposals;
pub mod rows;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::protocol::{Command, Placement};
use actors::engine::shell::Circumstances;
use actors::ids::JobId;
use actors::technicians::protocol::Span;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::board::assign::{Wish, assign as carry_out};
use crate::board::plan::{JobsWanted, Snapshot, day_of, today};
use crate::error::Problem;
use crate::house::House;
use crate::input::{Asked, Create, with_author};
use crate::jobs::http::standing;

/// `?date=&days=&at=`
#[derive(Deserialize)]
pub struct BoardQuery {
    date: Option<Date>,
    days: Option<i64>,
    at: Option<Timestamp>,
}

/// One assignment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignInput {
    /// Which job.
    pub job_id: String,
    /// Who.
    pub technician_id: String,
    /// Planned arrival.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub start: Option<Timestamp>,
    /// Without a start: behind the technician's last visit of this day.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub append_to: Option<Date>,
    /// The version of the job that was seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// A change-set's name; nobody is told before it is published.
    #[serde(default)]
    pub draft: Option<String>,
    /// Rules to override: `skill`, `shift`, `absence`.
    #[serde(default, rename = "override")]
    pub overrides: Vec<String>,
    /// A held slot that is meant for this.
    #[serde(default)]
    pub hold_id: Option<String>,
    /// Whether plans must leave it alone; true where left out, since a person chose. False for a visit that is put back
    /// as it was.
    #[serde(default)]
    pub pinned: Option<bool>,
}

/// Back into the pool.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnassignInput {
    /// Which job.
    pub job_id: String,
    /// The version of the job that was seen.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Drafts become promises.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishInput {
    /// Of which day.
    #[schema(value_type = String)]
    pub date: Date,
    /// For these technicians; all where left out.
    #[serde(default)]
    pub technician_ids: Option<Vec<String>>,
    /// Of this change-set; all where left out.
    #[serde(default)]
    pub draft: Option<String>,
}

/// GET /dispatch/board
///
/// # Errors
/// 422 for a bad day.
pub async fn board(
    house: web::Data<House>,
    query: Asked<BoardQuery>,
) -> Result<HttpResponse, Problem> {
    let days = days_asked(query.days)?;
    if let Some(at) = query.at {
        let board = crate::board::view::view_at(&house, at, query.date, days).await?;
        return Ok(HttpResponse::Ok().json(board));
    }
    let date = query.date.unwrap_or_else(|| today(&house));
    Ok(HttpResponse::Ok().json(crate::board::view::view(&house, date, days).await?))
}

fn days_asked(days: Option<i64>) -> Result<i64, Problem> {
    let days = days.unwrap_or(1);
    if !(1..=14).contains(&days) {
        return Err(Problem::invalid("/days", "A board shows 1 to 14 days."));
    }
    Ok(days)
}

/// Refuses rules that nobody may override.
fn check_overrides(overrides: &[String], parent: &str) -> Result<(), Problem> {
    let known = ["skill", "shift", "absence"];
    match overrides.iter().position(|rule| !known.contains(&rule.as_str())) {
        Some(at) => {
            let pointer = format!("{parent}/override/{at}");
            Err(Problem::invalid(pointer, "Rules to override: skill, shift, absence."))
        }
        None => Ok(()),
    }
}

/// POST /dispatch/assign
///
/// # Errors
/// 404, 409 for an old version or a taken time, 422 for a broken rule.
pub async fn assign(
    house: web::Data<House>,
    caller: Caller,
    body: Create<AssignInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    check_overrides(&input.overrides, "")?;
    let wish = Wish {
        job_id: input.job_id,
        technician_id: input.technician_id,
        start: input.start,
        append_to: input.append_to,
        version: input.version,
        draft: input.draft.filter(|draft| !draft.trim().is_empty()),
        overrides: input.overrides,
        hold_id: input.hold_id,
        pinned: input.pinned.unwrap_or(true),
    };
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(name).with_inbox(inbox);
            match carry_out(&house, &wish, why).await {
                Ok((job_id, heard)) => {
                    let mut job = shape(&house, &job_id).await?;
                    if let Some(fields) = job.as_object_mut() {
                        fields.insert("warnings".to_owned(), json!(heard));
                    }
                    Ok((StatusCode::OK, job))
                }
                Err(problem) if problem.status() == StatusCode::CONFLICT => {
                    Err(told(&house, &wish.job_id, wish.version, problem).await?)
                }
                Err(problem) => Err(problem),
            }
        }
    })
    .await
}

/// A conflict with the job as it is now, and who changed it since `seen`.
async fn told(
    house: &House,
    id: &str,
    seen: Option<i64>,
    problem: Problem,
) -> Result<Problem, Problem> {
    let now = standing(house, id).await?;
    let current = serde_json::to_value(now.shape()).map_err(|_| Problem::internal())?;
    let problem = problem.with("current", current);
    Ok(match seen {
        Some(seen) if seen != now.version => with_author(house, problem, now.version).await,
        _ => problem,
    })
}

async fn shape(house: &House, id: &str) -> Result<Value, Problem> {
    serde_json::to_value(standing(house, id).await?.shape()).map_err(|_| Problem::internal())
}

/// POST /dispatch/unassign
///
/// # Errors
/// 404, 409 for an old version, 422 when there is nothing to take off.
pub async fn unassign(
    house: web::Data<House>,
    caller: Caller,
    body: Create<UnassignInput>,
) -> Result<HttpResponse, Problem> {
    let (UnassignInput { job_id, version }, once) = body.split();
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let held =
                standing(&house, &job_id).await.map_err(|problem| match problem.status() {
                    StatusCode::NOT_FOUND => problem.pointer("/job_id", "There is no such job."),
                    _ => problem,
                })?;
            let id = held.job.id.to_string();
            if version.is_some_and(|version| version != held.version) {
                return Err(told(&house, &id, version, crate::refusals::stale()).await?);
            }
            let command = Command::Unassign { job: Box::new(held.job), job_version: version };
            let why = Circumstances::by(name).with_inbox(inbox);
            match house.rooms.board(command, why).await.map_err(Problem::from) {
                Ok(_) => Ok((StatusCode::OK, shape(&house, &id).await?)),
                Err(problem) if problem.status() == StatusCode::CONFLICT => {
                    Err(problem.with("current", shape(&house, &id).await?))
                }
                Err(problem) => Err(problem),
            }
        }
    })
    .await
}

/// POST /dispatch/publish
///
/// # Errors
/// 409 for a taken time, 422 when there is nothing to publish or a rule is broken meanwhile.
pub async fn publish(
    house: web::Data<House>,
    caller: Caller,
    body: Create<PublishInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let range = day_of(&house, input.date)?;
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let placements = drafted(&house, &input, range).await?;
            let jobs: Vec<JobId> =
                placements.iter().map(|placement| placement.job.id.clone()).collect();
            let mut by: BTreeMap<String, usize> = BTreeMap::new();
            for placement in &placements {
                *by.entry(placement.technician.id.to_string()).or_default() += 1;
            }
            let answer = json!({ "published": jobs, "technicians": by });
            let mark = inbox.map(|mark| mark.answering(200, answer.to_string()));
            let why = Circumstances::by(name).with_inbox(mark);
            house.rooms.board(Command::Publish { placements }, why).await?;
            Ok((StatusCode::OK, answer))
        }
    })
    .await
}

async fn drafted(
    house: &House,
    input: &PublishInput,
    range: Span,
) -> Result<Vec<Placement>, Problem> {
    let entries = {
        let mut connection = house.read().await?;
        crate::board::store::drafts(&mut connection, input.draft.as_deref()).await?
    };
    let wanted: Vec<_> = entries
        .into_iter()
        .filter(|entry| range.contains(entry.visit.start))
        .filter(|entry| {
            input
                .technician_ids
                .as_ref()
                .is_none_or(|ids| ids.iter().any(|id| id == entry.visit.technician_id.as_str()))
        })
        .collect();
    let ids: Vec<String> = wanted.iter().map(|entry| entry.visit.job_id.to_string()).collect();
    let long = Span { start: range.start - SignedDuration::from_hours(1), end: range.end };
    let snapshot = Snapshot::take(house, long, None, JobsWanted::Ids(&ids)).await?;
    let mut placements = Vec::with_capacity(wanted.len());
    for entry in wanted {
        let visit = &entry.visit;
        let job = snapshot.jobs.iter().find(|job| job.job.id == visit.job_id);
        let Some(job) = job else { continue };
        let placement = snapshot.placement(
            house,
            job,
            visit.technician_id.as_str(),
            visit.start,
            visit.travel_min,
            entry.reasons.clone(),
        );
        if let Some(mut placement) = placement {
            placement.visit_id = visit.id.clone();
            placement.pinned = visit.pinned;
            placement.overrides.clone_from(&visit.overrides);
            placements.push(placement);
        }
    }
    Ok(placements)
}
