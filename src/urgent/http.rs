//! Paths of an urgent job: three ways to let it in, and the one act that makes one of them real.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::protocol::{BoardRefusal, Reasons};
use actors::engine::shell::Circumstances;
use actors::jobs::protocol::JobStatus;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::plan::{Asked, UrgentWay, ways};
use crate::auth::Caller;
use crate::board::http::imagined::{ImaginedJob, imagined};
use crate::board::several::{ChangeInput, command};
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::Create;
use crate::jobs::http::standing;

/// A job that cannot wait.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UrgentInput {
    /// A job of the pool.
    #[serde(default)]
    pub job_id: Option<String>,
    /// Or one there might be.
    #[serde(default)]
    pub job: Option<ImaginedJob>,
}

/// Three ways to let it in; fewer where there are none.
#[derive(Debug, Serialize, ToSchema)]
pub struct UrgentAnswer {
    /// `fewest_broken`, `soonest`, `cheapest`.
    pub plans: Vec<UrgentWay>,
}

/// A way that was chosen, as it was shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UrgentApplyInput {
    /// Its `changes`.
    pub changes: Vec<ChangeInput>,
}

/// POST /dispatch/urgent: nothing is moved and nothing is sent.
///
/// # Errors
/// 404 for an unknown job, 409 for one that is not in the pool, 422 naming the field.
pub async fn urgent(
    house: web::Data<House>,
    body: Body<UrgentInput>,
) -> Result<HttpResponse, Problem> {
    let asked = match (&body.0.job_id, &body.0.job) {
        (Some(id), None) => {
            let known = standing(&house, id)
                .await
                .map_err(|problem| problem.pointer("/job_id", "There is no such job."))?;
            if known.status != JobStatus::Unassigned {
                return Err(crate::refusals::refused(&BoardRefusal::NotInPool));
            }
            Asked::Standing(Box::new(known))
        }
        (None, Some(job)) => Asked::Imagined(Box::new(imagined(&house, job, "/job").await?)),
        _ => return Err(Problem::invalid("/job_id", "Give either job_id or job.")),
    };
    let plans = ways(&house, &asked).await?;
    Ok(HttpResponse::Ok().json(UrgentAnswer { plans }))
}

/// POST /dispatch/urgent/apply: all of a plan or nothing, as one act.
///
/// # Errors
/// 404 for unknown things, 409 where the day has moved on, 422 for a broken rule.
pub async fn apply(
    house: web::Data<House>,
    caller: Caller,
    body: Create<UrgentApplyInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    if input.changes.is_empty() {
        return Err(Problem::invalid("/changes", "There is nothing to do."));
    }
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let why = Reasons {
                fr: vec![format!("Fait place à une urgence, choisi par {name}.")],
                en: vec![format!("Makes room for an urgent job, chosen by {name}.")],
            };
            let command = command(&house, &input.changes, &why).await?;
            let ids: Vec<&str> = input.changes.iter().map(|one| one.job_id.as_str()).collect();
            let answer = json!({ "applied": true, "job_ids": ids });
            let mark = inbox.map(|mark| mark.answering(200, answer.to_string()));
            house.rooms.board(command, Circumstances::by(name).with_inbox(mark)).await?;
            Ok((StatusCode::OK, answer))
        }
    })
    .await
}
