//! Paths of a forked day: made, changed, compared, adopted as one act, or dropped with no trace.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::proposal::Change;
use actors::board::protocol::Reasons;
use actors::engine::shell::Circumstances;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::beforehand::refusal;
use super::fork::{Fork, ForkAbsence, ForkConflict, STEPS_MAX, forked};
use super::measure::{DayFigures, ForkRemoval, difference, figures};
use super::steps::{StepInput, step};
use super::store;
use crate::auth::Caller;
use crate::board::plan::{JobsWanted, Snapshot, day_of};
use crate::board::publishing::Why;
use crate::board::several::{ChangeInput, command};
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::Create;
use crate::notifications::draft::{Imagined, drafted};

/// A day that is to be forked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfInput {
    /// Which day.
    #[schema(value_type = String)]
    pub date: Date,
}

/// One more step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfStep {
    /// What to change.
    pub step: StepInput,
}

/// A forked day beside the living one.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIf {
    /// Its name.
    pub id: String,
    /// Which day.
    #[schema(value_type = String)]
    pub date: Date,
    /// The journal position of the living day it is compared with.
    pub seq: i64,
    /// Since when.
    #[schema(value_type = String)]
    pub made_at: Timestamp,
    /// Kinds of the steps, in order.
    pub steps: Vec<String>,
    /// Who is away by a step, and when.
    pub away: Vec<ForkAbsence>,
    /// The living day.
    pub before: DayFigures,
    /// The day as it would be.
    pub after: DayFigures,
    /// Customers who were told a time and would be served at another, or not.
    pub moved_customers: u64,
    /// Visits that would be planned or moved.
    pub changes: Vec<Change>,
    /// Visits that would be taken off.
    pub removed: Vec<ForkRemoval>,
    /// What the living day has overtaken.
    pub conflicts: Vec<ForkConflict>,
    /// Why the board would refuse an adoption as it is now, in the words in which it would.
    pub refusal: Option<Why>,
}

fn gone() -> Problem {
    crate::refusals::said(
        StatusCode::NOT_FOUND,
        "whatif.unknown",
        "Cet essai n'existe plus.",
        "This what-if no longer exists.",
    )
}

async fn mine(house: &House, caller: &Caller, id: &str) -> Result<Fork, Problem> {
    store::of(house, id, &caller.name).await?.ok_or_else(gone)
}

async fn day(house: &House, fork: &Fork) -> Result<Snapshot, Problem> {
    Snapshot::take(house, day_of(house, fork.date)?, None, JobsWanted::Day).await
}

/// The fork beside the living day, both as of now.
async fn beside(house: &House, fork: &Fork) -> Result<WhatIf, Problem> {
    let living = day(house, fork).await?;
    let over = forked(house, day(house, fork).await?, fork);
    let found = difference(house, &living, &over.snapshot);
    let mut answer = WhatIf {
        id: fork.id.clone(),
        date: fork.date,
        seq: living.seq,
        made_at: fork.made_at,
        steps: fork.steps.iter().map(|step| step.kind.to_string()).collect(),
        away: fork.away(),
        before: figures(house, &living),
        after: figures(house, &over.snapshot),
        moved_customers: found.moved_customers,
        changes: found.changes,
        removed: found.removed,
        conflicts: over.conflicts,
        refusal: None,
    };
    if answer.conflicts.is_empty() {
        answer.refusal = refusal(house, &changes(fork, &answer)).await?;
    }
    Ok(answer)
}

/// POST /dispatch/whatif
///
/// # Errors
/// 422 for a day the calendar does not hold.
pub async fn fork(
    house: web::Data<House>,
    caller: Caller,
    body: Body<WhatIfInput>,
) -> Result<HttpResponse, Problem> {
    let now = house.clock.now();
    let id = actors::ids::PlanId::new(now, house.entropy());
    let id = id.as_str().replacen(actors::ids::PlanId::PREFIX, "whatif", 1);
    let (date, owner) = (body.0.date, caller.name.clone());
    let fork = Fork { id, date, owner, made_at: now, steps: Vec::new() };
    let answer = beside(&house, &fork).await?;
    store::keep(&house, &fork).await?;
    Ok(HttpResponse::Created().json(answer))
}

/// GET /dispatch/whatif/{id}
///
/// # Errors
/// 404 once it is dropped, and for everybody else.
pub async fn one(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let fork = mine(&house, &caller, &path).await?;
    Ok(HttpResponse::Ok().json(beside(&house, &fork).await?))
}

/// POST /dispatch/whatif/{id}/steps
///
/// # Errors
/// 404 for unknown things, 409 and 422 for what the rules forbid on the forked day.
pub async fn take_step(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
    body: Body<WhatIfStep>,
) -> Result<HttpResponse, Problem> {
    let mut fork = mine(&house, &caller, &path).await?;
    if fork.steps.len() >= STEPS_MAX {
        return Err(Problem::invalid("/step", format!("{STEPS_MAX} steps at most.")));
    }
    let over = forked(&house, day(&house, &fork).await?, &fork);
    let step = step(&house, &fork, &over.snapshot, &body.0.step).await?;
    fork.steps.push(step);
    let answer = beside(&house, &fork).await?;
    store::keep(&house, &fork).await?;
    Ok(HttpResponse::Ok().json(answer))
}

