//! Paths of bundles: jobs that are one stop are bundled, changed, taken apart.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::bundles::{Bundle, Bundling, MEMBERS_MAX};
use actors::board::protocol::Command;
use actors::engine::shell::Circumstances;
use actors::ids::{BundleId, JobId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::bundles::store;
use crate::bundles::together;
use crate::edits::{edited, with_current};
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{Asked, Create, listed_whole};
use crate::kept::store::{Known, all};

/// Jobs to bundle.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BundleInput {
    /// 2 to 50 jobs, in the order of work.
    pub job_ids: Vec<String>,
}

/// `?version=`
#[derive(Deserialize)]
pub struct BundleQuery {
    version: Option<i64>,
}

async fn known(house: &House, id: &str) -> Result<Known<Bundle>, Problem> {
    let mut connection = house.read().await?;
    store::one(&mut connection, id).await?.ok_or_else(|| Problem::not_found("bundle"))
}

/// A bundle as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn shape(house: &House, id: &str) -> Result<Value, Problem> {
    Ok(json!(known(house, id).await?))
}

fn check(input: &BundleInput) -> Result<(), Problem> {
    if !(2..=MEMBERS_MAX).contains(&input.job_ids.len()) {
        let words = format!("A bundle has 2 to {MEMBERS_MAX} jobs.");
        return Err(Problem::invalid("/job_ids", words));
    }
    for (index, id) in input.job_ids.iter().enumerate() {
        if input.job_ids[..index].contains(id) {
            return Err(Problem::invalid(format!("/job_ids/{index}"), "Each job once."));
        }
    }
    Ok(())
}

/// POST /bundles
///
/// # Errors
/// 404 for an unknown job, 409 where one is bundled already or the stop has no room, 422 where one is too far or over.
pub async fn create(
    house: web::Data<House>,
    caller: Caller,
    body: Create<BundleInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    check(&input)?;
    let id = BundleId::new(house.clock.now(), house.entropy());
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let bundle = Bundle {
                id: id.clone(),
                job_ids: input.job_ids.iter().map(|id| JobId::from_text(id)).collect(),
                by: name.to_string(),
                made_at: house.clock.now(),
            };
            put(&house, bundle, None, Circumstances::by(name).with_inbox(inbox)).await?;
            Ok((StatusCode::CREATED, shape(&house, id.as_str()).await?))
        }
    })
    .await
}

/// Asks the board for a bundle; its visits come together, where any of its jobs has one.
async fn put(
    house: &House,
    mut bundle: Bundle,
    version: Option<i64>,
    why: Circumstances,
) -> Result<(), Problem> {
    let jobs = together::open(house, &bundle.job_ids).await?;
    // Whatever they were called by, they are known by their own ids.
    bundle.job_ids = jobs.iter().map(|standing| standing.job.id.clone()).collect();
    let placements = together::gathered(house, &jobs).await?;
    let jobs = jobs.into_iter().map(|one| (Box::new(one.job), one.version)).collect();
    let asked = Bundling { bundle, jobs, placements, version };
    house.rooms.board(Command::Bundle(Box::new(asked)), why).await?;
    Ok(())
}

/// GET /bundles
///
/// # Errors
/// Faults only.
pub async fn list(house: web::Data<House>) -> Result<HttpResponse, Problem> {
    Ok(listed_whole(&all::<Bundle>(&mut *house.read().await?).await?))
}

/// GET /bundles/{id}
///
/// # Errors
/// 404.
pub async fn one(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(known(&house, &id).await?))
}

/// PATCH /bundles/{id}
///
/// # Errors
/// As for a new one; 409 for an old version.
pub async fn edit(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let held = known(&house, &id).await?;
    let ids = held.thing.job_ids.iter().map(JobId::to_string).collect();
    let (input, version) = edited(&BundleInput { job_ids: ids }, body.0)?;
    check(&input)?;
    let job_ids = input.job_ids.iter().map(|id| JobId::from_text(id)).collect();
    let bundle = Bundle { job_ids, ..held.thing };
    let version = Some(version.unwrap_or(held.version));
    let done = put(&house, bundle, version, Circumstances::by(caller.name)).await;
    match done {
        Ok(()) => Ok(HttpResponse::Ok().json(shape(&house, &id).await?)),
        Err(problem) if problem.is_stale() => {
            let now = known(&house, &id).await?;
            Err(with_current(&house, problem, &now, now.version).await)
        }
        Err(problem) => Err(problem),
    }
}

/// DELETE /bundles/{id}
///
/// # Errors
/// 404, 409 for an old version.
pub async fn unbundle(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    query: Asked<BundleQuery>,
) -> Result<HttpResponse, Problem> {
    let held = known(&house, &id).await?;
    let version = query.into_inner().version;
    let command = Command::Unbundle { id: held.thing.id, version };
    house.rooms.board(command, Circumstances::by(caller.name)).await?;
    Ok(HttpResponse::NoContent().finish())
}