/// DELETE /dispatch/whatif/{id}/steps: the last step is taken back.
///
/// # Errors
/// 404 once it is dropped.
pub async fn step_back(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut fork = mine(&house, &caller, &path).await?;
    fork.steps.pop();
    let answer = beside(&house, &fork).await?;
    store::keep(&house, &fork).await?;
    Ok(HttpResponse::Ok().json(answer))
}

/// GET /dispatch/whatif/{id}/texts: every text that an adoption would send, exactly as it would go out.
///
/// # Errors
/// 404 once it is dropped.
pub async fn texts(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let fork = mine(&house, &caller, &path).await?;
    let shown = beside(&house, &fork).await?;
    let over = forked(&house, day(&house, &fork).await?, &fork);
    let mut texts = Vec::new();
    for change in &shown.changes {
        let standing = over.snapshot.jobs.iter().find(|one| one.job.id == change.job_id);
        let visit = standing.and_then(|standing| standing.visit.clone());
        let known = over.snapshot.technician(change.technician_id.as_str());
        let (Some(visit), Some((known, _))) = (visit, known) else { continue };
        let imagined = Imagined { visit, technician: known.technician.clone() };
        texts.extend(drafted(&house, change.job_id.as_str(), Some(imagined)).await?);
    }
    for removed in &shown.removed {
        texts.extend(drafted(&house, &removed.job_id, None).await?);
    }
    Ok(HttpResponse::Ok().json(json!({ "items": texts, "next": null })))
}

/// POST /dispatch/whatif/{id}/adopt: all of it or nothing, as one act.
///
/// # Errors
/// 404 once it is dropped, 409 with what the living day has overtaken, 422 for a broken rule.
pub async fn adopt(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
    body: Create<Value>,
) -> Result<HttpResponse, Problem> {
    let (_, once) = body.split();
    let id = path.into_inner();
    once.answer(&house, &caller, |inbox| {
        let (house, caller) = (house.clone(), caller.clone());
        async move {
            let fork = mine(&house, &caller, &id).await?;
            let shown = beside(&house, &fork).await?;
            if !shown.conflicts.is_empty() {
                return Err(overtaken().with("conflicts", json!(shown.conflicts)));
            }
            let changes = changes(&fork, &shown);
            if changes.is_empty() {
                return Err(Problem::invalid("/steps", "There is nothing to adopt."));
            }
            let why = Reasons {
                fr: vec![format!("Adopté d'un essai de {}.", caller.name)],
                en: vec![format!("Adopted from a what-if of {}.", caller.name)],
            };
            let command = command(&house, &changes, &why).await?;
            let ids: Vec<&str> = changes.iter().map(|change| change.job_id.as_str()).collect();
            let answer = json!({ "adopted": true, "job_ids": ids });
            let mark = inbox.map(|mark| mark.answering(200, answer.to_string()));
            let by = Circumstances::by(caller.name.clone()).with_inbox(mark);
            house.rooms.board(command, by).await?;
            store::forget(&house, &id).await?;
            Ok((StatusCode::OK, answer))
        }
    })
    .await
}

fn overtaken() -> Problem {
    crate::refusals::said(
        StatusCode::CONFLICT,
        "whatif.overtaken",
        "La journée a changé depuis ; cet essai ne tient plus en entier. Rien n'a été fait.",
        "The day has changed since; this what-if no longer holds as a whole. Nothing was done.",
    )
}

/// What differs from the living day, by the versions that the fork put it by.
fn changes(fork: &Fork, shown: &WhatIf) -> Vec<ChangeInput> {
    let puts = fork.puts();
    let pinned = |job: &str| puts.get(job).is_some_and(|put| put.pinned);
    let version = |job: &str| puts.get(job).map_or(0, |put| put.version);
    let removed = shown.removed.iter().map(|one| ChangeInput {
        version: version(&one.job_id),
        job_id: one.job_id.clone(),
        technician_id: None,
        start: None,
        pinned: false,
    });
    let changed = shown.changes.iter().map(|one| ChangeInput {
        job_id: one.job_id.to_string(),
        version: version(one.job_id.as_str()),
        technician_id: Some(one.technician_id.to_string()),
        start: Some(one.start),
        pinned: pinned(one.job_id.as_str()),
    });
    removed.chain(changed).collect()
}

/// DELETE /dispatch/whatif/{id}: nothing of it remains.
///
/// # Errors
/// 404 once it is dropped.
pub async fn forget(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    mine(&house, &caller, &path).await?;
    store::forget(&house, &path).await?;
    Ok(HttpResponse::NoContent().finish())
}
